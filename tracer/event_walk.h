// The layout of the events of a chunk, said once. EventWalk goes through them piece by piece and
// asks a codec for each piece, naming the stream it stands in, the column it belongs to, and what
// it is likely to be; what comes back decides what comes next. One codec turns streams into
// columns, the other one columns into streams, so the two cannot disagree.
//
// A piece that is what it was likely to be costs nothing but one more in a run of right guesses.
// So the walk is mostly about guessing: the pieces that make up the shape of a cycle are those of
// the last cycle of the same routine, the message is the one that waits longest (replica.h), and a
// value follows from another one as it did before (guess.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "check/program.h"
#include "machine/side.h"
#include "tracer/chunk_index.h"
#include "tracer/event_columns.h"
#include "tracer/replica.h"
#include "tracer/value_walk.h"
#include "tracer/who_walk.h"

namespace lexum {

template <class Codec>
class EventWalk {
 public:
  // Both outlive it.
  EventWalk(const Program& program, Codec& codec)
      : c_(codec), values_(codec), who_(program, codec, values_.guesser(), replica_) {
    size_t slots = 0;
    size_t routines = 0;
    for (const Domain& domain : program.domains) {
      domains_.push_back({.slots = domain.fields.size(),
                          .first_slot = slots,
                          .routines = domain.routines.size(),
                          .first_routine = routines});
      slots += domain.fields.size();
      routines += domain.routines.size();
    }
    size_t args = 0;
    for (const Emission& site : program.emissions) {
      sites_.push_back({.domain = site.domain,
                        .routine = site.routine,
                        .args = site.names.size(),
                        .first_arg = args});
      args += site.names.size();
    }
    shapes_.resize(routines);
    nows_.resize(slots);
    olds_.resize(slots);
    args_.resize(args);
    receivers_.resize(sites_.size());
    auto id = static_cast<uint32_t>(program.domains.size());  // behind those of keys
    for (std::vector<Spot>* spots : {&nows_, &olds_, &args_, &receivers_}) {
      for (Spot& spot : *spots) spot.id = id++;
    }
  }

  // Through a whole chunk. False if its bytes are no events of this program.
  bool walk() {
    forget();
    while (c_.good() && c_.more()) entry();
    return c_.good();
  }

 private:
  static constexpr Stream kCanonical = Stream::kCanonical;
  static constexpr Stream kSide = Stream::kSide;
  static constexpr ValueRole kNow{Column::kNowInts, Column::kNowTexts};
  static constexpr ValueRole kOld{Column::kOldInts, Column::kOldTexts};
  static constexpr ValueRole kArg{Column::kArgInts, Column::kArgTexts};

  // What the walk has to know of a domain and of a site. Its own, since a program has it further
  // apart.
  struct KnownDomain {
    size_t slots;
    size_t first_slot;  // in nows_ and olds_
    size_t routines;
    size_t first_routine;  // in shapes_
  };
  struct KnownSite {
    DomainId domain;  // none: not a `send`
    RoutineIndex routine;
    size_t args;
    size_t first_arg;  // in args_
  };
  // The pieces of a cycle that are likely to be those of the last one of the same routine.
  struct Shape {
    std::vector<uint64_t> pieces;
    uint64_t chunk = 0;
  };
  // A field that a cycle changed, and what its old side has to do with it.
  struct Change {
    uint32_t slot;
    Last now;
    OwnField before;
  };

  // A chunk can be read without the one before it.
  void forget() {
    ++chunk_;
    replica_.clear();
    who_.forget(chunk_);
    values_.forget();
    side_head_ = 0;
    cycle_ = ticks_ = input_ = hold_tick_ = 0;
    domain_ = origin_ = cause_ = correlation_ = 0;
    rare_text_ = 0;
    self_ = named_ = 0;
  }
  Spot& fresh(Spot& spot) {
    if (spot.chunk != chunk_) spot = {.id = spot.id, .chunk = chunk_};
    return spot;
  }
  Shape& fresh(Shape& shape) {
    if (shape.chunk != chunk_) shape.pieces.clear();
    shape.chunk = chunk_;
    return shape;
  }

