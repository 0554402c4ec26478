// Facts of a run as JSON, piece by piece; repl/JSON.md has the shapes. Whoever builds larger ones
// includes the library.
#pragma once

#include <string>
#include <string_view>

#include "machine/value_json.h"
#include "tracer/state.h"
#include "tracer/view.h"

namespace lexum {

// Of one that is not known: {"kind": "list", "size": 200}.
Json to_json(const Program& program, const SeenValue& value);
// {"a": 1} by the names of the parameters.
Json args_json(const Program& program, const std::vector<Parameter>& params,
               const std::vector<Value>& args);

// By what it is: "cycle", "input", "outcome", "rollback", "start" or "hold".
Json to_json(const Program& program, const EventView& event);
Json to_json(const Program& program, const CycleView& cycle);
// An operator's act that came after that cycle.
Json act_json(const Program& program, const InputView& act, uint64_t after);
Json to_json(const Program& program, const ChangeView& change, const Domain& domain);
// As it stands at a moment; of messages, what and from where.
Json to_json(const Program& program, const InstanceState& instance, const WorldState& world);
Json to_json(const Program& program, const MessageImage& message, const InstanceState& receiver,
             const WorldState& world);

}  // namespace lexum
