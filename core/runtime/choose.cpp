// Which work an instance does next, how urgent it is, and whether the instance is ready at all
// (§4).
#include <algorithm>

#include "runtime/cell.h"

namespace lexum {

namespace {
constexpr uint32_t kPassedMax = 16;  // passed over so often in a row, a choice goes next
constexpr uint32_t kHeadChoice = 0;

// What else makes up an instance besides fields and mailbox, as one word; 0 for most instances most
// of the time.
uint64_t goal_word(const GoalState& state, const Goal& goal) {
  uint64_t word = state.asked | (state.owes << 1) | (state.else_pending << 2) |
                  ((state.status == GoalStatus::kAbandoned) << 3) | (uint64_t{state.passed} << 4);
  if (goal.terminate_after) word |= static_cast<uint64_t>(state.runs) << 36;
  return word;
}
}  // namespace

uint8_t Cell::goal_priority(const Instance& instance, size_t goal) const {
  const GoalPlan& plan = plan_of(instance).goals[goal];
  const GoalState& state = instance.goals[goal];
  return state.else_pending ? plan.else_priority : plan.candidates[state.candidate].priority;
}

bool Cell::is_choice(const GoalState& goal) {
  return goal.status == GoalStatus::kPursued || goal.else_pending;
}

Work Cell::choose(const Instance& instance, bool low, std::span<const uint32_t> tried) const {
  if (instance.begun == nullptr && !instance.boot_pending && tried.empty() &&
      instance.goal_count() == 0) {
    // nothing to choose from: the mailbox or nothing
    if (instance.mailbox.empty()) return {};
    const uint8_t priority = head_priority(instance);
    if (priority == 0 && !low) return {};
    return {WorkKind::kMessage, instance.mailbox.head()->routine, 0, {}, priority, kHeadChoice};
  }
  return choose_among(instance, low, tried);
}

Work Cell::choose_among(const Instance& instance, bool low, std::span<const uint32_t> tried) const {
  const Domain& domain = domain_of(instance);
  if (instance.begun) {
    const Begun& begun = *instance.begun;
    if (!tried.empty()) return {};
    // a begun background transition with mail behind it goes on as low
    const bool lifted = begun.priority == 0 && !instance.mailbox.empty();
    return {WorkKind::kSlice,
            begun.routine,
            begun.next_slice,
            begun.goal,
            lifted ? kPriorityLow : begun.priority,
            kHeadChoice};
  }
  if (instance.boot_pending) {
    if (!tried.empty()) return {};
    return {WorkKind::kBoot, domain.boot, 0, {}, plan_of(instance).priorities[domain.boot.index()],
            kHeadChoice};
  }
  Work best;
  bool best_starved = false;
  offer_choices(instance, [&](const Work& work, bool starved) {
    if (work.priority == 0 && !low) return;
    if (std::find(tried.begin(), tried.end(), work.choice) != tried.end()) return;
    if (best && std::pair(starved, work.priority) <= std::pair(best_starved, best.priority)) return;
    best = work;
    best_starved = starved;
  });
  return best;
}

// What there is to choose from, in the order that decides between equals.
template <typename Offer>
void Cell::offer_choices(const Instance& instance, const Offer& offer) const {
  if (!instance.mailbox.empty()) {
    offer(Work{WorkKind::kMessage,
               instance.mailbox.head()->routine,
               0,
               {},
               head_priority(instance),
               kHeadChoice},
          instance.head_passed >= kPassedMax);
  }
  const Domain& domain = domain_of(instance);
  for (uint32_t g = 0; g < domain.goals.size(); ++g) {
    const GoalState& state = instance.goals[g];
    if (!is_choice(state)) continue;
    const RoutineIndex routine =
        state.else_pending ? domain.goals[g].terminate_else
                           : plan_of(instance).goals[g].candidates[state.candidate].routine;
    offer(Work{state.else_pending ? WorkKind::kElse : WorkKind::kGoal, routine, 0, GoalIndex(g),
               goal_priority(instance, g), 1 + g},
          state.passed >= kPassedMax);
  }
}

void Cell::each_choice(const Instance& instance,
                       const std::function<void(const Work& work, bool starved)>& f) const {
  if (instance.gone || instance.is_out() || instance.begun || instance.boot_pending) return;
  offer_choices(instance, f);
}

Work Cell::next_work(const Instance& instance) const {
  if (instance.gone || instance.is_out()) return {};
  return choose(instance, true, {});
}

// §12: counted at each cycle that begins work; what is no choice has the count 0 at once. True if
// background work was passed over.
bool Cell::count_passed(Instance& instance, const Runner& runner) const {
  const Work& chosen = runner.work;
  if (chosen.kind == WorkKind::kSlice || chosen.kind == WorkKind::kBoot) return false;
  if (instance.goal_count() == 0) {  // the head was the only choice
    instance.head_passed = 0;
    return false;
  }
  bool background = false;
  const auto pass = [&](bool choice, uint8_t priority, uint32_t& passed, uint32_t number) {
    const bool open = choice && number != chosen.choice && (runner.low || priority > 0);
    passed = open ? std::min(passed + 1, kPassedMax) : 0;  // more of it would mean no more
    background |= open && priority == 0;
  };
  const bool mail = runner.mail;
  pass(mail, mail ? head_priority(instance) : uint8_t{0}, instance.head_passed, kHeadChoice);
  for (uint32_t g = 0; g < instance.goal_count(); ++g) {
    GoalState& state = instance.goals[g];
    const bool choice = is_choice(state);
    pass(choice, choice ? goal_priority(instance, g) : uint8_t{0}, state.passed, 1 + g);
  }
  return background;
}

// §12: background work is no choice in a tick that has other work.
void Cell::forget_background_counts() {
  for (const InstanceId id : counted_background_) {
    Instance& instance = (*this)[id];
    if (instance.gone) continue;
    touch(id);
    if (!instance.mailbox.empty() && head_priority(instance) == 0) instance.head_passed = 0;
    for (size_t g = 0; g < instance.goal_count(); ++g) {
      // the goal whose run has begun was chosen, and has no candidate now
      if (instance.begun && instance.begun->goal == GoalIndex(g)) continue;
      if (is_choice(instance.goals[g]) && goal_priority(instance, g) == 0)
        instance.goals[g].passed = 0;
    }
  }
  counted_background_.clear();
}

Readiness Cell::readiness_of(const Instance& instance) const {
  if (instance.gone || instance.is_out()) return Readiness::kNone;
  bool any = true;
  bool urgent = true;
  if (instance.begun || instance.boot_pending) {
    urgent = choose(instance, true, {}).priority > 0;
  } else {
    any = !instance.mailbox.empty();
    urgent = any && head_priority(instance) > 0;
    const size_t goals = instance.goal_count();
    for (size_t g = 0; !urgent && g < goals; ++g) {
      if (!is_choice(instance.goals[g])) continue;
      any = true;
      urgent = goal_priority(instance, g) > 0;
    }
  }
  if (!any) return Readiness::kNone;
  return urgent && !instance.throttled() ? Readiness::kNormal : Readiness::kLow;
}

// Most instances have nothing but fields and a mailbox most of the time.
bool Cell::plain(const Instance& instance) const {
  if (instance.boot_pending || instance.is_out() || instance.head_passed != 0 || instance.begun ||
      instance.trouble) {
    return false;
  }
  const size_t goals = instance.goal_count();
  for (size_t g = 0; g < goals; ++g) {
    if (goal_word(instance.goals[g], domain_of(instance).goals[g]) != 0) return false;
  }
  return true;
}

// What decides, besides its fields, how an instance goes on (§5): equal for equal instances,
// whatever their ids and numbers, and different for those with other names.
Sum128 Cell::digest_of(const Instance& instance) const {
  const Sum128 mail = scaled(instance.mailbox.digest(), instance.who.a);
  return plain(instance) ? mail : mail + scaled(unusual_digest(instance), instance.who.a + 1);
}

void Cell::refresh(Instance& instance, InstanceId id) {
  const Readiness readiness = readiness_of(instance);
  if (readiness != instance.readiness) {
    ready_count_ += readiness != Readiness::kNone;
    ready_count_ -= instance.readiness != Readiness::kNone;
    instance.readiness = readiness;
  }
  if (readiness == Readiness::kNormal && !instance.in_normal) {
    instance.in_normal = true;
    normal_.push_back(id);
  } else if (readiness == Readiness::kLow && !instance.in_low) {
    instance.in_low = true;
    low_.push_back(id);
  }
  const Sum128 digest = instance.gone ? Sum128{} : digest_of(instance);
  state_ += digest - instance.digest;
  instance.digest = digest;
}

void Cell::refresh_touched() {
  for (const InstanceId id : touched_) refresh((*this)[id], id);
  touched_.clear();
}

Sum128 Cell::unusual_digest(const Instance& instance) const {
  const Domain& domain = domain_of(instance);
  Sum128 sum;
  const uint64_t flags =
      instance.boot_pending | (instance.faulted << 1) | (uint64_t{instance.head_passed} << 2);
  if (flags != 0) sum += mark(flags, 2);
  if (instance.killed) sum += mark(1, 10);
  for (size_t g = 0; g < domain.goals.size(); ++g) {
    if (const uint64_t word = goal_word(instance.goals[g], domain.goals[g])) {
      sum += mark(word, 16 + g);
    }
  }
  if (instance.begun) {
    const Begun& begun = *instance.begun;
    sum += mark((uint64_t{begun.routine.value} << 32) | begun.next_slice,
                (uint64_t{begun.goal.value} << 32) | (uint64_t{begun.priority} << 8) |
                    (static_cast<uint64_t>(begun.work) << 1) | begun.changed);
    if (begun.message != nullptr) sum += scaled(begun.message->digest, 3);
  }
  if (instance.trouble) {
    const Trouble& trouble = *instance.trouble;
    for (const uint64_t fault : trouble.faults) {
      const uint64_t age = instance.cycles - fault;
      if (age < static_cast<uint64_t>(domain.restart.within)) sum += mark(age, 4);
    }
    for (const RoutineIndex routine : trouble.fault_blocked) sum += mark(routine.value, 5);
    for (const InstanceId id : trouble.throttlers) sum += scaled((*this)[id].who, 7);
  }
  return sum;
}

}  // namespace lexum
