// What the twin asks the tree: declarations by name, looked up afresh each time. Requires a tree of
// a program that passed the checker, so whatever is asked for is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syntax/tree.h"

namespace lexum::twin {

// A handler or a transition: what a message, a goal or the start of an instance can set going.
struct Procedure {
  std::string label;            // Go, Event::Up, Infra.Make::Done
  std::optional<int> priority;  // its @priority
  std::vector<Param> params;
  std::vector<Block> slices;  // one for a handler
};

// How often an instance goes on after a fault (§7).
struct Restarts {
  int64_t faults = 3;
  int64_t within_cycles = 100;
};

int level_priority(const std::string& level);

const DomainDecl& domain_named(const Tree& tree, const std::string& name);
const RecordDecl* record_named(const Tree& tree, const std::string& name);
const FunctionDecl* function_named(const Tree& tree, const std::string& name);

std::optional<Procedure> procedure(const Tree& tree, const DomainDecl& domain,
                                   const std::string& label);
// The parameters that every listener to a broadcast declares; none if nobody listens.
std::vector<Param> event_params(const Tree& tree, const std::string& label);

int64_t mailbox_limit(const Tree& tree, const DomainDecl& domain);
Restarts restarts(const Tree& tree, const DomainDecl& domain);
std::optional<int> goal_priority(const Tree& tree, const GoalDecl& goal);
// §6: the strategy, or all parameterless transitions but Boot as written.
std::vector<std::string> candidates(const Tree& tree, const DomainDecl& domain,
                                    const GoalDecl& goal);

}  // namespace lexum::twin
