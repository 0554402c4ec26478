// Places: what can stand on the left of an assignment, or before pop(). Its subscripts are
// evaluated first, and for += and -= what stands there; then the value; then the edit is made, each
// part on the way put back into its whole.
#include <fmt/format.h>

#include "eval/walk.h"

namespace lexum {

Value& Interpreter::Walk::root(const Term& t, const PlaceTerm& place) {
  return place.local ? locals_[place.slot] : edited_field(t, place.slot);
}

size_t Interpreter::Walk::index_in(const Term& t, const Value& list, int64_t index) const {
  const size_t size = list.size();
  // A negative index is a huge unsigned one.
  if (static_cast<uint64_t>(index) >= size) {
    fail(t, Code::kNoSuchElement, fmt::format("index {} of a list of {}", index, size));
  }
  return static_cast<size_t>(index);
}

namespace {

constexpr size_t kKeyShownMax = 60;  // bytes; a key may be as long as a text gets

}  // namespace

Value Interpreter::Walk::found_in(const Term& t, const Value& map, const Value& key) const {
  Value found;
  if (!map.find(key, found)) {
    fail(t, Code::kNoSuchElement,
         fmt::format("no key {} in a map of {}", shown(key, program_.shapes, kKeyShownMax),
                     map.size()));
  }
  return found;
}

Value Interpreter::Walk::part(const Term& t, const Value& whole, const PlaceStep& step,
                              const Value* key) const {
  switch (step.kind) {
    case PlaceStep::Kind::kMember:
      return whole.fields()[step.index];
    case PlaceStep::Kind::kList:
      return whole.at(index_in(t, whole, key->as_int()));
    default:
      return found_in(t, whole, *key);
  }
}

size_t Interpreter::Walk::push_keys(const Term& t, const PlaceTerm& place) {
  const size_t first = top_;
  for (const PlaceStep& step : place.steps) {
    if (step.kind == PlaceStep::Kind::kMember) continue;
    Value key = value_of(step.subscript);
    charge_key(t, key);
    stack_[push(1)] = std::move(key);
  }
  return first;
}

Value Interpreter::Walk::reach(const Term& t, const PlaceTerm& place, const Value* key) const {
  Value at = place.local ? locals_[place.slot] : field(place.slot);
  for (const PlaceStep& step : place.steps) {
    at = part(t, at, step, key);
    if (step.kind != PlaceStep::Kind::kMember) ++key;
  }
  return at;
}

// Whatever fails here does so before anything is written.
void Interpreter::Walk::store(const Term& t, Value& whole, std::span<const PlaceStep> steps,
                              const Value* key, Value leaf) {
  if (steps.empty()) {
    whole = std::move(leaf);
    return;
  }
  const PlaceStep& step = steps.front();
  if (steps.size() > 1) {
    Value inner = part(t, whole, step, key);
    const bool member = step.kind == PlaceStep::Kind::kMember;
    store(t, inner, steps.subspan(1), member ? key : key + 1, std::move(leaf));
    leaf = std::move(inner);
  }
  switch (step.kind) {
    case PlaceStep::Kind::kMember:
      whole = std::move(whole).with_field(step.index, std::move(leaf));
      break;
    case PlaceStep::Kind::kList: {
      const size_t index = index_in(t, whole, key->as_int());
      whole = std::move(whole).with(index, std::move(leaf));
      break;
    }
    case PlaceStep::Kind::kMap:
      whole = std::move(whole).put(*key, std::move(leaf));
      break;
  }
}

void Interpreter::Walk::assign(const Term& t) {
  const PlaceTerm& place = program_.places[t.a];
  const auto op = static_cast<AssignOp>(t.c);
  const size_t keys = push_keys(t, place);
  Value made;
  if (op == AssignOp::kSet) {
    made = value_of(t.b);
  } else {
    Value old = reach(t, place, stack_.data() + keys);
    if (old.kind() == Kind::kText) {
      Value room;
      made = join(t, std::move(old), see(t.b, room));
    } else {
      const int64_t by = int_of(t.b);
      made = Value::of(op == AssignOp::kAdd ? add(t, old.as_int(), by)
                                            : subtract(t, old.as_int(), by));
    }
  }
  Value& whole = root(t, place);
  store(t, whole, place.steps, stack_.data() + keys, std::move(made));
  check_depth(t, whole);
  drop(keys);
}

Value Interpreter::Walk::pop(const Term& t) {
  const PlaceTerm& place = program_.places[t.a];
  const size_t keys = push_keys(t, place);
  Value queue = reach(t, place, stack_.data() + keys);
  if (queue.size() == 0) {
    fail(t, Code::kNoSuchElement, "pop() of an empty list; ask for its length, or use first");
  }
  Value first = queue.at(0);
  Value& whole = root(t, place);
  if (place.steps.empty()) {
    queue = Value();  // held by its place alone, the list is changed where it is
    whole = std::move(whole).erased(0);
  } else {
    store(t, whole, place.steps, stack_.data() + keys, std::move(queue).erased(0));
  }
  drop(keys);
  return first;
}

}  // namespace lexum
