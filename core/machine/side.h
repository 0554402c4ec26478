// The side bytes of a run: what a trace keeps of an event besides its canonical bytes, and what is
// no event of the run at all. SIDE.md has the layout. An entry stands here for every canonical
// event, in the same order; between them stand entries of their own: instances that start, and what
// was held back.
//
// Nothing here goes into run_hash: old values follow from earlier ones, and the rest is only there
// to be read.
#pragma once

#include <cstdint>

#include "base/pen.h"
#include "runtime/canon.h"

namespace lexum {

// The low two bits of an entry's first byte.
enum class SideKind : uint8_t { kEvent, kStarted, kHold };
inline constexpr uint8_t kSideKindMask = 3;

// The others, of a cycle's entry: what it has besides what its canonical bytes promise.
inline constexpr uint8_t kTellsChangesApart =
    4;  // each old side has a byte before it: 1 for an edit
inline constexpr uint8_t kHasLogs = 8;
inline constexpr uint8_t kHasDead = 16;
inline constexpr uint8_t kHasCorrelation = 32;
inline constexpr uint8_t kLeavesOldsOut = 64;  // what the fields were stands earlier in the batch
// Of a hold: kind << kHoldKindShift, and whether the mailbox is named.
inline constexpr uint8_t kHasMailbox = 4;
inline constexpr unsigned kHoldKindShift = 3;

// An instance, by what it is called; no domain: none.
struct Named {
  DomainId domain;
  const Value* key = nullptr;
};

void write_side_started(ByteWriter& out, Named instance);
void write_side_input(ByteWriter& out, const InputRecord& record);
void write_side_outcome(ByteWriter& out, const OutcomeRecord& record);
// How a cycle's entry has the old sides of its changes.
enum class Olds : uint8_t {
  kPlain,    // as values; no side of a change is long
  kApart,    // each with a byte before it that tells a value from an edit
  kLeftOut,  // not at all; only with no fault, and where no side is long
};
void write_side_cycle(ByteWriter& out, const CycleRecord& record, Olds olds);
void write_side_hold(ByteWriter& out, const HoldRecord& record, Named instance, Named mailbox);
void write_side_rollback(ByteWriter& out);

}  // namespace lexum
