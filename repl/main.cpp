// The one program `lxm`.
#include <csignal>

#include "repl/command.h"

int main(int argc, char** argv) {
  // Who writes learns of a reader that went away, or of a limit on the size of files, by the error;
  // a run does not die of it.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return lexum::command_line({argv + (argc > 0), argv + argc});
}
