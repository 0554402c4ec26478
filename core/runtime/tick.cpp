// One tick: what has arrived goes into the mailboxes, every ready instance runs one slice, and they
// commit one after the other (§4). A tick whose every slice was put off goes on in further rounds,
// under the same number (§5).
#include <algorithm>

#include "runtime/cell.h"

namespace lexum {

namespace {
// Slices prepared together before they commit; with one worker, one: then the memory for a single
// outbox does for all.
constexpr size_t kGroup = 1024;
}  // namespace

bool Cell::idle() const {
  const auto ready = [&](const std::vector<InstanceId>& list, Readiness readiness) {
    return std::any_of(list.begin(), list.end(),
                       [&](InstanceId id) { return (*this)[id].readiness == readiness; });
  };
  return awaited_.empty() && !ready(normal_, Readiness::kNormal) && !ready(low_, Readiness::kLow);
}

bool Cell::tick(Executor* executor) {
  const size_t workers = executor == nullptr ? 1 : executor->workers();
  while (helpers_.size() < workers) helpers_.push_back(std::make_unique<Helper>(program_));

  uint64_t number = tick_ + 1;
  while (true) {
    ++serial_;
    const bool nobody = idle();
    if (nobody) {
      if (inputs_.empty()) return false;
      number = std::max(number, inputs_.front().tick);
    }
    input_arrived_ = false;
    now_ = number;
    arrive(number);
    for (const InstanceId id : touched_) refresh(id);
    touched_.clear();
    ++serial_;
    if (input_arrived_) keep_for_comparison();
    if (!idle()) break;
    // An input that makes nobody ready makes no tick.
  }
  tick_ = number;
  run_rounds(executor);
  end_tick();
  return true;
}

void Cell::run_rounds(Executor* executor) {
  put_off_.clear();
  collect(normal_, false);
  if (!runners_.empty()) {
    forget_background_counts();
    if (run_round(runners_, executor) > 0 || halt_) return;
  }
  collect(low_, true);
  if (run_round(runners_, executor) > 0 || halt_) return;
  try_next_choices(executor);
}

// The instances of a list that are still what it says, with the work they choose.
void Cell::collect(std::vector<InstanceId>& list, bool low) {
  runners_.clear();
  for (const InstanceId id : list) {
    Instance& instance = (*this)[id];
    (low ? instance.in_low : instance.in_normal) = false;
    if (instance.readiness != (low ? Readiness::kLow : Readiness::kNormal)) continue;
    Runner& runner = runners_.emplace_back();
    runner.id = id;
    runner.low = low;
    runner.work = choose(instance, low, {});
    // so that it is entered again when the tick ends, whether it commits or not
    touch(id);
  }
  list.clear();
  sort_runners(runners_);
}

// §4: the most urgent work first, ties in instance order.
void Cell::sort_runners(std::vector<Runner>& runners) const {
  const auto earlier = [this](const Runner& a, const Runner& b) {
    if (a.work.priority != b.work.priority) return a.work.priority > b.work.priority;
    return before(a.id, b.id);
  };
  if (!std::is_sorted(runners.begin(), runners.end(), earlier)) {
    std::sort(runners.begin(), runners.end(), earlier);
  }
}

// Gives the number of cycles. Those put off are noted.
size_t Cell::run_round(std::vector<Runner>& runners, Executor* executor) {
  const bool parallel = executor != nullptr && executor->workers() > 1 && runners.size() > 1;
  const size_t group = parallel ? kGroup : 1;
  while (slots_.size() < std::min(group, runners.size()))
    slots_.push_back(std::make_unique<Outbox>());
  size_t cycles = 0;
  for (size_t first = 0; first < runners.size(); first += group) {
    const size_t count = std::min(group, runners.size() - first);
    if (parallel) {
      executor->each(count, [&](size_t i, size_t worker) {
        prepare(runners[first + i], *slots_[i], *helpers_[worker]);
      });
    } else {
      prepare(runners[first], *slots_[0], *helpers_[0]);
    }
    for (size_t i = first; i < first + count; ++i) {
      Runner& runner = runners[i];
      if (halt_) {
        release(runner);
      } else if (finish(runner, *helpers_[0])) {
        ++cycles;
      } else {
        const auto known = std::find_if(put_off_.begin(), put_off_.end(),
                                        [&](const PutOff& p) { return p.id == runner.id; });
        if (known != put_off_.end()) {
          known->tried.push_back(runner.work.choice);
        } else {
          put_off_.push_back({runner.id, runner.work, {runner.work.choice}});
        }
      }
    }
    if (halt_) break;
  }
  return cycles;
}

// §5: where nothing but put-off work is left, each of those instances tries its next choice; and
// when nobody has one left, each has the fault F007 for its first.
void Cell::try_next_choices(Executor* executor) {
  while (!put_off_.empty()) {
    runners_.clear();
    for (const PutOff& put_off : put_off_) {
      Runner runner;
      runner.id = put_off.id;
      runner.low = true;
      runner.work = choose((*this)[put_off.id], true, put_off.tried);
      if (runner.work) runners_.push_back(std::move(runner));
    }
    if (runners_.empty()) {
      fail_put_off();
      return;
    }
    sort_runners(runners_);
    if (run_round(runners_, executor) > 0 || halt_) return;
  }
}

void Cell::fail_put_off() {
  runners_.clear();
  for (const PutOff& put_off : put_off_) {
    Runner& runner = runners_.emplace_back();
    runner.id = put_off.id;
    runner.low = true;
    runner.work = put_off.first;
  }
  sort_runners(runners_);
  if (slots_.empty()) slots_.push_back(std::make_unique<Outbox>());
  for (Runner& runner : runners_) {
    run_slice(runner, *slots_[0], *helpers_[0]);
    const Span span = program_.emissions[runner.out->emitted.front().site.index()].span;
    runner.out->fault = {Code::kMailboxFull, span,
                         "a mailbox that it sends to has no room, and nobody can make any"};
    fail(runner, false, *helpers_[0]);
    release(runner);
  }
}

void Cell::end_tick() {
  if (!halt_) throttle_senders();
  for (const InstanceId id : touched_) refresh(id);
  touched_.clear();
  receipts_.clear();
  if (halt_) return;
  const bool rest = idle();
  if (!rest) compare_with_kept();
  if (keep_.open && cycle_ - keep_.cycle >= kRollbackCyclesMax) keep_.open = false;
  if (rest) {
    if (plan_.has_assert) keep_rest();
    if (observer_ != nullptr) observer_->rest();
  }
}

}  // namespace lexum