  void entry() {
    entry_canonical_ = c_.written();
    entry_side_ = c_.side_written();
    const uint8_t head = c_.side_head(Column::kShape, side_head_);
    switch (static_cast<SideKind>(head & kSideKindMask)) {
      case SideKind::kEvent:
        side_head_ = head;
        return event(head);
      case SideKind::kStarted:
        if (const KnownDomain* domain = named()) {
          replica_.forget(named_, domain->slots);
          if (IndexNotes* notes = c_.notes()) notes->born(named_);
        }
        return;
      case SideKind::kHold:
        hold_tick_ = c_.near(kSide, Column::kCauses, hold_tick_, hold_tick_);
        if (named() != nullptr && (head & kHasMailbox) != 0) named();
        return;
    }
    c_.spoil();
  }

  void event(uint8_t side_head) {
    const Replica::Number next = replica_.up_next(who_.before());
    const uint8_t head = c_.byte(kCanonical, Column::kShape, likely_head(next));
    switch (static_cast<EventKind>(head & kEventKindMask)) {
      case EventKind::kInput:
        return input();
      case EventKind::kOutcome:
        return outcome();
      case EventKind::kCycle:
        return cycle(head, side_head, next);
      case EventKind::kRollback:
        c_.number(kCanonical, Column::kRare, 0);
        c_.byte(kCanonical, Column::kRare, 0);
        if (IndexNotes* notes = c_.notes()) notes->rolled_back();
        return;
    }
    c_.spoil();
  }
  // How many ticks it is since the event before.
  void ticks() {
    const uint64_t distance = c_.number(kCanonical, Column::kTicks, 1);
    ticks_ += distance;
    if (IndexNotes* notes = c_.notes()) notes->ticked(distance);
  }

  // Null, and spoilt, if there is none of this number.
  const KnownDomain* domain_of(uint64_t number) {
    if (number < domains_.size()) return &domains_[number];
    c_.spoil();
    return nullptr;
  }
  // Of an entry of its own. Null if there is no such domain.
  const KnownDomain* named() {
    const uint64_t number = c_.number(kSide, Column::kRare, 0);
    const KnownDomain* domain = domain_of(number);
    if (domain != nullptr) named_ = who_.by_key(kSide, number, nullptr, self_ + 1);
    return domain;
  }

  // ---- what happened

  void input() {
    ticks();
    if (IndexNotes* notes = c_.notes()) notes->came_in();
    input_ = c_.near(kCanonical, Column::kCauses, input_ + 1, input_);
    const uint8_t bits = c_.byte(kCanonical, Column::kRare, 0);
    const bool is_message = bits <= 1;
    const uint64_t number = c_.number(kCanonical, Column::kRare, 0);
    Replica::Number to = Replica::kNobody;
    if (number != 0) {
      if (domain_of(number - 1) == nullptr) return;
      to = who_.by_key(kCanonical, number - 1, nullptr, self_ + 1);
    }
    const uint64_t routine = c_.number(kCanonical, Column::kRare, 0);  // or the event
    const uint64_t args = c_.number(kCanonical, Column::kRare, 0);
    Mail mail{.routine = static_cast<uint32_t>(routine),
              .origin = static_cast<uint64_t>(OriginKind::kInput),
              .cause = input_};
    IndexNotes* const notes = is_message ? nullptr : c_.notes();
    if (notes != nullptr) notes->act();
    uint64_t longs = 0;
    for (uint64_t i = 0; i < args && c_.good(); ++i) {
      const Last arg = values_.other_value(kCanonical);
      longs += uint64_t{arg.tag == kDigestTag};
      mail.args.add(arg);
      if (notes == nullptr) continue;
      notes->act_says(number_of(arg));
    }
    values_.wholes(longs);
    if (to == Replica::kNobody || !c_.good()) return;
    if (notes != nullptr && does_something(bits)) {
      notes->acted(to, static_cast<uint32_t>(number - 1));
    }
    if (!is_message) return;
    replica_.deliver(to, mail);
    replica_.correlate(input_);
  }

