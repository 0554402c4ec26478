#include "runtime/canon.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lexum {
namespace {

// Of whatever has no text in it.
constexpr size_t kFixedMax = 64;

[[gnu::always_inline]] inline void write_values(Pen& pen, std::span<const Value> values) {
  for (const Value& value : values) write_value(pen, value);
}

void write_emissions(Pen& pen, const Outbox& outbox) {
  pen.room(kVarintMax);
  pen.varint(outbox.emitted.size());
  for (const Emitted& emitted : outbox.emitted) {
    pen.room(kVarintMax);
    pen.varint(emitted.site.value);
    write_key(pen, emitted.key);
    write_values(pen, std::span(outbox.args).subspan(emitted.first_arg, emitted.arg_count));
  }
}

void write_changes(Pen& pen, const CycleRecord& record) {
  pen.room(kVarintMax);
  pen.varint(record.before.size());
  for (const FieldChange& change : record.before) {
    pen.room(kVarintMax);
    pen.varint(change.slot);
    write_value(pen, record.fields[change.slot]);
  }
}

void write_flips(Pen& pen, std::span<const GoalFlip> flips) {
  pen.room(kVarintMax * (flips.size() + 1));
  pen.varint(flips.size());
  for (const GoalFlip& flip : flips) {
    pen.varint(uint64_t{flip.goal.value} << 2 | static_cast<uint64_t>(flip.to));
  }
}

// Why the cycle ran: which part of its work, and what brought it about. Requires kFixedMax.
void write_cause(Pen& pen, const CycleRecord& record) {
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

uint8_t parts_of(const CycleRecord& record) {
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
    write_key(pen, start->key);
    pen.room(kVarintMax);
    pen.varint(start->slot);
    write_value(pen, start->value);
  }
}

void CanonWriter::input(ByteWriter& out, const InputRecord& record) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(EventKind::kInput));
  pen.varint(record.tick - tick_);
  pen.varint(record.number);
  pen.byte(record.dead);
  if (record.domain) {
    pen.varint(record.domain.value + 1);
    write_key(pen, *record.key);
    pen.room(kVarintMax);
    pen.varint(record.routine.value);
  } else {
    pen.varint(0);
    pen.varint(record.event.value);
  }
  pen.room(kVarintMax);
  pen.varint(record.args.size());
  write_values(pen, record.args);
  tick_ = record.tick;
}

void CanonWriter::outcome(ByteWriter& out, const OutcomeRecord& record) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(EventKind::kOutcome));
  pen.varint(record.tick - tick_);
  pen.varint(record.domain.value);
  write_key(pen, *record.key);
  pen.room(2 * kVarintMax + 1);
  pen.varint(cycle_ - record.cause);
  pen.varint(record.index);
  pen.byte(static_cast<uint8_t>(int{record.failed} | int{record.dead} << 1));
  write_value(pen, *record.value);
  tick_ = record.tick;
}

void CanonWriter::cycle(ByteWriter& out, const CycleRecord& record) {
  LEXUM_CHECK(record.cycle == cycle_ + 1);
  Pen pen(out, 2 * kFixedMax);
  const bool tick_moved = record.tick != tick_;
  pen.byte(static_cast<uint8_t>(static_cast<uint8_t>(EventKind::kCycle) |
                                static_cast<uint8_t>(record.work) << kEventKindBits |
                                (tick_moved ? kTickMoved : 0)));
  if (tick_moved) pen.varint(record.tick - tick_);
  pen.varint(record.domain.value);
  write_key(pen, *record.key);
  pen.room(kFixedMax);
  pen.varint(record.routine.value);
  write_cause(pen, record);
  const uint8_t mask = parts_of(record);
  pen.byte(mask);
  if ((mask & kHasChanges) != 0) write_changes(pen, record);
  if ((mask & kHasEmissions) != 0) write_emissions(pen, *record.outbox);
  if ((mask & kHasFlips) != 0) write_flips(pen, record.flips);
  if ((mask & kHasFault) != 0) pen.text(info(record.outbox->fault.code).id);
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
