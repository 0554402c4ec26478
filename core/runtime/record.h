// What the world says about itself while it runs, as views that are good only during the call. The
// one who listens is an Observer; there is at most one (recording, hashing and printing share it,
// see machine/recorder.h).
#pragma once

#include <cstdint>
#include <span>

#include "eval/slice.h"

namespace lexum {

using InstanceId = Id<struct InstanceTag>;  // in the order in which instances came to be; never
                                            // used twice in a world

enum class GoalStatus : uint8_t { kSatisfied, kPursued, kWaiting, kAbandoned };

// What a cycle was spent on.
enum class WorkKind : uint8_t {
  kBoot,
  kMessage,  // the first slice for the head of the mailbox
  kGoal,     // the first slice of a candidate
  kElse,     // the first slice of an abandoned goal's last work
  kSlice,    // a later slice of what was begun
};

// Where a message came from. Its id is (sender, number); `cause` is what it follows from.
enum class OriginKind : uint8_t { kSent, kBroadcast, kInput, kOutcome };
struct Origin {
  OriginKind kind = OriginKind::kInput;
  InstanceId sender;         // kSent, kBroadcast; kOutcome: who emitted the effect
  uint64_t number = 0;       // the sender's send number; kInput: the input's number, from 1
  uint64_t cause = 0;        // the cycle that emitted it; 0: from outside
  uint32_t index = 0;        // which of that cycle's emissions, from 0
  uint64_t correlation = 0;  // the number of the input at the root of its chain; 0: the start

  friend bool operator==(const Origin&, const Origin&) = default;
};

struct WrittenField {
  uint32_t slot;
  const Value& before;
  const Value& after;  // of a fault: what was rejected
};

struct GoalFlip {
  GoalIndex goal;
  GoalStatus from;
  GoalStatus to;
};

struct CycleRecord {
  uint64_t cycle = 0;
  uint64_t tick = 0;
  InstanceId instance;
  DomainId domain;
  const Value* key = nullptr;  // null value for a single instance
  WorkKind work = WorkKind::kGoal;
  RoutineIndex routine;
  uint32_t slice = 0;
  GoalIndex goal;                  // kGoal, kElse
  const Origin* origin = nullptr;  // kMessage
  std::span<const FieldChange>
      before;  // the old sides of what changed, by slot; of a fault: the rejected new sides
  std::span<const Value> fields;   // after the cycle
  const Outbox* outbox = nullptr;  // emitted, args, logs, fault, retire
  uint64_t first_send = 0;         // the send number of the first emission; the others follow on
  std::span<const GoalFlip> flips;
  bool faulted = false;  // this fault made the instance FAULTED
  uint32_t dead = 0;     // messages that this cycle brought to the dead letters
  uint64_t correlation = 0;
};

// An input that entered its mailbox (or, of a broadcast, its listeners' mailboxes) before the
// slices of `tick`.
struct InputRecord {
  uint64_t tick = 0;
  uint64_t number = 0;
  DomainId domain;  // none: a broadcast
  const Value* key = nullptr;
  RoutineIndex routine;
  EventId event;
  std::span<const Value> args;
  bool dead = false;  // no place would ever take it
};

struct OutcomeRecord {
  uint64_t tick = 0;
  InstanceId instance;  // who emitted the effect
  DomainId domain;
  const Value* key = nullptr;
  uint64_t cause = 0;  // the cycle that emitted it
  uint32_t index = 0;  // which of its emissions
  bool failed = false;
  const Value* value = nullptr;
  bool dead = false;  // came too late
};

// Why an instance was held back in a tick, told when it changes.
enum class HoldKind : uint8_t { kPutOff, kThrottled, kReleased };
struct HoldRecord {
  HoldKind kind = HoldKind::kPutOff;
  uint64_t tick = 0;
  InstanceId instance;
  InstanceId mailbox;  // whose mailbox it is about; none: an instance not started yet
};

struct RollbackRecord {
  uint64_t cycle = 0;     // the failing one
  uint64_t to_cycle = 0;  // the quiescence; == cycle - 1 where only the slice was undone
  bool only_slice = false;
};

class Observer {
 public:
  virtual ~Observer() = default;
  // An instance came to be, through the start of the run, an input or a send. Its fields are its
  // start values.
  virtual void started(InstanceId, DomainId, const Value& key) = 0;
  virtual void input(const InputRecord&) = 0;
  virtual void outcome(const OutcomeRecord&) = 0;
  virtual void cycle(const CycleRecord&) = 0;
  virtual void hold(const HoldRecord&) = 0;
  virtual void rollback(const RollbackRecord&) = 0;
  // Nobody is ready and nothing is awaited.
  virtual void rest() = 0;
};

}  // namespace lexum
