// The canonical bytes of a run: what run_hash is fed with, and what a trace keeps of the present
// side of every event. RUN_HASH.md has the layout. Everything here is a function of the program and
// its inputs alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/pen.h"
#include "runtime/record.h"
#include "runtime/world.h"
#include "value/change.h"
#include "value/tags.h"

namespace lexum {

// The low three bits of an event's first byte. A cycle has its WorkKind in the next three and
// kTickMoved where a distance of ticks follows.
enum class EventKind : uint8_t { kInput = 1, kOutcome, kCycle, kRollback };
inline constexpr unsigned kEventKindBits = 3;
inline constexpr uint8_t kEventKindMask = (1 << kEventKindBits) - 1;
inline constexpr uint8_t kTickMoved = 1 << 6;

// What else a cycle has, in this order.
inline constexpr uint8_t kHasChanges = 1;
inline constexpr uint8_t kHasEmissions = 2;
inline constexpr uint8_t kHasFlips = 4;
inline constexpr uint8_t kHasFault = 8;
inline constexpr uint8_t kMadeFaulted = 16;  // nothing follows for these two
inline constexpr uint8_t kRetires = 32;
inline constexpr uint8_t kCycleMaskBits = 63;
// Of the outcome of an effect.
inline constexpr uint8_t kOutcomeFailed = 1;
inline constexpr uint8_t kOutcomeDead = 2;
inline constexpr uint8_t kOutcomeUnheard = 4;
inline constexpr uint8_t kOutcomeNumbered = 8;
uint8_t cycle_mask(const CycleRecord& record);

// One that canonical bytes have only the digest of.
inline bool is_long(const Value& value) { return !is_short(value); }
// What a value without a node takes at the most.
inline constexpr size_t kSmallValueMax = 16;
static_assert(kSmallValueMax >= 1 + kVarintMax);
// What encode_canonical() gives (value/BYTES.md), and quickly where the value has no node. Requires
// room for kSmallValueMax; whatever it takes, there is room for `after` then. Inlined wherever it
// is called: a Pen whose address nobody has stays in registers.
[[gnu::always_inline]] inline void put_value(Pen& pen, const Value& value, size_t after) {
  switch (value.kind()) {
    case Kind::kNull:
      return pen.byte(kNullTag);
    case Kind::kBool:
      return pen.byte(value.as_bool() ? kTrueTag : kFalseTag);
    case Kind::kInt:
      pen.byte(kIntTag);
      return pen.signed_varint(value.as_int());
    default:
      pen.lend([&](ByteWriter& out) { encode_canonical(out, value); }, after);
  }
}
// The key of an instance: nothing, a signed varint, or length and bytes. Otherwise as put_value().
[[gnu::always_inline]] inline void put_key(Pen& pen, const Value& key, size_t after) {
  if (key.is_null()) return;
  if (key.kind() == Kind::kInt) return pen.signed_varint(key.as_int());
  const auto text = [&](ByteWriter& out) {
    std::string scratch;
    out.text(key.text(scratch));
  };
  pen.lend(text, after);
}
// The same, requiring no room and leaving none.
inline void write_value(Pen& pen, const Value& value) {
  pen.room(kSmallValueMax);
  put_value(pen, value, 0);
}
inline void write_key(Pen& pen, const Value& key) {
  pen.room(kSmallValueMax);
  put_key(pen, key, 0);
}

// What the bytes of every run begin with: the program and the start values, of which the last one
// for a field counts.
void canonical_prologue(ByteWriter& out, const Program& program,
                        std::span<const StartValue> start_values);

// What follows the prologue in a run that is a fork: where it begins.
void canonical_fork(ByteWriter& out, const World& world);

// What stands where a run goes on with another program, from that tick on: `world` is of that one.
void canonical_epoch(ByteWriter& out, const World& world, uint64_t tick);

// Writes events one after the other. It remembers where the last one stood, so that ticks are
// distances and cycles need no number at all.
class CanonWriter {
 public:
  void input(ByteWriter& out, const InputRecord& record);
  void outcome(ByteWriter& out, const OutcomeRecord& record);
  // Requires the cycle after the last one.
  void cycle(ByteWriter& out, const CycleRecord& record);
  void rollback(ByteWriter& out, const RollbackRecord& record);

  // Of the last event.
  [[nodiscard]] uint64_t tick() const { return tick_; }
  [[nodiscard]] uint64_t cycle() const { return cycle_; }
  // Goes on in the middle of a run.
  void stand_at(uint64_t tick, uint64_t cycle) {
    tick_ = tick;
    cycle_ = cycle;
  }

 private:
  uint64_t tick_ = 0;
  uint64_t cycle_ = 0;
};

}  // namespace lexum
