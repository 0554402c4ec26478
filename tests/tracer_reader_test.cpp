// A trace opens in whatever state its file is, and says what it has.
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

// Every chunk decoded: what a reader would see of the run, or what stopped it.
std::string contents(TraceReader& trace) {
  std::string bytes;
  for (size_t i = 0; i < trace.chunks().size(); ++i) {
    const Result<std::shared_ptr<const Chunk>> chunk = trace.chunk(i);
    if (!chunk) return "stopped: " + chunk.error().what;
    EventReader events = (*chunk)->events(trace.program());
    EventView view;
    while (events.next(view)) {
    }
    if (!events.good()) return "nonsense";
    bytes += as_text((*chunk)->streams.canonical.bytes());
    bytes += as_text((*chunk)->streams.side.bytes());
  }
  return bytes;
}

TEST(Trace, HasTheWholeRun) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  EXPECT_EQ(trace->end(), TraceEnd::kClosed);
  EXPECT_EQ(*trace->run_hash(), run.run_hash);
  EXPECT_EQ(trace->header().program_text, kMixed);
  EXPECT_GT(trace->cycles(), 200u);
  ByteWriter stream;
  canonical_prologue(stream, trace->program(), trace->header().start_values);
  for (size_t i = 0; i < trace->chunks().size(); ++i) {
    stream.raw((*trace->chunk(i))->streams.canonical.bytes());
  }
  EXPECT_EQ(blake2b(stream.bytes()), run.run_hash);
}

TEST(Trace, ShowsWhatWasShownWhileItRan) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  EXPECT_EQ(log_of(*trace), run.log);
}

TEST(Trace, NeedsNoFooter) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const std::string whole = contents(*trace);
  std::string& bytes = run.files["run"];
  bytes.resize(bytes.size() - 1);
  const auto torn = run.open();
  EXPECT_EQ(torn->end(), TraceEnd::kTorn);
  EXPECT_EQ(torn->cycles(), trace->cycles());
  EXPECT_EQ(torn->keyframes().size(), trace->keyframes().size());
  EXPECT_EQ(contents(*torn), whole);
}

TEST(Trace, KeepsWhatIsWholeWhereverItEnds) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto whole = run.open();
  const std::string bytes = run.files["run"];
  const std::string events = contents(*whole);
  uint64_t cycles = 0;
  for (size_t size = 0; size <= bytes.size(); ++size) {
    run.files["run"] = bytes.substr(0, size);
    const auto opened = TraceReader::open(run.files, "run");
    if (!opened) {
      EXPECT_EQ(cycles, 0u) << "what was whole at " << size - 1 << " is gone";
      EXPECT_EQ(opened.error().code, ErrorCode::kTorn) << opened.error().what;
      continue;
    }
    EXPECT_GE((*opened)->cycles(), cycles);
    cycles = (*opened)->cycles();
    EXPECT_TRUE(events.starts_with(contents(**opened)) || cycles < whole->cycles());
  }
  EXPECT_EQ(cycles, 3u);
}

TEST(Trace, SurvivesEveryFlippedByte) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto whole = run.open();
  const std::string bytes = run.files["run"];
  const std::string events = contents(*whole);
  for (size_t at = 0; at < bytes.size(); ++at) {
    run.files["run"] = bytes;
    run.files["run"][at] = static_cast<char>(run.files["run"][at] ^ 0x55);
    const auto opened = TraceReader::open(run.files, "run");
    if (!opened) continue;
    const std::string found = contents(**opened);
    EXPECT_TRUE(events.starts_with(found) || found.starts_with("stopped: ")) << at;
  }
}

TEST(Trace, SaysWhereItIsDamaged) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto whole = run.open();
  const ChunkEntry last = whole->chunks().back();
  std::string& bytes = run.files["run"];
  bytes[last.place.offset + kFrameHeaderBytes + 3] ^= 1;
  bytes.resize(bytes.size() - 1);  // and the footer is torn
  const auto damaged = TraceReader::open(run.files, "run");
  if (whole->chunks().size() == 1) {
    EXPECT_EQ(damaged.error().code, ErrorCode::kDamaged);
    return;
  }
  EXPECT_EQ((*damaged)->end(), TraceEnd::kDamaged);
  EXPECT_THAT((*damaged)->end_says(),
              HasSubstr("damaged at byte " + std::to_string(last.place.offset)));
}

