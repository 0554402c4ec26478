// The walk over the terms of one slice or predicate: what stands behind Interpreter.
//
// Expressions are walked recursively, and there are three ways to ask for one: as an int, as a bool
// (both without a Value around them), or as a Value. Statements are walked in a loop, and blocks
// that are open stand on a stack of their own, so that the C++ stack grows with nested evaluations,
// which are counted, and with nothing else.
//
// Fields are not written: a new value stands in the outbox from the first write on, where later
// reads and edits find it, and so a slice that faults has nothing to undo. A fault is an exception:
// it is rare, and nothing that goes well pays for it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "check/methods.h"
#include "eval/slice.h"

namespace lexum {

// What a value counts for when an operation walks over it: bytes of a text, elements of a list or
// map.
uint64_t extent(const Value& v);
// What it costs to compare it, inside and out.
int64_t comparison_gas(const Value& v);
// The part of it that is due to what lies inside.
int64_t inside_gas(const Value& v);

class Interpreter::Walk {
 public:
  explicit Walk(const Program& program);

  // Before every walk. `out` is null where there are no statements that could want something.
  void begin(const Subject& subject, Outbox* out) {
    LEXUM_CHECK(subject.fields.size() <= written_.size());
    fields_ = subject.fields.data();
    field_count_ = subject.fields.size();
    key_ = subject.key;
    out_ = out;
    gas_ = kGasMax;
    depth_left_ = kEvaluationDepthMax;
    heavy_ = false;
    use_frame(0);
  }
  // The three things that can be walked; each may throw a Fault.
  [[gnu::always_inline]] inline void slice(const Routine& routine, const Slice& slice,
                                           std::span<const Value> params);
  bool bool_of(TermId id) { return compute_bool(term(id)); }
  Value value_of(TermId id) { return value_of(term(id)); }
  // After a slice, whether it faulted or not: the changes are what differs, in the order of slots.
  // Something that is too big to be kept or sent is a fault, and no part of the rejected delta.
  [[gnu::always_inline]] inline void settle();
  void weigh_emitted();
  [[nodiscard]] bool heavy() const { return heavy_; }
  // Who looks at each statement from now on, or null; and how many locals the routine has.
  void look_with(Probe* probe, size_t locals) {
    probe_ = probe;
    local_count_ = locals;
  }
  // After every walk: lets go of what it held.
  void end() {
    if (top_ != 0) drop(0);
    if (!open_.empty()) open_.clear();
  }

 private:
  // The statements of a block that are still to be run.
  struct Rest {
    const uint32_t* next = nullptr;
    const uint32_t* end = nullptr;
    [[nodiscard]] bool empty() const { return next == end; }
  };
  // What waits for an inner block to end.
  struct Open {
    Rest after;                  // where it goes on then
    const Term* loop = nullptr;  // the inner block is this loop's body; null: a branch of an `if`
    int64_t turn = 0;            // of a range the next value, else the next index
    int64_t turns = 0;
    Value over = {};  // the list or map as it was at the start
  };
  [[nodiscard]] const Term& term(TermId id) const { return terms_[id.index()]; }
  [[nodiscard]] const Term& term(uint32_t id) const { return terms_[id]; }
  [[nodiscard]] const uint32_t* list(const Term& t) const { return lists_ + t.a; }
  [[nodiscard]] std::span<const uint32_t> parts(const Term& t) const { return {list(t), t.b}; }
  [[nodiscard]] Rest block(uint32_t id) const {
    const Term& t = term(id);
    return {list(t), list(t) + t.b};
  }

  // ---- limits
  // Whether a value may be kept or sent.
  static bool fits(const Value& v) {
    return v.node() == nullptr ||
           (v.weight() <= kValueBytesMax && v.parts() <= kValuePartsMax && v.depth() <= kDepthMax);
  }
  // It does not fit: that is the slice's fault, unless it has one.
  void refuse(const Value& v, Span span);
  // Values nest by records that hold their own kind. They are stopped at once, so that whoever
  // reads a value may recurse.
  void check_depth(const Term& t, const Value& v) const {
    if (v.depth() > kDepthMax) fail(t, Code::kValueTooBig, why_too_big(v));
  }
  [[nodiscard]] Span span_of(const Term& t) const;
  [[noreturn]] void fail(const Term& t, Code code, std::string message) const;
  [[noreturn]] void out_of_gas(const Term& t) const;
  [[noreturn]] void too_deep(const Term& t) const;
  void charge(const Term& t, int64_t units) {
    if ((gas_ -= units) < 0) out_of_gas(t);
  }
  // For an operation that walks over or makes `size` bytes or elements.
  void charge_size(const Term& t, uint64_t size) {
    if (size >= 64) charge(t, static_cast<int64_t>(size / 64));
  }
  // For looking up a key.
  void charge_key(const Term& t, const Value& key) {
    if (key.node()) charge(t, inside_gas(key));
  }
  void charge_comparison(const Term& t, const Value& a, const Value& b) {
    // What has no node is shorter than anything that costs.
    if (a.node() || b.node()) charge(t, std::max(comparison_gas(a), comparison_gas(b)));
  }
  // What has operands begins them, one deeper than itself. So a leaf needs no check: whoever began
  // it has made one.
  void enter(const Term& t) {
    if (t.depth >= depth_left_) too_deep(t);
  }

