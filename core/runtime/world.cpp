// The door, and how instances come to be, are found and are touched.
#include "runtime/world.h"

#include <algorithm>

#include "base/check.h"
#include "runtime/cell.h"

namespace lexum {

// ------------------------------------------------------------------------------------------------------
// the door

World::World(const Program& program, std::vector<StartValue> start_values)
    : cell_(std::make_unique<Cell>(program, std::move(start_values))) {
  cell_->start_system();
}
World::World(std::unique_ptr<Cell> cell) : cell_(std::move(cell)) {}
World::~World() = default;

void World::observe(Observer* observer) { cell_->observer_ = observer; }

void World::begin() {
  if (cell_->observer_ == nullptr) return;
  for (size_t i = 0; i < cell_->instances_.size(); ++i) {
    const Instance& instance = *cell_->instances_[i];
    cell_->observer_->started(InstanceId(i), instance.domain, instance.key);
  }
}

std::unique_ptr<World> World::fork() const {
  auto cell = std::make_unique<Cell>(cell_->program_, cell_->start_values_);
  cell->restore(image());
  return std::unique_ptr<World>(new World(std::move(cell)));
}

void World::add_input(InputImage input) {
  if (input.number == 0) input.number = cell_->inputs_numbered_ + 1;
  cell_->inputs_numbered_ = std::max(cell_->inputs_numbered_, input.number);
  if (input.tick == 0) input.tick = 1;
  cell_->note_answer(input);
  // Most come behind all others.
  if (cell_->inputs_.empty() || cell_->inputs_.back().tick <= input.tick) {
    cell_->inputs_.push_back(std::move(input));
    return;
  }
  const auto place =
      std::upper_bound(cell_->inputs_.begin(), cell_->inputs_.end(), input.tick,
                       [](uint64_t tick, const InputImage& other) { return tick < other.tick; });
  cell_->inputs_.insert(place, std::move(input));
}

bool World::tick(Executor* executor, uint64_t before) {
  LEXUM_CHECK(!cell_->halt_);
  return cell_->tick(executor, before);
}

bool World::at_rest() const { return cell_->quiet() && cell_->inputs_.empty(); }
const std::optional<Halt>& World::halted() const { return cell_->halt_; }
const Program& World::program() const { return cell_->program_; }
uint64_t World::cycle() const { return cell_->cycle_; }
uint64_t World::tick_now() const { return cell_->tick_; }
uint64_t World::messages() const { return cell_->messages_; }
uint64_t World::inputs_numbered() const { return cell_->inputs_numbered_; }
DomainId World::domain_of(InstanceId id) const { return (*cell_)[id].domain; }
const Value& World::key_of(InstanceId id) const { return (*cell_)[id].key; }
bool World::is_killed(InstanceId id) const { return (*cell_)[id].killed; }
void World::bring_back(InstanceImage image) { cell_->bring_back(std::move(image)); }
size_t World::mailbox_size(InstanceId id) const { return (*cell_)[id].mailbox.size(); }
InstanceId World::find(DomainId domain, const Value& key) const {
  return cell_->living(domain, key);
}
const std::vector<DeadLetter>& World::dead_letters() const { return cell_->dead_letters_; }
const std::vector<Treadmill>& World::treadmills() const { return cell_->treadmills_; }

std::vector<InstanceId> World::instances_in_order() const {
  std::vector<InstanceId> ids;
  for (const DomainId domain : domains_by_rank(cell_->program_)) {
    const std::vector<InstanceId>& roll = cell_->roll_of(domain);
    ids.insert(ids.end(), roll.begin(), roll.end());
  }
  return ids;
}

std::string World::name_of(InstanceId id) const {
  const Instance& instance = (*cell_)[id];
  const std::string& domain = cell_->domain_of(instance).name;
  if (instance.key.is_null()) return domain;
  return domain + "[" + literal(instance.key, {}) + "]";
}

std::span<const Value> World::fields_of(InstanceId id) const {
  return cell_->subject_of((*cell_)[id]).fields;
}

InstanceStatus World::status_of(InstanceId id) const {
  const Instance& instance = (*cell_)[id];
  if (instance.is_out()) return InstanceStatus::kFaulted;
  return instance.readiness == Readiness::kNone ? InstanceStatus::kAsleep : InstanceStatus::kReady;
}

GoalStatus World::goal_status(InstanceId id, GoalIndex goal) const {
  const Instance& instance = (*cell_)[id];
  const GoalStatus status = instance.goals[goal.index()].status;
  // A FAULTED instance takes no work, so nothing of it can run.
  return instance.is_out() && status == GoalStatus::kPursued ? GoalStatus::kWaiting : status;
}

namespace {
NextWork next_of(const Work& work, bool starved) {
  return {.kind = work.kind,
          .routine = work.routine,
          .slice = work.slice,
          .goal = work.goal,
          .priority = work.priority,
          .starved = starved};
}
}  // namespace

std::optional<NextWork> World::next_work(InstanceId id) const {
  const Work work = cell_->next_work((*cell_)[id]);
  if (!work) return std::nullopt;
  return next_of(work, false);
}

std::vector<NextWork> World::choices_of(InstanceId id) const {
  std::vector<NextWork> choices;
  cell_->each_choice((*cell_)[id], [&](const Work& work, bool starved) {
    choices.push_back(next_of(work, starved));
  });
  return choices;
}

RoutineIndex World::candidate_of(InstanceId id, GoalIndex goal) const {
  const Instance& instance = (*cell_)[id];
  const uint32_t candidate = instance.goals[goal.index()].candidate;
  if (candidate == UINT32_MAX) return {};
  return cell_->plan_of(instance).goals[goal.index()].candidates[candidate].routine;
}

bool World::is_blocked(InstanceId id, RoutineIndex transition) const {
  return cell_->is_blocked((*cell_)[id], transition);
}

InstanceImage World::image_of(InstanceId id) const { return cell_->image_of(id); }

void World::set_field(InstanceId id, uint32_t slot, Value value) {
  cell_->set_field(id, slot, std::move(value));
}

std::vector<IntentImage> World::take_fresh_intents() { return cell_->take_fresh_intents(); }
std::vector<IntentImage> World::intents() const { return cell_->intents(); }
bool World::has_intents() const { return !cell_->intents_.empty(); }

void World::look_at_goals() { cell_->look_at_goals(); }

size_t World::drop_messages(InstanceId id,
                            const std::function<bool(const MessageImage&)>& unwanted) {
  return cell_->drop_messages(id, unwanted);
}

void World::track_touched() { cell_->track_touched(); }
bool World::begin_image(bool whole) { return cell_->begin_image(whole); }
void World::go_on_with_image(size_t instances) { cell_->go_on_with_image(instances); }
size_t World::image_left() const { return cell_->portrait_.left; }
const WorldImage& World::image_begun() const { return cell_->portrait_.image; }
WorldImage World::take_image() {
  LEXUM_CHECK(image_left() == 0);
  return std::exchange(cell_->portrait_.image, {});
}

WorldImage World::take_touched() {
  begin_image(false);
  while (image_left() > 0) go_on_with_image(image_left());
  WorldImage image = take_image();
  put_in_order(image.instances);
  return image;
}

WorldImage World::image() const {
  WorldImage image = cell_->image_without_instances();
  for (size_t i = 0; i < cell_->instances_.size(); ++i) {
    image.instances.push_back(cell_->image_of(InstanceId(i)));
  }
  return image;
}

void World::restore(const WorldImage& image) { cell_->restore(image); }

// -----------------------------------------------------------------------------------------------------
// instances

Cell::Cell(const Program& program, std::vector<StartValue> start_values)
    : program_(program),
      start_values_(std::move(start_values)),
      plan_(program),
      index_(program.domains.size()),
      rolls_(program.domains.size()) {
  helpers_.push_back(std::make_unique<Helper>(program));
}

Cell::~Cell() {
  for (const auto& instance : instances_) {
    pool_.release_all(instance->mailbox.take_all());
    if (instance->begun && instance->begun->message != nullptr)
      pool_.release(instance->begun->message);
    for (size_t g = 0; g < instance->goal_count() && instance->goals; ++g) {
      delete instance->goals[g].trial;
    }
  }
}

void Cell::start_system() {
  for (size_t d = 0; d < program_.domains.size(); ++d) {
    if (program_.domains[d].keyed) continue;
    std::span<const StartSetting> settings;
    for (const Start& start : program_.starts) {
      if (start.domain == DomainId(d)) settings = start.settings;
    }
    start(DomainId(d), Value(), settings);
  }
  for (const Start& keyed : program_.starts) {
    if (program_[keyed.domain].keyed) start(keyed.domain, keyed.key, keyed.settings);
  }
  ++serial_;
  refresh_touched();
  keep_for_comparison();
  if (plan_.has_assert) keep_rest();
}

InstanceId Cell::start(DomainId domain_id, const Value& key,
                       std::span<const StartSetting> settings) {
  const Domain& domain = program_[domain_id];
  auto instance = std::make_unique<Instance>();
  instance->domain = domain_id;
  instance->key = key;
  instance->started_tick = now_;
  instance->boot_pending = static_cast<bool>(domain.boot);
  instance->fields = std::make_unique<Value[]>(domain.fields.size());
  instance->goals = std::make_unique<GoalState[]>(domain.goals.size());
  // §4: the declared constant, then what `system` says, then --set
  for (size_t f = 0; f < domain.fields.size(); ++f) instance->fields[f] = domain.fields[f].initial;
  for (const StartSetting& setting : settings) instance->fields[setting.slot] = setting.value;
  for (const StartValue& set : start_values_) {
    if (set.domain == domain_id && set.key == key) instance->fields[set.slot] = set.value;
  }
  // A key that was there before: its send numbers go on.
  if (const InstanceId last = index_[domain_id.index()].find(key))
    instance->sends = (*this)[last].sends;
  const InstanceId id = add_instance(std::move(instance));
  touch(id);
  std::vector<GoalFlip> flips;
  Aftermath aftermath;
  aftermath.everything = true;
  settle_goals((*this)[id], aftermath, flips, *helpers_[0]);
  return id;
}

InstanceId Cell::add_instance(std::unique_ptr<Instance> instance) {
  const InstanceId id(instances_.size());
  instance->type = &program_[instance->domain];
  instance->plan = &plan_.domains[instance->domain.index()];
  const Sum128 key = instance->key.digest();
  instance->who = mark(key.a ^ instance->domain.value, key.b);
  state_ += fields_mark(*instance);
  index_[instance->domain.index()].set(instance->key, id);
  if (!instance->gone) rolls_[instance->domain.index()].ids.push_back(id);
  instances_.push_back(std::move(instance));
  return id;
}

Sum128 Cell::fields_mark(const Instance& instance) const {
  Sum128 sum;
  if (instance.fields == nullptr) return sum;
  for (uint32_t f = 0; f < instance.field_count(); ++f)
    sum += mark_of(instance, f, instance.fields[f]);
  return sum;
}

const std::vector<InstanceId>& Cell::roll_of(DomainId domain) {
  Roll& roll = rolls_[domain.index()];
  if (roll.stale) {
    std::erase_if(roll.ids, [&](InstanceId id) { return (*this)[id].gone; });
    roll.sorted = 0;
    roll.stale = false;
  }
  if (roll.sorted != roll.ids.size()) {
    const auto less = [&](InstanceId a, InstanceId b) { return before(a, b); };
    const auto middle = roll.ids.begin() + static_cast<std::ptrdiff_t>(roll.sorted);
    std::sort(middle, roll.ids.end(), less);
    std::inplace_merge(roll.ids.begin(), middle, roll.ids.end(), less);
    roll.sorted = roll.ids.size();
  }
  return roll.ids;
}

void Cell::touch_first(Instance& instance, InstanceId id) {
  instance.touched_serial = serial_;
  touched_.push_back(id);
  if (epoch_ != 0 && instance.tracked != epoch_) track(instance, id);
  if (keep_.open && instance.kept != keep_.number) {
    instance.kept = keep_.number;
    if (id.index() < keep_.rest.instance_count) keep_.rest.instances.push_back(image_of(id));
  }
}

}  // namespace lexum
