// What is known not to be null at a point of a body. A path is a field or a local, and members of
// records upon it: `order.customer`. Elements have no path: what a subscript finds may be another
// one a moment later.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/id.h"

namespace lexum {

using PathId = Id<struct PathTag>;

class Paths {
 public:
  PathId field(uint32_t slot) { return intern(PathId(), slot * 2); }
  PathId local(uint32_t slot) { return intern(PathId(), slot * 2 + 1); }
  PathId member(PathId base, uint32_t index) { return base ? intern(base, index) : base; }
  // Whether `path` is `prefix` or a member of it.
  [[nodiscard]] bool within(PathId path, PathId prefix) const;

 private:
  PathId intern(PathId base, uint32_t step);

  std::map<std::pair<PathId, uint32_t>, PathId> ids_;
  std::vector<PathId> bases_;
};

class Facts {
 public:
  [[nodiscard]] bool empty() const { return known_.empty(); }
  [[nodiscard]] bool has(PathId path) const;
  void add(PathId path);
  void add(const Facts& more);
  // Forgets what is said about `prefix` and its members, since it got another value.
  void drop(PathId prefix, const Paths& paths);
  // Only what both know.
  void keep_common(const Facts& other);

 private:
  std::vector<PathId> known_;  // sorted
};

}  // namespace lexum
