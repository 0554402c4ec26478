// The layout of the events of a chunk, said once. EventWalk goes through them piece by piece and
// asks a codec for each piece, naming the stream it stands in and the column it belongs to; what
// comes back decides what comes next. One codec turns streams into columns, the other one columns
// into streams, so the two cannot disagree.
//
// A codec has, for a Stream and a Column:
//   more()                 is there another entry?
//   byte, number           as they are; `number` is a varint
//   near(…, last)          a varint that is close to `last`, which becomes it
//   near_int(…, last)      the same of a signed one
//   text                   length and bytes, likely to come again
//   blob                   length and bytes, not so
//   raw(…, size)           bytes of a known number
//   good(), spoil()        as a ByteReader has them
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "check/program.h"
#include "machine/side.h"
#include "value/tags.h"
#include "value/value.h"

namespace lexum {

enum class Stream : uint8_t { kCanonical, kSide };

// What stands together because it is alike. Appending a column, or changing what goes into one, is
// a new version of the format.
enum class Column : uint8_t {
  kSideHeads,
  kEventHeads,
  kTicks,
  kDomains,
  kKeys,
  kKeyTexts,
  kRoutines,
  kParts,  // of the work: which slice, which goal
  kOrigins,
  kCauses,
  kMasks,
  kCounts,
  kSlots,
  kSites,
  kReceivers,
  kFlips,
  kFlipSides,
  kSends,
  kCorrelations,
  kRare,  // numbers that few events have
  kRareTexts,
  kTexts,  // each text once, where it first comes
  kBlobs,
  kDigests,
  // Values, by what they are: a tag, the ints, the texts.
  kNowTags,
  kNowInts,
  kNowTexts,
  kOldTags,
  kOldInts,
  kOldTexts,
  kArgTags,
  kArgInts,
  kArgTexts,
  kOtherTags,
  kOtherInts,
  kOtherTexts,
  kCount_,
};
inline constexpr size_t kColumnCount = static_cast<size_t>(Column::kCount_);

template <class Codec>
class EventWalk {
 public:
  // Both outlive it.
  EventWalk(const Program& program, Codec& codec) : program_(program), c_(codec) {
    for (const Domain& domain : program.domains) {
      first_slot_.push_back(slot_count_);
      slot_count_ += domain.fields.size();
    }
    for (const Emission& site : program.emissions) {
      first_arg_.push_back(arg_count_);
      arg_count_ += site.names.size();
    }
  }

  // Through a whole chunk. False if its bytes are no events of this program.
  bool walk() {
    forget();
    while (c_.good() && c_.more()) entry();
    return c_.good();
  }

 private:
  enum class Role : uint8_t { kNow, kOld, kArg, kOther };
  static constexpr Stream kCanonical = Stream::kCanonical;
  static constexpr Stream kSide = Stream::kSide;

  // A chunk can be read without the one before it.
  void forget() {
    keys_.assign(program_.domains.size(), 0);
    sends_.assign(program_.domains.size(), 0);
    fields_.assign(slot_count_, 0);
    receivers_.assign(program_.emissions.size(), 0);
    args_.assign(arg_count_, 0);
    input_ = correlation_ = hold_tick_ = 0;
    other_ = 0;
  }

  void entry() {
    const uint8_t head = c_.byte(kSide, Column::kSideHeads);
    switch (static_cast<SideKind>(head & kSideKindMask)) {
      case SideKind::kEvent:
        return event(head);
      case SideKind::kStarted:
        named();
        return;
      case SideKind::kHold:
        c_.near(kSide, Column::kRare, hold_tick_);
        named();
        if ((head & kHasMailbox) != 0) named();
        return;
    }
    c_.spoil();
  }

  void event(uint8_t side_head) {
    const uint8_t head = c_.byte(kCanonical, Column::kEventHeads);
    switch (static_cast<EventKind>(head & kEventKindMask)) {
      case EventKind::kInput:
        return input();
      case EventKind::kOutcome:
        return outcome();
      case EventKind::kCycle:
        return cycle(head, side_head);
      case EventKind::kRollback:
        c_.number(kCanonical, Column::kRare);
        c_.byte(kCanonical, Column::kRare);
        return;
    }
    c_.spoil();
  }

  // ---- what many events have

  // Null, and spoilt, if there is none of this number.
  const Domain* domain_of(uint64_t number) {
    if (number < program_.domains.size()) return &program_.domains[number];
    c_.spoil();
    return nullptr;
  }

