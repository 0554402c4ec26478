// Elementary cycles of the message graph. There can be exponentially many, so the search has a
// budget; a program that exhausts it has been told of more cycles than anybody reads.
#include <algorithm>

#include "check/bounds.h"
#include "check/checker.h"
#include "check/message_graph.h"

namespace lexum {
namespace {

constexpr size_t kCyclesMax = 64;
constexpr size_t kStepsMax = 200'000;
constexpr size_t kStepsFromNodeMax = 5'000;

// Which nodes can reach each other: Tarjan's strongly connected components, with a stack of its
// own, since a ring may have as many nodes as a program has routines.
class Components {
 public:
  explicit Components(const MessageGraph& graph)
      : graph_(graph), order_(graph.nodes().size(), kUnseen), low_(order_), component_(order_) {
    for (uint32_t n = 0; n < order_.size(); ++n) {
      if (order_[n] == kUnseen) visit(n);
    }
  }
  [[nodiscard]] bool together(NodeId a, NodeId b) const {
    return component_[a.index()] == component_[b.index()];
  }

 private:
  static constexpr uint32_t kUnseen = UINT32_MAX;
  struct Frame {
    uint32_t node;
    size_t next = 0;  // of its edges
  };

  void visit(uint32_t root) {
    std::vector<Frame> frames;
    enter(root, frames);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const std::vector<uint32_t>& edges = graph_.nodes()[frame.node].edges;
      if (frame.next < edges.size()) {
        const uint32_t to = graph_.edge(edges[frame.next++]).to.value;
        if (order_[to] == kUnseen) {
          enter(to, frames);
        } else if (component_[to] == kUnseen) {
          low_[frame.node] = std::min(low_[frame.node], order_[to]);
        }
        continue;
      }
      const uint32_t node = frame.node;
      frames.pop_back();
      if (!frames.empty())
        low_[frames.back().node] = std::min(low_[frames.back().node], low_[node]);
      if (low_[node] == order_[node]) close(node);
    }
  }

  void enter(uint32_t node, std::vector<Frame>& frames) {
    order_[node] = low_[node] = seen_++;
    open_.push_back(node);
    frames.push_back({node});
  }

  void close(uint32_t node) {
    uint32_t member = kUnseen;
    do {
      member = open_.back();
      open_.pop_back();
      component_[member] = node;
    } while (member != node);
  }

  const MessageGraph& graph_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> low_;
  std::vector<uint32_t> component_;
  std::vector<uint32_t> open_;
  uint32_t seen_ = 0;
};

// Walks every path that comes back to where it began without meeting a node twice. Each cycle is
// found at its first node, so a path never goes to one before that.
class CycleFinder {
 public:
  explicit CycleFinder(const MessageGraph& graph)
      : graph_(graph), components_(graph), on_path_(graph.nodes().size()) {}

  std::vector<std::vector<uint32_t>> find() {
    for (size_t n = 0; n < graph_.nodes().size() && !full(); ++n) from(NodeId(n));
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool full() const { return found_.size() >= kCyclesMax || steps_ >= kStepsMax; }

  void from(NodeId start) {
    std::vector<size_t> next = {0};  // of the edges of each node on the path
    std::vector<uint32_t> path;      // the edges taken
    NodeId here = start;
    on_path_[here.index()] = true;
    const size_t budget = steps_ + kStepsFromNodeMax;
    while (!full() && steps_ < budget) {
      const std::vector<uint32_t>& edges = graph_.nodes()[here.index()].edges;
      if (next.back() == edges.size()) {
        on_path_[here.index()] = false;
        next.pop_back();
        if (path.empty()) break;
        here = graph_.edge(path.back()).from;
        path.pop_back();
        continue;
      }
      const uint32_t index = edges[next.back()++];
      const NodeId to = graph_.edge(index).to;
      if (to < start || !components_.together(start, to)) continue;
      ++steps_;
      if (to == start) {
        found_.push_back(path);
        found_.back().push_back(index);
      } else if (!on_path_[to.index()]) {
        path.push_back(index);
        next.push_back(0);
        on_path_[to.index()] = true;
        here = to;
      }
    }
    for (const uint32_t index : path) on_path_[graph_.edge(index).to.index()] = false;
    on_path_[start.index()] = false;
  }

  const MessageGraph& graph_;
  const Components components_;
  std::vector<bool> on_path_;
  std::vector<std::vector<uint32_t>> found_;
  size_t steps_ = 0;
};

// The hops, begun at a routine: an event lies between two routines and is no hop of its own.
MessageCycle describe(const Program& program, const MessageGraph& graph,
                      std::vector<uint32_t> cycle) {
  const auto first = std::ranges::find_if(
      cycle, [&](uint32_t e) { return static_cast<bool>(graph.edge(e).emit); });
  std::rotate(cycle.begin(), first, cycle.end());
  MessageCycle made{.hops = {}, .bound = bound_of(program, graph, cycle), .span = {}};
  made.span = program.spans[graph.edge(cycle.front()).emit.index()];
  for (size_t i = 0; i < cycle.size(); ++i) {
    const NodeId from = graph.edge(cycle[i]).from;
    const bool event = i + 1 < cycle.size() && !graph.edge(cycle[i + 1]).emit;
    if (event) ++i;
    made.hops.push_back(graph.name(from) + " → " + graph.name(graph.edge(cycle[i]).to));
  }
  return made;
}

}  // namespace

std::vector<MessageCycle> message_cycles(const Program& program) {
  const MessageGraph graph(program);
  std::vector<MessageCycle> cycles;
  for (std::vector<uint32_t>& cycle : CycleFinder(graph).find()) {
    cycles.push_back(describe(program, graph, std::move(cycle)));
  }
  return cycles;
}

}  // namespace lexum
