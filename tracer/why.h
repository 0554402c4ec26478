// Why something happened: from a cycle back to what it followed from, and from there on, to an
// input from outside, which an operator's act is, too, or the start of the run. Every step is one
// that the engine took: a message was sent by one cycle, a goal has been pursued since one, a later
// slice goes on what one has begun.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tracer/ask.h"

namespace lexum {

struct WhyStep {
  enum class Because : uint8_t {
    kStart,    // there is nothing before it: so the run began
    kInput,    // a message or broadcast from outside
    kSent,     // a message that `cause` sent; to itself, too
    kOutcome,  // of an effect that `cause` emitted
    kGoal,     // its goal has been pursued since `cause`; of a last work: abandoned
    kBegun,    // `cause` began what this goes on with
    kBoot,     // the instance came to be with what `cause` sent it
    kAct,      // an operator did what it goes back to: `input` flipped its goal, revived its Boot
  };
  CycleView ran;
  Because because = Because::kStart;
  uint64_t cause = 0;  // the cycle; 0: the start, or what came from outside
  uint64_t input = 0;  // the number of what came from outside: kInput, kAct, and kBoot and kGoal
                       // where that is what the instance came to be with
  // kAct: what that was, and the cycle before it.
  std::optional<InputView> act = {};
  uint64_t act_at = 0;
  // How many cycles between this one and the next step only passed a message on, and so are left
  // out: no change, no goal, one message in and one out.
  uint64_t passed_on = 0;
};

struct Why {
  // The latest first; the last one's cause is 0, unless it was interrupted or cut, or lies in the
  // run that this one is a fork of.
  std::vector<WhyStep> steps;
  bool interrupted = false;
  bool cut = false;  // there is more
};

// What that cycle followed from, and nothing further back. Requires a cycle of the trace.
Result<WhyStep> cause_of(TraceReader& trace, uint64_t cycle, const Looking& looking = {});

// Why that cycle happened, so many steps back. Requires a cycle of the trace.
inline constexpr size_t kWhyStepsMax = 1000;
Result<Why> why(TraceReader& trace, uint64_t cycle, const Looking& looking = {},
                size_t steps_max = kWhyStepsMax);

}  // namespace lexum
