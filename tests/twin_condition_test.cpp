// Whatever a program does: a condition comes to hold where going through every moment finds it.
#include <map>

#include "tracer/condition.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

using Sights = std::vector<std::pair<uint64_t, uint32_t>>;

Sights by_looking_at_everything(Timeline& timeline, Condition& condition, uint64_t from) {
  Sights seen;
  std::map<uint32_t, bool> held;
  for (uint64_t cycle = from; cycle <= timeline.trace().cycles(); ++cycle) {
    EXPECT_TRUE(timeline.go_to(cycle));
    for (size_t i = 0; i < timeline.state().size(); ++i) {
      const InstanceState& one = timeline.state()[InstanceId(i)];
      const bool now = condition.whose().has(one.domain, one.key) && condition.holds(one);
      if (now && !held[one.id.value]) seen.emplace_back(cycle, one.id.value);
      held[one.id.value] = now;
    }
  }
  std::ranges::sort(seen);
  return seen;
}

TEST(Conditions, ComeToHoldWhereTheyDo) {
  uint64_t found = 0;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    const Program& program = trace->program();
    const auto timeline = std::move(*Timeline::open(*trace));
    for (size_t d = 0; d < program.domains.size(); ++d) {
      for (const Field& field : program.domains[d].fields) {
        const TypeKind kind = program.types[field.type].kind;
        std::string text = field.name;
        if (kind == TypeKind::kInt) text += " % 3 == 1";
        else if (kind == TypeKind::kList || kind == TypeKind::kMap) text += ".length > 0";
        else if (kind == TypeKind::kText) text += ".length % 2 == 1";
        else if (kind != TypeKind::kBool) continue;
        const auto condition = Condition::read(program, {.domain = DomainId(d)}, text);
        if (!condition) continue;  // one that may be null
        const uint64_t from = seed % 3 == 0 ? trace->cycles() / 2 : 0;
        Sights seen;
        const auto end = each_time(*timeline, **condition, from, trace->cycles(),
                                   [&](uint64_t cycle, InstanceId id, const std::string&) {
                                     seen.emplace_back(cycle, id.value);
                                     return true;
                                   });
        ASSERT_TRUE(end.ok()) << end.error().what << to_string(one);
        std::ranges::sort(seen);
        found += seen.size();
        EXPECT_EQ(seen, by_looking_at_everything(*timeline, **condition, from))
            << to_string(one) << text;
      }
    }
  }
  EXPECT_GT(found, 1'000u);
}

}  // namespace
}  // namespace lexum::twin
