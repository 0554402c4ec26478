// Two recorded runs beside each other: where they part, what each did that the other did not, and
// where they meet again.
//
// Runs that have done the same so far have the same run hash, so the place where they part is found
// by halves as far as their chunks end at the same cycles, and event by event inside. Behind it,
// messages are the same in both if they come from the same place: sent by the same slice, for the
// same cause, in the same place of it; numbers of cycles and sends may differ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/scan.h"
#include "tracer/timeline.h"

namespace lexum {

// So many cycles behind the first difference are looked at in each run.
inline constexpr uint64_t kDiffCyclesMax = 1'000'000;
// And so many of the messages are named.
inline constexpr size_t kDiffMessagesMax = 200;

struct Parting {
  uint64_t cycle = 0;    // the first that differs, or before which something does
  std::string one = {};  // its line in the log; empty: this run has nothing more
  std::string other = {};
};

struct MessageDifference {
  enum class What : uint8_t { kOnlyInOne, kOnlyInOther, kChanged /* it, or what came of it */ };
  What what = What::kChanged;
  uint64_t one = 0;  // the cycle that took it, or sent it if nobody did
  uint64_t other = 0;
  std::string one_line = {};  // that cycle's
  std::string other_line = {};
};

struct FieldDifference {
  std::string field;  // "Order[7].status"
  std::string one;    // what it is at the end; "" if it is not there
  std::string other;
};

struct Diff {
  std::vector<std::string> before = {};  // what differed before anything ran: program, start values
  uint64_t from = 0;                     // the cycle after which both are there
  std::optional<Parting> parting = {};   // none: they are the same
  std::vector<MessageDifference> messages = {};
  uint64_t more_messages = 0;  // that are not named
  // From these cycles on they do the same again, to the end of both.
  struct Meeting {
    uint64_t one = 0;
    uint64_t other = 0;
  };
  std::optional<Meeting> meeting = {};
  bool cut = false;                          // not looked at to the end
  std::vector<FieldDifference> fields = {};  // of the ends
};

// Whether they are the same, and where not. Fails (kMismatch) where their programs cannot be
// compared, and (kInterrupted) when interrupted.
Result<Diff> diff(TraceReader& one, TraceReader& other, const Looking& looking = {});

// The first difference alone.
Result<std::optional<Parting>> parting_of(TraceReader& one, TraceReader& other,
                                          const Looking& looking = {});

}  // namespace lexum
