// From the key of a domain's instance to its id: an open-addressing table. It is asked, never
// walked, so its order shows nowhere.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/image.h"

namespace lexum {

class KeyIndex {
 public:
  // None if the key was never set.
  [[nodiscard]] InstanceId find(const Value& key) const {
    if (slots_.empty()) return {};
    for (size_t i = start(key);; i = (i + 1) & mask()) {
      const Slot& slot = slots_[i];
      if (!slot.id || slot.key == key) return slot.id;
    }
  }

  void set(const Value& key, InstanceId id) {
    if (count_ * 4 >= slots_.size() * 3) grow();
    size_t i = start(key);
    while (slots_[i].id && !(slots_[i].key == key)) i = (i + 1) & mask();
    if (!slots_[i].id) ++count_;
    slots_[i] = {key, id};
  }

 private:
  struct Slot {
    Value key;
    InstanceId id;
  };
  [[nodiscard]] size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] size_t start(const Value& key) const {
    const uint64_t hash = key.kind() == Kind::kInt
                              ? fold(static_cast<uint64_t>(key.as_int()), 0x9e3779b97f4a7c15ull)
                              : key.digest().a;
    return hash & mask();
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
    old.swap(slots_);
    count_ = 0;
    for (Slot& slot : old) {
      if (slot.id) set(slot.key, slot.id);
    }
  }

  std::vector<Slot> slots_;  // a power of two, or none; at most three quarters full
  size_t count_ = 0;
};

}  // namespace lexum
