#include "tracer/records.h"

#include <algorithm>

#include <zstd.h>

#include "tracer/archive.h"

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
              field_count<BegunImage>() == 7 && field_count<GoalImage>() == 7 &&
              field_count<InstanceImage>() == 17 && field_count<InputImage>() == 8 &&
              field_count<AwaitedImage>() == 7 && field_count<DeadLetter>() == 3 &&
              field_count<RestImage>() == 5 && field_count<WorldImage>() == 13);

template <class A>
void serialize(A& a, StartValue& v) {
  a(v.domain, v.key, v.slot, v.value);
}
template <class A>
void serialize(A& a, TraceOption& v) {
  a(v.name, v.value);
}
template <class A>
void serialize(A& a, TraceHeader& v) {
  a(v.engine, v.run_id, v.program_name, v.program_text, v.start_values, v.options);
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
void serialize(A& a, BegunImage& v) {
  a(v.routine, v.next_slice, v.work, v.goal, v.priority, v.changed, v.message);
}
template <class A>
void serialize(A& a, GoalImage& v) {
  a(v.status, v.asked, v.owes, v.else_pending, v.passed, v.runs, v.distance);
}
template <class A>
void serialize(A& a, InstanceImage& v) {
  a(v.id, v.domain, v.key, v.gone, v.faulted, v.boot_pending, v.head_passed, v.sends, v.cycles,
    v.correlation, v.fields, v.mailbox, v.begun, v.goals, v.faults, v.fault_blocked, v.throttlers);
}
template <class A>
void serialize(A& a, InputImage& v) {
  a(v.number, v.tick, v.arrived, v.domain, v.key, v.routine, v.event, v.args);
}
template <class A>
void serialize(A& a, AwaitedImage& v) {
  a(v.instance, v.cycle, v.index, v.number, v.correlation, v.effect, v.arrived);
}
template <class A>
void serialize(A& a, DeadLetter& v) {
  a(v.receiver, v.event, v.message);
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
}

namespace {

template <class T>
void pack(ByteWriter& out, const T& value) {
  PackArchive archive(out);
  archive(value);
}

template <class T>
T unpack(ByteReader& in) {
  T value;
  UnpackArchive archive(in);
  archive(value);
  return value;
}

// ---- does an image make sense for a program? A world must not have to ask.

class Fits {
 public:
  explicit Fits(const Program& program) : program_(program) {}

  bool operator()(const StartValue& start) const {
    if (!start.domain || start.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[start.domain];
    return key(domain, start.key) && start.slot < domain.fields.size() &&
           value(start.value, domain.fields[start.slot].type);
  }
  bool operator()(const WorldImage& image) const {
    // The instances of a later keyframe may have ids that this one only counts.
    return all(image.instances,
               [&](const InstanceImage& i) {
                 return i.id && i.id.value < image.instance_count && instance(i, image);
               }) &&
           all(image.inputs, [&](const InputImage& i) { return input(i); }) &&
           all(image.awaited,
               [&](const AwaitedImage& i) {
                 return known(i.instance, image) && i.effect.value < program_.effects.size();
               }) &&
           (!image.rest || rest(*image.rest, image));
  }
  bool value(const Value& v, TypeId type_id) const {
    const Type& type = program_.types[type_id];
    if (v.is_null()) return type.optional;
    bool good = true;
    switch (type.kind) {
      case TypeKind::kBool:
        return v.kind() == Kind::kBool;
      case TypeKind::kInt:
        return v.kind() == Kind::kInt;
      case TypeKind::kText:
        return v.kind() == Kind::kText;
      case TypeKind::kList:
        if (v.kind() != Kind::kList) return false;
        v.each([&](const Value& element) { good = good && value(element, type.element); });
        return good;
      case TypeKind::kMap:
        if (v.kind() != Kind::kMap) return false;
        v.each_entry([&](const Value& its_key, const Value& mapped) {
          good = good && value(its_key, type.key) && value(mapped, type.element);
        });
        return good;
      case TypeKind::kRecord: {
        if (v.kind() != Kind::kRecord || v.shape() != type.shape) return false;
        const std::vector<Field>& fields = program_.records[type.shape].fields;
        return std::equal(v.fields().begin(), v.fields().end(), fields.begin(), fields.end(),
                          [&](const Value& f, const Field& t) { return value(f, t.type); });
      }
      default:
        return false;
    }
  }

  // Of one that has all its instances.
  bool whole(const WorldImage& image) const {
    return image.instances.size() == image.instance_count && letters(image.dead_letters, image) &&
           (!image.rest || (letters(image.rest->inputs, image) && all_are(*image.rest, image)));
  }

 private:
  bool key(const Domain& domain, const Value& key) const {
    return domain.keyed ? value(key, domain.key_type) : key.is_null();
  }
  template <class Items, class Test>
  static bool all(const Items& items, Test test) {
    return std::all_of(items.begin(), items.end(), test);
  }
  static bool known(InstanceId id, const WorldImage& image) {
    return id && id.value < image.instance_count;
  }

  bool rest(const RestImage& r, const WorldImage& image) const {
    return r.cycle <= image.cycle && r.dead_letters <= image.dead_letters.size() &&
           r.instance_count <= image.instance_count &&
           all(r.instances, [&](const InstanceImage& i) {
             return i.id && i.id.value < r.instance_count && instance(i, image);
           });
  }
  bool instance(const InstanceImage& i, const WorldImage& image) const {
    if (!i.domain || i.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[i.domain];
    if (!key(domain, i.key)) return false;
    if (i.gone) return i.fields.empty() && i.mailbox.empty() && i.begun.empty();
    return values(i.fields, domain.fields) && i.goals.size() == domain.goals.size() &&
           i.begun.size() <= 1 &&
           all(i.mailbox, [&](const auto& m) { return message(m, domain); }) &&
           all(i.begun, [&](const BegunImage& b) { return begun(b, domain); }) &&
           (!i.boot_pending || domain.boot) && goals(i.goals, domain) &&
           all(i.fault_blocked, [&](RoutineIndex r) { return r.value < domain.routines.size(); }) &&
           all(i.throttlers, [&](InstanceId id) { return known(id, image); });
  }
  // Field or parameter by field or parameter.
  template <class Typed>
  bool values(const std::vector<Value>& its_values, const std::vector<Typed>& typed) const {
    return std::equal(its_values.begin(), its_values.end(), typed.begin(), typed.end(),
                      [&](const Value& v, const Typed& t) { return value(v, t.type); });
  }
  bool message(const MessageImage& m, const Domain& domain) const {
    return m.origin.kind <= OriginKind::kOutcome && m.routine.value < domain.routines.size() &&
           values(m.args, domain.routines[m.routine.index()].params);
  }
  // Requires as many as the domain has.
  static bool goals(const std::vector<GoalImage>& images, const Domain& domain) {
    return std::equal(images.begin(), images.end(), domain.goals.begin(),
                      [](const GoalImage& image, const Goal& goal) {
                        return image.status <= GoalStatus::kAbandoned &&
                               (!image.else_pending || goal.terminate_else);
                      });
  }
  bool begun(const BegunImage& b, const Domain& domain) const {
    return b.work <= WorkKind::kSlice && b.routine.value < domain.routines.size() &&
           b.next_slice < domain.routines[b.routine.index()].slices.size() &&
           (!b.goal || b.goal.value < domain.goals.size()) &&
           (b.goal || (b.work != WorkKind::kGoal && b.work != WorkKind::kElse)) &&
           (b.work != WorkKind::kMessage || message(b.message, domain));
  }
  bool input(const InputImage& i) const {
    if (!i.domain) {
      return i.event.value < program_.events.size() &&
             values(i.args, program_.events[i.event.index()].params);
    }
    if (i.domain.value >= program_.domains.size()) return false;
    const Domain& domain = program_[i.domain];
    return key(domain, i.key) && i.routine.value < domain.routines.size() &&
           values(i.args, domain.routines[i.routine.index()].params);
  }

  // Those who were there at the rest are who they were.
  static bool all_are(const RestImage& rest, const WorldImage& image) {
    return all(rest.instances, [&](const InstanceImage& then) {
      return image.instances[then.id.index()].domain == then.domain;
    });
  }
  bool letters(const std::vector<DeadLetter>& letters, const WorldImage& image) const {
    return all(letters, [&](const DeadLetter& l) {
      if (!l.receiver) return l.event.value < program_.events.size();
      return known(l.receiver, image) &&
             message(l.message, program_[image.instances[l.receiver.index()].domain]);
    });
  }

  const Program& program_;
};

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

std::optional<TraceHeader> read_header(Bytes bytes) {
  ByteReader squeezed(bytes);
  std::vector<std::byte> raw;
  if (!unsqueeze(squeezed, raw)) return std::nullopt;
  ByteReader in(raw);
  TraceHeader header = unpack<TraceHeader>(in);
  if (in.left() > 0) header.parent = unpack<Parentage>(in);
  return in.good() ? std::optional(std::move(header)) : std::nullopt;
}

bool fits(const TraceHeader& header, const Program& program) {
  return std::all_of(header.start_values.begin(), header.start_values.end(), Fits(program));
}

bool fits(const Value& value, TypeId type, const Program& program) {
  return Fits(program).value(value, type);
}

void write_chunk_head(ByteWriter& out, const ChunkHead& head) { pack(out, head); }
ChunkHead read_chunk_head(ByteReader& in) { return unpack<ChunkHead>(in); }

void write_keyframe(ByteWriter& out, const KeyframeHead& head, const WorldImage& image) {
  pack(out, head);
  ByteWriter raw;
  pack(raw, image);
  if (image.rest) pack(raw, *image.rest);
  squeeze(out, raw.bytes());
}
KeyframeHead read_keyframe_head(ByteReader& in) { return unpack<KeyframeHead>(in); }

std::optional<WorldImage> read_image(ByteReader& in, const Program& program) {
  std::vector<std::byte> raw;
  if (!unsqueeze(in, raw)) return std::nullopt;
  ByteReader packed(raw);
  WorldImage image = unpack<WorldImage>(packed);
  if (packed.left() > 0) image.rest = unpack<RestImage>(packed);
  if (!packed.good() || !packed.at_end() || !Fits(program)(image)) return std::nullopt;
  return image;
}

bool is_whole(const WorldImage& image, const Program& program) {
  return Fits(program).whole(image);
}

void write_index_record(ByteWriter& out, const ChunkHead& of, const ChunkIndex& index) {
  out.varint(of.first_cycle);
  out.varint(of.cycle_count);
  ByteWriter raw;
  write_index(raw, index);
  squeeze(out, raw.bytes());
}

std::optional<ChunkIndex> read_index_record(Bytes payload, const ChunkEntry& of,
                                            const Program& program) {
  ByteReader in(payload);
  const uint64_t first = in.varint();
  const uint64_t count = in.varint();
  std::vector<std::byte> raw;
  if (!in.good() || first != of.first_cycle || count != of.cycle_count || !unsqueeze(in, raw)) {
    return std::nullopt;
  }
  ByteReader index(raw);
  return read_index(index, program, count);
}

void write_footer(ByteWriter& out, const Directory& directory, FramePlace place) {
  ByteWriter raw;
  pack(raw, directory);
  std::vector<FramePlace> indexes;
  for (const ChunkEntry& chunk : directory.chunks) indexes.push_back(chunk.index);
  pack(raw, indexes);
  write_kinds(raw, directory.kinds);
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
