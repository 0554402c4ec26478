#include "value/measure.h"

#include <bit>
#include <cstring>

namespace lexum {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr PowerTable powers() {
  PowerTable table{};
  HashLanes step = kBase;
  for (auto& row : table) {
    row[0] = {1, 1};
    for (size_t i = 1; i < row.size(); ++i) row[i] = row[i - 1] * step;
    step = row.back() * step;
  }
  return table;
}

uint64_t word_at(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Eight more bytes for one lane: h·B^8 + x0·B^7 + … + x7. Takes and gives numbers that are only
// nearly reduced.
template <uint64_t HashLanes::*lane>
uint64_t eight_bytes(uint64_t h, uint64_t word) {
  const auto& base_to = kPowers[0];
  Wide sum = static_cast<Wide>(h) * (base_to[8].*lane);
  for (size_t i = 0; i < 8; ++i, word >>= 8) {
    sum += static_cast<Wide>(word & 0xff) * (base_to[7 - i].*lane);
  }
  const uint64_t near = nearly_reduced(sum);
  return (near & kPrime) + (near >> 61);
}

// How many of eight bytes continue a code point.
uint64_t continuations(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  return (((word >> 7) & ~(word >> 6) & kOnes) * kOnes) >> 56;
}

}  // namespace

constinit const PowerTable kPowers = powers();

Measure measure_bytes(std::string_view text) {
  HashLanes hash;
  uint64_t parts = text.size();
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    const uint64_t word = word_at(text.data() + at);
    hash = {eight_bytes<&HashLanes::a>(hash.a, word), eight_bytes<&HashLanes::b>(hash.b, word)};
    parts -= continuations(word);
  }
  hash = {reduced(hash.a), reduced(hash.b)};
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<uint8_t>(text[at]);
    hash = hash * kBase + HashLanes{byte, byte};
    parts -= continues_code_point(text[at]);
  }
  return {text.size(), parts, text.size(), hash, 0};
}

bool revise(Measure& whole, const Measure& before, const Measure& now, uint64_t after) {
  if (before.depth == whole.depth && now.depth < whole.depth) return false;
  if (whole.parts == kCountless || whole.weight == kCountless) return false;
  if (now.size == before.size || before.size + after == whole.size) {
    whole.hash = whole.hash + (now.hash - before.hash) * power(after);
  } else if (after == 0 && now.size > before.size) {
    whole.hash = (whole.hash - before.hash) * power(now.size - before.size) + now.hash;
  } else {
    return false;
  }
  whole.size += now.size - before.size;
  whole.parts = std::min(whole.parts - before.parts + now.parts, kCountless);
  whole.weight = std::min(whole.weight - before.weight + now.weight, kCountless);
  whole.depth = std::max(whole.depth, now.depth);
  return true;
}

}  // namespace lexum
