// One tick of the scheduler: its rounds, and the cycles in them.
#include <algorithm>

#include "twin/scheduler.h"

namespace lexum::twin {

namespace {
constexpr int64_t kRollbackCyclesMax = 10'000;
}  // namespace

// -------------------------------------------------------------------------------------------------
// rounds

// §5 Storms. A tick whose every slice was put off goes on, under the same number, with throttled
// and background work; where nothing but put-off work is left, each of those instances tries its
// next choice. It ends with the first round that commits something; if none does, each put-off
// instance has the fault F007, for its first choice.
void Scheduler::run_tick() {
  summary_.ticks = tick_.number;
  std::vector<Turn> tried = first_round();
  if (run_round(tried)) return;
  const std::vector<Turn> more = second_round(tried);
  if (run_round(more)) return;
  tried.insert(tried.end(), more.begin(), more.end());
  // what was no choice while others had work is one now: it comes last, being background
  for (Turn& turn : tried) turn.choices = seat(turn.who).choices(true);
  for (size_t choice = 1;; ++choice) {
    std::vector<Turn> next;
    for (Turn turn : tried) {
      turn.chosen = choice;
      if (choice < turn.choices.size()) next.push_back(turn);
    }
    if (next.empty()) break;
    if (run_round(next)) return;
  }
  fail_put_off(tried);
}

// §4 Which work: background and throttled work runs only in ticks in which no instance has anything
// else.
std::vector<Scheduler::Turn> Scheduler::first_round() {
  std::vector<Turn> ordinary;
  for (const auto& [name, instance] : world_.instances) {
    if (instance.faulted || !instance.throttled_by.empty()) continue;
    if (const auto work = seat(name).choices(false); !work.empty())
      ordinary.push_back({name, work});
  }
  if (ordinary.empty()) return second_round({});
  // §12: background work is no choice in a tick that has other work, and what is no choice has the
  // count 0 at once.
  for (auto& [name, instance] : world_.instances) {
    for (const Work& work : seat(name).open_choices()) {
      if (work.priority > 0) continue;
      if (work.kind == WorkKind::kMail) {
        instance.mail_passed_over = 0;
      } else {
        instance.goals[work.goal].passed_over = 0;
      }
    }
  }
  return ordinary;
}

// Everybody with work who has not been tried yet.
std::vector<Scheduler::Turn> Scheduler::second_round(const std::vector<Turn>& first) {
  std::set<InstanceName> tried;
  for (const Turn& turn : first) tried.insert(turn.who);
  std::vector<Turn> turns;
  for (const auto& [name, instance] : world_.instances) {
    if (tried.contains(name) || instance.faulted) continue;
    if (const auto work = seat(name).choices(true); !work.empty()) turns.push_back({name, work});
  }
  return turns;
}

// §4: they commit the most urgent work first, ties in instance order.
void Scheduler::sort_by_urgency(std::vector<Turn>& turns) {
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    if (a.work().priority != b.work().priority) return a.work().priority > b.work().priority;
    return a.who < b.who;
  });
}

// True if there was a cycle.
bool Scheduler::run_round(std::vector<Turn> turns) {
  sort_by_urgency(turns);
  bool any = false;
  for (const Turn& turn : turns) {
    if (!halted_ && take(turn)) any = true;
  }
  return any;
}

// §12: F007 after being put off does not count as a restart.
void Scheduler::fail_put_off(std::vector<Turn> turns) {
  for (Turn& turn : turns) turn.chosen = 0;
  sort_by_urgency(turns);
  for (const Turn& turn : turns) fault(turn, "F007", false);
}

// -------------------------------------------------------------------------------------------------
// cycles

