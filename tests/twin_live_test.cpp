// Whatever a program does: let run bit by bit, and read in between, it is the run that it would be
// at once; and what is sent to it on the way is replayed with it.
#include <random>

#include "tracer/live.h"
#include "tracer/replay.h"
#include "tracer/timeline.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

class Bits {
 public:
  Bits(const Case& one, const Recording& how, uint64_t seed)
      : program_(program_of(one.program)), random_(seed) {
    const TraceHeader header{.engine = "0.1.0",
                             .run_id = "00112233445566778899aabbccddeeff",
                             .program_name = "test.lxm",
                             .program_text = one.program,
                             .start_values = how.start_values,
                             .options = {}};
    run = std::move(*LiveRun::begin(files, "run", program_, header));
    for (const InputImage& input : how.inputs) run->send(input);
    trace = std::move(*TraceReader::open(files, "run"));
    timeline = std::move(*Timeline::open(*trace));
  }

  // As far as it goes, or up to so many cycles.
  std::optional<Outcome> let_run(uint64_t cycles_max) {
    for (;;) {
      if (run->world().cycle() >= cycles_max && !run->at_end()) return Outcome::kLimit;
      LiveRun::Until until{.cycle = cycles_max};
      const uint64_t some = 1 + random_() % 20;
      switch (random_() % 3) {
        case 0:
          until.cycle = std::min(until.cycle, run->world().cycle() + some);
          break;
        case 1:
          until.tick = run->world().tick_now() + some;
          break;
        default:
          until.here = [this, some](const CycleRecord& ran) { return note(ran) % some == 0; };
      }
      const Result<LiveRun::Ran> ran = run->run(until, {});
      EXPECT_TRUE(ran.ok());
      read();
      if (!ran || ran->outcome) return ran ? ran->outcome : std::nullopt;
    }
  }
  // What is recorded is what the world is like.
  void read() {
    ASSERT_TRUE(trace->refresh());
    EXPECT_EQ(trace->end(), TraceEnd::kClosed);
    ASSERT_EQ(trace->cycles(), run->world().cycle());
    ASSERT_TRUE(timeline->go_to(trace->cycles()));
    for (const InstanceId id : run->world().instances_in_order()) {
      const auto fields = run->world().fields_of(id);
      EXPECT_TRUE(std::ranges::equal(timeline->state()[id].fields, fields));
      EXPECT_EQ(timeline->state()[id].mailbox.size(), run->world().mailbox_size(id));
    }
    for (const auto& [cycle, kind] : heard_) {
      const size_t chunk = trace->chunk_of(cycle);
      const auto index = trace->index(chunk);
      const size_t place = cycle - trace->chunks()[chunk].first_cycle;
      EXPECT_EQ((*index)->kinds[(*index)->what[place]], kind) << cycle;
    }
    heard_.clear();
    ASSERT_TRUE(timeline->go_to(random_() % (trace->cycles() + 1)));
  }

  MemoryFiles files;
  std::unique_ptr<LiveRun> run;
  std::unique_ptr<TraceReader> trace;
  std::unique_ptr<Timeline> timeline;

 private:
  uint64_t note(const CycleRecord& ran) {
    ChunkIndex::Kind kind;
    take_kind(ran, kind);
    heard_.emplace_back(ran.cycle, kind);
    return random_();
  }

  std::shared_ptr<const Program> program_;
  std::mt19937_64 random_;
  std::vector<std::pair<uint64_t, ChunkIndex::Kind>> heard_;  // since it was last read
};

TEST(Live, BitByBitIsTheRunAtOnce) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    const Recording how = recording_of(one.program, one.options);
    Recorded whole = record(one.program, how);
    Bits bits(one, how, seed);
    bits.let_run(how.cycles_max);
    EXPECT_EQ(log_of(*bits.trace), whole.log) << to_string(one);
    EXPECT_EQ(bits.run->run_hash(), whole.run_hash) << to_string(one);
    EXPECT_EQ(*bits.trace->run_hash(), whole.run_hash);
  }
}

TEST(Live, WhatIsSentOnTheWayIsReplayed) {
  uint64_t sent = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    const Recording how = recording_of(one.program, one.options);
    Recording without = how;
    without.inputs.clear();
    Bits bits(one, without, seed);
    for (InputImage input : how.inputs) {
      bits.let_run(bits.run->world().cycle() + 40);
      input.tick = 1;
      bits.run->send(std::move(input));
      ++sent;
    }
    bits.let_run(400);
    const auto again = std::move(*TraceReader::open(bits.files, "run"));
    EXPECT_EQ(again->cycles(), bits.run->world().cycle());
    const Result<ReplayResult> replayed = replay(*again, {});
    ASSERT_TRUE(replayed.ok()) << replayed.error().what << "\n" << to_string(one);
    EXPECT_FALSE(replayed->difference) << to_string(one) << replayed->difference->recorded << "\n"
                                       << replayed->difference->replayed;
    EXPECT_EQ(*again->run_hash(), bits.run->run_hash());
  }
  EXPECT_GT(sent, 100u);
}

}  // namespace
}  // namespace lexum::twin
