#include "machine/pool.h"

#include <algorithm>

namespace lexum {

namespace {
constexpr size_t kRun = 16;
constexpr int kLooks = 2'000;  // before sleeping: some tens of microseconds
}  // namespace

ThreadPool::ThreadPool(size_t workers) {
  for (size_t worker = 1; worker < workers; ++worker) {
    threads_.emplace_back([this, worker] { serve(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    ++round_;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::each(size_t n, const std::function<void(size_t, size_t)>& f) {
  work_ = &f;
  count_ = n;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(threads_.size(), std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    round_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  share(0);
  while (busy_.load(std::memory_order_acquire) != 0) std::this_thread::yield();
}

void ThreadPool::share(size_t worker) {
  while (true) {
    const size_t first = next_.fetch_add(kRun, std::memory_order_relaxed);
    if (first >= count_) return;
    for (size_t i = first; i < std::min(first + kRun, count_); ++i) (*work_)(i, worker);
  }
}

void ThreadPool::serve(size_t worker) {
  uint64_t seen = 0;
  while (true) {
    for (int look = 0; look < kLooks && round_.load(std::memory_order_acquire) == seen; ++look) {
      std::this_thread::yield();
    }
    if (round_.load(std::memory_order_acquire) == seen) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return round_.load(std::memory_order_acquire) != seen; });
    }
    seen = round_.load(std::memory_order_acquire);
    if (stop_) return;
    share(worker);
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace lexum
