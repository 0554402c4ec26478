// A recorded run is at every cycle what it was when it ran, whichever way one comes.
#include "machine/inputs.h"
#include "timeline_witness.h"

namespace lexum {
namespace {

using testing::HasSubstr;

struct Typed {
  uint64_t tick;
  std::string text;
};
Recording typed(const std::string& program, const std::vector<Typed>& inputs,
                uint64_t cycles_max = 10'000) {
  const auto loaded = program_of(program);
  Recording how{.start_values = {}, .inputs = {}, .cycles_max = cycles_max};
  for (const Typed& input : inputs) {
    how.inputs.push_back(*read_message(*loaded, input.text));
    how.inputs.back().tick = input.tick;
  }
  return how;
}

std::unique_ptr<Timeline> opened(TraceReader& trace, size_t bytes_max = kTimelineBytes) {
  return std::move(*Timeline::open(trace, bytes_max));
}

// From several seeds, since they decide where chunks end and keyframes stand.
std::string seen_otherwise(const std::string& program, const Recording& how) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Witnessed run(program, how, seed);
    const std::string wrong = wandered(run, seed);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

TEST(Timeline, IsTheRunOfEverythingATraceCanHold) {
  EXPECT_EQ(seen_otherwise(kMixed, typed(kMixed, {})), "");
}

TEST(Timeline, GoesBackToTheRestWithAnAssert) {
  const char* program = R"(
domain Shelf {
  state { items: int }
  on Put(count: int) { items += count  send Report Was(items: items)  send Later[items] Look }
  on Counted(really: int) { assert items == really }
}
domain Later[id: int] { state { n: int } on Look { n += 1  send Shelf Put(count: 1) } }
domain Report { state { items: int } on Was(items: int) { state.items = items } }
@restart(never)
domain Broken { state { n: int } on Break { n = 1 / n } on Wait { n = 2 } }
)";
  // Broken's mail makes nobody ready: what came in a tick of its own is at the rest already.
  const std::vector<Typed> inputs = {{1, "Broken Break"}, {1, "Broken Wait"},
                                     {4, "Broken Wait"},  {6, "Broken Wait"},
                                     {9, "Broken Wait"},  {9, "Shelf Put(count: 3)"},
                                     {11, "Broken Wait"}, {13, "Shelf Counted(really: 77)"}};
  EXPECT_EQ(seen_otherwise(program, typed(program, inputs)), "");
  // The run goes on for ever, so it was never at rest since.
  Witnessed run(program, typed(program, inputs), 1);
  const auto trace = run.open();
  const auto timeline = opened(*trace);
  ASSERT_TRUE(timeline->go_to(trace->cycles()));
  EXPECT_EQ(timeline->state()[timeline->find(DomainId(0), {})].fields[0], Value::of(int64_t{0}));
  EXPECT_EQ(timeline->state()[timeline->find(DomainId(3), {})].mailbox.size(), 4u);
  ASSERT_TRUE(timeline->back());
  EXPECT_GT(timeline->state()[timeline->find(DomainId(0), {})].fields[0].as_int(), 3);
}

// What a file says of an act is looked at before it is done.
TEST(Timeline, RefusesActsThatMakeNoSense) {
  const auto program = program_of(
      "domain D { state { n: int  s: string } goal G { predicate n == 0 } transition T { } }");
  const auto number = [](int64_t v) { return Value::of(v); };
  const Value text = Value::of(std::string_view("x"));
  const auto is_one = [&](InputKind kind, std::vector<Value> args) {
    InputView view{.kind = kind, .domain = DomainId(0), .routine = {}, .event = {}};
    view.args = std::move(args);
    return act_of(view, *program).has_value();
  };
  constexpr auto kSet = InputKind::kSet;
  constexpr auto kRevive = InputKind::kRevive;
  const auto set = [&](std::vector<Value> args) { return is_one(kSet, std::move(args)); };
  const auto revive = [&](std::vector<Value> args) { return is_one(kRevive, std::move(args)); };
  EXPECT_TRUE(set({number(0), number(0), number(1), number(0), number(5), number(1)}));
  EXPECT_TRUE(set({number(1), number(0), number(1), number(1), text}));
  EXPECT_FALSE(set({number(1), number(0), number(1), number(1), number(5)}));  // a type
  EXPECT_FALSE(set({number(0), number(0), number(1), number(0), text}));
  EXPECT_FALSE(set({number(0), number(0), number(1), number(0), Value()}));
  EXPECT_FALSE(set({number(2), number(0), number(1), number(2), number(5)}));  // a field
  EXPECT_FALSE(set({number(0), number(0), number(1), number(1), text}));       // another one
  EXPECT_FALSE(set({number(0), number(0), number(0)}));                        // none
  EXPECT_FALSE(set({number(0), number(0), number(1), number(0), number(5), number(4)}));  // a goal
  EXPECT_FALSE(set({number(0), number(0), number(9), number(0), number(5)}));
  EXPECT_FALSE(set({text, number(0), number(0)}));
  EXPECT_FALSE(set({}));
  EXPECT_TRUE(revive({number(2), number(1), number(1), number(0), number(5)}));
  EXPECT_FALSE(revive({number(4), number(1), number(0)}));  // a way to do it
  EXPECT_FALSE(revive({number(-1), number(1), number(0)}));
}

TEST(Timeline, KnowsAKeyThatComesBack) {
  const char* program = R"(
domain Node[id: int] {
  state { hops: int }
  transition Boot { hops = 1 }
  transition Hop(left: int) {
    hops += 1
    if left > 0 { send Node[(self.id + 1) % 2] Hop(left: left - 1) }
    if left % 3 == 0 { retire }
  }
}
)";
  const Recording how = typed(program, {{1, "Node[0] Hop(left: 40)"}});
  EXPECT_EQ(seen_otherwise(program, how), "");
  Witnessed run(program, how, 1);
  const auto trace = run.open();
  const auto timeline = opened(*trace);
  ASSERT_TRUE(timeline->go_to(trace->cycles()));
  EXPECT_GT(timeline->state().size(), 8u);
  EXPECT_LT(timeline->instances_in_order().size(), 3u);
}