// False if the slice was put off.
bool Scheduler::take(const Turn& turn) {
  const Trial trial = seat(turn.who).trial(turn.work());
  if (trial.end.fault == "F020") {
    halt(turn);
    return true;
  }
  if (!trial.end.fault.empty()) {
    fault(turn, trial.end.fault, true);
    return true;
  }
  const std::map<InstanceName, int64_t> wanted = wanted_room(trial.end);
  for (const auto& [to, count] : wanted) {
    if (count > mailbox_limit(tree_, domain(to))) {  // more than it can ever hold
      fault(turn, "F007", true);
      return true;
    }
  }
  if (put_off(turn, wanted)) return false;
  commit(turn, trial);
  return true;
}

// §12: a put-off instance is throttled by every mailbox that was too full, its own included.
bool Scheduler::put_off(const Turn& turn, const std::map<InstanceName, int64_t>& wanted) {
  bool any = false;
  for (const auto& [to, count] : wanted) {
    if (count <= room(to)) continue;
    world_.instances[turn.who].throttled_by.insert(to);
    any = true;
  }
  return any;
}

void Scheduler::new_cycle(const Turn& turn, const std::string& code) {
  const std::string cycle = std::to_string(++summary_.cycles);
  const std::string who = to_string(turn.who);
  const Work& work = turn.work();
  std::string what = work.label;
  if (work.kind == WorkKind::kBegun) {
    what += "#" + std::to_string(world_.instances[turn.who].begun->next_slice + 1);
  }
  if (work.kind == WorkKind::kGoal || work.kind == WorkKind::kLastWork) {
    const std::string goal = tree_.text(domain(turn.who).goals[work.goal].name);
    what = goal + (work.kind == WorkKind::kGoal ? " > " : " > else ") + what;
  }
  const std::string end = code.empty() ? "" : " " + code;
  summary_.steps.push_back(cycle + " " + std::to_string(tick_.number) + " " + who + " " + what +
                           end);
  if (!code.empty()) summary_.faults.push_back(cycle + " " + who + end);

  count_passed_over(turn);
  Instance& instance = world_.instances[turn.who];
  for (int64_t& age : instance.fault_ages) ++age;
  if (work.kind == WorkKind::kGoal) {  // §12: a run counts when it starts, a faulted one too
    const GoalDecl& goal = domain(turn.who).goals[work.goal];
    if (goal.has_terminate && !goal.terminate_never) ++instance.goals[work.goal].runs;
  }
}

// §12: counted at each cycle that begins work; a slice of a begun transition (or Boot, which no
// choice stands beside) changes no count.
void Scheduler::count_passed_over(const Turn& turn) {
  Instance& instance = world_.instances[turn.who];
  for (size_t i = 0; i < turn.choices.size(); ++i) {
    const Work& work = turn.choices[i];
    if (work.kind == WorkKind::kBegun || work.kind == WorkKind::kBoot) continue;
    int& count = work.kind == WorkKind::kMail ? instance.mail_passed_over
                                              : instance.goals[work.goal].passed_over;
    // More than it takes to go next is no more than that: a choice that is put off for ever loops.
    count = i == turn.chosen ? 0 : std::min(count + 1, kPassedOverMax);
  }
}

