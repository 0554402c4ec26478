// Changes read back and applied, in either direction, without trust in the bytes: what is about to
// be replaced must be what the change says was there.
#include "value/change.h"
#include "value/sequence.h"
#include "value/tags.h"

namespace lexum {

namespace {

// A part of what there is, and what takes its place; both of the kind of the whole.
struct Sides {
  Value expected;
  Value wanted;
};

// Requires a text, list or map.
size_t length_of(const Value& value) {
  return value.kind() == Kind::kText ? value.text_bytes() : value.size();
}

class Patch {
 public:
  Patch(ByteReader& in, Direction direction)
      : in_(in), forward_(direction == Direction::kForward) {}

  // The other side of the next change; worth nothing if the reader is spoilt afterwards.
  Value other_side_of(const Value& value);

 private:
  Value edited(const Value& value);
  Value edited_record(const Value& record);
  // `value` with all edits done that follow; read_edit(begin) gives the two sides of one that
  // begins there.
  template <class ReadEdit>
  Value edited_sequence(const Value& value, ReadEdit read_edit);
  Sides text_edit(const Value& text, size_t begin);
  Sides list_edit(const Value& list, size_t begin);
  Sides map_edit(const Value& map, size_t begin);

  // What became of these values, in the changes that follow.
  std::vector<Value> others_of(const std::vector<Value>& values);
  // How many of the items behind `begin` the coming pairs are about.
  size_t pairs(uint64_t head, const Value& of, size_t begin);
  Value decode_list(uint64_t count);
  Value decode_map(uint64_t count);
  Value joined(Value left, Value right);
  Sides sides(Value before, Value after) const {
    if (!forward_) before.swap(after);
    return {std::move(before), std::move(after)};
  }
  void require(bool sense) {
    if (!sense) in_.spoil();
  }

