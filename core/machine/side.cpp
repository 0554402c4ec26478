#include "machine/side.h"

#include "value/change.h"

namespace lexum {
namespace {

constexpr size_t kFixedMax = 64;

// Canonical bytes have a long value's digest; here it stands whole.
void write_if_long(Pen& pen, const Value& value) {
  if (!is_long(value)) return;
  pen.lend([&](ByteWriter& out) { encode(out, value); });
}

void write_edit(Pen& pen, const Value& before, const Value& after) {
  ByteWriter edit;
  encode_change(edit, before, after);
  pen.text(as_text(edit.bytes()));
}

// One side of a change whose other one is known: whole if both are short, else as an edit.
void write_old_sides(Pen& pen, const CycleRecord& record, bool tells_apart) {
  for (const FieldChange& change : record.before) {
    const Value& after = record.fields[change.slot];
    if (!tells_apart) {
      write_value(pen, change.value);
      continue;
    }
    const bool as_edit = is_long(change.value) || is_long(after);
    pen.room(1);
    pen.byte(as_edit);
    if (as_edit) write_edit(pen, change.value, after);
    else write_value(pen, change.value);
  }
}

// What went wrong, and what the slice would have changed: there the field is the old side.
void write_fault(Pen& pen, const CycleRecord& record, bool tells_apart) {
  const Fault& fault = record.outbox->fault;
  pen.room(kFixedMax);
  pen.varint(fault.span.begin);
  pen.varint(fault.span.end - fault.span.begin);
  pen.text(fault.message);
  pen.room(kVarintMax);
  pen.varint(record.before.size());
  for (const FieldChange& rejected : record.before) {
    const Value& field = record.fields[rejected.slot];
    pen.room(kVarintMax + 1);
    pen.varint(rejected.slot);
    const bool as_edit = is_long(rejected.value) || is_long(field);
    if (tells_apart) pen.byte(as_edit);
    if (as_edit) write_edit(pen, field, rejected.value);
    else write_value(pen, rejected.value);
  }
}

void write_long_args(Pen& pen, const CycleRecord& record) {
  const Outbox& outbox = *record.outbox;
  for (const Emitted& emitted : outbox.emitted) {
    const auto args = std::span(outbox.args).subspan(emitted.first_arg, emitted.arg_count);
    for (const Value& arg : args) write_if_long(pen, arg);
  }
}

void write_logs(Pen& pen, const std::vector<std::string>& logs) {
  pen.room(kVarintMax);
  pen.varint(logs.size());
  for (const std::string& log : logs) pen.text(log);
}

void write_named(Pen& pen, Named instance) {
  pen.room(kVarintMax);
  pen.varint(instance.domain.value);
  write_key(pen, *instance.key);
}

void write_bare_event(Pen& pen) { pen.byte(static_cast<uint8_t>(SideKind::kEvent)); }

}  // namespace

void write_side_started(ByteWriter& out, Named instance) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(SideKind::kStarted));
  write_named(pen, instance);
}

void write_side_input(ByteWriter& out, const InputRecord& record) {
  Pen pen(out, kFixedMax);
  write_bare_event(pen);
  for (const Value& arg : record.args) write_if_long(pen, arg);
}

void write_side_outcome(ByteWriter& out, const OutcomeRecord& record) {
  Pen pen(out, kFixedMax);
  write_bare_event(pen);
  write_if_long(pen, *record.value);
}

void write_side_cycle(ByteWriter& out, const CycleRecord& record, Olds olds) {
  const Outbox& outbox = *record.outbox;
  const bool tells_apart = olds == Olds::kApart;
  const auto when = [](bool there, uint8_t bit) { return there ? bit : uint8_t{0}; };
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(
      static_cast<uint8_t>(SideKind::kEvent) | when(tells_apart, kTellsChangesApart) |
      when(!outbox.logs.empty(), kHasLogs) | when(record.dead != 0, kHasDead) |
      when(record.correlation != 0, kHasCorrelation) |
      when(olds == Olds::kLeftOut, kLeavesOldsOut)));
  if (!outbox.fault && olds != Olds::kLeftOut) write_old_sides(pen, record, tells_apart);
  write_long_args(pen, record);
  pen.room(record.flips.size() + kFixedMax);
  for (const GoalFlip& flip : record.flips) pen.byte(static_cast<uint8_t>(flip.from));
  if (outbox.fault) write_fault(pen, record, tells_apart);
  if (!outbox.logs.empty()) write_logs(pen, outbox.logs);
  pen.room(kFixedMax);
  if (record.dead != 0) pen.varint(record.dead);
  if (record.correlation != 0) pen.varint(record.correlation);
}

void write_side_hold(ByteWriter& out, const HoldRecord& record, Named instance, Named mailbox) {
  Pen pen(out, kFixedMax);
  pen.byte(static_cast<uint8_t>(static_cast<uint8_t>(SideKind::kHold) |
                                (mailbox.domain ? kHasMailbox : 0) |
                                static_cast<uint8_t>(record.kind) << kHoldKindShift));
  pen.varint(record.tick);
  write_named(pen, instance);
  if (mailbox.domain) write_named(pen, mailbox);
}

void write_side_rollback(ByteWriter& out) {
  Pen pen(out, 1);
  write_bare_event(pen);
}

}  // namespace lexum
