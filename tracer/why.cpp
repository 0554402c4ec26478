#include "tracer/why.h"

#include <algorithm>

namespace lexum {
namespace {

class Asking {
 public:
  Asking(TraceReader& trace, const Looking& looking) : trace_(trace), looking_(looking) {}

  Result<Why> from(uint64_t cycle) {
    Why why;
    while (cycle > trace_.start()) {
      Result<CycleView> ran = cycle_at(trace_, cycle);
      if (!ran) return ran.error();
      const bool passes_on = !why.steps.empty() && only_passes_on(*ran);
      WhyStep step{.ran = std::move(*ran)};
      if (Status found = find_cause(step); !found) return found.error();
      if (interrupted_) break;
      cycle = step.cause;
      // The one at the root is always shown.
      if (passes_on && cycle > trace_.start()) ++why.steps.back().passed_on;
      else why.steps.push_back(std::move(step));
    }
    why.interrupted = interrupted_;
    return why;
  }

 private:
  static bool only_passes_on(const CycleView& ran) {
    return ran.work == WorkKind::kMessage && ran.emissions.size() == 1 && ran.changes.empty() &&
           ran.flips.empty() && ran.logs.empty() && !ran.retires;
  }

  Status find_cause(WhyStep& step) {
    switch (step.ran.work) {
      case WorkKind::kMessage:
        return find_sender(step);
      case WorkKind::kGoal:
        return find_flip(step, GoalStatus::kPursued);
      case WorkKind::kElse:
        return find_flip(step, GoalStatus::kAbandoned);
      case WorkKind::kSlice:
        return find_begin(step);
      case WorkKind::kBoot:
        return find_birth(step, WhyStep::Because::kBoot);
    }
    return Done{};
  }

  static Status find_sender(WhyStep& step) {
    const CauseView& cause = *step.ran.cause;
    step.cause = cause.cycle;
    step.input = cause.input;
    step.because = cause.kind == OriginKind::kInput     ? WhyStep::Because::kInput
                   : cause.kind == OriginKind::kOutcome ? WhyStep::Because::kOutcome
                                                        : WhyStep::Because::kSent;
    return Done{};
  }

  // Since when its goal has been what it is. An instance may have had it from its birth on.
  Status find_flip(WhyStep& step, GoalStatus status) {
    step.because = WhyStep::Because::kGoal;
    const Status looked = back_through(step, [&](const CycleView& before) {
      return std::ranges::any_of(before.flips, [&](const GoalFlip& flip) {
        return flip.goal == step.ran.goal && flip.to == status;
      });
    });
    return looked && step.cause == 0 ? find_birth(step, WhyStep::Because::kGoal) : looked;
  }

  Status find_begin(WhyStep& step) {
    step.because = WhyStep::Because::kBegun;
    return back_through(step, [&](const CycleView& before) {
      return before.routine == step.ran.routine && before.slice + 1 == step.ran.slice;
    });
  }

  // Looks through the earlier cycles of the instance for the latest that `is_cause`.
  template <class Test>
  Status back_through(WhyStep& step, const Test& is_cause) {
    return look_back(step, [&](const EventView& event, uint64_t at) {
      const auto* before = std::get_if<CycleView>(&event);
      if (before == nullptr || !is_one(step.ran, before->domain, before->key)) return true;
      if (is_cause(*before)) step.cause = at;
      return step.cause == 0 && !before->retires;
    });
  }

  // What the instance came to be with: the message of a cycle, one from outside, or the run itself.
  Status find_birth(WhyStep& step, WhyStep::Because because) {
    step.because = WhyStep::Because::kStart;
    std::optional<uint64_t> born;
    const Status looked = look_back(step, [&](const EventView& event, uint64_t at) {
      const auto* ran = std::get_if<CycleView>(&event);
      if (ran != nullptr && ran->retires && is_one(step.ran, ran->domain, ran->key)) return false;
      const auto* started = std::get_if<StartedView>(&event);
      if (started != nullptr && is_one(step.ran, started->domain, started->key)) born = at;
      return !born;
    });
    if (!looked || !born) return looked;
    if (Status found = find_first_input(step, *born); !found) return found;
    if (step.input == 0) step.cause = *born;
    if (step.input != 0 || step.cause != 0) step.because = because;
    return Done{};
  }

  // If it was started from outside, the input stands right behind its coming to be.
  Status find_first_input(WhyStep& step, uint64_t born) {
    bool just_started = false;
    const Result<ScanEnd> end = scan(trace_, born, born, {}, [&](const EventView& event, uint64_t) {
      const auto* input = std::get_if<InputView>(&event);
      const bool its = input != nullptr && is_one(step.ran, input->domain, input->key);
      if (just_started && its) step.input = input->number;
      const auto* started = std::get_if<StartedView>(&event);
      just_started = started != nullptr && is_one(step.ran, started->domain, started->key);
      return step.input == 0;
    });
    if (!end) return end.error();
    return Done{};
  }

  static bool is_one(const CycleView& ran, DomainId domain, const Value& key) {
    return domain == ran.domain && key == ran.key;
  }

  // Through what happened before the step.
  Status look_back(const WhyStep& step, const Visit& visit) {
    const Result<ScanEnd> end = scan(trace_, step.ran.cycle - 1, 0, looking_, visit);
    if (!end) return end.error();
    interrupted_ = interrupted_ || end->interrupted;
    return Done{};
  }

  TraceReader& trace_;
  const Looking& looking_;
  bool interrupted_ = false;
};

}  // namespace

Result<Why> why(TraceReader& trace, uint64_t cycle, const Looking& looking) {
  LEXUM_CHECK(cycle >= 1 && cycle <= trace.cycles());
  return Asking(trace, looking).from(cycle);
}

}  // namespace lexum
