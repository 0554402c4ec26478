// Who can send what to whom. Nodes are routines; an event is a node too, so that a broadcast with
// many listeners is one edge to it and one from it to each of them.
#pragma once

#include <string>
#include <vector>

#include "check/program.h"

namespace lexum {

using NodeId = Id<struct NodeTag>;

// How a send is reached, as a chain that sends share: one thing that lies before it, and what lies
// before that.
struct Reach {
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t before = kNone;
  // A condition around the send, or before it (`if n == 0 { return }`), and what it has to be …
  TermId condition = {};
  bool truth = true;
  // … or statements that run whenever the send does: some entries of a block.
  TermId block = {};
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct GraphEdge {
  NodeId from;
  NodeId to;
  TermId emit = {};  // none from an event to its listeners
  uint32_t reach = Reach::kNone;
};

struct GraphNode {
  DomainId domain;  // none: an event
  RoutineIndex routine;
  EventId event;
  std::vector<uint32_t> edges;  // that begin here
};

class MessageGraph {
 public:
  explicit MessageGraph(const Program& program);

  [[nodiscard]] const std::vector<GraphNode>& nodes() const { return nodes_; }
  [[nodiscard]] const GraphEdge& edge(uint32_t index) const { return edges_[index]; }
  // Calls f(const Reach&) for all that lies before an edge.
  template <class F>
  void each_reach(const GraphEdge& edge, F&& f) const {
    for (uint32_t r = edge.reach; r != Reach::kNone; r = reaches_[r].before) f(reaches_[r]);
  }
  // "Ping.Start", "Ping.on Pong", "Ping.on Event::Up"
  [[nodiscard]] std::string name(NodeId id) const;
  [[nodiscard]] const Routine& routine(const GraphNode& node) const {
    return program_[node.domain].routines[node.routine.index()];
  }

 private:
  NodeId node(DomainId domain, RoutineIndex routine) const;
  uint32_t add(const Reach& reach);
  // Each takes how its first statement is reached, and gives how what comes behind it is.
  uint32_t walk_block(NodeId from, TermId block, uint32_t reach);
  uint32_t walk_if(NodeId from, const Term& statement, uint32_t reach);
  void add_emission(NodeId from, TermId emit, uint32_t reach);

  const Program& program_;
  std::vector<GraphNode> nodes_;
  std::vector<GraphEdge> edges_;
  std::vector<Reach> reaches_;
  std::vector<size_t> first_of_domain_;
  size_t first_event_ = 0;
};

}  // namespace lexum
