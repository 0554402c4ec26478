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

// Bytes in greater numbers are a block: what they add is a dot product with the powers of a base.
// These are cut into digits of 16 bits, from -2^15 to 2^15 - 1, since processors have instructions
// for dot products of such numbers, which a compiler finds by itself.
constexpr size_t kBlock = 128;
constexpr size_t kDigitsOfPower = 4;
using Digits = std::array<std::array<int16_t, kBlock>, kDigitsOfPower>;
using Sums = std::array<int32_t, kDigitsOfPower>;
static_assert(kBlock * 255 < size_t{1} << 16, "a sum of products leaves 32 bits");

template <uint64_t HashLanes::*lane>
constexpr Digits digits_of_powers() {
  Digits digits{};
  HashLanes power = {1, 1};
  for (size_t i = kBlock; i-- > 0; power = power * kBase) {
    uint64_t left = power.*lane;
    for (auto& digit : digits) {
      digit[i] = static_cast<int16_t>(left);
      left = (left - static_cast<uint64_t>(int64_t{digit[i]})) >> 16;
    }
  }
  return digits;
}

constinit const Digits kDigitsA = digits_of_powers<&HashLanes::a>();
constinit const Digits kDigitsB = digits_of_powers<&HashLanes::b>();

Sums products(const std::array<int16_t, kBlock>& bytes, const Digits& digits) {
  Sums sums{};
  for (size_t k = 0; k < kDigitsOfPower; ++k) {
    int32_t sum = 0;
    for (size_t i = 0; i < kBlock; ++i) sum += int32_t{bytes[i]} * int32_t{digits[k][i]};
    sums[k] = sum;
  }
  return sums;
}

// h·B^kBlock, and the sums put together. Takes and gives residues.
uint64_t and_block(uint64_t h, uint64_t power_of_block, const Sums& sums) {
  constexpr Wide kMultiple = Wide{kPrime} << 40;  // more than what may be below zero
  const int64_t low = sums[0] + int64_t{sums[1]} * (1 << 16);
  const int64_t high = sums[2] + int64_t{sums[3]} * (1 << 16);
  const Wide sum =
      kMultiple + static_cast<Wide>(low) + static_cast<Wide>(high) * (uint64_t{1} << 32);
  return reduced(nearly_reduced(static_cast<Wide>(h) * power_of_block + sum));
}

HashLanes and_block(HashLanes hash, const char* block) {
  constexpr auto kPowerOfBlock = [] {
    HashLanes power = {1, 1};
    for (size_t i = 0; i < kBlock; ++i) power = power * kBase;
    return power;
  }();
  std::array<int16_t, kBlock> bytes{};
  for (size_t i = 0; i < kBlock; ++i) bytes[i] = static_cast<uint8_t>(block[i]);
  return {and_block(hash.a, kPowerOfBlock.a, products(bytes, kDigitsA)),
          and_block(hash.b, kPowerOfBlock.b, products(bytes, kDigitsB))};
}

uint64_t continuations_in_block(const char* block) {
  uint8_t count = 0;
  for (size_t i = 0; i < kBlock; ++i) count += continues_code_point(block[i]);
  return count;
}

// How many of eight bytes continue a code point.
uint64_t continuations(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  return (((word >> 7) & ~(word >> 6) & kOnes) * kOnes) >> 56;
}

// The same of so few bytes that they are no block's worth of work.
constexpr size_t kFewBytes = 24;
HashLanes few_bytes(std::string_view text, uint64_t& parts) {
  HashLanes hash;
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
  return hash;
}

}  // namespace

constinit const PowerTable kPowers = powers();

Measure measure_bytes(std::string_view text) {
  const size_t first = text.size() % kBlock;
  HashLanes hash;
  uint64_t parts = text.size();
  if (first > kFewBytes) {
    // Zeros in front of a number are nothing.
    std::array<char, kBlock> padded{};
    std::memcpy(padded.data() + kBlock - first, text.data(), first);
    hash = and_block(hash, padded.data());
    parts -= continuations_in_block(padded.data());
  } else {
    hash = few_bytes(text.substr(0, first), parts);
  }
  for (size_t at = first; at < text.size(); at += kBlock) {
    hash = and_block(hash, text.data() + at);
    parts -= continuations_in_block(text.data() + at);
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
