// Who is meant in the events of a chunk: the instance that a domain and a key name, as the replica
// numbers it. What event_walk.h asks its codec for where somebody is named.
#pragma once

#include <cstdint>
#include <vector>

#include "check/program.h"
#include "tracer/chunk_index.h"
#include "tracer/replica.h"
#include "tracer/value_walk.h"

namespace lexum {

template <class Codec>
class WhoWalk {
 public:
  static constexpr ValueRole kKey{Column::kKeys, Column::kKeyTexts};
  static constexpr ValueRole kReceiver{Column::kReceivers, Column::kKeyTexts};

  // All of them outlive it. The spots of keys are numbered by domain, before all others.
  WhoWalk(const Program& program, Codec& codec, Guesser& guesser, Replica& replica)
      : c_(codec), guesser_(guesser), replica_(replica) {
    for (const Domain& domain : program.domains) {
      const bool int_key = domain.keyed && program.types[domain.key_type].kind == TypeKind::kInt;
      domains_.push_back({.rank = domain.rank,
                          .key = !domain.keyed ? KeyKind::kNone
                                 : int_key     ? KeyKind::kInt
                                               : KeyKind::kText,
                          .slots = domain.fields.size()});
      keys_.push_back({.id = static_cast<uint32_t>(keys_.size())});
    }
  }
  // What is of an earlier chunk counts as new.
  void forget(uint64_t chunk) { chunk_ = chunk; }

  // Instance order, of those whose turns look alike.
  auto before() {
    return [this](Replica::Number x, Replica::Number y) {
      const Actor& a = replica_[x];
      const Actor& b = replica_[y];
      if (domains_[a.domain].key != KeyKind::kText) return false;
      return c_.view(static_cast<uint32_t>(a.key)) < c_.view(static_cast<uint32_t>(b.key));
    };
  }

  // The instance with the key that comes next, which is likely to be `likely`; `context` tells
  // whose place it is. Requires a domain of this number.
  Replica::Number by_key(Stream stream, uint64_t domain, const Last* likely, uint32_t context) {
    Spot& spot = keys_[domain];
    if (spot.chunk != chunk_) spot = {.id = spot.id, .chunk = chunk_};
    return actor(stream, kKey, domain, spot, likely, context);
  }
  Replica::Number actor(Stream stream, ValueRole role, uint64_t number, Spot& spot,
                        const Last* likely, uint32_t context) {
    const Known& domain = domains_[number];
    uint64_t key = 0;
    if (domain.key == KeyKind::kInt) {
      const int64_t guess = likely != nullptr ? likely->number : guesser_.number(spot, nullptr);
      const int64_t v = c_.near_int(stream, role.ints, guess, spot.last.number);
      guesser_.learn_number(spot, nullptr, guess, v);
      spot.last = Last::of_int(v);
      key = static_cast<uint64_t>(v);
    } else if (domain.key == KeyKind::kText) {
      const uint32_t guess =
          likely != nullptr ? likely->text() : guesser_.text(spot, nullptr, context);
      const uint32_t v = c_.text(stream, role.texts, guess, 0);
      guesser_.learn_text(spot, nullptr, context, guess, v);
      spot.last = Last::of_text(v);
      key = v;
    }
    return replica_.number_of(static_cast<uint32_t>(number), key, domain.slots, [&] {
      note_new(static_cast<uint32_t>(number), key);
      return turn_of(number, key);
    });
  }
  Last key_of(Replica::Number number) const {
    const Actor& actor = replica_[number];
    const KeyKind kind = domains_[actor.domain].key;
    if (kind == KeyKind::kInt) return Last::of_int(static_cast<int64_t>(actor.key));
    if (kind == KeyKind::kText) return Last::of_text(static_cast<uint32_t>(actor.key));
    return {};
  }

 private:
  enum class KeyKind : uint8_t { kNone, kInt, kText };
  // Its own, since a program has it further apart.
  struct Known {
    uint64_t rank;
    KeyKind key;
    size_t slots;
  };

  // By rank of the domain, then by key; of a text by its first bytes.
  Turn turn_of(uint64_t number, uint64_t key) {
    Turn turn{.rank = domains_[number].rank};
    if (domains_[number].key == KeyKind::kInt) {
      turn.order = key ^ uint64_t { 1 } << 63;
    } else if (domains_[number].key == KeyKind::kText && c_.good()) {
      const std::string_view text = c_.view(static_cast<uint32_t>(key));
      for (size_t i = 0; i < 8; ++i) {
        turn.order = turn.order << 8 | (i < text.size() ? static_cast<uint8_t>(text[i]) : 0);
      }
    }
    return turn;
  }
  void note_new(uint32_t domain, uint64_t key) {
    IndexNotes* notes = c_.notes();
    if (notes == nullptr) return;
    if (domains_[domain].key != KeyKind::kText) notes->met(domain, static_cast<int64_t>(key));
    else if (c_.good()) notes->met(domain, c_.view(static_cast<uint32_t>(key)));
  }

  Codec& c_;
  Guesser& guesser_;
  Replica& replica_;
  std::vector<Known> domains_;
  std::vector<Spot> keys_;  // by domain
  uint64_t chunk_ = 0;
};

}  // namespace lexum
