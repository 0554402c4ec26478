// A recorder can be killed at any byte. Whatever is left opens, with every chunk that is whole, and
// is the same run again, from the start and from the last keyframe.
#include "store/framing.h"
#include "tracer/replay.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

// A fault closes a chunk; Zeta is the last one in its tick, so that a keyframe may follow.
constexpr const char* kBreaks = R"(
@restart(100, 100)
domain Zeta { state { n: int } on Break(by: int) { n = by / 0 } }
domain Hub {
  state { n: int  names: list<string> }
  goal Busy { target n >= 18 }
  transition Work {
    n += 1
    names = names.add("number " + str(n))
    send Worker[n % 4] Do(n: n)
    if n % 3 == 0 { send Zeta Break(by: n) }
  }
}
domain Worker[id: int] {
  state { sum: int }
  transition Do(n: int) { sum += n  if sum > 12 { retire } }
}
)";

// The same trace with a keyframe before each chunk: the first is whole, then two of three are not.
Recorded with_keyframes(const std::string& text) {
  Recorded run = record(text);
  const auto trace = run.open();
  Recorded other{.program = run.program, .run_hash = run.run_hash};
  auto writer = TraceWriter::create(other.files, "run", *other.program, trace->header());
  World world(*run.program, {});
  world.track_touched();
  world.begin();
  for (size_t i = 0; i < trace->chunks().size(); ++i) {
    const auto chunk = *trace->chunk(i);
    while (world.cycle() + 1 < chunk->head.first_cycle) EXPECT_TRUE(world.tick());
    EXPECT_EQ(world.cycle() + 1, chunk->head.first_cycle) << "a tick is not in two chunks";
    Batch batch;
    batch.canonical.raw(chunk->streams.canonical.bytes());
    batch.side.raw(chunk->streams.side.bytes());
    batch.first_cycle = chunk->head.first_cycle;
    batch.cycle_count = chunk->head.cycle_count;
    batch.tick_before = chunk->head.tick_before;
    batch.run_hash = chunk->head.run_hash;
    WorldImage touched = world.take_touched();
    batch.keyframe_is_whole = i % 3 == 0;
    batch.keyframe =
        std::make_shared<WorldImage>(batch.keyframe_is_whole ? world.image() : std::move(touched));
    EXPECT_TRUE((*writer)->write(batch));
  }
  EXPECT_TRUE((*writer)->close());
  return other;
}

// Where each frame ends, by its type.
std::vector<std::pair<RecordType, uint64_t>> frame_ends(MemoryFiles& files) {
  std::vector<std::pair<RecordType, uint64_t>> ends;
  const Result<FrameReader> frames = FrameReader::open(files, "run", kTraceKind);
  for (FramePlace place = frames->first();;) {
    const auto frame = frames->read(place);
    if (!frame.ok() || !*frame) return ends;
    place = (*frame)->next;
    ends.emplace_back(static_cast<RecordType>((*frame)->type), place.offset);
  }
}

TEST(ATraceCutAnywhere, HasEveryWholeChunkAndIsTheSameRunAgain) {
  Recorded run = with_keyframes(kBreaks);
  const auto whole = run.open();
  ASSERT_GE(whole->chunks().size(), 5u);
  ASSERT_EQ(whole->keyframes().size(), whole->chunks().size());
  const std::vector<std::string> log = log_of(*whole);
  const auto ends = frame_ends(run.files);
  const std::string bytes = run.files["run"];
  ASSERT_EQ(ends.back().second, bytes.size());

  for (size_t size = 0; size <= bytes.size(); ++size) {
    SCOPED_TRACE("cut at " + std::to_string(size));
    run.files["run"] = bytes.substr(0, size);
    size_t chunks = 0;
    bool at_border = false;
    for (const auto& [type, end] : ends) {
      chunks += type == RecordType::kChunk && end <= size;
      at_border = at_border || end == size;
    }
    const auto opened = TraceReader::open(run.files, "run");
    if (chunks == 0) {
      ASSERT_FALSE(opened.ok());
      EXPECT_EQ(opened.error().code, ErrorCode::kTorn) << opened.error().what;
      continue;
    }
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    TraceReader& trace = **opened;
    EXPECT_EQ(trace.chunks().size(), chunks);
    EXPECT_EQ(trace.keyframes().size(), chunks) << "one without its chunk leads nowhere";
    EXPECT_EQ(trace.end(), size == bytes.size() ? TraceEnd::kClosed : TraceEnd::kTorn);
    EXPECT_EQ(trace.end_says().empty(), size == bytes.size());
    EXPECT_EQ(trace.end_says().starts_with("it was not closed"), at_border && size < bytes.size());
    // What comes between is the same as one cut earlier.
    if (!at_border) continue;
    EXPECT_TRUE(trace.check().empty());
    const std::vector<std::string> lines = log_of(trace);
    EXPECT_TRUE(std::equal(lines.begin(), lines.end(), log.begin()));
    for (const uint64_t from : {uint64_t{1}, trace.cycles()}) {
      const auto again = replay(trace, {.from = from, .program = nullptr, .progress = {}});
      ASSERT_TRUE(again.ok()) << again.error().what;
      EXPECT_FALSE(again->difference || again->stopped);
      EXPECT_EQ(again->from + again->cycles, trace.cycles() + 1);
    }
  }
}

TEST(ATraceThatIsDamaged, IsRunAgainFromWhatCanBeRead) {
  Recorded run = with_keyframes(kBreaks);
  const auto whole = run.open();
  const std::string bytes = run.files["run"];
  const auto spoil = [&](FramePlace place) {
    run.files["run"] = bytes;
    run.files["run"][place.offset + kFrameHeaderBytes] ^= 1;
    return run.open();
  };
  const auto last = whole->cycles();
  const auto without_keyframe = spoil(whole->keyframes()[3].place);
  const auto earlier =
      replay(*without_keyframe, {.from = last, .program = nullptr, .progress = {}});
  ASSERT_TRUE(earlier.ok());
  EXPECT_EQ(earlier->from, whole->keyframes()[2].cycle + 1) << "the others build on that one";
  EXPECT_EQ(earlier->from + earlier->cycles, last + 1);

  const auto without_start = spoil(whole->keyframes()[0].place);
  const auto none = replay(*without_start, {});
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().what,
              HasSubstr("; --from " + std::to_string(whole->keyframes()[3].cycle + 1) + " begins"));

  const auto without_chunk = spoil(whole->chunks()[2].place);
  const auto stopped = replay(*without_chunk, {});
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->cycles, whole->chunks()[2].first_cycle - 1);
  ASSERT_TRUE(stopped->stopped);
  EXPECT_EQ(stopped->stopped->offset, whole->chunks()[2].place.offset);
  const auto behind = replay(*without_chunk, {.from = last, .program = nullptr, .progress = {}});
  EXPECT_FALSE(behind->stopped) << "what is behind it does not need it";
}

TEST(ATraceOfANewerFormat, IsRefusedByName) {
  MemoryFiles files;
  FileKind newer = kTraceKind;
  newer.version = kTraceVersion + 1;
  ASSERT_TRUE(FrameWriter::create(files, "run", newer).ok());
  const auto opened = TraceReader::open(files, "run");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kNewer);
  EXPECT_EQ(opened.error().what, "run: this trace has format " + std::to_string(newer.version) +
                                     ", and this lxm reads up to " + std::to_string(kTraceVersion) +
                                     "; use a newer lxm");
}

}  // namespace
}  // namespace lexum
