// Programs made at random, on a disk that dies at every point of the run: opened again, it is the
// run that was never interrupted.
#include <random>

#include "faulty_disk.h"
#include "machine/durable.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

constexpr uint64_t kCyclesMax = 150;

// How it has ended: all that the outside can know.
struct Ended {
  Hash256 run_hash{};
  Sum128 state;
  uint64_t cycle = 0;
  Outcome outcome = Outcome::kConverged;
  friend bool operator==(const Ended&, const Ended&) = default;
};

class Crashing {
 public:
  explicit Crashing(uint64_t seed)
      : one(generate(seed)),
        how_(without_kills(recording_of(one.program, one.options))),
        program_(program_of(one.program)),
        random_(seed) {
    Machine machine(program_, {.start_values = how_.start_values, .cycles_max = kCyclesMax});
    for (const InputImage& input : how_.inputs) machine.add_input(input);
    const Result<Outcome> outcome = machine.run();
    expected = ended(machine, *outcome);
  }

  // None if the disk has died before it was over.
  Result<Ended> run(uint64_t snapshot_every) {
    DurableOptions options{.machine = {.start_values = how_.start_values, .cycles_max = kCyclesMax},
                           .sync = static_cast<Sync>(random_() % 3),
                           .segment_bytes = 4096,
                           .snapshot_every = snapshot_every,
                           .keep_history = false,
                           .snapshots_at_once = true};
    auto opened = DurableRun::open(disk, "d", program_, how_.inputs, std::move(options));
    if (!opened) return opened.error();
    found = (*opened)->found();
    const Result<Outcome> outcome = (*opened)->run();
    if (!outcome) return outcome.error();
    return ended((*opened)->machine(), *outcome);
  }
  void come_back(FaultyDisk::Loss loss) { disk.come_back(loss, random_); }

  const Case one;
  Ended expected;
  FaultyDisk disk;
  DurableRun::Found found;

 private:
  static Ended ended(Machine& machine, Outcome outcome) {
    return {machine.run_hash(), machine.world().state_hash(), machine.world().cycle(), outcome};
  }

  const Recording how_;
  const std::shared_ptr<const Program> program_;
  std::mt19937_64 random_;
};

TEST(Durable, IsTheRunThatItWouldBeWithoutADisk) {
  for (uint64_t seed = 1; seed <= 60 / kShare; ++seed) {
    for (const uint64_t every : {1, 7, 1000}) {
      Crashing run(seed);
      const Result<Ended> first = run.run(every);
      ASSERT_TRUE(first.ok()) << first.error().what << to_string(run.one);
      EXPECT_EQ(*first, run.expected) << every << to_string(run.one);
      EXPECT_TRUE(run.found.fresh);
      // Once more, it is over already.
      const Result<Ended> again = run.run(every);
      ASSERT_TRUE(again.ok()) << again.error().what << to_string(run.one);
      EXPECT_EQ(*again, run.expected) << every << to_string(run.one);
      const bool is_stopped =
          again->outcome == Outcome::kOscillating || again->outcome == Outcome::kHalted;
      if (!is_stopped) {
        EXPECT_EQ(run.found.snapshot, run.expected.cycle) << "nothing is done twice";
      }
      EXPECT_TRUE(run.found.bad.empty());
    }
  }
}

