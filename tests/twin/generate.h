// Random programs of twenty to eighty lines, with inputs, that mostly get somewhere: the same for
// the same seed, on every machine. They pass the checker.
#pragma once

#include <cstdint>
#include <string>

#include "twin/twin.h"

namespace lexum::twin {

struct Case {
  uint64_t seed = 0;
  std::string program = {};
  Options options = {};
};
Case generate(uint64_t seed);

// The seed, the options as comments, and the program.
std::string to_string(const Case& one);

}  // namespace lexum::twin
