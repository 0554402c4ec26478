// A run that is stopped, by hand or by force, leaves a trace that opens.
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kForEver =
    "domain A { state { n: int } on Boot { send B Ping } on Ping { n += 1 send B Ping } }\n"
    "domain B { state { n: int } on Ping { n += 1 send A Ping } }\n";

class Signals : public Lxm {
 protected:
  Signals() { write("ever.lxm", kForEver); }

  // A run that records and goes on until it is told to stop.
  pid_t start() {
    const pid_t child = fork();
    if (child != 0) return child;
    const std::string out = path("run.txt");
    const int file = open(out.c_str(), O_WRONLY | O_CREAT, 0644);
    dup2(file, 1);
    dup2(file, 2);
    const std::string program = path("ever.lxm");
    const std::string trace = path("t.lxtrace");
    execl(LXM_BINARY, "lxm", "run", program.c_str(), "--max-cycles", "0", "--trace", trace.c_str(),
          nullptr);
    _exit(127);
  }
  // Something of the run stands in the file.
  void wait_for_bytes() {
    for (int i = 0; i < 2000; ++i) {
      std::error_code none;
      if (std::filesystem::file_size(path("t.lxtrace"), none) > 2'000 && !none) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL() << "nothing was recorded";
  }
  static int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
};

TEST_F(Signals, CtrlCStopsAfterTheTickWithAWholeTrace) {
  const pid_t child = start();
  wait_for_bytes();
  kill(child, SIGINT);
  const int status = end_of(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_THAT(read("run.txt"), HasSubstr("\ninterrupted after "));
  EXPECT_THAT(lxm("inspect t.lxtrace").out, HasSubstr("end           \"closed\"\n"));
  const Answer replay = lxm("replay t.lxtrace");
  EXPECT_EQ(replay.status, 0) << replay.out << replay.err;
}

TEST_F(Signals, ARunKilledAtAnyMomentCanBeOpened) {
  for (int turn = 0; turn < 3; ++turn) {
    std::filesystem::remove(path("t.lxtrace"));  // or the wait would find what the last turn left
    const pid_t child = start();
    wait_for_bytes();
    std::this_thread::sleep_for(std::chrono::milliseconds(37 * turn));
    kill(child, SIGKILL);
    EXPECT_TRUE(WIFSIGNALED(end_of(child)));
    const Answer inspect = lxm("inspect --json t.lxtrace");
    EXPECT_EQ(inspect.status, 0) << inspect.err;
    EXPECT_THAT(inspect.out, HasSubstr("\"end\": \"torn\""));
    EXPECT_THAT(lxm("replay t.lxtrace").out, StartsWith("same: "));
  }
}

}  // namespace
}  // namespace lexum
