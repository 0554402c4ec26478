#include "value/value.h"

#include <cstring>

#include "value/node.h"
#include "value/sequence.h"

namespace lexum {

namespace {

// The node of a value that must be of this kind.
const Node* tree(const Value& value, Kind kind) {
  LEXUM_CHECK(value.kind() == kind);
  return value.node();
}

size_t size_of(const Node* node) { return node == nullptr ? 0 : node->measure.size; }

// Everything that is in a value of one kind is in the other, in the same order. Branches that both
// share are passed over unseen.
template <class T>
bool same_items(const Node* a, const Node* b) {
  Walk<T> x(a);
  Walk<T> y(b);
  while (!x.done() && !y.done()) {
    const bool starts = x.at_start() && y.at_start();
    if (starts && &x.branch() == &y.branch()) {
      x.pass_branch();
      y.pass_branch();
    } else if (x.branch().level > 0 && x.branch().level >= y.branch().level) {
      x.open();
    } else if (y.branch().level > 0) {
      y.open();
    } else {
      const size_t count = std::min(x.run().size(), y.run().size());
      if (!std::equal(x.run().begin(), x.run().begin() + count, y.run().begin())) return false;
      x.pass(count);
      y.pass(count);
    }
  }
  return x.done() && y.done();
}

}  // namespace

Ref ValueAccess::node(Value value) {
  if (value.bits_.form == Value::Form::kShort) {
    const std::string_view text = value.in_place();
    return Sequence<char>::build(Kind::kText, {text.data(), text.size()});
  }
  LEXUM_CHECK(value.bits_.form >= Value::Form::kText);
  Ref node = Ref::adopt(value.node());
  value.clear_bits();
  return node;
}

Value ValueAccess::value(Kind kind, Ref node) {
  if (kind == Kind::kText && (!node || node->measure.size <= Value::kShortMax)) {
    char text[Value::kShortMax];
    size_t size = 0;
    if (node) {
      for_each_leaf<char>(*node, [&](std::span<const char> run) {
        std::memcpy(text + size, run.data(), run.size());
        size += run.size();
      });
    }
    return Value::short_text({text, size}, {});
  }
  // From kText on, kinds and forms differ by the one for texts in place.
  const auto form = static_cast<Value::Form>(static_cast<uint8_t>(kind) + 1);
  return Value(form, reinterpret_cast<uint64_t>(static_cast<const Counted*>(node.release())));
}

void Value::destroy() noexcept { destroy_node(node_of()); }

Value Value::list(std::span<const Value> elements) {
  return ValueAccess::value(Kind::kList, Sequence<Value>::build(Kind::kList, elements));
}

Value Value::map(std::span<const Entry> entries) {
  for (size_t i = 1; i < entries.size(); ++i) {
    LEXUM_CHECK(compare(entries[i - 1].key, entries[i].key) < 0);
  }
  return ValueAccess::value(Kind::kMap, Sequence<Entry>::build(Kind::kMap, entries));
}

Value Value::record(uint32_t shape, std::span<const Value> fields) {
  Ref ref = make_node<Value>(Kind::kRecord, 0, fields.size());
  Node& node = ref.writable();
  std::uninitialized_copy(fields.begin(), fields.end(), items<Value>(node));
  node.count = static_cast<uint16_t>(fields.size());
  node.shape = shape;
  node.measure = measure_of(fields);
  return ValueAccess::value(Kind::kRecord, std::move(ref));
}

// ---- texts

Value Value::short_text(std::string_view a, std::string_view b) {
  Value v;
  v.bits_.form = Form::kShort;
  v.bits_.length = static_cast<uint8_t>(a.size() + b.size());
  char* to = reinterpret_cast<char*>(&v.bits_) + kTextOffset;
  if (!a.empty()) std::memcpy(to, a.data(), a.size());
  if (!b.empty()) std::memcpy(to + a.size(), b.data(), b.size());
  return v;
}

Value Value::long_text(std::string_view text) {
  return ValueAccess::value(Kind::kText,
                            Sequence<char>::build(Kind::kText, {text.data(), text.size()}));
}

size_t Value::long_bytes() const { return size_of(tree(*this, Kind::kText)); }

size_t Value::text_length() const {
  if (bits_.form != Form::kShort) return tree(*this, Kind::kText)->measure.parts;
  size_t points = 0;
  for (const char c : in_place()) points += !continues_code_point(c);
  return points;
}

std::string_view Value::long_view(std::string& scratch) const {
  const Node& node = *tree(*this, Kind::kText);
  if (node.level == 0) return {items<char>(node).data(), node.count};
  scratch.clear();
  scratch.reserve(node.measure.size);
  for_each_leaf<char>(
      node, [&scratch](std::span<const char> run) { scratch.append(run.data(), run.size()); });
  return scratch;
}

std::string Value::text() const {
  std::string scratch;
  const std::string_view view = text(scratch);
  return view.data() == scratch.data() ? scratch : std::string(view);
}

Value Value::concat(Value a, Value b) {
  const Kind kind = a.kind();
  LEXUM_CHECK(kind == b.kind() && (kind == Kind::kText || kind == Kind::kList));
  if (kind == Kind::kList) {
    return ValueAccess::value(kind, Sequence<Value>::concat(ValueAccess::node(std::move(a)),
                                                            ValueAccess::node(std::move(b))));
  }
  if (a.text_bytes() + b.text_bytes() <= kShortMax) return short_text(a.in_place(), b.in_place());
  return ValueAccess::value(kind, Sequence<char>::concat(ValueAccess::node(std::move(a)),
                                                         ValueAccess::node(std::move(b))));
}

int Value::compare_texts(const Value& a, const Value& b) {
  LEXUM_CHECK(a.kind() == Kind::kText && b.kind() == Kind::kText);
  std::string_view left;
  std::string_view right;
  if (a.bits_.form == Form::kShort) left = a.in_place();
  if (b.bits_.form == Form::kShort) right = b.in_place();
  Walk<char> x(left.empty() ? a.node() : nullptr);
  Walk<char> y(right.empty() ? b.node() : nullptr);
  // What is left of one side's current leaf, or of its text in place.
  const auto refill = [](std::string_view& side, Walk<char>& walk) {
    if (!side.empty() || walk.done()) return;
    while (walk.branch().level > 0) walk.open();
    side = {walk.run().data(), walk.run().size()};
    walk.pass_branch();
  };
  for (;;) {
    refill(left, x);
    refill(right, y);
    const size_t count = std::min(left.size(), right.size());
    if (count == 0) return static_cast<int>(!left.empty()) - static_cast<int>(!right.empty());
    const int order = std::memcmp(left.data(), right.data(), count);
    if (order != 0) return order;
    left.remove_prefix(count);
    right.remove_prefix(count);
  }
}

// ---- lists

size_t Value::size() const {
  LEXUM_CHECK(bits_.form == Form::kList || bits_.form == Form::kMap);
  return size_of(node());
}

Value Value::at(size_t index) const {
  const Node* node = tree(*this, Kind::kList);
  LEXUM_CHECK(index < size_of(node));
  return Sequence<Value>::at(*node, index);
}

Value Value::with(size_t index, Value element) && {
  LEXUM_CHECK(index < size_of(tree(*this, Kind::kList)));
  return ValueAccess::value(Kind::kList, Sequence<Value>::set(ValueAccess::node(std::move(*this)),
                                                              index, std::move(element)));
}

Value Value::inserted(size_t index, Value element) && {
  LEXUM_CHECK(index <= size_of(tree(*this, Kind::kList)));
  return ValueAccess::value(
      Kind::kList, Sequence<Value>::insert(Kind::kList, ValueAccess::node(std::move(*this)), index,
                                           std::move(element)));
}

Value Value::erased(size_t index) && {
  LEXUM_CHECK(index < size_of(tree(*this, Kind::kList)));
  return ValueAccess::value(Kind::kList,
                            Sequence<Value>::erase(ValueAccess::node(std::move(*this)), index));
}

Value Value::appended(Value element) && {
  const size_t end = size();
  return std::move(*this).inserted(end, std::move(element));
}

Value Value::slice(size_t begin, size_t end) && {
  const Kind of = kind();
  LEXUM_CHECK(begin <= end && end <= (of == Kind::kText ? text_bytes() : size()));
  if (bits_.form == Form::kShort) return short_text(in_place().substr(begin, end - begin), {});
  Ref node = ValueAccess::node(std::move(*this));
  if (of == Kind::kText) {
    node = Sequence<char>::slice(std::move(node), begin, end);
  } else if (of == Kind::kList) {
    node = Sequence<Value>::slice(std::move(node), begin, end);
  } else {
    node = Sequence<Entry>::slice(std::move(node), begin, end);
  }
  return ValueAccess::value(of, std::move(node));
}

// ---- maps

bool Value::find(const Value& key, Value& value) const {
  const Node* node = tree(*this, Kind::kMap);
  if (node == nullptr) return false;
  const SequencePlace place = find_key(*node, key);
  if (place.found) value = Sequence<Entry>::at(*node, place.index).value;
  return place.found;
}

bool Value::has(const Value& key) const {
  const Node* node = tree(*this, Kind::kMap);
  return node != nullptr && find_key(*node, key).found;
}

Value Value::put(const Value& key, Value value) && {
  const Node* node = tree(*this, Kind::kMap);
  LEXUM_CHECK(key.kind() == Kind::kInt || key.kind() == Kind::kText);
  const SequencePlace place = node == nullptr ? SequencePlace{0, false} : find_key(*node, key);
  Entry entry{key, std::move(value)};
  Ref root = ValueAccess::node(std::move(*this));
  root = place.found
             ? Sequence<Entry>::set(std::move(root), place.index, std::move(entry))
             : Sequence<Entry>::insert(Kind::kMap, std::move(root), place.index, std::move(entry));
  return ValueAccess::value(Kind::kMap, std::move(root));
}

Value Value::without(const Value& key) && {
  const Node* node = tree(*this, Kind::kMap);
  const SequencePlace place = node == nullptr ? SequencePlace{0, false} : find_key(*node, key);
  if (!place.found) return std::move(*this);
  return ValueAccess::value(
      Kind::kMap, Sequence<Entry>::erase(ValueAccess::node(std::move(*this)), place.index));
}

std::pair<Value, Value> Value::entry(size_t index) const {
  const Node* node = tree(*this, Kind::kMap);
  LEXUM_CHECK(index < size_of(node));
  const Entry& entry = Sequence<Entry>::at(*node, index);
  return {entry.key, entry.value};
}

// ---- records

uint32_t Value::shape() const { return tree(*this, Kind::kRecord)->shape; }

std::span<const Value> Value::fields() const { return items<Value>(*tree(*this, Kind::kRecord)); }

Value Value::with_field(size_t index, Value value) && {
  LEXUM_CHECK(index < fields().size());
  Ref ref = ValueAccess::node(std::move(*this));
  const size_t count = ref->count;
  ref = own<Value>(std::move(ref));
  Node& node = ref.writable();
  Value& field = items<Value>(node)[index];
  const Measure before = measure_of(field);
  field = std::move(value);
  if (!revise(node.measure, before, measure_of(field), count - index - 1)) {
    node.measure = measure_of(items<Value>(std::as_const(node)));
  }
  return ValueAccess::value(Kind::kRecord, std::move(ref));
}

// ---- the same of a value that is kept: its copy is given away

Value Value::with(size_t index, Value element) const& {
  return Value(*this).with(index, std::move(element));
}
Value Value::inserted(size_t index, Value element) const& {
  return Value(*this).inserted(index, std::move(element));
}
Value Value::erased(size_t index) const& { return Value(*this).erased(index); }
Value Value::appended(Value element) const& { return Value(*this).appended(std::move(element)); }
Value Value::slice(size_t begin, size_t end) const& { return Value(*this).slice(begin, end); }
Value Value::put(const Value& key, Value value) const& {
  return Value(*this).put(key, std::move(value));
}
Value Value::without(const Value& key) const& { return Value(*this).without(key); }
Value Value::with_field(size_t index, Value value) const& {
  return Value(*this).with_field(index, std::move(value));
}

// ---- of all kinds

uint64_t Value::node_weight() const { return node_of()->measure.weight; }

uint64_t Value::node_parts() const { return node_of()->measure.parts; }

uint32_t Value::node_depth() const {
  const Measure& measure = node_of()->measure;
  return bits_.form == Form::kText || measure.size == 0 ? 0 : measure.depth + 1;
}

Sum128 Value::tree_digest() const {
  const Node* node = this->node();
  const Measure measure = node == nullptr ? Measure{} : node->measure;
  const uint64_t shape = node == nullptr ? 0 : node->shape;
  const uint64_t salt = static_cast<uint64_t>(kind()) + 8 * measure.size + (shape << 32);
  return mark(Sum128{measure.hash.a, measure.hash.b}, salt);
}

bool Value::equal_shared(const Value& a, const Value& b) {
  const Node& x = *a.node_of();
  const Node& y = *b.node_of();
  if (a.bits_.form != b.bits_.form || x.shape != y.shape || x.measure.size != y.measure.size ||
      x.measure.hash != y.measure.hash) {
    return false;
  }
  if (a.bits_.form == Form::kText) return same_items<char>(&x, &y);
  if (a.bits_.form == Form::kMap) return same_items<Entry>(&x, &y);
  return same_items<Value>(&x, &y);
}

void Value::each_run(void* context, void (*take)(void*, std::span<const Value>)) const {
  const Node* node = tree(*this, Kind::kList);
  if (node == nullptr) return;
  for_each_leaf<Value>(*node, [&](std::span<const Value> run) { take(context, run); });
}

void Value::each_entry_run(void* context, void (*take)(void*, std::span<const Entry>)) const {
  const Node* node = tree(*this, Kind::kMap);
  if (node == nullptr) return;
  for_each_leaf<Entry>(*node, [&](std::span<const Entry> run) { take(context, run); });
}

}  // namespace lexum
