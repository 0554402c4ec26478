// Values as JSON. Whoever builds larger ones includes the library.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "check/program.h"
#include "syntax/parser.h"

namespace lexum {

using Json = nlohmann::ordered_json;  // members stay in the order in which they are written

// So many values may lie around one where values of a program are read: as many as in its text, and
// what is about them.
inline constexpr int kJsonNestingMax = kNestingMax + 16;
// Discarded if it is no JSON or some of it lies deeper.
Json parse_json(std::string_view text);
// On one line. Bytes that are no UTF-8 (names of files may have some) are replaced.
std::string dump(const Json& json);
// A string with its quotes.
std::string json_text(std::string_view text);

// A record is an object by its fields' names, sorted; a map's keys are strings, in its own order.
Json to_json(const Program& program, const Value& value);

}  // namespace lexum
