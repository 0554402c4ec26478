// Programs made at random whose effects somebody outside carries out, late, badly or twice, on a
// disk that dies: nothing that was asked for is lost, each thing is asked for by one key, and what
// came of it is what the run goes on with, whenever it is looked at again.
#include <thread>

#include "fake_adapter.h"
#include "faulty_disk.h"
#include "machine/door.h"
#include "machine/durable.h"
#include "machine/past.h"
#include "tracer/past_trace.h"
#include "tracer/replay.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

std::shared_ptr<const Program> bound(const std::string& text) {
  Diagnostics diagnostics;
  return load(Source("test.lxm", text), diagnostics,
              [](const Effect&) { return EffectMode::kBound; });
}

// Lets time pass for an adapter, as long as it is there.
class Time {
 public:
  explicit Time(FakeAdapter& adapter)
      : thread_([this, &adapter] {
          while (!stop_) {
            if (!adapter.pass_time()) std::this_thread::sleep_for(std::chrono::microseconds(50));
          }
        }) {}
  ~Time() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class Venture {
 public:
  explicit Venture(uint64_t seed)
      : one(generate(seed)),
        how_(without_kills(recording_of(one.program, one.options))),
        program(bound(one.program)),
        random_(seed),
        adapter(seed, {.late = 40, .failing = 20, .twice = 10}) {}

  Result<Outcome> run(FakeAdapter& with) {
    Door door(with, program);
    auto opened = DurableRun::open(disk, "d", program, how_.inputs, options(&door));
    if (!opened) return opened.error();
    const Time time(with);
    const Result<Outcome> outcome = (*opened)->run();
    run_hash = (*opened)->machine().run_hash();
    state = (*opened)->machine().world().state_hash();
    awaited = (*opened)->machine().world().intents().size();
    return outcome;
  }
  Result<Outcome> run() { return run(adapter); }
  void come_back() { disk.come_back(FaultyDisk::Loss::kPower, random_); }
  void forget_snapshots() {
    const std::vector<std::string> names = *disk.list("d");
    for (const std::string& name : names) {
      if (name.ends_with(".snapshot.json")) (void)disk.remove("d/" + name);
    }
  }

  const Case one;

 private:
  DurableOptions options(Outside* outside) const {
    return {.machine = {.start_values = how_.start_values,
                        .cycles_max = how_.cycles_max,
                        .outside = outside},
            .segment_bytes = 4096,
            .snapshot_every = 10,
            .keep_history = true,
            .snapshots_at_once = true};
  }
  const Recording how_;

 public:
  const std::shared_ptr<const Program> program;

 private:
  std::mt19937_64 random_;

 public:
  FakeAdapter adapter;
  FaultyDisk disk;
  Hash256 run_hash{};
  Sum128 state;
  size_t awaited = 0;
};

// One key, one errand; and how often each was asked for.
std::map<std::string, int> asked(const Venture& venture) {
  std::map<std::string, std::string> args;
  for (const Errand& errand : venture.adapter.errands()) {
    const auto [known, is_new] = args.try_emplace(errand.key, errand.args);
    EXPECT_EQ(known->second, errand.args) << errand.key << to_string(venture.one);
  }
  return venture.adapter.times_asked();
}

TEST(EffectsOutside, AreCarriedOutAndRunAgainWithoutAskingAnybody) {
  size_t carried_out = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    Venture venture(seed);
    if (venture.program->effects.empty()) continue;
    const Result<Outcome> outcome = venture.run();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what << to_string(venture.one);
    const auto times = asked(venture);
    carried_out += times.size();
    for (const auto& [key, count] : times) EXPECT_EQ(count, 1) << key;
    const Hash256 run_hash = venture.run_hash;
    const Sum128 state = venture.state;

    // What came of it stands in the journal, so nobody is asked again.
    // Where it was stopped in the middle, what has just come may be beyond that.
    if (*outcome == Outcome::kLimit) continue;
    if (venture.awaited == 0) {
      venture.forget_snapshots();
      FakeAdapter nobody(seed, {});
      const Result<Outcome> again = venture.run(nobody);
      ASSERT_TRUE(again.ok()) << again.error().what << to_string(venture.one);
      EXPECT_EQ(*again, *outcome) << to_string(venture.one);
      EXPECT_EQ(venture.run_hash, run_hash) << spelling(*outcome) << to_string(venture.one);
      EXPECT_EQ(venture.state, state) << to_string(venture.one);
      EXPECT_TRUE(nobody.errands().empty()) << to_string(venture.one);
    }

    // And it is recorded and replayed as any run.
    ASSERT_TRUE(record_past(venture.disk, "d", "trace", {})) << to_string(venture.one);
    const auto trace = TraceReader::open(venture.disk, "trace");
    ASSERT_TRUE(trace.ok()) << trace.error().what;
    const Result<ReplayResult> replayed = replay(**trace, {});
    ASSERT_TRUE(replayed.ok()) << replayed.error().what << to_string(venture.one);
    EXPECT_FALSE(replayed->difference) << replayed->difference->recorded << "\n"
                                       << replayed->difference->replayed << to_string(venture.one);
  }
  EXPECT_GT(carried_out, 200u);
}

TEST(EffectsOutside, AreCarriedOutAtLeastOnceWheneverTheProcessDies) {
  uint64_t crashes = 0;
  uint64_t again = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    for (uint64_t at = 5; at < 400; at += 13) {
      Venture venture(seed);
      if (venture.program->effects.empty()) break;
      venture.disk.die_after(at);
      Result<Outcome> outcome = venture.run();
      const bool died = !outcome.ok();
      if (died) {
        ++crashes;
        venture.come_back();
        outcome = venture.run();
      }
      ASSERT_TRUE(outcome.ok()) << outcome.error().what << to_string(venture.one);
      for (const auto& [key, count] : asked(venture)) {
        EXPECT_LE(count, 2) << key << to_string(venture.one);
        again += count - 1;
      }
      if (*outcome == Outcome::kLimit || venture.awaited != 0) continue;
      const Hash256 run_hash = venture.run_hash;
      venture.disk.die_after(UINT64_MAX);
      venture.forget_snapshots();
      FakeAdapter nobody(seed, {});
      outcome = venture.run(nobody);
      ASSERT_TRUE(outcome.ok()) << outcome.error().what << to_string(venture.one);
      EXPECT_EQ(venture.run_hash, run_hash) << "dies after " << at << to_string(venture.one);
      EXPECT_TRUE(nobody.errands().empty()) << "dies after " << at << to_string(venture.one);
      if (!died) break;
    }
  }
  EXPECT_GT(crashes, 100u);
  EXPECT_GT(again, 0u) << "some have to be asked for again";
}

}  // namespace
}  // namespace lexum::twin
