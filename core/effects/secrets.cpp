#include "effects/secrets.h"

#include <algorithm>
#include <cstdlib>

#include "effects/json_text.h"

namespace lexum {

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

void Secrets::learn(const std::string& name, const std::string& value) {
  if (value.size() < kBytesMin) return;
  const std::string shown = "{env:" + name + "}";
  const std::string quoted = json_string(value);
  add(value, shown);
  add(quoted.substr(1, quoted.size() - 2), shown);
  add(percent_encoded(value), shown);
}

void Secrets::add(const std::string& text, const std::string& shown) {
  if (std::ranges::find(forms_, text, &Form::text) != forms_.end()) return;
  const auto longer = [&](const Form& other) { return other.text.size() >= text.size(); };
  const auto place = std::ranges::partition_point(forms_, longer);
  forms_.insert(place, {text, shown});
}

std::string Secrets::mask(std::string text) const {
  for (const Form& form : forms_) {
    for (size_t at = text.find(form.text); at != std::string::npos;
         at = text.find(form.text, at + form.shown.size())) {
      text.replace(at, form.text.size(), form.shown);
    }
  }
  return text;
}

ErrandAnswer Secrets::mask(ErrandAnswer answer) const {
  std::string masked = mask(answer.text);
  if (masked == answer.text) return answer;
  // A number that was a secret leaves no value behind.
  if (!answer.failed && !one_json_value(masked)) masked = json_string(masked);
  return {.failed = answer.failed, .text = std::move(masked)};
}

size_t Secrets::bytes_max() const { return forms_.empty() ? 0 : forms_.front().text.size(); }

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kPlain = "-._~";
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHex[byte >> 4];
    encoded += kHex[byte & 15];
  }
  return encoded;
}

}  // namespace lexum
