#include "effects/at_once.h"

namespace lexum {

void AtOnce::carry_out(Errand errand, Tell tell) {
  {
    const std::lock_guard lock(mutex_);
    if (under_way_ == most_) {
      waiting_.push_back({std::move(errand), std::move(tell)});
      return;
    }
    ++under_way_;
  }
  begin(std::move(errand), std::move(tell));
}

void AtOnce::begin(Errand errand, Tell tell) {
  does_->carry_out(std::move(errand), [this, tell = std::move(tell)](ErrandAnswer answer) {
    next();
    tell(std::move(answer));
  });
}

void AtOnce::next() {
  Waiting one;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      --under_way_;
      return;
    }
    one = std::move(waiting_.front());
    waiting_.pop_front();
  }
  begin(std::move(one.errand), std::move(one.tell));
}

}  // namespace lexum
