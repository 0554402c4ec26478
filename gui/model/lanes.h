// Who did something when: a lane for each instance, with a block for each of its cycles, or, where
// blocks would be thinner than they can be seen, how many of them there are.
//
// Nothing but the indexes of chunks is read for that, so a lane costs what is on the screen. Of a
// long run seen as a whole, how much each instance did is summed up chunk by chunk, a few at a
// time, and what is not known yet is not drawn.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/axis.h"
#include "tracer/reader.h"

namespace lexum {

struct Lane {
  DomainId domain;
  Value key;  // null: a single instance
  std::string name;
};

enum class BarMark : uint8_t { kPlain, kSends, kFlips, kFault };

// A cycle, or several neighbours that are folded into one.
struct Bar {
  uint64_t cycle = 0;  // the first one
  uint32_t count = 1;
  BarMark mark = BarMark::kPlain;  // the gravest
  RoutineIndex routine = {};       // of one that is alone
  float x = 0;
  float width = 0;
};

// What became of a goal of a lane in a chunk.
struct FlipSum {
  size_t chunk = 0;
  uint32_t goal = 0;
  GoalStatus gravest = GoalStatus::kSatisfied;  // of those that it changed to
  GoalStatus last = GoalStatus::kSatisfied;
};

class Lanes {
 public:
  // The trace outlives it.
  explicit Lanes(TraceReader& trace);

  // In order of domain and key; those that have been met.
  [[nodiscard]] const std::vector<Lane>& all() const { return lanes_; }
  [[nodiscard]] size_t lane_of(DomainId domain, const Value& key);
  // Whose cycle that is; all().size() if that cannot be read.
  [[nodiscard]] size_t lane_at(uint64_t cycle);

  // So many bars are drawn at the most; where there would be more, they are folded more.
  static constexpr size_t kBarsMax = 4'000;
  // The blocks of the lanes first … first + count - 1, lane by lane. Good until the next call.
  const std::vector<std::vector<Bar>>& bars(const Axis& axis, size_t first, size_t count);
  // How many cycles a tick has in each of so many equal parts of the run, beside the most that one
  // has anywhere: from 0 to 1; negative where something faulted. Of a long run, by the mean of each
  // chunk.
  const std::vector<float>& minimap(size_t parts);

  // Chunks that cannot be read, of those that are summed up.
  [[nodiscard]] const std::vector<size_t>& unreadable() const { return unreadable_; }

  // How often it was begun in the chunks that are summed up.
  [[nodiscard]] uint64_t runs_of(DomainId domain, RoutineIndex routine) const {
    return runs_[domain.index()][routine.index()];
  }

  // The chunks in which goals of that lane changed, in order; of those that are summed up.
  [[nodiscard]] std::span<const FlipSum> flips_of(size_t lane) const {
    return lane < flips_.size() ? flips_[lane] : std::span<const FlipSum>();
  }
  [[nodiscard]] size_t summed_up() const { return sums_.size(); }

  // Sums up some more chunks. False: all of them are.
  bool sum_up(size_t chunks);
  // Whether the last bars() drew less than there is.
  [[nodiscard]] bool is_partial() const { return partial_; }

 private:
  struct Before {
    bool operator()(const std::pair<uint32_t, Value>& a, const std::pair<uint32_t, Value>& b) const;
  };
  struct Sum {
    uint32_t lane;
    uint32_t count;
    BarMark mark;
  };
  // What each instance does in a chunk, in order of lanes.
  std::vector<Sum> sum_of(const ChunkIndex& index);
  void note_flips(size_t chunk, size_t lane, const ChunkIndex::Kind& kind);
  void add_single_bars(const Axis& axis, size_t first, size_t count);
  void add_sums(const Axis& axis, size_t first, size_t count);
  void put_all(const Axis& axis, size_t first, size_t count);
  void put(std::vector<Bar>& lane, const Bar& bar);
  const std::vector<uint32_t>& lanes_of_chunk(size_t chunk, const ChunkIndex& index);
  [[nodiscard]] std::optional<uint32_t> known(DomainId domain, const Value& key) const;
  std::vector<uint32_t> lanes_of(const ChunkIndex& index);
  using Actors = std::span<const ChunkIndex::Actor>;
  void meet(Actors actors);

  TraceReader& trace_;
  std::vector<Lane> lanes_;
  std::map<std::pair<uint32_t, Value>, size_t, Before> places_;  // by domain rank and key
  std::unordered_map<uint64_t, uint32_t>
      quick_;                                // the same by digest; what is not there, is looked for
  std::vector<uint32_t> ranks_;              // of domains, by name
  std::vector<std::vector<Sum>> sums_;       // by chunk, those that are summed up
  std::vector<uint32_t> ticks_;              // by chunk, how many it has of them
  std::vector<std::vector<FlipSum>> flips_;  // by lane
  std::unordered_map<size_t, std::vector<uint32_t>> lanes_of_;  // by chunk, of its actors
  std::vector<std::vector<uint64_t>> runs_;                     // by domain and routine
  std::vector<std::vector<Bar>> bars_;
  std::vector<size_t> unreadable_;
  std::vector<float> minimap_;
  size_t mapped_ = 0;  // how many chunks are in it
  bool partial_ = false;
  double thin_ = 0;  // below that, neighbours become one bar
};

// The gravest thing that a cycle of that kind did.
BarMark mark_of(const ChunkIndex::Kind& kind);

}  // namespace lexum
