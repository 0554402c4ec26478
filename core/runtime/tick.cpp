// One tick: what has arrived goes into the mailboxes, every ready instance runs one slice, and they
// commit one after the other (§4). A tick whose every slice was put off goes on in further rounds,
// under the same number (§5).
#include <algorithm>

#include "runtime/cell.h"

namespace lexum {

namespace {
// Slices prepared together before they commit.
constexpr size_t kGroup = 1024;
}  // namespace

bool Cell::tick(Executor* executor, uint64_t before) {
  const size_t workers = executor == nullptr ? 1 : executor->workers();
  while (helpers_.size() < workers) helpers_.push_back(std::make_unique<Helper>(program_));

  ++serial_;
  now_ = tick_ + 1;
  if (now_ >= before) return false;
  if (!awaited_.empty() || !inputs_.empty() || !waiting_.empty() ||
      (ready_count_ == 0 && !timers_.empty())) {
    if (!let_in(before)) return false;
  } else if (ready_count_ == 0) {
    return false;
  }
  tick_ = now_;
  oscillates_ = false;  // what comes from outside may end a loop
  run_rounds(executor);
  end_tick();
  return true;
}

bool Cell::let_in(uint64_t before) {
  for (;;) {
    if (idle() && waiting_.empty() && (inputs_.empty() || inputs_.front().tick > now_)) {
      if (!timers_.empty()) fire_timers(now_);
      else if (inputs_.empty() || inputs_.front().tick >= before) return false;
      else now_ = inputs_.front().tick;
    }
    input_arrived_ = false;
    arrive(now_);
    refresh_touched();
    ++serial_;
    if (input_arrived_) keep_for_comparison();
    if (!idle()) return true;
    // An input that makes nobody ready makes no tick, and the world is at rest as it was.
    if (plan_.has_assert && quiet()) keep_rest();
    ++serial_;
  }
}

void Cell::run_rounds(Executor* executor) {
  put_off_.clear();
  if (!normal_.empty()) collect(normal_, false);
  if (runner_count_ > 0) {
    if (!counted_background_.empty()) forget_background_counts();
    if (run_round(executor) > 0 || halt_) return;
  }
  collect(low_, true);
  if (run_round(executor) > 0 || halt_) return;
  try_next_choices(executor);
}

Runner& Cell::add_runner(InstanceId id, const Work& work, bool low) {
  if (runner_count_ == runners_.size()) runners_.emplace_back();
  Runner& runner = runners_[runner_count_++];
  runner.id = id;
  runner.instance = &(*this)[id];
  runner.work = work;
  runner.low = low;
  runner.mail = !runner.instance->mailbox.empty();
  return runner;
}

// The instances of a list that are still what it says, with the work they choose.
void Cell::collect(std::vector<InstanceId>& list, bool low) {
  const Readiness wanted = low ? Readiness::kLow : Readiness::kNormal;
  for (const InstanceId id : list) {
    Instance& instance = (*this)[id];
    (low ? instance.in_low : instance.in_normal) = false;
    if (instance.readiness != wanted) continue;
    add_runner(id, choose(instance, low, {}), low);
    touch(instance, id);  // so that it is entered again when the tick ends, committed or not
  }
  list.clear();
  if (runner_count_ > 1) sort_runners();
}

// §4: the most urgent work first, ties in instance order.
void Cell::sort_runners() {
  const auto earlier = [this](const Runner& a, const Runner& b) {
    if (a.work.priority != b.work.priority) return a.work.priority > b.work.priority;
    return before(*a.instance, *b.instance);
  };
  const auto end = runners_.begin() + static_cast<std::ptrdiff_t>(runner_count_);
  if (!std::is_sorted(runners_.begin(), end, earlier)) std::sort(runners_.begin(), end, earlier);
}

// Gives the number of cycles. Those put off are noted.
size_t Cell::run_round(Executor* executor) {
  if (runner_count_ > 1 && executor != nullptr && executor->workers() > 1)
    return run_round_on(*executor);
  // One after the other, the memory for a single outbox does for all.
  if (slots_.empty()) slots_.push_back(std::make_unique<Outbox>());
  size_t cycles = 0;
  for (size_t i = 0; i < runner_count_ && !halt_; ++i) {
    prepare(runners_[i], *slots_[0], *helpers_[0]);
    if (finish(runners_[i], *helpers_[0])) {
      ++cycles;
    } else {
      note_put_off(runners_[i]);
    }
  }
  runner_count_ = 0;
  return cycles;
}

size_t Cell::run_round_on(Executor& executor) {
  while (slots_.size() < std::min(kGroup, runner_count_))
    slots_.push_back(std::make_unique<Outbox>());
  size_t cycles = 0;
  for (size_t first = 0; first < runner_count_ && !halt_; first += kGroup) {
    const size_t count = std::min(kGroup, runner_count_ - first);
    executor.each(count, [&](size_t i, size_t worker) {
      prepare(runners_[first + i], *slots_[i], *helpers_[worker]);
      settle_ahead(runners_[first + i], *helpers_[worker]);
    });
    for (size_t i = first; i < first + count; ++i) {
      Runner& runner = runners_[i];
      if (halt_) {
        release(runner);
      } else if (finish(runner, *helpers_[0])) {
        ++cycles;
      } else {
        note_put_off(runner);
      }
    }
  }
  runner_count_ = 0;
  return cycles;
}

void Cell::note_put_off(const Runner& runner) {
  const auto known = std::find_if(put_off_.begin(), put_off_.end(),
                                  [&](const PutOff& p) { return p.id == runner.id; });
  if (known != put_off_.end()) {
    known->tried.push_back(runner.work.choice);
  } else {
    put_off_.push_back({runner.id, runner.work, {runner.work.choice}});
  }
}

// §5: where nothing but put-off work is left, each of those instances tries its next choice; and
// when nobody has one left, each has the fault F007 for its first.
void Cell::try_next_choices(Executor* executor) {
  while (!put_off_.empty()) {
    for (const PutOff& put_off : put_off_) {
      const Work work = choose((*this)[put_off.id], true, put_off.tried);
      if (work) add_runner(put_off.id, work, true);
    }
    if (runner_count_ == 0) {
      fail_put_off();
      return;
    }
    sort_runners();
    if (run_round(executor) > 0 || halt_) return;
  }
}

void Cell::fail_put_off() {
  for (const PutOff& put_off : put_off_) add_runner(put_off.id, put_off.first, true);
  sort_runners();
  for (size_t i = 0; i < runner_count_; ++i) {
    Runner& runner = runners_[i];
    run_slice(runner, *slots_[0], *helpers_[0]);
    const Span span = program_.emissions[runner.out->emitted.front().site.index()].span;
    runner.out->fault = {Code::kMailboxFull, span,
                         "a mailbox that it sends to has no room, and nobody can make any"};
    fail(runner, false, *helpers_[0]);
    release(runner);
  }
  runner_count_ = 0;
}

void Cell::end_tick() {
  if (!halt_) throttle_senders();
  refresh_touched();
  receipts_.clear();
  if (halt_) return;
  const bool rest = quiet();
  if (!rest) compare_with_kept();
  if (keep_.open && cycle_ - keep_.rest.cycle >= kRollbackCyclesMax) keep_.open = false;
  if (rest) {
    if (plan_.has_assert) keep_rest();
    if (observer_ != nullptr) observer_->rest();
  }
}

}  // namespace lexum