void Scheduler::commit(const Turn& turn, const Trial& trial) {
  new_cycle(turn, "");
  const Work& work = turn.work();
  Instance& instance = world_.instances[turn.who];
  const bool changed = trial.end.fields != instance.fields;
  instance.fields = trial.end.fields;

  Begun begun;
  if (work.kind == WorkKind::kBegun) {
    begun = *instance.begun;
  } else {
    begun = {.label = work.label, .params = trial.params, .priority = work.priority};
    if (work.kind == WorkKind::kGoal) begun.goal = work.goal;
    if (work.kind == WorkKind::kLastWork) instance.goals[work.goal].last_work_due = false;
    if (work.kind == WorkKind::kBoot) instance.boot_due = false;
    if (work.kind == WorkKind::kMail) {  // §12: leaves its mailbox when its first slice commits
      begun.message = instance.mailbox.front();
      instance.mailbox.erase(instance.mailbox.begin());
    }
  }
  begun.changed |= changed;
  begun.next_slice = trial.slice + 1;
  const bool ended = trial.end.returned || begun.next_slice == trial.procedure.slices.size();
  instance.begun = ended ? std::nullopt : std::optional(begun);

  if (changed) instance.fault_blocked.clear();
  if (changed || (ended && begun.message)) {  // an answer, or a new question
    for (Goal& goal : instance.goals) goal.asked = false;
  }
  // §6: a goal whose transition ran to its end without changing a field has asked a question.
  if (ended && begun.goal && !begun.changed) instance.goals[*begun.goal].asked = true;

  carry_out(turn, trial.end);
  if (trial.end.retired) {
    retire(turn.who);
    return;
  }
  const int64_t within = restarts(tree_, domain(turn.who)).within_cycles;
  std::erase_if(instance.fault_ages, [&](int64_t age) { return age >= within; });
  seat(turn.who).settle(ended ? begun.goal : std::nullopt);
}

// §7: at most so many faults in so many of its own cycles, this one included; the next one makes it
// FAULTED.
bool Scheduler::restarts_spent(const InstanceName& name) {
  const Restarts limit = restarts(tree_, domain(name));
  std::vector<int64_t>& ages = world_.instances[name].fault_ages;
  std::erase_if(ages, [&](int64_t age) { return age >= limit.within_cycles; });
  if (static_cast<int64_t>(ages.size()) >= limit.faults) return true;
  ages.push_back(0);
  return false;
}

void Scheduler::fault(const Turn& turn, const std::string& code, bool counts) {
  new_cycle(turn, code);
  const Work& work = turn.work();
  Instance& instance = world_.instances[turn.who];
  const bool dead = code == "F010" || (counts && restarts_spent(turn.who));

  std::optional<size_t> goal;      // whose run this was
  std::optional<Message> message;  // that did it
  bool last_work = work.kind == WorkKind::kLastWork;
  if (work.kind == WorkKind::kBegun) {
    goal = instance.begun->goal;
    message = instance.begun->message;
    last_work = !goal && !message && work.label != "Boot";  // what else can have begun it
    instance.begun.reset();  // the rest of its transition is dropped
  }
  if (work.kind == WorkKind::kGoal) goal = work.goal;
  if (work.kind == WorkKind::kBoot) instance.boot_due = false;
  if (work.kind == WorkKind::kLastWork) instance.goals[work.goal].last_work_due = false;
  if (work.kind == WorkKind::kMail) {
    message = instance.mailbox.front();
    instance.mailbox.erase(instance.mailbox.begin());
  }
  if (goal || last_work) instance.fault_blocked.insert(work.label);
  if (message && dead) {  // stays at the head, or comes back to it, above the limit if need be
    instance.mailbox.insert(instance.mailbox.begin(), *message);
  } else if (message) {
    summary_.dead_letters.push_back(to_string(turn.who) + " " + to_string(*message));
    for (Goal& g : instance.goals) g.asked = false;  // §12: it has been processed
  }
  if (dead) instance.faulted = true;
  const int64_t within = restarts(tree_, domain(turn.who)).within_cycles;
  std::erase_if(instance.fault_ages, [&](int64_t age) { return age >= within; });
  seat(turn.who).settle(goal);
}

// §7, F020: the run halts and is rolled back to the last quiescence; inputs since then go to the
// dead letters. Where it lies too far back, only the failing slice is undone: it has changed
// nothing.
void Scheduler::halt(const Turn& turn) {
  halted_ = true;
  new_cycle(turn, "F020");
  summary_.outcome = "halted";
  if (summary_.cycles - quiescence_.cycle > kRollbackCyclesMax) return;
  world_ = quiescence_.world;
  summary_.dead_letters = quiescence_.dead_letters;
  summary_.dead_letters.insert(summary_.dead_letters.end(), delivered_.begin(), delivered_.end());
}

