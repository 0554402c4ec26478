// Conditions as people look at them: the comparisons that a goal's predicate or a slice's guard is
// made of.
#pragma once

#include <optional>
#include <vector>

#include "check/program.h"

namespace lexum {

// As it reads from the other side: a < b is b > a.
Operator mirrored(Operator op);
// What holds where it does not: not (a < b) is a >= b. Both give back what compares nothing.
Operator opposite(Operator op);
// The parts of a predicate, left to right, through && and ||.
std::vector<Comparison> comparisons_of(const Program& program, TermId condition);
// The parts that are joined by &&, all of which must hold.
std::vector<Comparison> conjuncts_of(const Program& program, TermId condition);
// The conjuncts of the condition of a block that is one `if` without `else`; else none.
std::vector<Comparison> guards_of(const Program& program, TermId block);
// The value that a term stands for if it stands in the text itself, else none.
std::optional<Value> constant_of(const Program& program, TermId id);

}  // namespace lexum