  ByteReader& in_;
  bool forward_;
  uint32_t depth_ = 0;  // values around what is being changed
};

Value Patch::other_side_of(const Value& value) {
  require(depth_ <= kDepthMax);
  switch (in_.byte()) {
    case kSameTag:
      return value;
    case kWholeTag: {
      Value before = decode(in_, depth_);
      const Sides whole = sides(std::move(before), decode(in_, depth_));
      require(whole.expected == value);
      return whole.wanted;
    }
    case kEditsTag:
      return edited(value);
    default:
      in_.spoil();
      return {};
  }
}

Value Patch::edited(const Value& value) {
  const uint8_t kind = in_.byte();
  require(kind == static_cast<uint8_t>(value.kind()) && value.node() != nullptr);
  if (!in_.good()) return {};
  const auto read_edit = [&](size_t begin) {
    if (value.kind() == Kind::kText) return text_edit(value, begin);
    return value.kind() == Kind::kList ? list_edit(value, begin) : map_edit(value, begin);
  };
  return value.kind() == Kind::kRecord ? edited_record(value) : edited_sequence(value, read_edit);
}

template <class ReadEdit>
Value Patch::edited_sequence(const Value& value, ReadEdit read_edit) {
  const size_t size = length_of(value);
  Value made = value.slice(0, 0);
  size_t done = 0;
  for (uint64_t edits = in_.varint(); edits > 0 && in_.good(); --edits) {
    const uint64_t gap = in_.varint();
    require(gap <= size - done);
    if (!in_.good()) break;
    const size_t begin = done + gap;
    Sides edit = read_edit(begin);
    require(length_of(edit.expected) <= size - begin);
    if (!in_.good()) break;
    const size_t end = begin + length_of(edit.expected);
    require(value.slice(begin, end) == edit.expected);
    made = joined(std::move(made), value.slice(done, begin));
    made = joined(std::move(made), std::move(edit.wanted));
    done = end;
  }
  return joined(std::move(made), value.slice(done, size));
}

Value Patch::joined(Value left, Value right) {
  if (left.kind() != Kind::kMap) return Value::concat(std::move(left), std::move(right));
  if (left.node() == nullptr) return right;
  if (right.node() == nullptr) return left;
  const Value last = left.entry(left.size() - 1).first;
  require(may_follow(&last, right.entry(0).first));
  return ValueAccess::value(Kind::kMap,
                            Sequence<Entry>::concat(ValueAccess::node(std::move(left)),
                                                    ValueAccess::node(std::move(right))));
}

// An edit of which one side is empty could lie inside a code point. (Others cannot: both the text
// and what is expected of it are whole ones.)
Sides Patch::text_edit(const Value& text, size_t begin) {
  const std::string_view before = in_.text();
  const std::string_view after = in_.text();
  require(is_utf8(before) && is_utf8(after));
  const bool at_end = begin == text.text_bytes();
  require(at_end || !continues_code_point(Sequence<char>::at(*text.node(), begin)));
  return in_.good() ? sides(Value::of(before), Value::of(after)) : sides(text, text);
}

std::vector<Value> Patch::others_of(const std::vector<Value>& values) {
  std::vector<Value> others;
  ++depth_;
  for (size_t i = 0; i < values.size() && in_.good(); ++i) {
    others.push_back(other_side_of(values[i]));
  }
  --depth_;
  return others;
}

size_t Patch::pairs(uint64_t head, const Value& of, size_t begin) {
  const uint64_t count = head / 2;
  require(count <= of.node()->measure.size - begin && count <= in_.left());
  return in_.good() ? count : 0;
}

Value Patch::decode_list(uint64_t count) {
  std::vector<Value> values;
  for (; count > 0 && in_.good(); --count) values.push_back(decode(in_, depth_ + 1));
  return Value::list(values);
}

Sides Patch::list_edit(const Value& list, size_t begin) {
  const uint64_t head = in_.varint();
  if (head % 2 == 0) {
    const uint64_t added = in_.varint();
    Value before = decode_list(head / 2);
    return sides(std::move(before), decode_list(added));
  }
  Value old = list.slice(begin, begin + pairs(head, list, begin));
  std::vector<Value> elements;
  old.each([&elements](const Value& element) { elements.push_back(element); });
  return {std::move(old), Value::list(others_of(elements))};
}

Value Patch::decode_map(uint64_t count) {
  std::vector<Entry> entries;
  for (; count > 0 && in_.good(); --count) {
    Value key = decode(in_, depth_ + 1);
    require(may_follow(entries.empty() ? nullptr : &entries.back().key, key));
    if (in_.good()) entries.push_back({std::move(key), decode(in_, depth_ + 1)});
  }
  return Value::map(entries);
}

Sides Patch::map_edit(const Value& map, size_t begin) {
  const uint64_t head = in_.varint();
  if (head % 2 == 0) {
    const uint64_t added = in_.varint();
    Value before = decode_map(head / 2);
    return sides(std::move(before), decode_map(added));
  }
  Value old = map.slice(begin, begin + pairs(head, map, begin));
  std::vector<Entry> entries;
  std::vector<Value> values;
  old.each_entry([&](const Value& key, const Value& value) {
    entries.push_back({key, {}});
    values.push_back(value);
  });
  values = others_of(values);
  for (size_t i = 0; i < values.size(); ++i) entries[i].value = std::move(values[i]);
  return {std::move(old), Value::map(entries)};
}

Value Patch::edited_record(const Value& record) {
  std::vector<Value> fields(record.fields().begin(), record.fields().end());
  size_t done = 0;
  for (uint64_t edits = in_.varint(); edits > 0 && in_.good(); --edits) {
    const uint64_t gap = in_.varint();
    require(gap <= fields.size() - done);
    if (!in_.good()) break;
    const size_t begin = done + gap;
    const uint64_t head = in_.varint();
    require(head % 2 == 1);
    done = begin + pairs(head, record, begin);
    const std::vector<Value> others = others_of({fields.begin() + begin, fields.begin() + done});
    std::copy(others.begin(), others.end(), fields.begin() + begin);
  }
  return Value::record(record.shape(), fields);
}

}  // namespace

Value apply_change(ByteReader& in, const Value& value, Direction direction) {
  Value other = Patch(in, direction).other_side_of(value);
  return in.good() ? other : value;
}

}  // namespace lexum
