// What the frames of a trace say, apart from the columns of a chunk: FORMAT.md has the layout. Each
// record is written by one function and read by another; what they share stands here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "eval/load.h"
#include "runtime/fits.h"
#include "runtime/image.h"
#include "runtime/world.h"
#include "store/framing.h"
#include "tracer/chunk_index.h"
#include "tracer/extents.h"

namespace lexum {

inline constexpr uint32_t kTraceVersion = 5;
// Version 1 came before the first release.
inline constexpr FileKind kTraceKind = {
    .magic = "LXTRACE\n", .version = kTraceVersion, .name = "trace", .oldest = 2};

// Types of frames. Others are left to what comes later: a reader skips what it does not know.
enum class RecordType : uint8_t {
  kHeader = 1,
  kChunk = 2,
  kKeyframe = 3,
  kFooter = 4,
  kIndex = 5,
  kExtents = 6
};

// What a record may be at most before it is squeezed. Checked before anything is allocated.
inline constexpr size_t kRawBytesMax = size_t{1} << 30;

struct TraceOption {
  std::string name;
  std::string value;
};

// Of a fork: what it is a fork of, and what was changed.
struct Parentage {
  std::string run_id;
  std::string file;                  // as it was called then
  uint64_t cycle = 0;                // after which the fork begins
  std::vector<std::string> changes;  // as people write them
};

// How the run was started; with the inputs, all that a replay needs.
struct TraceHeader {
  std::string engine;  // the version of lxm that recorded
  std::string run_id;
  std::string program_name;
  std::string program_text;
  std::vector<StartValue> start_values;
  std::vector<TraceOption> options;        // as the command line had them, for people
  std::vector<EffectChoice> effects = {};  // whoever writes it takes them from the program
  std::optional<Parentage> parent = {};
};

// What stands before the columns of a chunk.
struct ChunkHead {
  uint64_t first_cycle = 1;
  uint64_t cycle_count = 0;
  uint64_t tick_before = 0;
  uint64_t canonical_bytes = 0;
  uint64_t side_bytes = 0;
  Hash256 run_hash{};  // after its last event
};

// What stands before the image of a keyframe.
struct KeyframeHead {
  uint64_t cycle = 0;  // after which it was taken
  bool whole = false;  // else the instances it lacks stand in the one before it
};

struct ChunkEntry {
  FramePlace place;
  uint64_t first_cycle = 1;
  uint64_t cycle_count = 0;
  FramePlace index = {};  // of its index; offset 0: there is none
};
struct KeyframeEntry {
  FramePlace place;
  uint64_t cycle = 0;
  bool whole = false;
  uint64_t chunk = 0;  // the one that goes on from it
};

// A stretch of cycles, in whole chunks.
struct ExtentsEntry {
  FramePlace place;
  uint64_t first_cycle = 1;
  uint64_t cycle_count = 0;
};

// What a reader would otherwise find by going through the whole file.
struct Directory {
  std::vector<ChunkEntry> chunks;
  std::vector<KeyframeEntry> keyframes;
  std::vector<ExtentsEntry> extents = {};
  KindTable kinds = {};  // of a trace that was not closed, there is nothing in it
};

void write_header(ByteWriter& out, const TraceHeader& header);
std::optional<TraceHeader> read_header(Bytes bytes, uint32_t version);
// Whether its start values are such of its program.
bool fits(const TraceHeader& header, const Program& program);

void write_chunk_head(ByteWriter& out, const ChunkHead& head);
ChunkHead read_chunk_head(ByteReader& in);

// The index of the chunk before it: chunk_index.h, squeezed, behind the cycles that it is of.
void write_index_record(ByteWriter& out, const ChunkHead& of, const ChunkIndex& index);
std::optional<ChunkIndex> read_index_record(Bytes payload, const ChunkEntry& of,
                                            const Program& program, uint32_t version);

void write_keyframe(ByteWriter& out, const KeyframeHead& head, const WorldImage& image);
KeyframeHead read_keyframe_head(ByteReader& in);
// None if the bytes are no image of a world of this program.
std::optional<WorldImage> read_image(ByteReader& in, const Program& program, uint32_t version);

// Of the chunks before it, behind the cycles that it is of.
void write_extents(ByteWriter& out, const Extents& extents);
// Where it says that it is.
ExtentsEntry read_extents_head(ByteReader& in, FramePlace place);
// None if the bytes are no extents in this program.
std::optional<Extents> read_extents(Bytes payload, const Program& program);

// A footer ends with the place of its own frame, so that it is found from the end of the file.
inline constexpr size_t kFooterTailBytes = 24;
void write_footer(ByteWriter& out, const Directory& directory, FramePlace place);
std::optional<Directory> read_footer(Bytes payload, const Program& program);
// None if these bytes are not the end of a footer.
std::optional<FramePlace> footer_place(Bytes tail);

// Bytes, made small: their number and what zstd makes of them. `ends` are places behind which other
// bytes are frequent than before.
void squeeze(ByteWriter& out, Bytes raw, std::span<const size_t> ends = {});
// False if that is no such thing, or more than kRawBytesMax.
[[nodiscard]] bool unsqueeze(ByteReader& in, std::vector<std::byte>& raw);

}  // namespace lexum
