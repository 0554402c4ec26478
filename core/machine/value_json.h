// Values as JSON. Whoever builds larger ones includes the library.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "check/program.h"

namespace lexum {

using Json = nlohmann::ordered_json;  // members stay in the order in which they are written

// On one line. Bytes that are no UTF-8 (names of files may have some) are replaced.
std::string dump(const Json& json);
// A string with its quotes.
std::string json_text(std::string_view text);

// A record is an object by its fields' names, sorted; a map's keys are strings, in its own order.
Json to_json(const Program& program, const Value& value);

}  // namespace lexum
