#include "tracer/follow.h"

#include <algorithm>

#include "check/walk.h"
#include "tracer/records.h"
#include "value/change.h"

namespace lexum {
namespace {

bool may_return(const Program& program, const Slice& slice) {
  bool found = false;
  each_statement(program, slice.body,
                 [&](TermId id) { found = found || program[id].op == Op::kReturn; });
  return found;
}

// Fields or parameters.
template <class Typed>
bool all_fit(std::span<const Value> values, const std::vector<Typed>& typed,
             const Program& program) {
  return std::ranges::equal(values, typed, [&](const Value& value, const Typed& of) {
    return fits(value, of.type, program);
  });
}

MessagePtr message_of(RoutineIndex routine, const Origin& origin, std::vector<Value> args) {
  return std::make_shared<MessageImage>(
      MessageImage{.routine = routine, .origin = origin, .args = std::move(args)});
}

}  // namespace

bool Follower::follow(const EventView& event, WorldState& world, std::vector<Edit>* edits,
                      const RestOf& rest_of) {
  world_ = &world;
  edits_ = edits;
  if (const auto* ran = std::get_if<CycleView>(&event)) return cycle(*ran);
  if (const auto* came = std::get_if<InputView>(&event)) return input(*came);
  if (const auto* came = std::get_if<OutcomeView>(&event)) return outcome(*came);
  if (const auto* back = std::get_if<RollbackView>(&event)) return rollback(*back, rest_of);
  if (const auto* held = std::get_if<HoldView>(&event)) hold(*held);
  return true;  // who came to be is seen from the message that started it
}

void Follower::make(Edit edit) {
  world_->forward(edit);
  if (edits_ != nullptr) edits_->push_back(std::move(edit));
}

// ---- a cycle

bool Follower::cycle(const CycleView& view) {
  const InstanceId id = roll_.living(*world_, view.domain, view.key);
  if (!id) return false;
  const uint64_t tick = world_->tick();
  if (view.tick != tick) make(TickEdit{.before = tick, .after = view.tick});
  // Of a failed assert nothing is left but its number; what it undid comes next.
  if (view.fault && view.fault->code == Code::kAssertFailed) return true;

  const InstanceState& instance = (*world_)[id];
  const BegunState* begun = instance.begun.get();
  if (view.work == WorkKind::kSlice &&
      (begun == nullptr || begun->routine != view.routine || begun->next_slice != view.slice)) {
    return false;
  }
  MessagePtr message = begun != nullptr ? begun->message : nullptr;
  if (view.work == WorkKind::kMessage) {
    if (instance.mailbox.empty() || instance.mailbox.front()->routine != view.routine) return false;
    message = instance.mailbox.front();
    make(MailEdit{.id = id, .what = MailEdit::What::kTaken, .message = message});
  }
  if (view.fault) {
    set_begun(id, nullptr);
    faulted(view, id, message);
  } else if (!begins(view, id, message)) {
    return false;
  }
  const bool returned = view.made_faulted && view.work == WorkKind::kSlice && message != nullptr;
  set_flags(view, id, returned);
  if (!changes(view, id) || !emissions(view, id)) return false;
  if (view.retires) become(id, retired((*world_)[id]));
  return true;
}

void Follower::set_flags(const CycleView& view, InstanceId id, bool returned) {
  const InstanceState& now = (*world_)[id];
  const FlagsEdit flags{.id = id,
                        .faulted_before = now.faulted,
                        .faulted_after = now.faulted || view.made_faulted,
                        .boot_before = now.boot_pending,
                        .boot_after = now.boot_pending && view.work != WorkKind::kBoot,
                        .returned_before = now.returned_tick,
                        .returned_after = returned ? view.tick : now.returned_tick};
  if (flags.faulted_after != now.faulted || flags.boot_after != now.boot_pending) make(flags);
}

// The message goes to the dead letters, or stays for the one who revives the instance.
void Follower::faulted(const CycleView& view, InstanceId id, const MessagePtr& message) {
  if (message == nullptr || !view.made_faulted) return;
  make(MailEdit{.id = id, .what = MailEdit::What::kReturned, .message = message});
}

// Whether there are slices to come. Looked at before anything has changed.
bool Follower::begins(const CycleView& view, InstanceId id, const MessagePtr& message) {
  const Routine& routine = program_[view.domain].routines[view.routine.index()];
  const BegunState* before = (*world_)[id].begun.get();
  std::optional<bool> ends = view.retires || view.slice + 1 >= routine.slices.size();
  if (!*ends) ends = returned(view, id, message);
  if (!ends) return false;
  if (*ends) {
    set_begun(id, nullptr);
    return true;
  }
  const bool later = view.work == WorkKind::kSlice;
  set_begun(id, std::make_shared<BegunState>(BegunState{.routine = view.routine,
                                                        .next_slice = view.slice + 1,
                                                        .work = later ? before->work : view.work,
                                                        .goal = later ? before->goal : view.goal,
                                                        .message = message}));
  return true;
}

std::optional<bool> Follower::returned(const CycleView& view, InstanceId id,
                                       const MessagePtr& message) {
  const Domain& domain = program_[view.domain];
  const Routine& routine = domain.routines[view.routine.index()];
  const Slice& slice = routine.slices[view.slice];
  if (!may_return(program_, slice)) return false;
  // A file that lies must not make the interpreter meet what it cannot.
  std::vector<Value> fields = (*world_)[id].fields;
  const std::span<const Value> params =
      message != nullptr ? std::span(message->args) : std::span<const Value>();
  if (!all_fit(fields, domain.fields, program_) || !all_fit(params, routine.params, program_)) {
    return std::nullopt;
  }
  outbox_.clear();
  interpreter_.run(routine, slice, {fields, view.key.is_null() ? nullptr : &view.key}, params,
                   outbox_);
  return outbox_.returned;
}

void Follower::set_begun(InstanceId id, std::shared_ptr<const BegunState> begun) {
  const auto& before = (*world_)[id].begun;
  if (before == nullptr && begun == nullptr) return;
  make(BegunEdit{.id = id, .before = before, .after = std::move(begun)});
}

// Fields and goals. What stands there as the side before must be what there is.
bool Follower::changes(const CycleView& view, InstanceId id) {
  for (const ChangeView& change : view.changes) {
    const Value before = (*world_)[id].fields[change.slot];
    if (change.before.known && change.before.value != before) return false;
    Value after = change.after.value;
    if (!change.after.known) {
      ByteReader edit(change.edit);
      after = apply_change(edit, before, Direction::kForward);
      if (!edit.good() || change.edit.empty()) return false;
    }
    make(FieldEdit{.id = id, .slot = change.slot, .before = before, .after = std::move(after)});
  }
  for (const GoalFlip& flip : view.flips) {
    if ((*world_)[id].goals[flip.goal.index()] != flip.from) return false;
    make(GoalEdit{.id = id, .goal = flip.goal, .before = flip.from, .after = flip.to});
  }
  return true;
}

// ---- messages on their way

bool Follower::emissions(const CycleView& view, InstanceId id) {
  if (view.emissions.empty()) return true;
  Origin origin{.kind = OriginKind::kSent,
                .sender = id,
                .number = (*world_)[id].sends,
                .cause = view.cycle,
                .index = 0,
                .correlation = view.correlation};
  make(SendsEdit{.id = id, .count = static_cast<uint32_t>(view.emissions.size())});
  for (const EmissionView& emission : view.emissions) {
    const Emission& site = program_.emissions[emission.site.index()];
    ++origin.number;
    if (site.kind == EmissionKind::kSend) {
      origin.kind = OriginKind::kSent;
      deliver(receiver_of(site.domain, emission.key, view.tick),
              message_of(site.routine, origin, emission.args), view.tick);
    } else if (site.kind == EmissionKind::kBroadcast) {
      origin.kind = OriginKind::kBroadcast;
      broadcast(site.event, origin, emission.args, view.tick);
    } else if (is_awaited(view.domain, site.effect)) {
      make(AwaitedEdit{
          .added = true,
          .place = static_cast<uint32_t>(world_->awaited().size()),
          .effect = std::make_shared<AwaitedImage>(AwaitedImage{.instance = id,
                                                                .cycle = view.cycle,
                                                                .index = origin.index,
                                                                .number = origin.number,
                                                                .correlation = view.correlation,
                                                                .effect = site.effect})});
    }
    ++origin.index;
  }
  return true;
}

bool Follower::is_awaited(DomainId domain, EffectId effect) const {
  const OutcomeHandlers* handlers = handlers_of(program_, domain, effect);
  if (handlers == nullptr) return false;
  switch (program_.effects[effect.index()].mode) {
    case EffectMode::kSimulated:
      return bool{handlers->done};
    case EffectMode::kFailing:
      return bool{handlers->failed};
    case EffectMode::kBound:
      return true;
  }
  return false;
}

// Whoever has that key, or a new instance. A key that was there before goes on with its numbers.
InstanceId Follower::receiver_of(DomainId domain, const Value& key, uint64_t tick) {
  if (const InstanceId id = roll_.living(*world_, domain, key)) return id;
  InstanceState born = birth_.of(domain, key);
  born.id = InstanceId(world_->size());
  born.started_tick = tick;
  if (const InstanceId last = roll_.last(*world_, domain, key)) born.sends = (*world_)[last].sends;
  const InstanceId id = born.id;
  roll_.add(id, domain, key);
  become(id, std::move(born));
  return id;
}

void Follower::become(InstanceId id, InstanceState state) {
  InstancePtr before;
  if (id.index() < world_->size()) before = std::make_shared<InstanceState>((*world_)[id]);
  make(WholeEdit{
      .id = id, .before = before, .after = std::make_shared<InstanceState>(std::move(state))});
}

// Into a full mailbox goes nothing: only that of a FAULTED instance is sent to all the same, and
// that of one that is killed is never full. A message that came back to it takes nobody's room in
// that tick.
void Follower::deliver(InstanceId id, const MessagePtr& message, uint64_t tick) {
  const InstanceState& instance = (*world_)[id];
  const size_t used = instance.mailbox.size() - (instance.returned_tick == tick ? 1 : 0);
  if (instance.faulted && !instance.killed && used >= program_[instance.domain].mailbox_max) return;
  make(MailEdit{.id = id, .what = MailEdit::What::kDelivered, .message = message});
}

// To all listeners that were started before the tick, in instance order.
void Follower::broadcast(EventId event, const Origin& origin, const std::vector<Value>& args,
                         uint64_t tick) {
  for (const Listener& listener : program_.events[event.index()].listeners) {
    const MessagePtr message = message_of(listener.routine, origin, args);
    roll_.each_living(*world_, listener.domain, [&](InstanceId id) {
      if ((*world_)[id].started_tick < tick) deliver(id, message, tick);
    });
  }
}

bool Follower::act(const InputView& view) {
  const std::optional<ActView> act = act_of(view, program_);
  if (!act) return false;
  if (!view.domain || view.dead || view.kind == InputKind::kRedeliver) return true;
  const InstanceId id = roll_.living(*world_, view.domain, view.key);
  if (!id) return false;
  const InstanceState& now = (*world_)[id];
  if (act->drops) {
    if (now.mailbox.empty()) return false;
    make(MailEdit{.id = id, .what = MailEdit::What::kTaken, .message = now.mailbox.front()});
  }
  if (act->kills || act->returns) make(KilledEdit{.id = id, .on = act->kills});
  if (act->revives || act->boots) {
    make(FlagsEdit{.id = id,
                   .faulted_before = now.faulted,
                   .faulted_after = now.faulted && !act->revives,
                   .boot_before = now.boot_pending,
                   .boot_after = now.boot_pending || act->boots,
                   .returned_before = now.returned_tick,
                   .returned_after = now.returned_tick});
  }
  for (const FieldImage& change : act->changes) {
    make(FieldEdit{.id = id,
                   .slot = change.slot,
                   .before = (*world_)[id].fields[change.slot],
                   .after = change.value});
  }
  for (const auto& [goal, status] : act->flips) {
    make(GoalEdit{
        .id = id, .goal = goal, .before = (*world_)[id].goals[goal.index()], .after = status});
  }
  return true;
}

bool Follower::input(const InputView& view) {
  if (is_act(view.kind)) return act(view);
  const Origin origin{.kind = OriginKind::kInput,
                      .sender = {},
                      .number = view.number,
                      .cause = 0,
                      .index = 0,
                      .correlation = view.number};
  if (!view.domain) {
    broadcast(view.event, origin, view.args, view.tick);
    return true;
  }
  const InstanceId receiver = receiver_of(view.domain, view.key, view.tick);
  if (view.dead) return true;
  deliver(receiver, message_of(view.routine, origin, view.args), view.tick);
  return true;
}

bool Follower::outcome(const OutcomeView& view) {
  const auto awaited = world_->awaited();
  const auto found = std::ranges::find_if(awaited, [&](const AwaitedPtr& effect) {
    return effect->cycle == view.cause && effect->index == view.index;
  });
  if (found == awaited.end()) return view.unheard;
  const AwaitedPtr effect = *found;
  make(AwaitedEdit{
      .added = false, .place = static_cast<uint32_t>(found - awaited.begin()), .effect = effect});
  if (view.dead || view.unheard) return true;
  const InstanceState& instance = (*world_)[effect->instance];
  const OutcomeHandlers* handlers = handlers_of(program_, instance.domain, effect->effect);
  if (instance.gone || handlers == nullptr) return false;
  const RoutineIndex handler = view.failed ? handlers->failed : handlers->done;
  if (!handler) return false;
  const Routine& routine = program_[instance.domain].routines[handler.index()];
  std::vector<Value> args;
  if (!routine.params.empty()) args.push_back(view.value);
  deliver(effect->instance,
          message_of(handler,
                     {.kind = OriginKind::kOutcome,
                      .sender = effect->instance,
                      .number = effect->number,
                      .cause = effect->cycle,
                      .index = effect->index,
                      .correlation = effect->correlation},
                     std::move(args)),
          view.tick);
  return true;
}

// ---- what is held back, and what is undone

void Follower::hold(const HoldView& view) {
  const InstanceId id = roll_.living(*world_, view.domain, view.key);
  if (!id || !view.mailbox) return;
  const std::vector<InstanceId>& known = (*world_)[id].throttlers;
  if (view.kind == HoldKind::kThrottled) {
    const InstanceId mailbox = roll_.living(*world_, view.mailbox, view.mailbox_key);
    if (!mailbox || std::ranges::binary_search(known, mailbox)) return;
    make(ThrottleEdit{.id = id, .mailbox = mailbox, .on = true});
  } else if (view.kind == HoldKind::kReleased) {
    // One that has retired lets go before the next of its name can hold anybody back.
    const auto found = std::ranges::find_if(known, [&](InstanceId mailbox) {
      const InstanceState& other = (*world_)[mailbox];
      return other.domain == view.mailbox && other.key == view.mailbox_key;
    });
    if (found != known.end()) make(ThrottleEdit{.id = id, .mailbox = *found, .on = false});
  }
}

// Everything is as it was at the rest, but for send numbers, which never go back. Who came to be
// since then is gone, and nothing is awaited.
bool Follower::rollback(const RollbackView& view, const RestOf& rest_of) {
  if (view.only_slice) return true;
  const Result<WorldState> rest = rest_of(view.to_cycle);
  if (!rest) {
    error_ = rest.error();
    return false;
  }
  for (size_t i = 0; i < world_->size(); ++i) {
    const InstanceId id(i);
    const InstanceState& now = (*world_)[id];
    if (i >= rest->size()) {
      if (!now.gone) become(id, retired(now));
      continue;
    }
    if (world_->shares(id, *rest)) continue;
    InstanceState then = (*rest)[id];
    then.sends = now.sends;
    if (!(then == now)) become(id, std::move(then));
  }
  while (!world_->awaited().empty()) {
    make(AwaitedEdit{.added = false,
                     .place = static_cast<uint32_t>(world_->awaited().size() - 1),
                     .effect = world_->awaited().back()});
  }
  return true;
}

}  // namespace lexum
