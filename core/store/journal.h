// The journal: records in the order in which they were accepted. A record is durable once
// make_durable() has returned for its number; nothing else may claim that. JOURNAL.md has the
// bytes.
//
// Records gather in a group while the disk is busy with the one before. Whoever waits for one and
// finds the disk idle writes the whole group, syncs it and tells the others (leader and followers);
// so no thread stands between, and a thousand who wait pay for one sync. Who has something better
// to do than to wait leaves that to a thread, which begins when it is first asked for
// (begin_durable).
//
// It is a row of segments, files that were filled with zeros when they were made, so that a sync
// has nothing to do but write; the next one is made beside everything else. Segments that nobody
// needs any more are used again.
//
// Any thread may add and wait.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "store/framing.h"

namespace lexum {

enum class Sync : uint8_t {
  kAlways,  // each record by itself
  kGroup,   // together with those that came meanwhile
  kNone,    // whenever the system likes: survives the process, and not the power
};
// "always", "group", "none"; none of another name.
std::optional<Sync> sync_named(std::string_view name);

inline constexpr size_t kSegmentBytes = size_t{16} << 20;
// Of one record: any value that a program can have (16 MiB of texts and numbers) fits.
inline constexpr size_t kJournalRecordMax = kFrameBytesFilledMax / 2;

struct JournalRecord {
  uint64_t number = 0;  // from 1, without a gap
  uint8_t type = 0;
  Bytes payload;  // good during the call
};

// Records that are put together first, so that they are added at once.
class JournalRecords {
 public:
  // Requires at most kJournalRecordMax bytes.
  void add(uint8_t type, Bytes payload) {
    bytes_.byte(type);
    bytes_.varint(payload.size());
    bytes_.raw(payload);
    ++count_;
  }
  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] Bytes bytes() const { return bytes_.bytes(); }
  void append(const JournalRecords& others) {
    bytes_.raw(others.bytes());
    count_ += others.count_;
  }
  // Keeps the memory for what is added next, but for much more than groups have.
  void clear();
  void swap(JournalRecords& other) noexcept {
    bytes_.swap(other.bytes_);
    std::swap(count_, other.count_);
  }

 private:
  ByteWriter bytes_;
  uint64_t count_ = 0;
};

class Journal {
 public:
  // What is in a folder, or a new one. `visit` gets each record from `from` on, in order; false
  // refuses it, and the error is then kMismatch. A tail that was being written is cut: how much, is
  // told by torn_bytes(). Anything else that does not add up (kDamaged, with file and offset) or is
  // not there (kNotFound, which numbers; `from` itself may be the one that comes next) is an error,
  // and nothing on disk has changed. The folder is there; `files` outlives the journal.
  using Visit = std::function<bool(const JournalRecord& record)>;
  static Result<std::unique_ptr<Journal>> open(Files& files, const std::string& folder, Sync sync,
                                               uint64_t from, const Visit& visit,
                                               size_t segment_bytes = kSegmentBytes);
  // The same of as much as is there, without being able to add anything or touching anything.
  static Status read(Files& files, const std::string& folder, uint64_t from, const Visit& visit);
  ~Journal();

  // Its number. It is in memory; nothing is written yet. Requires at most kJournalRecordMax bytes.
  uint64_t add(uint8_t type, Bytes payload);
  // All of them, without any other between, and gives the number of the first. Nothing is left in
  // `records` but memory for more.
  uint64_t add(JournalRecords& records);
  // Waits until the record and all before it are durable, as far as `sync` promises. After a
  // failure the journal is sealed: what stands at its end is unknown, so nothing more gets durable.
  Status make_durable(uint64_t number);
  Status make_all_durable() { return make_durable(last()); }
  // All that was added becomes durable beside the caller, who need not wait: a thread does that.
  void begin_durable();
  // What make_durable() has returned for survives the power from here on, with kNone as well.
  Status sync_all();
  // The number of the last record; 0: there is none.
  [[nodiscard]] uint64_t last() const;
  [[nodiscard]] uint64_t durable() const { return durable_.load(std::memory_order_acquire); }
  // The first that is still there.
  [[nodiscard]] uint64_t first() const;
  // No record before that one is needed any more: segments that have no others go.
  Status forget_before(uint64_t number);
  // Of the tail that was cut when it was opened.
  [[nodiscard]] uint64_t torn_bytes() const { return torn_bytes_; }

 private:
  struct Group {
    JournalRecords records;
    uint64_t first = 0;
  };
  struct Walk;

  Journal(Files& files, std::string folder, Sync sync, size_t segment_bytes)
      : files_(files), folder_(std::move(folder)), sync_(sync), segment_bytes_(segment_bytes) {}
  Status write(const Group& group);
  Status roll(uint64_t first, size_t bytes);
  // An empty segment, on the disk.
  using Blank = Result<std::unique_ptr<File>>;
  Blank zeros(const std::string& path, size_t bytes);
  void make_next();
  void work();
  [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  Files& files_;  // fixed when opened
  const std::string folder_;
  const Sync sync_;
  const size_t segment_bytes_;
  uint64_t torn_bytes_ = 0;

  // Of whoever writes, which is one at a time.
  std::optional<FrameWriter> writer_;  // of the last segment
  size_t room_ = 0;                    // left in it
  std::optional<uint64_t> replaces_;   // the next one takes its place, and goes on from that chain
  std::future<Blank> next_;            // that is being made
  Group going_;                        // to the disk

  std::atomic<uint64_t> durable_ = 0;  // written with the lock

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable written_;
  std::map<uint64_t, std::string> segments_;  // by the number of the first record: names
  Group filling_;
  uint64_t last_ = 0;
  bool writing_ = false;
  std::optional<Error> sealed_;
  std::condition_variable asked_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lexum
