// Elementary cycles of the message graph. There can be exponentially many, so the search has a
// budget for each part of the graph whose nodes all reach each other; a part that exhausts it has
// been told of more cycles than anybody reads, and takes nothing from the others.
#include <algorithm>

#include "check/bounds.h"
#include "check/checker.h"
#include "check/message_graph.h"

namespace lexum {
namespace {

constexpr size_t kCyclesOfPartMax = 64;
constexpr size_t kStepsOfPartMax = 5'000;  // and some for each of its nodes
constexpr size_t kStepsOfNode = 8;

using Nodes = std::vector<uint32_t>;

// Tarjan's strongly connected components, with a stack of its own, since a ring may have as many
// nodes as a program has routines.
class Components {
 public:
  explicit Components(const MessageGraph& graph)
      : graph_(graph),
        run_(graph.nodes().size()),
        order_(graph.nodes().size()),
        low_(graph.nodes().size()),
        closed_(graph.nodes().size()) {}

  // The parts of some nodes, with the edges between them alone, that have a cycle; each in rising
  // order.
  std::vector<Nodes> parts(const Nodes& nodes) {
    ++runs_;
    parts_.clear();
    for (const uint32_t n : nodes) {
      run_[n] = runs_;
      order_[n] = kUnseen;
      closed_[n] = false;
    }
    seen_ = 0;
    for (const uint32_t n : nodes) {
      if (order_[n] == kUnseen) visit(n);
    }
    return std::move(parts_);
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
        if (run_[to] != runs_ || closed_[to]) continue;
        if (order_[to] == kUnseen) {
          enter(to, frames);
        } else {
          low_[frame.node] = std::min(low_[frame.node], order_[to]);
        }
        continue;
      }
      const uint32_t node = frame.node;
      frames.pop_back();
      if (!frames.empty()) {
        uint32_t& low = low_[frames.back().node];
        low = std::min(low, low_[node]);
      }
      if (low_[node] == order_[node]) close(node);
    }
  }

  void enter(uint32_t node, std::vector<Frame>& frames) {
    order_[node] = low_[node] = seen_++;
    open_.push_back(node);
    frames.push_back({node});
  }

  void close(uint32_t node) {
    Nodes part;
    do {
      part.push_back(open_.back());
      closed_[open_.back()] = true;
      open_.pop_back();
    } while (part.back() != node);
    const auto is_loop = [&](uint32_t e) { return graph_.edge(e).to.value == node; };
    if (part.size() == 1 && std::ranges::none_of(graph_.nodes()[node].edges, is_loop)) return;
    std::ranges::sort(part);
    parts_.push_back(std::move(part));
  }

  const MessageGraph& graph_;
  std::vector<uint32_t> run_;  // the last one in which a node took part
  std::vector<uint32_t> order_;
  std::vector<uint32_t> low_;
  std::vector<bool> closed_;
  Nodes open_;
  std::vector<Nodes> parts_;
  uint32_t runs_ = 0;
  uint32_t seen_ = 0;
};

// Johnson's search: all cycles through the first node of a part, then the same without that node.
class CycleFinder {
 public:
  explicit CycleFinder(const MessageGraph& graph)
      : graph_(graph),
        components_(graph),
        inside_(graph.nodes().size()),
        on_path_(graph.nodes().size()) {}

  std::vector<std::vector<uint32_t>> find() {
    Nodes all(graph_.nodes().size());
    for (uint32_t n = 0; n < all.size(); ++n) all[n] = n;
    std::vector<Nodes> parts = components_.parts(all);
    std::ranges::sort(parts);
    for (Nodes& part : parts) search(std::move(part));
    return std::move(found_);
  }

 private:
  void search(Nodes whole) {
    steps_left_ = kStepsOfPartMax + kStepsOfNode * whole.size();
    cycles_left_ = kCyclesOfPartMax;
    std::vector<Nodes> waiting;
    waiting.push_back(std::move(whole));
    while (!waiting.empty() && !is_over()) {
      Nodes part = std::move(waiting.back());
      waiting.pop_back();
      for (const uint32_t n : part) inside_[n] = true;
      from(NodeId(size_t{part.front()}));
      for (const uint32_t n : part) inside_[n] = false;
      steps_left_ -= std::min(steps_left_, part.size());
      part.erase(part.begin());
      for (Nodes& rest : components_.parts(part)) waiting.push_back(std::move(rest));
    }
  }

  [[nodiscard]] bool is_over() const { return steps_left_ == 0 || cycles_left_ == 0; }

  // Walks every path inside the part that comes back to `start` without meeting a node twice.
  void from(NodeId start) {
    std::vector<size_t> next = {0};  // of the edges of each node on the path
    std::vector<uint32_t> path;      // the edges taken
    NodeId here = start;
    on_path_[here.index()] = true;
    while (!is_over()) {
      const std::vector<uint32_t>& edges = graph_.nodes()[here.index()].edges;
      if (next.back() == edges.size()) {
        if (path.empty()) break;
        on_path_[here.index()] = false;
        next.pop_back();
        here = graph_.edge(path.back()).from;
        path.pop_back();
        continue;
      }
      const uint32_t index = edges[next.back()++];
      const NodeId to = graph_.edge(index).to;
      if (!inside_[to.index()]) continue;
      --steps_left_;
      if (to == start) {
        found_.push_back(path);
        found_.back().push_back(index);
        --cycles_left_;
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
  Components components_;
  std::vector<bool> inside_;  // the part that is searched
  std::vector<bool> on_path_;
  std::vector<std::vector<uint32_t>> found_;
  size_t steps_left_ = 0;
  size_t cycles_left_ = 0;
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
