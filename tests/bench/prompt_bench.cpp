// What somebody at the prompt waits for: that it is there, that a word is answered, that a name is
// completed. With nothing, and with ten million recorded cycles. Times are on the clock, for that
// is what one waits by; `p50` and `p99` are ms.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drive.h"
#include "mixed_trace.h"
#include "once.h"
#include "session/session.h"
#include "session/typed.h"

namespace lexum {
namespace {

void tell(benchmark::State& state, std::vector<double> took) {
  std::ranges::sort(took);
  state.counters["p50"] = took[took.size() / 2];
  state.counters["p99"] = took[took.size() * 99 / 100];
}

// From the start of a program at a terminal to the text by which it says that it is ready.
double ms_to_prompt(const std::vector<const char*>& words, const std::string& prompt) {
  const auto begin = Clock::now();
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    std::vector<char*> arguments;
    for (const char* word : words) arguments.push_back(const_cast<char*>(word));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  std::string seen;
  while (seen.find(prompt) == std::string::npos) {
    char piece[4096];
    const ssize_t got = read(terminal, piece, sizeof piece);
    if (got <= 0) break;
    seen.append(piece, static_cast<size_t>(got));
  }
  const double took = ms_since(begin);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(terminal);
  return seen.find(prompt) != std::string::npos ? took : -1;
}

void starts(benchmark::State& state, const std::vector<const char*>& words,
            const std::string& prompt) {
  std::vector<double> took;
  for (auto _ : state) {
    took.push_back(ms_to_prompt(words, prompt));
    if (took.back() < 0) return state.SkipWithError("it does not start");
    state.SetIterationTime(took.back() * 1e-3);
  }
  tell(state, std::move(took));
}
void start_with_nothing(benchmark::State& state) {
  starts(state, {LXM_BINARY, "repl"}, "main 0> ");
}
void start_with_ten_million(benchmark::State& state) {
  starts(state, {LXM_BINARY, "repl", mixed_trace().path().c_str()}, "]> ");
}
void start_of_lua(benchmark::State& state) { starts(state, {"lua5.4", "-i"}, "> "); }
void start_of_gdb(benchmark::State& state) { starts(state, {"gdb", "-q", "-nx"}, "(gdb) "); }

// In a session that is open, at a hundred places all over it, one after the other. What is said
// there is kept, or it would not be said.
class Open {
 public:
  Open() {
    session_ = std::move(*Session::open(disk(), mixed_trace().path(), looking_));
    session_->keep_forks_in(std::filesystem::temp_directory_path().string());
  }

  void go_anywhere() {
    const uint64_t cycle = random_() % (session_->trace().cycles() + 1);
    LEXUM_CHECK(session_->go_to(Moment{.cycle = cycle}).ok());
  }
  size_t say(const std::string& line) {
    size_t bytes = 0;
    Reply reply([&](const Line& said) { bytes += said.text().size(); });
    const Result<Typed> typed = read_typed(*session_, line);
    LEXUM_CHECK(typed.ok());
    LEXUM_CHECK(typed->said.word->act(*session_, typed->said, reply).ok());
    return bytes;
  }
  Session& session() { return *session_; }

 private:
  const Looking looking_;
  std::unique_ptr<Session> session_;
  std::mt19937_64 random_{1};
};

void answers(benchmark::State& state, const std::string& line) {
  Open open;
  std::vector<double> took;
  for (auto _ : state) {
    open.go_anywhere();
    const auto begin = Clock::now();
    benchmark::DoNotOptimize(open.say(line));
    took.push_back(ms_since(begin));
    state.SetIterationTime(took.back() * 1e-3);
  }
  tell(state, std::move(took));
}

void completes(benchmark::State& state, const std::string& line) {
  Open open;
  std::vector<double> took;
  for (auto _ : state) {
    open.go_anywhere();
    open.say("where");
    const auto begin = Clock::now();
    benchmark::DoNotOptimize(complete(open.session(), line, nullptr).choices.size());
    took.push_back(ms_since(begin));
    state.SetIterationTime(took.back() * 1e-3);
  }
  tell(state, std::move(took));
}

void measure() {
  const auto on_the_clock = [](benchmark::internal::Benchmark* one, int64_t times) {
    one->UseManualTime()->Iterations(times)->Unit(benchmark::kMillisecond);
  };
  on_the_clock(benchmark::RegisterBenchmark("start/nothing", start_with_nothing), 50);
  on_the_clock(benchmark::RegisterBenchmark("start/ten_million", start_with_ten_million), 50);
  on_the_clock(benchmark::RegisterBenchmark("start/lua", start_of_lua), 50);
  on_the_clock(benchmark::RegisterBenchmark("start/gdb", start_of_gdb), 50);
  for (const char* line : {"where",
                           "step",
                           "back",
                           "stepi",
                           "rsi",
                           "next-tick",
                           "goto 50%",
                           "state Worker[7]",
                           "goals Worker[7]",
                           "mailbox Worker[7]",
                           "print Worker[7].done",
                           "list",
                           "tail",
                           "why Worker[7].done",
                           "whynot Worker[7].Earn",
                           "last Worker[7].done",
                           "next-write Worker[7].done",
                           "break Worker[7].Task",
                           "continue",
                           "reverse-continue",
                           "finish",
                           "graph",
                           "hash",
                           "info branches",
                           "help why"}) {
    on_the_clock(benchmark::RegisterBenchmark((std::string("answer/") + line).c_str(), answers,
                                              std::string(line)),
                 100);
  }
  for (const char* line : {"rev", "why Worker", "state W", "goto ", "first Worker[7].done > Wo"}) {
    on_the_clock(benchmark::RegisterBenchmark((std::string("complete/") + line).c_str(), completes,
                                              std::string(line)),
                 100);
  }
}
[[maybe_unused]] const int registered = (measure(), 0);

}  // namespace
}  // namespace lexum
