// The parts of a condition, looked at on the state of one instance: which hold, what their sides
// are, and which value of a field would change that.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/world.h"

namespace lexum {

// A condition, or one side of a conjunction, as the program has it.
struct ConditionPart {
  Span span;
  // Of a comparison: its two sides, in the program and as they were.
  Operator op = Operator::kEqual;
  Span actual_span = {};
  Span wanted_span = {};
  std::optional<Value> actual = {};
  std::optional<Value> wanted = {};
  bool wanted_is_constant = false;  // it stands there as what it is

  // How far apart two ints are; none if they are none, or further than an int can say.
  [[nodiscard]] std::optional<int64_t> distance() const;
};

// A value of a field by which a part of a condition would come to be what it is not.
struct Wish {
  uint32_t slot = 0;
  Value value;
};

class Guard {
 public:
  // Of a living instance, as it is now. The world's program outlives it.
  Guard(const World& world, InstanceId id);
  // Of an instance with these fields, at whatever moment. `program` outlives it.
  Guard(const Program& program, DomainId domain, std::span<const Value> fields, Value key);

  [[nodiscard]] bool holds(const Comparison& part);
  // Whether all of them would hold with that value.
  [[nodiscard]] bool hold_with(const Wish& wish, std::span<const Comparison> parts);
  [[nodiscard]] ConditionPart seen(const Comparison& part);
  // The nearest value of a field that makes the part true, or false: of each side that is a field,
  // where such a value is one of its type. None if the part is neither a comparison of a field with
  // something else nor a field alone.
  [[nodiscard]] std::vector<Wish> wishes(const Comparison& part, bool truth);
  // Values of one field by which all parts would come to hold, the nearest to what it is first.
  [[nodiscard]] std::vector<Wish> wishes_for_all(std::span<const Comparison> parts);
  // What an unsatisfied goal lacks (§6): the parts of its predicate that are false.
  [[nodiscard]] std::vector<ConditionPart> distance_of(GoalIndex goal);

 private:
  Subject subject() { return {.fields = fields_, .key = key_.is_null() ? nullptr : &key_}; }

  void add_wish(std::vector<Wish>& wishes, const Term& side, std::optional<Value> value) const;
  // How far a wish is from what the field is; 0 where nothing is nearer than anything else.
  [[nodiscard]] uint64_t reach(const Wish& wish) const;

  const Program& program_;
  const Domain& domain_;
  std::vector<Value> fields_;
  Value key_;
  Interpreter interpreter_;
};

// The fields that a piece of the program names.
std::vector<uint32_t> fields_in(const Program& program, const Domain& domain, Span span);

}  // namespace lexum
