// Worlds: that they can be put back, forked and shared among threads without anybody noticing.
#include <thread>

#include <gtest/gtest.h>

#include "eval/load.h"
#include "runtime/world.h"

namespace lexum {
namespace {

std::unique_ptr<const Program> program(std::string text) {
  Diagnostics diagnostics;
  auto loaded = load(Source("test.lxm", std::move(text)), diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    if (info(diagnostic.code).severity == Severity::kError) ADD_FAILURE() << diagnostic.message;
  }
  return loaded;
}

// Something of everything: keyed instances, goals that compete, questions, storms, faults, effects
// and retirement.
constexpr const char* kBusy = R"(
@mailbox(4) domain Store[id: int] {
  state { stock: int = 3  asked: bool  notes: list<string> }
  goal Full { predicate stock >= 3  strategy { Refill } terminate_after 5 }
  transition Refill { step { if !asked { asked = true  send Depot Order(id: self.id) } } }
  on Take(n: int) { if n == 7 { let x = 1 / (n - 7)  stock = x }  stock -= n  notes = notes.add(str(n)) }
  on Deliver(n: int) { stock += n  asked = false  if stock > 40 { retire } }
}
domain Depot {
  state { sent: int  done: int }
  goal Calm { predicate sent == done  priority background }
  on Order(id: int) { sent += 1  emit Road.Drive(to: id)  send Store[id] Deliver(n: sent % 5) }
  on Road.Drive::Done(value) { done += 1 }
}
domain Buyers[id: int] {
  state { round: int }
  goal Busy { predicate round == 40 }
  transition Buy { slice one { round += 1 } slice two { send Store[(round * self.id) % 5] Take(n: round % 8) } }
}
system Town { start domain Buyers[1] { } start domain Buyers[2] { } start domain Buyers[3] { } }
)";

class Threads final : public Executor {
 public:
  [[nodiscard]] size_t workers() const override { return 3; }
  void each(size_t n, const std::function<void(size_t, size_t)>& f) override {
    std::vector<std::thread> threads;
    for (size_t worker = 0; worker < workers(); ++worker) {
      threads.emplace_back([&, worker] {
        for (size_t i = worker; i < n; i += workers()) f(i, worker);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
};

std::string describe(const World& world) {
  std::string all =
      "tick " + std::to_string(world.tick_now()) + " cycle " + std::to_string(world.cycle());
  for (const InstanceId id : world.instances_in_order()) {
    all += " | " + world.name_of(id);
    for (const Value& field : world.fields_of(id)) all += " " + literal(field, {});
    all += " m" + std::to_string(world.mailbox_size(id));
    all += " s" + std::to_string(static_cast<int>(world.status_of(id)));
  }
  return all + " dead " + std::to_string(world.dead_letters().size());
}

TEST(World, GoesOnFromAnImageAsIfNothingHadHappened) {
  const auto busy = program(kBusy);
  World straight(*busy, {});
  size_t ticks = 0;
  while (straight.tick() && !straight.oscillates()) {
    ++ticks;
    const std::unique_ptr<World> fork = straight.fork();
    ASSERT_EQ(describe(*fork), describe(straight));
    ASSERT_EQ(fork->state_hash(), straight.state_hash()) << "after tick " << straight.tick_now();
    World twin(*busy, {});
    twin.restore(straight.image());
    if (!twin.tick()) continue;
    World again(*busy, {});
    while (again.tick_now() < twin.tick_now() && again.tick()) {
    }
    ASSERT_EQ(describe(twin), describe(again));
    ASSERT_EQ(twin.state_hash(), again.state_hash());
  }
  EXPECT_GT(ticks, 50u);
}

TEST(World, DoesNotShowOnHowManyThreadsItRan) {
  const auto busy = program(kBusy);
  World one(*busy, {});
  World many(*busy, {});
  Threads threads;
  while (one.tick()) {
    ASSERT_TRUE(many.tick(&threads));
    ASSERT_EQ(describe(one), describe(many));
    ASSERT_EQ(one.state_hash(), many.state_hash());
    if (one.oscillates()) break;
  }
}

TEST(World, TouchesSayWhatHasChangedSinceTheLastTime) {
  const auto busy = program(kBusy);
  World world(*busy, {});
  world.track_touched();
  WorldImage whole = world.take_touched();
  EXPECT_EQ(whole.instances.size(), whole.instance_count);
  while (world.tick() && world.tick_now() < 60) {
    WorldImage some = world.take_touched();
    whole.instances.resize(some.instance_count);
    for (InstanceImage& image : some.instances) whole.instances[image.id.index()] = image;
    some.instances = whole.instances;
    World twin(*busy, {});
    twin.restore(some);
    ASSERT_EQ(describe(twin), describe(world));
    ASSERT_EQ(twin.state_hash(), world.state_hash());
  }
}

TEST(World, FindsALoopWithItsPeriodAndWhoIsInIt) {
  const auto loop = program(R"(
    domain Lamp {
      state { on: bool }
      goal Lit { predicate on  strategy { Rise } }
      goal Dark { predicate !on  strategy { Fall } }
      transition Rise { if !on { on = true } }
      transition Fall { if on { on = false } }
    }
    domain Still { state { n: int } }
  )");
  World world(*loop, {});
  while (!world.oscillates()) ASSERT_TRUE(world.tick());
  const Oscillation found = world.describe_oscillation();
  EXPECT_EQ(found.period, 2u);
  EXPECT_EQ(found.cycles, 2u);
  EXPECT_EQ(found.drivers, (std::vector<std::string>{"goal Lamp.Dark", "goal Lamp.Lit"}));
  ASSERT_EQ(found.instances.size(), 1u);
  EXPECT_EQ(world.name_of(found.instances[0]), "Lamp");
  ASSERT_EQ(found.swings.size(), 1u);
  EXPECT_EQ(found.swings[0].values.size(), 3u);
}

// Numbers follow the order in which inputs were given, arrivals that of their ticks.
TEST(World, KeepsTheOrderInWhichInputsCameWhenItIsPutBack) {
  const auto text = program(
      "@mailbox(1) domain D { state { all: list<int> } on Add(n: int) { all = all.add(n) } }");
  World world(*text, {});
  const auto add = [&](int64_t n, uint64_t tick) {
    InputImage input;
    input.tick = tick;
    input.domain = DomainId(0);
    input.routine = RoutineIndex(0);
    input.args = {Value::of(n)};
    world.add_input(std::move(input));
  };
  for (int64_t n = 0; n < 6; ++n) add(n, 1);
  add(100, 3);
  add(200, 2);
  for (int tick = 0; tick < 3; ++tick) ASSERT_TRUE(world.tick());
  const std::unique_ptr<World> again = world.fork();
  while (world.tick()) {
  }
  while (again->tick()) {
  }
  EXPECT_EQ(world.fields_of(InstanceId(0))[0], again->fields_of(InstanceId(0))[0]);
}

// Instances that get into every trouble that an operator can help them out of, and timers.
constexpr const char* kTroubled = R"(
@restart(1, 20) @mailbox(2) domain Mill[id: int] {
  state { n: int  by: int  done: list<int> }
  goal Ground { predicate by != 3 || n > 4 }
  transition Turn { n += 1 }
  transition Grind(k: int) { step { n += k } step { n = 12 / by } step { done = done.add(n) } }
  on Boot { emit Timer.After(ms: self.id * 7) }
  on Timer.After::Done { by += 1  if by < 20 { emit Timer.After(ms: 5) } }
  on End { retire }
}
domain Feeder {
  state { n: int }
  goal Fed { predicate n >= 30 }
  transition Feed { n += 1  if n % 3 == 0 { send Mill[n % 4] Grind(k: n) } if n == 20 { send Mill[2] End } }
}
)";

std::vector<InputImage> acts_on_mills() {
  std::vector<InputImage> acts;
  uint64_t random = 2026;
  const auto any = [&](uint64_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (random >> 33) % below;
  };
  for (int i = 0; i < 120; ++i) {
    InputImage act{.tick = 1 + any(45)};
    act.kind = static_cast<InputKind>(static_cast<uint64_t>(InputKind::kRevive) + any(3));
    if (act.kind == InputKind::kRedeliver) {
      act.about = any(6);
    } else {
      act.domain = DomainId(0);
      act.key = Value::of(static_cast<int64_t>(any(5)));
      act.about = act.kind == InputKind::kRevive ? any(3) : any(2);
      if (act.kind == InputKind::kSet) act.args = {Value::of(static_cast<int64_t>(any(4)))};
    }
    acts.push_back(std::move(act));
  }
  return acts;
}

// What comes of the acts does not depend on where a world was forked or put back.
TEST(World, IsActedUponAlikeInAForkAndInAnImagePutBack) {
  const auto mills = program(kTroubled);
  const auto run = [](World& world) {
    while (!world.oscillates() && world.tick_now() < 500 && world.tick()) {
    }
    return describe(world);
  };
  World whole(*mills, {});
  for (const InputImage& act : acts_on_mills()) whole.add_input(act);
  const std::string expected = run(whole);
  World straight(*mills, {});
  for (const InputImage& act : acts_on_mills()) straight.add_input(act);
  size_t ticks = 0;
  size_t faulted = 0;
  do {
    const std::unique_ptr<World> fork = straight.fork();
    EXPECT_EQ(fork->state_hash(), straight.state_hash()) << straight.tick_now();
    EXPECT_EQ(run(*fork), expected) << "forked after tick " << straight.tick_now();
    EXPECT_EQ(fork->state_hash(), whole.state_hash());
    for (const InstanceId id : straight.instances_in_order()) {
      faulted += straight.status_of(id) == InstanceStatus::kFaulted;
    }
    ++ticks;
  } while (!straight.oscillates() && straight.tick());
  EXPECT_GT(ticks, 40u);
  EXPECT_GT(faulted, 20u);
  EXPECT_GT(whole.dead_letters().size(), 3u);
}

// A letter that is sent once more waits before what came after the act, in an image, too.
TEST(World, ALetterSentOnceMoreKeepsItsPlace) {
  const auto text = program(R"(@mailbox(1) domain D { state { all: list<int> }
    on Add(n: int) { let x = 1 / (n - 10 + all.length)  all = all.add(n) } })");
  World world(*text, {});
  const auto add = [&](int64_t n, uint64_t tick) {
    InputImage input{.tick = tick};
    input.domain = DomainId(0);
    input.routine = RoutineIndex(0);
    input.args = {Value::of(n)};
    world.add_input(std::move(input));
  };
  add(10, 1);
  for (int64_t n = 21; n < 24; ++n) add(n, 3);
  world.add_input({.tick = 3, .kind = InputKind::kRedeliver, .about = 1});
  for (int64_t n = 24; n < 27; ++n) add(n, 3);
  while (world.tick()) {
    const std::unique_ptr<World> fork = world.fork();
    while (fork->tick()) {
    }
    std::string all;
    fork->fields_of(InstanceId(0))[0].each([&](const Value& n) { all += literal(n, {}) + " "; });
    EXPECT_EQ(all, "21 22 23 10 24 25 26 ") << "forked after tick " << world.tick_now();
  }
  EXPECT_EQ(world.cycle(), 8u);
}

// What waits for a simulated timer is part of the world.
TEST(World, ItsTimersFireInTheOrderInWhichTheyAreDue) {
  const auto clocks = program(R"(
    domain Clock[id: int] {
      state { n: int  late: list<int> }
      on Boot { for i in 0..4 { emit Timer.After(ms: (self.id * (7 - i)) % 10) } }
      on Timer.After::Done { n += 1  if n < 12 { emit Timer.After(ms: self.id + n) } send Log Note(id: self.id) }
    }
    domain Log { state { all: list<int> } on Note(id: int) { all = all.add(id) } }
    system Hall { start domain Clock[1] { } start domain Clock[2] { } start domain Clock[3] { } }
  )");
  World straight(*clocks, {});
  while (straight.tick()) {
  }
  EXPECT_TRUE(straight.at_rest());
  World world(*clocks, {});
  size_t waiting = 0;
  while (world.tick()) {
    const WorldImage image = world.image();
    waiting +=
        std::ranges::count_if(image.awaited, [](const AwaitedImage& a) { return a.due != 0; });
    EXPECT_EQ(world.at_rest(), world.tick_now() == straight.tick_now());
    World twin(*clocks, {});
    twin.restore(image);
    ASSERT_EQ(twin.state_hash(), world.state_hash());
    while (twin.tick()) {
    }
    ASSERT_EQ(describe(twin), describe(straight)) << "put back after tick " << world.tick_now();
  }
  EXPECT_GT(waiting, 100u);
}

}  // namespace
}  // namespace lexum
