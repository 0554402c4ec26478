// What is remembered of a run beside its end: effects, faults, and who did how much. It listens to
// the machine and keeps what a world forgets.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "runtime/world.h"

namespace lexum {

struct FaultNote {
  uint64_t cycle = 0;
  uint64_t tick = 0;
  InstanceId instance;
  DomainId domain;
  Value key;
  RoutineIndex routine;
  Fault fault;
  bool faulted = false;  // it made the instance FAULTED
};

enum class EffectOutcome : uint8_t { kAwaited, kDone, kFailed };

// Also a message or a broadcast where that is asked for: whatever left an instance.
struct SentNote {
  uint64_t cycle = 0;
  uint32_t index = 0;   // which of the cycle's emissions
  uint64_t number = 0;  // send number
  InstanceId sender;
  DomainId domain;  // the sender's
  Value sender_key;
  EmissionId site;
  Value key;  // the receiver's
  std::vector<Value> args;
  EffectOutcome outcome = EffectOutcome::kAwaited;  // of an effect
};

class Notes final : public Observer {
 public:
  // Of either list. What comes later is counted and no longer kept.
  static constexpr size_t kKept = 1'000'000;

  // `program` outlives it.
  explicit Notes(const Program& program);

  [[nodiscard]] const std::vector<FaultNote>& faults() const { return faults_; }
  [[nodiscard]] const std::vector<SentNote>& effects() const { return effects_; }
  [[nodiscard]] uint64_t faults_in_all() const { return faults_in_all_; }
  [[nodiscard]] uint64_t effects_in_all() const { return effects_in_all_; }
  // How often the routine was begun, by all instances of the domain together.
  [[nodiscard]] uint64_t begun(DomainId domain, RoutineIndex routine) const {
    return begun_[domain.index()][routine.index()];
  }
  // Messages and broadcasts since the last rest, at most 10,000 cycles back; of programs with an
  // `assert`, which are the only ones that can be rolled back.
  [[nodiscard]] const std::deque<SentNote>& since_rest() const { return since_rest_; }

  // Observer
  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord&) override {}
  void outcome(const OutcomeRecord& record) override;
  void cycle(const CycleRecord& record) override;
  void hold(const HoldRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override { since_rest_.clear(); }

 private:
  void note_fault(const CycleRecord& record);
  void note_sent(const CycleRecord& record);

  const Program& program_;
  bool has_assert_ = false;
  std::vector<std::vector<uint64_t>> begun_;  // by domain and routine
  std::vector<FaultNote> faults_;
  std::vector<SentNote> effects_;  // by cycle, then index
  uint64_t faults_in_all_ = 0;
  uint64_t effects_in_all_ = 0;
  std::deque<SentNote> since_rest_;
};

}  // namespace lexum
