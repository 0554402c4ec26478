// Messages on their way: out of a slice, and from outside (§4, §5).
#include <algorithm>
#include <array>
#include <optional>

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
    } else {
      emit_effect(origin, emitted.site, args);
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

namespace {
// What came first has to be first. A letter has the number of the act that sends it once more.
std::array<uint64_t, 4> when(const InputImage& input) {
  return {input.arrived, input.tick, input.number, is_act(input.kind) ? 0u : 1u};
}
}  // namespace

// Where it waits: broadcasts of one event share a queue, since they share their listeners, and so
// do operators' acts, which need no room.
Whom Cell::queue_of(const InputImage& input) {
  if (is_act(input.kind)) return {DomainId(), Value::of(int64_t{-1})};
  if (input.domain) return {input.domain, input.key};
  return {DomainId(), Value::of(static_cast<int64_t>(input.event.value))};
}

void Cell::wait_for_room(InputImage input) {
  waiting_state_ += mark(input.number, 9);
  waiting_[queue_of(input)].push_back(std::move(input));
}

// What has come in the same tick as the act, after it, waits there already.
void Cell::letter_waits(InputImage letter) {
  waiting_state_ += mark(letter.number, 9);
  std::deque<InputImage>& queue = waiting_[queue_of(letter)];
  auto place = queue.end();
  while (place != queue.begin() && when(*std::prev(place)) > when(letter)) --place;
  queue.insert(place, std::move(letter));
}

// §12: outcomes by the cycle that emitted them, then inputs; nothing overtakes what waits for the
// same receiver. So everything goes in the order of the ticks in which it arrived, and what came
// from outside, whatever it is, in the order of its numbers.
void Cell::arrive(uint64_t tick) {
  for (AwaitedImage& awaited : awaited_) {
    if (awaited.arrived == 0) awaited.arrived = tick;
  }
  arrive_at_once(tick);
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
  using Head = std::pair<std::array<uint64_t, 4>, Queues::iterator>;
  const auto later = [](const Head& a, const Head& b) { return a.first > b.first; };
  std::vector<Head> heads;
  const auto add = [&](Queues::iterator queue) {
    heads.push_back({when(queue->second.front()), queue});
    std::push_heap(heads.begin(), heads.end(), later);
  };
  for (auto queue = waiting_.begin(); queue != waiting_.end(); ++queue) add(queue);
  while (!heads.empty()) {
    std::pop_heap(heads.begin(), heads.end(), later);
    const auto queue = heads.back().second;
    heads.pop_back();
    InputImage& input = queue->second.front();
    outcomes_until(input.arrived);
    if (!arrive_input(input, tick)) continue;
    waiting_state_ -= mark(input.number, 9);
    input_arrived_ = true;
    std::optional<InputImage> again;
    if (input.kind == InputKind::kRedeliver) again = letter_again(input);
    queue->second.pop_front();
    if (queue->second.empty()) waiting_.erase(queue);
    else add(queue);
    // Its turn is now, before all that has come behind the act.
    if (again && !arrive_input(*again, tick)) letter_waits(std::move(*again));
  }
  outcomes_until(tick);
  awaited_.swap(late);
}

// While nothing waits, messages come in the order in which they are due, and need no queue.
void Cell::arrive_at_once(uint64_t tick) {
  while (waiting_.empty() && awaited_.empty() && !inputs_.empty() && inputs_.front().tick <= tick &&
         inputs_.front().kind == InputKind::kMessage) {
    if (!arrive_input(inputs_.front(), tick)) return;
    input_arrived_ = true;
    inputs_.pop_front();
  }
}

bool Cell::arrive_input(InputImage& input, uint64_t tick) {
  switch (input.kind) {
    case InputKind::kMessage:
      return input.domain ? arrive_message(input, tick) : arrive_broadcast(input, tick);
    case InputKind::kOutcome:
      return arrive_answer(input, tick);
    default:
      act(input, tick);
      return true;
  }
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
  deliver(receiver, pool_.copy(input.routine, origin_of(input), input.args));
  if (observer_ != nullptr) {
    observer_->input({.tick = tick,
                      .number = input.number,
                      .domain = input.domain,
                      .key = &input.key,
                      .routine = input.routine,
                      .event = {},
                      .args = input.args,
                      .dead = dead_letters_.size() > dead});
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
    deliver(id, pool_.copy(routine, origin, input.args));
  });
  if (keep_.open)
    keep_.rest.inputs.push_back({InstanceId(), input.event, {RoutineIndex(), origin, input.args}});
  if (observer_ != nullptr) {
    observer_->input({.tick = tick,
                      .number = input.number,
                      .domain = {},
                      .key = &input.key,
                      .routine = {},
                      .event = input.event,
                      .args = input.args});
  }
  return true;
}

Origin Cell::origin_of(const InputImage& input) {
  return {OriginKind::kInput, InstanceId(), input.number, 0, 0, input.number};
}

}  // namespace lexum
