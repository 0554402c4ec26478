// From text to a program that is ready to run: parse, check, and evaluate the start values.
#pragma once

#include <functional>
#include <memory>

#include "check/checker.h"

namespace lexum {

// Null if there were errors, which then stand in `diagnostics`. `mode_of` says who carries each
// effect out; without it, nobody does.
std::unique_ptr<const Program> load(Source source, Diagnostics& diagnostics,
                                    const std::function<EffectMode(const Effect&)>& mode_of = {});

}  // namespace lexum
