// What a field, a local or an argument can hold.
//
// A Value is 16 bytes and immutable. Null, bools, ints and texts of up to 14 bytes lie in the Value
// itself; longer texts, lists, maps and records are shared, counted nodes (the counts are atomic,
// so Values may go from thread to thread). Long texts, lists and maps are persistent balanced trees
// (sequence.h), so a copy costs nothing and one changed element costs O(log n) time and memory.
//
// What makes a new Value out of an old one comes in two forms: asked of a Value that is kept, it
// leaves that one as it is; asked of one that is given away (an rvalue), it may change in place
// what nobody else can see.
//
// The language is statically typed, so nothing here coerces: asking a Value for what it is not is a
// defect (LEXUM_CHECK).
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/digest.h"

namespace lexum {

struct Node;   // a shared node; node.h
struct Entry;  // of a map; below

// What every node begins with: how many Values and nodes hold it.
class Counted {
 public:
  void hold() const noexcept { holders_.fetch_add(1, std::memory_order_relaxed); }
  // True for the last one, who destroys it. (A count of one cannot change under the one who holds.)
  [[nodiscard]] bool let_go() const noexcept {
    return held_once() || holders_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  // By the caller alone, if the caller holds it.
  [[nodiscard]] bool held_once() const noexcept {
    return holders_.load(std::memory_order_acquire) == 1;
  }

 private:
  mutable std::atomic<uint32_t> holders_{1};
};

enum class Kind : uint8_t { kNull, kBool, kInt, kText, kList, kMap, kRecord };

// How deep values may nest. A record may hold its own kind behind a `?`, so types alone are no
// bound. Whoever makes values that others read sees to it (by Value::depth); what reads them may
// recurse.
inline constexpr uint32_t kDepthMax = 200;

class Value {
 public:
  Value() noexcept { clear_bits(); }  // null
  Value(const Value& o) noexcept : bits_(o.bits_) {
    if (shared()) counted()->hold();
  }
  Value(Value&& o) noexcept : bits_(o.bits_) { o.clear_bits(); }
  Value& operator=(const Value& o) noexcept {
    Value copy(o);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& o) noexcept {
    Value moved(std::move(o));
    swap(moved);
    return *this;
  }
  ~Value() {
    if (shared()) release();
  }
  void swap(Value& o) noexcept { std::swap(bits_, o.bits_); }
  // To another int. Requires an int.
  void become(int64_t v) {
    LEXUM_CHECK(bits_.form == Form::kInt);
    bits_.payload = static_cast<uint64_t>(v);
  }
  // To null.
  void reset() noexcept {
    if (shared()) release();
    clear_bits();
  }

  // A template, so that neither a pointer nor an int passes for a bool.
  template <std::same_as<bool> Bool>
  static Value of(Bool v) noexcept {
    return Value(Form::kBool, v);
  }
  static Value of(int64_t v) noexcept { return Value(Form::kInt, static_cast<uint64_t>(v)); }
  // Requires UTF-8.
  static Value of(std::string_view text) {
    return text.size() <= kShortMax ? short_text(text, {}) : long_text(text);
  }
  static Value list(std::span<const Value> elements);
  // Requires keys that ascend.
  static Value map(std::span<const Entry> entries);
  static Value empty_list() noexcept { return Value(Form::kList, 0); }
  static Value empty_map() noexcept { return Value(Form::kMap, 0); }
  // `shape` is the record type's number in its program. Requires at most 65,535 fields.
  static Value record(uint32_t shape, std::span<const Value> fields);

  [[nodiscard]] Kind kind() const noexcept {
    return static_cast<Kind>(static_cast<uint8_t>(bits_.form) - (bits_.form > Form::kShort));
  }
  [[nodiscard]] bool is_null() const noexcept { return bits_.form == Form::kNull; }
  // Of a bool.
  [[nodiscard]] bool as_bool() const {
    LEXUM_CHECK(bits_.form == Form::kBool);
    return bits_.payload != 0;
  }
  // Of an int.
  [[nodiscard]] int64_t as_int() const {
    LEXUM_CHECK(bits_.form == Form::kInt);
    return static_cast<int64_t>(bits_.payload);
  }

  // Texts, in bytes of UTF-8.
  [[nodiscard]] size_t text_bytes() const {
    return bits_.form == Form::kShort ? bits_.length : long_bytes();
  }
  [[nodiscard]] size_t text_length() const;  // code points; O(1)
  // The whole text in one piece. It points into this Value or into `scratch`: keep both.
  std::string_view text(std::string& scratch) const {
    return bits_.form == Form::kShort ? in_place() : long_view(scratch);
  }
  [[nodiscard]] std::string text() const;
  // Of two texts or two lists; O(log n), whatever their sizes.
  static Value concat(Value a, Value b);

