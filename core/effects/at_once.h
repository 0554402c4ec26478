// At most so many errands of one adapter under way; the others wait in the order in which they
// came.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "effects/adapter.h"

namespace lexum {

class AtOnce final : public Adapter {
 public:
  // `does` tells nothing before its carry_out() has returned on the thread that tells.
  AtOnce(std::unique_ptr<Adapter> does, int64_t most) : does_(std::move(does)), most_(most) {}

  void carry_out(Errand errand, Tell tell) override;

 private:
  struct Waiting {
    Errand errand;
    Tell tell;
  };
  void begin(Errand errand, Tell tell);
  void next();

  const std::unique_ptr<Adapter> does_;
  const int64_t most_;
  std::mutex mutex_;             // of what follows
  int64_t under_way_ = 0;        // at most most_
  std::deque<Waiting> waiting_;  // empty if there are fewer
};

}  // namespace lexum
