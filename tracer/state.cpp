#include "tracer/state.h"

#include <algorithm>

#include "base/check.h"

namespace lexum {
namespace {

bool same(const MessagePtr& a, const MessagePtr& b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

MessagePtr shared(const MessageImage& image) { return std::make_shared<MessageImage>(image); }

}  // namespace

const OutcomeHandlers* handlers_of(const Program& program, DomainId domain, EffectId effect) {
  const auto& all = program[domain].outcomes;
  const auto found = std::ranges::find(all, effect, &OutcomeHandlers::effect);
  return found == all.end() ? nullptr : &*found;
}

bool operator==(const BegunState& a, const BegunState& b) {
  return a.routine == b.routine && a.next_slice == b.next_slice && a.work == b.work &&
         a.goal == b.goal && same(a.message, b.message);
}

bool operator==(const InstanceState& a, const InstanceState& b) {
  const bool begun =
      a.begun == b.begun || (a.begun != nullptr && b.begun != nullptr && *a.begun == *b.begun);
  return begun && a.id == b.id && a.domain == b.domain && a.key == b.key && a.gone == b.gone &&
         a.faulted == b.faulted && a.killed == b.killed && a.boot_pending == b.boot_pending &&
         a.sends == b.sends && a.fields == b.fields && a.goals == b.goals &&
         a.throttlers == b.throttlers && std::ranges::equal(a.mailbox, b.mailbox, same);
}

InstanceState state_of(const InstanceImage& image) {
  InstanceState state{.id = image.id,
                      .domain = image.domain,
                      .key = image.key,
                      .gone = image.gone,
                      .faulted = image.faulted,
                      .killed = image.killed,
                      .boot_pending = image.boot_pending,
                      .sends = image.sends,
                      .fields = image.fields,
                      .throttlers = image.throttlers.list()};
  for (const MessageImage& message : image.mailbox) state.mailbox.push_back(shared(message));
  for (const BegunImage& begun : image.begun) {
    state.begun = std::make_shared<BegunState>(
        BegunState{.routine = begun.routine,
                   .next_slice = begun.next_slice,
                   .work = begun.work,
                   .goal = begun.goal,
                   .message = begun.work == WorkKind::kMessage ? shared(begun.message) : nullptr});
  }
  for (const GoalImage& goal : image.goals) state.goals.push_back(goal.status);
  return state;
}

InstanceState state_after(const CycleRecord& record) {
  return {.id = record.instance,
          .domain = record.domain,
          .key = *record.key,
          .fields = {record.fields.begin(), record.fields.end()}};
}

InstanceState retired(const InstanceState& instance) {
  return {.id = instance.id,
          .domain = instance.domain,
          .key = instance.key,
          .gone = true,
          .sends = instance.sends};
}

WorldState::WorldState(const WorldImage& image, const Program& program) : tick_(image.tick) {
  for (const InstanceImage& instance : image.instances) {
    instances_.push_back(std::make_shared<InstanceState>(state_of(instance)));
  }
  // What has come of them, and when it arrives, is not followed.
  const auto await = [&](const auto& effect) {
    awaited_.push_back(
        std::make_shared<AwaitedImage>(AwaitedImage{.instance = effect.instance,
                                                    .cycle = effect.cycle,
                                                    .index = effect.index,
                                                    .number = effect.number,
                                                    .correlation = effect.correlation,
                                                    .effect = effect.effect}));
  };
  for (const AwaitedImage& awaited : image.awaited) await(awaited);
  for (const IntentImage& intent : image.intents) {
    const DomainId domain = image.instances[intent.instance.index()].domain;
    if (handlers_of(program, domain, intent.effect) != nullptr) await(intent);
  }
  std::ranges::sort(awaited_, {},
                    [](const AwaitedPtr& a) { return std::pair(a->cycle, a->index); });
}

InstanceState& WorldState::to_change(InstanceId id) {
  InstancePtr& instance = instances_[id.index()];
  if (instance.use_count() != 1) instance = std::make_shared<InstanceState>(*instance);
  return *instance;
}

// One way through every kind of edit; `side` is which of two sides counts.
template <bool kForward>
struct WorldState::Applier {
  WorldState& world;

  template <class T>
  static const T& side(const T& before, const T& after) {
    return kForward ? after : before;
  }

  void operator()(const FieldEdit& e) {
    world.to_change(e.id).fields[e.slot] = side(e.before, e.after);
  }
  void operator()(const GoalEdit& e) {
    world.to_change(e.id).goals[e.goal.index()] = side(e.before, e.after);
  }
  void operator()(const MailEdit& e) {
    std::list<MessagePtr>& mailbox = world.to_change(e.id).mailbox;
    const bool adds = (e.what != MailEdit::What::kTaken) == kForward;
    if (e.what == MailEdit::What::kDelivered) {
      if (adds) mailbox.push_back(e.message);
      else mailbox.pop_back();
    } else {
      if (adds) mailbox.push_front(e.message);
      else mailbox.pop_front();
    }
  }
  void operator()(const BegunEdit& e) { world.to_change(e.id).begun = side(e.before, e.after); }
  void operator()(const SendsEdit& e) {
    uint64_t& sends = world.to_change(e.id).sends;
    sends = kForward ? sends + e.count : sends - e.count;
  }
  void operator()(const FlagsEdit& e) {
    InstanceState& instance = world.to_change(e.id);
    instance.faulted = side(e.faulted_before, e.faulted_after);
    instance.boot_pending = side(e.boot_before, e.boot_after);
    instance.returned_tick = side(e.returned_before, e.returned_after);
  }
  void operator()(const KilledEdit& e) { world.to_change(e.id).killed = side(!e.on, e.on); }
  void operator()(const ThrottleEdit& e) {
    std::vector<InstanceId>& ids = world.to_change(e.id).throttlers;
    const auto place = std::ranges::lower_bound(ids, e.mailbox);
    if (e.on == kForward) ids.insert(place, e.mailbox);
    else ids.erase(place);
  }
  void operator()(const WholeEdit& e) {
    const InstancePtr& becomes = side(e.before, e.after);
    if (becomes == nullptr) world.instances_.pop_back();
    else if (e.id.index() == world.instances_.size()) world.instances_.push_back(becomes);
    else world.instances_[e.id.index()] = becomes;
  }
  void operator()(const AwaitedEdit& e) {
    const auto place = world.awaited_.begin() + e.place;
    if (e.added == kForward) world.awaited_.insert(place, e.effect);
    else world.awaited_.erase(place);
  }
  void operator()(const TickEdit& e) { world.tick_ = side(e.before, e.after); }
};

void WorldState::forward(const Edit& edit) { std::visit(Applier<true>{*this}, edit); }
void WorldState::backward(const Edit& edit) { std::visit(Applier<false>{*this}, edit); }

}  // namespace lexum
