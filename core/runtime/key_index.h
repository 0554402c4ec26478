// From the key of a domain's instance to its id. Keys that are small numbers, as most are, stand in
// a plain array; the others in an open-addressing table. It is asked, never walked, so its order
// shows nowhere.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/image.h"

namespace lexum {

class KeyIndex {
 public:
  // None if the key was never set. The key of a single instance is null.
  [[nodiscard]] InstanceId find(const Value& key) const {
    if (key.is_null()) return single_;
    if (key.kind() == Kind::kInt) {
      const auto at = static_cast<uint64_t>(key.as_int());
      if (at < near_.size() && near_[at]) return near_[at];
    }
    return slots_.empty() ? InstanceId() : find_far(key);
  }

  void set(const Value& key, InstanceId id) {
    if (key.is_null()) {
      single_ = id;
      return;
    }
    if (key.kind() == Kind::kInt) {
      // What is near may have been far when it was first set; then it is found near from now on.
      const auto at = static_cast<uint64_t>(key.as_int());
      if (at < kNearAlways + kNearPerKey * near_count_) {
        if (at >= near_.size()) near_.resize(at + 1);
        near_count_ += !near_[at];
        near_[at] = id;
        return;
      }
    }
    set_far(key, id);
  }

 private:
  // The array is at most so much longer than what it holds.
  static constexpr uint64_t kNearAlways = 64;
  static constexpr uint64_t kNearPerKey = 4;

  struct Slot {
    Value key;
    InstanceId id;
  };
  [[nodiscard]] size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] size_t start(const Value& key) const { return key.mark_at(0).a & mask(); }
  [[nodiscard]] InstanceId find_far(const Value& key) const {
    for (size_t i = start(key);; i = (i + 1) & mask()) {
      const Slot& slot = slots_[i];
      if (!slot.id || slot.key == key) return slot.id;
    }
  }
  void set_far(const Value& key, InstanceId id) {
    if (count_ * 4 >= slots_.size() * 3) grow();
    size_t i = start(key);
    while (slots_[i].id && !(slots_[i].key == key)) i = (i + 1) & mask();
    if (!slots_[i].id) ++count_;
    slots_[i] = {key, id};
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
    old.swap(slots_);
    count_ = 0;
    for (Slot& slot : old) {
      if (slot.id) set_far(slot.key, slot.id);
    }
  }

  InstanceId single_;
  std::vector<InstanceId> near_;
  uint64_t near_count_ = 0;
  std::vector<Slot> slots_;  // a power of two, or none; at most three quarters full
  size_t count_ = 0;
};

}  // namespace lexum
