// Who is killed comes back as it was, and nobody else notices more than that it was away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "faulty_disk.h"
#include "machine/durable.h"
#include "machine/inputs.h"
#include "machine/past.h"

namespace lexum {
namespace {

std::shared_ptr<const Program> program_of_text(const std::string& text) {
  Diagnostics diagnostics;
  return load(Source("test.lxm", text), diagnostics);
}

// Leaves that count what the hub has sent them, in two slices each.
constexpr const char* kTree = R"(
domain Hub {
  state { n: int }
  goal Done { predicate n >= 400 }
  transition Go { n += 1 send Leaf[n % 10] Add(k: n) }
}
domain Leaf[id: int] {
  state { sum: int half: bool  adds: int }
  transition Add(k: int) { step { sum += k half = true } step { adds += 1 half = false } }
}
)";

class Restored : public testing::Test {
 protected:
  std::unique_ptr<DurableRun> open(std::vector<InputImage> inputs = {}) {
    auto run = DurableRun::open(files_, "d", program_, std::move(inputs),
                                {.segment_bytes = 65'536, .snapshot_every = 100});
    EXPECT_TRUE(run.ok()) << run.error().what;
    return std::move(*run);
  }
  InputImage leaf(InputKind kind, int64_t id, uint64_t tick, uint64_t about = 0) const {
    return {.tick = tick,
            .kind = kind,
            .domain = program_->find_domain("Leaf"),
            .key = Value::of(id),
            .about = about};
  }
  static std::vector<int64_t> sums(const World& world) {
    std::vector<int64_t> sums;
    for (const InstanceId id : world.instances_in_order()) {
      EXPECT_FALSE(world.is_killed(id)) << world.name_of(id);
      sums.push_back(world.fields_of(id)[0].as_int());
    }
    return sums;
  }
  std::vector<int64_t> undisturbed() const {
    Machine machine(program_, {});
    EXPECT_TRUE(machine.run().ok());
    return sums(machine.world());
  }
  Hash256 as_journaled() {
    const auto again = relive(*read_past(files_, "d"), {});
    EXPECT_TRUE(again.ok()) << again.error().what;
    return (*again)->run_hash();
  }

  FaultyDisk files_;
  const std::shared_ptr<const Program> program_ = program_of_text(kTree);
};

TEST_F(Restored, ComesBackAloneWhileTheOthersGoOn) {
  std::vector<InputImage> crashes;
  for (const uint64_t tick : {20u, 21u, 150u, 151u, 300u, 399u}) {
    crashes.push_back(leaf(InputKind::kCrash, static_cast<int64_t>(tick % 10), tick));
  }
  const auto run = open(crashes);
  const Result<Outcome> outcome = run->run();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(*outcome, Outcome::kConverged);
  EXPECT_EQ(sums(run->machine().world()), undisturbed());
  // Each return is an input; some are killed once more before they are back.
  EXPECT_GE(run->accepted(), 9u);
  EXPECT_LE(run->accepted(), 12u);
  EXPECT_EQ(run->machine().run_hash(), as_journaled());
}

// Whatever its memory has become, the folder knows better.
TEST_F(Restored, IsWhatTheFolderSaysAndNotWhatIsLeftInMemory) {
  const auto run = open({leaf(InputKind::kCrash, 7, 250)});
  World& world = run->machine().world();
  const auto seven = [&] {
    return world.find(program_->find_domain("Leaf"), Value::of(int64_t{7}));
  };
  while (!seven() || !world.is_killed(seven())) ASSERT_TRUE(run->machine().tick().ok());
  world.set_field(seven(), 0, Value::of(int64_t{-1'000'000}));
  ASSERT_TRUE(run->run().ok());
  EXPECT_EQ(sums(world), undisturbed());
  EXPECT_EQ(run->machine().run_hash(), as_journaled());
}

// A process that died meanwhile does not forget who was away.
TEST_F(Restored, ComesBackWhenSomebodyElseGoesOn) {
  {
    const auto run = open({leaf(InputKind::kCrash, 3, 200)});
    while (run->machine().world().tick_now() < 199) ASSERT_TRUE(run->machine().tick().ok());
    // Here the return may or may not be in the journal when it ends.
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(run->machine().tick().ok());
  }
  const auto run = open();
  ASSERT_TRUE(run->run().ok());
  EXPECT_EQ(sums(run->machine().world()), undisturbed());
  EXPECT_EQ(run->machine().run_hash(), as_journaled());
}

// Without a folder, nobody but an operator lets it return.
TEST_F(Restored, StaysAwayUntilSomebodySaysSo) {
  Machine machine(program_, {});
  machine.add_input(leaf(InputKind::kCrash, 3, 200));
  ASSERT_EQ(*machine.run(), Outcome::kFaulted);
  const InstanceId three =
      machine.world().find(program_->find_domain("Leaf"), Value::of(int64_t{3}));
  EXPECT_TRUE(machine.world().is_killed(three));
  EXPECT_EQ(machine.world().mailbox_size(three), 20u);
  machine.add_input(leaf(InputKind::kRevive, 3, 0, static_cast<uint64_t>(Revival::kRetry)));
  ASSERT_EQ(*machine.run(), Outcome::kFaulted);
  machine.add_input(leaf(InputKind::kRevive, 3, 0, static_cast<uint64_t>(Revival::kReturn)));
  ASSERT_EQ(*machine.run(), Outcome::kConverged);
  EXPECT_EQ(sums(machine.world()), undisturbed());
}

}  // namespace
}  // namespace lexum
