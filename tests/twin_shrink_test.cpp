// Whatever a program does when it fails: what is left of its inputs fails in the same way, and with
// any one of them less it does not.
#include "tracer/lookup.h"
#include "tracer/shrink.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

// Whether some cycle of the run has that fault.
bool fails_like(TraceReader& trace, const Failure& failure) {
  bool fails = false;
  const Visit visit = [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran != nullptr && ran->fault) {
      fails = fails || (ran->domain == failure.domain && ran->fault->code == failure.code &&
                        ran->fault->span == failure.span &&
                        (failure.how != Failure::How::kFaulted || ran->made_faulted));
    }
    return !fails;
  };
  EXPECT_TRUE(scan(trace, 0, trace.cycles(), {}, visit).ok());
  return fails;
}

TEST(Shrinking, LeavesWhatItTakesAndNothingMore) {
  uint64_t shrunk_runs = 0;
  uint64_t left_out = 0;
  for (uint64_t seed = 1; seed <= 400 / kShare; ++seed) {
    const Case one = generate(seed);
    Recording how = recording_of(one.program, one.options);
    if (how.inputs.size() < 2) continue;
    Recorded run = record(one.program, how);
    const auto trace = run.open();
    const Result<Shrunk> shrunk = shrink(*trace, run.files, "small");
    if (!shrunk) {
      EXPECT_THAT(shrunk.error().what, testing::HasSubstr("does not fail"));
      continue;
    }
    if (shrunk->failure.how == Failure::How::kUnsatisfied) continue;
    ++shrunk_runs;
    left_out += shrunk->inputs_before - shrunk->inputs.size();
    const auto small = std::move(*TraceReader::open(run.files, "small"));
    const std::string what = to_string(one) + describe(shrunk->failure, trace->program());
    EXPECT_TRUE(fails_like(*small, shrunk->failure)) << what;
    for (size_t i = 0; i < shrunk->inputs.size(); ++i) {
      how.inputs = shrunk->inputs;
      how.inputs.erase(how.inputs.begin() + static_cast<std::ptrdiff_t>(i));
      how.cycles_max = 2 * trace->cycles() + 1000;
      Recorded without = record(one.program, how);
      const auto less = without.open();
      EXPECT_FALSE(fails_like(*less, shrunk->failure)) << what << " without input " << i;
    }
    // Texts that can be typed again.
    for (const InputImage& input : shrunk->inputs) {
      const auto read = read_any(trace->program(), message_text(trace->program(), input));
      ASSERT_TRUE(read.ok()) << read.error().what;
      EXPECT_EQ(read->args, input.args);
    }
  }
  EXPECT_GT(shrunk_runs, 20 / kShare);
  EXPECT_GT(left_out, 20 / kShare);
}

}  // namespace
}  // namespace lexum::twin
