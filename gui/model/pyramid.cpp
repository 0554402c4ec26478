#include "model/pyramid.h"

#include <algorithm>

namespace lexum {

namespace {

void take_in(PlotStep& step, const PlotStep& later) {
  step.low = std::min(step.low, later.low);
  step.high = std::max(step.high, later.high);
  step.last = later.last;
}

}  // namespace

void Pyramid::add(const PlotStep& step) {
  std::vector<PlotStep>& finest = levels_.front();
  if (folded_ == 0 || folded_ == fold_) {
    if (finest.size() == steps_max_) halve();
    levels_.front().push_back(step);
    folded_ = 1;
  } else {
    take_in(finest.back(), step);
    ++folded_;
  }
  lift(0);
}

// What the last step of a level has become, those above it become, too.
void Pyramid::lift(size_t level) {
  for (; levels_[level].size() > 1; ++level) {
    if (level + 1 == levels_.size()) {
      // A level begins when there is more than one step to stand above.
      levels_.emplace_back();
      for (size_t i = 0; i + 1 < levels_[level].size(); ++i) {
        if (i % kFan == 0) levels_[level + 1].push_back(levels_[level][i]);
        else take_in(levels_[level + 1].back(), levels_[level][i]);
      }
    }
    const PlotStep& step = levels_[level].back();
    std::vector<PlotStep>& above = levels_[level + 1];
    if ((levels_[level].size() - 1) / kFan == above.size()) above.push_back(step);
    else take_in(above.back(), step);
  }
}

void Pyramid::halve() {
  std::vector<PlotStep> old = std::move(levels_.front());
  levels_ = {{}};
  for (size_t i = 0; i < old.size(); ++i) {
    if (i % 2 == 0) levels_.front().push_back(old[i]);
    else take_in(levels_.front().back(), old[i]);
    lift(0);
  }
  fold_ *= 2;
}

std::span<const PlotStep> Pyramid::seen(uint64_t from, uint64_t to, size_t steps) const {
  std::span<const PlotStep> found;
  for (const std::vector<PlotStep>& level : levels_) {
    auto begin = std::ranges::upper_bound(level, from, {}, &PlotStep::cycle);
    if (begin != level.begin()) --begin;
    const auto end = std::ranges::upper_bound(level, to, {}, &PlotStep::cycle);
    found = {begin, std::max(begin, end)};
    if (found.size() <= steps) break;
  }
  return found;
}

}  // namespace lexum
