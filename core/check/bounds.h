// What ends a round of messages: a guard on something that the round itself changes.
#pragma once

#include <span>
#include <string>

#include "check/message_graph.h"

namespace lexum {

// The edges of a cycle in their order. Says which guard ends it and why; "" if none is found that
// surely does.
std::string bound_of(const Program& program, const MessageGraph& graph,
                     std::span<const uint32_t> cycle);

}  // namespace lexum
