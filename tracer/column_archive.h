// The same things as in archive.h, but each in a column of its own: what stands in the same place
// of alike things stands together, and an integer as the step from the one before it. So a thousand
// instances that did about the same take a fraction of the bytes.
//
// Columns form a tree, as fields do: a record has a part for each of its fields, a list one for all
// of its items, but a list of values one for each of the first places. FORMAT.md has the bytes.
#pragma once

#include <algorithm>
#include <memory>
#include <type_traits>
#include <vector>

#include "tracer/archive.h"

namespace lexum {

// Fields and arguments further behind share a column.
inline constexpr size_t kColumnsOfList = 16;
// What a reader believes of the tree; types have fewer of both.
inline constexpr size_t kColumnsMax = 4096;
inline constexpr size_t kColumnDepth = 32;

// A column, and those of what it is made of. `Buffer` writes or reads.
template <class Buffer>
struct ColumnNode {
  ColumnNode(ColumnNode* its_parent, Buffer its_bytes)
      : parent(its_parent), bytes(std::move(its_bytes)) {}

  ColumnNode* const parent;
  Buffer bytes;
  uint64_t last = 0;  // the integer before
  std::vector<std::unique_ptr<ColumnNode>> parts = {};
  size_t next = 0;  // which part is asked for next
};

class ColumnPacker : public cereal::OutputArchive<ColumnPacker, cereal::AllowEmptyClassElision> {
 public:
  using Node = ColumnNode<ByteWriter>;
  explicit ColumnPacker(uint32_t its_version) : OutputArchive(this), version(its_version) {}
  const uint32_t version;

  // All columns, and where each one that has something ends.
  void write(ByteWriter& out, std::vector<size_t>& ends) const { write(root_, out, ends); }

  void number(uint64_t v) {
    here_->bytes.signed_varint(static_cast<int64_t>(v - here_->last));
    here_->last = v;
  }
  void signed_number(int64_t v) { number(static_cast<uint64_t>(v)); }
  void text(const std::string& v) { here_->bytes.text(v); }
  void raw(Bytes v) { here_->bytes.raw(v); }
  void value(const Value& v) {
    const bool is_int = v.kind() == Kind::kInt;
    here_->bytes.byte(is_int);
    here_->next = is_int;
    enter();
    if (is_int) signed_number(v.as_int());
    else encode(here_->bytes, v);
    leave();
  }
  void element(size_t place) { here_->next = std::min(place, kColumnsOfList - 1); }

  void enter() {
    while (here_->parts.size() <= here_->next) {
      here_->parts.push_back(std::make_unique<Node>(here_, ByteWriter()));
    }
    here_ = here_->parts[here_->next++].get();
    here_->next = 0;
  }
  void leave() { here_ = here_->parent; }

 private:
  static void write(const Node& node, ByteWriter& out, std::vector<size_t>& ends) {
    out.varint(node.bytes.size());
    out.varint(node.parts.size());
    out.raw(node.bytes.bytes());
    if (!node.bytes.empty()) ends.push_back(out.size());
    for (const auto& part : node.parts) write(*part, out, ends);
  }

  Node root_{nullptr, ByteWriter()};
  Node* here_ = &root_;
};

class ColumnUnpacker : public cereal::InputArchive<ColumnUnpacker, cereal::AllowEmptyClassElision> {
 public:
  using Node = ColumnNode<ByteReader>;
  ColumnUnpacker(ByteReader& in, uint32_t its_version)
      : InputArchive(this), version(its_version), root_(read(in, nullptr, 0)) {
    good_ = in.good();
  }
  const uint32_t version;

  [[nodiscard]] bool good() const { return good_; }
  void spoil() { good_ = false; }
  // Whether everything was asked for.
  [[nodiscard]] bool at_end() const { return at_end(*root_); }

  uint64_t number() {
    here_->last += static_cast<uint64_t>(look(here_->bytes.signed_varint()));
    return here_->last;
  }
  int64_t signed_number() { return static_cast<int64_t>(number()); }
  std::string_view text() { return look(here_->bytes.text()); }
  Bytes raw(size_t size) { return look(here_->bytes.raw(size)); }
  Value value() {
    const uint8_t is_int = look(here_->bytes.byte());
    if (is_int > 1) spoil();
    here_->next = is_int;
    enter();
    Value v = is_int != 0 ? Value::of(signed_number()) : look(decode(here_->bytes));
    leave();
    return v;
  }
  void element(size_t place) { here_->next = std::min(place, kColumnsOfList - 1); }

  // A part that is not there spoils, and is left again as others are.
  void enter() {
    if (lost_ > 0 || here_->next >= here_->parts.size()) {
      good_ = false;
      ++lost_;
      return;
    }
    here_ = here_->parts[here_->next++].get();
    here_->next = 0;
  }
  void leave() {
    if (lost_ > 0) --lost_;
    else here_ = here_->parent;
  }

 private:
  std::unique_ptr<Node> read(ByteReader& in, Node* parent, size_t depth) {
    const uint64_t size = in.varint();
    const uint64_t parts = in.varint();
    auto node = std::make_unique<Node>(parent, ByteReader(in.raw(size)));
    if (++columns_ > kColumnsMax || depth == kColumnDepth) in.spoil();
    for (uint64_t i = 0; i < parts && in.good(); ++i)
      node->parts.push_back(read(in, node.get(), depth + 1));
    return node;
  }
  static bool at_end(const Node& node) {
    return node.bytes.at_end() &&
           std::ranges::all_of(node.parts, [](const auto& part) { return at_end(*part); });
  }
  // Passes on what was read, and notes if that failed.
  template <class T>
  T look(T v) {
    good_ = good_ && here_->bytes.good();
    return v;
  }

  size_t columns_ = 0;
  std::unique_ptr<Node> root_;
  Node* here_ = root_.get();
  size_t lost_ = 0;  // how many parts that are not there it stands in
  bool good_ = true;
};

// cereal calls these around each thing that it is given.
template <class T>
void prologue(ColumnPacker& a, const T&) {
  a.enter();
}
template <class T>
void epilogue(ColumnPacker& a, const T&) {
  a.leave();
}
template <class T>
void prologue(ColumnUnpacker& a, const T&) {
  a.enter();
}
template <class T>
void epilogue(ColumnUnpacker& a, const T&) {
  a.leave();
}

}  // namespace lexum

CEREAL_SETUP_ARCHIVE_TRAITS(lexum::ColumnUnpacker, lexum::ColumnPacker)
