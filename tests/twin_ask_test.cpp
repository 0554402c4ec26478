// Whatever a program does: who wrote a field is who made it differ, and why something happened ends
// where everything begins.
#include "timeline_witness.h"
#include "tracer/why.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

// What it was like at every cycle.
std::vector<WorldState> all_states(Timeline& timeline, uint64_t cycles) {
  std::vector<WorldState> states;
  for (uint64_t cycle = 0; cycle <= cycles; ++cycle) {
    EXPECT_TRUE(timeline.go_to(cycle));
    states.push_back(timeline.state());
  }
  return states;
}

// The latest cycle that made the field of that instance another one; 0: none did.
uint64_t differs_since(const std::vector<WorldState>& states, InstanceId id, uint32_t slot,
                       uint64_t at) {
  for (uint64_t cycle = at; cycle > 0; --cycle) {
    if (states[cycle - 1].size() <= id.index()) return 0;
    if (states[cycle - 1][id].fields[slot] != states[cycle][id].fields[slot]) return cycle;
  }
  return 0;
}

TEST(Asking, FindsTheWriteThatMadeTheDifference) {
  uint64_t found = 0;
  uint64_t by_acts = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Case one = generate(seed);
    Witnessed run(one.program, recording_of(one.program, one.options), seed);
    const auto trace = run.open();
    const auto timeline = std::move(*Timeline::open(*trace));
    const std::vector<WorldState> states = all_states(*timeline, trace->cycles());
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20; ++i) {
      const uint64_t at = random() % states.size();
      const InstanceId id(random() % states[at].size());
      const InstanceState& instance = states[at][id];
      if (instance.gone || instance.fields.empty()) continue;
      const auto slot = static_cast<uint32_t>(random() % instance.fields.size());
      const FieldTarget field{.whose = {.domain = instance.domain, .key = instance.key},
                              .slot = slot};
      const Result<Answer<Write>> answer = last_write(*trace, field, at);
      ASSERT_TRUE(answer.ok());
      const auto& write = answer->found;
      if (write && write->how == Write::How::kRollback) continue;
      found += write.has_value();
      const std::string what = to_string(one) + "at " + std::to_string(at);
      if (write && write->how == Write::How::kAct) {
        // What an operator sets may have been that before.
        EXPECT_LE(differs_since(states, id, slot, at), write->at) << what;
        EXPECT_EQ(instance.fields[slot], write->change.after.value) << what;
        ++by_acts;
        continue;
      }
      EXPECT_EQ(write ? write->at : 0, differs_since(states, id, slot, at)) << what;
    }
  }
  EXPECT_GT(found, 200u);
  EXPECT_GT(by_acts, 20u);
}

TEST(Asking, WhyEndsWhereEverythingBegins) {
  uint64_t steps = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Case one = generate(seed);
    Witnessed run(one.program, recording_of(one.program, one.options), seed);
    const auto trace = run.open();
    for (uint64_t cycle = 1; cycle <= trace->cycles(); cycle += 1 + trace->cycles() / 20) {
      const Result<Why> answer = why(*trace, cycle);
      ASSERT_TRUE(answer.ok());
      ASSERT_FALSE(answer->steps.empty());
      EXPECT_EQ(answer->steps.back().cause, 0u);
      uint64_t before = cycle + 1;
      for (const WhyStep& step : answer->steps) {
        EXPECT_LT(step.ran.cycle, before);
        EXPECT_LT(step.cause, step.ran.cycle);
        before = step.ran.cycle;
      }
      steps += answer->steps.size();
    }
  }
  EXPECT_GT(steps, 1000u);
}

}  // namespace
}  // namespace lexum::twin
