// What can be known of the world by reading a chunk from its first event on: which messages wait in
// whose mailbox, who is ready, and what each instance's fields last became. A replica is never
// asked what happened, only what is likely to happen: where it is wrong (a message from before the
// chunk, a goal, a throttle), the event says what was so, and the replica follows.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/record.h"
#include "tracer/pair_table.h"
#include "value/tags.h"

namespace lexum {

// The last value that stood in some place. Of lists, maps, records and digests only the tag counts.
// Two words, so that it is handed on in registers.
struct Last {
  int64_t number = 0;  // an int, or a text's number in the chunk, from 1
  uint64_t tag = 0;

  static Last of_int(int64_t v) { return {v, kIntTag}; }
  static Last of_text(uint32_t v) { return {v, kTextTag}; }
  [[nodiscard]] bool is_int() const { return tag == kIntTag; }
  // 0 if it is none.
  [[nodiscard]] uint32_t text() const {
    return tag == kTextTag ? static_cast<uint32_t>(number) : 0;
  }
};

// A field of an instance: what it last became, and where in the canonical bytes that stands.
struct OwnField {
  Last last;
  uint32_t begin = 0;
  uint32_t size = 0;  // 0: not known
};

// The first arguments of a message, which are all that guesses look at.
struct Args {
  std::array<Last, 4> first = {};
  uint32_t count = 0;

  void add(Last arg) {
    if (count < first.size()) first[count++] = arg;
  }
  [[nodiscard]] std::span<const Last> all() const { return std::span(first).first(count); }
};

struct Mail {
  uint32_t next = 0;  // one more than its index; 0: the last one
  uint32_t routine = 0;
  uint64_t origin = 0;  // as canonical bytes have it
  uint64_t cause = 0;   // the cycle, or the input's number
  uint64_t correlation = 0;
  Args args = {};
};

// When an instance has its turn within a tick.
struct Turn {
  uint64_t rank = 0;
  uint64_t order = 0;
  uint32_t number = 0;  // of the actor
};

struct Actor {
  Turn turn;
  uint32_t domain = 0;
  uint64_t key = 0;  // an int, or the number of a text
  uint32_t first_field = 0;
  uint32_t mail_first = 0;  // one more than the index; 0: none
  uint32_t mail_last = 0;
  bool woken = false;  // stands among the next
  // What it did last.
  WorkKind work = WorkKind::kBoot;
  uint32_t routine = 0;
  uint64_t part = 0;
  uint64_t correlation = 0;
};

class Replica {
 public:
  using Number = uint32_t;  // of an actor, in order of first coming

  void clear() {
    numbers_.clear();
    actors_.clear();
    fields_.clear();
    mails_.clear();
    free_ = 0;
    sent_.clear();
    ready_.clear();
    next_.clear();
    ready_at_ = 0;
    coming_ = false;
  }

  // Whoever has that key in that domain, with `fields` fields. Asks for the turn of a new one.
  template <class TurnOf>
  Number number_of(uint32_t domain, uint64_t key, size_t fields, TurnOf turn_of) {
    uint32_t& number = numbers_(domain, key);
    if (number == 0) {
      Turn turn = turn_of();
      turn.number = static_cast<uint32_t>(actors_.size());
      actors_.push_back({.turn = turn,
                         .domain = domain,
                         .key = key,
                         .first_field = static_cast<uint32_t>(fields_.size())});
      fields_.resize(fields_.size() + fields);
      number = static_cast<uint32_t>(actors_.size());
    }
    return number - 1;
  }
  // Good until the next number_of().
  Actor& operator[](Number number) { return actors_[number]; }
  OwnField* fields_of(Number number) { return fields_.data() + actors_[number].first_field; }
  // It begins anew, or is gone.
  void forget(Number number, size_t fields) {
    std::fill_n(fields_of(number), fields, OwnField());
    actors_[number].mail_first = actors_[number].mail_last = 0;
  }

  // ---- mail

