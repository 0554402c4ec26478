// Questions in Lexum's own words: an expression over the fields of a domain, read and checked as an
// invariant of that domain would be, and looked for in a recorded run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tracer/scan.h"
#include "tracer/target.h"
#include "tracer/timeline.h"

namespace lexum {

class Condition {
 public:
  // `expression` is true or false and sees what an invariant of that domain would: its fields,
  // `self`'s key and the functions of the program. The error (kMismatch) says where it is wrong.
  static Result<std::unique_ptr<Condition>> read(const Program& program, Subjects whose,
                                                 std::string_view expression);

  [[nodiscard]] const Subjects& whose() const { return whose_; }
  [[nodiscard]] FieldMask reads() const { return invariant_.reads; }
  // Not of one that has retired, nor where evaluating it would fault. Requires one of whose().
  [[nodiscard]] bool holds(const InstanceState& instance);

 private:
  Condition(std::unique_ptr<const Program> program, Subjects whose);

  const std::unique_ptr<const Program> program_;  // with one more domain, whose invariant it is
  const Subjects whose_;
  const Invariant& invariant_;
  Interpreter interpreter_;
};

// An expression of any type.
class Expression {
 public:
  // As Condition's, but it need not be true or false.
  static Result<std::unique_ptr<Expression>> read(const Program& program, Subjects whose,
                                                  std::string_view expression);

  [[nodiscard]] const Subjects& whose() const { return whose_; }
  [[nodiscard]] FieldMask reads() const;
  // As Lexum writes it. The error (kMismatch) is the fault that it ends with. Requires one of
  // whose().
  [[nodiscard]] Result<std::string> value(const InstanceState& instance);

 private:
  Expression(std::unique_ptr<const Program> program, Subjects whose);

  const std::unique_ptr<const Program> program_;  // with one more domain, which logs it
  const Subjects whose_;
  const Routine& routine_;
  Interpreter interpreter_;
};

// Calls `hit` each time the condition comes to hold for an instance, from the one cycle to the
// later one: where it holds at `from` already, that is the first time; false: that is enough. Only
// those cycles are read that write what the condition reads. The timeline is moved.
Result<ScanEnd> each_time(
    Timeline& timeline, Condition& condition, uint64_t from, uint64_t to,
    const std::function<bool(uint64_t cycle, InstanceId id, const std::string& name)>& hit,
    const Looking& looking = {});

}  // namespace lexum
