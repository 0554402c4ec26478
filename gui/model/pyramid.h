// A value over a long time at any zoom: as many steps as there are pixels, each with the lowest and
// highest value that it stands for.
//
// The steps that come in are kept as they are up to a bound; beyond it, two become one, again and
// again. Above them stand coarser levels, eight of the finer one to each (a mipmap of minima and
// maxima, as audio editors draw waves).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lexum {

struct PlotStep {
  uint64_t cycle = 0;  // from then on
  double low = 0;
  double high = 0;
  double last = 0;  // what it ends with
};

class Pyramid {
 public:
  explicit Pyramid(size_t steps_max = size_t{1} << 20) : steps_max_(steps_max) {}

  // In order of cycles.
  void add(uint64_t cycle, double value) {
    add({.cycle = cycle, .low = value, .high = value, .last = value});
  }
  void add(const PlotStep& step);
  [[nodiscard]] bool is_empty() const { return levels_.front().empty(); }
  // Those that matter from the one cycle to the other: the one that begins before the first, if
  // there is one, and those that begin in between; of the finest level that has no more than so
  // many. Good until something is added.
  [[nodiscard]] std::span<const PlotStep> seen(uint64_t from, uint64_t to, size_t steps) const;

 private:
  static constexpr size_t kFan = 8;
  void halve();
  void lift(size_t level);

  size_t steps_max_;
  size_t fold_ = 1;    // so many writes are a step of the finest level
  size_t folded_ = 0;  // of them, how many are in its last one
  std::vector<std::vector<PlotStep>> levels_ = {{}};  // the finest first; each covers all below it
};

}  // namespace lexum
