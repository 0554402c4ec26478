#include "syntax/source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "syntax/utf8.h"

namespace lexum {

Source::Source(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  LEXUM_CHECK(text_.size() <= kBytesMax);
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  for (const char* at = begin; at != end;) {
    const auto* found = static_cast<const char*>(std::memchr(at, '\n', end - at));
    if (found == nullptr) break;
    at = found + 1;
    line_starts_.push_back(static_cast<uint32_t>(at - begin));
  }
}

Place Source::place(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Place place{static_cast<uint32_t>(after - line_starts_.begin()), 1};
  for (uint32_t at = after[-1]; at < offset; ++place.column) at += decode_utf8(text_, at).size;
  return place;
}

std::string_view Source::line(uint32_t number) const {
  LEXUM_CHECK(number >= 1 && number <= line_count());
  const uint32_t begin = line_starts_[number - 1];
  const size_t end = number < line_count() ? line_starts_[number] - 1 : text_.size();
  std::string_view line = text().substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace lexum
