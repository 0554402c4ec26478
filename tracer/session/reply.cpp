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
