// Programs of the twin, recorded by the machine.
#pragma once

#include <string>

#include "machine/inputs.h"
#include "tracer_fixture.h"
#include "twin/generate.h"

namespace lexum::twin {

// A run of its own start and inputs, and of a few hundred cycles.
inline Recording recording_of(const std::string& text, const Options& options) {
  const auto program = program_of(text);
  Recording how{.start_values = {}, .inputs = {}, .cycles_max = 300};
  for (const std::string& set : options.sets) {
    how.start_values.push_back(*read_setting(*program, set));
  }
  for (const Input& input : options.inputs) {
    how.inputs.push_back(*read_message(*program, input.text));
    how.inputs.back().tick = static_cast<uint64_t>(input.tick);
  }
  return how;
}

}  // namespace lexum::twin
