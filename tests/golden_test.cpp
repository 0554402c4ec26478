// Programs that say themselves what comes of them. Every .lxm of tests/golden and samples carries,
// in `//` comments, the options of a run and what is expected of it. A program of which only errors
// and warnings are expected is checked and not run.
//
// clang-format off
//   run: --set D.f=3 --send 'D M(a: 1)'  options as a shell reads them, in the folder of the file;
//                                        after an expectation, another run of the same program
//   expect: converged 3 cycles 3 ticks   the outcome; counts (messages and dead letters, too) as given
//   expect: D[7].field = 3               a value, as JSON has it
//   expect: goal D.G waiting             and: D[7] faulted · mailbox D 2 · no D[7]
//   expect: fault F002 D cycle 4         no other fault may come
//   expect: effect Infra.Create 1        how many; or, in braces, the arguments of one of them
//   expect: error E203 3:9               no other error may come; 0 is any line or column
//   expect: warning W502 2:3             others may come; and: no warning W502
// clang-format on
#include <algorithm>
#include <cstring>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden_lxm.h"

namespace lexum::golden {
namespace {

using nlohmann::json;

struct Trial {
  std::string options;
  std::vector<std::string> expectations;
};

bool begins(const std::string& text, const std::string& prefix) { return text.starts_with(prefix); }

std::vector<Trial> trials_of(const fs::path& file) {
  std::vector<Trial> trials(1);
  std::istringstream in(text_of(file));
  for (std::string line; std::getline(in, line);) {
    const size_t comment = line.find("// ");
    if (comment == std::string::npos) continue;
    const std::string text = line.substr(comment + 3);
    if (begins(text, "run:")) {
      if (!trials.back().expectations.empty()) trials.emplace_back();
      trials.back().options += text.substr(4);
    } else if (begins(text, "expect: ")) {
      trials.back().expectations.push_back(text.substr(8));
    }
  }
  return trials;
}

// Whether the program need only be checked: nothing is said of a run.
bool is_check(const Trial& trial) {
  return std::ranges::all_of(trial.expectations, [](const std::string& e) {
    return begins(e, "error E") || begins(e, "error A") || begins(e, "warning ") ||
           begins(e, "no warning ");
  });
}

// ---------------------------------------------------------------------------------- what is said
// of a run

const std::vector<std::pair<std::string, int>> kOutcomes = {
    {"converged", 0}, {"error", 1},       {"waiting", 2}, {"faulted", 3},
    {"halted", 3},    {"oscillating", 4}, {"limit", 5}};

std::string name_of(const json& owner) {
  const json& key = owner.at("key");
  return owner.at("domain").get<std::string>() + (key.is_null() ? "" : "[" + key.dump() + "]");
}

const json* find_instance(const json& report, const std::string& name) {
  for (const json& instance : report.at("instances")) {
    if (name_of(instance) == name) return &instance;
  }
  return nullptr;
}

// "D[7].rest" as {"D[7]", "rest"}.
std::pair<std::string, std::string> split_member(const std::string& text) {
  const size_t bracket = text.find("].");
  const size_t dot = bracket == std::string::npos ? text.find('.') : bracket + 1;
  return {text.substr(0, dot), text.substr(dot + 1)};
}

// "a b c" as {"a b", "c"}.
std::pair<std::string, std::string> split_last(const std::string& text) {
  const size_t blank = text.rfind(' ');
  return {text.substr(0, blank), text.substr(blank + 1)};
}

// Each judge returns "" if the expectation is met, and otherwise what came instead.

std::string judge_outcome(const json& report, const std::string& expected) {
  std::istringstream words(expected);
  std::string outcome;
  words >> outcome;
  if (report.at("outcome") != outcome) return "outcome " + report.at("outcome").dump();
  std::string wrong;
  for (uint64_t wanted; words >> wanted;) {
    std::string what;
    words >> what;
    if (what == "dead") words >> what;
    const json came = what == "letters" ? json(report.at("dead_letters").size()) : report.at(what);
    if (came != wanted) wrong += came.dump() + " " + what + " ";
  }
  return wrong;
}

std::string judge_value(const json& report, const std::string& expected) {
  const size_t equals = expected.find(" = ");
  const auto [name, field] = split_member(expected.substr(0, equals));
  const json* instance = find_instance(report, name);
  if (instance == nullptr) return "no such instance";
  const json& state = instance->at("state");
  if (!state.contains(field)) return "no such field";
  const json wanted = json::parse(expected.substr(equals + 3));
  return state.at(field) == wanted ? "" : state.at(field).dump();
}

std::string judge_goal(const json& report, const std::string& expected) {
  const auto [goal, status] = split_last(expected);
  const auto [owner, name] = split_member(goal);
  const json* instance = find_instance(report, owner);
  if (instance == nullptr) return "no such instance";
  for (const json& candidate : instance->at("goals")) {
    if (candidate.at("name") == name) {
      return candidate.at("status") == status ? "" : candidate.at("status").dump();
    }
  }
  return "goals " + instance->at("goals").dump();
}

std::string judge_instance(const json& report, const std::string& name, const std::string& member,
                           const json& wanted) {
  const json* instance = find_instance(report, name);
  if (instance == nullptr) return "no such instance";
  return instance->at(member) == wanted ? "" : instance->at(member).dump();
}

std::string judge_fault(const json& report, const std::string& expected) {
  std::string code, name, cycle_word;
  uint64_t cycle = 0;
  std::istringstream(expected) >> code >> name >> cycle_word >> cycle;
  for (const json& fault : report.at("faults")) {
    if (fault.at("code") != code || name_of(fault) != name) continue;
    if (cycle_word.empty() || fault.at("cycle") == cycle) return "";
  }
  return "faults " + report.at("faults").dump();
}

std::string judge_effect(const json& report, const std::string& expected) {
  const size_t blank = expected.find(' ');
  const std::string name = expected.substr(0, blank);
  const json wanted = json::parse(expected.substr(blank + 1));
  uint64_t count = 0;
  bool same_arguments = false;
  for (const json& effect : report.at("effects")) {
    const std::string adapter = effect.at("adapter");
    if (adapter + "." + effect.at("operation").get<std::string>() != name) continue;
    ++count;
    same_arguments |= effect.at("args") == wanted;
  }
  if (wanted.is_number() ? wanted == count : same_arguments) return "";
  return "effects " + report.at("effects").dump();
}

bool is_at(const json& diagnostic, const std::string& severity, const std::string& expected) {
  std::string code;
  int line = 0, column = 0;
  char colon = ':';
  std::istringstream(expected) >> code >> line >> colon >> column;
  return diagnostic.at("severity") == severity && diagnostic.at("code") == code &&
         (line == 0 || diagnostic.at("line") == line) &&
         (column == 0 || diagnostic.at("column") == column);
}

std::string judge_diagnostic(const json& report, const std::string& severity,
                             const std::string& expected) {
  const json& all = report.at("diagnostics");
  const bool there = std::ranges::any_of(
      all, [&](const json& diagnostic) { return is_at(diagnostic, severity, expected); });
  return there ? "" : "diagnostics " + all.dump();
}

std::string judge(const json& report, const std::string& expected) {
  const auto rest = [&](const char* prefix) { return expected.substr(strlen(prefix)); };
  if (begins(expected, "goal ")) return judge_goal(report, rest("goal "));
  if (begins(expected, "fault ")) return judge_fault(report, rest("fault "));
  if (begins(expected, "effect ")) return judge_effect(report, rest("effect "));
  if (begins(expected, "error ")) return judge_diagnostic(report, "error", rest("error "));
  if (begins(expected, "warning ")) return judge_diagnostic(report, "warning", rest("warning "));
  if (begins(expected, "no warning ")) {
    const bool absent = !judge_diagnostic(report, "warning", rest("no warning ")).empty();
    return absent ? "" : "the warning came";
  }
  if (begins(expected, "no ")) {
    return find_instance(report, rest("no ")) == nullptr ? "" : "it is there";
  }
  const auto [before, last] = split_last(expected);
  if (begins(expected, "mailbox ")) {
    return judge_instance(report, before.substr(strlen("mailbox ")), "mailbox", json::parse(last));
  }
  if (expected.find(" = ") != std::string::npos) return judge_value(report, expected);
  for (const auto& [outcome, status] : kOutcomes) {
    if (begins(expected + " ", outcome + " ")) return judge_outcome(report, expected);
  }
  return judge_instance(report, before, "status", last);
}

// What came and nobody expected: errors and faults.
std::string unexpected(const json& report, const Trial& trial) {
  std::string found;
  const auto expected = [&](const std::string& kind, const auto& meets) {
    return std::ranges::any_of(trial.expectations, [&](const std::string& e) {
      return begins(e, kind) && meets(e.substr(kind.size()));
    });
  };
  for (const json& diagnostic : report.at("diagnostics")) {
    if (diagnostic.at("severity") != "error" || report.at("outcome") != "error") continue;
    const auto meets = [&](const std::string& e) { return is_at(diagnostic, "error", e); };
    if (!expected("error ", meets)) found += diagnostic.dump() + " ";
  }
  const auto faults = std::ranges::count_if(
      trial.expectations, [](const std::string& e) { return begins(e, "fault "); });
  const json& came = report.value("faults", json::array());
  if (came.size() != static_cast<size_t>(faults)) found += "faults " + came.dump();
  return found;
}

int status_wanted(const Trial& trial) {
  for (const std::string& e : trial.expectations) {
    if (begins(e, "error ")) return 1;
    for (const auto& [outcome, status] : kOutcomes) {
      if (begins(e + " ", outcome + " ")) return status;
    }
  }
  return 0;
}

void compare(const Answer& answer, const Trial& trial) {
  json report = json::parse(answer.text, nullptr, false);
  ASSERT_FALSE(report.is_discarded()) << "this is not JSON: " << answer.text;
  if (!report.contains("outcome")) report["outcome"] = answer.status == 1 ? "error" : "checked";
  for (const std::string& expected : trial.expectations) {
    const std::string came = judge(report, expected);
    EXPECT_EQ(came, "") << "expected: " << expected << "\n    came: " << came;
  }
  EXPECT_EQ(unexpected(report, trial), "") << "nobody expected this";
  EXPECT_EQ(answer.status, status_wanted(trial)) << "the exit status";
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  std::string name =
      info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::ranges::replace_if(
      name, [](char c) { return !isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

// -----------------------------------------------------------------------------------------------
// the tests

class Golden : public testing::TestWithParam<fs::path> {};

void expect_what_it_says(const fs::path& file) {
  for (const Trial& trial : trials_of(file)) {
    SCOPED_TRACE(file.string() + trial.options);
    ASSERT_FALSE(trial.expectations.empty()) << "it expects nothing";
    const std::string words = is_check(trial) ? "check --json " : "run --json ";
    const std::string name = "'" + file.filename().string() + "'";
    compare(lxm(file.parent_path(), words + name + trial.options), trial);
  }
}

TEST_P(Golden, DoesWhatItSays) { expect_what_it_says(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Programs, Golden,
                         testing::ValuesIn(programs_in(LEXUM_SOURCE_DIR "/tests/golden")),
                         test_name);

// The examples of the language reference are goldens, too.
TEST(Reference, DoesWhatItSays) {
  const std::string page = text_of(LEXUM_SOURCE_DIR "/core/check/LANGUAGE.md");
  const std::string fence = "```lxm\n";
  const fs::path file = fs::path(testing::TempDir()) / "reference.lxm";
  size_t examples = 0;
  for (size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    SCOPED_TRACE("LANGUAGE.md:" + std::to_string(std::count(&page[0], &page[at], '\n') + 1));
    std::ofstream(file) << page.substr(at, page.find("```", at) - at);
    expect_what_it_says(file);
    ++examples;
  }
  EXPECT_GT(examples, 20U);
  fs::remove(file);
}

// Recorded or not, on one thread or two, run again from its record, or stopped on the way and gone
// on with: always the same run.
void expect_the_same_run(const fs::path& file) {
  const std::string beside = testing::TempDir() + file.stem().string();
  const fs::path trace = beside + ".lxtrace";
  const fs::path folder = beside + ".data";
  for (const Trial& trial : trials_of(file)) {
    SCOPED_TRACE(file.string() + trial.options);
    const std::string words = "run --json '" + file.string() + "'" + trial.options;
    const Answer straight = lxm(file.parent_path(), words);
    compare(straight, trial);
    const json hash = json::parse(straight.text).at("run_hash");
    const std::string to_trace = " --trace '" + trace.string() + "'";
    for (const std::string& more :
         {std::string(" --threads 2"), to_trace, to_trace + " --threads 2"}) {
      fs::remove(trace);
      const Answer again = lxm(file.parent_path(), words + more);
      EXPECT_EQ(again.status, straight.status) << more;
      EXPECT_EQ(json::parse(again.text).at("run_hash"), hash) << more;
    }
    EXPECT_EQ(lxm(file.parent_path(), "replay '" + trace.string() + "'").status, 0);
    fs::remove(trace);
    const std::string in_folder = words + " 2>/dev/null --data '" + folder.string() + "'";
    for (const char* most : {"1", "2", "4", "100000"}) {
      const Answer part = lxm(file.parent_path(), in_folder + " --max-cycles " + most);
      if (part.status == 5) continue;
      EXPECT_EQ(part.status, straight.status) << most;
      EXPECT_EQ(json::parse(part.text).at("run_hash"), hash) << most;
    }
    fs::remove_all(folder);
  }
}

class Sample : public testing::TestWithParam<fs::path> {};
TEST_P(Sample, IsTheSameRunHoweverItIsRun) { expect_the_same_run(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Programs, Sample,
                         testing::ValuesIn(programs_in(LEXUM_SOURCE_DIR "/samples")), test_name);
INSTANTIATE_TEST_SUITE_P(Operators, Sample,
                         testing::ValuesIn(programs_in(LEXUM_SOURCE_DIR "/tests/golden/operators")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Timers, Sample,
                         testing::ValuesIn(programs_in(LEXUM_SOURCE_DIR "/tests/golden/timers")),
                         test_name);

// A sample nobody lists is a sample nobody reads.
TEST(Samples, AreListedInReadingOrder) {
  const std::string readme = text_of(LEXUM_SOURCE_DIR "/samples/README.md");
  size_t last = 0;
  for (const fs::path& file : programs_in(LEXUM_SOURCE_DIR "/samples")) {
    const size_t place = readme.find("- `" + file.filename().string() + "`: ");
    ASSERT_NE(place, std::string::npos) << file;
    EXPECT_GT(place, last) << file;
    last = place;
  }
}

}  // namespace
}  // namespace lexum::golden