  // Lists. Requires indices in range. All but size() in O(log n).
  [[nodiscard]] size_t size() const;  // elements of a list, entries of a map
  [[nodiscard]] Value at(size_t index) const;
  [[nodiscard]] Value with(size_t index, Value element) const&;
  [[nodiscard]] Value with(size_t index, Value element) &&;
  [[nodiscard]] Value inserted(size_t index, Value element) const&;
  [[nodiscard]] Value inserted(size_t index, Value element) &&;
  [[nodiscard]] Value erased(size_t index) const&;
  [[nodiscard]] Value erased(size_t index) &&;
  [[nodiscard]] Value appended(Value element) const&;
  [[nodiscard]] Value appended(Value element) &&;
  // [begin, end); also of texts, by bytes (requires borders of code points), and of maps, by
  // entries.
  [[nodiscard]] Value slice(size_t begin, size_t end) const&;
  [[nodiscard]] Value slice(size_t begin, size_t end) &&;

  // Maps, ordered by key: ints by number, texts by bytes (which is by code point). All in O(log n).
  [[nodiscard]] bool find(const Value& key, Value& value) const;  // false: not there
  [[nodiscard]] bool has(const Value& key) const;
  [[nodiscard]] Value put(const Value& key, Value value) const&;
  [[nodiscard]] Value put(const Value& key, Value value) &&;
  [[nodiscard]] Value without(const Value& key) const&;  // itself if it has none
  [[nodiscard]] Value without(const Value& key) &&;
  [[nodiscard]] std::pair<Value, Value> entry(size_t index) const;

  // Records.
  [[nodiscard]] uint32_t shape() const;
  [[nodiscard]] std::span<const Value> fields() const;
  [[nodiscard]] Value with_field(size_t index, Value value) const&;
  [[nodiscard]] Value with_field(size_t index, Value value) &&;

  // Calls f(const Value& element) for a list, f(const Value& key, const Value& value) for a map, in
  // order; O(n) in all.
  template <class F>
  void each(F&& f) const;
  template <class F>
  void each_entry(F&& f) const;

  // What `F005` measures: UTF-8 bytes of texts, map keys included, and 8 for every other leaf.
  // O(1).
  [[nodiscard]] uint64_t weight() const {
    if (shared()) return node_weight();
    if (bits_.form >= Form::kList) return 0;
    return bits_.form == Form::kShort ? bits_.length : 8;
  }
  // How many elements, entries and members it is made of, at every depth; 0 for a leaf. Parts and
  // weight stop at kCountless (measure.h). O(1).
  [[nodiscard]] uint64_t parts() const {
    return shared() && bits_.form != Form::kText ? node_parts() : 0;
  }
  // How many values lie around its innermost one: 0 for a leaf or an empty list, 1 for [1], 2 for
  // [[1]]. O(1).
  [[nodiscard]] uint32_t depth() const { return shared() ? node_depth() : 0; }
  // Of the content alone: equal values have equal digests whatever their trees' shapes. O(1).
  // DIGEST.md has the formula.
  [[nodiscard]] Sum128 digest() const {
    return bits_.form <= Form::kShort ? mark(bits_.payload, head()) : tree_digest();
  }
  // A mark of the content at a place of a sum of many: two folds where the value lies in one piece.
  // It is not kept anywhere, so it may change.
  [[nodiscard]] Sum128 mark_at(uint64_t place) const {
    if (bits_.form > Form::kShort) return scaled(tree_digest(), place);
    const uint64_t odd = place * 2 + 1;
    return {fold(bits_.payload ^ odd * 0x9e3779b97f4a7c15ull, head() ^ 0xe7037ed1a0b428dbull),
            fold(bits_.payload ^ 0x8ebc6af09c88c6e3ull, head() ^ odd * 0xd1b54a32d192ed03ull)};
  }

  friend bool operator==(const Value& a, const Value& b) {
    return a.identical(b) || (a.shared() && b.shared() && equal_shared(a, b));
  }
  // Ints by number, texts by code point. Requires two ints or two texts.
  static int compare(const Value& a, const Value& b) {
    if (a.bits_.form == Form::kInt && b.bits_.form == Form::kInt) {
      return (a.as_int() > b.as_int()) - (a.as_int() < b.as_int());
    }
    return compare_texts(a, b);
  }
  // Same bits or same node: equal, and known without looking further.
  [[nodiscard]] bool identical(const Value& o) const {
    return head() == o.head() && bits_.payload == o.bits_.payload;
  }

