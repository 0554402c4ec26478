#include "value/node.h"

#include <vector>

namespace lexum {

namespace {

void free_node(const Node* node) {
  node->~Node();
  ::operator delete(const_cast<Node*>(node));
}

// Calls f with each node that is held by this one.
template <class F>
void for_each_held(const Node& node, F&& f) {
  const auto of_value = [&f](const Value& v) {
    if (v.node() != nullptr) f(v.node());
  };
  if (node.level > 0) {
    for (const NodeLink& link : items<NodeLink>(node)) {
      of_value(link.low);
      f(&*link.child);
    }
  } else if (node.kind == Kind::kMap) {
    for (const Entry& entry : items<Entry>(node)) {
      of_value(entry.key);
      of_value(entry.value);
    }
  } else if (node.kind != Kind::kText) {
    for (const Value& value : items<Value>(node)) of_value(value);
  }
}

// Without recursion, for values that nest so deep that the stack might not do.
void destroy_deep(const Node* root) {
  std::vector<const Node*> dying{root};
  while (!dying.empty()) {
    const Node* node = dying.back();
    dying.pop_back();
    for_each_held(*node, [&dying](const Node* held) {
      if (held->let_go()) dying.push_back(held);
    });
    free_node(node);
  }
}

}  // namespace

void destroy_node(const Node* node) noexcept {
  if (node->measure.depth > kDepthMax) return destroy_deep(node);
  Node& dead = const_cast<Node&>(*node);
  if (dead.level > 0) {
    std::destroy_n(items<NodeLink>(dead), dead.count);
  } else if (dead.kind == Kind::kMap) {
    std::destroy_n(items<Entry>(dead), dead.count);
  } else if (dead.kind != Kind::kText) {
    std::destroy_n(items<Value>(dead), dead.count);
  }
  free_node(node);
}

}  // namespace lexum