TEST(Trace, KnowsWhoseCycleItWas) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  EXPECT_EQ(trace->instance_of(1), "DatabaseProvisioner");
  EXPECT_EQ(trace->instance_of(3), "AppProvisioner");
  EXPECT_EQ(trace->instance_of(4), "");
}

// A failed assert would put the fields of one domain into an instance of another.
TEST(Trace, RefusesARestOfSomebodyElse) {
  const auto program = program_of(
      "domain A { state { n: int } transition Boot { n = 1 send B M } }"
      " domain B { state { n: int  m: int } on M { assert n == 0 } }");
  World world(*program, {});
  ASSERT_TRUE(world.tick());
  WorldImage image = world.image();
  ASSERT_TRUE(image.rest && !image.rest->instances.empty());
  EXPECT_TRUE(is_whole(image, *program));
  InstanceImage& then = image.rest->instances.front();
  then.domain = DomainId(1 - then.domain.index());
  EXPECT_FALSE(is_whole(image, *program));
}

TEST(TraceWriter, LeavesForeignFilesAlone) {
  MemoryFiles files;
  files["run"] = "domain D { }";
  const auto program = program_of(kTwoDomains);
  const auto writer = TraceWriter::create(files, "run", *program, {});
  EXPECT_EQ(writer.error().code, ErrorCode::kForeign);
  EXPECT_EQ(files["run"], "domain D { }");
}

TEST(TraceWriter, OverwritesAnOlderTrace) {
  Recorded run = record(kMixed);
  const auto writer = TraceWriter::create(run.files, "run", *run.program, {});
  EXPECT_TRUE(writer.ok());
  EXPECT_LT(run.files["run"].size(), 200u);
}

TEST(TraceWriter, SaysThatItMayNotWrite) {
  MemoryFiles files;
  files.denied = true;
  const auto program = program_of(kTwoDomains);
  const auto writer = TraceWriter::create(files, "run", *program, {});
  EXPECT_EQ(writer.error().code, ErrorCode::kDenied);
}

TEST(TraceWriter, StopsTheRunWhereTheDiskIsFull) {
  const auto program = program_of(kMixed);
  MemoryFiles files;
  auto writer = TraceWriter::create(files, "run", *program,
                                    {.engine = "0.1.0",
                                     .run_id = "",
                                     .program_name = "test.lxm",
                                     .program_text = kMixed,
                                     .start_values = {},
                                     .options = {}});
  files.leave_room(record(kMixed).files["run"].size() / 2);
  MachineOptions options;
  options.sink = writer->get();
  Machine machine(program, options);
  const Result<Outcome> outcome = machine.run();
  const Status finished = machine.finish();
  ASSERT_FALSE(outcome.ok() && finished.ok());
  const Error error = outcome ? finished.error() : outcome.error();
  EXPECT_EQ(error.code, ErrorCode::kFull);
  // What was written before is whole.
  const auto trace = TraceReader::open(files, "run");
  ASSERT_TRUE(trace.ok()) << trace.error().what;
  EXPECT_EQ((*trace)->end(), TraceEnd::kTorn);
}

// A hundred instances for a long time, so that keyframes of both kinds are needed.
constexpr const char* kRing = R"(
domain Node[id: int] {
  state { count: int  seen: int }
  transition Token(hops: int) {
    count += 1
    seen = hops
    if hops > 0 { send Node[(self.id + 1) % 100] Token(hops: hops - 1) }
  }
}
domain Start { transition Boot { for i in 0..100 { send Node[i] Token(hops: 4000) } } }
)";

TEST(Keyframes, HoldTheWorldThatWasThere) {
  Recorded run = record(kRing, {.start_values = {}, .inputs = {}, .cycles_max = 1'000'000});
  const auto trace = run.open();
  ASSERT_GT(trace->keyframes().size(), 2u);
  World world(trace->program(), {});
  for (size_t i = 0; i < trace->keyframes().size(); ++i) {
    const KeyframeEntry& entry = trace->keyframes()[i];
    while (world.cycle() < entry.cycle) ASSERT_TRUE(world.tick());
    const Result<WorldImage> kept = trace->world_at(i);
    ASSERT_TRUE(kept.ok()) << kept.error().what;
    const WorldImage image = world.image();
    EXPECT_EQ(kept->cycle, image.cycle);
    EXPECT_EQ(kept->tick, image.tick);
    EXPECT_TRUE(kept->instances == image.instances) << "at keyframe " << i;
  }
}

}  // namespace
}  // namespace lexum
