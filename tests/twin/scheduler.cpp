#include "twin/scheduler.h"

#include <algorithm>

#include "twin/outside.h"

namespace lexum::twin {

Scheduler::Scheduler(const Source& source, const Tree& tree, const Options& options)
    : source_(source), tree_(tree), options_(options) {
  for (const Input& input : options.inputs) {
    dated_.emplace_back(input.tick, read_input(source, input.text));
  }
  std::stable_sort(dated_.begin(), dated_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
}

const DomainDecl& Scheduler::domain(const InstanceName& name) const {
  return domain_named(tree_, name.domain);
}

Summary Scheduler::run() {
  start_program();
  note_quiescence();  // §7: the start counts
  kept_ = world_;
  for (;;) {
    const bool ready = anybody_ready();
    // §8: a run with outcomes still awaited by a handler is not quiescent.
    const bool quiescent = !ready && world_.waiting.empty();
    if (quiescent) note_quiescence();
    if (quiescent && dated_.empty()) break;
    if (options_.max_cycles > 0 && summary_.cycles >= options_.max_cycles) {
      summary_.outcome = "limit";  // §12: looked at between ticks
      break;
    }
    // §4: ticks in which nobody runs do not happen; the number jumps to the next dated input.
    const int64_t next = summary_.ticks + 1;
    begin_tick(quiescent ? std::max(next, dated_.front().first) : next);
    arrive();
    if (!ready && !anybody_ready()) continue;
    run_tick();
    if (halted_) break;
    throttle();
    if (loops()) {
      summary_.outcome = "oscillating";
      break;
    }
  }
  return summary();
}

// --------------------------------------------------------------------------------------------------
// start

// §4: a single instance of each domain without a key, and what `system` starts.
void Scheduler::start_program() {
  std::map<InstanceName, Values> all;
  for (const DomainDecl& d : tree_.domains) {
    if (!d.key) all[{tree_.text(d.name), {}}];
  }
  for (const SystemDecl& system : tree_.systems) {
    for (const StartDecl& s : system.starts) {
      InstanceName name{tree_.text(s.domain), {}};
      if (s.key) name.key = Interpreter(tree_, {}, {}, {}).constant(s.key);
      Values& settings = all[name];
      for (const Setting& setting : s.settings) {
        settings[tree_.text(setting.name)] = Interpreter(tree_, {}, {}, {}).constant(setting.value);
      }
    }
  }
  for (const auto& [name, settings] : all) start(name, settings);
}

// §4: start values are the declared constant, then what `system` says, then `--set`.
Instance& Scheduler::start(const InstanceName& name, const Values& settings) {
  Instance& instance = world_.instances[name];
  for (const FieldDecl& field : domain(name).fields) {
    const std::string field_name = tree_.text(field.name);
    Interpreter interpreter(tree_, {}, {}, {});
    Value& value = instance.fields[field_name];
    value = field.initial ? interpreter.constant(field.initial) : interpreter.zero(field.type);
    if (settings.contains(field_name)) value = settings.at(field_name);
    const std::string prefix = to_string(name) + "." + field_name + "=";
    for (const std::string& set : options_.sets) {
      const TypeExpr& type = tree_[field.type];
      const bool is_string = type.kind == TypeExprKind::kNamed && tree_.text(type.name) == "string";
      if (set.starts_with(prefix)) {
        value = read_value(source_, is_string, set.substr(prefix.size()));
      }
    }
  }
  instance.goals.resize(domain(name).goals.size());
  instance.boot_due = procedure(tree_, domain(name), "Boot").has_value();
  tick_.newborn.insert(name);
  seat(name).settle(std::nullopt);
  return instance;
}

// ------------------------------------------------------------------------------------------------
// arrivals

void Scheduler::begin_tick(int64_t number) {
  tick_ = {.number = number};
  for (const auto& [name, instance] : world_.instances) {
    tick_.size_at_begin[name] = static_cast<int64_t>(instance.mailbox.size());
  }
  while (!dated_.empty() && dated_.front().first <= number) {
    world_.waiting.push_back(dated_.front().second);
    dated_.erase(dated_.begin());
  }
}

// §4: outcomes and inputs are put into mailboxes in order of arrival; one that finds no room waits
// outside. §12: nothing overtakes an input that waits for the same receiver.
void Scheduler::arrive() {
  std::set<InstanceName> held_up;
  std::vector<Arrival> still_waiting;
  bool input_entered = false;
  for (const Arrival& arrival : std::vector(world_.waiting)) {
    if (!arrive(arrival, held_up)) {
      still_waiting.push_back(arrival);
    } else if (!arrival.outcome) {
      delivered_.push_back(to_string(arrival));
      input_entered = true;
    }
  }
  world_.waiting = still_waiting;
  if (input_entered) {  // §12: at an input the world is kept after it entered the mailbox
    kept_ = world_;
    ticks_since_input_ = 0;
  }
}

bool Scheduler::arrive(const Arrival& arrival, std::set<InstanceName>& held_up) {
  if (arrival.late) {  // §4: an effect's outcome that comes too late is a dead letter
    summary_.dead_letters.push_back(to_string(arrival));
    return true;
  }
  const std::vector<InstanceName> all = receivers(arrival);
  const auto must_wait = [&](const InstanceName& name) {
    const bool full =
        room(name) < 1 && !(world_.instances.contains(name) && world_.instances.at(name).faulted);
    return full || held_up.contains(name);
  };
  if (std::any_of(all.begin(), all.end(), must_wait)) {
    held_up.insert(all.begin(), all.end());
    return false;
  }
  for (const InstanceName& name : all) deliver(name, arrival.message);
  return true;
}

// §12: an outside broadcast reaches all its listeners (those started before the tick) or waits.
std::vector<InstanceName> Scheduler::receivers(const Arrival& arrival) const {
  if (arrival.broadcast) return listeners(arrival.message.label);
  return {arrival.to};
}

// -------------------------------------------------------------------------------------------
// between ticks

bool Scheduler::anybody_ready() {
  return std::any_of(world_.instances.begin(), world_.instances.end(),
                     [&](const auto& entry) { return seat(entry.first).ready(); });
}

// §5: who sent to a mailbox (not its own) that ends a tick above three quarters is throttled until
// it is below half. A FAULTED instance throttles nobody.
void Scheduler::throttle() {
  for (const auto& [from, to] : tick_.sent) {
    if (from == to || !world_.instances.contains(from) || !world_.instances.contains(to)) continue;
    const auto size = static_cast<int64_t>(world_.instances[to].mailbox.size());
    if (4 * size > 3 * mailbox_limit(tree_, domain(to))) {
      world_.instances[from].throttled_by.insert(to);
    }
  }
  for (auto& [name, instance] : world_.instances) {
    std::erase_if(instance.throttled_by, [&](const InstanceName& by) {
      if (!world_.instances.contains(by) || world_.instances[by].faulted) return true;
      const auto size = static_cast<int64_t>(world_.instances[by].mailbox.size());
      return 2 * size < mailbox_limit(tree_, domain(by));
    });
  }
}

// §5 Oscillation: compared after each tick with the world kept at the start or at the last input
// and again after 1, 2, 4, 8 … ticks.
bool Scheduler::loops() {
  const int64_t n = ++ticks_since_input_;
  const bool same = world_ == kept_;
  if ((n & (n - 1)) == 0) kept_ = world_;
  return same && dated_.empty();
}

void Scheduler::note_quiescence() {
  quiescence_ = {world_, summary_.dead_letters, summary_.cycles};
  delivered_.clear();
}

Summary Scheduler::summary() {
  bool faulted = false;
  bool all_hold = true;
  for (const auto& [name, instance] : world_.instances) {
    InstanceSummary& s = summary_.instances.emplace_back();
    s.name = to_string(name);
    s.status = instance.faulted ? "faulted" : seat(name).ready() ? "ready" : "asleep";
    s.mailbox = static_cast<int64_t>(instance.mailbox.size());
    for (const auto& [field, value] : instance.fields) {
      s.fields.push_back(field + " = " + literal(value));
    }
    for (size_t i = 0; i < instance.goals.size(); ++i) {
      s.goals.push_back(tree_.text(domain(name).goals[i].name) + ": " +
                        to_string(seat(name).goal_status(i)));
    }
    faulted |= instance.faulted;
    all_hold &= seat(name).all_goals_hold();
  }
  if (summary_.outcome.empty()) {
    summary_.outcome = faulted ? "faulted" : all_hold ? "converged" : "waiting";
  }
  return summary_;
}

}  // namespace lexum::twin
