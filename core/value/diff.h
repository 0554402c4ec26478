// Where two trees of one kind differ.
//
// An edit of a persistent tree leaves most nodes in place, so two versions of a sequence share all
// but a few. Both trees are opened level by level, from the top: on each level the nodes that both
// have in one order are set aside unseen, and only what lies in the gaps between them is opened
// further. What is left in the end are leaves that the two do not share; there, equal items at
// either end of a gap are trimmed off. In a gap of a leaf or two the longest row of items that both
// have in one order stays, and the edits lie between them; a greater gap, or one of a text, is one
// edit. So the cost is that of the edits times the height of a tree, and two trees that share
// nothing are compared item by item.
#pragma once

#include <vector>

#include "value/node.h"

namespace lexum {

// `removed` items from before_at on became `added` items from after_at on.
struct Edit {
  size_t before_at;
  size_t removed;
  size_t after_at;
  size_t added;
};

// T is char, Value or Entry. Edits are in order, and between two of them something stayed. Edits of
// a text lie on borders of code points.
template <class T>
class ValueDiff {
 public:
  // Roots of trees that outlive this; no root is an empty tree.
  ValueDiff(const Node* before, const Node* after);

  [[nodiscard]] const std::vector<Edit>& edits() const { return edits_; }
  // What it cost.
  [[nodiscard]] size_t nodes_opened() const { return nodes_opened_; }

 private:
  using Row = std::vector<const Node*>;  // neighbours of one level

  Row children(const Row& row);
  void compare(Row before, size_t before_at, Row after, size_t after_at);
  void compare_gap(const Row& before, size_t before_at, const Row& after, size_t after_at);
  void compare_leaves(const Row& before, size_t before_at, const Row& after, size_t after_at);

  void compare_items(const std::vector<const T*>& before, const std::vector<const T*>& after,
                     const Edit& all);

  std::vector<Edit> edits_;
  size_t nodes_opened_ = 0;
};
extern template class ValueDiff<char>;
extern template class ValueDiff<Value>;
extern template class ValueDiff<Entry>;

}  // namespace lexum
