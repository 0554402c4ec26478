// What stands behind an @: priorities of routines, and how much a domain takes and forgives.
#pragma once

#include <optional>
#include <span>

#include "check/context.h"

namespace lexum {

// The number of a level such as `high`, or none, and reported.
std::optional<uint8_t> priority_of_level(Context& context, Name level);
// A number from 0 to 255, or none, and reported.
std::optional<uint8_t> priority_of_number(Context& context, int64_t number, Span span);

void annotate(Context& context, std::span<const Annotation> annotations, Routine& routine);
void annotate(Context& context, std::span<const Annotation> annotations, Domain& domain);

}  // namespace lexum
