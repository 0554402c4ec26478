// A durable run that takes inputs while it runs: whoever has one puts it into the inbox, from any
// thread, and waits until it is durable. All that wait at the end of a tick become so together.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/durable.h"

namespace lexum {

class Inbox {
 public:
  // So many may wait.
  static constexpr size_t kWaitingMax = 65'536;
  // What the kInterrupted says.
  static constexpr const char* kEnds = "the run is being stopped";

  // Waits until it is durable, and gives its number. kFull: too many wait, and it was not taken;
  // kInterrupted: the service ends, and it was not taken either. Another error is the disk's.
  Result<uint64_t> send(InputImage input);
  // Waits for what the service says about itself when it next looks up; empty: it ends.
  std::string ask();

 private:
  friend class Service;
  struct Letter {
    InputImage input;
    bool is_question = false;
    bool answered = false;
    Result<uint64_t> number = uint64_t{0};
    std::string answer = {};
  };

  std::mutex mutex_;
  std::condition_variable arrived_;   // something has
  std::condition_variable answered_;  // somebody was
  std::vector<std::shared_ptr<Letter>> waiting_;
  bool closed_ = false;
};

class Service {
 public:
  // Both outlive it. `status` is asked between two ticks.
  Service(DurableRun& run, Inbox& inbox, std::function<std::string(const World&)> status)
      : run_(run), inbox_(inbox), status_(std::move(status)) {}
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Until `stop` is set, or the world is halted, or the disk fails; then a snapshot of where it
  // stands is written. What ended the run, if it had come to rest then: at rest it waits for
  // inputs.
  Result<Outcome> serve(const std::atomic<bool>& stop);

 private:
  Status answer_all();
  void close();

  DurableRun& run_;
  Inbox& inbox_;
  const std::function<std::string(const World&)> status_;
};

}  // namespace lexum
