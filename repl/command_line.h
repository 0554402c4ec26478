// The options of a command, as they stand on the command line.
#pragma once

#include <optional>

#include "repl/command.h"
#include "repl/exit_status.h"
#include "session/options.h"

namespace lexum {

class CommandLine : public Options {
 public:
  // `wrong` is the exit status when what was typed makes no sense.
  explicit CommandLine(std::string_view command, int wrong = kExitUsage);

  // The exit status, if there is nothing more to do: help was asked for and printed, or something
  // is wrong and was said.
  [[nodiscard]] std::optional<int> parse(Words words);

 private:
  int wrong_;
};

// Says why there is nothing more to do, and gives the exit status.
int say(const Options::Stop& stop, int wrong);

}  // namespace lexum
