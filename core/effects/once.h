// Answers are told once.
#pragma once

#include "effects/adapter.h"

namespace lexum {

// Tells the first answer, whichever thread comes with it, and forgets whom it told; what comes
// later is dropped.
Adapter::Tell once(Adapter::Tell tell);

}  // namespace lexum