TEST(Timeline, LetsNobodyHearABroadcastOfTheTickHeCameIn) {
  const char* program = R"(
domain Ear[id: int] { state { heard: int } on Event::Call(n: int) { heard += n } on Hello { } }
)";
  EXPECT_EQ(seen_otherwise(program, typed(program, {{1, "Ear[1] Hello"},
                                                    {3, "Ear[2] Hello"},
                                                    {3, "Event::Call(n: 5)"},
                                                    {4, "Event::Call(n: 7)"}})),
            "");
}

TEST(Timeline, KnowsWhetherATransitionReturned) {
  const char* program = R"(
domain D {
  state { n: int  seen: list<int> }
  transition T(k: int) {
    step { n += 1  if k % 2 == 0 { return } }
    step { for x in seen { if x == k { return } }  seen = seen.add(k) }
    step { n += 10 }
  }
}
)";
  std::vector<Typed> inputs;
  for (uint64_t i = 0; i < 12; ++i) {
    inputs.push_back({i, "D T(k: " + std::to_string(i % 5) + ")"});
  }
  EXPECT_EQ(seen_otherwise(program, typed(program, inputs)), "");
}

TEST(Timeline, KeepsTheMessageThatBrokeAnInstance) {
  const char* program = R"(
@restart(1, 100)
domain D {
  state { n: int }
  transition T(k: int) { step { n = k } step { n = 10 / k } step { n += 1 } }
}
)";
  EXPECT_EQ(seen_otherwise(program, typed(program, {{1, "D T(k: 1)"},
                                                    {1, "D T(k: 0)"},
                                                    {1, "D T(k: 2)"},
                                                    {1, "D T(k: 0)"},
                                                    {1, "D T(k: 3)"},
                                                    {9, "D T(k: 4)"}})),
            "");
}

constexpr const char* kRing = R"(
domain Node[id: int] {
  state { count: int  seen: int }
  transition Token(hops: int) {
    count += 1
    seen = hops
    if hops > 0 { send Node[(self.id * 7 + hops) % 100] Token(hops: hops - 1) }
  }
}
domain Start { transition Boot { for i in 0..100 { send Node[i] Token(hops: 4000) } } }
)";

