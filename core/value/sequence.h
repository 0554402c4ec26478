// Persistent sequences: one balanced tree under long texts, lists and maps.
//
// The idea. A sequence is cut into leaves, small arrays of its items; leaves hang under inner
// nodes, all at the same depth. To change one item, its leaf is copied with the change, then the
// inner node above it with a link to the new leaf, and so on up to a new root. The old root still
// is the old sequence; all but a handful of nodes belong to both. So a copy of a sequence is a copy
// of one pointer, and keeping every version costs what changed between them.
//
// Why it stays balanced. Every node but the root has between kMin and kMax items. An edit that
// leaves a node with too many gives two; one that leaves too few joins what is left with a
// neighbour. Either way the parent sees one or two nodes where there were one or two, which is
// again an edit of a node: splice_items() is all there is, on every level. Two sequences are joined
// by going down the edge of the taller tree to the height of the other, and splicing there. Cutting
// is dropping what lies outside and joining what is left of the nodes along the cut. All that is
// O(log n).
//
// Why it is fast without being persistent. A node that has only one holder is invisible to
// everybody else, so it may be changed in place. All operations take their tree by value: give it
// away, and a queue turned a million times or a log that grows line by line touches a few nodes and
// allocates almost none.
//
// Every node has the Measure of what lies below. revise() brings it up to date for the usual edits
// without a look at the neighbours.
//
// A text is a sequence of bytes whose leaves never end inside a code point.
#pragma once

#include <span>

#include "value/node.h"

namespace lexum {

// T is char, Value or Entry. A Ref here is the root of a tree, or nothing for an empty sequence.
// Indices are in range.
template <class T>
struct Sequence {
  static Ref build(Kind kind, std::span<const T> all);
  static const T& at(const Node& root, size_t index);
  static Ref set(Ref root, size_t index, T item);
  static Ref insert(Kind kind, Ref root, size_t index, T item);
  static Ref erase(Ref root, size_t index);
  static Ref slice(Ref root, size_t begin, size_t end);
  static Ref concat(Ref a, Ref b);
};
extern template struct Sequence<char>;
extern template struct Sequence<Value>;
extern template struct Sequence<Entry>;

struct SequencePlace {
  size_t index;
  bool found;
};
// Where the key is in a map's tree, or where it would be.
SequencePlace find_key(const Node& root, const Value& key);

// Calls f(std::span<const T>) for each leaf, in order.
template <class T, class F>
void for_each_leaf(const Node& node, F&& f) {
  if (node.level == 0) return f(items<T>(node));
  for (const NodeLink& link : items<NodeLink>(node)) for_each_leaf<T>(*link.child, f);
}

// The leaves of a tree in order, with a way to pass over whole branches unseen.
template <class T>
class Walk {
 public:
  explicit Walk(const Node* root) {
    path_[0] = {root, 0};
    depth_ = root == nullptr ? 0 : 1;
  }

  [[nodiscard]] bool done() const { return depth_ == 0; }
  // The branch that comes next.
  [[nodiscard]] const Node& branch() const { return *path_[depth_ - 1].node; }
  // Nothing of branch() has been passed yet.
  [[nodiscard]] bool at_start() const { return path_[depth_ - 1].passed == 0; }
  // Makes branch() smaller: its first child. Requires branch().level > 0.
  void open() {
    const Node& node = branch();
    path_[depth_++] = {&*items<NodeLink>(node)[0].child, 0};
  }
  // What is left of branch(). Requires branch().level == 0.
  [[nodiscard]] std::span<const T> run() const {
    return items<T>(branch()).subspan(path_[depth_ - 1].passed);
  }
  // Goes on behind the next so many items of run().
  void pass(size_t count) {
    path_[depth_ - 1].passed += count;
    if (path_[depth_ - 1].passed == branch().count) pass_branch();
  }
  // Goes on behind branch().
  void pass_branch() {
    while (--depth_ != 0) {
      Step& up = path_[depth_ - 1];
      if (++up.passed < up.node->count) {
        path_[depth_++] = {&*items<NodeLink>(*up.node)[up.passed].child, 0};
        return;
      }
    }
  }

 private:
  struct Step {
    const Node* node;
    size_t passed;  // items of it
  };
  static constexpr size_t kDepthMax = 40;  // 4^32 items

  Step path_[kDepthMax];
  size_t depth_;
};

}  // namespace lexum
