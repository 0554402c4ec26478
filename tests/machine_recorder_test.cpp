// The recorder hands everything on, in order and whole, and its hash does not depend on how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "machine/recorder.h"

namespace lexum {
namespace {

using testing::HasSubstr;

// Twenty instances that hand tokens on: enough events for many batches and two keyframes.
constexpr const char* kRing = R"(
domain Node[id: int] {
  state { count: int  last: string }
  transition Token(hops: int) {
    count += 1
    last = "hop " + str(hops)
    if hops > 0 { send Node[(self.id + 1) % 20] Token(hops: hops - 1) }
  }
}
domain Start { transition Boot { for i in 0..20 { send Node[i] Token(hops: 10000) } } }
)";

struct Kept {
  std::string canonical;
  uint64_t first_cycle;
  uint64_t cycle_count;
  bool keyframe;
  Hash256 run_hash;
};

class KeepingSink final : public BatchSink {
 public:
  Status write(const Batch& batch) override {
    if (kept.size() == fail_at) return Error{.code = ErrorCode::kFull, .what = "no room is left"};
    EXPECT_FALSE(batch.canonical.empty() && batch.side.empty() && !batch.keyframe);
    kept.push_back({std::string(as_text(batch.canonical.bytes())), batch.first_cycle,
                    batch.cycle_count, batch.keyframe != nullptr, batch.run_hash});
    return Done{};
  }
  Status close() override {
    ++closed;
    return Done{};
  }

  std::vector<Kept> kept;
  size_t fail_at = SIZE_MAX;
  int closed = 0;
};

struct Running {
  explicit Running(const char* text, BatchSink* sink) : program(load_text(text)) {
    world = std::make_unique<World>(*program, std::vector<StartValue>());
    recorder = std::make_unique<Recorder>(*world, std::span<const StartValue>(), sink);
    world->observe(recorder.get());
    world->begin();
  }
  static std::unique_ptr<const Program> load_text(const char* text) {
    Diagnostics diagnostics;
    return load(Source("test.lxm", text), diagnostics);
  }
  Status go() {
    for (;;) {
      if (Status status = recorder->between_ticks(); !status) return status;
      if (!world->tick()) return Done{};
    }
  }

  std::unique_ptr<const Program> program;
  std::unique_ptr<World> world;
  std::unique_ptr<Recorder> recorder;
};

TEST(Recorder, HandsOnEverythingInOrder) {
  KeepingSink sink;
  Running run(kRing, &sink);
  ASSERT_TRUE(run.go());
  ASSERT_TRUE(run.recorder->finish());
  ASSERT_GT(sink.kept.size(), 2u);
  ByteWriter all;
  canonical_prologue(all, *run.program, {});
  uint64_t next_cycle = 1;
  for (const Kept& batch : sink.kept) {
    EXPECT_EQ(batch.first_cycle, next_cycle);
    next_cycle += batch.cycle_count;
    all.raw(as_bytes(batch.canonical));
    EXPECT_EQ(batch.run_hash, blake2b(all.bytes()));
  }
  EXPECT_EQ(next_cycle, run.world->cycle() + 1);
  EXPECT_EQ(run.recorder->run_hash(), sink.kept.back().run_hash);
}

TEST(Recorder, HashesTheSameWithoutASink) {
  KeepingSink sink;
  Running recorded(kRing, &sink);
  Running hashed(kRing, nullptr);
  ASSERT_TRUE(recorded.go());
  ASSERT_TRUE(hashed.go());
  EXPECT_EQ(recorded.recorder->run_hash(), hashed.recorder->run_hash());
}

TEST(Recorder, HashesTheSameHoweverOftenItIsAsked) {
  Running asked(kRing, nullptr);
  Running unasked(kRing, nullptr);
  while (asked.world->tick()) (void)asked.recorder->run_hash();
  ASSERT_TRUE(unasked.go());
  EXPECT_EQ(asked.recorder->run_hash(), unasked.recorder->run_hash());
}

TEST(Recorder, BeginsWithAKeyframeAndTakesOthersSeldom) {
  KeepingSink sink;
  Running run(kRing, &sink);
  ASSERT_TRUE(run.go());
  ASSERT_TRUE(run.recorder->finish());
  EXPECT_TRUE(sink.kept[0].keyframe);
  const auto keyframes = std::count_if(sink.kept.begin(), sink.kept.end(),
                                       [](const Kept& batch) { return batch.keyframe; });
  EXPECT_GE(keyframes, 2);
  EXPECT_LE(static_cast<size_t>(keyframes), 2 + sink.kept.size() / 4);
}

TEST(Recorder, TellsOfASinkThatFailedAndHashesOn) {
  KeepingSink sink;
  sink.fail_at = 2;
  Running run(kRing, &sink);
  const Status status = run.go();
  const Status finished = run.recorder->finish();
  EXPECT_FALSE(status.ok() && finished.ok());
  EXPECT_EQ(finished.error().code, ErrorCode::kFull);
  EXPECT_EQ(sink.kept.size(), 2u);
  EXPECT_EQ(sink.closed, 0);
  while (run.world->tick()) {
  }
  Running hashed(kRing, nullptr);
  ASSERT_TRUE(hashed.go());
  EXPECT_EQ(run.recorder->run_hash(), hashed.recorder->run_hash());
}

// A text of a mebibyte, once in the state and three hundred times in a message.
TEST(Recorder, RefusesWhatIsSharedInTheRunAndWouldBeCopiedInATrace) {
  constexpr const char* kText = R"(
domain D {
  state { text: string = "0123456789abcdef" n: int }
  goal Sent { predicate n == 18 }
  transition Grow {
    if n < 16 { text = text + text }
    if n == 16 { for i in 0..300 { send E Keep(text: text) } }
    n += 1
  }
}
domain E { state { n: int } on Keep(text: string) { n += 1 } })";
  KeepingSink sink;
  Running run(kText, &sink);
  const Status status = run.go();
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().what, HasSubstr("what one cycle sends weighs 300 MiB"));
  while (run.world->tick()) {
  }
  Running hashed(kText, nullptr);
  ASSERT_TRUE(hashed.go());
  EXPECT_EQ(run.recorder->run_hash(), hashed.recorder->run_hash());
}

TEST(Recorder, ClosesItsSinkOnce) {
  KeepingSink sink;
  Running run("domain D { state { n: int } }", &sink);
  ASSERT_TRUE(run.go());
  EXPECT_TRUE(run.recorder->finish());
  EXPECT_TRUE(run.recorder->finish());
  EXPECT_EQ(sink.closed, 1);
  ASSERT_EQ(sink.kept.size(), 1u);
  EXPECT_TRUE(sink.kept[0].keyframe);
}

TEST(Recorder, ClosesABatchAtAFault) {
  KeepingSink sink;
  Running run(R"(
domain D {
  state { x: int }
  goal G { predicate x == 1 }
  transition T { x = 1 / x }
}
)",
              &sink);
  ASSERT_TRUE(run.go());
  ASSERT_FALSE(sink.kept.empty());  // nobody has flushed
  EXPECT_EQ(sink.kept[0].cycle_count, 1u);
}

}  // namespace
}  // namespace lexum
