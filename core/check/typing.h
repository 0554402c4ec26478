// What goes with what: how the type of an expression meets the type that is wanted of it.
#pragma once

#include "check/context.h"

namespace lexum {

// Whether a value of `from` may stand where `to` is wanted. A type that made no sense goes with
// everything.
bool fits(const Types& types, TypeId from, TypeId to);
// The type that both go with, or none: int and int? meet in int?, null and int too.
TypeId unify(Types& types, TypeId a, TypeId b);
// Whether something in it is not known yet: `null` alone, the elements of `[]`.
bool unsettled(const Types& types, TypeId id);
// What a TypeExpr says; kError, and reported, if it says nothing.
TypeId resolve(Context& context, TypeExprId id);
// Reports that `found` stands where `wanted` must. `what` names the place: "the field `n`".
void report_mismatch(Context& context, Span span, TypeId found, TypeId wanted,
                     std::string_view what);

}  // namespace lexum
