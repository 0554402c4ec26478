// Columns are another order of the same bytes: what is split comes back as it was, and what is
// spoilt is refused or comes back as something else, but never does harm.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/inputs.h"
#include "tracer/columns.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

Columns split(const Program& program, const Streams& streams) {
  Columns columns;
  EXPECT_TRUE(
      ColumnSplitter(program).split(streams.canonical.bytes(), streams.side.bytes(), columns));
  return columns;
}

TEST(Columns, GiveBackWhatWentIn) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  ColumnJoiner joiner(trace->program());
  for (size_t i = 0; i < trace->chunks().size(); ++i) {
    const auto chunk = *trace->chunk(i);
    const Columns columns = split(trace->program(), chunk->streams);
    Streams back;
    ASSERT_TRUE(joiner.join(columns.bytes.bytes(), chunk->streams.canonical.size(),
                            columns.side_bytes, back));
    EXPECT_EQ(as_text(back.canonical.bytes()), as_text(chunk->streams.canonical.bytes()));
    EXPECT_EQ(as_text(back.side.bytes()), as_text(chunk->streams.side.bytes()));
  }
}

// A batch leaves out what a field was where it has said what it last became; a trace says it. Here
// one instance goes and another one of the same key begins anew, with both in one batch.
TEST(Columns, SayWhatAFieldWasThoughTheBatchLeftItOut) {
  Recorded run = record(R"(
domain Boss {
  state { turn: int }
  goal Done { predicate turn >= 12 }
  transition Go { turn += 1  send Hand[turn % 2] Work(n: turn)  if turn % 5 == 0 { send Hand[1] Leave } }
}
domain Hand[id: int] {
  state { sum: int = 7  last: string = "nothing"  all: list<int> }
  on Work(n: int) { sum += n  last = "turn " + str(n)  all = all.add(n) }
  on Leave { retire }
}
)");
  std::vector<std::string> lines = log_of(*run.open());
  EXPECT_EQ(lines, run.log);
  const auto born = testing::HasSubstr("last: \"nothing\" → \"turn");
  EXPECT_GE(std::count_if(lines.begin(), lines.end(),
                          [&](const std::string& line) { return testing::Value(line, born); }),
            3);
  EXPECT_THAT(lines, testing::Contains(testing::HasSubstr("last: \"turn 1\" → \"turn 3\"")));
}

// Who is next, which message that is for, what it brings on: nothing of that needs saying twice.
TEST(Columns, SayNothingOfWhatIsAsLikelyAsCanBe) {
  Recorded run = record(R"(
domain Node[id: int] {
  state { count: int }
  transition Token(left: int) { count += 1  if left > 0 { send Node[(self.id + 1) % 100] Token(left: left - 1) } }
}
domain Start { transition Boot { send Node[0] Token(left: 5000) } }
)");
  const auto trace = run.open();
  EXPECT_EQ(trace->cycles(), 5002u);
  const auto chunk = *trace->chunk(trace->chunks().size() - 1);
  const Columns columns = split(trace->program(), chunk->streams);
  EXPECT_LT(columns.bytes.size(), chunk->head.cycle_count);
}

TEST(Columns, RefuseOtherSizesThanAnnounced) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const auto chunk = *trace->chunk(0);
  const Columns columns = split(trace->program(), chunk->streams);
  const size_t canonical_bytes = chunk->streams.canonical.size();
  ColumnJoiner joiner(trace->program());
  Streams back;
  const Bytes bytes = columns.bytes.bytes();
  EXPECT_FALSE(joiner.join(bytes, canonical_bytes - 1, columns.side_bytes, back));
  EXPECT_FALSE(joiner.join(bytes, canonical_bytes, columns.side_bytes + 1, back));
  EXPECT_TRUE(joiner.join(bytes, canonical_bytes, columns.side_bytes, back));
}

TEST(Columns, RefuseToBeSplitWithoutBeingEvents) {
  const auto program = program_of(kTwoDomains);
  ColumnSplitter splitter(*program);
  Columns out;
  EXPECT_FALSE(splitter.split(as_bytes("\x07"), as_bytes(std::string_view("\0", 1)), out));
  EXPECT_FALSE(splitter.split(as_bytes("more"), {}, out));
  EXPECT_TRUE(splitter.split({}, {}, out));
}

