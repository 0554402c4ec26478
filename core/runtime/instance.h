// One instance as the engine holds it: an InstanceImage (image.h says what each thing means) laid
// out for speed, and what is derived from it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/message.h"
#include "runtime/plan.h"

namespace lexum {

struct GoalState : GoalImage {
  // derived: a trial tells whether a candidate is blocked on the present state; it stands until a
  // field of its footprint changes
  bool holds = false;
  uint32_t candidate =
      UINT32_MAX;  // index of the first that is not blocked; none: all are, or nobody has looked
  uint64_t blocked = 0;     // bit i: candidate i was blocked when it was last tried
  FieldMask unseen;         // fields changed since candidates were last looked at
  Outbox* trial = nullptr;  // what the candidate's first slice would do; null: to be run again
};

struct Begun {
  RoutineIndex routine;
  uint32_t next_slice = 0;
  WorkKind work = WorkKind::kMessage;
  GoalIndex goal;
  uint8_t priority = 128;
  bool changed = false;
  Message* message = nullptr;  // kMessage: owned
  std::vector<FieldImage> undo = {};
};

// What only instances in trouble have.
struct Trouble {
  std::vector<uint64_t> faults;
  std::vector<RoutineIndex> fault_blocked;
  std::vector<InstanceId> throttlers;  // whose mailboxes hold this instance back, ascending
  std::vector<InstanceId> throttles;   // derived: whom its own mailbox holds back, ascending
  std::vector<FieldImage> undo;
};

// In which list an instance waits for its turn.
enum class Readiness : uint8_t { kNone, kLow /* background or throttled work only */, kNormal };

struct Instance {
  // fixed when started
  DomainId domain;
  const Domain* type = nullptr;      // of the program
  const DomainPlan* plan = nullptr;  // of the cell's plan
  Value key;
  Sum128 who;  // derived: the mark of domain and key

  // world
  std::unique_ptr<Value[]> fields;
  std::unique_ptr<GoalState[]> goals;
  Mailbox mailbox;
  std::unique_ptr<Begun> begun;
  std::unique_ptr<Trouble> trouble;
  uint64_t sends = 0;
  uint64_t cycles = 0;
  uint64_t correlation = 0;
  uint32_t head_passed = 0;
  bool gone = false;
  bool faulted = false;
  bool killed = false;
  bool boot_pending = false;
  bool boot_failed = false;
  bool mail_failed = false;

  // derived: rebuilt when a world is put back
  Readiness readiness = Readiness::kNone;
  bool in_normal = false;  // has an entry in the cell's list of that name
  bool in_low = false;
  bool invariants_hold = false;  // all of them, on the present state
  uint64_t started_tick = 0;     // 0: before the first, or nobody can ask any more
  // the cell's serial number when, last …
  uint64_t moved_serial = 0;     // … its mailbox gave a message away, or took one back:
  int8_t moved = 0;              // then 1, or -1
  uint64_t touched_serial = 0;   // … it was touched
  uint64_t received_serial = 0;  // … its mailbox was given one
  uint64_t blocked_serial = 0;   // … an arrival had to wait for it
  uint32_t tally = UINT32_MAX;   // its place in the cell's tallies, while a slice is judged
  uint64_t kept = 0;             // the number of the keep that has its image
  uint64_t tracked = 0;          // the cell's epoch when it was last touched
  Sum128 digest;                 // its part in the world's, without its fields

  [[nodiscard]] size_t goal_count() const { return plan->goal_count; }
  [[nodiscard]] size_t field_count() const { return plan->field_count; }
  // It is there, and takes no work.
  [[nodiscard]] bool is_out() const { return faulted || killed; }
  [[nodiscard]] bool throttled() const {
    return trouble != nullptr && !trouble->throttlers.empty();
  }
};

}  // namespace lexum
