// What one instance could do next: its goals, their candidates, and the order in which its choices
// go (§4 Which work, §6). All of it is found out afresh from the instance as it stands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twin/world.h"

namespace lexum::twin {

inline constexpr int kPassedOverMax = 16;

enum class WorkKind { kBegun, kBoot, kMail, kGoal, kLastWork };

struct Work {
  WorkKind kind = WorkKind::kMail;
  std::string label = {};  // of the procedure
  size_t goal = 0;         // kGoal, kLastWork
  int priority = 0;
};

// The next slice of a piece of work: what it runs, and what came of it.
struct Trial {
  Procedure procedure = {};
  Values params = {};
  size_t slice = 0;
  SliceEnd end = {};
};

enum class GoalStatus { kSatisfied, kPursued, kWaiting, kAbandoned };
std::string to_string(GoalStatus status);

// One instance to be asked. It must outlive this, and may be changed through `instance`.
struct Seat {
  const Tree& tree;
  const InstanceName& name;
  Instance& instance;

  [[nodiscard]] const DomainDecl& domain() const;
  [[nodiscard]] Trial trial(const Work& work) const;
  [[nodiscard]] GoalStatus goal_status(size_t goal) const;
  // The head of the mailbox and each pursued goal, as if nothing were begun.
  [[nodiscard]] std::vector<Work> open_choices() const;
  // What may run now, first what goes first. Without `background`, no work of priority 0.
  [[nodiscard]] std::vector<Work> choices(bool background) const;
  [[nodiscard]] bool ready() const { return !instance.faulted && !choices(true).empty(); }
  [[nodiscard]] bool all_goals_hold() const;

  // After every cycle of the instance: flips of goals, and counts of what is no choice. `ended` is
  // the goal whose run ended with this cycle.
  void settle(std::optional<size_t> ended);

 private:
  [[nodiscard]] SliceEnd run_slice(const Block& body, const Values& params) const;
  [[nodiscard]] bool holds(ExprId condition) const;
  [[nodiscard]] std::optional<std::string> next_candidate(size_t goal) const;
  [[nodiscard]] int goal_priority(size_t goal, const std::string& label) const;
};

}  // namespace lexum::twin
