// One thread that waits for everything at once: for moments, for what can be read, for requests
// that are under way, and for what other threads want done. What it waits for costs no thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "base/result.h"

namespace lexum {

class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;
  using Task = std::function<void()>;
  using Alarm = std::pair<Clock::time_point, uint64_t>;
  using Finished = std::function<void(CURLcode)>;

  // Fails where the system has no more descriptors or threads.
  static Result<std::unique_ptr<EventLoop>> open();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // The loop does `task`, after those that were posted before. From any thread; after stop() it is
  // kept and not done.
  void post(Task task);
  // Once it has returned, nothing is done any more, and the rest of this class may be used by the
  // thread that called it. Not from a task.
  void stop();

  // ---- Only in a task, or after stop(). No task is called before these return.

  // Does `task` then, once.
  Alarm at(Clock::time_point when, Task task);
  void cancel(Alarm alarm);

  // Does `task` whenever there may be something to read, or the end of it; now and then there is
  // not. Until unwatch(), which comes before the descriptor is closed. False if the system has no
  // more room for that.
  [[nodiscard]] bool watch(int descriptor, Task task);
  void unwatch(int descriptor);

  // Begins the request that `easy` describes. The caller keeps it until `finished`, or breaks it
  // off.
  void begin(CURL* easy, Finished finished);
  void break_off(CURL* easy);

 private:
  EventLoop(int epoll, CURLM* requests) : epoll_(epoll), requests_(requests) {}
  void run();
  bool do_posted();
  void ring_alarms();
  void finish_requests();
  void read_what_is_there();
  [[nodiscard]] int wait_ms() const;

  const int epoll_;
  CURLM* const requests_;

  std::mutex mutex_;  // of what follows
  std::vector<Task> posted_;
  bool stopping_ = false;

  // Of the thread alone.
  std::map<Alarm, Task> alarms_;
  uint64_t alarms_set_ = 0;
  std::map<int, std::shared_ptr<const Task>> watched_;
  std::map<CURL*, Finished> under_way_;
  std::vector<Task> doing_;  // what was posted, while it is done

  std::thread thread_;
};

}  // namespace lexum
