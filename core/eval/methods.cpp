// Methods and built-ins. What they are called and what they cost stands in check/methods.h; here is
// what they do.
#include <charconv>

#include <fmt/format.h>

#include "eval/text.h"
#include "eval/walk.h"

namespace lexum {

// None of these costs anything.
int64_t Interpreter::Walk::int_method(const Term& t) {
  enter(t);
  const uint32_t* args = list(t);
  Value room;
  switch (method_of(t)) {
    case Method::kTextLength:
      return static_cast<int64_t>(see(args[0], room).text_length());
    case Method::kMin: {
      const int64_t x = int_of(args[0]);
      return std::min(x, int_of(args[1]));
    }
    case Method::kMax: {
      const int64_t x = int_of(args[0]);
      return std::max(x, int_of(args[1]));
    }
    case Method::kAbs: {
      const int64_t x = int_of(args[0]);
      return x < 0 ? negate(t, x) : x;
    }
    default:
      return static_cast<int64_t>(see(args[0], room).size());
  }
}

namespace {

// Whether it compares its argument with what its receiver holds. Unequal values are told apart by
// their digests, so that is one comparison inside, however many elements there are.
bool looks_for(Method method) {
  return method == Method::kListRemove || method == Method::kMapRemove || method == Method::kGet;
}

bool has_element(const Value& list, const Value& wanted) {
  bool found = false;
  list.each([&](const Value& element) { found = found || element == wanted; });
  return found;
}

bool compare_text(Method method, const Value& text, const Value& part) {
  if (part.text_bytes() > text.text_bytes()) return false;
  std::string scratch, part_scratch;
  const std::string_view whole = text.text(scratch);
  const std::string_view wanted = part.text(part_scratch);
  switch (method) {
    case Method::kStartsWith:
      return whole.starts_with(wanted);
    case Method::kEndsWith:
      return whole.ends_with(wanted);
    default:
      return wanted.empty() || find_text(whole, wanted, 0) != std::string_view::npos;
  }
}

}  // namespace

bool Interpreter::Walk::bool_method(const Term& t) {
  enter(t);
  const uint32_t* args = list(t);
  Value room, room_argument;
  const Value& receiver = see_before(args[0], args[1], room);
  const Value& argument = see(args[1], room_argument);
  const Method method = method_of(t);
  switch (method) {
    case Method::kHas:
      charge_key(t, argument);
      return receiver.has(argument);
    case Method::kListContains:
      charge(t, std::max(static_cast<int64_t>(extent(receiver) / 64), inside_gas(argument)));
      return has_element(receiver, argument);
    default:
      charge_size(t, receiver.text_bytes());
      return compare_text(method, receiver, argument);
  }
}

Value Interpreter::Walk::value_method(const Term& t) {
  enter(t);
  const uint32_t* args = list(t);
  const Method method = method_of(t);
  const bool walks = info(method).cost == Cost::kWalk;
  const auto finish = [&](const Value& receiver, int64_t inside, auto&& made) {
    const int64_t walk = walks ? static_cast<int64_t>(extent(receiver) / 64) : 0;
    const int64_t least = std::max(walk, inside);
    if (least > gas_) out_of_gas(t);
    Value result = made();
    charge(t, walks ? std::max(least, static_cast<int64_t>(extent(result) / 64)) : least);
    return result;
  };
  Value room, room_argument;
  if (t.b == 1) {
    const Value& receiver = see(args[0], room);
    const int64_t inside = method == Method::kSorted ? inside_gas(receiver) : 0;
    return finish(receiver, inside, [&] { return make(t, receiver); });
  }
  if (t.b == 2) {
    const Value& receiver = see_before(args[0], args[1], room);
    const Value& argument = see(args[1], room_argument);
    const int64_t inside = looks_for(method) ? inside_gas(argument) : 0;
    return finish(receiver, inside, [&] { return make(t, receiver, argument); });
  }
  const Value receiver = value_of(args[0]);
  const Value first = value_of(args[1]);
  const Value second = value_of(args[2]);
  return finish(receiver, 0, [&] {
    return method == Method::kReplace ? replace(t, receiver, first, second)
                                      : cut(t, receiver, first.as_int(), second.as_int());
  });
}

namespace {

Value sorted(const Value& list) {
  std::vector<Value> elements;
  elements.reserve(list.size());
  list.each([&](const Value& element) { elements.push_back(element); });
  std::sort(elements.begin(), elements.end(),
            [](const Value& a, const Value& b) { return Value::compare(a, b) < 0; });
  return Value::list(elements);
}

Value keys_or_values(const Value& map, bool keys) {
  std::vector<Value> made;
  made.reserve(map.size());
  map.each_entry([&](const Value& k, const Value& v) { made.push_back(keys ? k : v); });
  return Value::list(made);
}

Value without_first(const Value& list, const Value& unwanted) {
  size_t index = 0;
  bool found = false;
  list.each([&](const Value& element) {
    found = found || element == unwanted;
    index += !found;
  });
  return found ? list.erased(index) : list;
}

Value end_of(const Value& list, bool first) {
  const size_t size = list.size();
  return size == 0 ? Value() : list.at(first ? 0 : size - 1);
}

}  // namespace

std::string Interpreter::Walk::text_of(const Term& t, const Value& v) const {
  std::string text;
  if (!str(v, program_.shapes, affordable(), text)) out_of_gas(t);
  return text;
}

Value Interpreter::Walk::make(const Term& t, const Value& receiver) {
  std::string scratch;
  const auto text = [&] { return receiver.text(scratch); };
  switch (method_of(t)) {
    case Method::kUpper:
      return Value::of(upper(text()));
    case Method::kLower:
      return Value::of(lower(text()));
    case Method::kTrim:
      return Value::of(trim(text()));
    case Method::kParseInt:
      return parse_int(text());
    case Method::kStr:
      return receiver.kind() == Kind::kText ? receiver : Value::of(text_of(t, receiver));
    case Method::kFirst:
      return end_of(receiver, true);
    case Method::kLast:
      return end_of(receiver, false);
    case Method::kSorted:
      return sorted(receiver);
    case Method::kKeys:
      return keys_or_values(receiver, true);
    default:
      return keys_or_values(receiver, false);  // kValues
  }
}

Value Interpreter::Walk::make(const Term& t, const Value& receiver, const Value& argument) {
  switch (method_of(t)) {
    case Method::kSplit: {
      if (argument.text_bytes() > receiver.text_bytes()) return Value::list({&receiver, 1});
      std::string scratch, separator;
      return Value::list(split(receiver.text(scratch), argument.text(separator)));
    }
    case Method::kListAdd:
      return receiver.appended(argument);
    case Method::kListRemove:
      return without_first(receiver, argument);
    case Method::kMapRemove:
      return receiver.without(argument);
    default: {  // kGet
      Value value;
      return receiver.find(argument, value) ? value : Value();
    }
  }
}

Value Interpreter::Walk::replace(const Term& t, const Value& text, const Value& what,
                                 const Value& with) const {
  const size_t old_size = what.text_bytes();
  if (old_size == 0 || old_size > text.text_bytes()) return text;
  std::string scratch, what_scratch, with_scratch;
  const std::string_view whole = text.text(scratch);
  const std::string_view old = what.text(what_scratch);
  const size_t count = count_text(whole, old);
  if (count == 0) return text;
  afford(t, whole.size() - count * old_size + count * with.text_bytes());
  return Value::of(lexum::replace(whole, old, with.text(with_scratch)));
}

Value Interpreter::Walk::cut(const Term& t, const Value& list, int64_t begin, int64_t end) const {
  const auto size = static_cast<int64_t>(list.size());
  if (begin < 0 || end < begin || end > size) {
    fail(t, Code::kNoSuchElement, fmt::format("slice({}, {}) of a list of {}", begin, end, size));
  }
  return list.slice(static_cast<size_t>(begin), static_cast<size_t>(end));
}

}  // namespace lexum
