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
//   like(…, last)          a byte that is most likely `last`, which becomes it
//   text(…, last)          length and bytes, likely to come again, and most likely the text of the
//                          number `last`, which becomes its own (from 1)
//   blob                   length and bytes that come once
//   raw(…, size)           bytes of a known number
//   good(), spoil()        as a ByteReader has them
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "check/program.h"
#include "machine/side.h"
#include "tracer/own_fields.h"
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
  static constexpr uint32_t kNoSlot = UINT32_MAX;
  struct New {
    uint32_t slot;
    Last value;
  };
  struct Argument {
    Last last;
    uint32_t copied_slot = kNoSlot;  // whose new value it was the last time
  };
  static constexpr Stream kCanonical = Stream::kCanonical;
  static constexpr Stream kSide = Stream::kSide;

  // A chunk can be read without the one before it.
  void forget() {
    keys_.assign(program_.domains.size(), {});
    fields_.assign(slot_count_, {});
    receivers_.assign(program_.emissions.size(), {});
    args_.assign(arg_count_, {});
    input_ = correlation_ = hold_tick_ = 0;
    other_ = rare_ = {};
    own_.clear();
    sent_.clear();
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

  // Gives what tells it from other keys of the domain.
  uint64_t key(Stream stream, const Domain& domain, Column ints, Last& last) {
    if (!domain.keyed) return 0;
    if (program_.types[domain.key_type].kind == TypeKind::kInt) {
      c_.near_int(stream, ints, last.number);
      return static_cast<uint64_t>(last.number);
    }
    c_.text(stream, Column::kKeyTexts, last.text);
    return last.text;
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

  // `last` is what this one is likely to resemble; it becomes it, and has its tag.
  void value(Stream stream, Role role, Last& last, uint32_t depth = 0) {
    c_.like(stream, column(role, 0), last.tag);
    const uint8_t tag = last.tag;
    switch (tag) {
      case kNullTag:
      case kFalseTag:
      case kTrueTag:
        break;
      case kIntTag:
        c_.near_int(stream, column(role, 1), last.number);
        break;
      case kTextTag:
        c_.text(stream, column(role, 2), last.text);
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
    last.tag = tag;
  }

  void values(Stream stream, Role role, uint64_t count, Last& last, uint32_t depth) {
    if (depth == kDepthMax) c_.spoil();
    for (; count > 0 && c_.good(); --count) value(stream, role, last, depth + 1);
  }
  bool is_long(Stream stream, Role role, Last& last) {
    value(stream, role, last);
    return last.tag == kDigestTag;
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
      longs += is_long(kCanonical, Role::kOther, other_);
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
    wholes(is_long(kCanonical, Role::kOther, other_));
  }

  void cycle(uint8_t head, uint8_t side_head) {
    if ((head & kTickMoved) != 0) c_.number(kCanonical, Column::kTicks);
    const uint64_t number = c_.number(kCanonical, Column::kDomains);
    const Domain* domain = domain_of(number);
    if (domain == nullptr) return;
    const uint64_t its_key = key(kCanonical, *domain, Column::kKeys, keys_[number]);
    c_.number(kCanonical, Column::kRoutines);
    cause(static_cast<WorkKind>((head >> kEventKindBits) & 7));
    const uint8_t mask = c_.byte(kCanonical, Column::kMasks);
    // In the canonical stream …
    news_.clear();
    if ((mask & kHasChanges) != 0) changes(number, its_key);
    const uint64_t longs = (mask & kHasEmissions) != 0 ? emissions(its_key) : 0;
    uint64_t flips = (mask & kHasFlips) != 0 ? c_.number(kCanonical, Column::kCounts) : 0;
    for (uint64_t i = 0; i < flips && c_.good(); ++i) c_.number(kCanonical, Column::kFlips);
    if ((mask & kHasFault) != 0) c_.text(kCanonical, Column::kRareTexts, rare_.text);
    // … and beside it.
    const bool apart = (side_head & kTellsChangesApart) != 0;
    if ((mask & kHasChanges) != 0) old_sides(apart);
    wholes(longs);
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

  // A field is likely to become something close to what this instance last made of it, or else the
  // last instance of its kind …
  void changes(uint64_t number, uint64_t its_key) {
    olds_.clear();
    const size_t slots = program_.domains[number].fields.size();
    Last* own = own_.of(static_cast<uint32_t>(number), its_key, slots);
    uint64_t count = c_.number(kCanonical, Column::kCounts);
    for (; count > 0 && c_.good(); --count) {
      const uint64_t slot = c_.number(kCanonical, Column::kSlots);
      if (slot >= slots) return c_.spoil();
      Last& common = fields_[first_slot_[number] + slot];
      const Last before = own[slot];
      Last now = before.known ? before : common;
      value(kCanonical, Role::kNow, now);
      now.known = true;
      common = own[slot] = now;
      news_.push_back({static_cast<uint32_t>(slot), now});
      olds_.push_back(before.known ? before : now);
    }
  }

  // … and was before what this instance had made of it, or else something close to what it is now.
  void old_sides(bool apart) {
    for (Last& old : olds_) {
      if (!c_.good()) return;
      if (apart && c_.byte(kSide, Column::kRare) != 0) c_.blob(kSide, Column::kBlobs);
      else value(kSide, Role::kOld, old);
    }
  }

  // How many long arguments there are.
  uint64_t emissions(uint64_t its_key) {
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
      Last* own = sent_.of(static_cast<uint32_t>(number), its_key, site.names.size());
      for (size_t arg = 0; arg < site.names.size() && c_.good(); ++arg) {
        longs += argument(args_[first_arg_[number] + arg], own[arg]) == kDigestTag;
      }
    }
    return longs;
  }

  // What is sent is often what a field has just become: if it was, it is likely to be so again.
  // Else it resembles what this instance sent from here before, or the last one that did. Gives the
  // tag.
  uint8_t argument(Argument& arg, Last& own) {
    Last now = own.known && own.tag == kTextTag ? own : arg.last;
    for (const New& change : news_) {
      if (change.slot == arg.copied_slot) now = change.value;
    }
    now.tag = arg.last.tag;
    value(kCanonical, Role::kArg, now);
    now.known = true;
    arg.last = own = now;
    arg.copied_slot = kNoSlot;
    for (const New& change : news_) {
      if (change.value.tag != now.tag) continue;
      const bool same = now.tag == kTextTag
                            ? change.value.text == now.text
                            : now.tag == kIntTag && change.value.number == now.number;
      if (same) arg.copied_slot = change.slot;
    }
    return now.tag;
  }

  void fault(bool apart) {
    c_.number(kSide, Column::kRare);
    c_.number(kSide, Column::kRare);
    c_.text(kSide, Column::kRareTexts, rare_.text);
    for (uint64_t count = c_.number(kSide, Column::kRare); count > 0 && c_.good(); --count) {
      c_.number(kSide, Column::kRare);
      if (apart && c_.byte(kSide, Column::kRare) != 0) c_.blob(kSide, Column::kBlobs);
      else value(kSide, Role::kOther, other_);
    }
  }

  void logs() {
    uint64_t count = c_.number(kSide, Column::kRare);
    for (; count > 0 && c_.good(); --count) c_.text(kSide, Column::kRareTexts, rare_.text);
  }

  const Program& program_;
  Codec& c_;
  std::vector<size_t> first_slot_;  // of each domain, in fields_
  std::vector<size_t> first_arg_;   // of each emission, in args_
  size_t slot_count_ = 0;
  size_t arg_count_ = 0;

  // What came last, in this chunk.
  std::vector<Last> keys_;       // of each domain's instances
  std::vector<Last> fields_;     // what each field became, of whatever instance
  std::vector<Last> receivers_;  // the key at each emission
  std::vector<Argument> args_;
  Last other_;
  Last rare_;
  uint64_t input_ = 0;
  uint64_t correlation_ = 0;
  uint64_t hold_tick_ = 0;
  OwnFields own_;           // by domain and key
  OwnFields sent_;          // the arguments, by emission and key of the sender
  std::vector<New> news_;   // what this cycle's fields became
  std::vector<Last> olds_;  // what this cycle's old sides are likely to be
};

}  // namespace lexum
