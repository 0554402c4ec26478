// A chunk's bytes in the order in which they happened, turned into columns of alike ones, and back.
// Columns of varints of differences are what zstd makes small; FORMAT.md says what stands where.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "check/program.h"

namespace lexum {

// The two streams of a batch (machine/recorder.h), and where in them the entry of each cycle begins.
struct Streams {
  struct Place {
    size_t canonical = 0;
    size_t side = 0;
    uint64_t ticks = 0;  // between the chunk's tick_before and the event before
  };
  ByteWriter canonical;
  ByteWriter side;
  std::vector<Place> cycles = {};
};

class IndexNotes;

struct Columns {
  ByteWriter bytes;          // each column, and its length before all of them
  std::vector<size_t> ends;  // where in the bytes each one ends
  size_t side_bytes = 0;     // of the side stream with the old sides that a batch leaves out
};

// Turns streams into columns; keeps its memory from chunk to chunk.
class ColumnSplitter {
 public:
  explicit ColumnSplitter(const Program& program);  // outlives it
  ~ColumnSplitter();
  // Replaces what was in `out`. False if the bytes are no events of this program. Tells `notes`, if
  // there are some, what happened.
  [[nodiscard]] bool split(Bytes canonical, Bytes side, Columns& out, IndexNotes* notes = nullptr);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Turns columns into streams, never into longer ones than it was told to expect.
class ColumnJoiner {
 public:
  explicit ColumnJoiner(const Program& program);  // outlives it
  ~ColumnJoiner();
  // Clears the streams and fills them; no old side is left out. False if the columns are not those
  // of events of this program whose streams have exactly these sizes. Tells `notes` likewise.
  [[nodiscard]] bool join(Bytes columns, size_t canonical_bytes, size_t side_bytes, Streams& out,
                          IndexNotes* notes = nullptr);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum
