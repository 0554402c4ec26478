// `lxm repl`, as a script uses it through a pipe and as a person does at a terminal.
#include <chrono>
#include <csignal>

#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kCounter =
    "domain D { state { x: int } goal G { predicate x == 5 } transition T { x += 1 } }\n";

class ReplOfAPipe : public Lxm {
 protected:
  ReplOfAPipe() { write("c.lxm", kCounter); }
};

TEST_F(ReplOfAPipe, AnswersLineByLine) {
  write("lines", "# go to the third cycle\nstep 3\nx * 2\n\nback\nx\n");
  const Answer answer = shell("lxm repl c.lxm < lines");
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_THAT(answer.out, StartsWith("c.lxm, which has not run yet: `run`, or `step` by step\n"
                                     "at the start"));
  EXPECT_THAT(answer.out, HasSubstr("      3      3  D  T  goal G"));
  EXPECT_THAT(answer.out, HasSubstr("x: 2 → 3\n6\n"));
  EXPECT_THAT(answer.out, testing::EndsWith("x: 1 → 2\n2\n"));
}

TEST_F(ReplOfAPipe, FailsIfALineDid) {
  write("s", "step\nnonsense\ngoto 99\nx\nquit\nx\n");
  const Answer answer = lxm("repl c.lxm --script s");
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.err, HasSubstr("lxm: there is no word `nonsense`"));
  EXPECT_THAT(answer.err, HasSubstr("lxm: there is no cycle 99"));
  EXPECT_THAT(answer.out, testing::EndsWith("\n1\n")) << "it goes on, and ends with quit";
}

TEST_F(ReplOfAPipe, AnswersInJson) {
  write("lines", "goto 2\nprint x\nwatch x\nc\nnonsense\nfork a\n");
  const Answer answer = shell("lxm repl c.lxm --json < lines");
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.out,
              StartsWith(R"({"at": 0, "branch": "main", "position": "2", "reason": null})"
                         "\n"));
  EXPECT_THAT(answer.out, HasSubstr(R"("values": [{"instance":"D","value":"2"}])"));
  EXPECT_THAT(answer.out, HasSubstr(R"("branch": "main", "position": "3", "reason": "watch 1")"));
  EXPECT_THAT(answer.out, HasSubstr(R"({"error": "there is no word `nonsense`; )"));
  EXPECT_THAT(answer.out, HasSubstr(R"("branch": "a",)"));
  EXPECT_EQ(std::ranges::count(answer.out, '\n'), 6);
}

TEST_F(ReplOfAPipe, OpensATraceWhereItFailed) {
  write("f.lxm",
        "domain D { state { n: int = 2 } goal G { predicate n < 0 } transition T { n -= 1 "
        "log 6 / n } }\n");
  EXPECT_EQ(lxm("run f.lxm --trace f.lxtrace --quiet").status, 2);
  const Answer answer = shell("echo p n | lxm repl f.lxtrace");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, StartsWith("f.lxtrace: "));
  EXPECT_THAT(answer.out, HasSubstr("F002"));
  EXPECT_THAT(answer.out, testing::EndsWith("\n1\n"));
}

TEST_F(ReplOfAPipe, SaysWhatCannotBeOpened) {
  EXPECT_EQ(lxm("repl nowhere.lxtrace").status, 1);
  write("bad.lxm", "domain {");
  EXPECT_EQ(lxm("repl bad.lxm").status, 1);
  write("foreign", "GIF89a nothing of ours");
  EXPECT_THAT(lxm("repl foreign").err, HasSubstr("no Lexum trace"));
  EXPECT_EQ(lxm("repl foreign --set D.x=1").status, 1);
  EXPECT_THAT(lxm("repl c.lxm --set D.y=1").err, HasSubstr("--set D.y=1: "));
  EXPECT_THAT(lxm("step c.lxm").err, HasSubstr("it can be said in `lxm repl FILE`"));
}

