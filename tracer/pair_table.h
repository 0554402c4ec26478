// A table from pairs of numbers to numbers, for what is looked up at every event of a chunk: open
// addressing, and clearing keeps the memory.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace lexum {

class PairTable {
 public:
  void clear() {
    if (count_ > 0) places_.assign(places_.size(), {});
    count_ = 0;
  }
  // 0 where nothing was set.
  [[nodiscard]] uint32_t find(uint32_t a, uint64_t b) const { return places_[at(a, b)].number; }
  // What stands there, to be set to something other than 0. Good until the next call.
  uint32_t& operator()(uint32_t a, uint64_t b) {
    if (2 * count_ >= places_.size()) grow();
    Place& place = places_[at(a, b)];
    if (place.number == 0) {
      place.a = a;
      place.b = b;
      ++count_;
    }
    return place.number;
  }

 private:
  struct Place {
    uint64_t b = 0;
    uint32_t a = 0;
    uint32_t number = 0;  // 0: free
  };
  [[nodiscard]] size_t at(uint32_t a, uint64_t b) const {
    for (size_t i = fold(b ^ 0x9e3779b97f4a7c15, a + 0xd6e8feb86659fd93);; ++i) {
      const Place& place = places_[i & (places_.size() - 1)];
      if (place.number == 0 || (place.b == b && place.a == a)) return i & (places_.size() - 1);
    }
  }
  void grow() {
    std::vector<Place> old(2 * places_.size());
    old.swap(places_);
    for (const Place& place : old) {
      if (place.number != 0) places_[at(place.a, place.b)] = place;
    }
  }

  std::vector<Place> places_ = std::vector<Place>(256);  // a power of two
  size_t count_ = 0;
};

}  // namespace lexum
