// What a question is about, out of what people type: the shortest name that means one thing will
// do.
#pragma once

#include <string_view>
#include <variant>

#include "tracer/position.h"
#include "tracer/target.h"

namespace lexum {

// A field, a goal, a transition or handler, an instance, an effect, or a moment.
using Thing = std::variant<FieldTarget, GoalTarget, RoutineTarget, Subjects, EffectId, Position>;

// `D.f`, `D[7].Goal`, `D.Event::X`, `D`, `Infra.Create`, and every position; `f` alone where only
// one domain has that field, goal, transition or handler. The error (kMismatch) says what is
// nearest, or which ones it may be.
Result<Thing> read_thing(const Program& program, std::string_view text);

// The same for one kind of thing: `status` will do for `D.status` if it is the only one.
Result<FieldTarget> read_field(const Program& program, std::string_view text);
Result<RoutineTarget> read_routine(const Program& program, std::string_view text);

}  // namespace lexum
