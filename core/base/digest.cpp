#include "base/digest.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <sodium.h>

#include "base/check.h"

namespace lexum {

static_assert(sizeof(crypto_generichash_state) <= 384);

std::string to_hex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "0x";
  for (const std::byte b : bytes) {
    out += kDigits[static_cast<uint8_t>(b) >> 4];
    out += kDigits[static_cast<uint8_t>(b) & 15];
  }
  return out;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0 || !hex.starts_with("0x")) return {};
  std::vector<std::byte> bytes;
  for (size_t i = 2; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const char* const digits = hex.data() + i;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    if (error != std::errc() || end != digits + 2) return {};
    bytes.push_back(std::byte{static_cast<uint8_t>(byte)});
  }
  return bytes;
}

namespace {
crypto_generichash_state* state_of(std::array<std::byte, 384>& raw) {
  return reinterpret_cast<crypto_generichash_state*>(raw.data());
}
}  // namespace

RunDigest::RunDigest() {
  LEXUM_CHECK(crypto_generichash_init(state_of(state_), nullptr, 0, 32) == 0);
}

void RunDigest::update(Bytes bytes) {
  if (bytes.empty()) return;
  crypto_generichash_update(state_of(state_), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

Hash256 RunDigest::value() const {
  RunDigest copy = *this;
  Hash256 out;
  crypto_generichash_final(state_of(copy.state_), reinterpret_cast<unsigned char*>(out.data()),
                           out.size());
  return out;
}

// What libsodium keeps there (its blake2b_state): eight words of hash, a counter of two words, two
// words that say that it has ended, 256 bytes that wait for more, and how many of these there are.
// It believes all of it.
bool RunDigest::go_on_from(Bytes state) {
  constexpr size_t kEnded = 80;
  constexpr size_t kWaiting = 96;
  constexpr size_t kWaitingMax = 256;
  constexpr size_t kCount = kWaiting + kWaitingMax;
  if (state.size() != kStateBytes) return false;
  const Bytes ended = state.subspan(kEnded, kWaiting - kEnded);
  if (std::ranges::any_of(ended, [](std::byte b) { return b != std::byte{0}; })) return false;
  if (ByteReader(state.subspan(kCount)).fixed64() > kWaitingMax) return false;
  std::ranges::copy(state, state_.begin());
  return true;
}

Hash256 blake2b(Bytes bytes) {
  RunDigest digest;
  digest.update(bytes);
  return digest.value();
}

}  // namespace lexum
