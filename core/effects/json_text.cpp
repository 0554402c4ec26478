#include "effects/json_text.h"

#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

namespace lexum {
namespace {

using Json = nlohmann::json;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Discarded if it is none, or too deep.
Json parse(std::string_view text) {
  JsonNesting nesting;
  Json value = Json::parse(text, std::ref(nesting), false);
  return nesting.too_deep ? Json(Json::value_t::discarded) : value;
}

bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

}  // namespace

std::optional<std::string> one_json_value(std::string_view text) {
  const Json value = parse(text);
  if (value.is_discarded()) return std::nullopt;
  return dump(value);
}

std::string json_string(std::string_view text) { return dump(Json(text)); }

std::string readable(std::string_view text) {
  std::string clean = Json::parse(json_string(text)).get<std::string>();
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
  };
  std::ranges::replace_if(clean, is_control, ' ');
  return clean;
}

std::string end_of(std::string text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t begin = text.size() - bytes_max;
  while (begin < text.size() && is_inside_character(text[begin])) ++begin;
  return "…" + text.substr(begin);
}

std::optional<ErrandArgs> read_args(std::string_view json) {
  const Json object = parse(json);
  if (!object.is_object()) return std::nullopt;
  ErrandArgs args;
  for (const auto& [name, value] : object.items()) {
    ErrandArg& arg = args[name];
    arg.json = dump(value);
    arg.is_text = value.is_string();
    if (arg.is_text) arg.text = value.get<std::string>();
    else if (!value.is_null()) arg.text = arg.json;
    const bool fits = value.is_number_integer() &&
                      !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
    if (fits) arg.number = value.get<int64_t>();
  }
  return args;
}

}  // namespace lexum
