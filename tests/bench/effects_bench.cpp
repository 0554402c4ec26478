// What effects cost that somebody outside carries out: intents a second through the journal and a
// log, the time until one is handed over beside a sync of this disk, the memory that one under way
// takes, and what ten thousand of them do to the ticks of those who have none.
#include <algorithm>
#include <fstream>
#include <mutex>

#include <fcntl.h>
#include <unistd.h>

#include "bench_folder.h"
#include "drive.h"
#include "effects/adapter_file.h"
#include "effects/adapters.h"
#include "machine/door.h"
#include "machine/durable.h"
#include "once.h"
#include "store/files.h"

namespace lexum {
namespace {

std::shared_ptr<const Program> errands() {
  const std::string path = std::string(LEXUM_BENCH_PROGRAMS) + "/errands.lxm";
  Result<std::string> text = read_text(disk(), path, Source::kBytesMax);
  LEXUM_CHECK(text.ok());
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source(path, std::move(*text)), diagnostics,
                                                [](const Effect&) { return EffectMode::kBound; });
  LEXUM_CHECK(program != nullptr);
  return program;
}

InputImage ask(const Program& program, int64_t id) {
  return {.domain = program.find_domain("Asker"),
          .key = Value::of(id),
          .routine = RoutineIndex(size_t{0}),
          .args = {Value::of("a line of a log as it might be")}};
}
InputImage turn(const Program& program) {
  return {.domain = program.find_domain("Wheel"), .routine = RoutineIndex(size_t{0})};
}

// Answers nothing, and notes when it was asked.
class Silent final : public Adapter {
 public:
  void carry_out(Errand errand, Tell tell) override {
    const std::scoped_lock lock(mutex_);
    asked_.push_back(Clock::now());
    kept_.emplace_back(std::move(errand), std::move(tell));
  }
  [[nodiscard]] std::vector<Clock::time_point> asked() {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::vector<Clock::time_point> asked_;
  std::vector<std::pair<Errand, Tell>> kept_;
};

void log_lines(benchmark::State& state) {
  constexpr uint64_t kLines = 100'000;
  constexpr size_t kAtOnce = 1'000;
  const BenchFolder folder;
  const auto program = errands();
  std::ofstream(folder.path("a.json")) << R"({"Log": {"use": "log", "to": "lines"}})";
  for (auto _ : state) {
    const auto adapters = std::move(*Adapters::open(std::move(*read_adapter_file(
        folder.path("a.json"), *read_text(disk(), folder.path("a.json"), 1000)))));
    Door door(*adapters, program);
    const auto run = std::move(*DurableRun::open(disk(), folder.path("data"), program, {},
                                                 {.machine = {.outside = &door}}));
    const Clock::time_point begin = Clock::now();
    for (uint64_t sent = 0; sent < kLines; sent += kAtOnce) {
      std::vector<InputImage> inputs;
      for (size_t i = 0; i < kAtOnce; ++i) {
        inputs.push_back(ask(*program, static_cast<int64_t>(i)));
      }
      LEXUM_CHECK(run->accept(std::move(inputs)).ok());
      LEXUM_CHECK(run->machine().tick().ok());
    }
    LEXUM_CHECK(run->machine().run().ok());
    const double seconds = seconds_since(begin);
    LEXUM_CHECK(!run->machine().world().has_intents());
    state.SetIterationTime(seconds);
    state.counters["a_second"] = static_cast<double>(kLines) / seconds;
  }
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

void raw_sync(benchmark::State& state) {
  const BenchFolder folder;
  const std::string zeros(size_t{16} << 20, '\0');
  const int file = ::open(folder.path("raw").c_str(), O_CREAT | O_RDWR, 0600);
  LEXUM_CHECK(::write(file, zeros.data(), zeros.size()) > 0 && ::fsync(file) == 0);
  for (auto _ : state) {
    std::vector<double> took;
    for (int i = 0; i < 2'000; ++i) {
      const Clock::time_point begin = Clock::now();
      LEXUM_CHECK(::pwrite(file, zeros.data(), 64, i * 64) == 64 && ::fdatasync(file) == 0);
      took.push_back(seconds_since(begin) * 1e6);
    }
    state.SetIterationTime(median(took) * 1e-6);
    state.counters["p50_us"] = median(took);
  }
  ::close(file);
}

// From the end of the tick that emitted it.
void handing_over(benchmark::State& state) {
  const BenchFolder folder;
  const auto program = errands();
  for (auto _ : state) {
    Silent adapter;
    Door door(adapter, program);
    const auto run = std::move(*DurableRun::open(disk(), folder.path("data"), program, {},
                                                 {.machine = {.outside = &door}}));
    std::vector<double> took;
    for (size_t i = 0; i < 2'000; ++i) {
      LEXUM_CHECK(run->accept({ask(*program, 1)}).ok());
      LEXUM_CHECK(run->machine().tick().ok());
      const Clock::time_point over = Clock::now();
      LEXUM_CHECK(run->machine().tick().ok());  // which takes the intent out
      while (adapter.asked().size() <= i) std::this_thread::yield();
      took.push_back(std::chrono::duration<double, std::micro>(adapter.asked()[i] - over).count());
    }
    state.SetIterationTime(median(took) * 1e-6);
    state.counters["p50_us"] = median(took);
  }
}

// Of the process, in bytes.
double resident() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double pages = 0;
  statm >> all >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void memory(benchmark::State& state) {
  constexpr int64_t kIntents = 8'000;  // twice that are out at once
  const auto program = errands();
  for (auto _ : state) {
    Silent adapter;
    Door door(adapter, program);
    door.begin("0123456789abcdef0123456789abcdef", [](uint64_t) { return Done{}; });
    Machine machine(program, {.outside = &door});
    const auto ask_all = [&](size_t so_far) {
      for (int64_t i = 0; i < kIntents; ++i) machine.add_input(ask(*program, i));
      while (adapter.asked().size() < so_far + kIntents) LEXUM_CHECK(machine.tick().ok());
    };
    ask_all(0);  // who asks is there from then on
    const double before = resident();
    const Clock::time_point begin = Clock::now();
    ask_all(kIntents);
    state.SetIterationTime(seconds_since(begin));
    state.counters["bytes_each"] = (resident() - before) / kIntents;
  }
}

void ticks(benchmark::State& state, int64_t under_way) {
  constexpr int kTicks = 2'000'000;
  const auto program = errands();
  for (auto _ : state) {
    Silent adapter;
    Door door(adapter, program);
    door.begin("0123456789abcdef0123456789abcdef", [](uint64_t) { return Done{}; });
    Machine machine(program, {.cycles_max = 0, .outside = &door});
    for (int64_t i = 0; i < under_way; ++i) machine.add_input(ask(*program, i));
    machine.add_input(turn(*program));
    while (adapter.asked().size() < static_cast<size_t>(under_way)) {
      LEXUM_CHECK(machine.tick().ok());
    }
    const Clock::time_point begin = Clock::now();
    for (int i = 0; i < kTicks; ++i) LEXUM_CHECK(machine.tick().ok());
    const double seconds = seconds_since(begin);
    state.SetIterationTime(seconds);
    state.counters["ns_a_tick"] = seconds * 1e9 / kTicks;
  }
}

BENCHMARK(log_lines)->Apply(once);
BENCHMARK(raw_sync)->Apply(once);
BENCHMARK(handing_over)->Apply(once);
BENCHMARK(memory)->Apply(once);
BENCHMARK_CAPTURE(ticks, alone, 0)->Apply(once);
BENCHMARK_CAPTURE(ticks, beside_10000, 10'000)->Apply(once);
BENCHMARK_CAPTURE(ticks, alone_again, 0)->Apply(once);
BENCHMARK_CAPTURE(ticks, beside_10000_again, 10'000)->Apply(once);

}  // namespace
}  // namespace lexum
