// What one instance is like at the position, what of that has just changed first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/session.h"

namespace lexum {

struct FieldRow {
  std::string name;
  std::string before;    // if it has just changed
  std::string rejected;  // what the cycle that has just faulted would have made of it
  std::string value;
  bool changed = false;
};
struct GoalRow {
  std::string name;
  GoalStatus status = GoalStatus::kSatisfied;
  std::string distance;  // what it lacks
};

// A message that the cycle at the position sent, or the one that it took.
struct MessageRow {
  std::string text;    // "send Shelf[1] Take(n: 1)"
  std::string became;  // "taken in cycle 2", "still waits", "dead letter"; empty: nobody asked
  uint64_t cycle = 0;  // that took it, or that sent the one that was taken; 0: none
};

struct InspectorView {
  std::string instance;  // empty: there is nobody
  bool faulted = false;
  std::string fault;  // with which the cycle at the position ended, if it was this instance's
  std::string doing;  // what the cycle at the position was spent on, if it was this instance's
  std::vector<FieldRow> fields;
  std::vector<GoalRow> goals;
  std::vector<std::string> mail;  // what waits, the next first
  size_t waiting = 0;             // of all that waits, how much
  // Of the cycle at the position, if it was this instance's.
  std::optional<MessageRow> took;
  std::vector<MessageRow> sent;
  uint32_t dead = 0;                // messages that it brought to the dead letters
  std::vector<MessageRow> awaited;  // effects whose outcome the instance waits for
};

// Of that instance, where the session stands. What cannot be read is left out. What became of
// messages has to be looked for: only if `lives`.
InspectorView inspect(Session& session, DomainId domain, const Value& key, bool lives = true);

}  // namespace lexum
