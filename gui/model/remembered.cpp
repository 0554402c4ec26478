#include "model/remembered.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace lexum {

namespace {

using Json = nlohmann::ordered_json;
constexpr uint64_t kBytesMax = uint64_t{1} << 20;

// What stands there, if it is of that kind.
template <class T>
T read(const Json& json, const char* name, T otherwise) {
  const auto found = json.find(name);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->get<std::string>() : otherwise;
  } else if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->get<bool>() : otherwise;
  } else {
    return found->is_number_integer() && *found >= 0 ? found->get<T>() : otherwise;
  }
}

}  // namespace

Remembered::Remembered(Files& files, std::string file) : files_(files), file_(std::move(file)) {
  if (file_.empty()) return;
  const Result<std::string> text = read_text(files_, file_, kBytesMax);
  if (!text) return;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return;
  if (json.contains("window") && json["window"].is_object()) {
    const Json& its = json["window"];
    window.width = std::clamp(read(its, "width", window.width), 200, 16'384);
    window.height = std::clamp(read(its, "height", window.height), 150, 16'384);
    window.layout = read(its, "layout", window.layout);
    window.light = read(its, "light", window.light);
    window.text_percent = std::clamp(read(its, "text", window.text_percent), 50, 300);
  }
  if (!json.contains("traces") || !json["traces"].is_object()) return;
  for (const auto& [trace, its] : json["traces"].items()) {
    if (!its.is_object()) continue;
    places_.emplace_back(trace, RememberedPlace{.at = read(its, "at", std::string()),
                                                .from = read(its, "from", uint64_t{0}),
                                                .until = read(its, "until", uint64_t{0}),
                                                .who = read(its, "who", std::string()),
                                                .hops = read(its, "hops", uint32_t{1})});
  }
}

RememberedPlace Remembered::place(const std::string& trace) const {
  const auto found =
      std::ranges::find(places_, trace, &std::pair<std::string, RememberedPlace>::first);
  return found == places_.end() ? RememberedPlace() : found->second;
}

Status Remembered::keep(const std::string& trace, RememberedPlace place) {
  std::erase_if(places_, [&](const auto& one) { return one.first == trace; });
  places_.emplace_back(trace, std::move(place));
  if (places_.size() > kTracesMax) places_.erase(places_.begin());
  if (file_.empty()) return Done{};
  Json traces = Json::object();
  for (const auto& [name, its] : places_) {
    traces[name] = {{"at", its.at},
                    {"from", its.from},
                    {"until", its.until},
                    {"who", its.who},
                    {"hops", its.hops}};
  }
  const Json all = {{"window",
                     {{"width", window.width},
                      {"height", window.height},
                      {"layout", window.layout},
                      {"light", window.light},
                      {"text", window.text_percent}}},
                    {"traces", std::move(traces)}};
  const auto replace = Json::error_handler_t::replace;
  return write_text(files_, file_, all.dump(1, ' ', false, replace) + "\n");
}

}  // namespace lexum
