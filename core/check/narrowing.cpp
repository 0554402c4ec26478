// Paths are interned pairs of what they stand upon and one step, so they are compared by number.
#include "check/narrowing.h"

#include <algorithm>
#include <iterator>

namespace lexum {

bool Paths::within(PathId path, PathId prefix) const {
  while (path && path != prefix) path = bases_[path.index()];
  return path == prefix;
}

PathId Paths::intern(PathId base, uint32_t step) {
  const auto [place, is_new] = ids_.try_emplace({base, step}, PathId(bases_.size()));
  if (is_new) bases_.push_back(base);
  return place->second;
}

bool Facts::has(PathId path) const { return std::ranges::binary_search(known_, path); }

void Facts::add(PathId path) {
  const auto place = std::ranges::lower_bound(known_, path);
  if (place == known_.end() || *place != path) known_.insert(place, path);
}

void Facts::add(const Facts& more) {
  for (const PathId path : more.known_) add(path);
}

void Facts::drop(PathId prefix, const Paths& paths) {
  std::erase_if(known_, [&](PathId path) { return paths.within(path, prefix); });
}

void Facts::keep_common(const Facts& other) {
  std::vector<PathId> common;
  std::ranges::set_intersection(known_, other.known_, std::back_inserter(common));
  known_ = std::move(common);
}

}  // namespace lexum
