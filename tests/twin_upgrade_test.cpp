// Programs made at random, upgraded on a disk that dies at every point: the run is the old one or
// the new one, and what comes of it is what comes of it without a disk.
#include <random>

#include "faulty_disk.h"
#include "machine/durable.h"
#include "machine/past.h"
#include "machine/upgrade.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

constexpr uint64_t kCyclesMax = 300;

// All that the old one says, with other numbers, and somebody who is new.
std::string changed(const std::string& program) {
  return "domain Newcomer { state { n: int } goal Three { predicate n >= 3 } "
         "transition Up { n += 1 } }\n" +
         program;
}

class Upgrading {
 public:
  explicit Upgrading(uint64_t seed)
      : one(generate(seed)),
        how_(without_kills(recording_of(one.program, one.options))),
        old_(program_of(one.program)),
        new_(program_of(changed(one.program))),
        random_(seed) {}

  // A part of the run, by the old program.
  void begin() {
    DurableOptions options = this->options(60);
    options.machine.start_values = how_.start_values;
    auto run = DurableRun::open(disk, "d", old_, how_.inputs, std::move(options));
    ASSERT_TRUE(run.ok()) << run.error().what;
    ASSERT_TRUE((*run)->run().ok());
    // Somebody has seen it.
    ASSERT_TRUE((*run)->show().ok());
  }
  [[nodiscard]] Result<DurableRun::Upgraded> upgrade() {
    return DurableRun::upgrade(disk, "d", new_, options(60));
  }
  Result<Hash256> go_on(bool& is_new) {
    auto run = DurableRun::go_on(disk, "d", options(kCyclesMax));
    if (!run) return run.error();
    is_new = (*run)->machine().world().program().domains.size() == new_->domains.size();
    const Result<Outcome> outcome = (*run)->run();
    if (!outcome) return outcome.error();
    return (*run)->machine().run_hash();
  }
  void come_back(FaultyDisk::Loss loss) { disk.come_back(loss, random_); }

  // The same without a disk; of the old program alone, without a tick.
  [[nodiscard]] Hash256 expected(std::optional<uint64_t> tick) const {
    Machine before(old_, {.start_values = how_.start_values, .cycles_max = kCyclesMax});
    for (const InputImage& input : how_.inputs) before.add_input(input);
    if (!tick) {
      (void)before.run();
      return before.run_hash();
    }
    const Result<Upgrade> made = lexum::upgrade(before, how_.start_values, *new_, *tick);
    EXPECT_TRUE(made.ok()) << made.error().what;
    EXPECT_TRUE(made->lost.empty());
    Machine after(new_, {.start_values = made->start_values, .cycles_max = kCyclesMax},
                  made->point);
    (void)after.run();
    return after.run_hash();
  }

  const Case one;
  FaultyDisk disk;

 private:
  static DurableOptions options(uint64_t cycles_max) {
    return {.machine = {.cycles_max = cycles_max},
            .segment_bytes = 4096,
            .snapshot_every = 10,
            .snapshots_at_once = true};
  }

  const Recording how_;
  const std::shared_ptr<const Program> old_;
  const std::shared_ptr<const Program> new_;
  std::mt19937_64 random_;
};

TEST(Upgraded, IsTheRunThatItWouldBeWithoutADisk) {
  for (uint64_t seed = 1; seed <= 80 / kShare; ++seed) {
    Upgrading run(seed);
    run.begin();
    const auto made = run.upgrade();
    ASSERT_TRUE(made.ok()) << made.error().what << to_string(run.one);
    bool is_new = false;
    // What the folder tells is what it goes on to.
    const Result<Past> past = read_past(run.disk, "d");
    ASSERT_TRUE(past.ok()) << past.error().what;
    EXPECT_EQ(past->from->image.cycle, made->cycle);
    const auto relived = relive(*past, {});
    ASSERT_TRUE(relived.ok());
    const Result<Hash256> end = run.go_on(is_new);
    ASSERT_TRUE(end.ok()) << end.error().what << to_string(run.one);
    EXPECT_TRUE(is_new);
    EXPECT_EQ(*end, run.expected(made->tick)) << made->tick << to_string(run.one);
    if ((*relived)->world().cycle() < kCyclesMax) {
      EXPECT_EQ((*relived)->run_hash(), *end) << to_string(run.one);
    }
    EXPECT_FALSE(run.upgrade().ok()) << "it is that program already";
  }
}

TEST(Upgraded, IsTheOldOneOrTheNewOneAfterEveryCrash) {
  uint64_t old_ones = 0;
  uint64_t new_ones = 0;
  for (uint64_t seed = 1; seed <= 24 / kShare; ++seed) {
    for (const auto loss : {FaultyDisk::Loss::kProcess, FaultyDisk::Loss::kPower}) {
      for (uint64_t at = 1; at < 1'000; ++at) {
        Upgrading run(seed);
        run.begin();
        run.disk.die_after(at);
        auto made = run.upgrade();
        if (made.ok()) break;
        run.come_back(loss);
        bool is_new = false;
        made = run.upgrade();
        const bool was_new = !made.ok() && made.error().code == ErrorCode::kMismatch;
        (was_new ? new_ones : old_ones) += 1;
        ASSERT_TRUE(was_new || made.ok()) << seed << " at " << at << ": " << made.error().what;
        const Result<Hash256> end = run.go_on(is_new);
        ASSERT_TRUE(end.ok()) << seed << " at " << at << ": " << end.error().what;
        ASSERT_TRUE(is_new);
        if (made.ok()) {
          ASSERT_EQ(*end, run.expected(made->tick)) << seed << " at " << at;
        } else {
          Upgrading whole(seed);
          whole.begin();
          ASSERT_EQ(*end, whole.expected(whole.upgrade()->tick)) << seed << " at " << at;
        }
      }
    }
  }
  EXPECT_GT(old_ones, 300 / kShare / 2);
  EXPECT_GT(new_ones, 100 / kShare / 2);
}

// Without its snapshots, it comes from the start through both programs again.
TEST(Upgraded, NeedsNoSnapshotOfTheNewProgram) {
  for (uint64_t seed = 1; seed <= 40 / kShare; ++seed) {
    Upgrading run(seed);
    run.begin();
    const auto made = run.upgrade();
    ASSERT_TRUE(made.ok()) << made.error().what;
    const std::string newest = "d/" + snapshot_name(made->cycle);
    ASSERT_TRUE(run.disk.remove(newest).ok()) << newest;
    bool is_new = false;
    const Result<Hash256> end = run.go_on(is_new);
    ASSERT_TRUE(end.ok()) << end.error().what;
    EXPECT_TRUE(is_new);
    EXPECT_EQ(*end, run.expected(made->tick)) << to_string(run.one);
  }
}

}  // namespace
}  // namespace lexum::twin
