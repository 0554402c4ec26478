// Who told whom: the messages whose receipt is on the screen, from the cycle that sent each to the
// one that took it, and those that are sent there and not taken. There is no layout: lanes and
// cycles say where they go.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
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

// Messages from the one lane to the other that are too close to each other to be told apart.
struct Ribbon {
  EdgeView first;
  EdgeView last;
  size_t count = 1;
  std::optional<uint32_t> hops = {};  // from the cycle that is looked at, if they are that near
};

class Edges {
 public:
  static constexpr uint64_t kCyclesMax = 3'000;
  static constexpr size_t kEdgesMax = 4'000;

  // Both outlive it.
  Edges(TraceReader& trace, Lanes& lanes) : trace_(trace), lanes_(lanes) {}

  // None where there would be more than can be told apart. Good until the next call.
  const std::vector<EdgeView>& seen(const Axis& axis);
  // Of those that seen() gave, the ones that are taken, each alone or in a ribbon. `cycle` is
  // looked at: what came of its cause's cause and so on, and what came of what it sent, as many
  // hops away as wanted. Good until the next call.
  const std::vector<Ribbon>& ribbons(const Axis& axis, uint64_t cycle, uint32_t hops_max);
  // How far that cycle is from the one that was looked at; none if farther than wanted, or out of
  // sight.
  [[nodiscard]] std::optional<uint32_t> hops_to(uint64_t cycle) const;
  // Whether there are more than are given.
  [[nodiscard]] bool is_too_many() const { return too_many_; }

 private:
  // Below that, two are one.
  static constexpr double kApart = 3;
  void look_from(uint64_t cycle, uint32_t hops_max);

  TraceReader& trace_;
  Lanes& lanes_;
  std::vector<EdgeView> edges_;
  std::vector<uint32_t> in_pairs_;  // of those that are taken: by lanes, then by time
  std::vector<Ribbon> ribbons_;
  std::unordered_map<uint64_t, uint32_t> hops_;  // by cycle
  std::pair<uint64_t, uint32_t> looked_from_ = {};
  uint64_t from_ = 0;  // of which cycles they are
  uint64_t to_ = 0;
  size_t lanes_known_ = 0;  // how many there were: those that come later move the others
  bool too_many_ = false;
};

}  // namespace lexum
