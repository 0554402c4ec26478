// Why something did not happen: what holds a transition or handler back at a moment, out of a
// closed list, and what would change that.
//
// No decision that was not taken is recorded, and none need be: the run is taken up again as a
// world (rerun.h) between the two ticks around the moment, and the engine itself is asked what it
// would do and why not otherwise. Where a condition is in the way, the parts of it that decide are
// named with their values; a value that would let the transition run is only given if it did so
// when it was tried on a copy of the world.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/guard.h"
#include "tracer/scan.h"
#include "tracer/target.h"

namespace lexum {

// The paragraphs are those of the language reference.
enum class Held : uint8_t {
  kItRuns,        // nothing: it runs in this tick
  kItIsNext,      // nothing: it is what the instance does next, but the recording ends before
  kCircles,       // nothing: but the run goes in circles, and was ended for it (§5, E005)
  kHalted,        // an assert did not hold, and the run has ended (§7)
  kNobody,        // there is no such instance, not yet or no more (§3)
  kFaulted,       // the instance is FAULTED and takes no more work (§7)
  kBooting,       // Boot comes first (§3)
  kUnderway,      // it has begun: a later slice of it is next (§4)
  kBegun,         // something else has begun and goes on first (§4)
  kPutOff,        // it was tried, and a mailbox that it sends to had no room (§5)
  kThrottled,     // a mailbox that it sends to is too full; it waits for those that need not (§5)
  kBackground,    // it is of background priority, and others have something to do (§4)
  kOutranked,     // other work of the instance goes first: `rival`, by `order` (§4)
  kBehind,        // another candidate of the same goal comes before it: `rival` (§6)
  kBlocked,       // it would do nothing: `parts` of its guard are false (§6)
  kFaultBlocked,  // it faulted on this very state (§7)
  kAnswer,        // its goal has asked, and waits for an answer or a change (§6)
  kAbandoned,     // its goal has been given up (§6)
  kNotAbandoned,  // it is the last work of a goal that has not been given up (§6)
  kSatisfied,     // its goal holds: `parts` of the predicate say so (§6)
  kQueued,        // its message waits behind `ahead` others (§5)
  kNoMessage,     // no message for it waits: see `missing` (§5)
  kOnce,          // it is done once, and has been: Boot, or the last work of a goal (§3, §6)
};
std::string_view spelling(Held held);

// A field that would let it run. It was tried.
struct Flip {
  uint32_t slot = 0;
  Value value = {};
  // It would be what the instance does next. Else it would only not be blocked any more, or be what
  // its goal, satisfied now, is pursued by.
  bool runs = false;
};

// By which rule other work goes first (§4).
enum class Order : uint8_t {
  kPriority,    // it is more urgent
  kTurn,        // it is as urgent, and comes first: the mailbox before goals, goals as written
  kPassedOver,  // it has been passed over 16 times in a row
};
std::string_view spelling(Order order);

struct Rival {
  WorkKind kind = WorkKind::kMessage;
  RoutineIndex routine;
  GoalIndex goal;  // kGoal, kElse
  uint8_t priority = 0;
  std::optional<Order> order = {};  // kOutranked
};

struct WhyNot;

// A place in the program that could send a message.
struct Sender {
  Span span;
  DomainId domain;
  RoutineIndex routine;
  std::vector<WhyNot> held;  // why that does not run either, of those who are there
  uint64_t more = 0;         // who were left out
};

// A message that would help, and has not come.
struct Missing {
  RoutineIndex handler;                // whose message
  std::optional<uint32_t> slot = {};   // kBlocked: the field that it would write
  std::optional<uint64_t> ahead = {};  // it has come after all, and waits behind so many
  std::vector<Sender> senders = {};    // empty: only somebody outside could send it
};

struct WhyNot {
  Held held = Held::kItRuns;
  DomainId domain;
  Value key = {};
  RoutineIndex routine;
  uint64_t at = 0;  // the world that was asked has done so many cycles
  // kItRuns: in which it does; kOnce: in which it did; kNoMessage: in which it did last; kNobody:
  // in which the last one retired; else since which it is so. 0: not known, or never.
  uint64_t cycle = 0;
  uint64_t act = 0;  // the number of the operator's act after that cycle since which it is so
  GoalIndex goal = {};
  uint8_t priority = 0;  // kItIsNext
  std::optional<Rival> rival = {};
  uint64_t ahead = 0;
  std::vector<ConditionPart> parts = {};
  std::vector<std::string> mailboxes = {};  // kPutOff, kThrottled: whose
  std::optional<Flip> flip = {};
  std::vector<Missing> missing =
      {};  // kNoMessage, kNobody: its own; kBlocked: those that write what it reads
};

struct WhyNotAnswer {
  std::vector<WhyNot> all = {};  // of each instance that is meant, or one that nobody is there
  uint64_t more = 0;             // instances that were left out
};

// As of that cycle: what holds it back in the next choice of its instance. Requires a cycle of the
// trace, or 0. Interrupted, it fails (kInterrupted).
Result<WhyNotAnswer> whynot(TraceReader& trace, const RoutineTarget& routine, uint64_t cycle,
                            const Looking& looking = {});

// As a person reads it, a line each; what follows from what is indented.
std::vector<std::string> lines_of(const Program& program, const WhyNotAnswer& answer);

}  // namespace lexum
