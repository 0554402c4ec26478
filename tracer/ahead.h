// Chunks that are decoded before somebody asks for them, on threads beside theirs: one for each
// other processor of the machine, seven at the most, which begin when they are needed. Whoever
// waits for a chunk does some of the work meanwhile. One thread expects and takes.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "tracer/columns.h"
#include "tracer/records.h"

namespace lexum {

struct Chunk;

class Ahead {
 public:
  using Made = Result<std::shared_ptr<const Chunk>>;
  // Called on any of the threads, several at once, with a joiner that nobody else has.
  using Make = std::function<Made(const ChunkEntry& entry, ColumnJoiner& joiner)>;

  // `program` outlives it.
  Ahead(const Program& program, Make make);
  // What has been begun is ended first.
  ~Ahead();
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  // How many to expect at once, so that everybody has something to do; 0 on a machine with a single
  // processor.
  [[nodiscard]] static size_t depth();

  // It is likely to be asked for soon. Of those that nobody has taken, the oldest are forgotten.
  void expect(size_t chunk, const ChunkEntry& entry);
  // Waits for it, and works meanwhile; none if it was not expected.
  std::optional<Made> take(size_t chunk, ColumnJoiner& joiner);

 private:
  struct Job {
    size_t chunk = 0;
    ChunkEntry entry = {};
    bool is_begun = false;
    std::optional<Made> made = {};
  };
  void serve();
  // The first job that nobody has begun; null if there is none.
  Job* next();
  // Does it while the lock is not held.
  void work_off(Job& job, ColumnJoiner& joiner, std::unique_lock<std::mutex>& lock);

  const Program& program_;
  const Make make_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable come_;
  std::condition_variable done_;
  std::list<Job> jobs_;  // in the order in which they were expected
  size_t idle_ = 0;      // threads
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lexum
