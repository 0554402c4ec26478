// The one kind of shared node: a head, and behind it a row of items in the same piece of memory.
//
//     level 0   text: char         list, record: Value        map: Entry
//     above     NodeLink: a child, with what a search must know of it before it goes there
//
// A node that others can see never changes. One that has a single holder may be changed by that
// holder; own() gives such a node, the same one or a copy. Items are moved from node to node by
// their bytes, which is right for all four.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "value/measure.h"
#include "value/value.h"

namespace lexum {

struct Node : Counted {
  uint32_t shape = 0;     // of a record
  uint16_t count = 0;     // items in this node
  uint16_t capacity = 0;  // items it has room for
  Kind kind = Kind::kNull;
  uint8_t level = 0;
  Measure measure;  // of all that lies below, items of this node included
};
static_assert(sizeof(Node) % alignof(Value) == 0);

void destroy_node(const Node* node) noexcept;

// One hold on a node, or none.
class Ref {
 public:
  Ref() noexcept = default;
  // Takes over a hold that there is already.
  static Ref adopt(const Node* node) noexcept {
    Ref ref;
    ref.node_ = const_cast<Node*>(node);
    return ref;
  }
  Ref(const Ref& o) noexcept : node_(o.node_) {
    if (node_ != nullptr) node_->hold();
  }
  Ref(Ref&& o) noexcept : node_(std::exchange(o.node_, nullptr)) {}
  Ref& operator=(Ref o) noexcept {
    std::swap(node_, o.node_);
    return *this;
  }
  ~Ref() {
    if (node_ != nullptr && node_->let_go()) destroy_node(node_);
  }

  explicit operator bool() const { return node_ != nullptr; }
  const Node* operator->() const { return node_; }
  const Node& operator*() const { return *node_; }
  const Node* release() { return std::exchange(node_, nullptr); }
  // Nobody else can see the node, or come to see it.
  [[nodiscard]] bool alone() const { return node_->held_once(); }
  // Requires alone().
  [[nodiscard]] Node& writable() { return *node_; }

 private:
  Node* node_ = nullptr;
};

struct NodeLink {
  Value low;  // the first key below, of a map
  Ref child;
  uint64_t size = 0;  // child->measure.size
};

// How many items a node holds. A root may have fewer than kMin, every other node may not; a split
// leaves both halves far enough from either end that the next few edits move nothing.
template <class T>
struct Limits {
  static constexpr size_t kMax = 16;
  static constexpr size_t kMin = 4;
};
template <>
struct Limits<Value> {
  static constexpr size_t kMax = 32;
  static constexpr size_t kMin = 8;
};
template <>
struct Limits<char> {
  static constexpr size_t kMax = 512;
  static constexpr size_t kMin = 128;
};

template <class T>
T* items(Node& node) {
  return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(&node) + sizeof(Node));
}
template <class T>
std::span<const T> items(const Node& node) {
  return {reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(&node) + sizeof(Node)),
          node.count};
}

// An empty node with room for so many items. Requires room <= 65535.
template <class T>
Ref make_node(Kind kind, uint8_t level, size_t room) {
  LEXUM_CHECK(room <= UINT16_MAX);
  auto* node = new (::operator new(sizeof(Node) + room * sizeof(T))) Node;
  node->kind = kind;
  node->level = level;
  node->capacity = static_cast<uint16_t>(room);
  return Ref::adopt(node);
}

// Moves items to memory that holds none; where they were, there are none now. The two may overlap.
template <class T>
void relocate(T* from, size_t count, T* to) {
  if (count != 0)
    std::memmove(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(T));
}

// Moves all items of a node to memory that holds none, or copies them if others hold the node too.
// Gives their number.
template <class T>
size_t take_items(Ref node, T* to) {
  const size_t count = node->count;
  if (node.alone()) {
    relocate(items<T>(node.writable()), count, to);
    node.writable().count = 0;
  } else {
    std::uninitialized_copy_n(items<T>(*node).data(), count, to);
  }
  return count;
}

// The same items in a node that nobody else holds and that has room for so many, or for what it
// has.
template <class T>
Ref own(Ref node, size_t room = 0) {
  if (node.alone() && node->capacity >= room) return node;
  room = std::max<size_t>(room, node->count);
  if (room > node->capacity) room = std::max(room, std::min(Limits<T>::kMax, room + room / 2));
  Ref copy = make_node<T>(node->kind, node->level, room);
  Node& to = copy.writable();
  to.shape = node->shape;
  to.measure = node->measure;
  to.count = node->count;
  take_items(std::move(node), items<T>(to));
  return copy;
}

inline Measure measure_of(const Value& v) {
  return {1, 1 + v.parts(), v.weight(), HashLanes::of(v.digest()), v.depth()};
}
inline Measure measure_of(const Entry& e) {
  const Sum128 value = e.value.digest();
  return {1, 1 + e.value.parts(), e.key.weight() + e.value.weight(),
          HashLanes::of(mark(mark(e.key.digest(), value.a), value.b)), e.value.depth()};
}
inline const Measure& measure_of(const NodeLink& link) { return link.child->measure; }

template <class T>
Measure measure_of(std::span<const T> run) {
  if constexpr (std::is_same_v<T, char>) {
    return measure_bytes({run.data(), run.size()});
  } else {
    Measure sum;
    for (const T& item : run) sum += measure_of(item);
    return sum;
  }
}

// What a Value holds, handed over to the trees and back.
struct ValueAccess {
  // The node of a text, list, map or record; that of a short text is made. None if it is empty.
  static Ref node(Value value);
  // The other way: a text that became short lies in place, and an empty list or map has no node.
  static Value value(Kind kind, Ref node);
};

}  // namespace lexum
