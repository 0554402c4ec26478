// A run that no crash ends: its inputs are in a journal before the world gets them, and snapshots
// of the world lie beside it. Whoever opens the folder again has the run that would have been.
//
// The folder holds LOCK, program.lxm, the journal (store/JOURNAL.md; DATA.md has its records) and
// CYCLE.snapshot.json. An input gets its number and the first tick in which it may arrive when it
// is accepted, and both are in its record: so what comes of a journal does not depend on when it is
// read. What a run has shown of itself it does not take back: no input is accepted for a tick that
// somebody outside knows (show()), not by those either who go on with it after a crash. An instance
// that is killed comes back by itself (restorer.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "store/journal.h"

namespace lexum {

struct DurableOptions {
  // Its sink, keyframes and listener are heard as well; what it has outside begins and ends with
  // the run.
  MachineOptions machine = {};
  Sync sync = Sync::kGroup;
  size_t segment_bytes = kSegmentBytes;  // of the journal
  uint64_t snapshot_every = 100'000;     // cycles
  bool keep_history = false;             // no snapshot and no part of the journal ever goes
  bool snapshots_at_once = false;        // by the thread that runs, which waits for the disk then
};

class DurableRun {
 public:
  // What was there, and what was done with it.
  struct Found {
    bool fresh = false;                     // nothing: the run begins
    std::optional<uint64_t> snapshot = {};  // the cycle of the one that it goes on from
    uint64_t records = 0;                   // of the journal, that were read behind it
    uint64_t torn_bytes = 0;                // of the journal, that were cut
    std::vector<std::string> bad = {};      // snapshots that could not be used, and why
  };

  // Opens or begins it. `inputs` are those that it begins with: of one that has begun, they have to
  // be the same again, as the start values have (else kMismatch), or there are neither; nothing is
  // done twice. kInUse if another process has it; kFull if one of them is more than the journal
  // takes (kJournalRecordMax); kDamaged and kNotFound name the file, and nothing on disk has
  // changed then. `files` outlives it.
  static Result<std::unique_ptr<DurableRun>> open(Files& files, const std::string& folder,
                                                  std::shared_ptr<const Program> program,
                                                  std::vector<InputImage> inputs,
                                                  DurableOptions options);
  // The one that is there, however it began. kNotFound: none is.
  static Result<std::unique_ptr<DurableRun>> go_on(Files& files, const std::string& folder,
                                                   DurableOptions options);
  // What came of an upgrade.
  struct Upgraded {
    uint64_t cycle = 0;             // the last one of the program before
    uint64_t tick = 0;              // the first one of the new program
    std::string file = {};          // that has it, in the folder
    std::vector<std::string> lost;  // what there was no place for: "field Order.note"
  };
  // The one that is there goes on with another program, from the first tick that nobody outside
  // knows. Nothing is written before it is known that it can; once it has returned, that is so for
  // good. kMismatch as in upgrade.h, and where it is the program already.
  static Result<Upgraded> upgrade(Files& files, const std::string& folder,
                                  std::shared_ptr<const Program> to, const DurableOptions& options);
  ~DurableRun();
  DurableRun(const DurableRun&) = delete;
  DurableRun& operator=(const DurableRun&) = delete;

  [[nodiscard]] const Found& found() const;
  [[nodiscard]] Machine& machine();
  // The same as long as the run lives, and part of the keys of its effects.
  [[nodiscard]] const std::string& run_id() const;
  // How many inputs it has accepted in all, those that it began with among them.
  [[nodiscard]] uint64_t accepted() const;
  // Between two ticks: once it has returned, they are durable, and arrive before the next tick.
  // kFull, as in open(): none is accepted. The same of begin_to_accept().
  Status accept(std::vector<InputImage> inputs);
  // Between two ticks: they have their numbers and ticks and are on their way to the disk. They
  // arrive a few ticks later than the next one, so that the world has something to do until they
  // are durable (with tick(), which puts them into it then).
  Status begin_to_accept(std::vector<InputImage> inputs);
  // Of those, the number of the last one that is durable and in the world.
  [[nodiscard]] uint64_t in_world() const;
  // Machine::tick(); where what is on its way to the disk is to arrive, it waits for that.
  Result<std::optional<Outcome>> tick();
  // Between two ticks, before somebody outside learns what has come of the run: once it has
  // returned, no input can arrive any more before what they learn, whatever happens.
  Status show();
  // The same of a tick that it has not come to again since it was opened, and that somebody has
  // seen.
  Status show(uint64_t tick);
  // `came` is called from now on, on any thread, when something has come from outside for the next
  // tick; empty: nobody is.
  void notify(std::function<void()> came);
  // Machine::run(), and then keep().
  Result<Outcome> run(const std::function<void(const World&)>& progress = {});
  // A snapshot of where it stands is written, when it has returned. Between two ticks.
  Status keep();

 private:
  class Parts;
  explicit DurableRun(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// "goes on from cycle 4092 with 5 records of the journal; 12 torn bytes were cut"
std::string describe(const DurableRun::Found& found);

}  // namespace lexum
