// What is said to a run in a data folder, whether `lxm run --data DIR --serve` keeps it going or
// nobody does: `lxm send`, `revive`, `crash`, `set`, `letters`, `redeliver`; and `lxm status` about
// it.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/durable.h"
#include "machine/inputs.h"
#include "machine/past.h"
#include "repl/command_line.h"
#include "repl/folder.h"
#include "repl/json.h"
#include "repl/socket.h"
#include "repl/sources.h"
#include "repl/terminal.h"

namespace lexum {

namespace {

int fail(const Error& error) {
  complain("lxm: " + error.what);
  return exit_status_of(error);
}

int fail_as(const std::string& answer) {
  if (answer == "full")
    return fail({.code = ErrorCode::kFull, .what = "too many wait; send it again"});
  const bool error = answer.starts_with("error ");
  return fail({.code = ErrorCode::kMismatch, .what = error ? answer.substr(6) : answer});
}

// Into the journal of a run that nobody keeps going. It is taken up when somebody does.
int leave(const std::string& folder, const std::vector<std::string>& lines) {
  Result<std::unique_ptr<DurableRun>> run = DurableRun::go_on(disk(), folder, {});
  if (!run) return fail(run.error());
  const Program& program = (*run)->machine().world().program();
  std::vector<InputImage> inputs;
  for (const std::string& line : lines) {
    Result<InputImage> input = read_any(program, line);
    if (!input) return fail(input.error());
    inputs.push_back(std::move(*input));
  }
  const uint64_t first = (*run)->accepted() + 1;
  if (Status accepted = (*run)->accept(std::move(inputs)); !accepted) return fail(accepted.error());
  Output out;
  for (size_t i = 0; i < lines.size(); ++i) {
    out.write(
        fmt::format("durable, as input {}; nobody runs {}, and it arrives when somebody "
                    "does\n",
                    first + i, folder));
  }
  return out.finish(kExitDone);
}

// Gives a run inputs, whether somebody keeps it going or not.
int tell(const std::string& folder, const std::vector<std::string>& lines) {
  Output out;
  for (const std::string& line : lines) {
    const Result<std::string> answer = ask_socket(socket_in(folder), line);
    if (!answer && answer.error().code == ErrorCode::kNotFound && &line == &lines.front())
      return leave(folder, lines);
    out.flush();
    if (!answer) return fail(answer.error());
    if (!answer->starts_with("ok ")) return fail_as(*answer);
    out.write("durable, as input " + answer->substr(3) + "\n");
  }
  return out.finish(kExitDone);
}

// Of a run that nobody keeps going, what it comes to is found out beside it; and since it has been
// seen then, whatever comes later comes after it.
Result<std::string> letters_beside(const std::string& folder) {
  Result<Past> past = read_past(disk(), folder);
  if (!past) return past.error();
  const Result<std::unique_ptr<Machine>> now = relive(std::move(*past), {});
  if (!now) return now.error();
  const World& world = (*now)->world();
  const Result<std::unique_ptr<DurableRun>> run = DurableRun::go_on(disk(), folder, {});
  // Somebody may be running it, or may only let it be looked at: then nothing comes, either.
  if (run) {
    if (Status shown = (*run)->show(world.tick_now()); !shown) return shown.error();
  } else if (run.error().code != ErrorCode::kInUse && run.error().code != ErrorCode::kDenied) {
    return run.error();
  }
  return json_letters(world);
}

Result<Json> letters_of(const std::string& folder) {
  Result<std::string> text = ask_socket(socket_in(folder), "letters");
  if (!text && text.error().code == ErrorCode::kNotFound) text = letters_beside(folder);
  if (!text) return text.error();
  Json letters = Json::parse(*text, nullptr, false);
  if (letters.is_array()) return letters;
  return Error{.code = ErrorCode::kIo, .what = "it said: " + *text};
}

// What an operator does, as a line of --input.
int tell(const std::string& folder, const Json& act) {
  try {
    return tell(folder, std::vector<std::string>{act.dump()});
  } catch (const Json::type_error&) {
    return fail({.code = ErrorCode::kMismatch, .what = "what was typed is not UTF-8"});
  }
}

// The letters of these numbers, or of all that are there; each of them is there.
Result<std::vector<uint64_t>> chosen(const Json& letters, const std::vector<std::string>& numbers,
                                     const std::string& folder) {
  const auto wrong = [&](const std::string& what) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("{}; `lxm letters {}` lists them", what, folder)};
  };
  std::vector<uint64_t> there;
  for (const Json& letter : letters) there.push_back(letter["number"].get<uint64_t>());
  if (numbers == std::vector<std::string>{"all"}) return there;
  std::vector<uint64_t> picked;
  for (const std::string& text : numbers) {
    uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (text == "all") return wrong("`all` stands alone");
    if (error != std::errc() || stopped != end)
      return wrong("`" + text + "` is no number of a dead letter");
    if (std::ranges::find(there, number) == there.end())
      return wrong(fmt::format("no dead letter {} is left", number));
    if (std::ranges::find(picked, number) == picked.end()) picked.push_back(number);
  }
  return picked;
}

}  // namespace

