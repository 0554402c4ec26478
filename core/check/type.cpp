// Interning of types: one entry for each, found by its content.
#include "check/type.h"

#include "base/digest.h"

namespace lexum {

Types::Types() {
  for (auto kind = TypeKind::kError; kind <= TypeKind::kText;
       kind = static_cast<TypeKind>(static_cast<uint8_t>(kind) + 1)) {
    intern({.kind = kind});
  }
}

TypeId Types::intern(const Type& type) {
  const auto [place, is_new] = ids_.try_emplace(type, TypeId(types_.size()));
  if (is_new) types_.push_back(type);
  return place->second;
}

TypeId Types::optional(TypeId id) {
  Type type = types_[id.index()];
  if (type.kind < TypeKind::kBool) return id;
  type.optional = true;
  return intern(type);
}

TypeId Types::required(TypeId id) {
  Type type = types_[id.index()];
  type.optional = false;
  return intern(type);
}

size_t Types::Hash::operator()(const Type& type) const {
  const uint64_t head =
      static_cast<uint64_t>(type.kind) << 1 | static_cast<uint64_t>(type.optional);
  const uint64_t parts = static_cast<uint64_t>(type.key.value) << 32 | type.element.value;
  return fold(head << 32 | type.shape, parts ^ 0x9e3779b97f4a7c15ull);
}

}  // namespace lexum