// --------------------------------------------------------------------------------------------------
// mail

// §5: every instance that was started before the tick and whose domain has the handler, in instance
// order.
std::vector<InstanceName> Scheduler::listeners(const std::string& label) const {
  std::vector<InstanceName> all;
  for (const auto& [name, instance] : world_.instances) {
    if (!tick_.newborn.contains(name) && procedure(tree_, domain(name), label)) all.push_back(name);
  }
  return all;
}

// How many messages of a slice go to each mailbox that can be too full: not to those of FAULTED
// instances.
std::map<InstanceName, int64_t> Scheduler::wanted_room(const SliceEnd& end) const {
  std::map<InstanceName, int64_t> wanted;
  for (const Send& send : end.sends) {
    if (!send.broadcast) {
      ++wanted[send.to];
    } else {
      for (const InstanceName& name : listeners(send.message.label)) ++wanted[name];
    }
  }
  std::erase_if(wanted, [&](const auto& entry) {
    const auto at = world_.instances.find(entry.first);
    return at != world_.instances.end() && at->second.faulted;
  });
  return wanted;
}

// §5: room is what there was when the tick began less what the tick has added.
int64_t Scheduler::room(const InstanceName& name) const {
  const auto value = [&](const std::map<InstanceName, int64_t>& all) {
    return all.contains(name) ? all.at(name) : 0;
  };
  return mailbox_limit(tree_, domain(name)) - value(tick_.size_at_begin) - value(tick_.added);
}

void Scheduler::deliver(const InstanceName& to, const Message& message) {
  if (!world_.instances.contains(to)) start(to, {});
  Instance& instance = world_.instances[to];
  if (instance.faulted && room(to) < 1) {  // §5: what does not fit into its mailbox
    summary_.dead_letters.push_back(to_string(to) + " " + to_string(message));
    return;
  }
  instance.mailbox.push_back(message);
  ++tick_.added[to];
  ++summary_.messages;
}

void Scheduler::carry_out(const Turn& turn, const SliceEnd& end) {
  for (const Send& send : end.sends) {
    const std::vector<InstanceName> receivers =
        send.broadcast ? listeners(send.message.label) : std::vector{send.to};
    for (const InstanceName& name : receivers) {
      deliver(name, send.message);
      tick_.sent.emplace(turn.who, name);
    }
  }
  for (const Intent& intent : end.intents) {
    const std::string operation = intent.adapter + "." + intent.operation;
    summary_.effects.push_back(std::to_string(summary_.cycles) + " " + to_string(turn.who) + " " +
                               operation + literal(intent.args));
    // §8: nobody bound the adapter: Done, with the zero of the handler's type, in the next tick.
    const auto handler = procedure(tree_, domain(turn.who), operation + "::Done");
    if (!handler) continue;
    NamedValues args;
    for (const Param& p : handler->params) {
      args.emplace_back(tree_.text(p.name),
                        p.type ? Interpreter(tree_, {}, {}, {}).zero(p.type) : string(""));
    }
    world_.waiting.push_back({.outcome = true, .to = turn.who, .message = {handler->label, args}});
  }
}

// §4: after this slice the instance is gone; mail left over goes to the dead letters.
void Scheduler::retire(const InstanceName& name) {
  for (const Message& message : world_.instances[name].mailbox) {
    summary_.dead_letters.push_back(to_string(name) + " " + to_string(message));
  }
  world_.instances.erase(name);
  for (auto& [other, instance] : world_.instances) instance.throttled_by.erase(name);
  for (Arrival& arrival : world_.waiting) {
    if (arrival.outcome && arrival.to == name) arrival.late = true;
  }
  tick_.size_at_begin.erase(name);
  tick_.added.erase(name);
  std::erase_if(tick_.sent,
                [&](const auto& pair) { return pair.first == name || pair.second == name; });
}

}  // namespace lexum::twin
