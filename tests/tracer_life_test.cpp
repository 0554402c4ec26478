// The life of a message is known from the chunks that have its ends; the others are not read.
#include "tracer/life.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

constexpr const char* kCrowd = R"(
domain Node[id: int] {
  state { seed: int }
  transition Hear(x: int) {
    seed = (seed * 48271 + self.id + 1) % 2147483647
    send Node[seed / 64 % 300] Hear(x: x + 1)
  }
}
domain Start { transition Boot { for i in 0..300 { send Node[i] Hear(x: 0) } } }
)";

TEST(Lives, AreReadFromTheChunksThatHaveTheirEnds) {
  Recorded run = record(kCrowd, {.start_values = {}, .inputs = {}, .cycles_max = 60'000});
  const auto trace = run.open();
  ASSERT_GE(trace->chunks().size(), 4u);
  const auto timeline = std::move(*Timeline::open(*trace));
  const std::string whole = run.files["run"];
  size_t across = 0;
  for (uint64_t cycle = 1000; cycle < 55'000; cycle += 701) {
    const auto known = lives_of(*timeline, cycle, 0);
    ASSERT_TRUE(known.ok());
    const MessageLife& life = known->lives.front();
    ASSERT_EQ(life.fate, MessageLife::Fate::kTaken);
    const size_t sent = trace->chunk_of(cycle);
    const size_t taken = trace->chunk_of(life.taken);
    across += sent != taken;
    std::string& spoilt = run.files["run"];
    // A timeline begins in the first one.
    for (size_t i = 1; i < trace->chunks().size(); ++i) {
      const size_t middle = trace->chunks()[i].place.offset + 100;
      if (i != sent && i != taken) spoilt[middle] = static_cast<char>(~spoilt[middle]);
    }
    const auto other = run.open();
    const auto there = std::move(*Timeline::open(*other));
    const auto found = lives_of(*there, cycle, 0);
    ASSERT_TRUE(found.ok()) << found.error().what;
    EXPECT_EQ(found->lives.front().taken, life.taken);
    spoilt = whole;
  }
  EXPECT_GT(across, 0u);
}

}  // namespace
}  // namespace lexum
