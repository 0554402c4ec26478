// The machine, told and asked in the words of its twin.
#pragma once

#include <string>

#include "twin/twin.h"

namespace lexum::twin {

// What the machine makes of a program. One that does not load has the outcome "error", and what is
// wrong with it as its steps.
Summary run_on_machine(const std::string& program, const Options& options, unsigned threads = 1);

}  // namespace lexum::twin