  // ---- expressions (expressions.cpp)
  static bool is_leaf(const Term& t) { return t.op <= Op::kKey; }
  static bool is_int(const Term& t) {
    return t.op == Op::kInt || (t.op >= Op::kAdd && t.op <= Op::kNegate);
  }
  static int64_t literal_int(const Term& t) {
    return static_cast<int64_t>(uint64_t{t.b} | uint64_t{t.c} << 32);
  }
  int64_t int_of(uint32_t id) { return int_of(term(id)); }
  // Asked one after the other, as most operands are leaves: a jump by table costs more.
  int64_t int_of(const Term& t) {
    if (t.op == Op::kLocal) return locals_[t.a].as_int();
    if (t.op == Op::kField) return field(t.a).as_int();
    return t.op == Op::kInt ? literal_int(t) : compute_int(t);
  }
  bool bool_of(uint32_t id) {
    const Term& t = term(id);
    return t.op == Op::kEqualText ? equal(t) : compute_bool(t);
  }
  Value value_of(uint32_t id) { return value_of(term(id)); }
  Value value_of(const Term& t) {
    const Value* v = standing(t);
    return v ? *v : compute_value(t);
  }
  // The value of a field, a local or a constant, where it stands; null for everything else.
  const Value* standing(const Term& t) {
    if (t.op == Op::kLocal) return &locals_[t.a];
    if (t.op == Op::kField) return &field(t.a);
    if (t.op != Op::kConstant) return nullptr;
    charge(t, t.b);
    return &program_.constants[t.a];
  }
  // The value where it stands, or in `room` if it is a new one. It holds until something else is
  // evaluated.
  const Value& see(uint32_t id, Value& room);
  // The same, for what must outlast the evaluation of `then`, which may pop a list or call.
  const Value& see_before(uint32_t id, uint32_t then, Value& room);

  int64_t compute_int(const Term& t);
  bool compute_bool(const Term& t);
  Value compute_value(const Term& t);
  struct Ints {
    int64_t x, y;
  };
  Ints ints(const Term& t) {
    enter(t);
    const int64_t x = int_of(t.a);
    return {x, int_of(t.b)};
  }
  [[noreturn]] void overflow(const Term& t, int64_t x, char op, int64_t y) const;
  int64_t add(const Term& t, int64_t x, int64_t y) const {
    int64_t r = 0;
    if (__builtin_add_overflow(x, y, &r)) overflow(t, x, '+', y);
    return r;
  }
  int64_t subtract(const Term& t, int64_t x, int64_t y) const {
    int64_t r = 0;
    if (__builtin_sub_overflow(x, y, &r)) overflow(t, x, '-', y);
    return r;
  }
  int64_t multiply(const Term& t, int64_t x, int64_t y) const {
    int64_t r = 0;
    if (__builtin_mul_overflow(x, y, &r)) overflow(t, x, '*', y);
    return r;
  }
  int64_t compute(const Term& t, int64_t x, int64_t y) const;
  int64_t divide(const Term& t, int64_t x, int64_t y) const;
  int64_t remainder(const Term& t, int64_t x, int64_t y) const;
  int64_t negate(const Term& t, int64_t x) const;
  int64_t sum(const Term& t);
  int64_t product(const Term& t);
  bool equal(const Term& t);
  int compare(const Term& t);  // of two texts: negative, 0 or positive
  bool matches(const Term& t);
  Value join(const Term& t, Value a, const Value& b);
  Value concat(const Term& t);
  Value coalesce(const Term& t);
  Value at_list(const Term& t);
  Value at_map(const Term& t);
  Value make_list(const Term& t);
  Value make_map(const Term& t);
  Value make_record(const Term& t);
  Value stage(const Term& t);
  Value call(const Term& t);

  // ---- methods and built-ins (methods.cpp)
  static Method method_of(const Term& t) { return static_cast<Method>(t.c); }
  static bool gives(const Term& t, MethodRole role) { return info(method_of(t)).gives == role; }
  int64_t int_method(const Term& t);
  bool bool_method(const Term& t);
  Value value_method(const Term& t);
  Value make(const Term& t, const Value& receiver);
  Value make(const Term& t, const Value& receiver, const Value& argument);
  Value replace(const Term& t, const Value& text, const Value& what, const Value& with) const;
  Value cut(const Term& t, const Value& list, int64_t begin, int64_t end) const;
  std::string text_of(const Term& t, const Value& v) const;
  // Stops before something is made that is too big to be paid for.
  void afford(const Term& t, uint64_t size) const {
    if (size / 64 > static_cast<uint64_t>(gas_)) out_of_gas(t);
  }
  // The most bytes that can be paid for.
  [[nodiscard]] size_t affordable() const { return static_cast<size_t>(gas_) * 64 + 63; }

