// Whatever a program does: what the statements of a cycle did makes up what the cycle did.
#include <map>
#include <random>

#include "tracer/statements.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

TEST(Statements, MakeUpWhatTheirCycleDid) {
  uint64_t seen = 0;
  uint64_t faults = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    const auto timeline = std::move(*Timeline::open(*trace));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 12 && trace->cycles() > 0; ++i) {
      const uint64_t cycle = 1 + random() % trace->cycles();
      const std::string what = to_string(one) + "at " + std::to_string(cycle);
      const Result<CycleStatements> found = statements_of(*timeline, cycle);
      ASSERT_TRUE(found.ok()) << found.error().what << "\n" << what;
      const CycleView& ran = found->ran;
      ASSERT_EQ(ran.fault.has_value(),
                static_cast<bool>(found->wanted.fault) ||
                    (ran.fault && ran.fault->code == Code::kInvariantBroken) ||
                    (ran.fault && ran.fault->code == Code::kMailboxFull))
          << what;
      if (ran.fault) {
        ++faults;
        if (found->wanted.fault) {
          EXPECT_EQ(found->wanted.fault.code, ran.fault->code) << what;
        }
        continue;
      }
      std::map<uint32_t, std::pair<Value, Value>> changed;
      uint32_t emissions = 0;
      uint32_t logs = 0;
      for (const StatementView& statement : found->statements) {
        ++seen;
        emissions += statement.emissions;
        logs += statement.logs;
        for (const auto& [slot, before, after] : statement.writes) {
          changed.try_emplace(slot, before, after).first->second.second = after;
        }
      }
      std::erase_if(changed, [](const auto& c) { return c.second.first == c.second.second; });
      ASSERT_EQ(changed.size(), ran.changes.size()) << what;
      for (const ChangeView& change : ran.changes) {
        ASSERT_TRUE(changed.contains(change.slot)) << what;
        EXPECT_TRUE(!change.before.known || changed[change.slot].first == change.before.value)
            << what;
        EXPECT_TRUE(!change.after.known || changed[change.slot].second == change.after.value)
            << what;
      }
      EXPECT_EQ(emissions, ran.emissions.size()) << what;
      EXPECT_EQ(logs, ran.logs.size()) << what;
    }
  }
  EXPECT_GT(seen, 2'000u);
  EXPECT_GT(faults, 20u);
}

}  // namespace
}  // namespace lexum::twin
