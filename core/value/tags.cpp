#include "value/tags.h"

#include <cstring>

namespace lexum {

namespace {

// Eight bytes at once; the last ones once more, if they are no eight by themselves.
bool is_ascii(std::string_view text) {
  uint64_t word = 0;
  uint64_t all = 0;
  if (text.size() < sizeof word) {
    for (const char c : text) all |= static_cast<uint8_t>(c);
    return (all & 0x80) == 0;
  }
  for (size_t at = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    all |= word;
  }
  std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);
  return ((all | word) & 0x8080808080808080) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  const auto byte = [text](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t at = 0; at < text.size();) {
    const uint8_t first = byte(at);
    const size_t size = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                                       : 4;
    if (size == 0 || first > 0xf4 || size > text.size() - at) return false;
    for (size_t i = 1; i < size; ++i) {
      if ((byte(at + i) & 0xc0) != 0x80) return false;
    }
    // Overlong forms, surrogates, and what lies above U+10FFFF.
    const uint8_t second = size > 2 ? byte(at + 1) : 0;
    const bool beyond = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
                        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
    if (beyond) return false;
    at += size;
  }
  return true;
}

bool may_follow(const Value* before, const Value& key) {
  if (key.kind() != Kind::kInt && key.kind() != Kind::kText) return false;
  return before == nullptr || (before->kind() == key.kind() && Value::compare(*before, key) < 0);
}

}  // namespace lexum
