#include "effects/http_text.h"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

namespace lexum {
namespace {

Error wrong(const char* what) { return {.code = ErrorCode::kMismatch, .what = what}; }

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

// Some servers take %2e for a dot.
bool is_dots(std::string_view part) {
  size_t dots = 0;
  while (!part.empty()) {
    if (part.starts_with(".")) part.remove_prefix(1);
    else if (part.starts_with("%2e") || part.starts_with("%2E")) part.remove_prefix(3);
    else return false;
    ++dots;
  }
  return dots == 1 || dots == 2;
}

}  // namespace

Status check_url(const std::string& url) {
  if (url.find('\0') != std::string::npos) return wrong("it has a zero byte in it");
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  LEXUM_CHECK(parsed != nullptr);
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                      CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
  if (code == CURLUE_BAD_SCHEME || code == CURLUE_UNSUPPORTED_SCHEME) {
    return wrong("it begins with neither http:// nor https://");
  }
  if (code != CURLUE_OK) return wrong(curl_url_strerror(code));
  const std::string scheme = part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return wrong("it begins with neither http:// nor https://");
  }
  if (part(parsed.get(), CURLUPART_HOST).empty()) return wrong("it names no host");
  const std::string path = part(parsed.get(), CURLUPART_PATH);
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (is_dots(std::string_view(path).substr(at, end - at))) {
      return wrong("a part of its path is `.` or `..`");
    }
    at = end + 1;
  }
  return Done{};
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

}  // namespace lexum
