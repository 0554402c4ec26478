// The start values of records: in which order they can be evaluated, and that no record contains
// itself.
#pragma once

#include "check/context.h"

namespace lexum {

// Lowers the start values of all records and fills Program::record_order.
void define_records(Context& context);

}  // namespace lexum
