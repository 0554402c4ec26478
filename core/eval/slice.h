// One slice: state in, Outbox out. Pure: it reads the instance's fields and the routine's
// parameters and says what it wants done. Nothing is done here, and a slice that faults has wanted
// nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "check/program.h"

namespace lexum {

inline constexpr int64_t kGasMax = 100'000;
// Expressions begun and not ended, calls included.
inline constexpr int kEvaluationDepthMax = 2'000;
inline constexpr uint64_t kValueBytesMax = uint64_t{16} << 20;
// Empty texts and lists weigh nothing, but there must be an end to them as well.
inline constexpr uint64_t kValuePartsMax = uint64_t{16} << 20;
// Why a value may be neither kept nor sent; empty if it may.
std::string why_too_big(const Value& v);

struct Fault {
  Code code = Code::kCount_;  // kCount_: none
  Span span;                  // of the term that did it
  // What the numbers were: "index 7 of a list of 3"; of F020, its message if it has one.
  std::string message;

  explicit operator bool() const { return code != Code::kCount_; }
};

// A field that does not have the value that it had before.
struct FieldChange {
  uint32_t slot = 0;
  Value value;
};

// One send, broadcast or effect that the slice asked for.
struct Emitted {
  EmissionId site;
  Value key;               // of a send to a keyed domain; else null
  uint32_t first_arg = 0;  // into Outbox::args, in the order of Emission::names
  uint32_t arg_count = 0;
};

// What a slice wants. Filled by Interpreter::run, kept and emptied by its owner, so that its memory
// is used again.
struct Outbox {
  // By slot, only what differs; after a fault: the rejected delta, but for what is too big to be
  // kept.
  std::vector<FieldChange> changes;
  std::vector<Emitted> emitted;  // in the order of execution; empty after a fault
  std::vector<Value> args;
  std::vector<std::string> logs;  // kept after a fault: they help to see why
  bool retire = false;
  bool returned = false;  // `return` ended the transition, later slices included
  Fault fault;

  // Nothing would change, be sent or emitted, nobody would retire, and nothing goes wrong.
  [[nodiscard]] bool idle() const {
    return changes.empty() && emitted.empty() && !retire && !fault;
  }
  void clear();
};

// Whom a slice or a predicate is about. Its fields are only read.
struct Subject {
  std::span<Value> fields;
  const Value* key = nullptr;  // null for a single instance
};

class Probe;

// Walks terms. It has a stack and scratch memory of its own and remembers nothing from call to
// call: one a thread.
class Interpreter {
 public:
  explicit Interpreter(const Program& program);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Runs one slice with a gas of kGasMax. Requires params.size() == routine.params.size(), and an
  // empty Outbox.
  void run(const Routine& routine, const Slice& slice, const Subject& subject,
           std::span<const Value> params, Outbox& out);

  // The same, and lets somebody look (probe.h).
  void run_before(Probe& probe, const Routine& routine, const Slice& slice, const Subject& subject,
                  std::span<const Value> params, Outbox& out);

  // A predicate, an invariant or a guard, with gas of its own; `fault` is set if it has one, and
  // then it does not hold.
  bool test(TermId condition, const Subject& subject, Fault& fault);

  // Any expression over an instance's fields, with gas of its own: start values, and the sides of
  // comparisons for people. Null, and `fault` set, if it faults.
  Value evaluate(TermId term, const Subject& subject, Fault& fault);

 private:
  class Walk;
  std::unique_ptr<Walk> walk_;
};

}  // namespace lexum
