// Whatever a program does: the indexes say what going through the events says, whether they are
// read from the file or made anew.
#include <random>

#include "tracer/lookup.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

using Test = std::function<bool(const CycleView&)>;

// The cycles that pass, by going through all events.
std::vector<uint64_t> scanned(TraceReader& trace, const Test& test) {
  std::vector<uint64_t> cycles;
  const Visit visit = [&](const EventView& event, uint64_t at) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran != nullptr && test(*ran)) cycles.push_back(at);
    return true;
  };
  EXPECT_TRUE(scan(trace, 0, trace.cycles(), {}, visit).ok());
  return cycles;
}

struct Asked {
  Sought sought;
  Test test;
};

// Something to be sought in that program, at random, and how it is seen in an event.
Asked random_question(const Program& program, TraceReader& trace, std::mt19937_64& random) {
  const CycleView some = *[&] {
    std::optional<CycleView> found;
    const uint64_t cycle = 1 + random() % trace.cycles();
    EXPECT_TRUE(scan(trace, cycle, cycle, {}, [&](const EventView& event, uint64_t) {
                  if (const auto* ran = std::get_if<CycleView>(&event)) found = *ran;
                  return !found;
                }).ok());
    return found;
  }();
  Subjects whose{.domain = some.domain};
  if (random() % 2 == 0) whose.key = some.key;
  const auto its = [whose](const CycleView& ran) { return whose.has(ran.domain, ran.key); };
  const Domain& domain = program[some.domain];
  switch (random() % 6) {
    case 0:
      return {cycles_of(whose), its};
    case 1:
      return {runs_of({.whose = whose, .routine = some.routine}),
              [=](const CycleView& ran) { return its(ran) && ran.routine == some.routine; }};
    case 2: {
      if (domain.fields.empty()) return {cycles_of(whose), its};
      const auto slot = static_cast<uint32_t>(random() % domain.fields.size());
      return {writes_of({.whose = whose, .slot = slot}), [=](const CycleView& ran) {
                return its(ran) && std::ranges::count(ran.changes, slot, &ChangeView::slot) > 0;
              }};
    }
    case 3: {
      if (domain.goals.empty()) return {cycles_of(whose), its};
      const GoalIndex goal(random() % domain.goals.size());
      const auto to = static_cast<GoalStatus>(random() % 4);
      return {flips_of({.whose = whose, .goal = goal}, to), [=](const CycleView& ran) {
                return its(ran) && std::ranges::any_of(ran.flips, [&](const GoalFlip& flip) {
                         return flip.goal == goal && flip.to == to;
                       });
              }};
    }
    case 4:
      return {faults_of({}), [](const CycleView& ran) { return ran.fault.has_value(); }};
    default:
      return {retirements_of(whose), [=](const CycleView& ran) { return its(ran) && ran.retires; }};
  }
}

TEST(Lookup, FindsWhatGoingThroughTheEventsFinds) {
  uint64_t found = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    if (trace->cycles() == 0) continue;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 12; ++i) {
      const Asked asked = random_question(trace->program(), *trace, random);
      const std::vector<uint64_t> all = scanned(*trace, asked.test);
      found += all.size();
      const uint64_t at = random() % (trace->cycles() + 1);
      const auto behind = std::ranges::upper_bound(all, at);
      const auto last = latest(*trace, asked.sought, at);
      ASSERT_TRUE(last.ok());
      EXPECT_EQ(last->found.value_or(0), behind == all.begin() ? 0 : *(behind - 1))
          << to_string(one) << at;
      const auto next = earliest(*trace, asked.sought, at);
      ASSERT_TRUE(next.ok());
      EXPECT_EQ(next->found.value_or(0), behind == all.end() ? 0 : *behind) << to_string(one) << at;
      for (const bool ahead : {true, false}) {
        std::vector<uint64_t> each;
        const auto visit = [&](uint64_t cycle) {
          each.push_back(cycle);
          return true;
        };
        const uint64_t end = trace->cycles();
        ASSERT_TRUE(each_of(*trace, asked.sought, ahead ? 0 : end, ahead ? end : 0, visit).ok());
        if (!ahead) std::ranges::reverse(each);
        EXPECT_EQ(each, all) << to_string(one);
      }
    }
  }
  EXPECT_GT(found, 10'000u);
}

TEST(Lookup, AnIndexThatIsReadIsTheOneThatIsMadeAnew) {
  uint64_t read = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    ColumnJoiner joiner(trace->program());
    for (size_t i = 0; i < trace->chunks().size(); ++i) {
      const auto chunk = trace->chunk(i);
      ASSERT_TRUE(chunk.ok());
      ColumnSplitter splitter(trace->program());
      IndexNotes notes(trace->program());
      Columns columns;
      notes.begin((*chunk)->head.tick_before);
      const Streams& streams = (*chunk)->streams;
      ASSERT_TRUE(splitter.split(streams.canonical.bytes(), streams.side.bytes(), columns, &notes));
      const auto index = trace->index(i);
      ASSERT_TRUE(index.ok());
      EXPECT_EQ(**index, notes.index()) << to_string(one);
      IndexNotes again(trace->program());
      again.begin((*chunk)->head.tick_before);
      Streams joined;
      ASSERT_TRUE(joiner.join(columns.bytes.bytes(), streams.canonical.size(), columns.side_bytes,
                              joined, &again));
      EXPECT_EQ(again.index(), notes.index()) << to_string(one);
      read += trace->chunks()[i].index.offset != 0;
    }
  }
  EXPECT_GT(read, 50u);
}

}  // namespace
}  // namespace lexum::twin
