// The two streams that a person or a script sees, and Ctrl-C.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "session/reply.h"

namespace lexum {

// Colour only for a terminal, and never with NO_COLOR.
bool colour_on_stdout();
bool colour_on_stderr();

// The parts of a line in the colours of their roles.
std::string coloured(const Line& line);

// A line on stderr.
void complain(std::string_view what);

// stdout, or stderr where a lot is written to it, in large pieces; to a terminal at once. One who
// stops reading (a closed pipe) is no error; a full disk is.
class Output {
 public:
  enum class To { kStdout, kStderr };
  explicit Output(To to = To::kStdout);
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  void flush();
  // False once nobody reads any more or nothing can be written: there is no use in going on.
  [[nodiscard]] bool open() const { return error_ == 0; }
  // Everything is written. `status`, unless that did not work: then it says so and gives kExitDisk.
  [[nodiscard]] int finish(int status);

 private:
  int descriptor_;
  bool at_once_;
  std::string buffer_;
  int error_ = 0;  // of the write that failed
};

// From here on, the first SIGINT or SIGTERM sets the flag, and the next one ends the process as it
// would have without us. A reader of ours that goes away does not. Whichever thread the system
// gives it to, the one that asked for this is woken.
const std::atomic<bool>& watch_signals();

// The same for somebody who types line by line: SIGINT sets the flag each time, so that it ends
// what runs and nothing else; SIGTERM and SIGHUP set it for good.
std::atomic<bool>& watch_signals_at_prompt();
// Whether one of those came.
bool stop_asked();

// A line on stderr that comes when something takes longer than half a second, and goes when it is
// over. Nothing at all unless stderr is a terminal.
class Progress {
 public:
  Progress();
  ~Progress() { hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::string_view line);
  // Makes room for something else; it comes back with the next line.
  void hide();

 private:
  std::chrono::steady_clock::time_point begin_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace lexum
