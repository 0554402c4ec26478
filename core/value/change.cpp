#include "value/change.h"

#include "value/diff.h"
#include "value/sequence.h"
#include "value/tags.h"

namespace lexum {

namespace {

// Both have a tree, of one kind, so that there are edits to be found.
bool comparable(const Value& before, const Value& after) {
  if (before.node() == nullptr || after.node() == nullptr) return false;
  if (before.kind() != after.kind()) return false;
  if (before.kind() != Kind::kRecord) return true;
  return before.shape() == after.shape() && before.fields().size() == after.fields().size();
}

// Elements of a list or fields of a record.
std::vector<Value> elements(const Value& of, size_t begin, size_t count) {
  std::vector<Value> out;
  out.reserve(count);
  if (of.kind() == Kind::kRecord) {
    const std::span<const Value> fields = of.fields().subspan(begin, count);
    out.assign(fields.begin(), fields.end());
  } else {
    of.slice(begin, begin + count).each([&out](const Value& element) { out.push_back(element); });
  }
  return out;
}

std::vector<Entry> entries(const Value& map, size_t begin, size_t count) {
  std::vector<Entry> out;
  out.reserve(count);
  map.slice(begin, begin + count).each_entry([&out](const Value& key, const Value& value) {
    out.push_back({key, value});
  });
  return out;
}

// ---- writing

// So many items became as many others, one for one.
void write_pairs_head(ByteWriter& out, size_t count) { out.varint(count * 2 + 1); }
// So many items went, and so many came in their place.
void write_splice_head(ByteWriter& out, const Edit& edit) {
  out.varint(edit.removed * 2);
  out.varint(edit.added);
}

void write_text_edit(ByteWriter& out, const Value& before, const Value& after, const Edit& edit) {
  std::string scratch;
  out.text(before.slice(edit.before_at, edit.before_at + edit.removed).text(scratch));
  out.text(after.slice(edit.after_at, edit.after_at + edit.added).text(scratch));
}

void write_elements_edit(ByteWriter& out, const Value& before, const Value& after,
                         const Edit& edit) {
  const std::vector<Value> old = elements(before, edit.before_at, edit.removed);
  const std::vector<Value> now = elements(after, edit.after_at, edit.added);
  if (old.size() == now.size()) {
    write_pairs_head(out, old.size());
    for (size_t i = 0; i < old.size(); ++i) encode_change(out, old[i], now[i]);
    return;
  }
  write_splice_head(out, edit);
  for (const Value& value : old) encode(out, value);
  for (const Value& value : now) encode(out, value);
}

void write_entries_edit(ByteWriter& out, const Value& before, const Value& after,
                        const Edit& edit) {
  const std::vector<Entry> old = entries(before, edit.before_at, edit.removed);
  const std::vector<Entry> now = entries(after, edit.after_at, edit.added);
  const bool same_keys = std::equal(old.begin(), old.end(), now.begin(), now.end(),
                                    [](const Entry& x, const Entry& y) { return x.key == y.key; });
  if (same_keys) {
    write_pairs_head(out, old.size());
    for (size_t i = 0; i < old.size(); ++i) encode_change(out, old[i].value, now[i].value);
    return;
  }
  write_splice_head(out, edit);
  for (const std::vector<Entry>* side : {&old, &now}) {
    for (const Entry& entry : *side) {
      encode(out, entry.key);
      encode(out, entry.value);
    }
  }
}

template <class T, class WriteEdit>
void write_edits(ByteWriter& out, const Value& before, const Value& after, WriteEdit write_edit) {
  const ValueDiff<T> diff(before.node(), after.node());
  out.byte(kEditsTag);
  out.byte(static_cast<uint8_t>(before.kind()));
  out.varint(diff.edits().size());
  size_t at = 0;
  for (const Edit& edit : diff.edits()) {
    out.varint(edit.before_at - at);
    at = edit.before_at + edit.removed;
    write_edit(out, before, after, edit);
  }
}

}  // namespace

void encode_change(ByteWriter& out, const Value& before, const Value& after) {
  if (before == after) return out.byte(kSameTag);
  if (!comparable(before, after)) {
    out.byte(kWholeTag);
    encode(out, before);
    return encode(out, after);
  }
  switch (before.kind()) {
    case Kind::kText:
      return write_edits<char>(out, before, after, write_text_edit);
    case Kind::kMap:
      return write_edits<Entry>(out, before, after, write_entries_edit);
    default:
      return write_edits<Value>(out, before, after, write_elements_edit);
  }
}

}  // namespace lexum
