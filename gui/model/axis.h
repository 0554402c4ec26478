// The part of a run that is on the screen: cycles on x, or their causal depth. Pixels are relative
// to the left edge of what is drawn; positions far out in a long run are 64-bit until they are
// relative to it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace lexum {

// Some cycles in columns that are not their numbers: several may stand in one.
struct DepthColumns {
  uint64_t from = 0;             // the first cycle; they follow each other
  std::vector<uint32_t> of;      // by cycle: its column, from 0
  std::vector<uint64_t> cycles;  // by column: the first of its cycles

  [[nodiscard]] uint64_t to() const { return from + of.size() - 1; }
  [[nodiscard]] bool has(uint64_t cycle) const { return cycle >= from && cycle <= to(); }
};

class Axis {
 public:
  // The cycles that there are, both included. Requires first <= last.
  Axis(uint64_t first, uint64_t last) : first_(first), last_(last) {}

  // How wide it is drawn. What stands at the left edge stays there.
  void set_width(double pixels);
  [[nodiscard]] double width() const { return width_; }
  // The run has gone on.
  void set_last(uint64_t last) { last_ = last; }
  // From then on, nothing but those is there, each in its column. Null: all are, in a column each.
  void lay_out(std::shared_ptr<const DepthColumns> columns);
  [[nodiscard]] const DepthColumns* columns() const { return columns_.get(); }

  // All of it, or so much of it that those cycles are seen, with so much room on both sides, by how
  // much they are.
  void fit();
  void show(uint64_t from, uint64_t to, double room = 0.1);
  // So that the cycle is on the screen; moves no further than that takes.
  void reveal(uint64_t cycle);
  // What is under that pixel stays there. A factor above 1 comes nearer.
  void zoom(double factor, double at_pixel);
  void pan(double pixels);

  // Of a column.
  [[nodiscard]] double pixels_per_cycle() const { return scale_; }
  // Of the left edge of a cycle; the right one is a column further.
  [[nodiscard]] double x_of(uint64_t cycle) const;
  // The cycle under a pixel, the nearest one there is; of several, the first.
  [[nodiscard]] uint64_t cycle_at(double x) const;
  // Those that can be seen in part at least; in columns, all that are in any.
  [[nodiscard]] uint64_t first_seen() const { return columns_ ? columns_->from : cycle_at(0); }
  [[nodiscard]] uint64_t last_seen() const { return columns_ ? columns_->to() : cycle_at(width_); }

 private:
  static constexpr double kScaleMax = 120;  // pixels: a cycle is a slide then
  [[nodiscard]] double column_of(uint64_t cycle) const;
  [[nodiscard]] double count() const {
    return columns_ ? static_cast<double>(columns_->cycles.size())
                    : static_cast<double>(last_ - first_) + 1;
  }
  [[nodiscard]] double scale_min() const { return width_ / (count() * 1.02); }
  void keep_in_bounds();

  uint64_t first_;
  uint64_t last_;
  std::shared_ptr<const DepthColumns> columns_;
  double width_ = 1;
  double left_ = 0;  // of the left edge, in columns from the first one on
  double scale_ = 1;
};

}  // namespace lexum
