// Expressions as people type them about a run: in Lexum's own syntax, over the fields of one
// domain, which may be named in front of a field or left to be found.
#pragma once

#include <memory>
#include <string_view>

#include "tracer/condition.h"

namespace lexum {

// `stock < 0`, `Inventory[88].stock < 0`: of that instance; of any one of a domain with keys where
// no key is given. Domains do not see each other, so there is one in an expression. The error
// (kMismatch) says where it is wrong, or which domains it may be about.
Result<std::unique_ptr<Condition>> read_condition(const Program& program, std::string_view text);
// The same for one of any type. What reads no field is about any domain.
Result<std::unique_ptr<Expression>> read_expression(const Program& program, std::string_view text);

}  // namespace lexum
