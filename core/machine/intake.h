// How inputs come into a run that outlives its process: each gets the next number and the first
// tick in which it may arrive, is in the journal for good, and only then in the world. What has
// been shown of the run is not taken back: nothing arrives in a tick that somebody outside knows.
//
// While the world has something to do, it runs on as the disk works: then they get a tick that lies
// so far ahead of it that they are durable before that, as a rule.
#pragma once

#include <atomic>
#include <deque>
#include <optional>
#include <vector>

#include "machine/entry.h"
#include "machine/machine.h"
#include "machine/pending_records.h"
#include "store/journal.h"

namespace lexum {

class Intake {
 public:
  // `journal` outlives it. `reached` is the last tick that somebody outside knows, and stands in
  // that record.
  Intake(Journal& journal, uint64_t reached, uint64_t reached_record)
      : journal_(journal), reached_(reached), reached_record_(reached_record) {}

  // ---- before the run begins
  // It stands in the journal already.
  void know(const InputImage& input, uint64_t record);
  // Writes it there, with the number that it has, and gives its record. It is not durable yet.
  uint64_t add(const InputImage& input);
  // `machine` has all that is known, and outlives it.
  void begin(Machine& machine);
  // kFull: one of them is more than the journal takes at once.
  static Status fit(const std::vector<InputImage>& inputs);

  // ---- between two ticks
  // How many there are in all; and the number of the last one that the world has.
  [[nodiscard]] uint64_t accepted() const { return numbered_; }
  [[nodiscard]] uint64_t in_world() const;
  // Once it has returned, they are durable and in the world. None is, if one does not fit.
  Status accept(std::vector<InputImage> inputs);
  // The same, but whoever calls brings them into the world; they get their numbers and ticks.
  Status note(std::vector<InputImage>& inputs);
  // They are on their way, and in the world when tick() or let_arrive() has brought them there.
  Status begin_to_accept(std::vector<InputImage> inputs);
  // All that are on their way are durable and in the world.
  Status let_arrive();
  // Machine::tick(), with those that are durable by then.
  Result<std::optional<Outcome>> tick();
  // The first record that is not in the world as it stands, nor follows from it.
  [[nodiscard]] uint64_t first_record() const;
  // The record of an input that somebody has got, once; 0: it is not known.
  uint64_t take_record(uint64_t number) { return records_.take(number); }

  // ---- from any thread
  // Once it has returned, no input can arrive any more up to that tick, whatever happens.
  Status show(uint64_t tick);
  [[nodiscard]] uint64_t reached() const { return reached_.load(); }

 private:
  // They get their numbers and ticks, and their records are in the journal.
  struct Numbered {
    uint64_t tick = 0;  // in which, at the earliest, they may arrive
    uint64_t first_record = 0;
    uint64_t last_record = 0;
  };
  Numbered number(std::vector<InputImage>& inputs, uint64_t tick);
  // Accepted together, and not yet known to be durable.
  struct OnTheWay {
    std::vector<InputImage> inputs;
    Numbered as;
  };
  Status look_at_journal();
  Status let_arrive_one();

  // How many ticks ahead of the world they are accepted.
  static constexpr uint64_t kTicksAheadMin = 64;
  static constexpr uint64_t kTicksAheadMax = 4'096;

  Journal& journal_;
  Machine* machine_ = nullptr;
  uint64_t numbered_ = 0;            // of the last input
  std::deque<OnTheWay> on_the_way_;  // by number
  uint64_t ticks_ahead_ = kTicksAheadMin;
  uint64_t last_given_ = 0;               // the tick of the last ones that were on the way
  uint64_t last_asked_ = 0;               // the latest tick that an input has asked for itself
  std::atomic<uint64_t> reached_;         // the last tick of which somebody outside knows,
  std::atomic<uint64_t> reached_record_;  // and where that stands
  PendingRecords records_;
  ByteWriter bytes_;         // of an input
  JournalRecords together_;  // those of some
};

}  // namespace lexum
