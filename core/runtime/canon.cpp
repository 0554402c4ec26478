#include "runtime/canon.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lexum {
namespace {

// Of an event's fixed part, whatever it is: a few varints and a key.
constexpr size_t kFixedMax = 10 * kVarintMax + kSmallValueMax;
// Of one change, argument or flip, or of one emission without its arguments.
constexpr size_t kPieceMax = kVarintMax + kSmallValueMax;

[[gnu::always_inline]] inline void write_values(Pen& pen, std::span<const Value> values,
                                                size_t after) {
  for (const Value& value : values) put_value(pen, value, after);
}

// In the next three, `most` is what the whole event takes at the most, but for values with nodes.

[[gnu::always_inline]] inline void write_emissions(Pen& pen, const Outbox& outbox, size_t most) {
  pen.varint(outbox.emitted.size());
  const Value* arg = outbox.args.data();
  for (const Emitted& emitted : outbox.emitted) {
    pen.varint(emitted.site.value);
    put_key(pen, emitted.key, most);
    write_values(pen, {arg, emitted.arg_count}, most);
    arg += emitted.arg_count;
  }
}

[[gnu::always_inline]] inline void write_changes(Pen& pen, const CycleRecord& record, size_t most) {
  pen.varint(record.before.size());
  for (const FieldChange& change : record.before) {
    pen.varint(change.slot);
    put_value(pen, record.fields[change.slot], most);
  }
}

[[gnu::always_inline]] inline void write_flips(Pen& pen, std::span<const GoalFlip> flips) {
  pen.varint(flips.size());
  for (const GoalFlip& flip : flips) {
    pen.varint(uint64_t{flip.goal.value} << 2 | static_cast<uint64_t>(flip.to));
  }
}

// Why the cycle ran: which part of its work, and what brought it about.
[[gnu::always_inline]] inline void write_cause(Pen& pen, const CycleRecord& record) {
  switch (record.work) {
    case WorkKind::kBoot:
      return;
    case WorkKind::kSlice:
      return pen.varint(record.slice);
    case WorkKind::kGoal:
    case WorkKind::kElse:
      return pen.varint(record.goal.value);
    case WorkKind::kMessage: {
      const Origin& origin = *record.origin;
      pen.varint(uint64_t{origin.index} << 2 | static_cast<uint64_t>(origin.kind));
      pen.varint(origin.kind == OriginKind::kInput ? origin.number : record.cycle - origin.cause);
    }
  }
}

// What a cycle has, as its mask says it.
[[gnu::always_inline]] inline uint8_t parts_of(const CycleRecord& record) {
  const Outbox& outbox = *record.outbox;
  const auto when = [](bool there, uint8_t bit) { return there ? bit : uint8_t{0}; };
  if (outbox.fault) {
    return static_cast<uint8_t>(kHasFault | when(record.faulted, kMadeFaulted) |
                                when(!record.flips.empty(), kHasFlips));
  }
  return static_cast<uint8_t>(
      when(!record.before.empty(), kHasChanges) | when(!outbox.emitted.empty(), kHasEmissions) |
      when(!record.flips.empty(), kHasFlips) | when(outbox.retire, kRetires));
}

// One for each field that is named, in order of domain, key and slot: however the author of the run
// put it, the same start is the same bytes.
std::vector<const StartValue*> in_order(std::span<const StartValue> start_values) {
  const auto compare_keys = [](const Value& a, const Value& b) {
    return a.is_null() || b.is_null() ? int{b.is_null()} - int{a.is_null()} : Value::compare(a, b);
  };
  const auto before = [&](const StartValue* a, const StartValue* b) {
    if (a->domain != b->domain) return a->domain < b->domain;
    if (const int order = compare_keys(a->key, b->key); order != 0) return order < 0;
    return a->slot < b->slot;
  };
  std::vector<const StartValue*> sorted;
  for (const StartValue& start : start_values) sorted.push_back(&start);
  std::stable_sort(sorted.begin(), sorted.end(), before);
  std::vector<const StartValue*> last;
  for (const StartValue* start : sorted) {
    if (!last.empty() && !before(last.back(), start)) last.pop_back();
    last.push_back(start);
  }
  return last;
}

}  // namespace

