#include "repl/command_line.h"

#include <algorithm>

#include "repl/terminal.h"

namespace lexum {

namespace {

const Command& command_of(std::string_view name) {
  return *std::ranges::find(all_commands(), name, &Command::name);
}

}  // namespace

CommandLine::CommandLine(std::string_view command, int wrong)
    : Options("lxm " + std::string(command), std::string(command_of(command).takes),
              std::string(command_of(command).does)),
      wrong_(wrong) {}

std::optional<int> CommandLine::parse(Words words) {
  const std::optional<Stop> stop = read({words.begin(), words.end()});
  if (!stop) return std::nullopt;
  return say(*stop, wrong_);
}

int say(const Options::Stop& stop, int wrong) {
  if (stop.help.empty()) {
    complain(stop.wrong);
    return wrong;
  }
  Output out;
  out.write(stop.help);
  return out.finish(kExitDone);
}

}  // namespace lexum
