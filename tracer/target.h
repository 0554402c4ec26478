// What a question is about, as people name it: a field of an instance, or a transition or handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "check/program.h"
#include "tracer/view.h"

namespace lexum {

// Of a domain with keys: one of its instances, or each of them.
struct Subjects {
  DomainId domain;
  std::optional<Value> key = {};  // null for a single instance; none: whichever has one

  [[nodiscard]] bool has(DomainId its_domain, const Value& its_key) const {
    return domain == its_domain && (!key || *key == its_key);
  }
};

struct FieldTarget {
  Subjects whose;
  uint32_t slot = 0;
};
struct RoutineTarget {
  Subjects whose;
  RoutineIndex routine;
};
struct GoalTarget {
  Subjects whose;
  GoalIndex goal;
};

// `D.field`, `D[7].field`; `D.field` of a domain with keys is that field of any of them. The error
// (kMismatch) names the nearest.
Result<FieldTarget> read_field_target(const Program& program, std::string_view text);
// `D.Transition`, `D[7].Message`, `D.Event::X`, `D.Infra.Create::Done`.
Result<RoutineTarget> read_routine_target(const Program& program, std::string_view text);

// `D.Goal`, `D[7].Goal`.
Result<GoalTarget> read_goal_target(const Program& program, std::string_view text);
// `D`, `D[7]`; `D` of a domain with keys is any of them.
Result<Subjects> read_subjects(const Program& program, std::string_view text);

// "BootDB", "Event::DatabaseReady", "Infra.Create::Done"
std::string routine_name(const Routine& routine);

}  // namespace lexum