  // ---- places (places.cpp)
  [[nodiscard]] const Value& field(uint32_t slot) const {
    const uint32_t written = written_[slot];
    return written == 0 ? fields_[slot] : out_->changes[written - 1].value;
  }
  // A place in the outbox for the new value of a field, which is null at first. It holds until
  // another field is changed.
  [[gnu::always_inline]] inline Value& change_field(const Term& t, uint32_t slot);
  // A field for an edit.
  Value& edited_field(const Term& t, uint32_t slot) {
    if (written_[slot] != 0) return out_->changes[written_[slot] - 1].value;
    return change_field(t, slot) = fields_[slot];
  }
  // A whole new value for a field.
  void set_field(const Term& t, Value v) {
    const uint32_t written = written_[t.a];
    (written == 0 ? change_field(t, t.a) : out_->changes[written - 1].value).swap(v);
  }
  // The same for an int.
  void set_int(const Term& t, int64_t v) {
    const uint32_t written = written_[t.a];
    if (written != 0) return out_->changes[written - 1].value.become(v);
    change_field(t, t.a) = Value::of(v);
  }
  Value& root(const Term& t, const PlaceTerm& place);
  size_t index_in(const Term& t, const Value& list, int64_t index) const;
  Value found_in(const Term& t, const Value& map, const Value& key) const;
  Value part(const Term& t, const Value& whole, const PlaceStep& step, const Value* key) const;
  // Evaluates the subscripts onto the stack, and gives the index of the first.
  size_t push_keys(const Term& t, const PlaceTerm& place);
  Value reach(const Term& t, const PlaceTerm& place, const Value* key) const;
  void store(const Term& t, Value& whole, std::span<const PlaceStep> steps, const Value* key,
             Value leaf);
  void assign(const Term& t);
  Value pop(const Term& t);

  // ---- statements (statements.cpp)
  template <bool kProbed = false>
  bool run(Rest rest);  // whether a `return` ended it
  void show(const Term& t);
  Rest end_block();
  static constexpr uint32_t kNoBranch = UINT32_MAX;
  // The block that an `if` runs.
  [[gnu::always_inline]] inline uint32_t branch_of(const Term& t);
  Rest enter_loop(const Term& t, Rest after);
  Rest take_turn(Open& open);
  [[gnu::always_inline]] inline void emit(const Term& t);
  void log(const Term& t);
  [[noreturn]] void assert_failed(const Term& t);

  // ---- the stack of locals, and of operands that must be together
  static constexpr size_t kInPlace = SIZE_MAX;
  // Adds `count` slots, all null, and gives the index of the first. Locals may move: hold no
  // reference over it.
  size_t push(size_t count) {
    const size_t first = top_;
    top_ += count;
    if (top_ > stack_.size()) grow();
    return first;
  }
  void grow();
  void drop(size_t to) {
    while (top_ > to) stack_[--top_].reset();
  }
  void use_frame(size_t frame) {
    frame_ = frame;
    locals_ = frame == kInPlace ? in_place_ : stack_.data() + frame;
  }
  // Evaluates `count` terms into new slots.
  size_t push_values(const uint32_t* terms, size_t count);

  const Program& program_;  // fixed, as are the next two, which point into it
  const Term* terms_;
  const uint32_t* lists_;

  // Of one walk.
  Value* fields_ = nullptr;
  const Value* key_ = nullptr;
  Outbox* out_ = nullptr;
  int64_t gas_ = 0;
  bool heavy_ = false;  // something that was emitted has a node
  int depth_left_ = 0;  // a term that has operands must be less deep than this
  Probe* probe_ = nullptr;
  size_t local_count_ = 0;   // of the routine that is looked at
  std::vector<Value> seen_;  // its fields
  size_t field_count_ = 0;
  Value* locals_ = nullptr;
  size_t frame_ = 0;           // index of locals_, or
  Value* in_place_ = nullptr;  // of kInPlace: where they are, which is not on the stack
  size_t top_ = 0;
  Value result_;  // of the last `return` of a fn

  // Memory that is used again.
  std::vector<Value> stack_;  // null from top_ on
  std::vector<Open> open_;
  // By slot: 1 + which of the outbox's changes holds the new value of the field; 0: it has none.
  std::vector<uint32_t> written_;
  std::vector<const Term*> writers_;  // of each change, who made it
};

}  // namespace lexum
