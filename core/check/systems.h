// What stands beside the domains: the instances that a system starts, and environments and
// deployments.
#pragma once

#include "check/context.h"

namespace lexum {

// Fills Program::starts, and checks the names in environments and deployments, which do not change
// a run.
void define_systems(Context& context);

}  // namespace lexum
