// What was last seen in some place, which is what the next thing there is likely to resemble.
#pragma once

#include <cstdint>
#include <vector>

#include "base/digest.h"

namespace lexum {

// The last value that stood in some place: what the next one there is likely to resemble.
struct Last {
  int64_t number = 0;
  uint32_t text = 0;  // its number in the chunk
  uint8_t tag = 0;
  bool known = false;
};

// The instances of a chunk in the order in which they changed something, each with what its fields
// became last. A cleared one keeps its memory.
class OwnFields {
 public:
  void clear() {
    fields_.clear();
    instances_ = 0;
    table_.assign(table_.size(), {});
  }
  // The first of `count` fields of the instance. `key` tells it from others of its domain. Good
  // until the next call.
  Last* of(uint32_t domain, uint64_t key, size_t count) {
    if (2 * instances_ >= table_.size()) grow();
    Place& place = place_of(table_, domain, key);
    if (!place.taken) {
      place = {.key = key,
               .domain = domain,
               .first = static_cast<uint32_t>(fields_.size()),
               .taken = true};
      fields_.resize(fields_.size() + count);
      ++instances_;
    }
    return fields_.data() + place.first;
  }

 private:
  struct Place {
    uint64_t key = 0;
    uint32_t domain = 0;
    uint32_t first = 0;  // in fields_
    bool taken = false;
  };
  static Place& place_of(std::vector<Place>& table, uint32_t domain, uint64_t key) {
    for (size_t at = fold(key ^ 0x9e3779b97f4a7c15, domain + 0xd6e8feb86659fd93);; ++at) {
      Place& place = table[at & (table.size() - 1)];
      if (!place.taken || (place.key == key && place.domain == domain)) return place;
    }
  }
  void grow() {
    std::vector<Place> larger(2 * table_.size());
    for (const Place& place : table_) {
      if (place.taken) place_of(larger, place.domain, place.key) = place;
    }
    table_ = std::move(larger);
  }

  std::vector<Place> table_ = std::vector<Place>(1024);  // a power of two
  std::vector<Last> fields_;
  size_t instances_ = 0;
};

}  // namespace lexum