  void deliver(Number to, const Mail& mail) {
    uint32_t place = free_;
    if (place != 0) {
      free_ = mails_[place - 1].next;
      mails_[place - 1] = mail;
    } else {
      mails_.push_back(mail);
      place = static_cast<uint32_t>(mails_.size());
    }
    sent_.push_back(place);
    Actor& actor = actors_[to];
    (actor.mail_last == 0 ? actor.mail_first : mails_[actor.mail_last - 1].next) = place;
    actor.mail_last = place;
    wake(to);
  }
  // What was delivered since the last call belongs to this chain.
  void correlate(uint64_t correlation) {
    for (const uint32_t place : sent_) mails_[place - 1].correlation = correlation;
    sent_.clear();
  }
  // That waits longest; null if none is known.
  [[nodiscard]] const Mail* head(Number number) const {
    const uint32_t first = actors_[number].mail_first;
    return first == 0 ? nullptr : &mails_[first - 1];
  }
  // Takes out the message with this origin and cause, and what waited longer than it. Null if it is
  // not among the first few. Good until the next deliver().
  const Mail* take(Number number, uint64_t origin, uint64_t cause) {
    Actor& actor = actors_[number];
    uint32_t place = actor.mail_first;
    for (int looks = 0; place != 0 && looks < kLooksMax; ++looks) {
      Mail& mail = mails_[place - 1];
      const uint32_t next = mail.next;
      if (mail.origin == origin && mail.cause == cause) {
        // Those before it are linked up to it, and all of them are free now.
        mail.next = free_;
        free_ = actor.mail_first;
        actor.mail_first = next;
        if (next == 0) actor.mail_last = 0;
        return &mail;
      }
      place = next;
    }
    return nullptr;
  }

  // ---- turns. `before` orders actors whose rank and order are the same.

  void wake(Number number) {
    Actor& actor = actors_[number];
    if (actor.woken) return;
    actor.woken = true;
    next_.push_back(actor.turn);
  }
  // Whose turn is likely to be next, or kNobody.
  static constexpr Number kNobody = UINT32_MAX;
  template <class Before>
  Number up_next(Before before) {
    if (ready_at_ == ready_.size()) begin_tick(before);
    return ready_at_ == ready_.size() ? kNobody : ready_[ready_at_].number;
  }
  // Whether that is likely to be in another tick.
  [[nodiscard]] bool tick_is_over() const { return coming_ || ready_at_ == ready_.size(); }
  // It was this one's turn.
  template <class Before>
  void had_turn(Number number, bool tick_moved, Before before) {
    if (tick_moved && !coming_) {
      // Who was passed over has something to do in the next tick only if there is mail.
      for (; ready_at_ < ready_.size(); ++ready_at_) {
        const Number passed = ready_[ready_at_].number;
        if (head(passed) != nullptr) wake(passed);
      }
      begin_tick(before);
    }
    coming_ = coming_ && !tick_moved;
    if (ready_at_ < ready_.size() && ready_[ready_at_].number == number) {
      ++ready_at_;
      return;
    }
    const auto from = ready_.begin() + static_cast<std::ptrdiff_t>(ready_at_);
    const auto after = std::upper_bound(from, ready_.end(), actors_[number].turn, earlier(before));
    if (after != from && (after - 1)->number == number) {
      ready_at_ = static_cast<size_t>(after - ready_.begin());
    }
  }

 private:
  static constexpr int kLooksMax = 8;

  template <class Before>
  static auto earlier(Before before) {
    return [before](const Turn& a, const Turn& b) {
      if (a.rank != b.rank) return a.rank < b.rank;
      if (a.order != b.order) return a.order < b.order;
      return before(a.number, b.number);
    };
  }
  template <class Before>
  void begin_tick(Before before) {
    ready_.swap(next_);
    next_.clear();
    ready_at_ = 0;
    coming_ = !ready_.empty();
    for (const Turn& turn : ready_) actors_[turn.number].woken = false;
    if (ready_.size() > 1) std::sort(ready_.begin(), ready_.end(), earlier(before));
  }

  PairTable numbers_;  // by domain and key, one more than the number
  std::vector<Actor> actors_;
  std::vector<OwnField> fields_;
  std::vector<Mail> mails_;
  uint32_t free_ = 0;           // one more than the first one that nobody needs; linked by `next`
  std::vector<uint32_t> sent_;  // since the last correlate()
  std::vector<Turn> ready_;     // in this tick or, if `coming_`, in the next one
  std::vector<Turn> next_;      // in the one after it
  size_t ready_at_ = 0;
  bool coming_ = false;
};

}  // namespace lexum