  // Of an act: a letter that is sent once more is the input that follows.
  static bool does_something(uint8_t bits) {
    const bool dead = (bits & 1) != 0;
    return !dead && bits >> 1 != static_cast<uint8_t>(InputKind::kRedeliver);
  }

  void outcome() {
    ticks();
    const uint64_t number = c_.number(kCanonical, Column::kRare, 0);
    if (domain_of(number) == nullptr) return;
    const Replica::Number to = who_.by_key(kCanonical, number, nullptr, self_ + 1);
    const uint64_t distance = c_.near(kCanonical, Column::kCauses, cycle_ - cause_, 0);
    const uint64_t index = c_.number(kCanonical, Column::kRare, 0);
    const uint8_t bits = c_.byte(kCanonical, Column::kRare, 0);
    if ((bits & kOutcomeNumbered) != 0) {
      input_ = c_.near(kCanonical, Column::kCauses, input_ + 1, input_);
      if (IndexNotes* notes = c_.notes()) notes->came_in();
    }
    const Last value = values_.other_value(kCanonical);
    values_.wholes(uint64_t{value.tag == kDigestTag});
    Mail mail{.routine = replica_[to].routine,
              .origin = index << 2 | static_cast<uint64_t>(OriginKind::kOutcome),
              .cause = cycle_ - distance};
    mail.args.add(value);
    if ((bits & kOutcomeUnheard) != 0) return;
    replica_.deliver(to, mail);
    replica_.correlate(replica_[to].correlation);
  }

  uint8_t likely_head(Replica::Number next) {
    WorkKind work = WorkKind::kMessage;
    if (next != Replica::kNobody && replica_.head(next) == nullptr) work = replica_[next].work;
    return static_cast<uint8_t>(static_cast<uint8_t>(EventKind::kCycle) |
                                static_cast<uint8_t>(work) << kEventKindBits |
                                (replica_.tick_is_over() ? kTickMoved : 0));
  }

  void cycle(uint8_t head, uint8_t side_head, Replica::Number next) {
    ++cycle_;
    const bool tick_moved = (head & kTickMoved) != 0;
    IndexNotes* const notes = c_.notes();
    c_.cycle_at(entry_canonical_, entry_side_, ticks_);
    if (tick_moved) ticks();
    const bool guessed = next != Replica::kNobody;
    const uint64_t number =
        c_.number(kCanonical, Column::kShape, guessed ? replica_[next].domain : domain_);
    const KnownDomain* domain = domain_of(number);
    if (domain == nullptr) return;
    domain_ = number;
    const bool as_guessed = guessed && replica_[next].domain == number;
    const Last likely = as_guessed ? who_.key_of(next) : Last();
    self_ = who_.by_key(kCanonical, number, as_guessed ? &likely : nullptr, self_ + 1);
    replica_.had_turn(self_, tick_moved, who_.before());

    const auto work = static_cast<WorkKind>((head >> kEventKindBits) & 7);
    const Mail* mail = work == WorkKind::kMessage ? replica_.head(self_) : nullptr;
    const uint64_t routine = c_.number(kCanonical, Column::kShape,
                                       mail != nullptr ? mail->routine : replica_[self_].routine);
    if (routine >= domain->routines) return c_.spoil();
    if (notes != nullptr) notes->ran(self_, static_cast<uint32_t>(number), routine, work);
    values_.begin_shape(fresh(shapes_[domain->first_routine + routine]).pieces);
    replica_[self_].routine = static_cast<uint32_t>(routine);
    replica_[self_].work = work;
    const Mail* taken = cause(work, mail);
    values_.guesser().begin_cycle(who_.key_of(self_),
                                  taken != nullptr ? taken->args.all() : std::span<const Last>());
    changes_.clear();
    const uint64_t correlation =
        taken != nullptr ? taken->correlation : replica_[self_].correlation;

    const uint8_t mask = values_.shape_byte(kCanonical);
    if (notes != nullptr) notes->mask(mask);
    // In the canonical stream …
    if ((mask & kHasChanges) != 0) changes(*domain);
    const uint64_t longs = (mask & kHasEmissions) != 0 ? emissions() : 0;
    uint64_t flips = (mask & kHasFlips) != 0 ? values_.shape_number(kCanonical) : 0;
    for (uint64_t i = 0; i < flips && c_.good(); ++i) {
      const uint64_t flip = values_.shape_number(kCanonical);
      if (notes != nullptr) notes->flipped(flip);
    }
    if ((mask & kHasFault) != 0) rare_text(kCanonical);
    // … and beside it.
    const bool apart = (side_head & kTellsChangesApart) != 0;
    if ((mask & kHasChanges) != 0) old_sides(*domain, apart);
    values_.wholes(longs);
    for (; flips > 0 && c_.good(); --flips) values_.shape_byte(kSide);
    if ((mask & kHasFault) != 0) fault(apart);
    if ((side_head & kHasLogs) != 0) logs();
    if ((side_head & kHasDead) != 0) c_.number(kSide, Column::kRare, 0);
    correlation_ = (side_head & kHasCorrelation) != 0
                       ? c_.near(kSide, Column::kCauses, correlation, correlation_)
                       : 0;
    replica_[self_].correlation = correlation_;
    replica_.correlate(correlation_);
    if (notes != nullptr) notes->over();
    if ((mask & kRetires) != 0) replica_.forget(self_, domain->slots);
    else if (replica_.head(self_) != nullptr || work != WorkKind::kMessage) replica_.wake(self_);
  }

