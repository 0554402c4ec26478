// Threads that share the slices of a tick.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/world.h"

namespace lexum {

// The calling thread is worker 0. Work is dealt in small runs, so that uneven slices even out.
// Ticks follow each other closely, so an idle worker looks for the next one for a moment before it
// sleeps.
class ThreadPool final : public Executor {
 public:
  // Requires workers >= 1.
  explicit ThreadPool(size_t workers);
  ~ThreadPool() override;

  [[nodiscard]] size_t workers() const override { return threads_.size() + 1; }
  void each(size_t n, const std::function<void(size_t i, size_t worker)>& f) override;

 private:
  void serve(size_t worker);
  void share(size_t worker);

  // of the current call; written before `round_` moves on
  const std::function<void(size_t, size_t)>* work_ = nullptr;
  size_t count_ = 0;
  std::atomic<size_t> next_ = 0;
  std::atomic<size_t> busy_ = 0;

  std::atomic<uint64_t> round_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::thread> threads_;
};

}  // namespace lexum
