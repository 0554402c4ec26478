#include "machine/intake.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {

void Intake::know(const InputImage& input, uint64_t record) {
  records_.note(input.number, record);
  numbered_ = input.number;
  last_asked_ = std::max(last_asked_, input.tick);
}

uint64_t Intake::add(const InputImage& input) {
  bytes_.clear();
  write_input(bytes_, input);
  return journal_.add(static_cast<uint8_t>(record_of(input)), bytes_.bytes());
}

void Intake::begin(Machine& machine) {
  machine_ = &machine;
  numbered_ = std::max(numbered_, machine.world().inputs_numbered());
}

uint64_t Intake::in_world() const {
  return on_the_way_.empty() ? numbered_ : on_the_way_.front().inputs.front().number - 1;
}

Status Intake::accept(std::vector<InputImage> inputs) {
  if (Status noted = note(inputs); !noted) return noted;
  for (InputImage& input : inputs) machine_->add_input(std::move(input));
  return Done{};
}

// What its bytes are is found out where they may be too many.
Status Intake::fit(const std::vector<InputImage>& inputs) {
  for (const InputImage& input : inputs) {
    uint64_t most = 0;
    for (const Value& arg : input.args) most += 2 * arg.weight() + 12 * arg.parts();
    if (most <= kJournalRecordMax / 2) continue;
    ByteWriter bytes;
    write_input(bytes, input);
    if (bytes.size() <= kJournalRecordMax) continue;
    return Error{.code = ErrorCode::kFull,
                 .what = fmt::format("an input has {} MiB, and the journal takes {} at once; send "
                                     "it in pieces",
                                     bytes.size() >> 20, kJournalRecordMax >> 20)};
  }
  return Done{};
}

Status Intake::note(std::vector<InputImage>& inputs) {
  if (Status fits = fit(inputs); !fits) return fits;
  if (Status arrived = let_arrive(); !arrived) return arrived;
  number(inputs, machine_->next_tick());
  return journal_.make_all_durable();
}

Status Intake::begin_to_accept(std::vector<InputImage> inputs) {
  if (inputs.empty()) return Done{};
  if (Status fits = fit(inputs); !fits) return fits;
  // The world must not jump over a tick that is still on the way: so what is in it is to be due
  // before that.
  const uint64_t next = machine_->next_tick();
  const bool is_later = last_asked_ > next || std::ranges::any_of(inputs, [&](const InputImage& i) {
                          return i.tick > next;
                        });
  if (is_later) return accept(std::move(inputs));
  const bool waits = machine_->world().at_rest() && on_the_way_.empty();
  const uint64_t tick = waits ? next : std::max(next + ticks_ahead_, last_given_ + 1);
  const Numbered as = number(inputs, tick);
  last_given_ = as.tick;
  on_the_way_.push_back({std::move(inputs), as});
  journal_.begin_durable();
  return Done{};
}

Result<std::optional<Outcome>> Intake::tick() {
  if (!on_the_way_.empty()) {
    if (Status arrived = look_at_journal(); !arrived) return arrived.error();
  }
  Result<std::optional<Outcome>> ended = machine_->tick();
  if (!ended || !*ended || on_the_way_.empty() || machine_->world().halted()) return ended;
  // There is nothing to do but wait, and then it goes on.
  if (Status arrived = let_arrive_one(); !arrived) return arrived.error();
  return std::optional<Outcome>();
}

uint64_t Intake::first_record() const {
  uint64_t first = on_the_way_.empty() ? journal_.last() + 1 : on_the_way_.front().as.first_record;
  // The world has not come again to a tick that somebody knows, so that stands only there.
  if (reached_ > machine_->world().tick_now()) first = std::min(first, reached_record_.load());
  return first;
}

Status Intake::show(uint64_t tick) {
  if (tick <= reached_.load()) return Done{};
  ByteWriter bytes;
  bytes.varint(tick);
  const uint64_t record = journal_.add(static_cast<uint8_t>(DataRecord::kReached), bytes.bytes());
  if (Status durable = journal_.make_durable(record); !durable) return durable;
  reached_record_ = record;
  for (uint64_t was = reached_.load(); was < tick;) {
    if (reached_.compare_exchange_weak(was, tick)) break;
  }
  return Done{};
}

Intake::Numbered Intake::number(std::vector<InputImage>& inputs, uint64_t tick) {
  tick = std::max(tick, reached_.load() + 1);
  const uint64_t before = numbered_;
  for (InputImage& input : inputs) {
    if (input.tick > tick) last_asked_ = std::max(last_asked_, input.tick);
    input.number = ++numbered_;
    input.tick = std::max(input.tick, tick);
    bytes_.clear();
    write_input(bytes_, input);
    together_.add(static_cast<uint8_t>(record_of(input)), bytes_.bytes());
  }
  const uint64_t first = journal_.add(together_);
  for (size_t i = 0; i < inputs.size(); ++i) records_.note(before + 1 + i, first + i);
  return {.tick = tick, .first_record = first, .last_record = first + inputs.size() - 1};
}

// What is durable goes into the world, and what is to arrive with the next tick is waited for. How
// far ahead of the world's tick the next ones are to be follows from that: so much as it runs while
// the disk is busy.
Status Intake::look_at_journal() {
  const OnTheWay& front = on_the_way_.front();
  const uint64_t next = machine_->next_tick();
  const bool is_durable = journal_.durable() >= front.as.last_record;
  if (!is_durable && next < front.as.tick) return Done{};
  if (!is_durable) ticks_ahead_ = std::min(2 * ticks_ahead_, kTicksAheadMax);
  else if (next + ticks_ahead_ / 2 < front.as.tick)
    ticks_ahead_ = std::max(ticks_ahead_ / 2, kTicksAheadMin);
  return let_arrive_one();
}

Status Intake::let_arrive_one() {
  OnTheWay& front = on_the_way_.front();
  if (Status durable = journal_.make_durable(front.as.last_record); !durable) return durable;
  for (InputImage& input : front.inputs) machine_->add_input(std::move(input));
  on_the_way_.pop_front();
  return Done{};
}

Status Intake::let_arrive() {
  while (!on_the_way_.empty()) {
    if (Status arrived = let_arrive_one(); !arrived) return arrived;
  }
  return Done{};
}

}  // namespace lexum
