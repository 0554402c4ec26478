// Everything about an instance, or a world, that is not derived: plain data that can be kept,
// compared, written and put back. Two worlds whose images are equal go on alike.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/record.h"

namespace lexum {

struct MessageImage {
  RoutineIndex routine;
  Origin origin;
  std::vector<Value> args;

  friend bool operator==(const MessageImage&, const MessageImage&) = default;
};

// A transition or handler that has run some of its slices.
struct BegunImage {
  RoutineIndex routine;
  uint32_t next_slice = 0;
  WorkKind work = WorkKind::kMessage;  // what it was begun as
  GoalIndex goal;
  uint8_t priority = 128;
  bool changed = false;  // some slice of it changed a field
  MessageImage message;  // kMessage

  friend bool operator==(const BegunImage&, const BegunImage&) = default;
};

struct GoalImage {
  GoalStatus status = GoalStatus::kSatisfied;
  bool asked = false;         // ran without changing anything, and waits for an answer
  bool owes = false;          // asked in its last run that terminate_after allows
  bool else_pending = false;  // abandoned, and its last work still to be done
  uint32_t passed = 0;        // how often in a row it was a choice and another went first
  int64_t runs = 0;           // since it last held
  int64_t distance = 0;       // of its first comparison of ints, taken early in a long row of runs

  friend bool operator==(const GoalImage&, const GoalImage&) = default;
};

struct InstanceImage {
  InstanceId id;
  DomainId domain;
  Value key;
  bool gone = false;  // retired; only `sends` still matters
  bool faulted = false;
  bool boot_pending = false;
  uint32_t head_passed = 0;
  uint64_t sends = 0;        // the number of its last send
  uint64_t cycles = 0;       // of its own
  uint64_t correlation = 0;  // of its last cycle
  std::vector<Value> fields;
  std::vector<MessageImage> mailbox;
  std::vector<BegunImage> begun;  // one or none
  std::vector<GoalImage> goals;
  std::vector<uint64_t> faults;  // own cycles at which it faulted, inside the restart window
  std::vector<RoutineIndex> fault_blocked;  // transitions blocked until the state changes
  std::vector<InstanceId> throttlers;       // whose mailboxes hold it back

  friend bool operator==(const InstanceImage&, const InstanceImage&) = default;
};

// An input that is still outside: it arrives at `tick`, or has arrived and waits for room.
struct InputImage {
  uint64_t number = 0;   // 0: none yet
  uint64_t tick = 1;     // the first in which it may arrive
  uint64_t arrived = 0;  // the tick in which it did, and found no room; 0: not yet
  DomainId domain;       // none: a broadcast
  Value key;
  RoutineIndex routine;
  EventId event;
  std::vector<Value> args;
};

// An effect whose outcome a handler waits for.
struct AwaitedImage {
  InstanceId instance;
  uint64_t cycle = 0;   // that emitted it
  uint32_t index = 0;   // which of that cycle's emissions
  uint64_t number = 0;  // send number
  uint64_t correlation = 0;
  EffectId effect;
  uint64_t arrived = 0;  // the tick in which its outcome did, and found no room; 0: not yet
};

struct DeadLetter {
  InstanceId receiver;  // none: a broadcast from outside, which a rollback has undone,
  EventId event;        // and which one that was
  MessageImage message;
};

// The rest that a failed assert goes back to (§7), as far as it was another world than the one that
// has it.
struct RestImage {
  uint64_t cycle = 0;                    // after which it was
  uint64_t dead_letters = 0;             // how many there were
  uint32_t instance_count = 0;           // who came later goes
  std::vector<InstanceImage> instances;  // of those touched since, as they were
  std::vector<DeadLetter> inputs;        // what has come from outside since, as dead letters
};

// A world between two ticks. `instances` are those asked for: all, or those touched since the last
// time.
struct WorldImage {
  uint64_t tick = 0;
  uint64_t cycle = 0;
  uint64_t messages = 0;
  uint64_t inputs_numbered = 0;   // the number of the last input
  Sum128 kept_state;              // what oscillation is found by: an earlier state,
  uint64_t kept_tick = 0;         // how many ticks after the start or the last input that was,
  uint64_t ticks_since_base = 0;  // and how many have passed since then
  uint32_t instance_count = 0;
  std::vector<InstanceImage> instances;
  std::vector<InputImage> inputs;
  std::vector<AwaitedImage> awaited;
  std::vector<DeadLetter> dead_letters;
  std::optional<RestImage> rest = {};  // none: too far back, or the program asserts nothing
};

}  // namespace lexum
