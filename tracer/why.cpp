#include "tracer/why.h"

#include <algorithm>

namespace lexum {
namespace {

class Asking {
 public:
  Asking(TraceReader& trace, const Looking& looking) : trace_(trace), looking_(looking) {}

  Result<WhyStep> step_of(uint64_t cycle) {
    Result<CycleView> ran = cycle_at(trace_, cycle);
    if (!ran) return ran.error();
    WhyStep step{.ran = std::move(*ran)};
    if (Status found = find_cause(step); !found) return found.error();
    return step;
  }
  Result<Why> from(uint64_t cycle, size_t steps_max) {
    Why why;
    while (cycle > trace_.start()) {
      if (why.steps.size() == steps_max) {
        why.cut = true;
        break;
      }
      Result<WhyStep> found = step_of(cycle);
      if (!found) return found.error();
      if (interrupted_) break;
      WhyStep& step = *found;
      const bool passes_on = !why.steps.empty() && only_passes_on(step.ran);
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
        return find_boot(step);
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
    const GoalTarget goal{.whose = whose(step), .goal = step.ran.goal};
    const Status looked = look_up(step, flips_of(goal, status));
    const bool found = step.cause != 0 || step.because == WhyStep::Because::kAct;
    return looked && !found ? find_birth(step, WhyStep::Because::kGoal) : looked;
  }

  // One that was given up may have been asked for once more.
  Status find_boot(WhyStep& step) {
    step.because = WhyStep::Because::kBoot;
    const auto boots = [](const ChunkIndex::Kind& kind) {
      return kind.of_act() && (kind.part & static_cast<uint64_t>(kActBoots)) != 0;
    };
    const Status looked = look_up(step, {.whose = whose(step), .is = boots});
    if (!looked || step.because == WhyStep::Because::kAct) return looked;
    return find_birth(step, WhyStep::Because::kBoot);
  }

  Status find_begin(WhyStep& step) {
    step.because = WhyStep::Because::kBegun;
    const auto is = [&](const ChunkIndex::Kind& kind) {
      const uint64_t slice = kind.work == WorkKind::kSlice ? kind.part : 0;
      return kind.routine == step.ran.routine && slice + 1 == step.ran.slice;
    };
    return look_up(step, {.whose = whose(step), .is = is});
  }

  static Subjects whose(const WhyStep& step) {
    return {.domain = step.ran.domain, .key = step.ran.key};
  }

  // The latest such cycle or act on this instance, and not on one before it that had the same key.
  Status look_up(WhyStep& step, const Sought& sought) {
    const uint64_t at = step.ran.cycle - 1;
    const auto found = latest(trace_, sought, at, looking_);
    if (!found) return found.error();
    const auto acted = latest_act(trace_, sought, at, looking_);
    if (!acted) return acted.error();
    interrupted_ = interrupted_ || found->interrupted || acted->interrupted;
    if (!found->found && !acted->found) return Done{};
    const uint64_t ran = found->found.value_or(0);
    // An act at the moment of a cycle came after it, and so after a retirement.
    const bool by_act = acted->found && acted->found->at >= ran;
    const uint64_t since = by_act ? acted->found->at : ran - 1;
    const auto gone = latest(trace_, retirements_of(whose(step)), at, looking_, since);
    if (!gone) return gone.error();
    interrupted_ = interrupted_ || gone->interrupted;
    if (gone->found) return Done{};
    if (!by_act) step.cause = ran;
    return by_act ? take_act(step, *acted->found, sought) : Done{};
  }

  Status take_act(WhyStep& step, const ActPlace& place, const Sought& sought) {
    Result<InputView> act = act_at(trace_, place, sought, Which::kLast);
    if (!act) return act.error();
    step.because = WhyStep::Because::kAct;
    step.input = act->number;
    step.act = std::move(*act);
    step.act_at = place.at;
    return Done{};
  }

  // What the instance came to be with: the message of a cycle, one from outside, or the run itself.
  Status find_birth(WhyStep& step, WhyStep::Because because) {
    step.because = WhyStep::Because::kStart;
    const auto born = latest_birth(trace_, whose(step), step.ran.cycle - 1, looking_);
    if (!born) return born.error();
    interrupted_ = interrupted_ || born->interrupted;
    if (!born->found) return Done{};
    if (Status found = find_first_input(step, *born->found); !found) return found;
    if (step.input == 0) step.cause = *born->found;
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

  TraceReader& trace_;
  const Looking& looking_;
  bool interrupted_ = false;
};

}  // namespace

Result<WhyStep> cause_of(TraceReader& trace, uint64_t cycle, const Looking& looking) {
  LEXUM_CHECK(cycle > trace.start() && cycle <= trace.cycles());
  return Asking(trace, looking).step_of(cycle);
}

Result<Why> why(TraceReader& trace, uint64_t cycle, const Looking& looking, size_t steps_max) {
  LEXUM_CHECK(cycle >= 1 && cycle <= trace.cycles());
  return Asking(trace, looking).from(cycle, steps_max);
}

}  // namespace lexum
