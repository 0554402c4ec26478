// Reads what comes from outside as text: start values and inputs. Each is parsed in the company of
// the program, so that its types and parameters are known. Requires that the text makes sense.
#pragma once

#include <string>

#include "twin/world.h"

namespace lexum::twin {

// `D[7] M(a: 1)`, or `Event::X(a: 1)`.
Arrival read_input(const Source& program, const std::string& text);

// The VALUE of `--set D.f=VALUE` for a field of type `type`; a bare word is a string.
Value read_value(const Source& program, bool is_string, const std::string& text);

}  // namespace lexum::twin
