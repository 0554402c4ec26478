// What it costs to go anywhere in a recorded run: ten million cycles of the mixed program, with
// strings, messages and goals of a thousand instances. Times are CPU time, since the machine is
// shared; `p50` and `p99` are µs, over all moves of a kind.
#include <algorithm>
#include <ctime>
#include <functional>
#include <random>
#include <vector>

#include "drive.h"
#include "mixed_trace.h"
#include "once.h"
#include "tracer/condition.h"
#include "tracer/diff.h"
#include "tracer/timeline.h"
#include "tracer/why.h"
#include "tracer/whynot.h"

namespace lexum {
namespace {

double cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

class OpenTrace {
 public:
  OpenTrace() {
    reader_ = std::move(*TraceReader::open(disk(), mixed_trace().path()));
    timeline_ = std::move(*Timeline::open(*reader_));
  }

  TraceReader& reader() { return *reader_; }
  Timeline& timeline() { return *timeline_; }

 private:
  std::unique_ptr<TraceReader> reader_;
  std::unique_ptr<Timeline> timeline_;
};

OpenTrace& mixed() {
  static OpenTrace trace;
  return trace;
}

void moves(benchmark::State& state, size_t count, const std::function<uint64_t()>& next) {
  Timeline& timeline = mixed().timeline();
  std::vector<double> took;
  for (auto _ : state) {
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t cycle = next();
      const double before = cpu_us();
      LEXUM_CHECK(timeline.go_to(cycle).ok());
      took.push_back(cpu_us() - before);
      sum += took.back();
    }
    state.SetIterationTime(sum * 1e-6);
  }
  std::ranges::sort(took);
  state.counters["p50"] = took[took.size() / 2];
  state.counters["p99"] = took[took.size() * 99 / 100];
  state.counters["mb"] = static_cast<double>(timeline.bytes() >> 20);
}

// A full one, about there: one that ends where a keyframe follows may be short.
const ChunkEntry& middle() {
  constexpr size_t kAround = 8;
  const auto chunks = mixed().reader().chunks();
  return *std::ranges::max_element(chunks.subspan(chunks.size() / 2, kAround), {},
                                   &ChunkEntry::cycle_count);
}

void far(benchmark::State& state) {
  std::mt19937_64 random(1);
  moves(state, 200, [&] { return random() % (mixed().reader().cycles() + 1); });
}
void inside_a_chunk(benchmark::State& state) {
  std::mt19937_64 random(1);
  LEXUM_CHECK(mixed().timeline().go_to(middle().first_cycle).ok());
  moves(state, 5'000, [&] { return middle().first_cycle + random() % (middle().cycle_count - 1); });
}
void step_back(benchmark::State& state) {
  const uint64_t last = middle().first_cycle + middle().cycle_count - 2;
  LEXUM_CHECK(mixed().timeline().go_to(last).ok());
  uint64_t cycle = last;
  moves(state, middle().cycle_count - 2, [&] { return --cycle; });
}
// Decoding included.
void forwards(benchmark::State& state) {
  LEXUM_CHECK(mixed().timeline().go_to(0).ok());
  uint64_t cycle = 0;
  moves(state, 200'000, [&] { return ++cycle; });
}
void backwards(benchmark::State& state) {
  uint64_t cycle = mixed().reader().cycles();
  LEXUM_CHECK(mixed().timeline().go_to(cycle).ok());
  moves(state, 200'000, [&] { return --cycle; });
}

// ---- questions

// Sorted times into counters.
void tell(benchmark::State& state, std::vector<double>& took) {
  std::ranges::sort(took);
  state.counters["p50"] = took[took.size() / 2];
  state.counters["p99"] = took[took.size() * 99 / 100];
}

// As if it had just been opened: the file is in memory, and nothing is decoded.
void opening(benchmark::State& state) {
  std::vector<double> took;
  for (auto _ : state) {
    for (int i = 0; i < 20; ++i) {
      const double before = cpu_us();
      const auto trace = std::move(*TraceReader::open(disk(), mixed().reader().path()));
      LEXUM_CHECK(trace->cycles() > 0);
      took.push_back(cpu_us() - before);
    }
    state.SetIterationTime(took.back() * 1e-6);
  }
  tell(state, took);
}

void asking(benchmark::State& state, size_t count, bool cold,
            const std::function<void(TraceReader&, uint64_t at, int64_t key)>& ask) {
  std::mt19937_64 random(1);
  std::vector<double> took;
  for (auto _ : state) {
    auto trace = std::move(*TraceReader::open(disk(), mixed().reader().path()));
    // Warm: everything that it keeps has been asked for.
    for (size_t i = 0; !cold && i < trace->chunks().size(); ++i) LEXUM_CHECK(trace->index(i).ok());
    for (size_t i = 0; i < count; ++i) {
      if (cold) trace = std::move(*TraceReader::open(disk(), mixed().reader().path()));
      const uint64_t at = 1 + random() % trace->cycles();
      const auto key = static_cast<int64_t>(random() % 1000);
      const double before = cpu_us();
      ask(*trace, at, key);
      took.push_back(cpu_us() - before);
    }
    state.SetIterationTime(took.back() * 1e-6);
  }
  tell(state, took);
}

Subjects worker(TraceReader& trace, int64_t key) {
  return {.domain = trace.program().find_domain("Worker"), .key = Value::of(key)};
}
void look_up_write(benchmark::State& state) {
  asking(state, 300, state.range(0) != 0, [](TraceReader& trace, uint64_t at, int64_t key) {
    benchmark::DoNotOptimize(
        latest(trace, writes_of({.whose = worker(trace, key), .slot = 1}), at));
  });
}
// Nobody's has flipped since the start, so that goes back to it.
void look_up_flip(benchmark::State& state) {
  asking(state, 300, state.range(0) != 0, [](TraceReader& trace, uint64_t at, int64_t key) {
    const GoalTarget goal{.whose = worker(trace, key), .goal = GoalIndex(size_t{0})};
    benchmark::DoNotOptimize(latest(trace, flips_of(goal), at));
  });
}
// Of whoever has run in that chunk, whose index is known.
void look_up_near(benchmark::State& state) {
  std::vector<double> took;
  for (auto _ : state) {
    const auto trace = std::move(*TraceReader::open(disk(), mixed().reader().path()));
    std::mt19937_64 random(1);
    for (int i = 0; i < 100; ++i) {
      const size_t chunk = random() % trace->chunks().size();
      const auto index = *trace->index(chunk);
      const ChunkEntry& entry = trace->chunks()[chunk];
      for (int j = 0; j < 20; ++j) {
        const uint64_t place = random() % entry.cycle_count;
        const ChunkIndex::Actor& who = index->actors[index->who[place]];
        const Subjects whose{.domain = who.domain, .key = who.key};
        const Sought sought = writes_of({.whose = whose, .slot = 1});
        const double before = cpu_us();
        const auto found = latest(*trace, sought, entry.first_cycle + place);
        const double after = cpu_us();
        // Else it was found further back.
        if (found && found->found && *found->found >= entry.first_cycle)
          took.push_back(after - before);
      }
    }
    state.SetIterationTime(took.back() * 1e-6);
  }
  tell(state, took);
}
void read_last_write(benchmark::State& state) {
  asking(state, 300, state.range(0) != 0, [](TraceReader& trace, uint64_t at, int64_t key) {
    benchmark::DoNotOptimize(last_write(trace, {.whose = worker(trace, key), .slot = 1}, at));
  });
}
void read_why(benchmark::State& state) {
  asking(state, 100, state.range(0) != 0, [](TraceReader& trace, uint64_t at, int64_t) {
    benchmark::DoNotOptimize(why(trace, at, {}, 20));
  });
}
// For an expression over all instances, or one of them; `rate` is cycles a second.
void search(benchmark::State& state, std::optional<Value> key, const char* expression) {
  const auto trace = std::move(*TraceReader::open(disk(), mixed().reader().path()));
  const auto timeline = std::move(*Timeline::open(*trace));
  const auto condition = std::move(*Condition::read(
      trace->program(), {.domain = trace->program().find_domain("Worker"), .key = std::move(key)},
      expression));
  for (auto _ : state) {
    const double before = cpu_us();
    uint64_t hits = 0;
    const auto end =
        each_time(*timeline, *condition, 0, trace->cycles(),
                  [&](uint64_t, InstanceId, const std::string&) { return ++hits > 0; });
    LEXUM_CHECK(end.ok());
    const double took = cpu_us() - before;
    state.SetIterationTime(took * 1e-6);
    state.counters["rate"] = static_cast<double>(trace->cycles()) / (took * 1e-6);
  }
}
void search_all(benchmark::State& state) { search(state, {}, "seed % 1000003 == 5"); }
void search_one(benchmark::State& state) { search(state, Value::of(int64_t{7}), "done == 12345"); }
void search_rare(benchmark::State& state) { search(state, {}, "self.id == 7"); }
// Two recordings of the same run, and one of another input.
void first_difference(benchmark::State& state) {
  const auto one = std::move(*TraceReader::open(disk(), mixed().reader().path()));
  const auto other = std::move(*TraceReader::open(disk(), mixed().reader().path()));
  for (auto _ : state) {
    const double before = cpu_us();
    LEXUM_CHECK(parting_of(*one, *other).ok());
    state.SetIterationTime((cpu_us() - before) * 1e-6);
  }
}
void whynot_anywhere(benchmark::State& state) {
  asking(state, 20, false, [](TraceReader& trace, uint64_t at, int64_t key) {
    const DomainId domain = trace.program().find_domain("Worker");
    const RoutineTarget close = *read_routine_target(trace.program(), "Worker.Close");
    benchmark::DoNotOptimize(whynot(
        trace, {.whose = {.domain = domain, .key = Value::of(key)}, .routine = close.routine}, at));
  });
}
BENCHMARK(search_all)->Apply(once);
BENCHMARK(search_one)->Apply(once);
BENCHMARK(search_rare)->Apply(once);
BENCHMARK(first_difference)->Apply(once);
BENCHMARK(whynot_anywhere)->Apply(once);
BENCHMARK(opening)->Apply(once);
BENCHMARK(look_up_write)->Apply(once)->Arg(0)->Arg(1);
BENCHMARK(look_up_flip)->Apply(once)->Arg(0)->Arg(1);
BENCHMARK(look_up_near)->Apply(once);
BENCHMARK(read_last_write)->Apply(once)->Arg(0)->Arg(1);
BENCHMARK(read_why)->Apply(once)->Arg(0)->Arg(1);
BENCHMARK(far)->Apply(once);
BENCHMARK(inside_a_chunk)->Apply(once);
BENCHMARK(step_back)->Apply(once);
BENCHMARK(forwards)->Apply(once);
BENCHMARK(backwards)->Apply(once);

}  // namespace
}  // namespace lexum
