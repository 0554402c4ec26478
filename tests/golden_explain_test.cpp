// What `lxm explain` tells is true: every code has a title and a story, its example shows it, and
// the mended example does not. And every code has a golden program.
#include <set>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "golden_lxm.h"

namespace lexum::golden {
namespace {

using nlohmann::json;

const fs::path kHere = LEXUM_SOURCE_DIR;

// Ids, in the order of the table.
std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  std::istringstream lines(lxm(kHere, "explain").text);
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    ids.push_back(line.substr(0, line.find(' ')));
  }
  return ids;
}

// The example behind a story, without its margin; "" if there is none.
std::string example_of(const std::string& story) {
  const std::string before = "\nFor example:\n\n";
  const size_t at = story.find(before);
  if (at == std::string::npos) return "";
  std::istringstream lines(story.substr(at + before.size()));
  std::string example;
  for (std::string line; std::getline(lines, line);) {
    example += (line.size() > 2 ? line.substr(2) : "") + "\n";
  }
  return example;
}

// The codes of everything that is said about a program and its run.
std::set<std::string> codes_of(const std::string& program) {
  const fs::path file = fs::path(testing::TempDir()) / "explained.lxm";
  std::ofstream(file) << program;
  const Answer answer = lxm(kHere, "run --json '" + file.string() + "'");
  fs::remove(file);
  const json report = json::parse(answer.text, nullptr, false);
  if (report.is_discarded()) return {"no JSON"};
  std::set<std::string> codes;
  for (const char* list : {"diagnostics", "faults"}) {
    for (const json& entry : report.at(list)) codes.insert(entry.at("code"));
  }
  return codes;
}

TEST(Explain, TellsAStoryOfEveryCode) {
  EXPECT_GT(all_ids().size(), 60U);
  for (const std::string& id : all_ids()) {
    const Answer answer = lxm(kHere, "explain " + id);
    EXPECT_EQ(answer.status, 0) << id;
    EXPECT_TRUE(answer.text.starts_with(id + ": ")) << answer.text;
    EXPECT_GT(answer.text.size(), 60U) << id;
  }
}

TEST(Explain, ShowsEachCodeAndHowItIsMended) {
  const std::string mended = "// mended:\n";
  for (const std::string& id : all_ids()) {
    const std::string example = example_of(lxm(kHere, "explain " + id).text);
    if (example.empty()) continue;
    const size_t cut = example.find(mended);
    const std::set<std::string> shown = codes_of(example.substr(0, cut));
    EXPECT_TRUE(shown.contains(id)) << id << "\n" << example << json(shown);
    if (cut == std::string::npos) continue;
    const std::set<std::string> left = codes_of(example.substr(cut + mended.size()));
    for (const std::string& code : left) {
      EXPECT_EQ(code[0], 'W') << "the mended example of " << id << " has " << code;
      EXPECT_NE(code, id) << example;
    }
  }
}

TEST(Explain, EveryCodeHasAGolden) {
  std::string goldens;
  for (const fs::path& file : programs_in(kHere / "tests/golden")) goldens += text_of(file);
  for (const std::string& id : all_ids()) {
    if (id == "F004" || id == "E005") continue;  // the reserved one, and the outcome `oscillating`
    const bool there = goldens.find("error " + id) != std::string::npos ||
                       goldens.find("warning " + id) != std::string::npos ||
                       goldens.find("fault " + id) != std::string::npos;
    EXPECT_TRUE(there) << "no golden expects " << id;
  }
}

}  // namespace
}  // namespace lexum::golden
