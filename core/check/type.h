// The types of a program, interned: two types are the same exactly if their ids are.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.h"

namespace lexum {

using TypeId = Id<struct TypeTag>;

enum class TypeKind : uint8_t {
  kError,  // of what made no sense; goes with everything, so that one mistake is reported once
  kNull,   // of `null` alone
  kEmpty,  // of the elements of `[]` and `{}` before they meet a wanted type
  kNone,   // of a call without a value
  kBool,
  kInt,
  kText,
  kList,
  kMap,
  kRecord,
};

struct Type {
  TypeKind kind = TypeKind::kError;
  bool optional = false;
  TypeId key = {};      // kMap: int or text
  TypeId element = {};  // kList, kMap
  uint32_t shape = 0;   // kRecord: into Program::records
  friend bool operator==(const Type&, const Type&) = default;
};

class Types {
 public:
  // Knows the kinds without parts, kError to kText.
  Types();

  // Of a kind without parts.
  static constexpr TypeId of(TypeKind kind) { return TypeId(static_cast<size_t>(kind)); }
  TypeId intern(const Type& type);
  TypeId list_of(TypeId element) { return intern({.kind = TypeKind::kList, .element = element}); }
  TypeId map_of(TypeId key, TypeId element) {
    return intern({.kind = TypeKind::kMap, .key = key, .element = element});
  }
  // The type with or without its `?`. What has no such twin (kError, kNull …) stays as it is.
  TypeId optional(TypeId id);
  TypeId required(TypeId id);

  const Type& operator[](TypeId id) const { return types_[id.index()]; }
  [[nodiscard]] size_t size() const { return types_.size(); }

 private:
  struct Hash {
    size_t operator()(const Type& type) const;
  };

  std::vector<Type> types_;
  std::unordered_map<Type, TypeId, Hash> ids_;
};

}  // namespace lexum
