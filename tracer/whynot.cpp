#include "tracer/whynot.h"

#include <algorithm>
#include <set>

#include "machine/wiring.h"
#include "tracer/ask.h"
#include "tracer/line.h"
#include "tracer/rerun.h"
#include "tracer/whynot_tick.h"

namespace lexum {

namespace {

constexpr size_t kInstancesMax = 8;    // of one domain, that are asked one by one
constexpr size_t kWishesTriedMax = 8;  // each on a world of its own
constexpr int kAskedOnMax = 6;         // how far those who could send are asked in turn

// -------------------------------------------------------------------------------------- explaining

class Explainer {
 public:
  Explainer(TraceReader& trace, const World& world, const Looking& looking)
      : trace_(trace),
        world_(world),
        program_(world.program()),
        looking_(looking),
        wiring_(program_) {}

  WhyNot of(InstanceId id, RoutineIndex routine) {
    WhyNot answer = begin(world_.domain_of(id), routine);
    answer.key = world_.key_of(id);
    id_ = id;
    image_ = world_.image_of(id);
    if (!explain_instance(answer) && !explain_next(answer)) explain_work(answer);
    return answer;
  }
  WhyNot of_nobody(const Subjects& whose, RoutineIndex routine) {
    WhyNot answer = begin(whose.domain, routine);
    answer.held = Held::kNobody;
    if (whose.key) answer.key = *whose.key;
    answer.cycle = last(retirements_of(whose));
    return answer;
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // Asks on: for what is blocked, whether the message that would change it has come; for a message
  // that has not come, who could have sent it.
  void ask_on(WhyNot& answer, int depth) {
    if (depth == 0 || !asked_.insert({answer.domain.index(), answer.routine.index()}).second)
      return;
    // A message would start it as well; a broadcast reaches only those who are there.
    const bool unborn = answer.held == Held::kNobody && sent_by_name(answer) &&
                        !wiring_.senders_of(answer.domain, answer.routine).empty();
    if (answer.held == Held::kNoMessage || unborn) {
      answer.missing.push_back(missing(answer.domain, answer.routine, depth));
    }
    if (answer.held == Held::kBlocked) ask_writers(answer, depth);
  }

 private:
  WhyNot begin(DomainId domain, RoutineIndex routine) const {
    WhyNot answer;
    answer.domain = domain;
    answer.routine = routine;
    answer.at = world_.cycle();
    return answer;
  }
  const Domain& domain() const { return program_[image_.domain]; }
  [[nodiscard]] bool sent_by_name(const WhyNot& answer) const {
    const Domain& its = program_[answer.domain];
    const RoutineKind kind = its.routines[answer.routine.index()].kind;
    return kind == RoutineKind::kTransition || kind == RoutineKind::kMessage;
  }

  // What holds the whole instance. False if nothing does.
  bool explain_instance(WhyNot& answer) {
    if (world_.halted()) {
      answer.held = Held::kHalted;
      answer.cycle = world_.halted()->cycle;
    } else if (image_.faulted || image_.killed) {
      answer.held = Held::kFaulted;
      answer.cycle = last(failures_of(its()));
    } else {
      return false;
    }
    return true;
  }

  // What it does next. True if that explains it.
  bool explain_next(WhyNot& answer) {
    const std::optional<NextWork> next = world_.next_work(id_);
    if (!next) return false;
    rival_ = Rival{next->kind, next->routine, next->goal, next->priority, {}};
    if (next->routine == answer.routine) {
      answer.goal = next->goal;
      answer.priority = next->priority;
      answer.held = next->kind == WorkKind::kSlice ? Held::kUnderway : Held::kItIsNext;
      if (!image_.throttlers.empty()) {
        answer.held = Held::kThrottled;
        for (const InstanceId mailbox : image_.throttlers) {
          answer.mailboxes.push_back(world_.name_of(mailbox));
        }
      } else if (next->priority == 0) {
        answer.held = Held::kBackground;
      }
      return true;
    }
    if (next->kind != WorkKind::kSlice && next->kind != WorkKind::kBoot) return false;
    answer.held = next->kind == WorkKind::kSlice ? Held::kBegun : Held::kBooting;
    answer.rival = rival_;
    return true;
  }

  // Nothing is in its way but what it is itself: as a candidate, or for a message.
  void explain_work(WhyNot& answer) {
    if (answer.routine == domain().boot) {
      answer.held = Held::kOnce;
      answer.cycle = last_run(answer);
      return;
    }
    std::optional<WhyNot> nearest;
    for (uint32_t g = 0; g < domain().goals.size(); ++g) {
      const Goal& goal = domain().goals[g];
      const bool candidate =
          std::ranges::find(goal.candidates, answer.routine) != goal.candidates.end();
      const bool last_work = goal.terminate_else == answer.routine;
      if (!candidate && !last_work) continue;
      WhyNot one = answer;
      one.goal = GoalIndex(g);
      if (candidate) explain_candidate(one, image_.goals[g]);
      else explain_last_work(one, image_.goals[g]);
      if (one.held == Held::kOutranked) {
        one.rival = rival_before([&](const NextWork& mine) { return mine.goal == one.goal; });
      }
      // The enumerators from kOutranked on stand in the order of how near they are to running.
      if (!nearest || one.held < nearest->held) nearest = std::move(one);
    }
    if (nearest && (nearest->held < Held::kSatisfied || !can_be_sent(answer.routine))) {
      answer = std::move(*nearest);
    } else {
      explain_message(answer);
      if (nearest && answer.held == Held::kNoMessage) answer = std::move(*nearest);
    }
    if (answer.held == Held::kBlocked) explain_guard(answer);
    if (answer.held == Held::kSatisfied) explain_predicate(answer);
  }

  // What is next, and by which rule it goes before that choice of its instance.
  std::optional<Rival> rival_before(const std::function<bool(const NextWork&)>& is_mine) const {
    std::optional<Rival> rival = rival_;
    const std::vector<NextWork> choices = world_.choices_of(id_);
    const auto mine = std::ranges::find_if(choices, is_mine);
    const auto first = std::ranges::find_if(choices, [&](const NextWork& choice) {
      return rival && choice.kind == rival->kind && choice.goal == rival->goal;
    });
    if (mine == choices.end() || first == choices.end()) return rival;
    rival->order = first->starved && !mine->starved   ? Order::kPassedOver
                   : first->priority > mine->priority ? Order::kPriority
                                                      : Order::kTurn;
    return rival;
  }

  void explain_candidate(WhyNot& answer, const GoalImage& state) {
    const RoutineIndex first = world_.candidate_of(id_, answer.goal);
    if (state.status == GoalStatus::kSatisfied) {
      answer.held = Held::kSatisfied;
    } else if (state.status == GoalStatus::kAbandoned) {
      answer.held = Held::kAbandoned;
    } else if (world_.is_blocked(id_, answer.routine)) {
      answer.held = Held::kBlocked;
      return;
    } else if (std::ranges::find(image_.fault_blocked, answer.routine) !=
               image_.fault_blocked.end()) {
      answer.held = Held::kFaultBlocked;
      answer.cycle = last(its([&](const ChunkIndex::Kind& kind) {
        return (kind.mask & kHasFault) != 0 && kind.routine == answer.routine;
      }));
      return;
    } else if (state.asked) {
      answer.held = Held::kAnswer;
      answer.cycle = last(its([&](const ChunkIndex::Kind& kind) {
        return kind.work == WorkKind::kGoal && kind.part == answer.goal.value;
      }));
      return;
    } else if (first && first != answer.routine) {
      answer.held = Held::kBehind;
      answer.rival = Rival{WorkKind::kGoal, first, answer.goal, 0, {}};
      return;
    } else {
      answer.held = Held::kOutranked;
      return;
    }
    const auto flip =
        last_flip(trace_, {.whose = its(), .goal = answer.goal}, world_.cycle(), looking_);
    if (!flip) error_ = flip.error();
    else if (flip->interrupted) error_ = interrupted();
    if (!flip || !flip->found) return;
    answer.cycle = flip->found->at;
    if (flip->found->act) answer.act = flip->found->act->number;
  }

  void explain_last_work(WhyNot& answer, const GoalImage& state) {
    if (state.else_pending) {
      answer.held = Held::kOutranked;
    } else if (state.status == GoalStatus::kAbandoned) {
      answer.held = Held::kOnce;
      answer.cycle = last_run(answer);
    } else {
      answer.held = Held::kNotAbandoned;
    }
  }

  void explain_message(WhyNot& answer) {
    const auto waits = std::ranges::find(image_.mailbox, answer.routine, &MessageImage::routine);
    if (waits == image_.mailbox.end()) {
      answer.held = Held::kNoMessage;
      answer.cycle = last_run(answer);
      return;
    }
    answer.ahead = static_cast<uint64_t>(waits - image_.mailbox.begin());
    answer.held = answer.ahead > 0 ? Held::kQueued : Held::kOutranked;
    answer.rival = rival_;
    if (answer.held == Held::kOutranked) {
      answer.rival =
          rival_before([](const NextWork& mine) { return mine.kind == WorkKind::kMessage; });
    }
  }

  // The false parts of the guard, and a field that would make them true.
  void explain_guard(WhyNot& answer) {
    Guard guard(world_, id_);
    const Routine& routine = domain().routines[answer.routine.index()];
    const std::vector<Comparison>& parts = routine.slices.front().guards;
    for (const Comparison& part : parts) {
      if (!guard.holds(part)) answer.parts.push_back(guard.seen(part));
    }
    try_wishes(answer, guard.wishes_for_all(parts));
  }

  // The parts of a predicate that hold, and a field that would end that.
  void explain_predicate(WhyNot& answer) {
    Guard guard(world_, id_);
    std::vector<Wish> wishes;
    for (const Comparison& part : domain().goals[answer.goal.index()].comparisons) {
      if (!guard.holds(part)) continue;
      answer.parts.push_back(guard.seen(part));
      std::ranges::move(guard.wishes(part, false), std::back_inserter(wishes));
    }
    try_wishes(answer, wishes);
  }

  void try_wishes(WhyNot& answer, const std::vector<Wish>& wishes) {
    for (const Wish& wish : std::span(wishes).first(std::min(wishes.size(), kWishesTriedMax))) {
      const std::unique_ptr<World> tried = world_.fork();
      tried->set_field(id_, wish.slot, wish.value);
      const std::optional<NextWork> next = tried->next_work(id_);
      const bool runs = next && next->routine == answer.routine;
      if (runs || (!answer.flip && is_freed(*tried, answer))) {
        answer.flip = Flip{.slot = wish.slot, .value = wish.value, .runs = runs};
      }
      if (runs) return;
    }
  }

  // Whether that world has no longer what held it back, even if other work goes first there.
  [[nodiscard]] bool is_freed(const World& tried, const WhyNot& answer) const {
    if (answer.held == Held::kBlocked) return !tried.is_blocked(id_, answer.routine);
    return tried.goal_status(id_, answer.goal) == GoalStatus::kPursued &&
           tried.candidate_of(id_, answer.goal) == answer.routine;
  }

  // ---- who could

  [[nodiscard]] bool can_be_sent(RoutineIndex index) const {
    const Routine& routine = domain().routines[index.index()];
    return routine.kind != RoutineKind::kTransition ||
           !wiring_.senders_of(image_.domain, index).empty();
  }
  [[nodiscard]] bool is_a_candidate(RoutineIndex index) const {
    return std::ranges::any_of(domain().goals, [&](const Goal& goal) {
      return std::ranges::find(goal.candidates, index) != goal.candidates.end() ||
             goal.terminate_else == index;
    });
  }

  Missing missing(DomainId domain, RoutineIndex handler, int depth) {
    Missing one{.handler = handler};
    for (const EmissionId emission : wiring_.senders_of(domain, handler)) {
      const Site& site = wiring_[emission];
      Sender& sender = one.senders.emplace_back();
      sender.span = program_.emissions[emission.index()].span;
      sender.domain = site.domain;
      sender.routine = site.routine;
      std::vector<WhyNot>& held = sender.held;
      for (const InstanceId id : world_.instances_in_order()) {
        if (world_.domain_of(id) != site.domain) continue;
        if (held.size() == kInstancesMax) {
          ++sender.more;
          continue;
        }
        Explainer next(trace_, world_, looking_);
        next.asked_ = asked_;
        held.push_back(next.of(id, site.routine));
        next.ask_on(held.back(), depth - 1);
        if (next.error_) error_ = next.error_;
      }
    }
    return one;
  }

  // The handlers that write what a false part of the guard reads.
  void ask_writers(WhyNot& answer, int depth) {
    std::set<size_t> asked;
    for (const ConditionPart& part : answer.parts) {
      for (const uint32_t slot : fields_in(program_, program_[answer.domain], part.span)) {
        for (const RoutineIndex writer : wiring_.writers_of(answer.domain, slot)) {
          if (is_a_candidate(writer) || writer == domain().boot) continue;
          if (!asked.insert(writer.index()).second) continue;
          Missing one = missing(answer.domain, writer, depth);
          one.slot = slot;
          const auto waits = std::ranges::find(image_.mailbox, writer, &MessageImage::routine);
          if (waits != image_.mailbox.end()) {
            one.ahead = static_cast<uint64_t>(waits - image_.mailbox.begin());
            one.senders.clear();
          }
          answer.missing.push_back(std::move(one));
        }
      }
    }
  }

  // ---- since when

  uint64_t last_run(const WhyNot& answer) {
    return last(runs_of({.whose = its(), .routine = answer.routine}));
  }
  Subjects its() const { return {.domain = image_.domain, .key = image_.key}; }
  Sought its(std::function<bool(const ChunkIndex::Kind&)> is) const {
    return {.whose = its(), .is = std::move(is)};
  }
  uint64_t last(const Sought& sought) {
    const Result<Answer<uint64_t>> found = latest(trace_, sought, world_.cycle(), looking_);
    if (!found) error_ = found.error();
    else if (found->interrupted) error_ = interrupted();
    return found && found->found ? *found->found : 0;
  }

  TraceReader& trace_;
  const World& world_;
  const Program& program_;
  const Looking& looking_;
  const Wiring wiring_;
  std::set<std::pair<size_t, size_t>> asked_;  // domains and routines, on the way here
  std::optional<Error> error_;

  // Of the instance that is explained.
  InstanceId id_;
  InstanceImage image_;
  std::optional<Rival> rival_;
};

// Whether the instance has had its turn in the tick that has that cycle, at or before it.
Result<bool> has_had_its_turn(TraceReader& trace, const Subjects& whose, uint64_t begin,
                              uint64_t cycle) {
  bool had = false;
  if (begin == cycle) return false;
  const Result<ScanEnd> end =
      scan(trace, begin + 1, cycle, {}, [&](const EventView& event, uint64_t) {
        const auto* ran = std::get_if<CycleView>(&event);
        had = had || (ran != nullptr && whose.has(ran->domain, ran->key));
        return !had;
      });
  if (!end) return end.error();
  return had;
}

}  // namespace

Result<WhyNotAnswer> whynot(TraceReader& trace, const RoutineTarget& target, uint64_t cycle,
                            const Looking& looking) {
  Result<std::unique_ptr<Rerun>> rerun = Rerun::at(trace, cycle, looking);
  if (!rerun) return rerun.error();
  const Result<bool> had = has_had_its_turn(trace, target.whose, (*rerun)->world().cycle(), cycle);
  if (!had) return had.error();
  if (*had) {
    if (const Result<bool> ran = (*rerun)->tick(); !ran) return ran.error();
  }
  const World& world = (*rerun)->world();
  WhyNotAnswer answer;
  for (const InstanceId id : world.instances_in_order()) {
    if (!target.whose.has(world.domain_of(id), world.key_of(id))) continue;
    if (answer.all.size() == kInstancesMax) {
      ++answer.more;
      continue;
    }
    Explainer explainer(trace, world, looking);
    answer.all.push_back(explainer.of(id, target.routine));
    explainer.ask_on(answer.all.back(), kAskedOnMax);
    if (explainer.error()) return *explainer.error();
  }
  if (answer.all.empty()) {
    Explainer explainer(trace, world, looking);
    answer.all.push_back(explainer.of_nobody(target.whose, target.routine));
    explainer.ask_on(answer.all.back(), kAskedOnMax);
    if (explainer.error()) return *explainer.error();
  }
  const uint64_t tick_before = world.tick_now();
  if (const Result<bool> ran = (*rerun)->tick(); !ran) return ran.error();
  for (WhyNot& one : answer.all) {
    if (Status amended = amend(one, trace, world, tick_before); !amended) return amended.error();
  }
  return answer;
}

}  // namespace lexum
