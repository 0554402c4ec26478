#include "value/tags.h"

#include <cstring>

namespace lexum {

bool is_utf8(std::string_view text) {
  const auto byte = [text](size_t at) { return static_cast<uint8_t>(text[at]); };
  for (size_t at = 0; at < text.size();) {
    // Eight bytes of ASCII at once.
    uint64_t word = 0x80;
    if (text.size() - at >= sizeof word) std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & 0x8080808080808080) == 0) {
      at += sizeof word;
      continue;
    }
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
