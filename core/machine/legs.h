// What a data folder says of its run, in legs: a leg is what one program did of it, up to where an
// upgrade put another one in its place.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "machine/entry.h"
#include "machine/programs.h"
#include "machine/upgrade.h"
#include "store/journal.h"

namespace lexum {

struct JournaledInput {
  uint64_t record = 0;
  InputImage input;
};

struct Leg {
  std::shared_ptr<const Program> program;
  std::vector<StartValue> start_values;
  uint64_t tick = 0;  // its first one; 0 of the leg that the reading begins with
  std::vector<JournaledInput> inputs = {};
};

// Takes the records of a journal one after the other. `programs` outlives it.
class LegReader {
 public:
  // `goes_on` is the leg of the snapshot that the records come after; none: they come after
  // nothing, and what stands before the epoch that begins the run says nothing.
  LegReader(Programs& programs, std::optional<Leg> goes_on);
  // False: wrong() has the error, or the record makes no sense.
  bool take(const JournalRecord& record);

  // None: no run has begun.
  std::vector<Leg> legs;
  std::optional<Hash256> began = {};  // of the last epoch
  bool has_begun = false;             // all that the run begins with was there
  uint64_t reached = 0;               // the last tick that somebody outside knows,
  uint64_t reached_record = 0;        // and where that stands
  std::optional<Error> wrong = {};

 private:
  bool take_epoch(Bytes bytes);

  Programs& programs_;
  uint64_t last_input_ = 0;  // its number, which the next one follows; 0: there was none
};

// Runs all legs but the last in memory, and gives where that one begins; of a single one, that is
// `from`. The legs before it and their inputs are gone then. `how` is for those who run, but for
// their start values; `each` is told of every one of them before it runs.
Result<std::optional<ResumePoint>> run_to_last(std::vector<Leg>& legs,
                                               std::optional<ResumePoint> from,
                                               const MachineOptions& how,
                                               const std::function<void(Machine&)>& each = {});

// Of a leg that goes on from there, or from the start: gives it the inputs that it has not got.
void add_inputs(Machine& machine, const Leg& leg);

}  // namespace lexum
