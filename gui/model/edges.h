// Who told whom: the messages whose receipt is on the screen, from the cycle that sent each to the
// one that took it, and those that are sent there and not taken. There is no layout: lanes and
// cycles say where they go.
#pragma once

#include <cstdint>
#include <vector>

#include "model/axis.h"
#include "model/lanes.h"

namespace lexum {

struct EdgeView {
  uint64_t sent = 0;   // the cycle
  uint64_t taken = 0;  // the cycle; 0: it is not taken as far as is seen
  size_t from = 0;     // a lane
  size_t to = 0;
};

class Edges {
 public:
  Edges(Session& session, Lanes& lanes) : session_(session), lanes_(lanes) {}

  // None where there would be more than can be told apart. Good until the next call.
  const std::vector<EdgeView>& seen(const Axis& axis);
  // Whether there are more than are given.
  [[nodiscard]] bool is_too_many() const { return too_many_; }

 private:
  static constexpr uint64_t kCyclesMax = 4'000;
  static constexpr size_t kEdgesMax = 4'000;

  Session& session_;
  Lanes& lanes_;
  std::vector<EdgeView> edges_;
  uint64_t from_ = 0;  // of which cycles they are
  uint64_t to_ = 0;
  size_t lanes_known_ = 0;  // how many there were: those that come later move the others
  bool too_many_ = false;
};

}  // namespace lexum
