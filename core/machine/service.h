// A durable run that takes inputs while it runs: whoever has one puts it into the inbox, from any
// thread, and waits until it is durable. All that wait when the service looks up become so
// together, while the world runs on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
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
  // Something else has come that the service shall look at.
  void wake();
  // Waits for what the service says to that when it next looks up; kFull and kInterrupted as above.
  Result<std::string> ask(std::string question);

 private:
  friend class Service;
  struct Letter {
    InputImage input;
    std::optional<std::string> question = {};
    bool answered = false;
    Result<uint64_t> number = uint64_t{0};
    std::string answer = {};
  };
  // Waits until it is answered.
  Result<std::shared_ptr<Letter>> wait(Letter letter);

  std::mutex mutex_;
  std::condition_variable arrived_;   // something has
  std::condition_variable answered_;  // somebody was
  std::vector<std::shared_ptr<Letter>> waiting_;
  bool closed_ = false;
  bool woken_ = false;
};

class Service {
 public:
  // Both outlive it. `say` answers questions, between two ticks.
  using Say = std::function<std::string(const World&, const std::string& question)>;
  Service(DurableRun& run, Inbox& inbox, Say say)
      : run_(run), inbox_(inbox), say_(std::move(say)) {}
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Until `stop` is set, or the world is halted, or the disk fails; then a snapshot of where it
  // stands is written. What ended the run, if it had come to rest then: at rest it waits for
  // inputs.
  Result<Outcome> serve(const std::atomic<bool>& stop);

 private:
  Status take_all();
  void answer_accepted();
  // Who waits is told why nothing comes of it.
  void close(const Error& why);

  DurableRun& run_;
  Inbox& inbox_;
  const Say say_;
  // Whose inputs are on their way to the disk, with their numbers.
  std::deque<std::pair<uint64_t, std::shared_ptr<Inbox::Letter>>> accepted_;
};

}  // namespace lexum
