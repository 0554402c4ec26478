// `lxm send` and `lxm status`: to and of a run that `lxm run --data DIR --serve` keeps going.
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/past.h"
#include "repl/command_line.h"
#include "repl/folder.h"
#include "repl/socket.h"
#include "repl/sources.h"
#include "repl/terminal.h"

namespace lexum {

namespace {

int fail(const Error& error) {
  complain("lxm: " + error.what);
  return exit_status_of(error);
}

Error nobody(const std::string& folder) {
  return {.code = ErrorCode::kNotFound,
          .what = "nobody runs " + folder + "; `lxm run PROGRAM.lxm --data " + folder +
                  " --serve` does"};
}

}  // namespace

int send_command(Words words) {
  std::string folder;
  std::string message;
  CommandLine options("send");
  options.word("DIR", folder, "The data folder of a run that serves");
  options.word("'D[7] M(a: 1)'", message, "What is sent; Event::E broadcasts");
  if (const auto status = options.parse(words)) return *status;
  const Result<std::string> answer = ask_socket(socket_in(folder), message);
  if (!answer && answer.error().code == ErrorCode::kNotFound) return fail(nobody(folder));
  if (!answer) return fail(answer.error());
  if (answer->starts_with("ok ")) {
    Output out;
    out.write("durable, as input " + answer->substr(3) + "\n");
    return out.finish(kExitDone);
  }
  if (*answer == "full")
    return fail({.code = ErrorCode::kFull, .what = "too many wait; send it again"});
  const bool error = answer->starts_with("error ");
  return fail({.code = ErrorCode::kMismatch, .what = error ? answer->substr(6) : *answer});
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
    if (!std::filesystem::exists(folder + "/program.lxm")) return fail(no_run_in(folder));
    says["serving"] = false;
    says["snapshot"] =
        cycles->empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(cycles->front());
  }
  Output out;
  if (json) {
    out.write(says.dump() + "\n");
  } else {
    for (const auto& [name, value] : says.items()) {
      out.write(fmt::format("{:14}{}\n", name,
                            value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
  return out.finish(kExitDone);
}

}  // namespace lexum
