// Messages on their way: out of a slice, out of the world, and back from an effect (§4, §5, §8).
#include <algorithm>
#include <array>

#include "runtime/cell.h"

namespace lexum {

void Cell::route(Runner& runner) {
  Outbox& out = *runner.out;
  Instance& sender = *runner.instance;
  Origin origin{OriginKind::kSent, runner.id, 0, cycle_, 0, sender.correlation};
  for (uint32_t i = 0; i < out.emitted.size(); ++i) {
    const Emitted& emitted = out.emitted[i];
    const Emission& site = program_.emissions[emitted.site.index()];
    origin.number = ++sender.sends;
    origin.index = i;
    const std::span<Value> args = std::span(out.args).subspan(emitted.first_arg, emitted.arg_count);
    if (site.kind == EmissionKind::kSend) {
      // looked up when the slice was judged, unless an earlier send of the slice has just started
      // it
      const InstanceId receiver =
          receivers_[i] ? receivers_[i] : receiver_of(site.domain, emitted.key);
      deliver(receiver, pool_.make(site.routine, origin, args));
    } else if (site.kind == EmissionKind::kBroadcast) {
      Origin heard = origin;
      heard.kind = OriginKind::kBroadcast;
      each_listener(site.event, [&](InstanceId id, RoutineIndex routine) {
        deliver(id, pool_.copy(routine, heard, args));
      });
    } else if (plan_of(sender).done[site.effect.index()]) {
      awaited_.push_back({runner.id, cycle_, i, origin.number, sender.correlation, site.effect});
    }
  }
}

// Whoever has that key, or a new instance.
InstanceId Cell::receiver_of(DomainId domain, const Value& key) {
  if (const InstanceId id = living(domain, key)) return id;
  const InstanceId id = start(domain, key, {});
  if (observer_ != nullptr) observer_->started(id, domain, key);
  return id;
}

// There is room, or the receiver is FAULTED: then what does not fit goes to the dead letters.
void Cell::deliver(InstanceId receiver, Message* message) {
  Instance& instance = (*this)[receiver];
  touch(instance, receiver);
  if (instance.faulted && room(instance) == 0) {
    bury(receiver, message);
    return;
  }
  instance.mailbox.push(message);
  ++messages_;
  if (instance.received_serial != serial_) {
    instance.received_serial = serial_;
    receipts_.push_back({receiver, message});
  }
}

// ------------------------------------------------------------------------------------------------------
// arrivals

void Cell::wait_for_room(InputImage input) {
  waiting_state_ += mark(input.number, 9);
  // broadcasts of one event share a queue, since they share their listeners
  const Value key = input.domain ? input.key : Value::of(static_cast<int64_t>(input.event.value));
  waiting_[{input.domain, key}].push_back(std::move(input));
}

// §12: outcomes by the cycle that emitted them, then inputs; nothing overtakes what waits for the
// same receiver. So everything goes in the order of the ticks in which it arrived.
void Cell::arrive(uint64_t tick) {
  for (AwaitedImage& awaited : awaited_) {
    if (awaited.arrived == 0) awaited.arrived = tick;
  }
  while (!inputs_.empty() && inputs_.front().tick <= tick) {
    InputImage& input = inputs_.front();
    if (input.arrived == 0) input.arrived = tick;
    wait_for_room(std::move(input));
    inputs_.pop_front();
  }
  if (awaited_.empty() && waiting_.empty()) return;

  std::vector<AwaitedImage> late;
  auto outcome = awaited_.begin();
  const auto outcomes_until = [&](uint64_t arrived) {
    for (; outcome != awaited_.end() && outcome->arrived <= arrived; ++outcome) {
      if (!arrive_outcome(*outcome, tick)) late.push_back(*outcome);
    }
  };
  // The queues' heads in the order in which they came; a queue whose head has to wait is left for
  // this tick.
  using Head = std::pair<std::array<uint64_t, 3>, Queues::iterator>;
  const auto later = [](const Head& a, const Head& b) { return a.first > b.first; };
  const auto head_of = [](Queues::iterator queue) {
    const InputImage& input = queue->second.front();
    return Head{{input.arrived, input.tick, input.number}, queue};
  };
  std::vector<Head> heads;
  for (auto queue = waiting_.begin(); queue != waiting_.end(); ++queue)
    heads.push_back(head_of(queue));
  std::make_heap(heads.begin(), heads.end(), later);
  while (!heads.empty()) {
    std::pop_heap(heads.begin(), heads.end(), later);
    const auto queue = heads.back().second;
    heads.pop_back();
    InputImage& input = queue->second.front();
    outcomes_until(input.arrived);
    const bool arrived = input.domain ? arrive_message(input, tick) : arrive_broadcast(input, tick);
    if (!arrived) continue;
    waiting_state_ -= mark(input.number, 9);
    input_arrived_ = true;
    queue->second.pop_front();
    if (queue->second.empty()) {
      waiting_.erase(queue);
    } else {
      heads.push_back(head_of(queue));
      std::push_heap(heads.begin(), heads.end(), later);
    }
  }
  outcomes_until(tick);
  awaited_.swap(late);
}

bool Cell::has_place(InstanceId receiver) const {
  const Instance& instance = (*this)[receiver];
  if (instance.blocked_serial == serial_) return false;
  return instance.faulted || room(instance) > 0;
}

bool Cell::arrive_message(InputImage& input, uint64_t tick) {
  const InstanceId known = living(input.domain, input.key);
  if (known && !has_place(known)) {
    (*this)[known].blocked_serial = serial_;
    return false;
  }
  const InstanceId receiver = receiver_of(input.domain, input.key);
  const size_t dead = dead_letters_.size();
  if (keep_.open)
    keep_.rest.inputs.push_back(
        {receiver, EventId(), {input.routine, origin_of(input), input.args}});
  deliver(receiver, pool_.from({input.routine, origin_of(input), input.args}));
  if (observer_ != nullptr) {
    observer_->input({tick,
                      input.number,
                      input.domain,
                      &input.key,
                      input.routine,
                      {},
                      input.args,
                      dead_letters_.size() > dead});
  }
  return true;
}

// It reaches all its listeners, or waits.
bool Cell::arrive_broadcast(InputImage& input, uint64_t tick) {
  bool place = true;
  each_listener(input.event, [&](InstanceId id, RoutineIndex) { place = place && has_place(id); });
  if (!place) {
    each_listener(input.event,
                  [&](InstanceId id, RoutineIndex) { (*this)[id].blocked_serial = serial_; });
    return false;
  }
  Origin origin = origin_of(input);
  each_listener(input.event, [&](InstanceId id, RoutineIndex routine) {
    deliver(id, pool_.from({routine, origin, input.args}));
  });
  if (keep_.open)
    keep_.rest.inputs.push_back({InstanceId(), input.event, {RoutineIndex(), origin, input.args}});
  if (observer_ != nullptr) {
    observer_->input({tick, input.number, {}, &input.key, {}, input.event, input.args, false});
  }
  return true;
}

Origin Cell::origin_of(const InputImage& input) {
  return {OriginKind::kInput, InstanceId(), input.number, 0, 0, input.number};
}

// Nobody has bound an adapter, so each effect is done at once and its value is the zero of the
// handler's type.
bool Cell::arrive_outcome(const AwaitedImage& awaited, uint64_t tick) {
  Instance& instance = (*this)[awaited.instance];
  if (!instance.gone && !has_place(awaited.instance)) {
    instance.blocked_serial = serial_;
    return false;
  }
  const RoutineIndex handler = plan_of(instance).done[awaited.effect.index()];
  const Routine& routine = domain_of(instance).routines[handler.index()];
  std::vector<Value> args;
  for (const Parameter& parameter : routine.params) args.push_back(zero(program_, parameter.type));
  const Origin origin{OriginKind::kOutcome, awaited.instance, awaited.number,
                      awaited.cycle,        awaited.index,    awaited.correlation};
  const size_t dead = dead_letters_.size();
  if (instance.gone) {
    dead_letters_.push_back({awaited.instance, EventId(), {handler, origin, args}});
  } else {
    deliver(awaited.instance, pool_.from({handler, origin, args}));
  }
  if (observer_ != nullptr) {
    const Value nothing;
    observer_->outcome({tick, awaited.instance, instance.domain, &instance.key, awaited.cycle,
                        awaited.index, false, args.empty() ? &nothing : &args.front(),
                        dead_letters_.size() > dead});
  }
  return true;
}

}  // namespace lexum
