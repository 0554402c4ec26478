// cereal archives over byte buffers: every integer a varint, every count before what it counts. A
// type says once which fields it has (`serialize`), and since when, and that is how it is written
// and how it is read. Reading trusts nothing: memory grows with what was read, and what makes no
// sense spoils the reader.
//
// What an archive must offer besides, to write: number, signed_number, text, raw and value; to
// read, the same without arguments but for raw(size), and good and spoil. element(place) is told
// before each item of a list, with the place of what has one: of values.
#pragma once

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <cereal/cereal.hpp>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/seldom.h"
#include "value/change.h"

namespace lexum {

// One thing behind the other, as they are said.
class PackArchive : public cereal::OutputArchive<PackArchive, cereal::AllowEmptyClassElision> {
 public:
  PackArchive(ByteWriter& out, uint32_t its_version)
      : OutputArchive(this), version(its_version), out_(out) {}
  const uint32_t version;

  void number(uint64_t v) { out_.varint(v); }
  void signed_number(int64_t v) { out_.signed_varint(v); }
  void text(const std::string& v) { out_.text(v); }
  void raw(Bytes v) { out_.raw(v); }
  void value(const Value& v) { encode(out_, v); }
  void element(size_t) {}

 private:
  ByteWriter& out_;
};

class UnpackArchive : public cereal::InputArchive<UnpackArchive, cereal::AllowEmptyClassElision> {
 public:
  UnpackArchive(ByteReader& in, uint32_t its_version)
      : InputArchive(this), version(its_version), in_(in) {}
  const uint32_t version;

  uint64_t number() { return in_.varint(); }
  int64_t signed_number() { return in_.signed_varint(); }
  std::string_view text() { return in_.text(); }
  Bytes raw(size_t size) { return in_.raw(size); }
  Value value() { return decode(in_); }
  void element(size_t) {}
  [[nodiscard]] bool good() const { return in_.good(); }
  void spoil() { in_.spoil(); }

 private:
  ByteReader& in_;
};

template <class Archive>
concept Packs = Archive::is_saving::value;
template <class Archive>
concept Unpacks = Archive::is_loading::value;

// Fields that the format has from that version on.
template <class Archive, class... Fields>
void since(uint32_t version, Archive& a, Fields&... fields) {
  if (a.version >= version) a(fields...);
}

template <Packs A, class T>
requires std::is_arithmetic_v<T>
void save(A& a, const T& v) {
  if constexpr (std::is_signed_v<T>) a.signed_number(v);
  else a.number(v);
}
template <Unpacks A, class T>
requires std::is_arithmetic_v<T>
void load(A& a, T& v) {
  using Wide = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
  Wide wide = 0;
  if constexpr (std::is_signed_v<T>) wide = a.signed_number();
  else wide = a.number();
  if (wide > Wide{std::numeric_limits<T>::max()} || wide < Wide{std::numeric_limits<T>::min()}) {
    a.spoil();
    wide = 0;
  }
  v = static_cast<T>(wide);
}

// One more than the index, so that none is 0.
template <Packs A, class Tag>
void save(A& a, const Id<Tag>& id) {
  a.number(static_cast<uint32_t>(id.value + 1));
}
template <Unpacks A, class Tag>
void load(A& a, Id<Tag>& id) {
  uint32_t number = 0;
  load(a, number);
  id.value = number - 1;
}

template <Packs A>
void save(A& a, const std::string& text) {
  a.text(text);
}
template <Unpacks A>
void load(A& a, std::string& text) {
  text = a.text();
}

template <Packs A>
void save(A& a, const Value& value) {
  a.value(value);
}
template <Unpacks A>
void load(A& a, Value& value) {
  value = a.value();
}

template <Packs A>
void save(A& a, const Sum128& sum) {
  a.raw(std::as_bytes(std::span(&sum.a, 1)));
  a.raw(std::as_bytes(std::span(&sum.b, 1)));
}
template <Unpacks A>
void load(A& a, Sum128& sum) {
  for (uint64_t* half : {&sum.a, &sum.b}) {
    const Bytes bytes = a.raw(sizeof *half);
    if (a.good()) std::memcpy(half, bytes.data(), sizeof *half);
  }
}

template <Packs A>
void save(A& a, const Hash256& hash) {
  a.raw(hash);
}
template <Unpacks A>
void load(A& a, Hash256& hash) {
  const Bytes bytes = a.raw(hash.size());
  if (a.good()) std::memcpy(hash.data(), bytes.data(), hash.size());
}

template <Packs A, class T>
void save(A& a, const std::vector<T>& items) {
  a.number(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    a.element(std::is_same_v<T, Value> ? i : 0);
    a(items[i]);
  }
}
template <Unpacks A, class T>
void load(A& a, std::vector<T>& items) {
  items.clear();
  const uint64_t count = a.number();
  for (uint64_t i = 0; i < count && a.good(); ++i) {
    a.element(std::is_same_v<T, Value> ? i : 0);
    a(items.emplace_back());
  }
}

template <Packs A, class T>
void save(A& a, const Seldom<T>& items) {
  save(a, items.list());
}
template <Unpacks A, class T>
void load(A& a, Seldom<T>& items) {
  std::vector<T> list;
  load(a, list);
  items = std::move(list);
}

}  // namespace lexum

CEREAL_SETUP_ARCHIVE_TRAITS(lexum::UnpackArchive, lexum::PackArchive)
