#include "repl/cycles.h"

#include <fmt/core.h>

#include "repl/json.h"

namespace lexum {

std::string cycles_text(const Program& program) {
  std::string text;
  for (const MessageCycle& cycle : message_cycles(program)) {
    std::string hops;
    for (const std::string& hop : cycle.hops) hops += (hops.empty() ? "" : ", ") + hop;
    text += fmt::format("message cycle from line {}: {}\n  bounded by {}\n",
                        program.source.place(cycle.span.begin).line, hops,
                        cycle.bound.empty() ? "nothing that could be found" : cycle.bound);
  }
  return text;
}

std::string cycles_json(const Program& program) {
  std::string all;
  for (const MessageCycle& cycle : message_cycles(program)) {
    std::string hops;
    for (const std::string& hop : cycle.hops) hops += (hops.empty() ? "" : ",") + json_text(hop);
    const Place place = program.source.place(cycle.span.begin);
    all += fmt::format(
        R"({}{{"hops":[{}],"bound":{},"line":{},"column":{}}})", all.empty() ? "" : ",", hops,
        cycle.bound.empty() ? "null" : json_text(cycle.bound), place.line, place.column);
  }
  return "[" + all + "]";
}

}  // namespace lexum