TEST_F(ReplOfAPipe, PutsUpWithAnyBytes) {
  std::string bytes = "step\n";
  for (int i = 1; i < 256; ++i) bytes += static_cast<char>(i);
  bytes += "\n\"\n(((\n/\nprint\n--at\nhelp --at\nfork --drop\nwhy \xff\xfe\n";
  bytes += std::string("x\0x\n", 4) + std::string(20'000, '(') + "\nx";
  write("lines", bytes);
  const Answer answer = shell("lxm repl c.lxm < lines");
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.out, testing::EndsWith("\n1\n"));
}

TEST_F(ReplOfAPipe, BeginsWithNothing) {
  write("lines",
        "1 + 1\nlet total = 5\ndomain Till {\n  state { sold: int }\n  goal Busy { predicate sold "
        ">= 3 }\n\n  transition Sell { sold += 1 }\n}\nrun\nsold + 0\nsave kept.lxtrace\n");
  const Answer answer = shell("lxm repl < lines");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, StartsWith("nothing is there yet"));
  EXPECT_THAT(answer.out, HasSubstr("domain Till is new\n"));
  EXPECT_THAT(answer.out, HasSubstr("\n3\nkept.lxtrace has the run"));
  EXPECT_EQ(lxm("replay kept.lxtrace").status, 0);
}

TEST_F(ReplOfAPipe, ForgetsWhatIsNotFinished) {
  write("lines", "x = 1\ndomain Till {\n  state {\n");
  const Answer answer = shell("lxm repl c.lxm --json < lines");
  EXPECT_EQ(answer.status, 1);
  EXPECT_THAT(answer.out, HasSubstr("\"error\": \"that was not finished, and is forgotten"));
}

TEST_F(ReplOfAPipe, BeginsARunAsItIsTold) {
  const Answer answer = shell("echo run | lxm repl c.lxm --set D.x=3 --max-cycles 1");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("x: 3 → 4\n"));
  EXPECT_THAT(answer.out, Not(HasSubstr("converged")));
}

TEST_F(ReplOfAPipe, Teaches) {
  const Answer answer = shell("echo 'domain Lamp { state { on: bool } }' | lxm learn");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, StartsWith("1. A domain\n"));
  EXPECT_THAT(answer.out, HasSubstr("Well done."));
}

