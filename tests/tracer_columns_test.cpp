// Columns are another order of the same bytes: what is split comes back as it was, and what is
// spoilt is refused or comes back as something else, but never does harm.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tracer/columns.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

struct Split {
  ByteWriter columns;
  size_t canonical_bytes = 0;
  size_t side_bytes = 0;
};

Split split(const Program& program, const Chunk& chunk) {
  Split out;
  std::vector<size_t> ends;
  ColumnSplitter splitter(program);
  out.canonical_bytes = chunk.streams.canonical.size();
  out.side_bytes = chunk.streams.side.size();
  EXPECT_TRUE(splitter.split(chunk.streams.canonical.bytes(), chunk.streams.side.bytes(),
                             out.columns, ends));
  return out;
}

TEST(Columns, GiveBackWhatWentIn) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  ColumnJoiner joiner(trace->program());
  for (size_t i = 0; i < trace->chunks().size(); ++i) {
    const auto chunk = *trace->chunk(i);
    const Split columns = split(trace->program(), *chunk);
    Streams back;
    ASSERT_TRUE(
        joiner.join(columns.columns.bytes(), columns.canonical_bytes, columns.side_bytes, back));
    EXPECT_EQ(as_text(back.canonical.bytes()), as_text(chunk->streams.canonical.bytes()));
    EXPECT_EQ(as_text(back.side.bytes()), as_text(chunk->streams.side.bytes()));
  }
}

TEST(Columns, RefuseOtherSizesThanAnnounced) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const Split columns = split(trace->program(), **trace->chunk(0));
  ColumnJoiner joiner(trace->program());
  Streams back;
  const Bytes bytes = columns.columns.bytes();
  EXPECT_FALSE(joiner.join(bytes, columns.canonical_bytes - 1, columns.side_bytes, back));
  EXPECT_FALSE(joiner.join(bytes, columns.canonical_bytes, columns.side_bytes + 1, back));
  EXPECT_TRUE(joiner.join(bytes, columns.canonical_bytes, columns.side_bytes, back));
}

TEST(Columns, RefuseToBeSplitWithoutBeingEvents) {
  const auto program = program_of(kTwoDomains);
  ColumnSplitter splitter(*program);
  ByteWriter out;
  std::vector<size_t> ends;
  EXPECT_FALSE(splitter.split(as_bytes("\x07"), as_bytes(std::string_view("\0", 1)), out, ends));
  EXPECT_FALSE(splitter.split(as_bytes("more"), {}, out, ends));
  EXPECT_TRUE(splitter.split({}, {}, out, ends));
}

// Any byte of the columns may be wrong: whoever reads the events that come of it survives.
TEST(Columns, SurviveEveryFlippedByte) {
  Recorded run = record(kMixed, {.start_values = {}, .inputs = {}, .cycles_max = 30});
  const auto trace = run.open();
  const auto chunk = *trace->chunk(0);
  const Split columns = split(trace->program(), *chunk);
  const std::string whole(as_text(columns.columns.bytes()));
  ColumnJoiner joiner(trace->program());
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(spoilt[at] ^ flip);
      Streams back;
      if (!joiner.join(as_bytes(spoilt), columns.canonical_bytes, columns.side_bytes, back)) {
        continue;
      }
      EventReader events(trace->program(), back.canonical.bytes(), back.side.bytes(), 0, 0);
      const LineWriter lines(trace->program());
      for (EventView view; events.next(view);) EXPECT_FALSE(lines.line(view).empty());
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
