// A trace run again is the same run; where it is not, the first cycle that differs is named.
#include "machine/inputs.h"
#include "tracer/replay.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

std::string said(const Result<ReplayResult>& result) {
  if (!result) return "error: " + result.error().what;
  if (!result->difference) return "same";
  return "cycle " + std::to_string(result->difference->cycle);
}

TEST(Replay, OfATwoDomainRunIsTheSame) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const Result<ReplayResult> result = replay(*trace, {});
  EXPECT_EQ(said(result), "same");
  EXPECT_EQ(result->cycles, 3u);
}

TEST(Replay, OfEverythingATraceCanHoldIsTheSame) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const Result<ReplayResult> result = replay(*trace, {});
  EXPECT_EQ(said(result), "same");
  EXPECT_EQ(result->cycles, trace->cycles());
}

constexpr const char* kLong = R"(
domain Node[id: int] {
  state { count: int }
  goal Grown { predicate count >= 9000 }
  transition Grow { count += 1  if count % 2 == 0 { send Node[(self.id * 7 + count) % 20] Hello } }
  transition Hello { log "hello" }
}
domain Start { transition Boot { for i in 0..20 { send Node[i] Hello } } }
)";

TEST(Replay, BeginsAtAnyKeyframe) {
  Recorded run = record(kLong, {.start_values = {}, .inputs = {}, .cycles_max = 1'000'000});
  const auto trace = run.open();
  ASSERT_GT(trace->keyframes().size(), 1u);
  for (const KeyframeEntry& keyframe : trace->keyframes()) {
    const Result<ReplayResult> result =
        replay(*trace, {.from = keyframe.cycle + 5, .program = nullptr, .progress = {}});
    EXPECT_EQ(said(result), "same");
    EXPECT_EQ(result->from, keyframe.cycle + 1);
    EXPECT_EQ(result->cycles, trace->cycles() - keyframe.cycle);
  }
}

TEST(Replay, OfATornTraceComparesWhatThereIs) {
  Recorded run = record(kLong, {.start_values = {}, .inputs = {}, .cycles_max = 1'000'000});
  const auto whole = run.open();
  const std::string bytes = run.files["run"];
  run.files["run"] = bytes.substr(0, bytes.size() / 2);
  const auto torn = run.open();
  ASSERT_LT(torn->cycles(), whole->cycles());
  const Result<ReplayResult> result = replay(*torn, {});
  EXPECT_EQ(said(result), "same");
  EXPECT_EQ(result->cycles, torn->cycles());
}

TEST(Replay, NamesTheFirstCycleThatDiffers) {
  // The recorded program says 7 where the one that is in the trace says 8.
  Recorded run = record(R"(
domain D { state { n: int } goal Ten { predicate n >= 10 } transition Up { n += 1 if n == 7 { n = 8 } } }
)");
  const auto trace = run.open();
  const auto changed = program_of(R"(
domain D { state { n: int } goal Ten { predicate n >= 10 } transition Up { n += 1 if n == 7 { n = 9 } } }
)");
  const Result<ReplayResult> result =
      replay(*trace, {.from = 1, .program = changed.get(), .progress = {}});
  EXPECT_EQ(said(result), "cycle 7");
  EXPECT_THAT(result->difference->recorded, HasSubstr("n: 6 → 8"));
  EXPECT_THAT(result->difference->replayed, HasSubstr("n: 6 → 9"));
}

TEST(Replay, OfAProgramWrittenOtherwiseIsTheSame) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const auto changed =
      program_of("// A word more.\ndomain Spare { state { n: int } }" + std::string(kTwoDomains));
  EXPECT_EQ(said(replay(*trace, {.from = 1, .program = changed.get(), .progress = {}})), "same");
}

// Which edits there were depends on how a value was made, and not on what it is.
TEST(Replay, OfAValueMadeOtherwiseIsTheSame) {
  const std::string before =
      "domain D { state { l: list<int> n: int } goal G { predicate n == 3 } ";
  Recorded run = record(before +
                        "transition T { n += 1 if n == 1 { for i in 0..200 { l = l.add(i) } } "
                        "else { l[3] += 1 l[180] += 1 } } }");
  const auto trace = run.open();
  const auto changed = program_of(
      before +
      "transition T { n += 1 let made: list<int> = [] for i in 0..200 { made = made.add(i) } "
      "made[3] += n - 1 made[180] += n - 1 l = made } }");
  EXPECT_EQ(said(replay(*trace, {.from = 1, .program = changed.get(), .progress = {}})), "same");
}

TEST(Replay, SaysWhatTheOtherProgramLacks) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const auto other = program_of("domain D { state { n: int } }");
  EXPECT_THAT(said(replay(*trace, {.from = 1, .program = other.get(), .progress = {}})),
              HasSubstr("error: the run names the domain DatabaseProvisioner"));
}

