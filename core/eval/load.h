// From text to a program that is ready to run: parse, check, and evaluate the start values.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "check/checker.h"

namespace lexum {

// Who carries an effect out, where that is not nobody.
struct EffectChoice {
  std::string adapter;
  std::string operation;
  EffectMode mode = EffectMode::kSimulated;
};
std::vector<EffectChoice> choices_in(const Program& program);
using ModeOf = std::function<EffectMode(const Effect&)>;
ModeOf as_chosen(std::vector<EffectChoice> choices);

// Null if there were errors, which then stand in `diagnostics`. `mode_of` says who carries each
// effect out; without it, nobody does.
std::unique_ptr<const Program> load(Source source, Diagnostics& diagnostics,
                                    const ModeOf& mode_of = {});

}  // namespace lexum
