// Numbers that look random and follow from a seed alone, the same on every machine: splitmix64.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "base/check.h"

namespace lexum::twin {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  // In [0, n). Requires n > 0.
  size_t below(size_t n) { return static_cast<size_t>(next() % n); }
  // In [low, high].
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<size_t>(high - low + 1)));
  }
  bool chance(size_t percent) { return below(100) < percent; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    LEXUM_CHECK(!from.empty());
    return from[below(from.size())];
  }
  std::string pick(std::initializer_list<std::string> from) {
    return from.begin()[below(from.size())];
  }
  int pick(std::initializer_list<int> from) { return from.begin()[below(from.size())]; }

 private:
  uint64_t state_;
};

// The parts in a row. What is in braces is evaluated from left to right by every compiler; the
// sides of a `+` are not.
inline std::string joined(std::initializer_list<std::string> parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

}  // namespace lexum::twin
