#include "tracer/whynot_tick.h"

#include <algorithm>

#include "tracer/line.h"

namespace lexum {

namespace {

// What became of an instance in a tick.
struct Turn {
  std::optional<CycleView> ran;
  std::vector<std::string> full;  // the mailboxes that put it off
};

// What became of all that was asked, in the tick that came after the world that was asked.
class NextTick {
 public:
  // The world is the one after that tick, which came after the one of the number.
  NextTick(TraceReader& trace, const World& after, uint64_t tick_before)
      : trace_(trace), after_(after), tick_before_(tick_before) {}

  Status amend(WhyNot& answer) {
    const Result<Turn> turn = turn_of(answer);
    if (!turn) return turn.error();
    if (turn->ran && turn->ran->routine == answer.routine) {
      say_that_it_runs(answer, *turn->ran);
      return Done{};
    }
    if (answer.held == Held::kItIsNext) say_what_came_between(answer, *turn);
    for (Missing& missing : answer.missing) {
      for (Sender& sender : missing.senders) {
        for (WhyNot& held : sender.held) {
          if (Status done = amend(held); !done) return done;
        }
      }
    }
    return Done{};
  }

 private:
  // Of whom nobody was there, it may be the one that has come to be in the tick.
  Result<Turn> turn_of(const WhyNot& answer) {
    Subjects whose{.domain = answer.domain, .key = answer.key};
    if (answer.held == Held::kNobody && answer.key.is_null()) whose.key.reset();
    Turn turn;
    // The tick may have been cut off in the record.
    const uint64_t end = std::min(after_.cycle(), trace_.cycles());
    const Result<ScanEnd> looked =
        scan(trace_, std::min(answer.at, end), end, {}, [&](const EventView& event, uint64_t) {
          const auto* ran = std::get_if<CycleView>(&event);
          const auto* hold = std::get_if<HoldView>(&event);
          if (ran != nullptr && ran->cycle > answer.at && whose.has(ran->domain, ran->key)) {
            if (!turn.ran || ran->routine == answer.routine) turn.ran = *ran;
          }
          if (hold != nullptr && hold->kind == HoldKind::kPutOff && hold->tick > tick_before_ &&
              whose.has(hold->domain, hold->key)) {
            turn.full.push_back(
                hold->mailbox ? instance_name(trace_.program(), hold->mailbox, hold->mailbox_key)
                              : "somebody who is not there yet");
          }
          return true;
        });
    if (!looked) return looked.error();
    return turn;
  }

  // Whatever seemed to hold it back did not.
  static void say_that_it_runs(WhyNot& answer, const CycleView& ran) {
    answer = {.held = Held::kItRuns,
              .domain = answer.domain,
              .key = ran.key,
              .routine = answer.routine,
              .at = answer.at,
              .cycle = ran.cycle,
              .goal = ran.goal};
  }

  // It was next when the tick began.
  void say_what_came_between(WhyNot& answer, const Turn& turn) const {
    if (!turn.full.empty()) {
      answer.held = Held::kPutOff;
      answer.mailboxes = turn.full;
    } else if (turn.ran) {
      // Only what arrived with the tick can have gone first: a message.
      const Routine& first = trace_.program()[answer.domain].routines[turn.ran->routine.index()];
      answer.held = Held::kOutranked;
      answer.rival = Rival{turn.ran->work, turn.ran->routine, turn.ran->goal, first.priority,
                           first.priority > answer.priority ? Order::kPriority : Order::kTurn};
    } else if (after_.cycle() == answer.at && after_.oscillates()) {
      answer.held = Held::kCircles;
    } else if (after_.halted()) {
      answer.held = Held::kHalted;
      answer.cycle = after_.halted()->cycle;
    }
  }

  TraceReader& trace_;
  const World& after_;
  uint64_t tick_before_;
};

}  // namespace

Status amend(WhyNot& answer, TraceReader& trace, const World& after, uint64_t tick_before) {
  return NextTick(trace, after, tick_before).amend(answer);
}

}  // namespace lexum
