// What is legal but suspicious. Every warning claims only what it can show.
#pragma once

#include "check/program.h"

namespace lexum {

// Requires a program without errors.
void warn(const Program& program, Diagnostics& diagnostics);

}  // namespace lexum