  // The message that brought it about, if it is one that was seen to be sent.
  const Mail* cause(WorkKind work, const Mail* likely) {
    switch (work) {
      case WorkKind::kBoot:
        return nullptr;
      case WorkKind::kGoal:
      case WorkKind::kElse:
      case WorkKind::kSlice:
        part_of_kind(values_.shape_number(kCanonical));
        return nullptr;
      case WorkKind::kMessage: {
        if (likely != nullptr) {
          origin_ = likely->origin;
          cause_ = likely->cause;
        }
        origin_ = c_.number(kCanonical, Column::kShape, origin_);
        if ((origin_ & 3) == static_cast<uint64_t>(OriginKind::kInput)) {
          cause_ = c_.near(kCanonical, Column::kCauses, cause_, input_);
        } else {
          cause_ = cycle_ - c_.near(kCanonical, Column::kCauses, cycle_ - cause_, 0);
          IndexNotes* notes = c_.notes();
          if (notes != nullptr && (origin_ & 3) != static_cast<uint64_t>(OriginKind::kOutcome)) {
            notes->took(self_, cause_);
          }
        }
        return replica_.take(self_, origin_, cause_);
      }
    }
    c_.spoil();
    return nullptr;
  }

  void part_of_kind(uint64_t part) {
    if (IndexNotes* notes = c_.notes()) notes->part(part);
  }

  void changes(const KnownDomain& domain) {
    OwnField* own = replica_.fields_of(self_);
    uint64_t count = values_.shape_number(kCanonical);
    for (; count > 0 && c_.good(); --count) {
      const uint64_t slot = values_.shape_number(kCanonical);
      if (slot >= domain.slots) return c_.spoil();
      const OwnField before = own[slot];
      const Last* last = before.size != 0 ? &before.last : nullptr;
      const size_t begin = c_.written();
      const Last now = values_.value(kCanonical, kNow, fresh(nows_[domain.first_slot + slot]), last,
                                     last != nullptr ? last->text() : 0);
      if (IndexNotes* notes = c_.notes()) notes->wrote(self_, slot, number_of(now));
      own[slot] = {now, static_cast<uint32_t>(begin), static_cast<uint32_t>(c_.written() - begin)};
      values_.guesser().changed(now);
      changes_.push_back({static_cast<uint32_t>(slot), now, before});
    }
  }

  // Of an int, or a bool.
  static std::optional<int64_t> number_of(const Last& one) {
    if (one.tag == kIntTag) return one.number;
    if (one.tag == kFalseTag || one.tag == kTrueTag) return int64_t{one.tag == kTrueTag};
    return {};
  }

