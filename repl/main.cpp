// The one program `lxm`.
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include "repl/command.h"
#include "repl/exit_status.h"

namespace {

// A file that is opened later must not get the number of a stream that was closed: what is printed
// would stand in it, be it a trace. To use such a stream is an error still.
void keep_closed_streams_closed() {
  for (const int stream : {0, 1, 2}) {
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY) < 0) {
      _exit(lexum::kExitDisk);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_closed_streams_closed();
  // Who writes learns of a reader that went away, or of a limit on the size of files, by the error;
  // a run does not die of it.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return lexum::command_line({argv + (argc > 0), argv + argc});
}
