// Found by one walk over the statements of every routine.
#include "check/message_graph.h"

#include "check/walk.h"

namespace lexum {
namespace {

bool ends_with_return(const Program& program, TermId block) {
  const Term& term = program[block];
  return term.b > 0 && program[entry(program, term.a, term.b - 1)].op == Op::kReturn;
}

// Whether what stands behind a statement may be skipped.
bool may_return(const Program& program, TermId id) {
  const Term& statement = program[id];
  bool found = statement.op == Op::kReturn;
  const auto look = [&](TermId inner) { found = found || program[inner].op == Op::kReturn; };
  if (statement.op == Op::kIf) {
    for (uint32_t i = 0; i < statement.b; ++i) {
      const TermId part = entry(program, statement.a, i);
      if (program[part].op == Op::kBlock) each_statement(program, part, look);
    }
  } else if (statement.op == Op::kForRange) {
    each_statement(program, entry(program, statement.a, 2), look);
  } else if (statement.op == Op::kForList || statement.op == Op::kForMap) {
    each_statement(program, entry(program, statement.a, 1), look);
  }
  return found;
}

}  // namespace

MessageGraph::MessageGraph(const Program& program) : program_(program) {
  for (size_t d = 0; d < program.domains.size(); ++d) {
    first_of_domain_.push_back(nodes_.size());
    for (size_t r = 0; r < program.domains[d].routines.size(); ++r) {
      nodes_.push_back(
          {.domain = DomainId(d), .routine = RoutineIndex(r), .event = {}, .edges = {}});
    }
  }
  first_event_ = nodes_.size();
  for (size_t e = 0; e < program.events.size(); ++e) {
    const NodeId from(nodes_.size());
    nodes_.push_back({.domain = {}, .routine = {}, .event = EventId(e), .edges = {}});
    for (const Listener& listener : program.events[e].listeners) {
      nodes_.back().edges.push_back(static_cast<uint32_t>(edges_.size()));
      edges_.push_back({.from = from, .to = node(listener.domain, listener.routine), .emit = {}});
    }
  }
  for (size_t n = 0; n < first_event_; ++n) {
    uint32_t reach = Reach::kNone;
    for (const Slice& slice : routine(nodes_[n]).slices)
      reach = walk_block(NodeId(n), slice.body, reach);
  }
}

NodeId MessageGraph::node(DomainId domain, RoutineIndex routine) const {
  return NodeId(first_of_domain_[domain.index()] + routine.index());
}

std::string MessageGraph::name(NodeId id) const {
  const GraphNode& node = nodes_[id.index()];
  if (node.event) return "Event::" + program_.events[node.event.index()].name;
  const Routine& routine = this->routine(node);
  std::string name = program_[node.domain].name + ".";
  if (routine.kind != RoutineKind::kTransition) name += "on ";
  if (routine.kind == RoutineKind::kEvent) name += "Event::";
  return name + routine.name;
}

uint32_t MessageGraph::add(const Reach& reach) {
  reaches_.push_back(reach);
  return static_cast<uint32_t>(reaches_.size() - 1);
}

uint32_t MessageGraph::walk_block(NodeId from, TermId block, uint32_t reach) {
  const Term& term = program_[block];
  uint32_t sure = 0;  // statements before this one run if the one that is looked at does
  for (uint32_t i = 0; i < term.b; ++i) {
    if (sure <= i) {
      const uint32_t begin = i;
      do {
        ++sure;
      } while (sure < term.b && !may_return(program_, entry(program_, term.a, sure - 1)));
      reach = add({.before = reach, .block = block, .begin = begin, .end = sure});
    }
    const TermId id = entry(program_, term.a, i);
    const Term& statement = program_[id];
    if (statement.op == Op::kIf) reach = walk_if(from, statement, reach);
    if (statement.op == Op::kForRange) walk_block(from, entry(program_, statement.a, 2), reach);
    if (statement.op == Op::kForList || statement.op == Op::kForMap) {
      walk_block(from, entry(program_, statement.a, 1), reach);
    }
    if (statement.op == Op::kEmit) add_emission(from, id, reach);
  }
  return reach;
}

uint32_t MessageGraph::walk_if(NodeId from, const Term& statement, uint32_t reach) {
  uint32_t otherwise = reach;  // none of the conditions so far was true
  bool returned = true;        // every branch ends with `return`
  for (uint32_t i = 0; i < statement.b; ++i) {
    TermId part = entry(program_, statement.a, i);
    uint32_t inner = otherwise;
    if (program_[part].op != Op::kBlock) {
      inner = add({.before = otherwise, .condition = part});
      otherwise = add({.before = otherwise, .condition = part, .truth = false});
      part = entry(program_, statement.a, ++i);
    }
    walk_block(from, part, inner);
    returned = returned && ends_with_return(program_, part);
  }
  return returned ? otherwise : reach;
}

void MessageGraph::add_emission(NodeId from, TermId emit, uint32_t reach) {
  const Emission& emission = program_.emissions[program_[emit].a];
  NodeId to;
  if (emission.kind == EmissionKind::kSend) to = node(emission.domain, emission.routine);
  if (emission.kind == EmissionKind::kBroadcast) to = NodeId(first_event_ + emission.event.index());
  if (!to) return;
  nodes_[from.index()].edges.push_back(static_cast<uint32_t>(edges_.size()));
  edges_.push_back({.from = from, .to = to, .emit = emit, .reach = reach});
}

}  // namespace lexum
