// Positions in a run as people write them, and as everything that is printed has them: what is
// printed can be typed.
//
//   1042            after cycle 1042          start, end   the first moment, the last one
//   1042:3          before its third statement   50%       so far through the cycles
//   @before-crash   a bookmark                fault:1      the first cycle that faulted
//   msg:Order[7]#12 the cycle in which Order[7] sent its 12th message, broadcast or effect
//   night/1042      any of them, in the branch `night`
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "tracer/lookup.h"
#include "tracer/moment.h"

namespace lexum {

struct AtStart {
  friend bool operator==(AtStart, AtStart) = default;
};
struct AtEnd {
  friend bool operator==(AtEnd, AtEnd) = default;
};
struct AtPercent {
  uint32_t percent = 0;  // 100 at the most
  friend bool operator==(const AtPercent&, const AtPercent&) = default;
};
struct AtBookmark {
  std::string name;
  friend bool operator==(const AtBookmark&, const AtBookmark&) = default;
};
struct AtSend {
  DomainId domain;
  Value key;
  uint64_t number = 1;  // the sender's send number
  friend bool operator==(const AtSend&, const AtSend&) = default;
};
struct AtFault {
  uint64_t number = 1;  // in the order of the run
  friend bool operator==(const AtFault&, const AtFault&) = default;
};

struct Position {
  std::string branch = {};  // empty: the one that one is in
  std::variant<Moment, AtStart, AtEnd, AtPercent, AtBookmark, AtSend, AtFault> place = {};
  friend bool operator==(const Position&, const Position&) = default;
};

// The error (kMismatch) says what is wrong and what a position looks like, or the nearest name.
Result<Position> read_position(const Program& program, std::string_view text);
// Such that read_position() gives it back.
std::string position_text(const Program& program, const Position& position);
// "1042", "1042:3"
std::string position_text(Moment moment);

using Bookmarks = std::map<std::string, Moment, std::less<>>;

// Which moment of the trace that is; in which branch is for the caller to see to. The error
// (kNotFound) says what is there instead. Faults and messages are looked for; if that is
// interrupted, it is as if they were not there.
Result<Moment> moment_of(const Position& position, TraceReader& trace, const Bookmarks& bookmarks,
                         const Looking& looking = {});

}  // namespace lexum
