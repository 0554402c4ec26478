#include "session/reply.h"

#include <algorithm>

#include "session/json.h"

namespace lexum {

Line& Line::add(std::string_view text, Role role) {
  const auto begin = static_cast<uint32_t>(text_.size());
  text_ += text;
  if (role != Role::kPlain && !text.empty()) {
    parts_.push_back({.begin = begin, .end = static_cast<uint32_t>(text_.size()), .role = role});
  }
  return *this;
}

Line& Line::to_column(size_t column) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const auto now = static_cast<size_t>(std::ranges::count_if(text_, begins));
  text_.append(now < column ? column - now : 1, ' ');
  return *this;
}

namespace {

// Of the line, those bytes, behind an indentation.
Line piece_of(const Line& line, size_t begin, size_t end, size_t indentation) {
  const std::string& text = line.text();
  Line piece(std::string(indentation, ' '));
  size_t at = begin;
  for (const Line::Part& part : line.parts()) {
    const size_t first = std::max<size_t>(part.begin, begin);
    const size_t last = std::min<size_t>(part.end, end);
    if (first >= last) continue;
    piece.add(std::string_view(text).substr(at, first - at));
    piece.add(std::string_view(text).substr(first, last - first), part.role);
    at = last;
  }
  return piece.add(std::string_view(text).substr(at, end - at));
}

}  // namespace

std::vector<Line> folded(const Line& line, size_t width) {
  constexpr size_t kFurtherIn = 4;
  constexpr size_t kWidthMin = 20;
  const std::string& text = line.text();
  if (width == 0 || text.size() <= width || width < kWidthMin) return {line};
  const size_t own = std::min(text.find_first_not_of(' '), text.size());
  const size_t further = std::min(own + kFurtherIn, width / 2);
  std::vector<Line> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t indentation = lines.empty() ? 0 : further;
    size_t end = begin;
    size_t blank = begin;
    for (size_t columns = indentation; end < text.size(); ++end) {
      const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
      if (begins && columns++ == width) break;
      if (text[end] == ' ' && end > begin + (lines.empty() ? own : 0)) blank = end;
    }
    if (end < text.size() && blank > begin) end = blank;
    lines.push_back(piece_of(line, begin, end, indentation));
    begin = end;
    while (begin < text.size() && text[begin] == ' ') ++begin;
  }
  return lines;
}

void Reply::begin() {
  if (begun_) return;
  begun_ = true;
  json_("{");
  if (at_) fact("at", std::to_string(*at_));
}

void Reply::begin_member(std::string_view name) {
  begin();
  end_list();
  json_(std::string(any_ ? ",\n " : "") + json_text(name) + ": ");
  any_ = true;
}

void Reply::fact(std::string_view name, std::string_view json) {
  if (!json_) return;
  begin_member(name);
  json_(json);
}

void Reply::list(std::string_view name) {
  if (!json_) return;
  begin_member(name);
  json_("[");
  in_list_ = true;
  any_ = false;
}

void Reply::item(std::string_view json) {
  if (!json_) return;
  json_(any_ ? ",\n  " : "");
  json_(json);
  any_ = true;
}

void Reply::end_list() {
  if (!in_list_) return;
  json_("]");
  in_list_ = false;
  any_ = true;
}

void Reply::raw(std::string_view piece) {
  is_raw_ = true;
  raw_(piece);
}

void Reply::end() {
  if (!json_ || is_raw_) return;
  begin();
  end_list();
  json_("}\n");
}

}  // namespace lexum