// A terminal with somebody before it, who waits for what they expect to see.
class Terminal : public ReplOfAPipe {
 protected:
  ~Terminal() override {
    if (child_ > 0) kill(child_, SIGKILL), waitpid(child_, nullptr, 0);
    if (master_ >= 0) close(master_);
  }
  void open(const std::string& words) {
    // The library that edits lines keeps the names of its functions (wide texts) for good.
    write("leaks", "leak:wcsdup\n");
    winsize size{.ws_row = 40, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    child_ = forkpty(&master_, nullptr, nullptr, &size);
    if (child_ != 0) return;
    const std::string command = "cd '" + path("").string() + "' && exec '" LXM_BINARY "' " + words;
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    setenv("LSAN_OPTIONS",
           ("suppressions=" + path("leaks").string() + ":print_suppressions=0").c_str(), 1);
    setenv("XDG_STATE_HOME", path("state").c_str(), 1);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  void type(const std::string& keys) const {
    if (::write(master_, keys.data(), keys.size()) < 0) return;  // nobody is there any more
  }
  // Everything up to that, since the last time.
  std::string until(const std::string& expected) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (seen_.find(expected) == std::string::npos) {
      pollfd ready{.fd = master_, .events = POLLIN, .revents = 0};
      char piece[4096];
      if (poll(&ready, 1, 1000) > 0) {
        const ssize_t got = ::read(master_, piece, sizeof piece);
        if (got <= 0) break;
        seen_.append(piece, static_cast<size_t>(got));
      }
      if (std::chrono::steady_clock::now() > give_up) break;
    }
    const size_t at = seen_.find(expected);
    EXPECT_NE(at, std::string::npos) << "no `" << expected << "` in\n" << seen_;
    if (at == std::string::npos) return std::exchange(seen_, "");
    const std::string text = seen_.substr(0, at + expected.size());
    seen_.erase(0, at + expected.size());
    return text;
  }
  int end() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  pid_t child_ = -1;

 private:
  int master_ = -1;
  std::string seen_;
};

TEST_F(Terminal, HasAPromptThatSaysWhereOneStands) {
  open("repl c.lxm");
  until("main 0> ");
  type("step\r");
  EXPECT_THAT(until("main 1> "), HasSubstr("x: 0 → 1"));
  type("\r");
  until("main 2> ");
  type("watch x\rc\r");
  until("main 3 [watch 1]> ");
  type("set D.x = 1\r");
  until("fork1 3 [forked]> ");
  type("\x04");
  EXPECT_EQ(end(), 0);
}

TEST_F(Terminal, EditsAndCompletesALine) {
  open("repl c.lxm");
  until("main 0> ");
  type("gox\x7ft\t3\r");  // a backspace, and what is begun
  until("main 3> ");
  type("reverse-\t\t");
  const std::string shown = until("reverse-stepi");
  EXPECT_THAT(shown, HasSubstr("reverse-continue"));
  type("\x15print D.\t\r");  // Ctrl-U takes the line away
  until("\n3\r\n");
  type("\x1b[A\x1b[A\r");  // twice up is what was typed before that
  until("main 3> ");
  type("quit\r");
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(read("state/lexum/history"), HasSubstr("quit"));
}

TEST_F(Terminal, KeepsTheSessionWhenCtrlCIsTyped) {
  write("long.lxm",
        "domain D { state { n: int } goal G { predicate n < 0 } transition T { n += 1 } "
        "}\n");
  open("repl long.lxm --max-cycles 1000000000");
  until("main 0> ");
  type("whatever\x03");
  until("^C");
  until("main 0> ");
  type("run\r");
  until("Ctrl-C stops");  // it has run for a while
  type("\x03");
  until(" [interrupted]> ");
  type("goto start\r");
  until("main 0> ");
  type("step\r");
  until("main 1> ");
  type("quit\r");
  EXPECT_EQ(end(), 0);
}

TEST_F(Terminal, HearsEachCtrlCWhileOtherThreadsAreThere) {
  open("repl");
  until("main 0> ");
  type("domain Till { state { sold: int } }\r");
  until("Till is new");
  until("main 0> ");
  for (int i = 0; i < 500 && !HasFailure(); ++i) {
    type("\x03");
    until("main 0> ");
  }
  type("quit\r");
  EXPECT_EQ(end(), 0);
}

TEST_F(Terminal, SavesTheHistoryWhenItIsTerminated) {
  open("repl c.lxm");
  until("main 0> ");
  type("goto 4\r");
  until("main 4> ");
  kill(child_, SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(read("state/lexum/history"), HasSubstr("goto\\0404"));
}

TEST_F(Terminal, TakesABlockOfSeveralLines) {
  open("repl");
  until("main 0> ");
  type("domain Till {\r");
  until("… ");
  type("state { sold: int }\r}\r");
  until("domain Till is new");
  until("main 0> ");
  type("domain X {\r");
  until("… ");
  type("\x03");
  until("main 0> ");
  type("domain X {\r");
  until("… ");
  type("\x04");
  until("that was not finished");
  until("main 0> ");
  type("\x04");
  EXPECT_EQ(end(), 1) << "a line had no answer";
}

TEST_F(Terminal, KeepsTheRunWhenItIsTerminated) {
  open("repl c.lxm");
  until("main 0> ");
  type("step 2\r");
  until("main 2> ");
  kill(child_, SIGTERM);
  until("the run is kept in");
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(lxm("replay state/lexum/last.lxtrace").out, StartsWith("same: 2 cycles"));
}

TEST_F(Terminal, FoldsLinesToItsWidth) {
  write("long.lxm",
        "domain D { state { text: string } goal G { predicate text != \"\" } transition T { text = "
        "\"one two three four five six seven eight nine ten eleven twelve thirteen\" } }\n");
  open("repl long.lxm");
  until("main 0> ");
  type("run\r");
  const std::string shown = until("converged]> ");
  std::istringstream lines(shown);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110u) << line;
  EXPECT_THAT(shown, HasSubstr("\n          "));
}

}  // namespace
}  // namespace lexum
