#include "effects/event_loop.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <sys/epoll.h>
#include <unistd.h>

#include "effects/quiet_thread.h"

namespace lexum {
namespace {

Error no_more(const std::string& of) {
  return {.code = ErrorCode::kFull,
          .what = "the system has no more " + of + " for adapters; raise its limits"};
}

}  // namespace

Result<std::unique_ptr<EventLoop>> EventLoop::open() {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_ALL);
  LEXUM_CHECK(global == CURLE_OK);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return no_more("descriptors");
  CURLM* const requests = curl_multi_init();
  if (requests == nullptr) {
    ::close(epoll);
    return no_more("descriptors");
  }
  std::unique_ptr<EventLoop> loop(new EventLoop(epoll, requests));
  std::optional<std::thread> thread = quiet_thread([&self = *loop] { self.run(); });
  if (!thread) return no_more("threads");
  loop->thread_ = std::move(*thread);
  return loop;
}

EventLoop::~EventLoop() {
  stop();
  LEXUM_CHECK(under_way_.empty());
  curl_multi_cleanup(requests_);
  ::close(epoll_);
}

void EventLoop::post(Task task) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    is_first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (is_first) curl_multi_wakeup(requests_);
}

void EventLoop::stop() {
  if (!thread_.joinable()) return;
  LEXUM_CHECK(std::this_thread::get_id() != thread_.get_id());
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(requests_);
  thread_.join();
}

EventLoop::Alarm EventLoop::at(Clock::time_point when, Task task) {
  const Alarm alarm{when, alarms_set_++};
  alarms_.emplace(alarm, std::move(task));
  return alarm;
}

void EventLoop::cancel(Alarm alarm) { alarms_.erase(alarm); }

bool EventLoop::watch(int descriptor, Task task) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return false;
  watched_[descriptor] = std::make_shared<const Task>(std::move(task));
  return true;
}

void EventLoop::unwatch(int descriptor) {
  if (watched_.erase(descriptor) == 0) return;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::begin(CURL* easy, Finished finished) {
  under_way_[easy] = std::move(finished);
  LEXUM_CHECK(curl_multi_add_handle(requests_, easy) == CURLM_OK);
}

void EventLoop::break_off(CURL* easy) {
  if (under_way_.erase(easy) == 1) curl_multi_remove_handle(requests_, easy);
}

void EventLoop::run() {
  // Everything that can be read is one descriptor to curl: it tells only of some that have ended.
  curl_waitfd readable{.fd = epoll_, .events = CURL_WAIT_POLLIN, .revents = 0};
  while (do_posted()) {
    ring_alarms();
    int running = 0;
    curl_multi_perform(requests_, &running);
    finish_requests();
    curl_multi_poll(requests_, &readable, 1, wait_ms(), nullptr);
    read_what_is_there();
  }
}

// False if it is time to stop.
bool EventLoop::do_posted() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    doing_.swap(posted_);
  }
  for (Task& task : doing_) {
    const Task mine = std::move(task);
    mine();
  }
  doing_.clear();
  return true;
}

void EventLoop::ring_alarms() {
  const Clock::time_point now = Clock::now();
  while (!alarms_.empty() && alarms_.begin()->first.first <= now) {
    const auto alarm = alarms_.extract(alarms_.begin());
    alarm.mapped()();
  }
}

void EventLoop::finish_requests() {
  int left = 0;
  while (const CURLMsg* const message = curl_multi_info_read(requests_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto finished = under_way_.extract(easy);
    LEXUM_CHECK(!finished.empty());
    curl_multi_remove_handle(requests_, easy);
    finished.mapped()(code);
  }
}

void EventLoop::read_what_is_there() {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    // An earlier one of them may have stopped watching this one.
    const auto found = watched_.find(events[static_cast<size_t>(i)].data.fd);
    if (found == watched_.end()) continue;
    const std::shared_ptr<const Task> task = found->second;
    (*task)();
  }
}

int EventLoop::wait_ms() const {
  if (alarms_.empty()) return 1'000'000;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(alarms_.begin()->first.first - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace lexum
