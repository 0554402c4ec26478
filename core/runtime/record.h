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

// What comes from outside.
enum class InputKind : uint8_t {
  kMessage,    // to an instance, or, without a domain, an event to all who listen
  kOutcome,    // what came of an effect that somebody outside has carried out
  kRevive,     // an operator's act: a FAULTED instance takes work again
  kRedeliver,  // … a dead letter is sent once more
  kSet,        // … a field becomes another value
  kCrash,      // … an instance is killed
};
inline constexpr InputKind kLastInputKind = InputKind::kCrash;
inline constexpr bool is_act(InputKind kind) { return kind >= InputKind::kRevive; }
// What becomes of the work that made the instance FAULTED; or how one that was killed comes back.
enum class Revival : uint8_t {
  kRetry,     // it is done again
  kDrop,      // not: a message goes to the dead letters
  kRollBack,  // nor is anything left of the slices of it that were committed
  kReturn,    // as it was when it was killed
};
inline constexpr Revival kLastRevival = Revival::kReturn;

// An input that entered its mailbox (or, of a broadcast, its listeners' mailboxes) before the
// slices of `tick`; or an operator's act, which came among them.
struct InputRecord {
  uint64_t tick = 0;
  uint64_t number = 0;
  InputKind kind = InputKind::kMessage;  // never kOutcome, which has a record of its own
  DomainId domain;                       // none: a broadcast
  const Value* key = nullptr;
  RoutineIndex routine;
  EventId event;
  // Of an act: what it did, all as ints but for the values of fields: the revival, dead letter or
  // field that it is about; a sum of kActRevives …; how many fields changed, and each field and
  // what it became, or would have; each goal that flipped, as 4 * goal + status.
  std::span<const Value> args;
  bool dead = false;  // no place would ever take it; an act found nothing to do
};
inline constexpr int64_t kActRevives = 1;  // the instance is not FAULTED any more
inline constexpr int64_t kActBoots = 2;    // its Boot is to be run again
inline constexpr int64_t kActDrops = 4;    // the head of its mailbox went to the dead letters
inline constexpr int64_t kActKills = 8;    // the instance is not there until it returns
inline constexpr int64_t kActReturns = 16;

struct OutcomeRecord {
  uint64_t tick = 0;
  uint64_t number = 0;  // of one that came from outside, as inputs have it
  InstanceId instance;  // who emitted the effect
  DomainId domain;
  const Value* key = nullptr;
  uint64_t cause = 0;  // the cycle that emitted it
  uint32_t index = 0;  // which of its emissions
  bool failed = false;
  const Value* value = nullptr;
  bool dead = false;     // came too late
  bool unheard = false;  // there is no handler for it
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
