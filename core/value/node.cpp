#include "value/node.h"

namespace lexum {

// As deep as the values nest, times the height of a tree; types bound the one, logarithms the
// other.
void destroy_node(const Node* node) noexcept {
  Node& dead = const_cast<Node&>(*node);
  if (dead.level > 0) {
    std::destroy_n(items<Link>(dead), dead.count);
  } else if (dead.kind == Kind::kMap) {
    std::destroy_n(items<Entry>(dead), dead.count);
  } else if (dead.kind != Kind::kText) {
    std::destroy_n(items<Value>(dead), dead.count);
  }
  dead.~Node();
  ::operator delete(&dead);
}

}  // namespace lexum
