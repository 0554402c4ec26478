// What the parts of a request have to be before it is made.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lexum {

// It is whole, it is http or https, and no part of its path is `.` or `..`, which would ask for
// something else than what is written. The Error is a few words without the URL, for there may be
// secrets in it.
Status check_url(const std::string& url);

// Fit for a header: a line end in it would begin another one.
bool is_one_line(std::string_view text);

}  // namespace lexum
