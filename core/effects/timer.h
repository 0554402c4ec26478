// `Timer.After(ms)`: done when so much time has gone by.
#pragma once

#include "effects/adapter.h"
#include "effects/event_loop.h"

namespace lexum {

class TimerAdapter final : public Adapter {
 public:
  // A hundred years.
  static constexpr int64_t kMsMax = 100LL * 365 * 24 * 60 * 60 * 1'000;

  // The loop outlives it; it tells in tasks of the loop.
  explicit TimerAdapter(EventLoop& loop) : loop_(loop) {}

  void carry_out(Errand errand, Tell tell) override;

 private:
  EventLoop& loop_;
};

}  // namespace lexum