// Whatever it was doing when it died, and whatever of it got there.
TEST(Durable, GoesOnAsIfNothingHadBeenAfterEveryCrash) {
  uint64_t crashes = 0;
  uint64_t from_snapshots = 0;
  for (uint64_t seed = 1; seed <= 25 / kShare; ++seed) {
    for (const auto loss : {FaultyDisk::Loss::kProcess, FaultyDisk::Loss::kPower}) {
      for (uint64_t at = 1; at < 5'000; ++at) {
        Crashing run(seed);
        run.disk.die_after(at);
        Result<Ended> end = run.run(10);
        if (end.ok()) break;
        ++crashes;
        run.come_back(loss);
        // And perhaps once more, on the way back.
        if (at % 3 == 0) {
          run.disk.die_after(at % 40 + 1);
          end = run.run(10);
          run.come_back(loss);
        }
        end = run.run(10);
        ASSERT_TRUE(end.ok()) << "seed " << seed << " at " << at << ": " << end.error().what;
        ASSERT_EQ(*end, run.expected) << "seed " << seed << " at " << at << "\n"
                                      << to_string(run.one);
        from_snapshots += run.found.snapshot ? 1 : 0;
      }
    }
  }
  EXPECT_GT(crashes, 1'000 / kShare / 2);
  EXPECT_GT(from_snapshots, 500 / kShare / 2);
}

constexpr uint64_t kClientCycles = 400;

// Somebody sends a message now and then, and believes what they are told.
struct Client {
  uint64_t told = 0;  // that so many are durable
  bool lost = false;  // one of them was not there later, or something else came of them
};

// One by one, and each is waited for; or a few at once, and the world runs on meanwhile.
enum class Pace : uint8_t { kWaits, kRunsOn };

// Sends all inputs of a case, on a disk that dies once on the way.
Client send_all(uint64_t seed, uint64_t dies_at, uint64_t forget_each, uint64_t& crashes,
                Pace pace = Pace::kWaits) {
  const Case one = generate(seed);
  const Recording how = without_kills(recording_of(one.program, one.options));
  const auto program = program_of(one.program);
  FaultyDisk disk;
  std::mt19937_64 random(seed * 1000 + dies_at);
  Client client;
  const auto open = [&] {
    return DurableRun::open(
        disk, "d", program, {},
        {.machine = {.start_values = how.start_values, .cycles_max = kClientCycles},
         .segment_bytes = 2048,
         .snapshot_every = 15,
         .keep_history = true,
         .snapshots_at_once = true});
  };
  std::vector<InputImage> inputs;
  for (int round = 0; round < 4; ++round) {
    inputs.insert(inputs.end(), how.inputs.begin(), how.inputs.end());
  }
  disk.forget_each(forget_each);
  disk.die_after(dies_at);
  for (int starts = 0; starts < 3; ++starts) {
    auto run = open();
    bool alive = run.ok();
    // What it was told is durable is there again, whatever became of the rest.
    if (alive) {
      client.lost = client.lost || (*run)->accepted() < client.told;
      client.told = (*run)->accepted();
    }
    alive = alive && (*run)->run().ok();
    for (uint64_t sent = client.told;
         pace == Pace::kRunsOn && alive && client.told < inputs.size();) {
      std::vector<InputImage> some;
      for (; some.size() < 1 + random() % 3 && sent < inputs.size(); ++sent) {
        some.push_back(inputs[sent]);
        some.back().tick = 1;
      }
      alive = (*run)->begin_to_accept(std::move(some)).ok();
      // A loop that nothing from outside ends any more is left at its first turn.
      const bool is_last = sent == inputs.size();
      for (uint64_t ticks = is_last ? 0 : random() % 12; alive && ticks > 0; --ticks) {
        if ((*run)->machine().world().cycle() >= kClientCycles) break;
        alive = (*run)->tick().ok();
      }
      if (alive && (is_last || random() % 8 == 0)) alive = (*run)->run().ok();
      if (alive) client.told = (*run)->in_world();
    }
    while (alive && client.told < inputs.size()) {
      InputImage input = inputs[client.told];
      input.tick = 1;
      alive = (*run)->accept({std::move(input)}).ok();
      if (alive) ++client.told;
      alive = alive && (*run)->run().ok();
    }
    if (alive) {
      // From the first record on, without any snapshot, it is the same run.
      const Hash256 hash = (*run)->machine().run_hash();
      const auto tk = (*run)->machine().world().tick_now(), cy = (*run)->machine().world().cycle();
      run = Error();
      disk.die_after(UINT64_MAX);
      const std::vector<std::string> names = *disk.list("d");
      for (const std::string& name : names) {
        if (!name.ends_with(".snapshot.json")) continue;
        (void)disk.remove("d/" + name);
      }
      const auto again = open();
      const bool ran = again.ok() && (*again)->run().ok();
      if (getenv("DBG"))
        fprintf(
            stderr, "lost before %d ran %d ticks %lu/%lu cycles %lu/%lu accepted %lu/%lu of %zu\n",
            client.lost, ran, tk, (*again)->machine().world().tick_now(), cy,
            (*again)->machine().world().cycle(), client.told, (*again)->accepted(), inputs.size());
      client.lost = client.lost || !ran || (*again)->machine().run_hash() != hash;
      return client;
    }
    ++crashes;
    run = Error();
    disk.come_back(FaultyDisk::Loss::kPower, random);
  }
  return client;
}

TEST(Durable, LosesNothingThatItHasAccepted) {
  uint64_t crashes = 0;
  for (uint64_t seed = 1; seed <= 40 / kShare; ++seed) {
    for (uint64_t at = 3; at < 400; at += 7) {
      EXPECT_FALSE(send_all(seed, at, 0, crashes).lost) << "seed " << seed << " at " << at;
    }
  }
  EXPECT_GT(crashes, 500 / kShare / 2);
}

TEST(Durable, LosesNothingWhereTheWorldRunsOnMeanwhile) {
  uint64_t crashes = 0;
  for (uint64_t seed = 1; seed <= 40 / kShare; ++seed) {
    for (uint64_t at = 3; at < 300; at += 11) {
      EXPECT_FALSE(send_all(seed, at, 0, crashes, Pace::kRunsOn).lost)
          << "seed " << seed << " at " << at;
    }
  }
  EXPECT_GT(crashes, 200 / kShare / 2);
}

// The canary: if a disk lies about a sync now and then, this test would find that out.
TEST(Durable, WouldNoticeADiskThatLies) {
  uint64_t crashes = 0;
  uint64_t lost = 0;
  for (uint64_t seed = 1; seed <= 20 && lost < 10; ++seed) {
    for (uint64_t at = 3; at < 300; at += 5) lost += send_all(seed, at, 3, crashes).lost ? 1 : 0;
  }
  EXPECT_GE(lost, 10u);
}

}  // namespace
}  // namespace lexum::twin
