// The values of events, piece by piece, and the pieces that make up the shape of a cycle: what
// event_walk.h asks its codec for most often. A value of a place of its own is guessed from what
// that place was and from what else the cycle knows (guess.h); what lies inside a value, from what
// lay there before.
#pragma once

#include <cstdint>
#include <vector>

#include "tracer/event_columns.h"
#include "tracer/guess.h"
#include "value/tags.h"
#include "value/value.h"

namespace lexum {

// In which columns the values of one role stand.
struct ValueRole {
  Column ints;
  Column texts;
};

template <class Codec>
class ValueWalk {
 public:
  // The codec outlives it.
  explicit ValueWalk(Codec& codec) : c_(codec) {}

  // A chunk can be read without the one before it.
  void forget() {
    guesser_.clear();
    other_ = {};
  }
  Guesser& guesser() { return guesser_; }

  // The pieces that follow make up a shape, and are likely to be these. They become what was there;
  // they are good until the next shape.
  void begin_shape(std::vector<uint64_t>& pieces) {
    shape_ = &pieces;
    piece_ = shape_->data();
    pieces_end_ = piece_ + shape_->size();
  }
  uint8_t shape_byte(Stream stream) {
    uint64_t& piece = next_piece();
    const uint8_t v = c_.byte(stream, Column::kShape, static_cast<uint8_t>(piece));
    piece = v;
    return v;
  }
  uint64_t shape_number(Stream stream) {
    uint64_t& piece = next_piece();
    return piece = c_.number(stream, Column::kShape, piece);
  }

  // A value as one piece of the shape and what follows it. `own` is what the value of this very
  // place was before, if that is known; `context` tells whose place it is. Gives it.
  Last value(Stream stream, ValueRole role, Spot& spot, const Last* own, uint32_t context) {
    const uint8_t tag = shape_byte(stream);
    Last now{0, tag};
    if (tag == kIntTag) {
      const int64_t guess = guesser_.number(spot, own);
      const int64_t base = own != nullptr ? own->number : spot.last.number;
      now.number = c_.near_int(stream, role.ints, guess, base);
      guesser_.learn_number(spot, own, guess, now.number);
    } else if (tag == kTextTag) {
      const uint32_t guess = guesser_.text(spot, own, context);
      now.number = c_.text(stream, role.texts, guess, guesser_.received_text());
      guesser_.learn_text(spot, own, context, guess, now.text());
    } else {
      inside(stream, role, spot, tag, 0);
    }
    spot.last = now;
    return now;
  }

  // Of what has no shape and no place of its own.
  Last other_value(Stream stream) {
    inner_value(stream, {Column::kOtherInts, Column::kOtherTexts}, other_, 0);
    switch (other_.inner_tag) {
      case kIntTag:
        return Last::of_int(other_.inner_number);
      case kTextTag:
        return Last::of_text(other_.inner_text);
      default:
        return {0, other_.inner_tag};
    }
  }
  // What canonical bytes had only the digest of.
  void wholes(uint64_t count) {
    for (; count > 0 && c_.good(); --count) other_value(Stream::kSide);
  }

 private:
  uint64_t& next_piece() {
    if (piece_ == pieces_end_) {
      shape_->push_back(0);
      pieces_end_ = shape_->data() + shape_->size();
      piece_ = pieces_end_ - 1;
    }
    return *piece_++;
  }
  // Elements, entries and members are close to those that came before them in the same spot.
  void inner_value(Stream stream, ValueRole role, Spot& spot, uint32_t depth) {
    const uint8_t tag = spot.inner_tag = c_.byte(stream, Column::kShape, spot.inner_tag);
    if (tag == kIntTag) {
      spot.inner_number = c_.near_int(stream, role.ints, spot.inner_number, spot.inner_number);
    } else if (tag == kTextTag) {
      spot.inner_text = c_.text(stream, role.texts, spot.inner_text, 0);
    } else {
      inside(stream, role, spot, tag, depth);
      spot.inner_tag = tag;
    }
  }
  void inside(Stream stream, ValueRole role, Spot& spot, uint8_t tag, uint32_t depth) {
    uint64_t count = 0;
    switch (tag) {
      case kNullTag:
      case kFalseTag:
      case kTrueTag:
        return;
      case kListTag:
        count = spot.count = c_.number(stream, Column::kShape, spot.count);
        break;
      case kMapTag:
        count = spot.count = c_.number(stream, Column::kShape, spot.count);
        if (count > UINT64_MAX / 2) c_.spoil();
        count *= 2;
        break;
      case kRecordTag:
        c_.number(stream, Column::kShape, 0);
        count = c_.number(stream, Column::kShape, 1);
        break;
      case kDigestTag:
        c_.byte(stream, Column::kShape, kListTag);
        c_.number(stream, Column::kRare, 0);
        c_.raw(stream, Column::kDigests, sizeof(Sum128));
        return;
      default:
        return c_.spoil();
    }
    if (depth == kDepthMax) c_.spoil();
    for (; count > 0 && c_.good(); --count) inner_value(stream, role, spot, depth + 1);
  }

  Codec& c_;
  Guesser guesser_;
  Spot other_;
  std::vector<uint64_t>* shape_ = nullptr;
  uint64_t* piece_ = nullptr;  // the next one of it
  uint64_t* pieces_end_ = nullptr;
};

}  // namespace lexum
