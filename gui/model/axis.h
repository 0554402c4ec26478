// The part of a run that is on the screen: cycles on x. Pixels are relative to the left edge of
// what is drawn; positions far out in a long run are 64-bit until they are relative to it.
#pragma once

#include <cstdint>

namespace lexum {

class Axis {
 public:
  // The cycles that there are, both included. Requires first <= last.
  Axis(uint64_t first, uint64_t last) : first_(first), last_(last) {}

  // How wide it is drawn. What stands at the left edge stays there.
  void set_width(double pixels);
  [[nodiscard]] double width() const { return width_; }
  // The run has gone on.
  void set_last(uint64_t last) { last_ = last; }

  // The whole run, or so much of it that those cycles are seen with some room around them.
  void fit();
  void show(uint64_t from, uint64_t to);
  // So that the cycle is on the screen; moves no further than that takes.
  void reveal(uint64_t cycle);
  // What is under that pixel stays there. A factor above 1 comes nearer.
  void zoom(double factor, double at_pixel);
  void pan(double pixels);

  [[nodiscard]] double pixels_per_cycle() const { return scale_; }
  // Of the left edge of a cycle; the right one is that of the next.
  [[nodiscard]] double x_of(uint64_t cycle) const;
  // The cycle under a pixel, the nearest one there is.
  [[nodiscard]] uint64_t cycle_at(double x) const;
  // Those that can be seen in part at least.
  [[nodiscard]] uint64_t first_seen() const { return cycle_at(0); }
  [[nodiscard]] uint64_t last_seen() const { return cycle_at(width_); }

 private:
  static constexpr double kScaleMax = 120;  // pixels: a cycle is a slide then
  [[nodiscard]] double cycles() const { return static_cast<double>(last_ - first_) + 1; }
  [[nodiscard]] double scale_min() const { return width_ / (cycles() * 1.02); }
  void keep_in_bounds();

  uint64_t first_;
  uint64_t last_;
  double width_ = 1;
  double left_ = 0;  // of the left edge, in cycles from the first one on
  double scale_ = 1;
};

}  // namespace lexum
