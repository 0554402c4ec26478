// JSON as this room needs it: what programs and servers say is read as one value or not at all, and
// the arguments of an errand are looked at one by one. Values are kept as text, so that nobody else
// has to know how JSON is read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lexum {

// How many values may lie around a value; more of them is no JSON to us.
inline constexpr int kJsonDepthMax = 64;

// For the library's parser, as what it asks about each value: whatever lies inside more than `most`
// others is left out while it is read, since who copies or prints a value goes as deep as it is.
struct JsonNesting {
  int most = kJsonDepthMax;
  bool too_deep = false;  // something was left out
  bool operator()(int depth, auto, const auto&) {
    too_deep |= depth > most;
    return depth <= most;
  }
};

// The one value that `text` consists of, without blanks, members sorted. None if it is something
// else, or is nested too deeply.
std::optional<std::string> one_json_value(std::string_view text);

// With quotes around it. What is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// For people: what is not UTF-8 becomes U+FFFD, control characters become blanks, and line ends
// stay.
std::string readable(std::string_view text);
// The end of a text: at most so many bytes, cut between two characters, with "…" before them.
std::string end_of(std::string text, size_t bytes_max);

// One argument of an errand.
struct ErrandArg {
  std::string json;               // as it came, without blanks
  std::string text;               // a string itself; "" for null; all else as JSON
  bool is_text = false;           // a string
  std::optional<int64_t> number;  // an int
};
using ErrandArgs = std::map<std::string, ErrandArg, std::less<>>;

// None if `json` is no object.
std::optional<ErrandArgs> read_args(std::string_view json);

}  // namespace lexum
