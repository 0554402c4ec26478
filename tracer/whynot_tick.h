// What whynot.cpp has found out between two ticks, held against the tick that came: what arrives
// with a tick is in no world before it, and a mailbox is full only when somebody sends to it.
#pragma once

#include "tracer/whynot.h"

namespace lexum {

// Amends the answer, and all that was asked on the way to it. `after` is the world after that tick,
// which came after the one of the number; no tick came if it has done as many cycles as the one
// that was asked.
Status amend(WhyNot& answer, TraceReader& trace, const World& after, uint64_t tick_before);

}  // namespace lexum
