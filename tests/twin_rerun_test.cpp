// A recorded run that is a world again is what it was, wherever it is taken up, and goes on as it
// did.
#include <random>

#include "tracer/replay.h"
#include "tracer/rerun.h"
#include "tracer/timeline.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

// What an operator does comes before the tick, and belongs to the moment before.
bool act_follows(TraceReader& trace, uint64_t cycle) {
  bool follows = false;
  const Visit look = [&](const EventView& event, uint64_t) {
    const auto* input = std::get_if<InputView>(&event);
    follows = follows || (input != nullptr && is_act(input->kind));
    return true;
  };
  EXPECT_TRUE(scan(trace, cycle, cycle, {}, look).ok());
  return follows;
}

// Where the world stands, the fields are those of the trace.
void expect_fields_of(const World& world, Timeline& timeline, const std::string& what) {
  ASSERT_TRUE(timeline.go_to(world.cycle()));
  for (const InstanceId id : world.instances_in_order()) {
    const InstanceId there = timeline.find(world.domain_of(id), world.key_of(id));
    ASSERT_TRUE(there) << what << world.name_of(id);
    const auto& fields = timeline.state()[there].fields;
    EXPECT_TRUE(std::ranges::equal(fields, world.fields_of(id))) << what << world.name_of(id);
  }
}

// Whether the cycle after that one is of another tick.
bool is_between_ticks(TraceReader& trace, uint64_t cycle) {
  std::vector<uint64_t> ticks;
  const Visit note = [&](const EventView& event, uint64_t) {
    if (const auto* ran = std::get_if<CycleView>(&event)) ticks.push_back(ran->tick);
    return true;
  };
  EXPECT_TRUE(scan(trace, cycle, std::min(cycle + 1, trace.cycles()), {}, note).ok());
  return ticks.size() < 2 || ticks[0] != ticks[1];
}

TEST(Rerun, StandsBetweenTheTicksAndGoesOnAsItIsRecorded) {
  uint64_t stood_exactly = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    const auto timeline = std::move(*Timeline::open(*trace));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 4; ++i) {
      const uint64_t cycle = random() % (trace->cycles() + 1);
      const std::string what = to_string(one) + "at " + std::to_string(cycle) + " ";
      const auto rerun = Rerun::at(*trace, cycle);
      ASSERT_TRUE(rerun.ok()) << what << rerun.error().what;
      World& world = (*rerun)->world();
      ASSERT_LE(world.cycle(), cycle) << what;
      if (is_between_ticks(*trace, cycle)) {
        EXPECT_EQ(world.cycle(), cycle) << what;
      }
      stood_exactly += world.cycle() == cycle;
      if (!act_follows(*trace, world.cycle())) expect_fields_of(world, *timeline, what);
      for (;;) {
        const Result<bool> more = (*rerun)->tick();
        ASSERT_TRUE(more.ok()) << what << more.error().what;
        if (!*more) break;
      }
      EXPECT_EQ(world.cycle(), trace->cycles()) << what;
      expect_fields_of(world, *timeline, what);
    }
  }
  EXPECT_GT(stood_exactly, 200u);
}

// Where nothing was known before it came, what waits for room waits in the record alone.
TEST(Rerun, OfWhatHasComeLateIsTheSameAgain) {
  uint64_t inputs = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const Case one = generate(seed);
    Recording how = recording_of(one.program, one.options);
    std::ranges::stable_sort(how.inputs, {}, &InputImage::tick);
    how.late.swap(how.inputs);
    inputs += how.late.size();
    Recorded run = record(one.program, how);
    const auto trace = run.open();
    const Result<ReplayResult> again = replay(*trace, {});
    ASSERT_TRUE(again.ok()) << again.error().what << to_string(one);
    EXPECT_FALSE(again->difference) << again->difference->cycle << " " << to_string(one);
    std::mt19937_64 random(seed);
    const auto rerun = Rerun::at(*trace, random() % (trace->cycles() + 1));
    ASSERT_TRUE(rerun.ok()) << rerun.error().what << to_string(one);
    for (;;) {
      const Result<bool> more = (*rerun)->tick();
      ASSERT_TRUE(more.ok()) << more.error().what << to_string(one);
      if (!*more) break;
    }
    EXPECT_EQ((*rerun)->world().cycle(), trace->cycles()) << to_string(one);
  }
  EXPECT_GT(inputs, 1'000u);
}

// However a record was cut off: in the middle of a tick, too.
TEST(Rerun, OfARecordThatWasCutOffStandsBeforeItsLastTick) {
  uint64_t cut = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const std::string whole = run.files["run"];
    std::mt19937_64 random(seed);
    for (int i = 0; i < 6; ++i) {
      run.files["run"] = whole.substr(0, whole.size() / 2 + random() % (whole.size() / 2));
      const auto trace = TraceReader::open(run.files, "run");
      if (!trace) continue;
      ++cut;
      const auto rerun = Rerun::at(**trace, (*trace)->cycles());
      ASSERT_TRUE(rerun.ok()) << rerun.error().what << to_string(one);
      EXPECT_LE((*rerun)->world().cycle(), (*trace)->cycles());
    }
  }
  EXPECT_GT(cut, 50u);
}

}  // namespace
}  // namespace lexum::twin