int send_command(Words words) {
  std::string folder;
  std::string message;
  CommandLine options("send");
  options.word("DIR", folder, "The data folder of a run");
  options.word("'D[7] M(a: 1)'", message,
               "What is sent; Event::E broadcasts; or a JSON object, as a line of --input");
  if (const auto status = options.parse(words)) return *status;
  return tell(folder, std::vector<std::string>{message});
}

int revive_command(Words words) {
  std::string folder;
  std::string whom;
  std::string how = "retry";
  CommandLine options("revive");
  options.word("DIR", folder, "The data folder of a run");
  options.word("D[7]", whom, "Who is FAULTED");
  options.optional_word("HOW", how,
                        "What becomes of the work that did it. retry: it is done again; drop: its "
                        "message goes to the dead letters; rollback: and what its earlier slices "
                        "changed is undone as well; return: one that was killed comes back as it "
                        "was");
  if (const auto status = options.parse(words)) return *status;
  return tell(folder, Json{{"revive", whom}, {"how", how}});
}

int crash_command(Words words) {
  std::string folder;
  std::string whom;
  CommandLine options("crash");
  options.word("DIR", folder, "The data folder of a run");
  options.word("D[7]", whom, "Who is killed, and restored from the folder while the others go on");
  if (const auto status = options.parse(words)) return *status;
  return tell(folder, Json{{"crash", whom}});
}

int set_command(Words words) {
  std::string folder;
  std::string setting;
  CommandLine options("set");
  options.word("DIR", folder, "The data folder of a run");
  options.word("D.field=VALUE", setting,
               "Which field becomes what, now; 'D[7].field=VALUE' of one key");
  if (const auto status = options.parse(words)) return *status;
  return tell(folder, Json{{"set", setting}});
}

int letters_command(Words words) {
  std::string folder;
  bool json = false;
  CommandLine options("letters");
  options.word("DIR", folder, "The data folder of a run");
  options.flag("--json", json, "Print them as one JSON list");
  if (const auto status = options.parse(words)) return *status;
  const Result<Json> letters = letters_of(folder);
  if (!letters) return fail(letters.error());
  Output out;
  if (json) {
    out.write(letters->dump() + "\n");
    return out.finish(kExitDone);
  }
  for (const Json& letter : *letters) {
    std::string to = letter["domain"].is_null() ? "" : letter["domain"].get<std::string>();
    if (!letter["key"].is_null()) to += "[" + letter["key"].dump() + "]";
    out.write(fmt::format("{:>5}  {:24}{} {}  from {}\n", letter["number"].dump(), to,
                          letter["message"].get<std::string>(), letter["args"].dump(),
                          letter["from"].get<std::string>()));
  }
  if (letters->empty()) out.write("no dead letters\n");
  return out.finish(kExitDone);
}

int redeliver_command(Words words) {
  std::string folder;
  std::vector<std::string> numbers;
  CommandLine options("redeliver");
  options.word("DIR", folder, "The data folder of a run");
  options.rest("NUMBER|all", numbers, "Dead letters, as `lxm letters DIR` numbers them");
  if (const auto status = options.parse(words)) return *status;
  const Result<Json> letters = letters_of(folder);
  if (!letters) return fail(letters.error());
  const Result<std::vector<uint64_t>> picked = chosen(*letters, numbers, folder);
  if (!picked) return fail(picked.error());
  std::vector<std::string> lines;
  for (const uint64_t number : *picked) lines.push_back(Json{{"redeliver", number}}.dump());
  if (!lines.empty()) return tell(folder, lines);
  Output out;
  out.write("no dead letters\n");
  return out.finish(kExitDone);
}

int status_command(Words words) {
  std::string folder;
  bool json = false;
  CommandLine options("status");
  options.word("DIR", folder, "A data folder");
  options.flag("--json", json, "Print it as one JSON object");
  if (const auto status = options.parse(words)) return *status;
  const Result<std::string> answer = ask_socket(socket_in(folder), "status");
  nlohmann::ordered_json says;
  if (answer) {
    says = nlohmann::ordered_json::parse(*answer, nullptr, false);
    if (!says.is_object()) return fail({.code = ErrorCode::kIo, .what = "it gave no status"});
  } else {
    const Result<std::vector<uint64_t>> cycles = snapshots_in(disk(), folder);
    if (!cycles) return fail(cycles.error());
    if (const auto facts = read_facts(disk(), folder); !facts) return fail(facts.error());
    says["serving"] = false;
    says["snapshot"] =
        cycles->empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(cycles->front());
  }
  Output out;
  if (json) {
    out.write(dump(says) + "\n");
  } else {
    for (const auto& [name, value] : says.items()) {
      out.write(fmt::format("{:14}{}\n", name,
                            value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
  return out.finish(kExitDone);
}

}  // namespace lexum
