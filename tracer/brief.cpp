#include "tracer/brief.h"

#include <fmt/format.h>

#include "runtime/canon.h"
#include "value/change.h"
#include "value/tags.h"

namespace lexum {
namespace {

constexpr size_t kBriefBytesMax = 72;  // of one value, before it is cut

// Reads a change from front to back. What it gives is worth nothing once the reader is spoilt.
class Outliner {
 public:
  Outliner(const Program& program, Bytes change, size_t bytes_max)
      : program_(program), in_(change), bytes_max_(bytes_max) {}

  std::optional<EditOutline> read(TypeId type);

 private:
  // So many items went, and so many came.
  struct Count {
    uint64_t removed = 0;
    uint64_t added = 0;
  };
  // One change of what lies at `path`, which is empty for the whole.
  void read_change(const std::string& path, TypeId type);
  // Gives how many items there are more than before.
  int64_t read_edits(const std::string& path, const Type& type);
  // `before` and `at` say where it begins in what there was and in what there is.
  Count read_edit(const std::string& path, const Type& type, uint64_t before, uint64_t at);
  Count read_text_edit(const std::string& path, uint64_t at);
  Count read_pairs(const std::string& path, const Type& type, uint64_t at, uint64_t count);
  void read_spliced(const std::string& path, const Type& type, uint64_t at, uint64_t count,
                    char sign);
  std::string read_brief() { return brief(program_, decode(in_)); }
  void add(std::string_view piece);

  const Program& program_;
  ByteReader in_;
  size_t bytes_max_;
  EditOutline made_;
  size_t hidden_ = 0;   // pieces that had no room
  uint32_t depth_ = 0;  // changes around the present one
};

std::optional<EditOutline> Outliner::read(TypeId type) {
  const uint8_t tag = in_.byte();
  if (tag == kWholeTag) {
    std::string before = read_brief();
    made_.whole.emplace(std::move(before), read_brief());
  } else if (tag == kEditsTag) {
    made_.grown = read_edits("", program_.types[type]);
  } else {
    in_.spoil();
  }
  if (!in_.good()) return std::nullopt;
  if (hidden_ > 0) made_.text += fmt::format(", and {} more", hidden_);
  return std::move(made_);
}

void Outliner::read_change(const std::string& path, TypeId type) {
  if (++depth_ > kDepthMax) in_.spoil();
  const uint8_t tag = in_.byte();
  if (tag == kWholeTag) {
    const std::string before = read_brief();
    add(fmt::format("{}: {} → {}", path, before, read_brief()));
  } else if (tag == kEditsTag) {
    read_edits(path, program_.types[type]);
  } else if (tag != kSameTag) {
    in_.spoil();
  }
  --depth_;
}

Kind kind_of(const Type& type) {
  switch (type.kind) {
    case TypeKind::kText:
      return Kind::kText;
    case TypeKind::kList:
      return Kind::kList;
    case TypeKind::kMap:
      return Kind::kMap;
    case TypeKind::kRecord:
      return Kind::kRecord;
    default:
      return Kind::kNull;  // has no edits
  }
}

int64_t Outliner::read_edits(const std::string& path, const Type& type) {
  const Kind kind = kind_of(type);
  if (in_.byte() != static_cast<uint8_t>(kind) || kind == Kind::kNull) in_.spoil();
  uint64_t before = 0;  // where the next edit begins, in what there was
  int64_t grown = 0;
  for (uint64_t edits = in_.varint(); edits > 0 && in_.good(); --edits) {
    before += in_.varint();
    const uint64_t at = before + static_cast<uint64_t>(grown);
    const Count count = read_edit(path, type, before, at);
    before += count.removed;
    grown += static_cast<int64_t>(count.added - count.removed);
  }
  return grown;
}

Outliner::Count Outliner::read_edit(const std::string& path, const Type& type, uint64_t before,
                                    uint64_t at) {
  if (type.kind == TypeKind::kText) return read_text_edit(path, at);
  const uint64_t head = in_.varint();
  if (head % 2 == 1) return read_pairs(path, type, at, head / 2);
  if (type.kind == TypeKind::kRecord) in_.spoil();
  const Count count{.removed = head / 2, .added = in_.varint()};
  read_spliced(path, type, before, count.removed, '-');
  read_spliced(path, type, at, count.added, '+');
  return count;
}

Outliner::Count Outliner::read_text_edit(const std::string& path, uint64_t at) {
  std::string piece = fmt::format("{}[{}]", path, at);
  Count count;
  for (const char sign : {'-', '+'}) {
    const std::string_view text = in_.text();
    (sign == '-' ? count.removed : count.added) = text.size();
    if (!is_utf8(text)) in_.spoil();
    if (!in_.good()) return {};
    if (!text.empty()) piece += fmt::format(" {} {}", sign, brief(program_, Value::of(text)));
  }
  add(piece);
  return count;
}

Outliner::Count Outliner::read_pairs(const std::string& path, const Type& type, uint64_t at,
                                     uint64_t count) {
  for (uint64_t i = 0; i < count && in_.good(); ++i) {
    if (type.kind != TypeKind::kRecord) {
      const std::string step =
          type.kind == TypeKind::kList
              ? fmt::format("{}[{}]", path, at + i)
              : fmt::format("{}entry {}", path.empty() ? "" : path + " ", at + i + 1);
      read_change(step, type.element);
      continue;
    }
    const std::vector<Field>& fields = program_.records[type.shape].fields;
    if (at + i >= fields.size()) return in_.spoil(), Count{};
    const Field& field = fields[at + i];
    read_change(path.empty() ? field.name : path + "." + field.name, field.type);
  }
  return {count, count};
}

void Outliner::read_spliced(const std::string& path, const Type& type, uint64_t at, uint64_t count,
                            char sign) {
  for (uint64_t i = 0; i < count && in_.good(); ++i) {
    const bool in_list = type.kind == TypeKind::kList;
    const std::string place = in_list ? fmt::to_string(at + i) : read_brief();
    add(fmt::format("{}[{}] {} {}", path, place, sign, read_brief()));
  }
}

void Outliner::add(std::string_view piece) {
  if (made_.text.size() > bytes_max_) {
    ++hidden_;
    return;
  }
  if (!made_.text.empty()) made_.text += ", ";
  made_.text += piece;
}

}  // namespace

std::string_view spelling(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return "text";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kRecord:
      return "record";
    default:
      return "value";
  }
}

uint64_t size_of(const Value& value) {
  switch (value.kind()) {
    case Kind::kText:
      return value.text_bytes();
    case Kind::kRecord:
      return value.fields().size();
    default:
      return value.size();
  }
}

// A long one is not even spelt out: it is summed up, as a trace does that has only its digest.
std::string brief(const Program& program, const Value& value) {
  if (!is_long(value)) return shown(value, program.shapes, kBriefBytesMax);
  return fmt::format("{} of {}", spelling(value.kind()), size_of(value));
}

std::optional<EditOutline> outline(const Program& program, TypeId type, Bytes change,
                                   size_t bytes_max) {
  return Outliner(program, change, bytes_max).read(type);
}

}  // namespace lexum
