// Everything about an instance, or a world, that is not derived: plain data that can be kept,
// compared, written and put back. Two worlds whose images are equal go on alike.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/seldom.h"
#include "runtime/record.h"

namespace lexum {

struct MessageImage {
  RoutineIndex routine;
  Origin origin;
  std::vector<Value> args;

  friend bool operator==(const MessageImage&, const MessageImage&) = default;
};

// What a field has been.
struct FieldImage {
  uint32_t slot = 0;
  Value value = {};

  friend bool operator==(const FieldImage&, const FieldImage&) = default;
};

// A transition or handler that has run some of its slices.
struct BegunImage {
  RoutineIndex routine;
  uint32_t next_slice = 0;
  WorkKind work = WorkKind::kMessage;  // what it was begun as
  GoalIndex goal;
  uint8_t priority = 128;
  bool changed = false;               // some slice of it changed a field
  MessageImage message;               // kMessage
  std::vector<FieldImage> undo = {};  // what its slices have changed, as it was before the first

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
  bool killed = false;  // and has not come back
  bool boot_pending = false;
  bool boot_failed = false;  // and was not run again
  bool mail_failed = false;  // the head of its mailbox made it FAULTED
  uint32_t head_passed = 0;
  uint64_t sends = 0;        // the number of its last send
  uint64_t cycles = 0;       // of its own
  uint64_t correlation = 0;  // of its last cycle
  std::vector<Value> fields;
  std::vector<MessageImage> mailbox;
  Seldom<BegunImage> begun;  // one or none
  std::vector<GoalImage> goals;
  Seldom<uint64_t> faults;             // own cycles at which it faulted, inside the restart window
  Seldom<RoutineIndex> fault_blocked;  // transitions blocked until the state changes
  Seldom<InstanceId> throttlers;       // whose mailboxes hold it back
  Seldom<FieldImage> undo;  // what made it FAULTED has changed before, as it was until then

  friend bool operator==(const InstanceImage&, const InstanceImage&) = default;
};

// An input that is still outside: it arrives at `tick`, or has arrived and waits for room. A
// message has domain, key and routine, or an event; what else it may be has a domain and a key and
//   an outcome    the cycle that emitted the effect, which emission that was, and a value
//   a revival     in which way
//   a redelivery  the dead letter's number, from 1, and neither domain nor key; with an index of 1
//                 the message comes by itself, as in a replay
//   a set         the field, and a value
//   a crash       nothing
struct InputImage {
  uint64_t number = 0;   // 0: none yet
  uint64_t tick = 1;     // the first in which it may arrive
  uint64_t arrived = 0;  // the tick in which it did, and found no room; 0: not yet
  InputKind kind = InputKind::kMessage;
  DomainId domain = {};  // none: a broadcast
  Value key = {};
  RoutineIndex routine = {};
  EventId event = {};
  std::vector<Value> args = {};
  uint64_t about = 0;   // the cycle, the Revival, the dead letter or the field
  uint32_t index = 0;   // the emission
  bool failed = false;  // the effect
};

// An effect whose outcome is to arrive, or has: nobody carries it out, or it has been.
struct AwaitedImage {
  InstanceId instance;
  uint64_t cycle = 0;   // that emitted it
  uint32_t index = 0;   // which of that cycle's emissions
  uint64_t number = 0;  // send number
  uint64_t correlation = 0;
  EffectId effect;
  uint64_t arrived = 0;            // the tick in which its outcome did; 0: not yet
  uint64_t due = 0;                // of a timer: the simulated millisecond; 0: it is none
  bool failed = false;             // its outcome
  std::vector<Value> answer = {};  // one, or none: then it is the zero of the handler's type
};

// An effect that somebody outside is to carry out, and of which nobody has heard yet.
struct IntentImage {
  InstanceId instance;
  uint64_t cycle = 0;   // that emitted it
  uint32_t index = 0;   // which of that cycle's emissions
  uint64_t number = 0;  // send number
  uint64_t correlation = 0;
  EffectId effect;
  EmissionId site;
  std::vector<Value> args;
};

// Without both a receiver and an event, it is one that another program has left no place for.
struct DeadLetter {
  InstanceId receiver;  // none: a broadcast from outside, which a rollback has undone,
  EventId event;        // and which one that was
  MessageImage message;
  bool redelivered = false;
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
  std::vector<IntentImage> intents;    // by cycle, then emission
  uint64_t clock = 1;                  // the simulated millisecond, from 1
  std::optional<RestImage> rest = {};  // none: too far back, or the program asserts nothing
};

// By id.
void put_in_order(std::vector<InstanceImage>& instances);

}  // namespace lexum
