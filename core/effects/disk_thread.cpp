#include "effects/disk_thread.h"

#include "effects/quiet_thread.h"

namespace lexum {

Result<std::unique_ptr<DiskThread>> DiskThread::open() {
  std::unique_ptr<DiskThread> disk(new DiskThread);
  std::optional<std::thread> thread = quiet_thread([&self = *disk] { self.run(); });
  if (!thread) {
    return Error{.code = ErrorCode::kFull,
                 .what = "the system has no more threads for adapters; raise its limits"};
  }
  disk->thread_ = std::move(*thread);
  return disk;
}

void DiskThread::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  posted_.notify_one();
}

void DiskThread::stop() {
  if (!thread_.joinable()) return;
  LEXUM_CHECK(std::this_thread::get_id() != thread_.get_id());
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  posted_.notify_one();
  thread_.join();
}

void DiskThread::run() {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      posted_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace lexum
