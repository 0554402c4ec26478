// Values, and edits of them, as they stand in a line for people: what is short is written out, what
// is long is summed up, and of an edit there is what went, what came, and where.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "check/program.h"

namespace lexum {

// "text", "list" …
std::string_view spelling(Kind kind);
// `"pending"`, `[1, 2]`; "list of 200" of a long one.
std::string brief(const Program& program, const Value& value);
// Bytes, elements, entries or fields. Requires a text, list, map or record.
uint64_t size_of(const Value& value);

struct EditOutline {
  // `[59] + "w60"`, `[7].state: "new" → "done"`, `[0] - 1, [1] - 2, [8] + 3`: what went stands
  // where it was, what came where it is. An entry of a map whose value alone has changed is known
  // by its place, from 1 on: `entry 9: 1 → 2`. Empty if `whole`.
  std::string text;
  int64_t grown = 0;  // items, entries or bytes that the value has more than before
  // One value altogether for another: both, briefly.
  std::optional<std::pair<std::string, std::string>> whole;
};
// Of the bytes of a change (value/change.h) of a value of that type; nothing if they make no sense.
// What goes beyond `bytes_max` is counted instead.
std::optional<EditOutline> outline(const Program& program, TypeId type, Bytes change,
                                   size_t bytes_max);

}  // namespace lexum
