// What lies outside of a run, as the run sees it: somebody who carries its effects out and tells
// what comes of them.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/world.h"

namespace lexum {

class Outside {
 public:
  virtual ~Outside() = default;

  // Before the first exchange, of the run of that id. `durable` is called with a tick before
  // anything that was emitted up to it goes out, on any thread; after an error nothing goes out any
  // more.
  virtual void begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) = 0;
  // `came` is called from now on, on any thread, when something has come back; empty: nobody is.
  virtual void notify(std::function<void()> came) = 0;
  // Between two ticks: takes what the world wants done, and gives what has come of earlier ones,
  // without numbers. The error is that of `durable`.
  virtual Result<std::vector<InputImage>> exchange(World& world) = 0;
  // Something is still to come, though the world is at rest.
  [[nodiscard]] virtual bool awaits(const World& world) const = 0;
  // Waits until something has come back, and for so long at most.
  virtual void wait(std::chrono::milliseconds most) = 0;
  // Nothing goes out any more, and `durable` is not called any more.
  virtual void end() = 0;
};

}  // namespace lexum
