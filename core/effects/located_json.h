// JSON that knows where each part of it stood, for texts that people write and want to be corrected
// in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lexum {

struct LocatedMember;

struct LocatedJson {
  enum class Kind : uint8_t { kNull, kBool, kInt, kOtherNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  uint32_t offset = 0;                 // of its first byte
  std::string text;                    // of a text; of all else but lists and objects, as JSON
  int64_t number = 0;                  // of an int
  bool yes = false;                    // of a bool
  std::vector<LocatedJson> elements;   // of a list
  std::vector<LocatedMember> members;  // of an object, in the order of the text
};

struct LocatedMember {
  std::string name;
  uint32_t offset = 0;  // of the name
  LocatedJson value;
};

// The Error's offset is where it goes wrong. Nothing is nested deeper than kJsonDepthMax. Requires
// a text of less than 4 GiB.
Result<LocatedJson> read_located_json(std::string_view text);

}  // namespace lexum
