// One layout for all programs: two blanks a level, one statement a line, comments kept where they stand, at most one
// blank line in a row. format(format(x)) == format(x), and the tree of the result is the tree of the source.
#pragma once

#include <string>

#include "syntax/source.h"

namespace lexum {

// Requires a source that parses without errors.
std::string format(const Source& source);

}  // namespace lexum
