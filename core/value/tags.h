// What writer and reader of values and of changes share: the bytes that say what comes next, and
// what a reader must not let pass. BYTES.md has the layout.
#pragma once

#include <cstdint>
#include <string_view>

#include "value/value.h"

namespace lexum {

// Of a value.
inline constexpr uint8_t kNullTag = 0;
inline constexpr uint8_t kFalseTag = 1;
inline constexpr uint8_t kTrueTag = 2;
inline constexpr uint8_t kIntTag = 3;
inline constexpr uint8_t kTextTag = 4;
inline constexpr uint8_t kListTag = 5;
inline constexpr uint8_t kMapTag = 6;
inline constexpr uint8_t kRecordTag = 7;
inline constexpr uint8_t kDigestTag = 8;  // only in canonical bytes

// Of a change.
inline constexpr uint8_t kSameTag = 0;
inline constexpr uint8_t kWholeTag = 1;
inline constexpr uint8_t kEditsTag = 2;

// Whether it is UTF-8, read strictly.
bool is_utf8(std::string_view text);
// Whether a map may have this key right after that one (none: as its first).
bool may_follow(const Value* before, const Value& key);

}  // namespace lexum