// Any byte of the columns may be wrong: whoever reads the events that come of it survives.
TEST(Columns, SurviveEveryFlippedByte) {
  Recorded run = record(kMixed, {.start_values = {}, .inputs = {}, .cycles_max = 30});
  const auto trace = run.open();
  const auto chunk = *trace->chunk(0);
  const Columns columns = split(trace->program(), chunk->streams);
  const size_t canonical_bytes = chunk->streams.canonical.size();
  const std::string whole(as_text(columns.bytes.bytes()));
  ColumnJoiner joiner(trace->program());
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(spoilt[at] ^ flip);
      Streams back;
      if (!joiner.join(as_bytes(spoilt), canonical_bytes, columns.side_bytes, back)) {
        continue;
      }
      EventReader events(trace->program(), back.canonical.bytes(), back.side.bytes(), 0, 0);
      const LineWriter lines(trace->program());
      for (EventView view; events.next(view);) EXPECT_FALSE(lines.line(view).empty());
    }
  }
}

// So do the notes that are made of them, of which each says only what its program has.
TEST(Columns, OfActsSurviveEveryFlippedByte) {
  const auto loaded = program_of(kMixed);
  Recording how{.start_values = {}, .inputs = {}, .cycles_max = 30};
  for (const char* act :
       {R"({"set": "Hub.n=7", "at": 2})", R"({"set": "Hub.names=[\"a\", \"b\"]", "at": 2})",
        R"({"set": "Counter[1].sum=9", "at": 4})", R"({"revive": "Hub", "at": 5})",
        R"({"set": "Hub.n=90", "at": 6})"}) {
    how.inputs.push_back(*read_input_line(*loaded, act));
  }
  Recorded run = record(kMixed, how);
  const auto trace = run.open();
  ASSERT_EQ((*trace->index(0))->acts.size(), 4u);
  const auto chunk = *trace->chunk(0);
  const Columns columns = split(trace->program(), chunk->streams);
  const std::string whole(as_text(columns.bytes.bytes()));
  ColumnJoiner joiner(trace->program());
  IndexNotes notes(trace->program());
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(spoilt[at] ^ flip);
      Streams back;
      notes.begin(0);
      (void)joiner.join(as_bytes(spoilt), chunk->streams.canonical.size(), columns.side_bytes, back,
                        &notes);
      for (const ChunkIndex::Act& act : notes.index().acts) {
        EXPECT_TRUE(fits(notes.index().kinds[act.kind], trace->program()));
        EXPECT_LT(act.actor, notes.index().actors.size());
      }
    }
  }
}

// An index that was forged is read whole or not at all.
TEST(Columns, OfWhichAnIndexIsForgedAreIndexedAnew) {
  const auto loaded = program_of(kMixed);
  Recording how{.start_values = {}, .inputs = {}, .cycles_max = 70};
  how.inputs.push_back(*read_input_line(*loaded, R"({"set": "Hub.n=7", "at": 2})"));
  Recorded run = record(kMixed, how);
  const auto trace = run.open();
  const ChunkIndex& index = **trace->index(0);
  ByteWriter out;
  write_index(out, index);
  const std::string whole(as_text(out.bytes()));
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int flip = 1; flip < 256; flip *= 2) {
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(spoilt[at] ^ flip);
      ByteReader in(as_bytes(spoilt));
      const auto read = read_index(in, trace->program(), index.who.size(), kTraceVersion);
      if (!read) continue;
      for (const uint32_t kind : read->what) EXPECT_FALSE(read->kinds.at(kind).of_act());
      for (const ChunkIndex::Act& act : read->acts) {
        EXPECT_TRUE(read->kinds.at(act.kind).of_act());
        EXPECT_LT(act.actor, read->actors.size());
      }
      for (const ChunkIndex::Kind& kind : read->kinds) EXPECT_TRUE(fits(kind, trace->program()));
    }
  }
}

RC_GTEST_PROP(Columns, SurviveAnyBytes, (const std::string& bytes, uint16_t size)) {
  static const auto program = program_of(kMixed);
  ColumnJoiner joiner(*program);
  Streams back;
  if (joiner.join(as_bytes(bytes), size, size, back)) {
    RC_ASSERT(back.canonical.size() == size);
  }
}

}  // namespace
}  // namespace lexum
