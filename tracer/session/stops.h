// Where one wants a run to stop: before a transition runs, after a field was written, whenever
// something of a kind happens. In a recorded run they are looked up, in both directions, and
// nothing is gone through; one that goes on is listened to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/record.h"
#include "tracer/lookup.h"
#include "tracer/moment.h"
#include "tracer/timeline.h"
#include "value/change.h"

namespace lexum {

enum class StopKind : uint8_t { kBreak, kWatch, kFault, kGoal, kSend, kEffect, kOscillation };
// "break", "watch", "catch fault" …
std::string_view spelling(StopKind kind);

// By names, as they were typed, since a branch may have another program.
struct Stop {
  uint32_t number = 0;
  StopKind kind = StopKind::kBreak;
  std::string what = {};       // kBreak: a transition or handler, kWatch: a field
  std::string condition = {};  // or empty: an expression about whoever runs
};
// "break Till.Sell if sold > 3"
std::string to_text(const Stop& stop);

class Stops {
 public:
  // A program that has no such thing is not stopped by it; all of them that are like that.
  [[nodiscard]] std::vector<uint32_t> idle_in(const Program& program) const;
  // Gives it its number. Fails (kMismatch) if the program has no such thing.
  Result<uint32_t> add(const Program& program, Stop stop);
  // False if there is none.
  bool remove(uint32_t number);
  void remove_all() { stops_.clear(); }
  [[nodiscard]] const std::vector<Stop>& all() const { return stops_; }

  struct Hit {
    Moment at;
    std::vector<uint32_t> numbers;  // of those that stop there
  };
  // The nearest one from there, and not there itself. A transition is about to run: before its
  // first statement, with the state that its condition sees. All else has happened. What this
  // program does not have stops nobody. The timeline is moved.
  Result<Answer<Hit>> nearest(Timeline& timeline, Moment from, Direction direction,
                              const Looking& looking) const;

  // Of a run that goes on: whether something stops it in, or before, that cycle. Where is what
  // nearest() then says. `program` outlives it.
  [[nodiscard]] std::function<bool(const CycleRecord& ran)> ear(const Program& program) const;

 private:
  std::vector<Stop> stops_;  // in order of their numbers
  uint32_t last_number_ = 0;
};

}  // namespace lexum