  void key(Stream stream, const Domain& domain, Column ints, int64_t& last) {
    if (!domain.keyed) return;
    if (program_.types[domain.key_type].kind == TypeKind::kInt) c_.near_int(stream, ints, last);
    else c_.text(stream, Column::kKeyTexts);
  }

  void named() {
    const uint64_t number = c_.number(kSide, Column::kRare);
    if (const Domain* domain = domain_of(number)) {
      key(kSide, *domain, Column::kRare, keys_[number]);
    }
  }

  static Column column(Role role, unsigned which) {
    return static_cast<Column>(static_cast<unsigned>(Column::kNowTags) +
                               3 * static_cast<unsigned>(role) + which);
  }

  // `last` is the int that this one is likely to be close to. Gives the tag.
  uint8_t value(Stream stream, Role role, int64_t& last, uint32_t depth = 0) {
    const uint8_t tag = c_.byte(stream, column(role, 0));
    switch (tag) {
      case kNullTag:
      case kFalseTag:
      case kTrueTag:
        break;
      case kIntTag:
        c_.near_int(stream, column(role, 1), last);
        break;
      case kTextTag:
        c_.text(stream, column(role, 2));
        break;
      case kListTag:
        values(stream, role, c_.number(stream, Column::kCounts), last, depth);
        break;
      case kMapTag: {
        const uint64_t entries = c_.number(stream, Column::kCounts);
        if (entries > UINT64_MAX / 2) c_.spoil();
        values(stream, role, 2 * entries, last, depth);
        break;
      }
      case kRecordTag:
        c_.number(stream, Column::kCounts);
        values(stream, role, c_.number(stream, Column::kCounts), last, depth);
        break;
      case kDigestTag:
        c_.byte(stream, Column::kCounts);
        c_.number(stream, Column::kRare);
        c_.raw(stream, Column::kDigests, sizeof(Sum128));
        break;
      default:
        c_.spoil();
    }
    return tag;
  }

  void values(Stream stream, Role role, uint64_t count, int64_t& last, uint32_t depth) {
    if (depth == kDepthMax) c_.spoil();
    for (; count > 0 && c_.good(); --count) value(stream, role, last, depth + 1);
  }

  // What canonical bytes had only the digest of.
  void wholes(uint64_t count) {
    for (; count > 0 && c_.good(); --count) value(kSide, Role::kOther, other_);
  }

  // ---- what happened

  void input() {
    c_.number(kCanonical, Column::kTicks);
    c_.near(kCanonical, Column::kRare, input_);
    c_.byte(kCanonical, Column::kRare);
    const uint64_t number = c_.number(kCanonical, Column::kRare);
    if (number != 0) {
      const Domain* domain = domain_of(number - 1);
      if (domain == nullptr) return;
      key(kCanonical, *domain, Column::kKeys, keys_[number - 1]);
    }
    c_.number(kCanonical, Column::kRare);  // the routine, or the event
    uint64_t longs = 0;
    for (uint64_t args = c_.number(kCanonical, Column::kRare); args > 0 && c_.good(); --args) {
      longs += value(kCanonical, Role::kOther, other_) == kDigestTag;
    }
    wholes(longs);
  }

  void outcome() {
    c_.number(kCanonical, Column::kTicks);
    const uint64_t number = c_.number(kCanonical, Column::kDomains);
    const Domain* domain = domain_of(number);
    if (domain == nullptr) return;
    key(kCanonical, *domain, Column::kKeys, keys_[number]);
    c_.number(kCanonical, Column::kCauses);
    c_.number(kCanonical, Column::kOrigins);
    c_.byte(kCanonical, Column::kMasks);
    wholes(value(kCanonical, Role::kOther, other_) == kDigestTag);
  }

  void cycle(uint8_t head, uint8_t side_head) {
    if ((head & kTickMoved) != 0) c_.number(kCanonical, Column::kTicks);
    const uint64_t number = c_.number(kCanonical, Column::kDomains);
    const Domain* domain = domain_of(number);
    if (domain == nullptr) return;
    key(kCanonical, *domain, Column::kKeys, keys_[number]);
    c_.number(kCanonical, Column::kRoutines);
    cause(static_cast<WorkKind>((head >> kEventKindBits) & 7));
    const uint8_t mask = c_.byte(kCanonical, Column::kMasks);
    // In the canonical stream …
    if ((mask & kHasChanges) != 0) changes(number);
    const uint64_t longs = (mask & kHasEmissions) != 0 ? emissions() : 0;
    uint64_t flips = (mask & kHasFlips) != 0 ? c_.number(kCanonical, Column::kCounts) : 0;
    for (uint64_t i = 0; i < flips && c_.good(); ++i) c_.number(kCanonical, Column::kFlips);
    if ((mask & kHasFault) != 0) c_.text(kCanonical, Column::kRareTexts);
    // … and beside it.
    const bool apart = (side_head & kTellsChangesApart) != 0;
    if ((mask & kHasChanges) != 0) old_sides(apart);
    if ((mask & kHasEmissions) != 0) {
      c_.near(kSide, Column::kSends, sends_[number]);
      wholes(longs);
    }
    for (; flips > 0 && c_.good(); --flips) c_.byte(kSide, Column::kFlipSides);
    if ((mask & kHasFault) != 0) fault(apart);
    if ((side_head & kHasLogs) != 0) logs();
    if ((side_head & kHasDead) != 0) c_.number(kSide, Column::kRare);
    if ((side_head & kHasCorrelation) != 0) {
      c_.near(kSide, Column::kCorrelations, correlation_);
    }
  }

