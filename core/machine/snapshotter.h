// Writes snapshots of a run beside it: what the recorder hands on as keyframes becomes files on a
// thread of its own, which gives way to all others, so that no tick waits for one. Those that come
// while another is written become one together.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
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
    bool is_wanted = true;                      // false: there shall be no snapshot of that
    uint64_t journal = 0;                       // the first record that the world has not
    std::map<uint32_t, uint64_t> offsets = {};  // Snapshot's that are new since the last note
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

  // `known` are the heads of the snapshots that the run goes on from, and `domains` and `offsets`
  // those of all instances there.
  Snapshotter(Where where, std::shared_ptr<const Program> program,
              std::vector<StartValue> start_values, const std::vector<SnapshotHead>& known,
              std::vector<DomainId> domains, std::map<uint32_t, uint64_t> offsets);
  ~Snapshotter() override;

  // To be asked by the recorder; gives its mark.
  uint64_t note(Note note);

  // BatchSink. A snapshot that could not be written is told with the next batch.
  Status write(const Batch& batch) override;
  // All are written.
  Status close() override;
  [[nodiscard]] bool wants_side() const override { return false; }

 private:
  struct Kept {
    std::optional<uint64_t> base;
    uint64_t journal = 0;
  };
  struct Coming {
    Snapshot snapshot;  // but for the image
    std::shared_ptr<const WorldImage> image;
    bool is_whole = false;   // it has all instances
    bool is_wanted = false;  // else it is only what later ones build on
  };
  [[nodiscard]] Note take_note(uint64_t mark);
  [[nodiscard]] Status told();
  void work();
  Status take(std::vector<Coming> all);
  static std::vector<const InstanceImage*> newest_of(std::span<const Coming> all);
  Status write_out(Snapshot& snapshot, const WorldImage& world,
                   std::span<const InstanceImage* const> instances);
  Status drop_old();

  const Where where_;
  const std::shared_ptr<const Program> program_;
  const std::vector<StartValue> start_values_;
  const Hash256 program_hash_;
  bool is_first_ = true;  // what is handed on: that with which the run goes on

  // The writing thread's.
  std::map<uint64_t, Kept> kept_;         // by cycle: those that are there, and what they need
  std::vector<DomainId> domains_;         // of all instances
  std::map<uint32_t, uint64_t> offsets_;  // of all of them
  std::vector<Coming> put_off_;           // what no snapshot has yet, from the last whole one on

  std::mutex noting_;  // guards these two: the running thread waits for no other lock
  std::map<uint64_t, Note> notes_;
  uint64_t marks_ = 0;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<Coming> waiting_;  // from the last whole one on
  bool busy_ = false;
  bool stop_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace lexum
