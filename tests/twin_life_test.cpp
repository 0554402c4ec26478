// Whatever a program does: a message was taken by the cycle that says so, and by no other one.
#include <map>

#include "tracer/life.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

using Taker = std::tuple<uint64_t, uint32_t, std::string>;  // cycle, emission, receiver

TEST(Lives, OfMessagesEndWhereTheyWereTaken) {
  std::map<MessageLife::Fate, uint64_t> fates;
  for (uint64_t seed = 1; seed <= 80; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    const Program& program = trace->program();
    const auto timeline = std::move(*Timeline::open(*trace));
    std::map<Taker, uint64_t> taken;
    std::vector<CycleView> senders;
    const Visit visit = [&](const EventView& event, uint64_t) {
      const auto* ran = std::get_if<CycleView>(&event);
      if (ran == nullptr) return true;
      if (!ran->emissions.empty()) senders.push_back(*ran);
      if (ran->cause &&
          (ran->cause->kind == OriginKind::kSent || ran->cause->kind == OriginKind::kBroadcast)) {
        // One that faulted may be taken again.
        taken.try_emplace({ran->cause->cycle, ran->cause->emission,
                           instance_name(program, ran->domain, ran->key)},
                          ran->cycle);
      }
      return true;
    };
    ASSERT_TRUE(scan(*trace, 0, trace->cycles(), {}, visit).ok());
    for (size_t i = 0; i < senders.size(); i += 3) {
      for (uint32_t emission = 0; emission < senders[i].emissions.size(); ++emission) {
        const auto lives = lives_of(*timeline, senders[i].cycle, emission);
        ASSERT_TRUE(lives.ok()) << lives.error().what << to_string(one);
        for (const MessageLife& life : lives->lives) {
          ++fates[life.fate];
          const Taker taker{senders[i].cycle, emission,
                            instance_name(program, life.domain, life.key)};
          const auto there = taken.find(taker);
          EXPECT_EQ(life.taken, there == taken.end() ? 0 : there->second)
              << to_string(one) << "sent in " << senders[i].cycle;
        }
      }
    }
  }
  EXPECT_GT(fates[MessageLife::Fate::kTaken], 500u);
  EXPECT_GT(fates[MessageLife::Fate::kWaiting], 5u);
  EXPECT_GT(fates[MessageLife::Fate::kDead], 0u);
}

}  // namespace
}  // namespace lexum::twin
