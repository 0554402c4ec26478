#include "model/axis.h"

#include <algorithm>
#include <cmath>

namespace lexum {

void Axis::set_width(double pixels) {
  width_ = std::max(pixels, 1.0);
  keep_in_bounds();
}

void Axis::lay_out(std::shared_ptr<const DepthColumns> columns) {
  columns_ = std::move(columns);
  fit();
}

void Axis::fit() {
  scale_ = std::min(scale_min(), kScaleMax);
  left_ = 0;
  keep_in_bounds();
}

void Axis::show(uint64_t from, uint64_t to, double room) {
  const double count = static_cast<double>(to - from) + 1;
  scale_ = width_ / (count * (1 + 2 * room));
  left_ = column_of(from) - count * room;
  keep_in_bounds();
}

void Axis::reveal(uint64_t cycle) {
  const double x = x_of(cycle);
  if (x < 0) pan(x - width_ * 0.1);
  if (x + scale_ > width_) pan(x + scale_ - width_ * 0.9);
}

void Axis::zoom(double factor, double at_pixel) {
  const double at = left_ + at_pixel / scale_;
  scale_ *= factor;
  scale_ = std::clamp(scale_, std::min(scale_min(), kScaleMax), kScaleMax);
  left_ = at - at_pixel / scale_;
  keep_in_bounds();
}

void Axis::pan(double pixels) {
  left_ += pixels / scale_;
  keep_in_bounds();
}

// What is in no column stands before or behind all of them.
double Axis::column_of(uint64_t cycle) const {
  if (!columns_) {
    return cycle >= first_ ? static_cast<double>(cycle - first_)
                           : -static_cast<double>(first_ - cycle);
  }
  if (cycle < columns_->from) return -2;
  return columns_->has(cycle) ? columns_->of[cycle - columns_->from] : count() + 1;
}

double Axis::x_of(uint64_t cycle) const { return (column_of(cycle) - left_) * scale_; }

uint64_t Axis::cycle_at(double x) const {
  const double at = std::clamp(std::floor(left_ + x / scale_), 0.0, count() - 1);
  const auto column = static_cast<uint64_t>(at);
  return columns_ ? columns_->cycles[column] : first_ + column;
}

// A run that is shorter than the screen begins at its left edge.
void Axis::keep_in_bounds() {
  scale_ = std::clamp(scale_, std::min(scale_min(), kScaleMax), kScaleMax);
  const double seen = width_ / scale_;
  left_ = std::clamp(left_, 0.0, std::max(0.0, count() * 1.02 - seen));
}

}  // namespace lexum
