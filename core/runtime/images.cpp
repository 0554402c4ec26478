// Worlds and instances as plain data, and back (image.h).
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "runtime/cell.h"

namespace lexum {

namespace {

constexpr size_t kAlmostAll = 8;  // an image without an eighth of its instances has almost all

}  // namespace

InstanceImage Cell::image_of(InstanceId id) const {
  const Instance& instance = (*this)[id];
  InstanceImage image;
  image.id = id;
  image.domain = instance.domain;
  image.key = instance.key;
  image.gone = instance.gone;
  image.sends = instance.sends;
  if (instance.gone) return image;
  const Domain& domain = domain_of(instance);
  image.faulted = instance.faulted;
  image.killed = instance.killed;
  image.boot_pending = instance.boot_pending;
  image.boot_failed = instance.boot_failed;
  image.mail_failed = instance.mail_failed;
  image.head_passed = instance.head_passed;
  image.cycles = instance.cycles;
  image.correlation = instance.correlation;
  image.fields.assign(instance.fields.get(), instance.fields.get() + domain.fields.size());
  for (const Message* m = instance.mailbox.head(); m != nullptr; m = m->next) {
    image.mailbox.push_back(lexum::image_of(*m));
  }
  if (instance.begun) {
    const Begun& begun = *instance.begun;
    image.begun.push_back({.routine = begun.routine,
                           .next_slice = begun.next_slice,
                           .work = begun.work,
                           .goal = begun.goal,
                           .priority = begun.priority,
                           .changed = begun.changed,
                           .message = {},
                           .undo = begun.undo});
    if (begun.message != nullptr) image.begun.back().message = lexum::image_of(*begun.message);
  }
  image.goals.assign(instance.goals.get(), instance.goals.get() + domain.goals.size());
  if (instance.trouble) {
    image.faults = instance.trouble->faults;
    image.fault_blocked = instance.trouble->fault_blocked;
    image.throttlers = instance.trouble->throttlers;
    image.undo = instance.trouble->undo;
  }
  return image;
}

WorldImage Cell::image_without_instances() const {
  WorldImage image;
  image.tick = tick_;
  image.cycle = cycle_;
  image.messages = messages_;
  image.instance_count = static_cast<uint32_t>(instances_.size());
  for (const auto& [receiver, queue] : waiting_) {
    image.inputs.insert(image.inputs.end(), queue.begin(), queue.end());
  }
  // as they came, which is how each queue takes them back
  std::ranges::sort(image.inputs, {}, [](const InputImage& input) {
    return std::array{input.arrived, input.tick, input.number};
  });
  image.inputs.insert(image.inputs.end(), inputs_.begin(), inputs_.end());
  image.inputs_numbered = inputs_numbered_;
  image.kept_state = kept_state_;
  image.kept_tick = kept_tick_;
  image.ticks_since_base = ticks_since_base_;
  image.awaited = awaited_;
  for (const auto& [due, timer] : timers_) image.awaited.push_back(timer);
  image.clock = clock_;
  image.intents = intents();
  image.dead_letters = dead_letters_;
  if (keep_.open) image.rest = keep_.rest;
  return image;
}

// Puts one instance back as it was; its id is there already.
void Cell::put_back(const InstanceImage& image) {
  touch(image.id);
  Instance& instance = (*this)[image.id];
  const Domain& domain = domain_of(instance);
  pool_.release_all(instance.mailbox.take_all());
  if (instance.begun && instance.begun->message != nullptr) pool_.release(instance.begun->message);
  instance.begun.reset();
  for (size_t g = 0; g < domain.goals.size() && instance.goals; ++g)
    drop_trial(instance.goals[g], *helpers_[0]);

  if (!instance.gone && image.gone) rolls_[instance.domain.index()].stale = true;
  if (instance.gone && !image.gone) {
    roll_of(instance.domain);  // forgets it, if it has not yet
    rolls_[instance.domain.index()].ids.push_back(image.id);
    index_[instance.domain.index()].set(instance.key, image.id);
  }
  instance.gone = image.gone;
  instance.sends = image.sends;
  instance.faulted = image.faulted;
  instance.killed = image.killed;
  instance.boot_pending = image.boot_pending;
  instance.boot_failed = image.boot_failed;
  instance.mail_failed = image.mail_failed;
  instance.head_passed = image.head_passed;
  instance.cycles = image.cycles;
  instance.correlation = image.correlation;
  if (instance.trouble) {
    instance.trouble->faults.clear();
    instance.trouble->fault_blocked.clear();
    instance.trouble->throttlers.clear();
    instance.trouble->undo.clear();
  }
  instance.invariants_hold = false;
  state_ -= fields_mark(instance);
  if (image.gone) {
    instance.fields.reset();
    instance.goals.reset();
    return;
  }
  instance.fields = std::make_unique<Value[]>(domain.fields.size());
  instance.goals = std::make_unique<GoalState[]>(domain.goals.size());
  std::copy(image.fields.begin(), image.fields.end(), instance.fields.get());
  state_ += fields_mark(instance);
  for (const MessageImage& message : image.mailbox) instance.mailbox.push(pool_.from(message));
  for (const BegunImage& begun : image.begun) {
    Message* message = begun.work == WorkKind::kMessage ? pool_.from(begun.message) : nullptr;
    instance.begun =
        std::make_unique<Begun>(Begun{begun.routine, begun.next_slice, begun.work, begun.goal,
                                      begun.priority, begun.changed, message, begun.undo});
  }
  if (!image.faults.empty() || !image.fault_blocked.empty() || !image.undo.empty()) {
    Trouble& trouble = trouble_of(instance);
    trouble.faults = image.faults.list();
    trouble.fault_blocked = image.fault_blocked.list();
    trouble.undo = image.undo.list();
  }
  for (const InstanceId mailbox : image.throttlers) throttle(image.id, mailbox);
  for (size_t g = 0; g < domain.goals.size(); ++g) {
    GoalState& state = instance.goals[g];
    static_cast<GoalImage&>(state) = image.goals[g];
    state.holds = state.status == GoalStatus::kSatisfied;
    state.unseen = {~uint64_t{0}};
    // a goal is pursued by its first candidate that is not blocked, or by the run that has begun
    const bool begun = instance.begun && instance.begun->work == WorkKind::kGoal &&
                       instance.begun->goal == GoalIndex(g);
    if (state.status == GoalStatus::kPursued && !begun &&
        !find_candidate(instance, g, *helpers_[0])) {
      state.status = GoalStatus::kWaiting;  // an image that nobody's world has left
    }
  }
}

// Its mail, and whose mailboxes hold it back, are a matter of those who went on meanwhile.
void Cell::bring_back(InstanceImage image) {
  ++serial_;
  Instance& instance = (*this)[image.id];
  LEXUM_CHECK(instance.killed && !image.gone && image.domain == instance.domain);
  image.killed = true;
  image.throttlers.clear();
  image.mailbox.clear();
  for (const Message* m = instance.mailbox.head(); m != nullptr; m = m->next) {
    image.mailbox.push_back(lexum::image_of(*m));
  }
  std::vector<InstanceId> throttlers;
  if (instance.trouble) throttlers = instance.trouble->throttlers;
  put_back(image);
  if (!throttlers.empty()) trouble_of(instance).throttlers = std::move(throttlers);
  refresh_touched();
  ++serial_;
}

void Cell::track_touched() {
  ++epoch_;
  portrait_ = {};
  tracked_.clear();
  for (size_t i = 0; i < instances_.size(); ++i) {
    instances_[i]->tracked = epoch_;
    tracked_.push_back(InstanceId(i));
  }
}

bool Cell::begin_image(bool whole) {
  LEXUM_CHECK(epoch_ != 0 && portrait_.left == 0);
  Portrait& it = portrait_;
  // One that lacks a few makes whoever reads it read another one, too.
  it.whole = whole || tracked_.size() * kAlmostAll >= instances_.size() * (kAlmostAll - 1);
  it.left = it.whole ? instances_.size() : tracked_.size();
  it.next = 0;
  it.wanted.swap(tracked_);
  tracked_.clear();
  it.image = image_without_instances();
  it.image.instances.reserve(it.left);
  ++epoch_;
  ++serial_;  // who is touched next is touched for the first time
  return it.whole;
}

void Cell::go_on_with_image(size_t instances) {
  Portrait& it = portrait_;
  for (; instances > 0 && it.left > 0; --instances, ++it.next) {
    const InstanceId id = it.whole ? InstanceId(it.next) : it.wanted[it.next];
    Instance& instance = (*this)[id];
    if (instance.tracked == epoch_) continue;
    if (!it.whole) instance.tracked = 0;
    it.image.instances.push_back(image_of(id));
    --it.left;
  }
}

// It is touched for the first time in this epoch, and has not changed yet.
void Cell::track(Instance& instance, InstanceId id) {
  Portrait& it = portrait_;
  const bool is_wanted = it.whole ? id.index() >= it.next && id.index() < it.image.instance_count
                                  : instance.tracked + 1 == epoch_;
  if (it.left > 0 && is_wanted) {
    it.image.instances.push_back(image_of(id));
    --it.left;
  }
  instance.tracked = epoch_;
  tracked_.push_back(id);
}

void Cell::restore(const WorldImage& image) {
  LEXUM_CHECK(image.instances.size() == image.instance_count);
  Observer* const observer = std::exchange(observer_, nullptr);
  for (const auto& instance : instances_) {
    pool_.release_all(instance->mailbox.take_all());
    if (instance->begun && instance->begun->message != nullptr)
      pool_.release(instance->begun->message);
    for (size_t g = 0; g < instance->goal_count() && instance->goals; ++g) {
      drop_trial(instance->goals[g], *helpers_[0]);
    }
  }
  instances_.clear();
  index_.assign(program_.domains.size(), KeyIndex());
  rolls_.assign(program_.domains.size(), Roll());
  for (auto* list : {&touched_, &tracked_, &normal_, &low_, &counted_background_, &throttling_})
    list->clear();
  epoch_ = 0;
  portrait_ = {};
  keep_ = {};
  halt_.reset();
  oscillates_ = false;
  treadmills_.clear();
  inputs_.clear();
  waiting_.clear();
  waiting_state_ = {};
  state_ = {};
  ready_count_ = 0;

  ++serial_;
  tick_ = now_ = image.tick;
  cycle_ = image.cycle;
  messages_ = image.messages;
  inputs_numbered_ = image.inputs_numbered;
  answered_.clear();
  for (const InputImage& input : image.inputs) {
    note_answer(input);
    if (input.arrived == 0) inputs_.push_back(input);
    else wait_for_room(input);
  }
  awaited_.clear();
  timers_.clear();
  for (const AwaitedImage& awaited : image.awaited) {
    if (awaited.due != 0) timers_.emplace(awaited.due, awaited);
    else awaited_.push_back(awaited);
  }
  clock_ = std::max<uint64_t>(image.clock, 1);
  dead_letters_ = image.dead_letters;
  for (const InstanceImage& source : image.instances) {
    auto instance = std::make_unique<Instance>();
    instance->domain = source.domain;
    instance->key = source.key;
    instance->gone = true;  // until put_back()
    add_instance(std::move(instance));
  }
  for (const InstanceImage& source : image.instances) put_back(source);
  put_back_intents(image.intents);
  refresh_touched();
  // background choices that were passed over are found again
  for (size_t i = 0; i < instances_.size(); ++i) {
    if (instances_[i]->readiness != Readiness::kNone) counted_background_.push_back(InstanceId(i));
  }
  kept_state_ = image.kept_state;
  kept_tick_ = image.kept_tick;
  ticks_since_base_ = image.ticks_since_base;
  if (image.rest) keep_rest(*image.rest);
  else if (plan_.has_assert && quiet()) keep_rest();
  ++serial_;  // what was touched so far was touched by nobody
  observer_ = observer;
}

void put_in_order(std::vector<InstanceImage>& instances) {
  if (std::ranges::is_sorted(instances, {}, &InstanceImage::id)) return;
  // An image is much longer than a number, and there may be so many that there is no room for them
  // twice: each goes to its place, round by round.
  std::vector<uint32_t> from(instances.size());
  std::iota(from.begin(), from.end(), 0);
  std::ranges::sort(from, {}, [&](uint32_t place) { return instances[place].id; });
  for (uint32_t first = 0; first < from.size(); ++first) {
    if (from[first] == first) continue;
    InstanceImage held = std::move(instances[first]);
    uint32_t place = first;
    while (from[place] != first) {
      const uint32_t next = std::exchange(from[place], place);
      instances[place] = std::move(instances[next]);
      place = next;
    }
    from[place] = place;
    instances[place] = std::move(held);
  }
}

}  // namespace lexum
