// What a run would do before it does it: its effects, what each follows from, and which goals it
// reaches. It is run ahead with outcomes that nobody outside has a part in, up to its first rest.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "machine/machine.h"
#include "machine/notes.h"
#include "machine/report.h"

namespace lexum {

struct PlannedEffect {
  std::string adapter;
  std::string operation;
  NamedValues args;
  std::string by;                 // the instance that emits it: "Order[7]"
  uint64_t cycle = 0;             // that does
  std::string follows_from = {};  // "goal Live", "message Start from input 1", "Infra.Create::Done"
  size_t after = 0;        // the number, from 1, of the effect before it in its chain; 0: none
  std::string since = {};  // of a goal, what made it one to be pursued: "on Event::Ready"; or ""
  EffectOutcome outcome = EffectOutcome::kAwaited;
};

struct PlannedGoal {
  std::string instance;
  std::string name;
  GoalStatus status = GoalStatus::kSatisfied;
  std::string distance;  // `status: "" → "ready"`; of one that is not reached
  std::string advice;    // the same with what holds it back, and the way out
};

struct Foresight {
  std::string run_id;         // of the run that goes on; "": it begins
  uint64_t begins_after = 0;  // the cycle
  Outcome outcome = Outcome::kConverged;
  uint64_t cycles = 0;
  uint64_t ticks = 0;
  std::vector<PlannedEffect> under_way;  // when it begins
  std::vector<PlannedEffect> effects;    // at most Notes::kKept
  uint64_t effects_in_all = 0;
  std::vector<PlannedGoal> goals;  // in instance order, as written
};

// Listens to the run ahead for what each effect follows from.
class Foreseer final : public Observer {
 public:
  // `program` outlives it. Of a run that goes on, `begins_after` is its last cycle.
  Foreseer(const Program& program, uint64_t begins_after)
      : program_(program), begins_after_(begins_after) {}
  // Before the first tick. `world` outlives the run.
  void watch(const World& world) { world_ = &world; }

  // When the run has ended. The notes are of the same run.
  [[nodiscard]] Foresight tell(Outcome outcome, const World& world, const Notes& notes) const;

  // Observer
  void started(InstanceId id, DomainId domain, const Value& key) override;
  void input(const InputRecord& record) override;
  void outcome(const OutcomeRecord&) override {}
  void cycle(const CycleRecord& record) override;
  void hold(const HoldRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override {}

 private:
  // What a cycle goes back to.
  struct Cause {
    uint32_t after = 0;    // an effect's number
    DomainId domain = {};  // what made its goal one to be pursued; none: it has been from the start
    RoutineIndex routine = {};
  };
  struct Reason {
    std::string why;
    Cause cause;
  };
  struct Followed {
    uint64_t cycle = 0;
    uint32_t index = 0;
    Reason reason;
  };
  using GoalPlace = std::pair<InstanceId, GoalIndex>;

  [[nodiscard]] Reason reason_of(const CycleRecord& record) const;
  [[nodiscard]] Reason reason_of_message(const CycleRecord& record) const;
  [[nodiscard]] Cause birth_of(InstanceId id) const;
  [[nodiscard]] uint32_t after_cycle(uint64_t cycle) const;
  [[nodiscard]] uint32_t effect_at(uint64_t cycle, uint32_t index) const;

  const Program& program_;
  const uint64_t begins_after_;
  const World* world_ = nullptr;

  std::vector<Followed> effects_;  // by cycle, then emission
  std::vector<uint32_t> after_;    // by cycle: the last effect of it, or before it
  std::vector<std::pair<DomainId, Value>> sent_to_;  // by the last cycle
  std::map<InstanceId, uint32_t> births_;            // the effects that they follow from
  std::map<GoalPlace, Cause> flips_;                 // the last ones
  std::map<InstanceId, Reason> begun_;               // whoever is in the middle of something
};

// The effects that somebody outside is to carry out, or has, without telling yet.
std::vector<PlannedEffect> under_way(const World& world);

}  // namespace lexum
