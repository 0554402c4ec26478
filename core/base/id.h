// Typed ids: an index into an array that cannot be mixed up with an index into another one.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace lexum {

template <class Tag>
struct Id {
  static constexpr uint32_t kNone = UINT32_MAX;

  uint32_t value = kNone;

  constexpr Id() = default;
  constexpr explicit Id(size_t index) : value(static_cast<uint32_t>(index)) {}

  constexpr explicit operator bool() const { return value != kNone; }
  [[nodiscard]] constexpr size_t index() const { return value; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

// A run of consecutive entries of an array.
struct Range {
  uint32_t first = 0;
  uint32_t count = 0;
};

}  // namespace lexum

template <class Tag>
struct std::hash<lexum::Id<Tag>> {
  size_t operator()(lexum::Id<Tag> id) const noexcept { return id.value; }
};
