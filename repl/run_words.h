// What is said to a program on the command line, for those commands that run one: start values,
// messages, and files of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "effects/adapters.h"
#include "machine/machine.h"
#include "repl/command_line.h"
#include "tracer/records.h"

namespace lexum {

struct RunWords {
  std::vector<std::string> settings;
  std::vector<std::string> messages;
  std::vector<std::string> inputs;  // files
  bool strict = false;
  uint64_t cycles_max = MachineOptions().cycles_max;

  // --set, --send, --input, --strict and --max-cycles.
  void add_to(CommandLine& options);
  // As they were given, for whoever runs it again.
  [[nodiscard]] std::vector<TraceOption> spelled() const;

  struct Told {
    std::vector<StartValue> start_values;
    std::vector<InputImage> inputs;  // without numbers
  };
  struct Wrong {
    int status = 0;
    std::string what;
  };
  // Reads all of it against the program. A bad line of a file is told at once, and skipped.
  std::optional<Wrong> read(const Program& program, const std::atomic<bool>& interrupted,
                            Told& told) const;
};

// What the file behind --adapters binds, ready to be called.
Result<std::unique_ptr<Adapters>> open_adapters(const std::string& path);
// Bound is what they have, and nothing else is.
ModeOf bound_by(const Adapters& adapters);

int exit_status_of(Outcome outcome);

}  // namespace lexum
