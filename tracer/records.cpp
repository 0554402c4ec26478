#include "tracer/records.h"

#include <algorithm>

#include <zstd.h>

#include "tracer/column_archive.h"

namespace lexum {

// ---- which fields a record has

// How many fields there are in an aggregate: what serialize() below does not name is lost.
struct Anything {
  template <class T>
  operator T() const;
};
template <class T, class... Fields>
consteval size_t field_count() {
  if constexpr (requires { T{Fields()..., Anything()}; }) {
    return field_count<T, Fields..., Anything>();
  } else {
    return sizeof...(Fields);
  }
}
static_assert(field_count<Origin>() == 6 && field_count<MessageImage>() == 3 &&
              field_count<BegunImage>() == 8 && field_count<GoalImage>() == 7 &&
              field_count<InstanceImage>() == 21 && field_count<InputImage>() == 12 &&
              field_count<AwaitedImage>() == 10 && field_count<DeadLetter>() == 4 &&
              field_count<RestImage>() == 5 && field_count<WorldImage>() == 15 &&
              field_count<FieldImage>() == 2 && field_count<IntentImage>() == 8);

uint64_t distance(int64_t from, int64_t to) {
  return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
}

template <class A>
void serialize(A& a, StartValue& v) {
  a(v.domain, v.key, v.slot, v.value);
}
template <class A>
void serialize(A& a, TraceOption& v) {
  a(v.name, v.value);
}
template <class A>
void serialize(A& a, EffectChoice& v) {
  a(v.adapter, v.operation, v.mode);
}
template <class A>
void serialize(A& a, TraceHeader& v) {
  a(v.engine, v.run_id, v.program_name, v.program_text, v.start_values, v.options);
  since(4, a, v.effects);
}
template <class A>
void serialize(A& a, Parentage& v) {
  a(v.run_id, v.file, v.cycle, v.changes);
}
template <class A>
void serialize(A& a, ChunkHead& v) {
  a(v.first_cycle, v.cycle_count, v.tick_before, v.canonical_bytes, v.side_bytes, v.run_hash);
}
template <class A>
void serialize(A& a, KeyframeHead& v) {
  a(v.cycle, v.whole);
}
template <class A>
void serialize(A& a, FramePlace& v) {
  a(v.offset, v.chain);
}
template <class A>
void serialize(A& a, ChunkEntry& v) {
  a(v.place, v.first_cycle, v.cycle_count);
}
template <class A>
void serialize(A& a, KeyframeEntry& v) {
  a(v.place, v.cycle, v.whole, v.chunk);
}
template <class A>
void serialize(A& a, ExtentsEntry& v) {
  a(v.place, v.first_cycle, v.cycle_count);
}
// High and last as distances from low, which is all that one write takes.
template <Packs A>
void save(A& a, const FieldExtent& v) {
  const Extent& of = v.extent;
  a(v.slot, of.low, distance(of.low, of.high), distance(of.low, of.last));
}
template <Unpacks A>
void load(A& a, FieldExtent& v) {
  uint64_t high = 0;
  uint64_t last = 0;
  a(v.slot, v.extent.low, high, last);
  v.extent.high = static_cast<int64_t>(static_cast<uint64_t>(v.extent.low) + high);
  v.extent.last = static_cast<int64_t>(static_cast<uint64_t>(v.extent.low) + last);
}
template <class A>
void serialize(A& a, InstanceExtents& v) {
  a(v.domain, v.key, v.fields);
}
template <class A>
void serialize(A& a, Extents& v) {
  a(v.is_whole, v.instances);
}
template <class A>
void serialize(A& a, Directory& v) {
  a(v.chunks, v.keyframes);
}
template <class A>
void serialize(A& a, Origin& v) {
  a(v.kind, v.sender, v.number, v.cause, v.index, v.correlation);
}
template <class A>
void serialize(A& a, MessageImage& v) {
  a(v.routine, v.origin, v.args);
}
template <class A>
void serialize(A& a, FieldImage& v) {
  a(v.slot, v.value);
}
template <class A>
void serialize(A& a, BegunImage& v) {
  a(v.routine, v.next_slice, v.work, v.goal, v.priority, v.changed, v.message);
  since(4, a, v.undo);
}
template <class A>
void serialize(A& a, GoalImage& v) {
  a(v.status, v.asked, v.owes, v.else_pending, v.passed, v.runs, v.distance);
}
template <class A>
void serialize(A& a, InstanceImage& v) {
  a(v.id, v.domain, v.key, v.gone, v.faulted, v.boot_pending, v.head_passed, v.sends, v.cycles,
    v.correlation, v.fields, v.mailbox, v.begun, v.goals, v.faults, v.fault_blocked, v.throttlers);
  since(4, a, v.boot_failed, v.mail_failed, v.undo);
  since(5, a, v.killed);
}
template <class A>
void serialize(A& a, InputImage& v) {
  a(v.number, v.tick, v.arrived, v.domain, v.key, v.routine, v.event, v.args);
  since(4, a, v.kind, v.about, v.index, v.failed);
}
template <class A>
void serialize(A& a, AwaitedImage& v) {
  a(v.instance, v.cycle, v.index, v.number, v.correlation, v.effect, v.arrived);
  since(4, a, v.due, v.failed, v.answer);
}
template <class A>
void serialize(A& a, IntentImage& v) {
  a(v.instance, v.cycle, v.index, v.number, v.correlation, v.effect, v.site, v.args);
}
template <class A>
void serialize(A& a, DeadLetter& v) {
  a(v.receiver, v.event, v.message);
  since(4, a, v.redelivered);
}
template <class A>
void serialize(A& a, RestImage& v) {
  a(v.cycle, v.dead_letters, v.instance_count, v.instances, v.inputs);
}
// Its rest follows, if there is one.
template <class A>
void serialize(A& a, WorldImage& v) {
  a(v.tick, v.cycle, v.messages, v.inputs_numbered, v.kept_state, v.kept_tick, v.ticks_since_base,
    v.instance_count, v.instances, v.inputs, v.awaited, v.dead_letters);
  since(4, a, v.intents, v.clock);
}

namespace {

template <class T>
void pack(ByteWriter& out, const T& value) {
  PackArchive archive(out, kTraceVersion);
  archive(value);
}

template <class T>
T unpack(ByteReader& in, uint32_t version = kTraceVersion) {
  T value;
  UnpackArchive archive(in, version);
  archive(value);
  return value;
}

constexpr uint32_t kColumnsSince = 5;  // of keyframes
constexpr std::string_view kFooterMagic = "LXFOOTER";
// Speed is worth more than the last byte: a step up makes a trace a tenth smaller and twice as
// dear.
constexpr int kZstdLevel = 1;
constexpr size_t kWorthAFlush = 512;  // it costs a table of about a hundred bytes
constexpr size_t kFlushBytes = 64;    // that one may add to what cannot be squeezed

}  // namespace

void write_header(ByteWriter& out, const TraceHeader& header) {
  ByteWriter raw;
  pack(raw, header);
  if (header.parent) pack(raw, *header.parent);
  squeeze(out, raw.bytes());
}

std::optional<TraceHeader> read_header(Bytes bytes, uint32_t version) {
  ByteReader squeezed(bytes);
  std::vector<std::byte> raw;
  if (!unsqueeze(squeezed, raw)) return std::nullopt;
  ByteReader in(raw);
  TraceHeader header = unpack<TraceHeader>(in, version);
  if (in.left() > 0) header.parent = unpack<Parentage>(in);
  return in.good() ? std::optional(std::move(header)) : std::nullopt;
}

bool fits(const TraceHeader& header, const Program& program) {
  return std::ranges::all_of(header.start_values,
                             [&](const StartValue& start) { return fits(start, program); });
}

void write_chunk_head(ByteWriter& out, const ChunkHead& head) { pack(out, head); }
ChunkHead read_chunk_head(ByteReader& in) { return unpack<ChunkHead>(in); }

void write_keyframe(ByteWriter& out, const KeyframeHead& head, const WorldImage& image) {
  pack(out, head);
  ColumnPacker columns(kTraceVersion);
  columns(image);
  if (image.rest) columns(*image.rest);
  ByteWriter raw;
  std::vector<size_t> ends;
  raw.byte(image.rest.has_value());
  columns.write(raw, ends);
  squeeze(out, raw.bytes(), ends);
}
KeyframeHead read_keyframe_head(ByteReader& in) { return unpack<KeyframeHead>(in); }

std::optional<WorldImage> read_image(ByteReader& in, const Program& program, uint32_t version) {
  std::vector<std::byte> raw;
  if (!unsqueeze(in, raw)) return std::nullopt;
  ByteReader packed(raw);
  WorldImage image;
  if (version < kColumnsSince) {
    image = unpack<WorldImage>(packed, version);
    if (packed.left() > 0) image.rest = unpack<RestImage>(packed, version);
  } else {
    const uint8_t has_rest = packed.byte();
    ColumnUnpacker columns(packed, version);
    columns(image);
    if (has_rest != 0) columns(image.rest.emplace());
    if (has_rest > 1 || !columns.good() || !columns.at_end()) return std::nullopt;
  }
  if (!packed.good() || !packed.at_end() || !fits(image, program)) return std::nullopt;
  return image;
}

void write_index_record(ByteWriter& out, const ChunkHead& of, const ChunkIndex& index) {
  out.varint(of.first_cycle);
  out.varint(of.cycle_count);
  ByteWriter raw;
  const std::vector<size_t> ends = write_index(raw, index);
  squeeze(out, raw.bytes(), ends);
}

std::optional<ChunkIndex> read_index_record(Bytes payload, const ChunkEntry& of,
                                            const Program& program, uint32_t version) {
  ByteReader in(payload);
  const uint64_t first = in.varint();
  const uint64_t count = in.varint();
  std::vector<std::byte> raw;
  if (!in.good() || first != of.first_cycle || count != of.cycle_count || !unsqueeze(in, raw)) {
    return std::nullopt;
  }
  ByteReader index(raw);
  return read_index(index, program, count, version);
}

void write_extents(ByteWriter& out, const Extents& extents) {
  out.varint(extents.first_cycle);
  out.varint(extents.cycle_count);
  ColumnPacker columns(kTraceVersion);
  columns(extents);
  ByteWriter raw;
  std::vector<size_t> ends;
  columns.write(raw, ends);
  squeeze(out, raw.bytes(), ends);
}

ExtentsEntry read_extents_head(ByteReader& in, FramePlace place) {
  const uint64_t first = in.varint();
  return {.place = place, .first_cycle = first, .cycle_count = in.varint()};
}

std::optional<Extents> read_extents(Bytes payload, const Program& program) {
  ByteReader in(payload);
  const ExtentsEntry head = read_extents_head(in, {});
  std::vector<std::byte> raw;
  if (!in.good() || !unsqueeze(in, raw)) return std::nullopt;
  ByteReader packed(raw);
  Extents extents{.first_cycle = head.first_cycle, .cycle_count = head.cycle_count};
  ColumnUnpacker columns(packed, kTraceVersion);
  columns(extents);
  const bool read = columns.good() && columns.at_end() && packed.good() && packed.at_end();
  return read && fits(extents, program) ? std::optional(std::move(extents)) : std::nullopt;
}

void write_footer(ByteWriter& out, const Directory& directory, FramePlace place) {
  ByteWriter raw;
  pack(raw, directory);
  std::vector<FramePlace> indexes;
  for (const ChunkEntry& chunk : directory.chunks) indexes.push_back(chunk.index);
  pack(raw, indexes);
  write_kinds(raw, directory.kinds);
  pack(raw, directory.extents);
  squeeze(out, raw.bytes());
  out.fixed64(place.offset);
  out.fixed64(place.chain);
  out.raw(as_bytes(kFooterMagic));
}

std::optional<Directory> read_footer(Bytes payload, const Program& program) {
  ByteReader squeezed(payload);
  std::vector<std::byte> raw;
  if (!unsqueeze(squeezed, raw)) return std::nullopt;
  ByteReader in(raw);
  Directory directory = unpack<Directory>(in);
  if (in.good() && in.left() > 0) {  // before there were indexes, nothing followed
    const auto indexes = unpack<std::vector<FramePlace>>(in);
    if (indexes.size() != directory.chunks.size()) return std::nullopt;
    for (size_t i = 0; i < indexes.size(); ++i) directory.chunks[i].index = indexes[i];
    auto kinds = read_kinds(in, program, indexes.size());
    if (!kinds) return std::nullopt;
    directory.kinds = std::move(*kinds);
    // Nor did extents.
    if (in.left() > 0) directory.extents = unpack<std::vector<ExtentsEntry>>(in);
  }
  return in.good() ? std::optional(std::move(directory)) : std::nullopt;
}

std::optional<FramePlace> footer_place(Bytes tail) {
  if (tail.size() < kFooterTailBytes) return std::nullopt;
  ByteReader in(tail.last(kFooterTailBytes));
  const uint64_t offset = in.fixed64();
  const uint64_t chain = in.fixed64();
  if (as_text(in.raw(kFooterMagic.size())) != kFooterMagic) return std::nullopt;
  return FramePlace{offset, chain};
}

// Between two flushes zstd counts anew which bytes are frequent.
void squeeze(ByteWriter& out, Bytes raw, std::span<const size_t> ends) {
  LEXUM_CHECK(raw.size() <= kRawBytesMax);
  thread_local const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                                ZSTD_freeCCtx);
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), raw.size());
  ByteWriter squeezed;
  const size_t most = ZSTD_compressBound(raw.size()) + kFlushBytes * (ends.size() + 1);
  ZSTD_outBuffer to{squeezed.claim(most), most, 0};
  ZSTD_inBuffer from{raw.data(), 0, 0};
  const auto go_on = [&](size_t end, ZSTD_EndDirective how) {
    from.size = end;
    LEXUM_CHECK(ZSTD_compressStream2(context.get(), &to, &from, how) == 0);
  };
  for (const size_t end : ends) {
    if (end - from.pos >= kWorthAFlush && end < raw.size()) go_on(end, ZSTD_e_flush);
  }
  go_on(raw.size(), ZSTD_e_end);
  squeezed.claimed(static_cast<std::byte*>(to.dst) + to.pos);
  out.varint(raw.size());
  out.text(as_text(squeezed.bytes()));
}

bool unsqueeze(ByteReader& in, std::vector<std::byte>& raw) {
  const uint64_t size = in.varint();
  const std::string_view squeezed = in.text();
  if (!in.good() || size > kRawBytesMax) return false;
  if (ZSTD_getFrameContentSize(squeezed.data(), squeezed.size()) != size) return false;
  raw.resize(size);
  return ZSTD_decompress(raw.data(), size, squeezed.data(), squeezed.size()) == size;
}

}  // namespace lexum