  [[nodiscard]] const Node* node() const { return shared() ? node_of() : nullptr; }

 private:
  friend struct ValueAccess;  // the implementation files of this room

  // kText holds a node; kShort lies in place: `length` bytes of `text` and `payload`, the rest of
  // them zero. A text of up to kShortMax bytes is always kShort, so that equal bits are the only
  // way for short texts to be equal.
  enum class Form : uint8_t { kNull, kBool, kInt, kShort, kText, kList, kMap, kRecord };
  static constexpr size_t kShortMax = 14;
  struct Bits {
    Form form;
    uint8_t length;
    char text[6];
    uint64_t payload;  // bool, int, node (0: empty list or map), or the text's next 8 bytes
  };
  static_assert(sizeof(void*) == 8);

  Value(Form form, uint64_t payload) noexcept : bits_{form, 0, {}, payload} {}
  void clear_bits() noexcept { std::memset(&bits_, 0, sizeof bits_); }
  // The first eight bytes as a number, the form lowest.
  [[nodiscard]] uint64_t head() const noexcept {
    uint64_t word = 0;
    std::memcpy(&word, &bits_, sizeof word);
    return word;
  }
  [[nodiscard]] bool shared() const noexcept {
    return bits_.form >= Form::kText && bits_.payload != 0;
  }
  [[nodiscard]] const Counted* counted() const noexcept {
    return reinterpret_cast<const Counted*>(bits_.payload);
  }
  [[nodiscard]] const Node* node_of() const noexcept {
    return reinterpret_cast<const Node*>(bits_.payload);
  }
  void release() noexcept {
    if (counted()->let_go()) destroy();
  }
  void destroy() noexcept;

  static constexpr size_t kTextOffset = 2;
  [[nodiscard]] std::string_view in_place() const {
    return {reinterpret_cast<const char*>(&bits_) + kTextOffset, bits_.length};
  }
  // Two texts of kShortMax bytes at most, joined.
  static Value short_text(std::string_view a, std::string_view b);
  static Value long_text(std::string_view text);
  [[nodiscard]] size_t long_bytes() const;
  std::string_view long_view(std::string& scratch) const;
  [[nodiscard]] uint64_t node_weight() const;
  [[nodiscard]] uint64_t node_parts() const;
  [[nodiscard]] uint32_t node_depth() const;
  [[nodiscard]] Sum128 tree_digest() const;
  static bool equal_shared(const Value& a, const Value& b);
  static int compare_texts(const Value& a, const Value& b);
  void each_run(void* context, void (*take)(void*, std::span<const Value>)) const;
  void each_entry_run(void* context, void (*take)(void*, std::span<const Entry>)) const;

  Bits bits_;
};
static_assert(sizeof(Value) == 16);

struct Entry {
  Value key;
  Value value;

  friend bool operator==(const Entry&, const Entry&) = default;
};

template <class F>
void Value::each(F&& f) const {
  using Function = std::remove_reference_t<F>;
  each_run(const_cast<void*>(static_cast<const void*>(&f)),
           [](void* context, std::span<const Value> run) {
             for (const Value& element : run) (*static_cast<Function*>(context))(element);
           });
}

template <class F>
void Value::each_entry(F&& f) const {
  using Function = std::remove_reference_t<F>;
  each_entry_run(const_cast<void*>(static_cast<const void*>(&f)),
                 [](void* context, std::span<const Entry> run) {
                   for (const Entry& e : run) (*static_cast<Function*>(context))(e.key, e.value);
                 });
}

// The names of a record type, for printing.
struct Shape {
  std::string name;
  std::vector<std::string> fields;
};

// As it would be written in source: "a\n" quoted and escaped, records as T(a: 1, b: 2) in declared
// order.
std::string literal(const Value& value, std::span<const Shape> shapes);
// The beginning of a text: at most so many bytes, cut between two code points, with … for the rest.
std::string shortened(std::string text, size_t bytes_max);
// The same of a literal; what is not shown costs nothing.
std::string shown(const Value& value, std::span<const Shape> shapes, size_t bytes_max);
// What `str(x)` gives: a string as it is, everything else as `literal` has it.
std::string str(const Value& value, std::span<const Shape> shapes);
// The same, and false where it would have more than so many bytes: a list may hold one big value a
// thousand times over. It is not written to its end then.
bool str(const Value& value, std::span<const Shape> shapes, size_t bytes_max, std::string& text);

}  // namespace lexum
