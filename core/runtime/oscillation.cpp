// Loops without end (§5).
//
// After every tick the world's digest is compared with the one kept at the start or the last input,
// and kept anew after 1, 2, 4, 8 … ticks: so a loop is found within a few of its periods, with the
// memory for one digest. That two worlds with one digest are one world in full is then proved on a
// fork: it runs one more period and must come back to the state it started from.
#include <algorithm>
#include <bit>
#include <map>

#include "base/check.h"
#include "runtime/cell.h"

namespace lexum {

Sum128 Cell::awaited_state() const {
  Sum128 sum;
  for (const AwaitedImage& awaited : awaited_) {
    const Instance& instance = (*this)[awaited.instance];
    sum += scaled(instance.who, 16 + uint64_t{awaited.effect.value});
    for (const Value& answer : awaited.answer) sum += scaled(answer.digest(), instance.who.b);
  }
  for (const auto& [due, timer] : timers_) {
    const Instance& instance = (*this)[timer.instance];
    sum += scaled(instance.who, mark(timer.effect.value, due - clock_).a);
  }
  return sum;
}

void Cell::keep_for_comparison() {
  kept_state_ = state_hash();
  kept_tick_ = 0;
  ticks_since_base_ = 0;
}

void Cell::compare_with_kept() {
  if (proving_) return;
  ++ticks_since_base_;
  const Sum128 now = state_hash();
  const uint64_t period = ticks_since_base_ - kept_tick_;
  if (now == kept_state_ && inputs_.empty() && heard_intents_ == 0 && returns_after(period)) {
    period_ = period;
    oscillates_ = true;
    return;
  }
  if (std::has_single_bit(ticks_since_base_)) {
    kept_state_ = now;
    kept_tick_ = ticks_since_base_;
  }
}

namespace {

// What is left of an image when everything that only counts is gone.
void forget_numbers(InstanceImage& image, const Domain& domain) {
  const auto forget = [](MessageImage& message) { message.origin = {}; };
  std::for_each(image.mailbox.begin(), image.mailbox.end(), forget);
  for (BegunImage& begun : image.begun) forget(begun.message);
  for (size_t g = 0; g < image.goals.size(); ++g) {
    image.goals[g].distance = 0;
    if (!domain.goals[g].terminate_after) image.goals[g].runs = 0;
  }
  std::vector<uint64_t> ages;
  for (const uint64_t fault : image.faults) {
    const uint64_t age = image.cycles - fault;
    if (age < static_cast<uint64_t>(domain.restart.within)) ages.push_back(age);
  }
  image.faults = std::move(ages);
  image.id = {};
  image.sends = image.cycles = image.correlation = 0;
}

}  // namespace

// A world that after so many ticks is what it is now will go on so for ever.
bool Cell::returns_after(uint64_t period) const {
  Cell later(program_, start_values_);
  WorldImage image = image_without_instances();
  for (size_t i = 0; i < instances_.size(); ++i) image.instances.push_back(image_of(InstanceId(i)));
  later.restore(image);
  later.proving_ = true;
  for (uint64_t i = 0; i < period; ++i) {
    if (!later.tick(nullptr, UINT64_MAX) || later.halt_) return false;
  }
  const auto essence = [](const Cell& cell) {
    std::map<Whom, InstanceImage, WhomLess> all;
    for (size_t i = 0; i < cell.instances_.size(); ++i) {
      if (cell.instances_[i]->gone) continue;
      InstanceImage one = cell.image_of(InstanceId(i));
      forget_numbers(one, cell.domain_of(*cell.instances_[i]));
      for (InstanceId& mailbox : one.throttlers) {
        mailbox = cell.index_[cell[mailbox].domain.index()].find(cell[mailbox].key);
      }
      all.emplace(Whom{one.domain, one.key}, std::move(one));
    }
    return all;
  };
  return later.state_hash() == state_hash() && essence(later) == essence(*this);
}

bool World::oscillates() const { return cell_->oscillates_; }
Sum128 World::state_hash() const { return cell_->state_hash(); }

namespace {

// Listens to one period.
class Turn final : public Observer {
 public:
  explicit Turn(const World& world) : world_(world) {}

  void cycle(const CycleRecord& record) override {
    ++cycles;
    members.insert({world_.name_of(record.instance), record.instance});
    ++drivers[driver(record)];
    for (const FieldChange& change : record.before) {
      auto& values = swings[{record.instance, change.slot}];
      if (values.empty()) values.push_back(change.value);
      if (values.size() < kValuesShown) values.push_back(record.fields[change.slot]);
    }
  }
  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord&) override {}
  void outcome(const OutcomeRecord&) override {}
  void hold(const HoldRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override {}

  uint64_t cycles = 0;
  std::map<std::string, InstanceId> members;
  std::map<std::string, uint64_t> drivers;
  std::map<std::pair<InstanceId, uint32_t>, std::vector<Value>> swings;

 private:
  static constexpr size_t kValuesShown = 6;

  std::string driver(const CycleRecord& record) const {
    const Domain& domain = world_.program()[record.domain];
    const std::string& routine = domain.routines[record.routine.index()].name;
    if (record.goal) return "goal " + domain.name + "." + domain.goals[record.goal.index()].name;
    return (record.work == WorkKind::kMessage ? "message " : "transition ") + domain.name + "." +
           routine;
  }

  const World& world_;
};

}  // namespace

Oscillation World::describe_oscillation() const {
  LEXUM_CHECK(oscillates());
  const std::unique_ptr<World> fork = this->fork();
  Turn turn(*fork);
  fork->observe(&turn);
  Oscillation found;
  found.period = cell_->period_;
  for (uint64_t i = 0; i < found.period; ++i) fork->tick();
  found.cycles = turn.cycles;
  for (const auto& [name, id] : turn.members) found.instances.push_back(id);
  std::sort(found.instances.begin(), found.instances.end(),
            [&](InstanceId a, InstanceId b) { return cell_->before(a, b); });
  std::vector<std::pair<uint64_t, std::string>> order;
  for (const auto& [what, count] : turn.drivers) order.emplace_back(count, what);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (auto& [count, what] : order) found.drivers.push_back(std::move(what));
  for (auto& [where, values] : turn.swings) {
    found.swings.push_back({where.first, where.second, std::move(values)});
  }
  return found;
}

}  // namespace lexum
