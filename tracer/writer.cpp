#include "tracer/writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {
namespace {

constexpr uint64_t kIndexedCycles = 64;

// A slip of the command line must not cost anybody a program.
Status may_overwrite(Files& files, const std::string& path) {
  const Result<std::unique_ptr<File>> there = files.open(path);
  if (!there) return Done{};  // create() knows better what is wrong
  const Result<uint64_t> size = (*there)->size();
  if (!size || *size == 0) return Done{};
  std::array<std::byte, 8> magic{};
  const Result<size_t> got = (*there)->read(0, magic);
  if (got && as_text(magic) == kTraceKind.magic) return Done{};
  return Error{.code = ErrorCode::kForeign,
               .what = fmt::format("cannot write a trace to {}: something else is in it; remove it "
                                   "or choose another name",
                                   path)};
}

}  // namespace

Result<std::unique_ptr<TraceWriter>> TraceWriter::create(Files& files, const std::string& path,
                                                         const Program& program,
                                                         const TraceHeader& header) {
  if (Status may = may_overwrite(files, path); !may) return may.error();
  Result<FrameWriter> frames = FrameWriter::create(files, path, kTraceKind);
  if (!frames) return frames.error();
  std::unique_ptr<TraceWriter> writer(new TraceWriter(std::move(*frames), program));
  TraceHeader whole = header;
  whole.effects = choices_in(program);
  write_header(writer->record_, whole);
  if (Status written = writer->append(RecordType::kHeader); !written) return written.error();
  return writer;
}

Status TraceWriter::write(const Batch& batch) {
  if (batch.keyframe) {
    const KeyframeHead head{.cycle = batch.keyframe->cycle, .whole = batch.keyframe_is_whole};
    record_.clear();
    write_keyframe(record_, head, *batch.keyframe);
    if (Status written = append(RecordType::kKeyframe); !written) return written;
    directory_.keyframes.push_back({.place = last_,
                                    .cycle = head.cycle,
                                    .whole = head.whole,
                                    .chunk = directory_.chunks.size()});
  }
  notes_.begin(batch.tick_before);
  LEXUM_CHECK(splitter_.split(batch.canonical.bytes(), batch.side.bytes(), columns_, &notes_));
  const ChunkHead head{.first_cycle = batch.first_cycle,
                       .cycle_count = batch.cycle_count,
                       .tick_before = batch.tick_before,
                       .canonical_bytes = batch.canonical.size(),
                       .side_bytes = columns_.side_bytes,
                       .run_hash = batch.run_hash};
  record_.clear();
  write_chunk_head(record_, head);
  squeeze(record_, columns_.bytes.bytes(), columns_.ends);
  if (Status written = append(RecordType::kChunk); !written) return written;
  directory_.chunks.push_back(
      {.place = last_, .first_cycle = head.first_cycle, .cycle_count = head.cycle_count});
  extents_.add(head.first_cycle, head.cycle_count, notes_, record_.size());
  // Of a few cycles, it is made anew as fast as it would be read.
  if (head.cycle_count >= kIndexedCycles) {
    record_.clear();
    write_index_record(record_, head, notes_.index());
    if (Status written = append(RecordType::kIndex); !written) return written;
    directory_.chunks.back().index = last_;
    directory_.kinds.add(directory_.chunks.size() - 1, notes_.index());
  }
  return extents_.is_due() ? write_extents() : Done{};
}

Status TraceWriter::write_extents() {
  const Extents extents = extents_.take();
  record_.clear();
  lexum::write_extents(record_, extents);
  extents_.took(record_.size());
  if (Status written = append(RecordType::kExtents); !written) return written;
  directory_.extents.push_back(
      {.place = last_, .first_cycle = extents.first_cycle, .cycle_count = extents.cycle_count});
  return Done{};
}

Status TraceWriter::close() {
  // A short run is read as fast.
  if (!directory_.extents.empty() && !extents_.is_empty()) {
    if (Status written = write_extents(); !written) return written;
  }
  record_.clear();
  write_footer(record_, directory_, frames_.place());
  return append(RecordType::kFooter);
}

Status TraceWriter::append(RecordType type) {
  const Result<FramePlace> place = frames_.append(static_cast<uint8_t>(type), record_.bytes());
  if (!place) return place.error();
  last_ = *place;
  return Done{};
}

Status copy_trace(Files& files, const std::string& from, const std::string& to) {
  constexpr size_t kPiece = size_t{1} << 20;
  const Result<std::unique_ptr<File>> source = files.open(from);
  if (!source) return source.error();
  const Result<uint64_t> size = (*source)->size();
  if (!size) return size.error();
  if (Status may = may_overwrite(files, to); !may) return may;
  const Result<std::unique_ptr<File>> copy = files.create(to);
  if (!copy) return copy.error();
  std::vector<std::byte> piece(kPiece);
  for (uint64_t offset = 0; offset < *size;) {
    const size_t most = std::min<uint64_t>(kPiece, *size - offset);
    const Result<size_t> got = (*source)->read(offset, std::span(piece).first(most));
    if (!got) return got.error();
    if (*got == 0) break;
    if (Status written = (*copy)->append(std::span(piece).first(*got)); !written) return written;
    offset += *got;
  }
  return Done{};
}

}  // namespace lexum
