// The second pass: everything that has a body gets it.
#pragma once

#include "check/context.h"

namespace lexum {

// Requires declare_program(). Afterwards the program is whole, if nothing was reported.
void define_program(Context& context);

}  // namespace lexum
