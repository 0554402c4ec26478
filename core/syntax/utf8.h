// UTF-8, read strictly: overlong forms, surrogates and numbers above U+10FFFF are broken bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lexum {

inline constexpr uint32_t kReplacement = 0xFFFD;

struct CodePoint {
  uint32_t value = kReplacement;
  uint32_t size = 1;  // bytes it takes; a broken byte stands alone
  bool good = false;
};

// Requires at < text.size().
CodePoint decode_utf8(std::string_view text, size_t at);
// Requires a code point: no surrogate, at most U+10FFFF.
void append_utf8(std::string& out, uint32_t code_point);
// Where the first broken byte stands, or npos.
size_t find_broken_utf8(std::string_view text);

// One line that a terminal shows and JSON takes: tabs become blanks, control characters and broken
// bytes U+FFFD. It is cut after `length_max` code points, with an ellipsis in the place of the
// rest.
std::string printable(std::string_view text, size_t length_max);

}  // namespace lexum
