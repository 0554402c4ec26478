// What can be done with a text as such: the methods of strings, without what they cost. Everything
// here takes time in proportion to the texts it is given and makes, whatever they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace lexum {

// Where `what` occurs first in `text` from `from` on; npos if nowhere. Requires a `what` that is
// not empty.
size_t find_text(std::string_view text, std::string_view what, size_t from);
// How often it occurs, from left to right and without overlap.
size_t count_text(std::string_view text, std::string_view what);

// Letters of ASCII only: what other letters are depends on the year of a table.
std::string upper(std::string_view text);
std::string lower(std::string_view text);
// Blanks, tabs, carriage returns and line feeds at both ends.
std::string_view trim(std::string_view text);
// The characters, if there is no separator; else one piece more than there are separators.
std::vector<Value> split(std::string_view text, std::string_view separator);
// Requires a `what` that is not empty.
std::string replace(std::string_view text, std::string_view what, std::string_view with);
// The int that is written as -?[0-9]+; null for everything else, and where it does not fit.
Value parse_int(std::string_view text);

}  // namespace lexum
