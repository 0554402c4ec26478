// Where the events of a chunk stand: in two streams as they are made, in many columns as they are
// kept. Event_walk.h goes from one to the other, with a codec for the direction.
//
// A codec has, for a Stream and a Column:
//   more()                     is there another entry?
//   byte, number(…, likely)    a byte or a varint
//   near(…, likely, base)      a varint; where it is not `likely` it is close to `base`
//   near_int(…, likely, base)  the same of a signed one
//   text(…, likely, base)      length and bytes, as the text's number in the chunk (from 1); a new
//                              one may end as the text of number `base` does (0: there is none)
//   side_head(…, likely)       the first byte of an entry
//   again(begin, size)         whether the side stream has the same bytes here as the canonical one
//                              has there: then they are passed over. No size: they stand nowhere
//   blob                       length and bytes that come once
//   raw(…, size)               bytes of a known number
//   written()                  how many canonical bytes lie behind
//   side_written()             how many side bytes, those that are left out counted
//   cycle_at(canonical, side, ticks)
//                              the entry of a cycle begins there, so many ticks after the chunk did
//   notes()                    who is told of what happens, for an index of it; or null
//   view(text)                 the text of that number
//   good(), spoil()            as a ByteReader has them
#pragma once

#include <cstddef>
#include <cstdint>

namespace lexum {

enum class Stream : uint8_t { kCanonical, kSide };

// What stands together because it is alike. Appending a column, or changing what goes into one, is
// a new version of the format. An int takes three: how many bytes it has, the lowest, the others.
enum class Column : uint8_t {
  kRuns,   // how many guesses were right before the next wrong one
  kShape,  // heads, masks, counts, slots, tags, sites, flips
  kTicks,
  kRare,  // numbers that few events have
  kKeys,
  kKeyLows_,
  kKeyRests_,
  kCauses,
  kCauseLows_,
  kCauseRests_,
  kReceivers,
  kReceiverLows_,
  kReceiverRests_,
  kNowInts,
  kNowLows_,
  kNowRests_,
  kOldInts,
  kOldLows_,
  kOldRests_,
  kArgInts,
  kArgLows_,
  kArgRests_,
  kOtherInts,
  kOtherLows_,
  kOtherRests_,
  kKeyTexts,
  kNowTexts,
  kOldTexts,
  kArgTexts,
  kOtherTexts,
  kTexts,  // each text once, where it first comes
  kBlobs,
  kDigests,
  kCount_,
};
inline constexpr size_t kColumnCount = static_cast<size_t>(Column::kCount_);

constexpr size_t index_of(Column column) { return static_cast<size_t>(column); }
// The columns of an int: how many bytes it has, the lowest one, the others.
constexpr Column lows(Column ints) { return static_cast<Column>(index_of(ints) + 1); }
constexpr Column rests(Column ints) { return static_cast<Column>(index_of(ints) + 2); }

// What stands for a text; from there on, its number more than that.
inline constexpr uint64_t kNewText = 0;  // it comes next in kTexts
inline constexpr uint64_t kNewTextEnds =
    1;  // what comes next there, and the text that was received

}  // namespace lexum
