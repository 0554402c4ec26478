// An adapter that is as unreliable as the world, but each time in the same way: what it does with
// an errand follows from its seed and the errand's key. It has no thread and no clock; whoever
// tests with it says when time goes by.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "effects/adapter.h"

namespace lexum {

class FakeAdapter final : public Adapter {
 public:
  // Out of a hundred errands, so many are such. The rest is answered well and at once, before
  // carry_out() has returned.
  struct Habits {
    uint32_t late = 0;
    uint32_t failing = 0;  // at once
    uint32_t twice = 0;    // once at once and once late, and not the same
    uint32_t never = 0;
  };

  FakeAdapter(uint64_t seed, Habits habits) : seed_(seed), habits_(habits) {}

  void carry_out(Errand errand, Tell tell) override {
    const Habit habit = habit_of(errand.key);
    {
      const std::lock_guard lock(mutex_);
      errands_.push_back(errand);
      if (habit == Habit::kLate || habit == Habit::kTwice) {
        late_.push_back([tell, again = habit == Habit::kTwice] {
          tell(again ? ErrandAnswer{.failed = true, .text = "said for the second time"} : done());
        });
      }
      if (habit == Habit::kNever) kept_.push_back(tell);
    }
    if (habit == Habit::kPrompt || habit == Habit::kTwice) tell(done());
    if (habit == Habit::kFailing) tell({.failed = true, .text = "it failed"});
  }

  // Gives one of the answers that are late, any one of them. False if there is none.
  bool pass_time() {
    std::function<void()> tells;
    {
      const std::lock_guard lock(mutex_);
      if (late_.empty()) return false;
      const size_t which = static_cast<size_t>(random_() % late_.size());
      std::swap(late_[which], late_.back());
      tells = std::move(late_.back());
      late_.pop_back();
    }
    tells();
    return true;
  }

  enum class Habit : uint8_t { kPrompt, kLate, kFailing, kTwice, kNever };
  // What it will do, or has done, with an errand of that key.
  [[nodiscard]] Habit habit_of(const std::string& key) const {
    uint64_t mark = seed_ * 0x9e3779b97f4a7c15u + 14'695'981'039'346'656'037u;
    for (const char c : key) mark = (mark ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
    const auto roll = static_cast<uint32_t>(std::mt19937_64(mark)() % 100);
    uint32_t below = habits_.late;
    if (roll < below) return Habit::kLate;
    if (roll < (below += habits_.failing)) return Habit::kFailing;
    if (roll < (below += habits_.twice)) return Habit::kTwice;
    if (roll < (below += habits_.never)) return Habit::kNever;
    return Habit::kPrompt;
  }

  // All that were asked for, in order.
  [[nodiscard]] std::vector<Errand> errands() const {
    const std::lock_guard lock(mutex_);
    return errands_;
  }
  // How often each key was asked for.
  [[nodiscard]] std::map<std::string, int> times_asked() const {
    std::map<std::string, int> times;
    for (const Errand& errand : errands()) ++times[errand.key];
    return times;
  }

 private:
  static ErrandAnswer done() { return {.failed = false, .text = "null"}; }

  const uint64_t seed_;
  const Habits habits_;
  mutable std::mutex mutex_;  // of what follows
  std::mt19937_64 random_{seed_};
  std::vector<Errand> errands_;
  std::vector<std::function<void()>> late_;
  std::vector<Tell> kept_;
};

}  // namespace lexum
