// Operators, methods and built-in functions on values (§3), and what each of them costs (§12, Gas).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "syntax/tree.h"
#include "twin/value.h"

namespace lexum::twin {

// What ends a slice before its end: F001 … F006, F020. Thrown.
struct Fault {
  std::string code;
};

// Told once for each operation: how much it walked over, and how much it made. May throw F006.
using Meter = std::function<void(size_t walked, size_t made)>;

// Every operator that looks at both of its sides: no `??`, `&&`, `||`.
Value apply(Operator op, const Value& a, const Value& b, const Meter& meter);
Value negate(const Value& a);

// `.length`, a record's field …
Value member(const Value& receiver, const std::string& name, const Meter& meter);
// `.add(x)` and all others but `.pop()`, which needs a place.
Value method(const Value& receiver, const std::string& name, const std::vector<Value>& args,
             const Meter& meter);
// receiver[index]
const Value& element(const Value& receiver, const Value& index);
// str, int, min, max, abs
bool is_builtin(const std::string& name);
Value builtin(const std::string& name, const std::vector<Value>& args, const Meter& meter);

}  // namespace lexum::twin
