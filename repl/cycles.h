// Message cycles and what bounds them, to be shown by more than one command.
#pragma once

#include <string>

#include "check/checker.h"

namespace lexum {

// Two lines for each; "" if there is none.
std::string cycles_text(const Program& program);
// [{"hops": […], "bound": …, "line": …, "column": …}, …]
std::string cycles_json(const Program& program);

}  // namespace lexum
