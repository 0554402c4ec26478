// Instances that were killed come back, each alone: on a thread of its own, what the folder has of
// the run is run again in memory, from its newest snapshot to where that was, and what sends and
// effects come of it there is nobody's. The instance is put back as it is there, and an input lets
// it take work again; so a replay needs no folder. The others go on meanwhile.
//
// One that cannot be brought back stays killed; whoever opens the folder next tries again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "machine/outside.h"
#include "store/files.h"

namespace lexum {

// What else is outside of the run goes on behind it.
class Restorer final : public Outside {
 public:
  // `others` may be null, and outlives it, as `files` does. `sync` makes everything durable that
  // the run has got so far.
  Restorer(Files& files, std::string folder, Outside* others, std::function<Status()> sync);
  ~Restorer() override;
  Restorer(const Restorer&) = delete;
  Restorer& operator=(const Restorer&) = delete;

  // By the thread that runs the world: `id` was killed before the slices of `tick` and behind that
  // cycle, or earlier.
  void bring_back(InstanceId id, uint64_t tick, uint64_t cycle);

  void begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) override;
  void notify(std::function<void()> came) override;
  Result<std::vector<InputImage>> exchange(World& world) override;
  [[nodiscard]] bool awaits(const World& world) const override;
  void wait(std::chrono::milliseconds most) override;
  void end() override;

 private:
  struct Killed {
    InstanceId id;
    uint64_t tick = 0;
    uint64_t cycle = 0;
  };
  void work();
  // As it was; the error says why nobody knows.
  Result<InstanceImage> image_of(const Killed& one);

  Files& files_;
  const std::string folder_;
  Outside* const others_;
  const std::function<Status()> sync_;

  size_t away_ = 0;                     // the running thread's: who has not come back
  std::atomic<bool> has_news_ = false;  // somebody is back_, or lost_
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;  // guards what follows
  std::condition_variable to_do_;
  std::condition_variable came_;
  std::function<void()> told_;
  std::vector<Killed> killed_;
  std::vector<InstanceImage> back_;
  size_t lost_ = 0;
  std::thread thread_;  // begins with the first
};

}  // namespace lexum
