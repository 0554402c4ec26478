// Feeds the reader of traces with files whose frames all check and whose squeezed bytes unfold, so
// that what is inside them is all that can be wrong. The input is a row of parts, each a kind, a
// length of two bytes and that many bytes:
//
//   0 chunk     cycles, canonical bytes, side bytes: varints; then columns
//   1 keyframe  whole or not: a byte; then a world
//   2 frame     its type: a byte; then its payload as it is
//   3 header    as it is before it is squeezed; only as the first part
//   4 index     of the last chunk, as it is before it is squeezed
//
// Without a header of its own the trace is one of the program below.
#include "read_everything.h"

namespace lexum {
namespace {

enum class Part : uint8_t { kChunk, kKeyframe, kFrame, kHeader, kIndex };
constexpr int kParts = 5;

class Forger {
 public:
  explicit Forger(MemoryFiles& files)
      : frames_(std::move(*FrameWriter::create(files, "run", kTraceKind))) {}

  void write(Part part, Bytes bytes) {
    out_.clear();
    ByteReader in(bytes);
    if (first_ && part != Part::kHeader) {
      write_header(out_, {.engine = "",
                          .run_id = "",
                          .program_name = "fuzz.lxm",
                          .program_text = kProgram,
                          .start_values = {},
                          .options = {}});
      append(RecordType::kHeader);
    }
    first_ = false;
    switch (part) {
      case Part::kChunk:
        chunk(in);
        return append(RecordType::kChunk);
      case Part::kKeyframe:
        keyframe(in);
        return append(RecordType::kKeyframe);
      case Part::kFrame: {
        const auto type = static_cast<RecordType>(in.byte());
        out_.raw(in.raw(in.left()));
        return append(type);
      }
      case Part::kHeader:
        squeeze(out_, bytes);
        return append(RecordType::kHeader);
      case Part::kIndex:
        out_.varint(last_.first_cycle);
        out_.varint(last_.cycle_count);
        squeeze(out_, bytes);
        return append(RecordType::kIndex);
    }
  }

 private:
  void append(RecordType type) {
    (void)frames_.append(static_cast<uint8_t>(type), out_.bytes());
    out_.clear();
  }
  void chunk(ByteReader& in) {
    // Right guesses make any number of bytes out of none, so only few are asked for.
    const ChunkHead head{.first_cycle = next_cycle_,
                         .cycle_count = in.varint(),
                         .tick_before = 0,
                         .canonical_bytes = in.varint() & 0xffff,
                         .side_bytes = in.varint() & 0xffff,
                         .run_hash = {}};
    next_cycle_ += head.cycle_count;
    last_ = head;
    write_chunk_head(out_, head);
    squeeze(out_, in.raw(in.left()));
  }
  // The head of a keyframe is two varints.
  void keyframe(ByteReader& in) {
    out_.varint(next_cycle_ - 1);
    out_.varint(in.byte() & 1);
    squeeze(out_, in.raw(in.left()));
  }

  FrameWriter frames_;
  ByteWriter out_;
  bool first_ = true;
  uint64_t next_cycle_ = 1;
  ChunkHead last_;  // of a chunk
};

void forge(MemoryFiles& files, Bytes input) {
  Forger forger(files);
  ByteReader in(input);
  while (!in.at_end()) {
    const auto part = static_cast<Part>(in.byte() % kParts);
    const size_t low = in.byte();
    const size_t length = low | size_t{in.byte()} << 8;
    forger.write(part, in.raw(std::min(length, in.left())));
  }
}

}  // namespace
}  // namespace lexum

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lexum::MemoryFiles files;
  lexum::forge(files, std::as_bytes(std::span(data, size)));
  lexum::read_everything(files);
  return 0;
}
