// Opens a trace, whole, torn or damaged, and says how much of it can be read. Nothing but the
// directory and a few decoded chunks is kept in memory, whatever the size of the file. Reading
// changes nothing. One thread at a time; it has some of its own.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/image.h"
#include "store/framing.h"
#include "tracer/ahead.h"
#include "tracer/columns.h"
#include "tracer/line.h"
#include "tracer/records.h"

namespace lexum {

// A chunk as it was recorded.
struct Chunk {
  ChunkHead head;
  Streams streams;

  [[nodiscard]] size_t bytes() const {
    return streams.canonical.size() + streams.side.size() +
           streams.cycles.size() * sizeof(Streams::Place);
  }
  // Its events from the first one on. The chunk outlives it.
  [[nodiscard]] EventReader events(const Program& program) const {
    return {program, streams.canonical.bytes(), streams.side.bytes(), head.first_cycle - 1,
            head.tick_before};
  }
  // Where its nth cycle begins, from 0: what stands between the one before and it lies behind.
  [[nodiscard]] EventReader::Place place_of(size_t nth) const {
    const Streams::Place& there = streams.cycles[nth];
    return {.canonical = there.canonical,
            .side = there.side,
            .cycle = head.first_cycle - 1 + nth,
            .tick = head.tick_before + there.ticks};
  }
};

enum class TraceEnd : uint8_t {
  kClosed,   // the recorder said that it was done
  kTorn,     // it was ended, or still goes on; what was written is whole
  kDamaged,  // what comes after the last readable record is not
};

inline constexpr size_t kReaderBytes = size_t{24} << 20;

class TraceReader {
 public:
  // Fails if there is nothing to be read: no such file, no trace, one of another format, or one
  // whose header or first chunk is not there.
  // Keeps decoded chunks, and indexes, of about `bytes_kept` each.
  static Result<std::unique_ptr<TraceReader>> open(Files& files, const std::string& path,
                                                   size_t bytes_kept = kReaderBytes);
  // Takes in what was recorded since. What was there before is as it was.
  Status refresh();

  [[nodiscard]] const std::string& path() const { return frames_.path(); }
  [[nodiscard]] uint32_t version() const { return frames_.version(); }
  [[nodiscard]] uint64_t bytes() const { return frames_.size(); }
  [[nodiscard]] const TraceHeader& header() const { return header_; }
  [[nodiscard]] const Program& program() const { return *program_; }
  // Which may be kept longer than the trace.
  [[nodiscard]] const std::shared_ptr<const Program>& shared_program() const { return program_; }
  // Whether the program asserts anything: else there are no rollbacks in it.
  [[nodiscard]] bool may_roll_back() const { return may_roll_back_; }
  [[nodiscard]] TraceEnd end() const { return end_; }
  // What is wrong with the end, and where; empty if nothing is.
  [[nodiscard]] const std::string& end_says() const { return end_says_; }
  [[nodiscard]] std::span<const ChunkEntry> chunks() const { return directory_.chunks; }
  [[nodiscard]] std::span<const KeyframeEntry> keyframes() const { return directory_.keyframes; }
  // Goes through the whole file, and gives what cannot be read of what should be there, in order of
  // offsets. (What is wrong with the end is known without.)
  [[nodiscard]] std::vector<Error> check() const;
  // After which cycle it begins: that of a fork, else 0.
  [[nodiscard]] uint64_t start() const {
    return directory_.keyframes.empty() ? 0 : directory_.keyframes.front().cycle;
  }
  // The number of the last cycle.
  [[nodiscard]] uint64_t cycles() const;
  // After the last event.
  [[nodiscard]] Result<Hash256> run_hash();

  // Good until a few others were asked for.
  [[nodiscard]] Result<std::shared_ptr<const Chunk>> chunk(size_t index);
  // The chunks from `first` on towards `last`, which may lie before it, are likely to be asked for
  // next: the first few of them are decoded meanwhile, on other threads.
  void expect(size_t first, size_t last);
  // How many at once.
  [[nodiscard]] static size_t expects() { return Ahead::depth(); }
  // The chunk that has this cycle. Requires start() < cycle <= cycles().
  [[nodiscard]] size_t chunk_of(uint64_t cycle) const;
  // Of a chunk: as it was written, or made anew where that cannot be read. Good until many others
  // were asked for.
  [[nodiscard]] Result<std::shared_ptr<const ChunkIndex>> index(size_t chunk);
  // Which kinds of cycles there are, and which of them in that chunk.
  [[nodiscard]] const KindTable& kinds() const { return directory_.kinds; }
  // The stretches of which it is known between which numbers fields were, and that.
  [[nodiscard]] std::span<const ExtentsEntry> extents() const { return directory_.extents; }
  [[nodiscard]] Result<Extents> extents_of(size_t stretch) const;
  // The whole world of that keyframe, put together from those that it builds on.
  [[nodiscard]] Result<WorldImage> world_at(size_t keyframe);
  // "DatabaseProvisioner", "Order[7]": whose cycle that was. Empty if that cannot be read.
  [[nodiscard]] std::string instance_of(uint64_t cycle);

 private:
  TraceReader(FrameReader frames, size_t bytes_kept)
      : frames_(std::move(frames)), bytes_kept_(bytes_kept) {}
  Status load_header();
  [[nodiscard]] bool take_footer();
  Status walk_frames();
  Status take_frame(FramePlace place, const Frame& frame);
  void end_with(const Error& error);
  Result<Frame> frame(FramePlace place, RecordType type) const;
  Result<WorldImage> keyframe(const KeyframeEntry& entry) const;
  // On any thread.
  Result<std::shared_ptr<const Chunk>> decode(const ChunkEntry& entry, ColumnJoiner& joiner,
                                              IndexNotes* notes) const;
  [[nodiscard]] Error damaged(FramePlace place, const char* what) const;

  FrameReader frames_;
  size_t bytes_kept_;
  TraceHeader header_;
  FramePlace unread_;  // behind everything that the directory has
  std::shared_ptr<const Program> program_;
  bool may_roll_back_ = false;
  std::unique_ptr<ColumnJoiner> joiner_;
  Directory directory_;
  TraceEnd end_ = TraceEnd::kClosed;
  std::string end_says_;

  // The chunks that were asked for last, the latest first.
  struct Kept {
    size_t index;
    std::shared_ptr<const Chunk> chunk;
    std::vector<std::string> instances;  // of its cycles, once somebody asked
  };
  [[nodiscard]] std::list<Kept>::iterator kept(size_t index);
  std::list<Kept> kept_;
  size_t kept_bytes_ = 0;

  // The indexes, likewise.
  using KeptIndex = std::pair<size_t, std::shared_ptr<const ChunkIndex>>;
  std::list<KeptIndex> kept_indexes_;
  std::unordered_map<size_t, std::list<KeptIndex>::iterator> index_places_;
  size_t kept_index_bytes_ = 0;

  std::unique_ptr<Ahead> ahead_;  // whose threads read what stands above: it goes first
};

// What ran then. Requires a cycle of the trace.
Result<CycleView> cycle_at(TraceReader& trace, uint64_t cycle);

}  // namespace lexum
