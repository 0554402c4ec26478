// What a value is likely to be, from where values of the same spot came before: from the value that
// stood there, from one that the message brought, from one that the same cycle has just written, or
// from what followed the same text the last time. A spot keeps to one source for as long as that
// gives the right guess, and changes to another one that would have given it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tracer/pair_table.h"
#include "tracer/replica.h"

namespace lexum {

// Where a value may come from. An int is the one there plus a step, a text the one there, or what
// followed it.
enum class From : uint8_t {
  kLast,                     // what anybody last had in this spot
  kOwn,                      // what stood in this very one before
  kSelf,                     // the instance's key
  kReceived,                 // the first arguments of the message
  kChanged = kReceived + 4,  // what the first changed fields have become
  kAfterOwn = kChanged + 4,  // texts: what followed the own one,
  kAfterReceived,            // and what followed the first text of the message
  kCount_,
};
inline constexpr size_t kFromAfter = static_cast<size_t>(From::kAfterOwn);  // how many come before

// A field, an argument of a `send`, the keys of a domain: wherever values are alike.
struct Spot {
  uint32_t id = 0;
  From number_from = From::kLast;
  From text_from = From::kLast;
  uint8_t misses = 0;  // of ints, since the last right guess
  uint64_t chunk = 0;  // in which all of this was seen
  Last last = {};      // whoever's it was
  std::array<int64_t, kFromAfter> steps = {};
  // Inside a list, a map or a record: the last of each kind, and how many there were.
  int64_t inner_number = 0;
  uint32_t inner_text = 0;
  uint8_t inner_tag = 0;
  uint64_t count = 0;
};

class Guesser {
 public:
  void clear() {
    followed_.clear();
    begin_cycle({}, {});
  }
  // `received` are the first arguments of its message, if they are known.
  void begin_cycle(Last self, std::span<const Last> received) {
    for (Last& source : sources_) source.tag = kNullTag;
    at(From::kSelf) = self;
    received_text_ = 0;
    for (size_t i = received.size(); i-- > 0;) {
      at(From::kReceived, i) = received[i];
      if (received[i].tag == kTextTag) received_text_ = received[i].text();
    }
    changed_ = 0;
  }
  void changed(Last now) {
    if (changed_ < kKept) at(From::kChanged, changed_++) = now;
  }
  // The first text among the arguments; 0: there is none.
  [[nodiscard]] uint32_t received_text() const { return received_text_; }

  // `own` is null where what stood there is not known.
  [[nodiscard]] int64_t number(const Spot& spot, const Last* own) const {
    const Last* source = source_of(spot.number_from, spot, own);
    if (source->is_int()) return sum(source->number, spot.steps[index(spot.number_from)]);
    return sum(spot.last.number, spot.steps[index(From::kLast)]);
  }
  // What it was, which is likely to have been `guess`.
  void learn_number(Spot& spot, const Last* own, int64_t guess, int64_t actual) {
    if (guess == actual) {
      spot.misses = 0;
    } else if (++spot.misses < kMissesMany || spot.misses % kMissesMany < 2) {
      look_for_number(spot, own, actual);
    }
  }

  // `context` stands for the own text; 0: it is not known.
  [[nodiscard]] uint32_t text(const Spot& spot, const Last* own, uint32_t context) const {
    const uint32_t guess = text_from(spot.text_from, spot, own, context);
    return guess != 0 ? guess : text_from(From::kLast, spot, own, context);
  }
  void learn_text(Spot& spot, const Last* own, uint32_t context, uint32_t guess, uint32_t actual) {
    if (guess != actual) look_for_text(spot, own, context, actual);
  }

 private:
  static constexpr size_t kKept = Args().first.size();
  // A spot that is wrong so often in a row has no source, and is looked at only now and then:
  // twice, since it takes two to see that a step is the same.
  static constexpr uint8_t kMissesMany = 32;

  static constexpr size_t index(From from) { return static_cast<size_t>(from); }
  static int64_t sum(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
  Last& at(From from, size_t nth = 0) { return sources_[index(from) + nth]; }
  // Null, as a value, where there is none. Requires one that comes before kAfterOwn.
  [[nodiscard]] const Last* source_of(From from, const Spot& spot, const Last* own) const {
    if (from == From::kLast) return &spot.last;
    if (from == From::kOwn && own != nullptr) return own;
    return &sources_[index(from)];
  }
  void look_for_number(Spot& spot, const Last* own, int64_t actual) {
    // A source that was not there was not wrong.
    bool found = !source_of(spot.number_from, spot, own)->is_int();
    for (size_t i = 0; i < kFromAfter; ++i) {
      const Last* source = source_of(static_cast<From>(i), spot, own);
      if (!source->is_int()) continue;
      const auto step = static_cast<int64_t>(static_cast<uint64_t>(actual) -
                                             static_cast<uint64_t>(source->number));
      if (!found && step == spot.steps[i]) {
        spot.number_from = static_cast<From>(i);
        found = true;
      }
      spot.steps[i] = step;
    }
  }
  // 0 if it has none.
  [[nodiscard]] uint32_t text_from(From from, const Spot& spot, const Last* own,
                                   uint32_t context) const {
    if (from == From::kAfterOwn) return context == 0 ? 0 : followed_.find(2 * spot.id, context);
    if (from == From::kAfterReceived) {
      return received_text_ == 0 ? 0 : followed_.find(2 * spot.id + 1, received_text_);
    }
    return source_of(from, spot, own)->text();
  }
  void look_for_text(Spot& spot, const Last* own, uint32_t context, uint32_t actual) {
    // Those that are seldom right by chance come first. One that had none was not wrong.
    if (spot.text_from == From::kLast || text_from(spot.text_from, spot, own, context) != 0) {
      for (size_t i = index(From::kCount_); i-- > 0;) {
        if (text_from(static_cast<From>(i), spot, own, context) != actual) continue;
        spot.text_from = static_cast<From>(i);
        break;
      }
    }
    if (context != 0) followed_(2 * spot.id, context) = actual;
    if (received_text_ != 0) followed_(2 * spot.id + 1, received_text_) = actual;
  }

  PairTable followed_;                      // by spot and what it followed
  std::array<Last, kFromAfter> sources_{};  // those of this cycle; the first two are not used
  uint32_t received_text_ = 0;
  size_t changed_ = 0;
};

}  // namespace lexum
