// The whole of what decides how a run goes on from between two ticks, as plain values: kept by
// copying, compared by ==. Ids, cycle numbers and what only a report needs are elsewhere (§5,
// Oscillation).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "twin/interpreter.h"

namespace lexum::twin {

// A transition in its middle.
struct Begun {
  std::string label = {};
  Values params = {};
  size_t next_slice = 0;
  int priority = 0;
  bool changed = false;                 // a field, in any slice so far
  std::optional<size_t> goal = {};      // whose run this is
  std::optional<Message> message = {};  // which is being processed

  friend bool operator==(const Begun&, const Begun&) = default;
};

struct Goal {
  int64_t runs = 0;  // since it last held; counted for a goal with terminate_after
  bool asked = false;
  bool abandoned = false;
  bool last_work_due = false;  // `else T` has yet to run
  int passed_over = 0;

  friend bool operator==(const Goal&, const Goal&) = default;
};

struct Instance {
  Values fields = {};
  std::vector<Message> mailbox = {};
  std::vector<Goal> goals = {};  // as written
  std::optional<Begun> begun = {};
  bool boot_due = false;
  bool faulted = false;
  int mail_passed_over = 0;
  std::set<std::string> fault_blocked = {};  // transitions, until the state changes
  std::set<InstanceName> throttled_by = {};  // whose mailboxes
  std::vector<int64_t> fault_ages = {};      // in own cycles, while inside the restart window

  friend bool operator==(const Instance&, const Instance&) = default;
};

// What has come from outside the tick and is not in a mailbox yet.
struct Arrival {
  bool outcome = false;  // of an effect, else an input
  bool late = false;     // an outcome whose instance is gone
  bool broadcast = false;
  InstanceName to = {};
  Message message = {};

  friend bool operator==(const Arrival&, const Arrival&) = default;
};
std::string to_string(const Arrival& arrival);

struct World {
  std::map<InstanceName, Instance> instances;  // in instance order
  std::vector<Arrival> waiting;                // in order of arrival

  friend bool operator==(const World&, const World&) = default;
};

}  // namespace lexum::twin
