// How a value became another: an edit (set, insert, remove, splice, with its old side) instead of
// two whole values. It costs O(edits · log n), since whatever the two trees share is skipped
// unseen. Both directions apply: forward turns before into after, backward after into before.
// Bytes: BYTES.md.
#pragma once

#include "base/bytes.h"
#include "value/value.h"

namespace lexum {

// Self-describing bytes of a whole value. Requires value.depth() <= kDepthMax.
void encode(ByteWriter& out, const Value& value);
// Null and a spoilt reader if the bytes are no value, `depth` of which lie around it already.
// Never allocates more than a small multiple of what is left to read; nests at most kDepthMax deep.
Value decode(ByteReader& in, uint32_t depth = 0);

// A value that weighs at most so much and has at most so many elements and members in all (empty
// texts weigh nothing) is "short": it stands whole wherever it is written. A longer one is written
// by its digest in run-hash bytes, and as a change in traces.
inline constexpr uint64_t kShortWeightMax = 64;
inline constexpr uint64_t kShortPartsMax = 64;
inline bool is_short(const Value& value) {
  return value.node() == nullptr ||
         (value.weight() <= kShortWeightMax && value.parts() <= kShortPartsMax);
}

// The bytes that run_hash is fed with: a short value as encode() has it, a longer one as kind, size
// and digest.
void encode_canonical(ByteWriter& out, const Value& value);

// The bytes of a change; read by apply_change().
void encode_change(ByteWriter& out, const Value& before, const Value& after);

enum class Direction { kForward, kBackward };
// Reads one change and applies it. Spoils the reader (and returns `value`) if bytes make no sense
// or do not fit `value`, whose side of the change they hold.
Value apply_change(ByteReader& in, const Value& value, Direction direction);

}  // namespace lexum
