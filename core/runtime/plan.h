// What the engine derives from a program once, so that no cycle has to: footprints, priorities and
// who hears what.
#pragma once

#include <cstdint>
#include <vector>

#include "check/program.h"

namespace lexum {

inline constexpr uint8_t kPriorityLow = 64;
inline constexpr uint8_t kPriorityNormal = 128;

struct CandidatePlan {
  RoutineIndex routine;
  FieldMask footprint;  // a trial of its first slice stands until one of these changes
  uint8_t priority = kPriorityNormal;
};

struct GoalPlan {
  std::vector<CandidatePlan> candidates;
  FieldMask watch;  // the predicate's fields and all candidates' footprints
  uint8_t else_priority = kPriorityNormal;
};

struct DomainPlan {
  uint32_t field_count = 0;
  uint32_t goal_count = 0;
  std::vector<GoalPlan> goals;
  std::vector<OutcomeHandlers> outcomes;  // by effect: who hears of them; none: nobody
  FieldMask invariant_reads;
  std::vector<uint8_t> priorities;  // by routine: what it declares, else normal
};

struct Plan {
  explicit Plan(const Program& program);

  std::vector<DomainPlan> domains;
  std::vector<uint32_t> timers;  // by emission: which argument says how long; UINT32_MAX: no timer
  bool has_assert = false;
};

}  // namespace lexum
