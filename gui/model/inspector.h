// What one instance is like at the position, what of that has just changed first.
#pragma once

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

struct InspectorView {
  std::string instance;  // empty: there is nobody
  bool faulted = false;
  std::string fault;  // with which the cycle at the position ended, if it was this instance's
  std::string doing;  // what the cycle at the position was spent on, if it was this instance's
  std::vector<FieldRow> fields;
  std::vector<GoalRow> goals;
  std::vector<std::string> mail;  // what waits, the next first
};

// Of that instance, where the session stands. What cannot be read is left out.
InspectorView inspect(Session& session, DomainId domain, const Value& key);

}  // namespace lexum
