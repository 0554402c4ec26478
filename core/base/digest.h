// Two kinds of digest.
//
// RunDigest is BLAKE2b-256 as a stream: strong, for what must not be forged (run_hash, chunk
// chains, snapshots).
//
// Sum128 is a sum of strong 128-bit marks: it can be updated in any order as things come and go, so
// a world of a million instances has its digest at hand after every write. Equal things have equal
// sums on every machine.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace lexum {

using Hash256 = std::array<std::byte, 32>;

// "0x" and lower-case hex.
std::string to_hex(Bytes bytes);
// Of such a text; none if it is no such text.
std::optional<std::vector<std::byte>> from_hex(std::string_view hex);

class RunDigest {
 public:
  RunDigest();
  void update(Bytes bytes);
  // The digest of what came so far; more may follow.
  [[nodiscard]] Hash256 value() const;

  // What has come so far, to go on from it elsewhere: libsodium's own state, which it has kept as
  // it is since 1.0.
  static constexpr size_t kStateBytes = 384;
  [[nodiscard]] Bytes state() const { return state_; }
  // False, and it stays as it is, for what is no such state.
  [[nodiscard]] bool go_on_from(Bytes state);

 private:
  alignas(64) std::array<std::byte, kStateBytes> state_{};  // crypto_generichash_state
};

Hash256 blake2b(Bytes bytes);

struct Sum128 {
  uint64_t a = 0;
  uint64_t b = 0;

  Sum128& operator+=(Sum128 o) {
    a += o.a;
    b += o.b;
    return *this;
  }
  Sum128& operator-=(Sum128 o) {
    a -= o.a;
    b -= o.b;
    return *this;
  }
  friend Sum128 operator+(Sum128 x, Sum128 y) { return x += y; }
  friend Sum128 operator-(Sum128 x, Sum128 y) { return x -= y; }
  friend bool operator==(Sum128, Sum128) = default;
};

// Two multiply-and-fold rounds (as in wyhash's mum): a strong mark of two words.
inline uint64_t fold(uint64_t x, uint64_t y) {
  __extension__ using u128 = unsigned __int128;
  const u128 m = static_cast<u128>(x) * y;
  return static_cast<uint64_t>(m) ^ static_cast<uint64_t>(m >> 64);
}
inline Sum128 mark(uint64_t x, uint64_t y) {
  const uint64_t p = fold(x ^ 0xa0761d6478bd642full, y ^ 0xe7037ed1a0b428dbull);
  const uint64_t q = fold(x ^ 0x8ebc6af09c88c6e3ull, y ^ 0x589965cc75374cc3ull);
  return {fold(p ^ 0x1d8e4e27c47d124full, q ^ y), fold(q ^ 0xeb44accab455d165ull, p ^ x)};
}
inline Sum128 mark(Sum128 s, uint64_t salt) {
  return mark(s.a ^ fold(salt, 0x9e3779b97f4a7c15ull), s.b + salt);
}

// The mark's place in a sum of several kinds or positions: times an odd number that is the place's
// own. Requires a strong mark.
inline Sum128 scaled(Sum128 s, uint64_t place) {
  const uint64_t odd = place * 2 + 1;
  return {s.a * (odd * 0x9e3779b97f4a7c15ull), s.b * (odd * 0xd1b54a32d192ed03ull)};
}

}  // namespace lexum