// Writes the chunks of a trace again, the canonical bytes changed by `doctor`.
template <class Doctor>
Recorded doctored(const std::string& text, Doctor doctor) {
  Recorded run = record(text);
  const auto trace = run.open();
  Recorded other{.program = run.program};
  auto writer = TraceWriter::create(other.files, "run", *other.program, trace->header());
  for (size_t i = 0; i < trace->chunks().size(); ++i) {
    const auto chunk = *trace->chunk(i);
    Batch batch;
    std::string canonical(as_text(chunk->streams.canonical.bytes()));
    doctor(canonical);
    batch.canonical.raw(as_bytes(canonical));
    batch.side.raw(chunk->streams.side.bytes());
    batch.first_cycle = chunk->head.first_cycle;
    batch.cycle_count = chunk->head.cycle_count;
    batch.tick_before = chunk->head.tick_before;
    batch.run_hash = chunk->head.run_hash;
    if (i == 0) {
      batch.keyframe = std::make_shared<WorldImage>(*trace->world_at(0));
      batch.keyframe_is_whole = true;
    }
    EXPECT_TRUE((*writer)->write(batch));
  }
  EXPECT_TRUE((*writer)->close());
  return other;
}

TEST(Replay, FindsADoctoredTrace) {
  const char* text =
      "domain D { state { n: int } goal Ten { predicate n >= 10 } transition Up { n += 1 } }";
  Recorded run = doctored(text, [](std::string& canonical) {
    // The new value of cycle 5: the tag of an int, and 5 as a zigzag.
    const size_t at = canonical.find("\x03\x0a");
    ASSERT_NE(at, std::string::npos);
    canonical[at + 1] = 0x50;
  });
  const auto trace = run.open();
  const Result<ReplayResult> result = replay(*trace, {});
  EXPECT_EQ(said(result), "cycle 5");
  EXPECT_THAT(result->difference->recorded, HasSubstr("n: 4 → 40"));
  EXPECT_THAT(result->difference->replayed, HasSubstr("n: 4 → 5"));
}

TEST(Replay, GivesTheRecordedInputs) {
  const auto program =
      program_of("domain D { state { n: int } transition Set(to: int) { n = to } }");
  std::vector<InputImage> inputs;
  for (int64_t i = 1; i <= 3; ++i) {
    InputImage input;
    input.tick = static_cast<uint64_t>(10 * (4 - i));
    input.domain = DomainId(0);
    input.routine = RoutineIndex(0);
    input.args = {Value::of(i)};
    inputs.push_back(input);
  }
  Recorded run = record(std::string(program->source.text()),
                        {.start_values = {}, .inputs = inputs, .cycles_max = 100});
  const auto trace = run.open();
  const Result<ReplayResult> result = replay(*trace, {});
  EXPECT_EQ(said(result), "same");
  EXPECT_EQ(result->cycles, 3u);
}

// Where the fix changes the incident, and whether it still ends as it did.
TEST(Replay, WithAnotherProgramSaysHowBothEnd) {
  const std::string broken =
      "@restart(0, 1) domain D { state { n: int } goal G { predicate n == 4 }"
      " transition T { n = 8 / n  if n == 0 { n = 4 } } }";
  std::string mended = broken;
  mended.replace(mended.find("8 / n"), 5, "8 * n");
  Recorded run = record(broken);
  const auto trace = run.open();
  const auto other = program_of(mended);
  const Result<ReplayResult> result =
      replay(*trace, {.from = 1, .program = other.get(), .progress = {}});
  ASSERT_TRUE(result.ok()) << result.error().what;
  ASSERT_TRUE(result->then && result->now);
  ASSERT_TRUE(result->then->failure);
  EXPECT_THAT(describe(*result->then->failure, trace->program()),
              HasSubstr("F002 division by zero"));
  EXPECT_EQ(result->then->cycle, 1u);
  EXPECT_FALSE(result->now->failure);
  EXPECT_FALSE(result->now->goes_on);
}

TEST(Replay, AProgramWithLongerNamesDoesTheSame) {
  Recorded run =
      record("domain D { state { n: int } goal G { predicate n == 3 } transition T { n += 1 } }");
  const auto trace = run.open();
  const auto longer = program_of(
      "domain D { state { n: int } goal G { predicate n == 3 } transition T { n += 1 } "
      "on AVeryLongNameIndeed { n = 0 } }");
  const Result<ReplayResult> result = replay(*trace, {.program = &*longer, .progress = {}});
  ASSERT_TRUE(result.ok()) << result.error().what;
  EXPECT_FALSE(result->difference) << result->difference->replayed;
}

// A letter that was sent once more had waited behind one that had waited longer.
TEST(Replay, WhatCameLateWaitsForNobody) {
  const std::string text = R"(
@mailbox(1) domain D { state { all: list<int> }
  on Bad { all = [1 / all.length] }
  @priority(background) on Add(n: int) { all = all.add(n) } }
domain Busy { state { n: int } goal Done { target n == 20 } transition Work { n += 1 } }
)";
  const auto program = program_of(text);
  Recording how;
  uint64_t tick = 2;
  for (const char* line :
       {R"({"to": "D", "message": "Bad"})", R"({"to": "D", "message": "Add", "args": {"n": 1}})",
        R"({"to": "D", "message": "Add", "args": {"n": 2}})", R"({"redeliver": 1})",
        R"({"to": "D", "message": "Add", "args": {"n": 3}})"}) {
    how.late.push_back(*read_input_line(*program, line));
    how.late.back().tick = tick += 2;
  }
  Recorded run = record(text, how);
  const auto trace = run.open();
  EXPECT_EQ(said(replay(*trace, {})), "same");
}

}  // namespace
}  // namespace lexum
