#include "eval/text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace lexum {

size_t find_text(std::string_view text, std::string_view what, size_t from) {
  // memmem is linear in the worst case; string_view::find is not, and "aaa…" in "aaa…" would take
  // hours.
  const void* at = memmem(text.data() + from, text.size() - from, what.data(), what.size());
  if (!at) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(at) - text.data());
}

size_t count_text(std::string_view text, std::string_view what) {
  size_t count = 0;
  for (size_t at = find_text(text, what, 0); at != std::string_view::npos;
       at = find_text(text, what, at + what.size())) {
    ++count;
  }
  return count;
}

namespace {

std::string changed(std::string_view text, char first, char last, int by) {
  std::string made(text);
  for (char& c : made) {
    if (c >= first && c <= last) c = static_cast<char>(c + by);
  }
  return made;
}

std::vector<Value> characters(std::string_view text) {
  std::vector<Value> made;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin + 1;
    while (end < text.size() && (text[end] & 0xc0) == 0x80) ++end;
    made.push_back(Value::of(text.substr(begin, end - begin)));
    begin = end;
  }
  return made;
}

}  // namespace

std::string upper(std::string_view text) { return changed(text, 'a', 'z', 'A' - 'a'); }
std::string lower(std::string_view text) { return changed(text, 'A', 'Z', 'a' - 'A'); }

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::vector<Value> split(std::string_view text, std::string_view separator) {
  if (separator.empty()) return characters(text);
  std::vector<Value> made;
  size_t begin = 0;
  for (size_t at = find_text(text, separator, 0); at != std::string_view::npos;
       at = find_text(text, separator, begin)) {
    made.push_back(Value::of(text.substr(begin, at - begin)));
    begin = at + separator.size();
  }
  made.push_back(Value::of(text.substr(begin)));
  return made;
}

std::string replace(std::string_view text, std::string_view what, std::string_view with) {
  std::string made;
  size_t begin = 0;
  for (size_t at = find_text(text, what, 0); at != std::string_view::npos;
       at = find_text(text, what, begin)) {
    made.append(text, begin, at - begin).append(with);
    begin = at + what.size();
  }
  return made.append(text, begin);
}

Value parse_int(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? Value::of(number) : Value();
}

}  // namespace lexum
