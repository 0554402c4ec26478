#include "tracer/birth.h"

#include <algorithm>

namespace lexum {

Birth::Birth(const Program& program, std::vector<StartValue> start_values)
    : program_(program), start_values_(std::move(start_values)), interpreter_(program) {}

InstanceState Birth::of(DomainId id, const Value& key) {
  const Domain& domain = program_[id];
  InstanceState instance{.domain = id, .key = key, .boot_pending = static_cast<bool>(domain.boot)};
  for (const Field& field : domain.fields) instance.fields.push_back(field.initial);
  for (const StartValue& set : start_values_) {
    if (set.domain == id && set.key == key) instance.fields[set.slot] = set.value;
  }
  judge_goals(instance);
  return instance;
}

// A goal that does not hold is pursued if the engine finds something to do for it, else it waits:
// whoever puts a pursued goal into a world learns which.
void Birth::judge_goals(InstanceState& instance) {
  const Domain& domain = program_[instance.domain];
  InstanceImage image;
  image.id = InstanceId(0);
  image.domain = instance.domain;
  image.key = instance.key;
  image.fields = instance.fields;
  bool all_hold = true;
  for (const Goal& goal : domain.goals) {
    Fault fault;
    const Subject subject{instance.fields, instance.key.is_null() ? nullptr : &instance.key};
    const bool holds = interpreter_.test(goal.predicate, subject, fault);
    all_hold = all_hold && holds;
    instance.goals.push_back(holds ? GoalStatus::kSatisfied : GoalStatus::kPursued);
    image.goals.emplace_back().status = instance.goals.back();
  }
  if (all_hold) return;
  if (world_ == nullptr) world_ = std::make_unique<World>(program_, start_values_);
  WorldImage alone;
  alone.instance_count = 1;
  alone.instances.push_back(std::move(image));
  world_->restore(alone);
  for (size_t g = 0; g < domain.goals.size(); ++g) {
    instance.goals[g] = world_->goal_status(InstanceId(0), GoalIndex(g));
  }
}

}  // namespace lexum
