// A thread for what has to wait for a disk: one thing after the other.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"

namespace lexum {

class DiskThread {
 public:
  static Result<std::unique_ptr<DiskThread>> open();
  ~DiskThread() { stop(); }
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  // From any thread; after stop() it is kept and not done.
  void post(std::function<void()> task);
  // Waits for the one that is being done; those behind it are not done. Not from a task.
  void stop();

 private:
  DiskThread() = default;
  void run();

  std::mutex mutex_;  // of what follows
  std::condition_variable posted_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace lexum
