// Goals: what is to hold, what is tried for it, and when it is given up.
#pragma once

#include "check/context.h"

namespace lexum {

// Fills Domain::goals. The heads of its transitions must be declared.
void define_goals(Context& context, DomainId id);

}  // namespace lexum
