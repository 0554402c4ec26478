// Talking to a session line by line: at a terminal, where lines can be edited, completed and called
// back, or out of a pipe or a script, where they are only read.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "session/typed.h"

namespace lexum {

// Where lines come from.
class Lines {
 public:
  static constexpr std::string_view kThrownAway = "\x03";

  virtual ~Lines() = default;
  // None at the end; kThrownAway where somebody has thought better of it. `prompt` is shown by what
  // shows one.
  virtual std::optional<std::string> next(const std::string& prompt) = 0;
};

// From a terminal, with the history of earlier sessions. `complete` gives what could stand at the
// end of a line. Ctrl-C throws away what is being typed.
using Completer = std::function<Completion(std::string_view line)>;
std::unique_ptr<Lines> lines_of_terminal(Completer complete);
// Where Lexum keeps what lasts longer than a session: $XDG_STATE_HOME/lexum, as the conventions of
// the system have it. Empty: there is no place for it.
std::string state_folder();
// Columns of the terminal that stdout is; 0 if it is none, or nobody knows.
size_t width_of_terminal();

// From a file that is open for reading, to its end.
std::unique_ptr<Lines> lines_of_file(int descriptor);

}  // namespace lexum
