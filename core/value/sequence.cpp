#include "value/sequence.h"

#include <array>
#include <vector>

namespace lexum {

namespace {

// What takes the place of one or two nodes of one level: one or two nodes of that level.
struct Pair {
  Ref first;
  Ref second;  // may be none
};

// The border of a code point at or just before `cut`.
template <class T>
size_t border(const T* all, size_t cut) {
  if constexpr (std::is_same_v<T, char>) {
    for (size_t back = 0; back < 3 && continues_code_point(all[cut]); ++back) --cut;
  }
  return cut;
}

NodeLink link_to(Ref node) {
  NodeLink link;
  if (node->kind == Kind::kMap && node->count != 0) {
    link.low = node->level == 0 ? items<Entry>(*node)[0].key : items<NodeLink>(*node)[0].low;
  }
  link.size = node->measure.size;
  link.child = std::move(node);
  return link;
}

// A node of items that are moved there.
template <class T>
Ref node_of(Kind kind, uint8_t level, T* from, size_t count) {
  Ref ref = make_node<T>(kind, level, count);
  Node& node = ref.writable();
  relocate(from, count, items<T>(node));
  node.count = static_cast<uint16_t>(count);
  node.measure = measure_of(items<T>(std::as_const(node)));
  return ref;
}

// Room for the items of two full nodes, of which the caller knows how many there are.
template <class T>
struct Bench {
  alignas(T) std::byte bytes[2 * Limits<T>::kMax * sizeof(T)];
  T* items() { return reinterpret_cast<T*>(bytes); }
};

// Two nodes out of too many items for one. Behind an edit at the right end the left one is left as
// full as can be, since the next edit is probably there too.
template <class T>
Pair split(Kind kind, uint8_t level, T* all, size_t count, bool at_end) {
  constexpr size_t kMax = Limits<T>::kMax;
  const size_t cut = border(all, at_end ? std::min(kMax, count - Limits<T>::kMin) : count / 2);
  LEXUM_CHECK(count - cut <= kMax);
  return {node_of(kind, level, all, cut), node_of(kind, level, all + cut, count - cut)};
}

// Replaces `removed` items of a node, from index `at` on, by others, which are moved there.
// `before` measures what is removed, `now` what comes.
template <class T>
Pair splice_items(Ref node, size_t at, size_t removed, const Measure& before, T* from, size_t added,
                  const Measure& now) {
  const size_t total = node->count - removed + added;
  const size_t behind = node->count - at - removed;
  if (total > Limits<T>::kMax) {
    const Kind kind = node->kind;
    const uint8_t level = node->level;
    Bench<T> bench;
    T* all = bench.items();
    take_items(std::move(node), all);
    std::destroy_n(all + at, removed);
    relocate(all + at + removed, behind, all + at + added);
    relocate(from, added, all + at);
    return split(kind, level, all, total, behind == 0);
  }
  node = own<T>(std::move(node), total);
  Node& to = node.writable();
  T* all = items<T>(to);
  std::destroy_n(all + at, removed);
  relocate(all + at + removed, behind, all + at + added);
  relocate(from, added, all + at);
  to.count = static_cast<uint16_t>(total);
  uint64_t after = behind;
  if constexpr (std::is_same_v<T, NodeLink>) {
    after = 0;
    for (size_t i = at + added; i < total; ++i) after += all[i].size;
  }
  if (!revise(to.measure, before, now, after)) to.measure = measure_of(items<T>(*node));
  return {std::move(node), {}};
}

// Two nodes of one level that lie side by side, as one or two that are full enough.
template <class T>
Pair merge(Ref left, Ref right) {
  const bool fine = left->count >= Limits<T>::kMin && right->count >= Limits<T>::kMin;
  if (fine) return {std::move(left), std::move(right)};
  const Measure now = right->measure;
  Bench<T> bench;
  const size_t added = take_items(std::move(right), bench.items());
  const size_t end = left->count;
  return splice_items(std::move(left), end, 0, {}, bench.items(), added, now);
}

template <class T>
Pair merge_level(Ref left, Ref right) {
  return left->level == 0 ? merge<T>(std::move(left), std::move(right))
                          : merge<NodeLink>(std::move(left), std::move(right));
}

template <class T>
bool too_small(const Node& node) {
  return node.count < (node.level == 0 ? Limits<T>::kMin : Limits<NodeLink>::kMin);
}

// Puts what became of child `at` back into its parent, from which it has been taken out; `before`
// measures what it was.
template <class T>
Pair put_back(Ref parent, size_t at, Measure before, Pair made) {
  size_t removed = 1;
  if (!made.second && too_small<T>(*made.first) && parent->count > 1) {
    const bool last = at + 1 == parent->count;
    const size_t beside = last ? at - 1 : at + 1;
    Ref neighbour = std::move(items<NodeLink>(parent.writable())[beside].child);
    const Measure measure = neighbour->measure;
    before = last ? measure + before : before + measure;
    at = std::min(at, beside);
    removed = 2;
    made = last ? merge_level<T>(std::move(neighbour), std::move(made.first))
                : merge_level<T>(std::move(made.first), std::move(neighbour));
  }
  Bench<NodeLink> bench;
  NodeLink* links = bench.items();
  Measure now = made.first->measure;
  std::construct_at(links, link_to(std::move(made.first)));
  if (!made.second) return splice_items(std::move(parent), at, removed, before, links, 1, now);
  now += made.second->measure;
  std::construct_at(links + 1, link_to(std::move(made.second)));
  return splice_items(std::move(parent), at, removed, before, links, 2, now);
}

// The child with item `index`, which becomes its index there. An index behind all items is in the
// last child.
size_t child_with(const Node& node, size_t& index) {
  const std::span<const NodeLink> links = items<NodeLink>(node);
  size_t at = 0;
  for (; at + 1 < links.size() && index >= links[at].size; ++at) index -= links[at].size;
  return at;
}

// Takes the leaf with item `index` out of the tree, lets edit(leaf, index there) make one or two of
// it, and puts them back.
template <class T, class Edit>
Pair edit_leaf(Ref node, size_t index, Edit& edit) {
  if (node->level == 0) return edit(std::move(node), index);
  node = own<NodeLink>(std::move(node));
  const size_t at = child_with(*node, index);
  Ref child = std::move(items<NodeLink>(node.writable())[at].child);
  const Measure before = child->measure;
  return put_back<T>(std::move(node), at, before, edit_leaf<T>(std::move(child), index, edit));
}

// The root of a tree of one or two nodes; none if they are empty.
Ref root_of(Pair pair) {
  if (pair.second) {
    const Kind kind = pair.first->kind;
    const auto level = static_cast<uint8_t>(pair.first->level + 1);
    Bench<NodeLink> bench;
    std::construct_at(bench.items(), link_to(std::move(pair.first)));
    std::construct_at(bench.items() + 1, link_to(std::move(pair.second)));
    return node_of(kind, level, bench.items(), 2);
  }
  Ref root = std::move(pair.first);
  while (root->level > 0 && root->count == 1) root = Ref(items<NodeLink>(*root)[0].child);
  return root->count == 0 ? Ref() : root;
}

// Two trees side by side, as one or two nodes of the higher one's level.
template <class T>
Pair join(Ref left, Ref right) {
  if (left->level == right->level) return merge_level<T>(std::move(left), std::move(right));
  const bool into_left = left->level > right->level;
  Ref& taller = into_left ? left : right;
  taller = own<NodeLink>(std::move(taller));
  const size_t at = into_left ? taller->count - size_t{1} : 0;
  Ref child = std::move(items<NodeLink>(taller.writable())[at].child);
  const Measure before = child->measure;
  Pair made = into_left ? join<T>(std::move(child), std::move(right))
                        : join<T>(std::move(left), std::move(child));
  return put_back<T>(std::move(taller), at, before, std::move(made));
}

// A node of some links of another one, as the root of a tree.
Ref some_links(const Node& node, size_t begin, size_t end) {
  if (begin == end) return {};
  Bench<NodeLink> bench;
  std::uninitialized_copy_n(items<NodeLink>(node).data() + begin, end - begin, bench.items());
  return root_of({node_of(node.kind, node.level, bench.items(), end - begin), {}});
}

// The nodes above a row of nodes, each with about the same number of them.
std::vector<Ref> level_above(std::vector<Ref> row) {
  const size_t count = (row.size() + Limits<NodeLink>::kMax - 1) / Limits<NodeLink>::kMax;
  std::vector<Ref> above;
  above.reserve(count);
  for (size_t i = 0, from = 0; i < count; ++i) {
    const size_t to = row.size() * (i + 1) / count;
    Bench<NodeLink> bench;
    const Kind kind = row[from]->kind;
    const auto level = static_cast<uint8_t>(row[from]->level + 1);
    for (size_t j = from; j < to; ++j) {
      std::construct_at(bench.items() + (j - from), link_to(std::move(row[j])));
    }
    above.push_back(node_of(kind, level, bench.items(), to - from));
    from = to;
  }
  return above;
}

}  // namespace

template <class T>
Ref Sequence<T>::build(Kind kind, std::span<const T> all) {
  if (all.empty()) return {};
  constexpr size_t kSlack = std::is_same_v<T, char> ? 3 : 0;  // what border() may add to a leaf
  constexpr size_t kLeaf = Limits<T>::kMax - kSlack;
  const size_t count = (all.size() + kLeaf - 1) / kLeaf;
  std::vector<Ref> row;
  row.reserve(count);
  for (size_t i = 0, from = 0; i < count; ++i) {
    const size_t even = all.size() * (i + 1) / count;
    const size_t to = even == all.size() ? even : border(all.data(), even);
    Ref leaf = make_node<T>(kind, 0, to - from);
    Node& node = leaf.writable();
    std::uninitialized_copy_n(all.data() + from, to - from, items<T>(node));
    node.count = static_cast<uint16_t>(to - from);
    node.measure = measure_of(all.subspan(from, to - from));
    row.push_back(std::move(leaf));
    from = to;
  }
  while (row.size() > 1) row = level_above(std::move(row));
  return std::move(row[0]);
}

template <class T>
const T& Sequence<T>::at(const Node& root, size_t index) {
  const Node* node = &root;
  while (node->level > 0) node = &*items<NodeLink>(*node)[child_with(*node, index)].child;
  return items<T>(*node)[index];
}

template <class T>
Ref Sequence<T>::set(Ref root, size_t index, T item) {
  auto edit = [&item](Ref leaf, size_t at) {
    const Measure before = measure_of(items<T>(*leaf).subspan(at, 1));
    Bench<T> bench;
    T* from = std::construct_at(bench.items(), std::move(item));
    const Measure now = measure_of(std::span<const T>(from, 1));
    return splice_items(std::move(leaf), at, 1, before, from, 1, now);
  };
  return root_of(edit_leaf<T>(std::move(root), index, edit));
}

template <class T>
Ref Sequence<T>::insert(Kind kind, Ref root, size_t index, T item) {
  if (!root) return build(kind, std::span<const T>(&item, 1));
  auto edit = [&item](Ref leaf, size_t at) {
    Bench<T> bench;
    T* from = std::construct_at(bench.items(), std::move(item));
    const Measure now = measure_of(std::span<const T>(from, 1));
    return splice_items(std::move(leaf), at, 0, {}, from, 1, now);
  };
  return root_of(edit_leaf<T>(std::move(root), index, edit));
}

template <class T>
Ref Sequence<T>::erase(Ref root, size_t index) {
  auto edit = [](Ref leaf, size_t at) {
    const Measure before = measure_of(items<T>(*leaf).subspan(at, 1));
    return splice_items<T>(std::move(leaf), at, 1, before, nullptr, 0, {});
  };
  return root_of(edit_leaf<T>(std::move(root), index, edit));
}

template <class T>
Ref Sequence<T>::slice(Ref root, size_t begin, size_t end) {
  if (begin == end) return {};
  if (begin == 0 && end == root->measure.size) return root;
  if (root->level == 0) return build(root->kind, items<T>(*root).subspan(begin, end - begin));
  const size_t length = end - begin;
  size_t last_index = end - 1;
  const size_t first = child_with(*root, begin);
  const size_t last = child_with(*root, last_index);
  const std::span<const NodeLink> links = items<NodeLink>(*root);
  if (first == last) return slice(Ref(links[first].child), begin, begin + length);
  Ref left = slice(Ref(links[first].child), begin, links[first].size);
  Ref right = slice(Ref(links[last].child), 0, last_index + 1);
  Ref middle = some_links(*root, first + 1, last);
  return concat(concat(std::move(left), std::move(middle)), std::move(right));
}

template <class T>
Ref Sequence<T>::concat(Ref a, Ref b) {
  if (!a) return b;
  if (!b) return a;
  return root_of(join<T>(std::move(a), std::move(b)));
}

template struct Sequence<char>;
template struct Sequence<Value>;
template struct Sequence<Entry>;

SequencePlace find_key(const Node& root, const Value& key) {
  const Node* node = &root;
  size_t before = 0;
  while (node->level > 0) {
    const std::span<const NodeLink> links = items<NodeLink>(*node);
    size_t at = 0;
    for (size_t end = links.size(); end - at > 1;) {
      const size_t middle = (at + end) / 2;
      (Value::compare(links[middle].low, key) <= 0 ? at : end) = middle;
    }
    for (size_t i = 0; i < at; ++i) before += links[i].size;
    node = &*links[at].child;
  }
  const std::span<const Entry> entries = items<Entry>(*node);
  size_t low = 0;
  for (size_t high = entries.size(); low < high;) {
    const size_t middle = (low + high) / 2;
    const int order = Value::compare(entries[middle].key, key);
    if (order == 0) return {before + middle, true};
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return {before + low, false};
}

}  // namespace lexum
