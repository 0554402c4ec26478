// Writes snapshots of a run beside it: what the recorder hands on as keyframes becomes files on a
// thread of its own, so that no tick waits for one. One that comes while another is written is
// merged with those that come after it.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "machine/snapshot.h"
#include "store/files.h"

namespace lexum {

class Snapshotter final : public BatchSink {
 public:
  // What only the thread that runs the world knows when a keyframe is taken.
  struct Note {
    bool is_wanted = true;  // false: there shall be no snapshot of that
    uint64_t journal = 0;   // the first record that the world has not
    std::map<uint32_t, uint64_t> offsets = {};
  };
  struct Where {
    Files& files;  // outlives it
    std::string folder;
    Hash256 began{};  // Snapshot's
    bool keep_history = false;
    bool at_once = false;  // by whoever hands them on, instead of a thread
    // Makes that last for good which a snapshot says is in the journal; may be empty.
    std::function<Status()> sync_journal = {};
    // What the snapshots that stay have no need of any more; may be empty.
    std::function<Status(uint64_t journal)> forget_before = {};
  };

  // `known` are the heads of the snapshots that the run goes on from, and `domains` those of all
  // instances there.
  Snapshotter(Where where, std::shared_ptr<const Program> program,
              std::vector<StartValue> start_values, const std::vector<SnapshotHead>& known,
              std::vector<DomainId> domains);
  ~Snapshotter() override;

  // To be asked by the recorder; gives its mark.
  uint64_t note(Note note);

  // BatchSink. A snapshot that could not be written is told with the next batch.
  Status write(const Batch& batch) override;
  // All are written.
  Status close() override;

 private:
  struct Kept {
    std::optional<uint64_t> base;
    uint64_t journal = 0;
  };
  // `whole`: it has all instances.
  struct Coming {
    Snapshot snapshot;
    bool whole = false;
  };
  void work();
  // What an earlier one has and a later one has not, is as it was.
  static void merge(std::optional<Coming>& earlier, Coming later);
  Status take(Coming coming);
  Status write_out(Snapshot& snapshot);
  Status drop_old();

  const Where where_;
  const std::shared_ptr<const Program> program_;
  const std::vector<StartValue> start_values_;
  const Hash256 program_hash_;
  bool is_first_ = true;  // what is handed on: that with which the run goes on

  // The writing thread's.
  std::map<uint64_t, Kept> kept_;  // by cycle: those that are there, and what they need
  std::vector<DomainId> domains_;  // of all instances
  std::optional<Coming> put_off_;  // of a cycle that has one already: for the next one

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<uint64_t, Note> notes_;
  uint64_t marks_ = 0;
  std::optional<Coming> waiting_;
  bool busy_ = false;
  bool stop_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace lexum
