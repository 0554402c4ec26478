// The parts of a condition, looked at on the state of one instance: which hold, what their sides
// are, and which value of a field would change that.
#pragma once

#include <optional>
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

  [[nodiscard]] bool holds(const Comparison& part);
  [[nodiscard]] ConditionPart seen(const Comparison& part);
  // The nearest value of a field that makes the part true, or false; none if it is no comparison of
  // a field with something else, and no field alone.
  [[nodiscard]] std::optional<Wish> wish(const Comparison& part, bool truth);

 private:
  Subject subject() { return {.fields = fields_, .key = key_.is_null() ? nullptr : &key_}; }

  const Program& program_;
  std::vector<Value> fields_;
  Value key_;
  Interpreter interpreter_;
};

// The fields that a piece of the program names.
std::vector<uint32_t> fields_in(const Program& program, const Domain& domain, Span span);

}  // namespace lexum
