// How the goals of an instance stand over the cycles that are seen: a band for each stretch in
// which a goal stands the same.
//
// How it stood before the first chunk that is seen is looked up once for that chunk, and only so
// often in a frame: what is not known yet is not drawn, and comes with the next one.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/axis.h"
#include "model/lanes.h"
#include "tracer/birth.h"

namespace lexum {

struct Band {
  uint64_t from = 0;  // the first cycle after which it stands so
  uint64_t until = 0;
  GoalStatus status = GoalStatus::kSatisfied;
};

class Bands {
 public:
  // Beyond so many cycles nobody looks at single ones: a band ends with a chunk, and one in which a
  // goal changed is as it stood worst in it.
  static constexpr uint64_t kCyclesMax = 20'000;

  // Both outlive it.
  Bands(TraceReader& trace, Lanes& lanes);

  // A frame begins: so many look-ups are allowed again.
  void begin_frame();
  // Of a lane, by goal. Empty where nothing is known yet. Good until the next call.
  const std::vector<std::vector<Band>>& of(size_t lane, const Axis& axis);
  // Something was left for the next frame.
  [[nodiscard]] bool is_partial() const { return partial_; }

 private:
  static constexpr int kLookUpsAFrame = 12;

  struct Key {
    size_t chunk;
    size_t lane;
    uint32_t goal;
    auto operator<=>(const Key&) const = default;
  };
  // How it stands before that chunk; none if that has to wait.
  std::optional<GoalStatus> before(const Key& key);
  [[nodiscard]] GoalStatus look_up(const Key& key);
  // Of one that nothing has changed.
  [[nodiscard]] GoalStatus at_first(const Lane& lane, uint32_t goal);
  void add_sums(size_t lane, uint64_t first, uint64_t last);

  TraceReader& trace_;
  Lanes& lanes_;
  Birth birth_;
  std::optional<WorldImage> start_;  // of the trace, once it was wanted
  std::map<Key, GoalStatus> known_;
  size_t lanes_known_ = 0;  // how many lanes there were: if others come, all move
  int left_ = kLookUpsAFrame;
  bool partial_ = false;
  std::vector<std::vector<Band>> bands_;
};

}  // namespace lexum
