// Effects (§8): what becomes of one that was emitted, and its outcome on the way back.
#include <algorithm>
#include <tuple>

#include "runtime/cell.h"
#include "runtime/fits.h"

namespace lexum {

namespace {
constexpr std::string_view kMadeToFail = "it is made to fail here";
}  // namespace

// It goes to whoever carries it out; or its outcome is known, and a handler may wait for that.
void Cell::emit_effect(const Origin& origin, EmissionId site, std::span<Value> args) {
  const EffectId effect = program_.emissions[site.index()].effect;
  const EffectMode mode = program_.effects[effect.index()].mode;
  if (mode == EffectMode::kBound) {
    add_intent({origin.sender,
                origin.cause,
                origin.index,
                origin.number,
                origin.correlation,
                effect,
                site,
                {std::make_move_iterator(args.begin()), std::make_move_iterator(args.end())}});
    return;
  }
  const Instance& sender = (*this)[origin.sender];
  const bool failed = mode == EffectMode::kFailing;
  const RoutineIndex handler = handler_of(sender, effect, failed);
  if (!handler) return;
  AwaitedImage awaited{origin.sender, origin.cause,       origin.index,
                       origin.number, origin.correlation, effect};
  awaited.failed = failed;
  const Routine& routine = domain_of(sender).routines[handler.index()];
  if (failed && !routine.params.empty() &&
      program_.types[routine.params.front().type].kind == TypeKind::kText) {
    awaited.answer.push_back(Value::of(kMadeToFail));
  }
  const uint32_t timer = plan_.timers[site.index()];
  if (timer == UINT32_MAX || failed || args[timer].kind() != Kind::kInt) {
    awaited_.push_back(std::move(awaited));
    return;
  }
  const auto ms = static_cast<uint64_t>(std::max<int64_t>(args[timer].as_int(), 0));
  // After 2^64 of them time stands still.
  awaited.due = ms > UINT64_MAX - clock_ ? UINT64_MAX : clock_ + ms;
  timers_.emplace(awaited.due, std::move(awaited));
}

// -----------------------------------------------------------------------------------------------------
// somebody outside carries it out

bool Cell::is_heard(const IntentImage& intent) const {
  const OutcomeHandlers& handlers =
      plan_of((*this)[intent.instance]).outcomes[intent.effect.index()];
  return handlers.done || handlers.failed;
}

// What of it decides how the world goes on.
Sum128 Cell::mark_of(const IntentImage& intent) const {
  return scaled((*this)[intent.instance].who, mark(intent.effect.value, UINT64_MAX).a);
}

void Cell::add_intent(IntentImage intent) {
  if (is_heard(intent)) {
    ++heard_intents_;
    heard_state_ += mark_of(intent);
  }
  const IntentPlace place{intent.cycle, intent.index};
  fresh_intents_.push_back(place);
  intents_.emplace(place, std::move(intent));
}

void Cell::drop_intent(std::map<IntentPlace, IntentImage>::iterator intent) {
  if (is_heard(intent->second)) {
    --heard_intents_;
    heard_state_ -= mark_of(intent->second);
  }
  answered_.erase(intent->first);
  intents_.erase(intent);
}

void Cell::forget_intents() {
  intents_.clear();
  fresh_intents_.clear();
  heard_intents_ = 0;
  heard_state_ = {};
}

// Those of an image. The program of this world may have them in other hands: what no input answers
// is emitted here once more.
void Cell::put_back_intents(const std::vector<IntentImage>& intents) {
  forget_intents();
  const size_t awaited = awaited_.size();
  for (const IntentImage& intent : intents) {
    if (answered_.contains({intent.cycle, intent.index})) {
      add_intent(intent);
      continue;
    }
    std::vector<Value> args = intent.args;
    emit_effect({OriginKind::kSent, intent.instance, intent.number, intent.cycle, intent.index,
                 intent.correlation},
                intent.site, args);
  }
  if (awaited_.size() == awaited) return;
  // What has arrived stays where it is, and nothing else has an order yet.
  std::ranges::stable_sort(awaited_, {}, [](const AwaitedImage& one) {
    const bool arrived = one.arrived != 0;
    return std::tuple(!arrived, arrived ? 0 : one.cycle, arrived ? 0 : one.index);
  });
}

std::vector<IntentImage> Cell::intents() const {
  std::vector<IntentImage> all;
  for (const auto& [place, intent] : intents_) all.push_back(intent);
  return all;
}

std::vector<IntentImage> Cell::take_fresh_intents() {
  std::vector<IntentImage> fresh;
  for (const IntentPlace& place : std::exchange(fresh_intents_, {})) {
    const auto found = intents_.find(place);
    if (found != intents_.end() && !answered_.contains(place)) fresh.push_back(found->second);
  }
  return fresh;
}

// Whoever answers has to know the type.
bool Cell::takes(const Routine& handler, const Value& answer) const {
  return handler.params.empty() || fits(answer, handler.params.front().type, program_);
}

// What came of an effect that is not under way (any more) is no news.
bool Cell::arrive_answer(const InputImage& input, uint64_t tick) {
  const auto found = intents_.find({input.about, input.index});
  if (found == intents_.end()) {
    answered_.erase({input.about, input.index});
    return true;
  }
  const IntentImage& intent = found->second;
  const Instance& instance = (*this)[intent.instance];
  const RoutineIndex handler = handler_of(instance, intent.effect, input.failed);
  const bool heard =
      handler && takes(domain_of(instance).routines[handler.index()], input.args.front());
  if (heard && !instance.gone && !has_place(intent.instance)) {
    (*this)[intent.instance].blocked_serial = serial_;
    return false;
  }
  OutcomeRecord record{.tick = tick,
                       .number = input.number,
                       .instance = intent.instance,
                       .domain = instance.domain,
                       .key = &instance.key,
                       .cause = intent.cycle,
                       .index = intent.index,
                       .failed = input.failed,
                       .value = &input.args.front(),
                       .unheard = !heard};
  if (heard) {
    const bool takes_value = !domain_of(instance).routines[handler.index()].params.empty();
    record.dead = answer(intent.instance, handler,
                         {OriginKind::kOutcome, intent.instance, intent.number, intent.cycle,
                          intent.index, intent.correlation},
                         takes_value ? input.args : std::vector<Value>());
  }
  if (observer_ != nullptr) observer_->outcome(record);
  drop_intent(found);
  return true;
}

// -----------------------------------------------------------------------------------------------------
// nobody does

// When nothing else can run, the next of them, and all that are due with it, have waited enough.
void Cell::fire_timers(uint64_t tick) {
  clock_ = timers_.begin()->first;
  while (!timers_.empty() && timers_.begin()->first == clock_) {
    AwaitedImage awaited = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    awaited.due = 0;
    awaited.arrived = tick;
    awaited_.push_back(std::move(awaited));
  }
}

// Nobody carries it out: then it is done at once, and its value is the zero of the handler's type.
bool Cell::arrive_outcome(const AwaitedImage& awaited, uint64_t tick) {
  Instance& instance = (*this)[awaited.instance];
  if (!instance.gone && !has_place(awaited.instance)) {
    instance.blocked_serial = serial_;
    return false;
  }
  const RoutineIndex handler = handler_of(instance, awaited.effect, awaited.failed);
  const Routine& routine = domain_of(instance).routines[handler.index()];
  std::vector<Value> args;
  for (const Parameter& parameter : routine.params) {
    args.push_back(awaited.answer.empty() ? zero(program_, parameter.type)
                                          : awaited.answer.front());
  }
  const Value value = args.empty() ? Value() : args.front();
  const bool dead = answer(awaited.instance, handler,
                           {OriginKind::kOutcome, awaited.instance, awaited.number, awaited.cycle,
                            awaited.index, awaited.correlation},
                           std::move(args));
  if (observer_ != nullptr) {
    observer_->outcome({.tick = tick,
                        .instance = awaited.instance,
                        .domain = instance.domain,
                        .key = &instance.key,
                        .cause = awaited.cycle,
                        .index = awaited.index,
                        .failed = awaited.failed,
                        .value = &value,
                        .dead = dead});
  }
  return true;
}

// To the emitter. True if it went to the dead letters.
bool Cell::answer(InstanceId id, RoutineIndex handler, const Origin& origin,
                  std::vector<Value> args) {
  const size_t dead = dead_letters_.size();
  if ((*this)[id].gone) {
    dead_letters_.push_back({id, EventId(), {handler, origin, std::move(args)}});
  } else {
    deliver(id, pool_.from({handler, origin, std::move(args)}));
  }
  return dead_letters_.size() > dead;
}

}  // namespace lexum
