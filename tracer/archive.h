// cereal archives over byte buffers: every integer a varint, every count before what it counts. A
// type says once which fields it has (`serialize`), and since when, and that is how it is written
// and how it is read. Reading trusts nothing: memory grows with what was read, and what makes no
// sense turns the reader bad.
#pragma once

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <cereal/cereal.hpp>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/id.h"
#include "value/change.h"

namespace lexum {

class PackArchive : public cereal::OutputArchive<PackArchive, cereal::AllowEmptyClassElision> {
 public:
  PackArchive(ByteWriter& bytes, uint32_t its_version)
      : OutputArchive(this), out(bytes), version(its_version) {}
  ByteWriter& out;
  const uint32_t version;
};

class UnpackArchive : public cereal::InputArchive<UnpackArchive, cereal::AllowEmptyClassElision> {
 public:
  UnpackArchive(ByteReader& bytes, uint32_t its_version)
      : InputArchive(this), in(bytes), version(its_version) {}
  ByteReader& in;
  const uint32_t version;
};

// Fields that the format has from that version on.
template <class Archive, class... Fields>
void since(uint32_t version, Archive& a, Fields&... fields) {
  if (a.version >= version) a(fields...);
}

template <class T>
requires std::is_arithmetic_v<T>
void save(PackArchive& a, const T& v) {
  if constexpr (std::is_signed_v<T>) a.out.signed_varint(v);
  else a.out.varint(v);
}
template <class T>
requires std::is_arithmetic_v<T>
void load(UnpackArchive& a, T& v) {
  using Wide = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
  Wide wide = 0;
  if constexpr (std::is_signed_v<T>) wide = a.in.signed_varint();
  else wide = a.in.varint();
  if (wide > Wide{std::numeric_limits<T>::max()} || wide < Wide{std::numeric_limits<T>::min()}) {
    a.in.spoil();
    wide = 0;
  }
  v = static_cast<T>(wide);
}

// One more than the index, so that none is 0.
template <class Tag>
void save(PackArchive& a, const Id<Tag>& id) {
  a.out.varint(static_cast<uint32_t>(id.value + 1));
}
template <class Tag>
void load(UnpackArchive& a, Id<Tag>& id) {
  uint32_t number = 0;
  a(number);
  id.value = number - 1;
}

inline void save(PackArchive& a, const std::string& text) { a.out.text(text); }
inline void load(UnpackArchive& a, std::string& text) { text = a.in.text(); }

inline void save(PackArchive& a, const Value& value) { encode(a.out, value); }
inline void load(UnpackArchive& a, Value& value) { value = decode(a.in); }

inline void save(PackArchive& a, const Sum128& sum) {
  a.out.fixed64(sum.a);
  a.out.fixed64(sum.b);
}
inline void load(UnpackArchive& a, Sum128& sum) {
  sum.a = a.in.fixed64();
  sum.b = a.in.fixed64();
}

inline void save(PackArchive& a, const Hash256& hash) { a.out.raw(hash); }
inline void load(UnpackArchive& a, Hash256& hash) {
  const Bytes bytes = a.in.raw(hash.size());
  if (a.in.good()) std::memcpy(hash.data(), bytes.data(), hash.size());
}

template <class T>
void save(PackArchive& a, const std::vector<T>& items) {
  a.out.varint(items.size());
  for (const T& item : items) a(item);
}
template <class T>
void load(UnpackArchive& a, std::vector<T>& items) {
  items.clear();
  for (uint64_t count = a.in.varint(); count > 0 && a.in.good(); --count) a(items.emplace_back());
}

}  // namespace lexum

CEREAL_SETUP_ARCHIVE_TRAITS(lexum::UnpackArchive, lexum::PackArchive)
