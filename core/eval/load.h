// From text to a program that is ready to run: parse, check, and evaluate the start values.
#pragma once

#include <memory>

#include "check/checker.h"

namespace lexum {

// Null if there were errors, which then stand in `diagnostics`.
std::unique_ptr<const Program> load(Source source, Diagnostics& diagnostics);

}  // namespace lexum