// Every so many cycles a hash of what everybody was like, so that millions can be compared.
TEST(Timeline, StepsAcrossKeyframesOfBothKinds) {
  Recorded run = record(kRing, {.start_values = {}, .inputs = {}, .cycles_max = 1'000'000});
  const auto trace = run.open();
  ASSERT_GT(trace->keyframes().size(), 2u);
  World world(trace->program(), {});
  std::map<uint64_t, std::vector<InstanceState>> was;
  while (world.tick()) {
    if (world.tick_now() % 97 != 0) continue;
    for (const InstanceImage& image : world.image().instances) {
      was[world.cycle()].push_back(state_of(image));
    }
  }
  ASSERT_EQ(world.cycle(), trace->cycles());
  const auto timeline = opened(*trace);
  const auto same = [&](uint64_t cycle, const std::vector<InstanceState>& instances) {
    const Status there = timeline->go_to(cycle);
    if (!there) return false;
    for (const InstanceState& instance : instances) {
      if (!(timeline->state()[instance.id] == instance)) return false;
    }
    return timeline->state().size() == instances.size();
  };
  for (const auto& [cycle, instances] : was) ASSERT_TRUE(same(cycle, instances)) << cycle;
  for (auto it = was.rbegin(); it != was.rend(); ++it) {
    ASSERT_TRUE(same(it->first, it->second)) << it->first;
  }
  // Over the border of a chunk and back.
  for (const ChunkEntry& chunk : trace->chunks()) {
    if (chunk.first_cycle < 3 || chunk.first_cycle + 2 > trace->cycles()) continue;
    ASSERT_TRUE(timeline->go_to(chunk.first_cycle + 2));
    const WorldState then = timeline->state();
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(timeline->back());
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(timeline->forward());
    for (size_t i = 0; i < then.size(); ++i) {
      ASSERT_TRUE(then[InstanceId(i)] == timeline->state()[InstanceId(i)]);
    }
  }
}

TEST(Timeline, KeepsToItsMemory) {
  Recorded run = record(kRing, {.start_values = {}, .inputs = {}, .cycles_max = 1'000'000});
  const auto trace = run.open();
  constexpr size_t kMost = size_t{12} << 20;
  const auto timeline = opened(*trace, kMost);
  for (uint64_t cycle = 0; cycle <= trace->cycles(); cycle += 9'973) {
    ASSERT_TRUE(timeline->go_to((cycle * 7919) % trace->cycles()));
    EXPECT_LE(timeline->bytes(), kMost);
  }
}

TEST(Timeline, TellsWhatHappenedAsTheLogDoes) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const auto timeline = opened(*trace);
  const LineWriter lines(trace->program());
  std::vector<std::string> told = {lines.heading()};
  for (;;) {
    auto events = timeline->events();
    ASSERT_TRUE(events.ok());
    for (EventView& event : *events) {
      auto* ran = std::get_if<CycleView>(&event);
      if (ran != nullptr && ran->cause) ran->cause->sender = trace->instance_of(ran->cause->cycle);
      if (!std::holds_alternative<StartedView>(event)) told.push_back(lines.line(event));
      if (ran == nullptr) continue;
      EXPECT_EQ(timeline->event()->cycle, timeline->at().cycle);
    }
    if (timeline->at().cycle == trace->cycles()) break;
    ASSERT_TRUE(timeline->forward());
  }
  EXPECT_EQ(told, run.log);
}

TEST(Timeline, StaysWhereItStoodWhenWhatComesIsDamaged) {
  Recorded run = record(kMixed);
  {
    const auto whole = run.open();
    ASSERT_GT(whole->chunks().size(), 2u);
    const size_t middle = whole->chunks()[1].place.offset + kFrameHeaderBytes + 5;
    run.files["run"][middle] = static_cast<char>(run.files["run"][middle] ^ 1);
  }
  const auto trace = run.open();
  const auto timeline = opened(*trace);
  const uint64_t last_good = trace->chunks()[1].first_cycle - 2;
  ASSERT_TRUE(timeline->go_to(last_good));
  const WorldState then = timeline->state();
  const Status moved = timeline->go_to(trace->cycles());
  ASSERT_FALSE(moved.ok());
  EXPECT_THAT(moved.error().what, HasSubstr("damaged at byte"));
  EXPECT_EQ(timeline->at().cycle, last_good);
  for (size_t i = 0; i < then.size(); ++i) {
    EXPECT_TRUE(then[InstanceId(i)] == timeline->state()[InstanceId(i)]);
  }
}

}  // namespace
}  // namespace lexum