void canonical_prologue(ByteWriter& out, const Program& program,
                        std::span<const StartValue> start_values) {
  Pen pen(out, kFixedMax);
  pen.text("lexum run 1");
  pen.text(program.source.text());
  const std::vector<const StartValue*> starts = in_order(start_values);
  pen.room(kVarintMax);
  pen.varint(starts.size());
  for (const StartValue* start : starts) {
    pen.room(kFixedMax);
    pen.varint(start->domain.value);
    put_key(pen, start->key, kFixedMax);
    pen.varint(start->slot);
    put_value(pen, start->value, 0);
  }
}

void canonical_fork(ByteWriter& out, const World& world) {
  const Sum128 state = world.state_hash();
  Pen pen(out, kFixedMax + 3 * kVarintMax);
  pen.text("fork");
  pen.varint(world.tick_now());
  pen.varint(world.cycle());
  pen.varint(world.messages());
  pen.room(2 * kVarintMax);
  pen.varint(state.a);
  pen.varint(state.b);
}

void canonical_epoch(ByteWriter& out, const World& world, uint64_t tick) {
  const Sum128 state = world.state_hash();
  Pen pen(out, kFixedMax + 3 * kVarintMax);
  pen.text("epoch");
  pen.text(world.program().source.text());
  pen.room(kFixedMax);
  pen.varint(tick);
  pen.varint(world.cycle());
  pen.varint(state.a);
  pen.varint(state.b);
}

void CanonWriter::input(ByteWriter& out, const InputRecord& record) {
  const size_t most = kFixedMax + kPieceMax * record.args.size();
  Pen pen(out, most);
  pen.byte(static_cast<uint8_t>(EventKind::kInput));
  pen.varint(record.tick - tick_);
  pen.varint(record.number);
  pen.byte(static_cast<uint8_t>(int{record.dead} | static_cast<int>(record.kind) << 1));
  if (record.domain) {
    pen.varint(record.domain.value + 1);
    put_key(pen, *record.key, most);
    pen.varint(record.routine ? record.routine.value : 0);
  } else {
    pen.varint(0);
    pen.varint(record.event ? record.event.value : 0);
  }
  pen.varint(record.args.size());
  write_values(pen, record.args, most);
  tick_ = record.tick;
}

void CanonWriter::outcome(ByteWriter& out, const OutcomeRecord& record) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(EventKind::kOutcome));
  pen.varint(record.tick - tick_);
  pen.varint(record.domain.value);
  put_key(pen, *record.key, kFixedMax);
  pen.varint(cycle_ - record.cause);
  pen.varint(record.index);
  const auto when = [](bool is, uint8_t bit) { return is ? bit : uint8_t{0}; };
  pen.byte(static_cast<uint8_t>(
      when(record.failed, kOutcomeFailed) | when(record.dead, kOutcomeDead) |
      when(record.unheard, kOutcomeUnheard) | when(record.number != 0, kOutcomeNumbered)));
  if (record.number != 0) pen.varint(record.number);
  put_value(pen, *record.value, 0);
  tick_ = record.tick;
}

uint8_t cycle_mask(const CycleRecord& record) { return parts_of(record); }

void CanonWriter::cycle(ByteWriter& out, const CycleRecord& record) {
  LEXUM_CHECK(record.cycle == cycle_ + 1);
  const Outbox& outbox = *record.outbox;
  const size_t most = kFixedMax + kPieceMax * (record.before.size() + outbox.emitted.size() +
                                               outbox.args.size() + record.flips.size());
  Pen pen(out, most);
  const bool tick_moved = record.tick != tick_;
  pen.byte(static_cast<uint8_t>(static_cast<uint8_t>(EventKind::kCycle) |
                                static_cast<uint8_t>(record.work) << kEventKindBits |
                                (tick_moved ? kTickMoved : 0)));
  if (tick_moved) pen.varint(record.tick - tick_);
  pen.varint(record.domain.value);
  put_key(pen, *record.key, most);
  pen.varint(record.routine.value);
  write_cause(pen, record);
  const uint8_t mask = parts_of(record);
  pen.byte(mask);
  if ((mask & kHasChanges) != 0) write_changes(pen, record, most);
  if ((mask & kHasEmissions) != 0) write_emissions(pen, outbox, most);
  if ((mask & kHasFlips) != 0) write_flips(pen, record.flips);
  if ((mask & kHasFault) != 0) pen.text(info(outbox.fault.code).id);
  tick_ = record.tick;
  cycle_ = record.cycle;
}

void CanonWriter::rollback(ByteWriter& out, const RollbackRecord& record) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(EventKind::kRollback));
  pen.varint(record.cycle - record.to_cycle);
  pen.byte(record.only_slice);
}

}  // namespace lexum