  // What this instance made of the field before, or else something that goes with the new side.
  void old_sides(const KnownDomain& domain, bool apart) {
    for (const Change& change : changes_) {
      if (!c_.good()) return;
      if (apart && values_.shape_byte(kSide) != 0) {
        c_.blob(kSide, Column::kBlobs);
      } else if (!c_.again(change.before.begin, change.before.size)) {
        values_.value(kSide, kOld, fresh(olds_[domain.first_slot + change.slot]), &change.now,
                      change.now.text());
      }
    }
  }

  // How many long arguments there are.
  uint64_t emissions() {
    uint64_t longs = 0;
    const uint64_t count = values_.shape_number(kCanonical);
    if (IndexNotes* notes = c_.notes()) notes->emitted(count);
    for (uint64_t index = 0; index < count && c_.good(); ++index) {
      const uint64_t number = values_.shape_number(kCanonical);
      if (number >= sites_.size()) c_.spoil();
      if (!c_.good()) return 0;
      const KnownSite& site = sites_[number];
      Replica::Number to = Replica::kNobody;
      if (site.domain) {
        to = who_.actor(kCanonical, WhoWalk<Codec>::kReceiver, site.domain.value,
                        fresh(receivers_[number]), nullptr, self_ + 1);
      }
      Mail mail{.routine = site.routine.value,
                .origin = index << 2 | static_cast<uint64_t>(OriginKind::kSent),
                .cause = cycle_};
      for (size_t i = 0; i < site.args && c_.good(); ++i) {
        const Last arg =
            values_.value(kCanonical, kArg, fresh(args_[site.first_arg + i]), nullptr, self_ + 1);
        longs += uint64_t{arg.tag == kDigestTag};
        mail.args.add(arg);
      }
      if (site.domain && c_.good()) replica_.deliver(to, mail);
    }
    return longs;
  }

  void rare_text(Stream stream) {
    rare_text_ = c_.text(stream, Column::kOtherTexts, rare_text_, 0);
  }

  void fault(bool apart) {
    c_.number(kSide, Column::kRare, 0);
    c_.number(kSide, Column::kRare, 0);
    rare_text(kSide);
    for (uint64_t count = c_.number(kSide, Column::kRare, 0); count > 0 && c_.good(); --count) {
      c_.number(kSide, Column::kRare, 0);
      if (apart && c_.byte(kSide, Column::kRare, 0) != 0) c_.blob(kSide, Column::kBlobs);
      else values_.other_value(kSide);
    }
  }

  void logs() {
    uint64_t count = c_.number(kSide, Column::kRare, 1);
    for (; count > 0 && c_.good(); --count) rare_text(kSide);
  }

  Codec& c_;
  std::vector<KnownDomain> domains_;
  std::vector<KnownSite> sites_;

  // What came last, in this chunk; what is of an earlier one counts as new.
  uint64_t chunk_ = 0;
  Replica replica_;
  ValueWalk<Codec> values_;
  WhoWalk<Codec> who_;
  std::vector<Shape> shapes_;
  std::vector<Spot> nows_;
  std::vector<Spot> olds_;
  std::vector<Spot> args_;
  std::vector<Spot> receivers_;  // by emission
  uint8_t side_head_ = 0;
  uint64_t cycle_ = 0;  // from the first one of the chunk
  uint64_t ticks_ = 0;  // since then
  uint64_t domain_ = 0;
  uint64_t origin_ = 0;
  uint64_t cause_ = 0;
  uint64_t correlation_ = 0;
  uint64_t input_ = 0;
  uint64_t hold_tick_ = 0;
  uint32_t rare_text_ = 0;

  // Of the cycle that is being read.
  size_t entry_canonical_ = 0;  // where its entry begins
  size_t entry_side_ = 0;
  Replica::Number self_ = 0;
  Replica::Number named_ = 0;  // of an entry that is none
  std::vector<Change> changes_;
};

}  // namespace lexum
