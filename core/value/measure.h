// What a tree node knows of everything below it, so that size, length, weight and digest cost
// nothing to ask.
//
// A Measure adds up: the measure of two sequences, one after the other, is the sum of theirs. Its
// hash is a polynomial in the elements, H(x1 … xn) = x1·B^(n-1) + … + xn, taken modulo the prime
// 2^61 - 1 twice, with two bases; that is what makes it independent of where a tree happens to be
// cut. (Modulo 2^64 every base lets short patterns collide: the Thue-Morse sequence of 1,024
// elements and its complement.) DIGEST.md has the numbers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/digest.h"

namespace lexum {

inline constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1;

// Some number below 2^64 that is congruent to x modulo kPrime. Requires x < 2^124.
__extension__ using Wide = unsigned __int128;
constexpr uint64_t nearly_reduced(Wide x) {
  return (static_cast<uint64_t>(x) & kPrime) + static_cast<uint64_t>(x >> 61);
}
constexpr uint64_t reduced(uint64_t x) {
  x = (x & kPrime) + (x >> 61);
  return x >= kPrime ? x - kPrime : x;
}

// Two residues modulo kPrime, each in a lane of its own.
struct HashLanes {
  uint64_t a = 0;
  uint64_t b = 0;

  static constexpr HashLanes of(Sum128 s) { return {reduced(s.a), reduced(s.b)}; }
  friend constexpr HashLanes operator+(HashLanes x, HashLanes y) {
    return {reduced(x.a + y.a), reduced(x.b + y.b)};
  }
  friend constexpr HashLanes operator-(HashLanes x, HashLanes y) {
    return {reduced(x.a + kPrime - y.a), reduced(x.b + kPrime - y.b)};
  }
  friend constexpr HashLanes operator*(HashLanes x, HashLanes y) {
    return {reduced(nearly_reduced(static_cast<Wide>(x.a) * y.a)),
            reduced(nearly_reduced(static_cast<Wide>(x.b) * y.b))};
  }
  friend bool operator==(HashLanes, HashLanes) = default;
};

inline constexpr HashLanes kBase = {0x0f1bbcdcbfa53e0b, 0x13198a2e03707345};
static_assert(kBase.a < kPrime && kBase.b < kPrime);

// kPowers[k][i] is kBase^(i · 256^k).
using PowerTable = std::array<std::array<HashLanes, 256>, 8>;
extern const PowerTable kPowers;

// kBase^n.
inline HashLanes power(uint64_t n) {
  HashLanes p = kPowers[0][n & 0xff];
  for (size_t k = 1; (n >>= 8) != 0; ++k) p = p * kPowers[k][n & 0xff];
  return p;
}

// Where parts and weights stop. Values share what they have in common, so that a few hundred of
// them may be made of more parts than 64 bits can count.
inline constexpr uint64_t kCountless = uint64_t{1} << 62;

struct Measure {
  uint64_t size = 0;    // elements of a list or record, entries of a map, bytes of a text
  uint64_t parts = 0;   // code points of a text; of all else see Value::parts
  uint64_t weight = 0;  // see Value::weight
  HashLanes hash;
  uint32_t depth = 0;  // the deepest element's; see Value::depth

  friend Measure operator+(const Measure& x, const Measure& y) {
    return {x.size + y.size, std::min(x.parts + y.parts, kCountless),
            std::min(x.weight + y.weight, kCountless), x.hash * power(y.size) + y.hash,
            std::max(x.depth, y.depth)};
  }
  Measure& operator+=(const Measure& y) { return *this = *this + y; }
};

// Whether a byte of UTF-8 is not the first one of its code point (10xxxxxx).
inline bool continues_code_point(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

// Of a text; a long one takes about a cycle a byte.
Measure measure_bytes(std::string_view text);

// `whole` after the part `before` of it, with `after` elements behind that part, became `now`.
// False, and `whole` as it was, where that cannot be told from these alone: the part lies inside
// and changed its size, it was the deepest one, or the whole is countless.
bool revise(Measure& whole, const Measure& before, const Measure& now, uint64_t after);

}  // namespace lexum
