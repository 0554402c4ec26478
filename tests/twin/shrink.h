// Makes a failing case small: drops lines, blocks, start values and inputs for as long as it still
// fails.
#pragma once

#include <functional>

#include "twin/generate.h"

namespace lexum::twin {

// `fails` is asked about programs that may not even parse; it says false of them. Requires
// fails(one).
Case shrink(Case one, const std::function<bool(const Case&)>& fails);

}  // namespace lexum::twin
