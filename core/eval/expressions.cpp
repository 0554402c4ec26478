// Expressions and calls of fn. Operands are evaluated from left to right; methods and places have
// files of their own.
#include <limits>

#include <fmt/format.h>
#include <re2/re2.h>

#include "eval/walk.h"

namespace lexum {

uint64_t extent(const Value& v) {
  switch (v.kind()) {
    case Kind::kText:
      return v.text_bytes();
    case Kind::kList:
    case Kind::kMap:
      return v.size();
    default:
      return 0;
  }
}

int64_t inside_gas(const Value& v) {
  return static_cast<int64_t>(std::max(v.parts() / 1024, v.weight() / 8192));
}

int64_t comparison_gas(const Value& v) {
  return std::max(static_cast<int64_t>(extent(v) / 64), inside_gas(v));
}

const Value& Interpreter::Walk::see(uint32_t id, Value& room) {
  const Term& t = term(id);
  if (const Value* v = standing(t)) return *v;
  if (t.op == Op::kMember) {
    enter(t);
    return see(t.a, room).fields()[t.b];
  }
  room = compute_value(t);
  return room;
}

const Value& Interpreter::Walk::see_before(uint32_t id, uint32_t then, Value& room) {
  if (is_leaf(term(then))) return see(id, room);
  room = value_of(id);
  return room;
}

// ---- ints

namespace {

constexpr int64_t kIntMin = std::numeric_limits<int64_t>::min();

}  // namespace

void Interpreter::Walk::overflow(const Term& t, int64_t x, char op, int64_t y) const {
  fail(t, Code::kOverflow, fmt::format("{} {} {} does not fit into 64 bits", x, op, y));
}

int64_t Interpreter::Walk::divide(const Term& t, int64_t x, int64_t y) const {
  if (y == 0) fail(t, Code::kDivisionByZero, fmt::format("{} / 0", x));
  if (x == kIntMin && y == -1) overflow(t, x, '/', y);
  return x / y;
}

int64_t Interpreter::Walk::remainder(const Term& t, int64_t x, int64_t y) const {
  if (y == 0) fail(t, Code::kDivisionByZero, fmt::format("{} % 0", x));
  return y == -1 ? 0 : x % y;  // processors refuse to divide the smallest int by -1
}

int64_t Interpreter::Walk::negate(const Term& t, int64_t x) const {
  if (x == kIntMin) fail(t, Code::kOverflow, fmt::format("-({}) does not fit into 64 bits", x));
  return -x;
}

int64_t Interpreter::Walk::sum(const Term& t) {
  enter(t);
  const uint32_t* terms = list(t);
  const uint32_t* minus = terms + t.b;
  int64_t total = int_of(terms[0]);
  for (uint32_t i = 1; i < t.b; ++i) {
    const int64_t next = int_of(terms[i]);
    total = minus[i - 1] ? subtract(t, total, next) : add(t, total, next);
  }
  return total;
}

int64_t Interpreter::Walk::product(const Term& t) {
  enter(t);
  const uint32_t* terms = list(t);
  const uint32_t* ops = terms + t.b;
  int64_t total = int_of(terms[0]);
  for (uint32_t i = 1; i < t.b; ++i) {
    const int64_t next = int_of(terms[i]);
    switch (ops[i - 1]) {
      case 0:
        total = multiply(t, total, next);
        break;
      case 1:
        total = divide(t, total, next);
        break;
      default:
        total = remainder(t, total, next);
        break;
    }
  }
  return total;
}

int64_t Interpreter::Walk::compute(const Term& t, int64_t x, int64_t y) const {
  switch (t.op) {
    case Op::kAdd:
      return add(t, x, y);
    case Op::kSubtract:
      return subtract(t, x, y);
    case Op::kMultiply:
      return multiply(t, x, y);
    case Op::kDivide:
      return divide(t, x, y);
    default:
      return remainder(t, x, y);
  }
}

// clang-format off
int64_t Interpreter::Walk::compute_int(const Term& t) {
  switch (t.op) {
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kRemainder: { const auto [x, y] = ints(t); return compute(t, x, y); }
    case Op::kSum: return sum(t);
    case Op::kProduct: return product(t);
    case Op::kNegate: enter(t); return negate(t, int_of(t.a));
    case Op::kMember: { enter(t); Value room; return see(t.a, room).fields()[t.b].as_int(); }
    case Op::kMethod: if (gives(t, MethodRole::kInt)) return int_method(t); [[fallthrough]];
    default: return compute_value(t).as_int();
  }
}
// clang-format on

// ---- truth

namespace {

// Whether a comparison of texts holds, by how they stand to each other: negative, 0 or positive.
bool holds(Op op, int order) {
  switch (op) {
    case Op::kLessText:
      return order < 0;
    case Op::kLessEqualText:
      return order <= 0;
    case Op::kGreaterText:
      return order > 0;
    default:
      return order >= 0;
  }
}

}  // namespace

bool Interpreter::Walk::equal(const Term& t) {
  enter(t);
  const Value* x = standing(term(t.a));
  if (const Value* y = x ? standing(term(t.b)) : nullptr) {  // most often: a field, a text
    charge_comparison(t, *x, *y);
    return *x == *y;
  }
  Value room_a, room_b;
  const Value& a = x ? room_a = *x : see_before(t.a, t.b, room_a);
  const Value& b = see(t.b, room_b);
  charge_comparison(t, a, b);
  return a == b;
}

int Interpreter::Walk::compare(const Term& t) {
  enter(t);
  Value room_a, room_b;
  const Value& a = see_before(t.a, t.b, room_a);
  const Value& b = see(t.b, room_b);
  charge_comparison(t, a, b);
  return Value::compare(a, b);
}

bool Interpreter::Walk::matches(const Term& t) {
  enter(t);
  Value room;
  std::string scratch;
  const Value& text = see(t.a, room);
  charge_size(t, text.text_bytes());
  return re2::RE2::PartialMatch(text.text(scratch), *program_.patterns[t.b]);
}

// clang-format off
bool Interpreter::Walk::compute_bool(const Term& t) {
  switch (t.op) {
    case Op::kBool: return t.a != 0;
    case Op::kField: return field(t.a).as_bool();
    case Op::kLocal: return locals_[t.a].as_bool();
    case Op::kAnd:
      enter(t);
      for (const uint32_t part : parts(t)) { if (!bool_of(part)) return false; }
      return true;
    case Op::kOr:
      enter(t);
      for (const uint32_t part : parts(t)) { if (bool_of(part)) return true; }
      return false;
    case Op::kNot: enter(t); return !bool_of(t.a);
    case Op::kEqualInt: { const auto [x, y] = ints(t); return x == y; }
    case Op::kUnequalInt: { const auto [x, y] = ints(t); return x != y; }
    case Op::kLess: { const auto [x, y] = ints(t); return x < y; }
    case Op::kLessEqual: { const auto [x, y] = ints(t); return x <= y; }
    case Op::kGreater: { const auto [x, y] = ints(t); return x > y; }
    case Op::kGreaterEqual: { const auto [x, y] = ints(t); return x >= y; }
    case Op::kEqualBool: { enter(t); const bool x = bool_of(t.a); return x == bool_of(t.b); }
    case Op::kUnequalBool: { enter(t); const bool x = bool_of(t.a); return x != bool_of(t.b); }
    case Op::kEqualText:
    case Op::kEqual: return equal(t);
    case Op::kUnequalText:
    case Op::kUnequal: return !equal(t);
    case Op::kLessText:
    case Op::kLessEqualText:
    case Op::kGreaterText:
    case Op::kGreaterEqualText: return holds(t.op, compare(t));
    case Op::kMatches: return matches(t);
    case Op::kMethod: if (gives(t, MethodRole::kBool)) return bool_method(t); [[fallthrough]];
    default: return compute_value(t).as_bool();
  }
}
// clang-format on

// ---- any value

Value Interpreter::Walk::join(const Term& t, Value a, const Value& b) {
  charge_size(t, a.text_bytes() + b.text_bytes());
  return Value::concat(std::move(a), b);
}

Value Interpreter::Walk::concat(const Term& t) {
  enter(t);
  const uint32_t* terms = list(t);
  Value joined = value_of(terms[0]);
  for (uint32_t i = 1; i < t.b; ++i) {
    Value room;
    joined = join(t, std::move(joined), see(terms[i], room));
  }
  return joined;
}

Value Interpreter::Walk::coalesce(const Term& t) {
  enter(t);
  const uint32_t* terms = list(t);
  for (uint32_t i = 0; i + 1 < t.b; ++i) {
    Value v = value_of(terms[i]);
    if (!v.is_null()) return v;
  }
  return value_of(terms[t.b - 1]);
}

Value Interpreter::Walk::at_list(const Term& t) {
  enter(t);
  Value room;
  const Value& all = see_before(t.a, t.b, room);
  return all.at(index_in(t, all, int_of(t.b)));
}

Value Interpreter::Walk::at_map(const Term& t) {
  enter(t);
  Value room, room_key;
  const Value& all = see_before(t.a, t.b, room);
  const Value& key = see(t.b, room_key);
  charge_key(t, key);
  return found_in(t, all, key);
}

Value Interpreter::Walk::make_list(const Term& t) {
  if (t.b > 0) enter(t);
  const size_t first = push_values(list(t), t.b);
  charge_size(t, t.b);
  Value made = Value::list({stack_.data() + first, t.b});
  drop(first);
  return made;
}

Value Interpreter::Walk::make_map(const Term& t) {
  if (t.b > 0) enter(t);
  const uint32_t* terms = list(t);
  Value made = Value::empty_map();
  for (uint32_t i = 0; i < t.b; i += 2) {
    const Value key = value_of(terms[i]);
    charge_key(t, key);
    made = std::move(made).put(key, value_of(terms[i + 1]));
  }
  charge_size(t, made.size());
  return made;
}

Value Interpreter::Walk::make_record(const Term& t) {
  if (t.b > 0) enter(t);
  const size_t first = push_values(list(t), t.b);
  Value made = Value::record(t.c, {stack_.data() + first, t.b});
  check_depth(t, made);
  drop(first);
  return made;
}

Value Interpreter::Walk::stage(const Term& t) {
  const uint32_t* terms = list(t);
  for (uint32_t i = 0; i + 1 < t.b; ++i) {
    Value v = value_of(terms[i]);
    locals_[t.c + i] = std::move(v);
  }
  return value_of(terms[t.b - 1]);
}

Value Interpreter::Walk::call(const Term& t) {
  enter(t);  // the body's expressions stand as deep as arguments do
  const Function& function = program_.functions[t.c];
  const size_t frame = push(function.locals);
  for (uint32_t i = 0; i < t.b; ++i) {
    Value v = value_of(list(t)[i]);
    stack_[frame + i] = std::move(v);
  }
  const size_t caller = frame_;
  use_frame(frame);
  depth_left_ -= t.depth;
  run(block(static_cast<uint32_t>(function.body.index())));
  depth_left_ += t.depth;
  drop(frame);
  use_frame(caller);
  return std::move(result_);
}

// clang-format off
Value Interpreter::Walk::compute_value(const Term& t) {
  switch (t.op) {
    case Op::kInt: return Value::of(literal_int(t));
    case Op::kBool: return Value::of(t.a != 0);
    case Op::kConstant: charge(t, t.b); return program_.constants[t.a];
    case Op::kField: return field(t.a);
    case Op::kLocal: return locals_[t.a];
    case Op::kKey: return *key_;
    case Op::kConcat: return concat(t);
    case Op::kCoalesce: return coalesce(t);
    case Op::kMember: { enter(t); Value room; return see(t.a, room).fields()[t.b]; }
    case Op::kAtList: return at_list(t);
    case Op::kAtMap: return at_map(t);
    case Op::kMakeList: return make_list(t);
    case Op::kMakeMap: return make_map(t);
    case Op::kMakeRecord: return make_record(t);
    case Op::kMethod:
      if (gives(t, MethodRole::kInt)) return Value::of(int_method(t));
      if (gives(t, MethodRole::kBool)) return Value::of(bool_method(t));
      return value_method(t);
    case Op::kPop: return pop(t);
    case Op::kStage: return stage(t);
    case Op::kCall: return call(t);
    case Op::kAdd: case Op::kSubtract: case Op::kMultiply: case Op::kDivide: case Op::kRemainder:
    case Op::kSum: case Op::kProduct: case Op::kNegate: return Value::of(compute_int(t));
    default: return Value::of(compute_bool(t));
  }
}
// clang-format on

}  // namespace lexum
