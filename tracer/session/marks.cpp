#include "session/marks.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/json.h"

namespace lexum {

namespace {

constexpr uint64_t kBytesMax = uint64_t{1} << 20;

std::string path_of(const std::string& trace) { return trace + ".marks"; }

// "1042" or "1042:3"
std::optional<Moment> read_moment(std::string_view text) {
  Moment moment;
  const char* const end = text.data() + text.size();
  std::from_chars_result read = std::from_chars(text.data(), end, moment.cycle);
  if (read.ec == std::errc() && read.ptr != end && *read.ptr == ':') {
    read = std::from_chars(read.ptr + 1, end, moment.statement);
  }
  return read.ec == std::errc() && read.ptr == end ? std::optional(moment) : std::nullopt;
}

Error senseless(const std::string& path) {
  return {
      .code = ErrorCode::kDamaged,
      .what = fmt::format("{} holds no bookmarks: {{\"marks\": {{\"NAME\": \"1042\"}}}} is what "
                          "they look like; mend it or remove it",
                          path)};
}

}  // namespace

Result<Bookmarks> read_marks(Files& files, const std::string& trace) {
  const std::string path = path_of(trace);
  const Result<std::string> text = read_text(files, path, kBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return Bookmarks();
  if (!text) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("marks") || !json["marks"].is_object()) {
    return senseless(path);
  }
  Bookmarks marks;
  for (const auto& [name, position] : json["marks"].items()) {
    if (!position.is_string()) return senseless(path);
    const std::optional<Moment> moment = read_moment(position.get<std::string>());
    if (!moment) return senseless(path);
    marks[name] = *moment;
  }
  return marks;
}

Status write_marks(Files& files, const std::string& trace, const Bookmarks& marks) {
  Json all = Json::object();
  for (const auto& [name, moment] : marks) all[name] = position_text(moment);
  return write_text(files, path_of(trace), dump({{"marks", all}}) + "\n");
}

}  // namespace lexum
