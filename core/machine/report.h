// How a run ended: plain data about a finished world, that JSON and text are both made from, and
// the text itself.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "machine/machine.h"
#include "machine/notes.h"
#include "machine/wiring.h"

namespace lexum {

struct GoalReport {
  std::string name;
  GoalStatus status = GoalStatus::kSatisfied;
};

struct InstanceReport {
  std::string domain;
  Value key;  // null: the single instance
  InstanceStatus status = InstanceStatus::kAsleep;
  size_t mailbox = 0;
  std::vector<std::pair<std::string, Value>> state;  // by name
  std::vector<GoalReport> goals;                     // as written
};
InstanceReport report_on(const World& world, InstanceId id);

// Arguments by the names that their receiver has for them.
using NamedValues = std::vector<std::pair<std::string, Value>>;
NamedValues named_args(const Program& program, const SentNote& note);

struct DeadLetterReport {
  std::string domain;  // "" of a broadcast that was undone before anybody heard it
  Value key;
  std::string message;  // "ReleaseStock", "Event::Closed"
  NamedValues args;
  std::string from;  // "Order[7]", "input 3", "Infra.Create"
};
DeadLetterReport report_on(const World& world, const DeadLetter& letter);
// The numbers, from 1, of those that nobody has sent once more.
std::vector<uint64_t> letters_left(const World& world);

// "ready", "satisfied", "Done"
std::string_view spelling(InstanceStatus status);
std::string_view spelling(GoalStatus status);
// "revive", "retry"
std::string_view spelling(InputKind kind);
std::string_view spelling(Revival how);

// Of goals that are worked at and get nowhere (W507), with where they are going.
std::vector<Diagnostic> treadmill_diagnostics(const World& world);
// All that the run itself had to say: such goals, adapters that are simulated, and the loop that
// ended it.
std::vector<Diagnostic> run_diagnostics(const World& world, const Notes& notes);

// Where the one reads it who is to do something: behind `lxm run`, or at a prompt.
enum class Voice : uint8_t { kCommandLine, kPrompt };

struct Ending {
  Outcome outcome = Outcome::kConverged;
  uint64_t cycles_max = 0;
  Hash256 run_hash{};
};
// For people: what converged; or what is missing, why, and what could be done about it. The first
// line begins with the outcome's word. Ends with a new line.
std::string describe(const Ending& ending, const World& world, const Notes& notes,
                     Voice voice = Voice::kCommandLine);

// What an `assert` undid, as a graph of who was told what: states then and now, the messages
// between them, and the effects that stay done. Requires world.halted().
std::string describe_rollback(const World& world, const Notes& notes);

}  // namespace lexum
