#include "tracer/failure.h"

#include <fmt/format.h>

#include "tracer/line.h"

namespace lexum {

std::string describe(const Failure& failure, const Program& program) {
  const std::string& domain = program[failure.domain].name;
  if (failure.how == Failure::How::kUnsatisfied) {
    return fmt::format("goal {} of {} does not hold at the end",
                       program[failure.domain].goals[failure.goal.index()].name,
                       instance_name(program, failure.domain, failure.key));
  }
  const Place place = program.source.place(failure.span.begin);
  return fmt::format("{} {} at {}:{} in {}{}", info(failure.code).id, info(failure.code).title,
                     place.line, place.column, domain,
                     failure.how == Failure::How::kFaulted  ? ", FAULTED"
                     : failure.how == Failure::How::kHalted ? ", which ended the run"
                                                            : "");
}

std::optional<Failure> unsatisfied(const World& world, const std::optional<Failure>& wanted) {
  for (const InstanceId id : world.instances_in_order()) {
    const DomainId domain = world.domain_of(id);
    for (size_t g = 0; g < world.program()[domain].goals.size(); ++g) {
      if (world.goal_status(id, GoalIndex(g)) == GoalStatus::kSatisfied) continue;
      const Failure failure{.how = Failure::How::kUnsatisfied,
                            .domain = domain,
                            .key = world.key_of(id),
                            .goal = GoalIndex(g)};
      if (!wanted || failure == *wanted) return failure;
    }
  }
  return {};
}

}  // namespace lexum
