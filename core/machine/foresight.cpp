#include "machine/foresight.h"

#include <algorithm>

#include "machine/advice.h"

namespace lexum {

namespace {

// "message Start", "Event::Ready", "Infra.Create::Done"
std::string message_of(const Routine& routine) {
  if (routine.kind == RoutineKind::kEvent) return "Event::" + routine.name;
  if (routine.kind == RoutineKind::kMessage) return "message " + routine.name;
  const std::string spelled = spell(routine);
  return spelled.starts_with("on ") ? spelled.substr(3) : "message " + routine.name;
}

}  // namespace

// ------------------------------------------------------------------------------------- listening

// By a send of the last cycle, which is told of before its messages go out; or from outside.
void Foreseer::started(InstanceId id, DomainId domain, const Value& key) {
  const bool sent_to = std::ranges::find(sent_to_, std::pair(domain, key)) != sent_to_.end();
  if (sent_to) births_[id] = after_.back();
}

// What an operator flips follows from no effect.
void Foreseer::input(const InputRecord& record) {
  if (!is_act(record.kind) || !record.domain || record.dead || world_ == nullptr) return;
  const InstanceId id = world_->find(record.domain, *record.key);
  if (!id) return;
  births_.erase(id);
  for (size_t g = 0; g < program_[record.domain].goals.size(); ++g) {
    flips_.erase({id, GoalIndex(g)});
  }
}

void Foreseer::cycle(const CycleRecord& record) {
  const Reason reason = reason_of(record);
  uint32_t last = reason.cause.after;
  sent_to_.clear();
  const std::vector<Emitted>& emitted = record.outbox->emitted;
  for (uint32_t i = 0; i < emitted.size(); ++i) {
    const Emission& site = program_.emissions[emitted[i].site.index()];
    if (site.kind == EmissionKind::kSend) sent_to_.emplace_back(site.domain, emitted[i].key);
    if (site.kind != EmissionKind::kEffect || effects_.size() >= Notes::kKept) continue;
    effects_.push_back({.cycle = record.cycle, .index = i, .reason = reason});
    last = static_cast<uint32_t>(effects_.size());
  }
  after_.resize(record.cycle - begins_after_, last);
  after_.back() = last;
  for (const GoalFlip& flip : record.flips) {
    if (flip.to != GoalStatus::kPursued && flip.to != GoalStatus::kAbandoned) continue;
    flips_[{record.instance, flip.goal}] = {
        .after = last, .domain = record.domain, .routine = record.routine};
  }
  const Routine& routine = program_[record.domain].routines[record.routine.index()];
  if (record.slice + 1 < routine.slices.size()) begun_[record.instance] = reason;
  else begun_.erase(record.instance);
}

Foreseer::Reason Foreseer::reason_of(const CycleRecord& record) const {
  const Domain& domain = program_[record.domain];
  switch (record.work) {
    case WorkKind::kMessage:
      return reason_of_message(record);
    case WorkKind::kBoot:
      return {.why = "Boot", .cause = birth_of(record.instance)};
    case WorkKind::kSlice: {
      const auto begun = begun_.find(record.instance);
      if (begun != begun_.end()) return begun->second;
      return {.why = spell(domain.routines[record.routine.index()]), .cause = {}};
    }
    case WorkKind::kGoal:
    case WorkKind::kElse: {
      const auto flip = flips_.find({record.instance, record.goal});
      const bool given_up = record.work == WorkKind::kElse;
      return {.why = "goal " + domain.goals[record.goal.index()].name +
                     (given_up ? ", which is abandoned" : ""),
              .cause = flip != flips_.end() ? flip->second : birth_of(record.instance)};
    }
  }
  return {};
}

Foreseer::Reason Foreseer::reason_of_message(const CycleRecord& record) const {
  const Origin& origin = *record.origin;
  const Routine& routine = program_[record.domain].routines[record.routine.index()];
  Reason reason{.why = message_of(routine), .cause = {}};
  switch (origin.kind) {
    case OriginKind::kInput:
      reason.why += " from input " + std::to_string(origin.number);
      break;
    case OriginKind::kOutcome:
      reason.cause.after = effect_at(origin.cause, origin.index);
      break;
    case OriginKind::kSent:
    case OriginKind::kBroadcast:
      if (world_ != nullptr) reason.why += " from " + world_->name_of(origin.sender);
      reason.cause.after = after_cycle(origin.cause);
  }
  return reason;
}

Foreseer::Cause Foreseer::birth_of(InstanceId id) const {
  const auto birth = births_.find(id);
  return {.after = birth != births_.end() ? birth->second : 0};
}

uint32_t Foreseer::after_cycle(uint64_t cycle) const {
  if (cycle <= begins_after_ || cycle - begins_after_ > after_.size()) return 0;
  return after_[cycle - begins_after_ - 1];
}

uint32_t Foreseer::effect_at(uint64_t cycle, uint32_t index) const {
  const std::pair wanted(cycle, index);
  const auto found = std::ranges::lower_bound(
      effects_, wanted, {}, [](const Followed& one) { return std::pair(one.cycle, one.index); });
  if (found == effects_.end() || std::pair(found->cycle, found->index) != wanted) return 0;
  return static_cast<uint32_t>(found - effects_.begin() + 1);
}

// --------------------------------------------------------------------------------------- telling

Foresight Foreseer::tell(Outcome outcome, const World& world, const Notes& notes) const {
  Foresight foresight{.run_id = {},
                      .begins_after = begins_after_,
                      .outcome = outcome,
                      .cycles = world.cycle(),
                      .ticks = world.tick_now(),
                      .under_way = {},
                      .effects = {},
                      .effects_in_all = notes.effects_in_all(),
                      .goals = {}};
  LEXUM_CHECK(effects_.size() == notes.effects().size());
  for (size_t i = 0; i < effects_.size(); ++i) {
    const SentNote& note = notes.effects()[i];
    const Reason& reason = effects_[i].reason;
    const Effect& effect = program_.effects[program_.emissions[note.site.index()].effect.index()];
    PlannedEffect& planned =
        foresight.effects.emplace_back(PlannedEffect{.adapter = effect.adapter,
                                                     .operation = effect.operation,
                                                     .args = named_args(program_, note),
                                                     .by = world.name_of(note.sender),
                                                     .cycle = note.cycle,
                                                     .follows_from = reason.why,
                                                     .after = reason.cause.after,
                                                     .since = {},
                                                     .outcome = note.outcome});
    if (!reason.cause.domain) continue;
    planned.since = spell(program_[reason.cause.domain].routines[reason.cause.routine.index()]);
  }
  Advisor advisor(world, notes, Voice::kCommandLine);
  for (const InstanceId id : world.instances_in_order()) {
    const Domain& domain = program_[world.domain_of(id)];
    for (size_t g = 0; g < domain.goals.size(); ++g) {
      PlannedGoal goal{.instance = world.name_of(id),
                       .name = domain.goals[g].name,
                       .status = world.goal_status(id, GoalIndex(g)),
                       .distance = {},
                       .advice = {}};
      if (goal.status != GoalStatus::kSatisfied) {
        goal.distance = advisor.distance(id, GoalIndex(g));
        goal.advice = advisor.about(id, GoalIndex(g));
      }
      foresight.goals.push_back(std::move(goal));
    }
  }
  return foresight;
}

// ------------------------------------------------------------------------------ what is under way

std::vector<PlannedEffect> under_way(const World& world) {
  const Program& program = world.program();
  std::vector<PlannedEffect> all;
  for (const IntentImage& intent : world.intents()) {
    const Effect& effect = program.effects[intent.effect.index()];
    const std::vector<std::string>& names = program.emissions[intent.site.index()].names;
    NamedValues args;
    for (size_t i = 0; i < intent.args.size(); ++i) args.emplace_back(names[i], intent.args[i]);
    all.push_back({.adapter = effect.adapter,
                   .operation = effect.operation,
                   .args = std::move(args),
                   .by = world.name_of(intent.instance),
                   .cycle = intent.cycle});
  }
  return all;
}

}  // namespace lexum