  void cause(WorkKind work) {
    switch (work) {
      case WorkKind::kBoot:
        return;
      case WorkKind::kGoal:
      case WorkKind::kElse:
      case WorkKind::kSlice:
        c_.number(kCanonical, Column::kParts);
        return;
      case WorkKind::kMessage:
        c_.number(kCanonical, Column::kOrigins);
        c_.number(kCanonical, Column::kCauses);
        return;
    }
    c_.spoil();
  }

  void changes(uint64_t domain) {
    now_.clear();
    uint64_t count = c_.number(kCanonical, Column::kCounts);
    for (; count > 0 && c_.good(); --count) {
      const uint64_t slot = c_.number(kCanonical, Column::kSlots);
      if (slot >= program_.domains[domain].fields.size()) return c_.spoil();
      int64_t& last = fields_[first_slot_[domain] + slot];
      const uint8_t tag = value(kCanonical, Role::kNow, last);
      now_.push_back(tag == kIntTag ? last : 0);
    }
  }

  // An int that changed most likely changed by a little.
  void old_sides(bool apart) {
    for (int64_t now : now_) {
      if (!c_.good()) return;
      if (apart && c_.byte(kSide, Column::kRare) != 0) c_.blob(kSide, Column::kBlobs);
      else value(kSide, Role::kOld, now);
    }
  }

  // How many long arguments there are.
  uint64_t emissions() {
    uint64_t longs = 0;
    uint64_t count = c_.number(kCanonical, Column::kCounts);
    for (; count > 0 && c_.good(); --count) {
      const uint64_t number = c_.number(kCanonical, Column::kSites);
      if (number >= program_.emissions.size()) c_.spoil();
      if (!c_.good()) return 0;
      const Emission& site = program_.emissions[number];
      if (site.domain) {
        key(kCanonical, program_[site.domain], Column::kReceivers, receivers_[number]);
      }
      for (size_t arg = 0; arg < site.names.size() && c_.good(); ++arg) {
        longs += value(kCanonical, Role::kArg, args_[first_arg_[number] + arg]) == kDigestTag;
      }
    }
    return longs;
  }

  void fault(bool apart) {
    c_.number(kSide, Column::kRare);
    c_.number(kSide, Column::kRare);
    c_.text(kSide, Column::kRareTexts);
    for (uint64_t count = c_.number(kSide, Column::kRare); count > 0 && c_.good(); --count) {
      c_.number(kSide, Column::kRare);
      if (apart && c_.byte(kSide, Column::kRare) != 0) c_.blob(kSide, Column::kBlobs);
      else value(kSide, Role::kOther, other_);
    }
  }

  void logs() {
    uint64_t count = c_.number(kSide, Column::kRare);
    for (; count > 0 && c_.good(); --count) c_.text(kSide, Column::kRareTexts);
  }

  const Program& program_;
  Codec& c_;
  std::vector<size_t> first_slot_;  // of each domain, in fields_
  std::vector<size_t> first_arg_;   // of each emission, in args_
  size_t slot_count_ = 0;
  size_t arg_count_ = 0;

  // What came last, in this chunk.
  std::vector<int64_t> keys_;       // of each domain's instances
  std::vector<uint64_t> sends_;     // the send numbers of each domain
  std::vector<int64_t> fields_;     // the int that each field became
  std::vector<int64_t> receivers_;  // the key at each emission
  std::vector<int64_t> args_;       // the int of each argument
  uint64_t input_ = 0;
  uint64_t correlation_ = 0;
  uint64_t hold_tick_ = 0;
  int64_t other_ = 0;
  std::vector<int64_t> now_;  // the ints that this cycle's fields became; 0 for what is no int
};

}  // namespace lexum
