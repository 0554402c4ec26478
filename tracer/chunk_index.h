// What happened in a chunk, cycle by cycle and without its events: who ran what, which fields that
// wrote, which goals it flipped; and what operators did in between. Enough to say when something
// happened; what it was is read from the event.
//
// Cycles that are alike are of one kind, and there are few kinds, so an index is two small numbers
// a cycle. Acts that are alike are of one kind, too. FORMAT.md has the bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "check/program.h"
#include "runtime/canon.h"
#include "runtime/record.h"
#include "tracer/pair_table.h"

namespace lexum {

// Between which numbers a field was, and what it ended with.
struct Extent {
  int64_t low = 0;
  int64_t high = 0;
  int64_t last = 0;

  void take_in(const Extent& later) {
    low = std::min(low, later.low);
    high = std::max(high, later.high);
    last = later.last;
  }
  friend bool operator==(const Extent&, const Extent&) = default;
};

// In the mask of a kind: not of cycles, but of acts (record.h). Beside those of canon.h.
inline constexpr uint8_t kOfAct = 64;

struct ChunkIndex {
  struct Actor {
    DomainId domain;
    Value key;
    friend bool operator==(const Actor&, const Actor&) = default;
  };
  struct Kind {
    DomainId domain;
    RoutineIndex routine;  // none: of acts
    WorkKind work = WorkKind::kMessage;
    uint64_t part = 0;  // kGoal, kElse: the goal; kSlice: the slice; of acts: kActRevives …
    uint8_t mask = 0;   // kHasChanges … kRetires (canon.h); or kOfAct alone
    uint64_t emissions = 0;
    std::vector<uint32_t> slots = {};  // that were written, ascending
    std::vector<uint32_t> flips = {};  // 4 · goal + status
    friend bool operator==(const Kind&, const Kind&) = default;

    [[nodiscard]] bool of_act() const { return (mask & kOfAct) != 0; }
    [[nodiscard]] bool wrote(uint32_t slot) const {
      return std::find(slots.begin(), slots.end(), slot) != slots.end();
    }
  };
  struct Birth {
    uint64_t before = 0;  // how many cycles of the chunk lie before it
    uint32_t actor = 0;
    friend bool operator==(const Birth&, const Birth&) = default;
  };

  // That did something to an instance; what it sends is an input as others are.
  struct Act {
    uint64_t before = 0;  // how many cycles of the chunk lie before it
    uint32_t actor = 0;
    uint32_t kind = 0;
    friend bool operator==(const Act&, const Act&) = default;
  };

  // About when the first message was sent that an actor took in the chunk, if a cycle sent it.
  // Mailboxes give in the order in which they got, so this tells in which chunk a message was
  // taken: in the last one that begins with an earlier one.
  struct Taken {
    uint32_t actor = 0;
    int64_t ago = 0;  // how_long_ago()
    friend bool operator==(const Taken&, const Taken&) = default;
  };
  // How much earlier than the first cycle of a chunk, in blocks of cycles.
  static int64_t how_long_ago(uint64_t cycle, uint64_t first_cycle) {
    return static_cast<int64_t>(first_cycle - cycle) / kAgoCycles;
  }
  static constexpr int64_t kAgoCycles = 256;

  // That cycle and those after it are of that tick.
  struct Tick {
    uint64_t from = 0;  // how many cycles of the chunk lie before it
    uint64_t tick = 0;
    friend bool operator==(const Tick&, const Tick&) = default;
  };

  std::vector<Actor> actors = {};  // by their numbers
  std::vector<Kind> kinds = {};
  std::vector<uint32_t> who = {};   // by cycle, from the first one of the chunk: an actor
  std::vector<uint32_t> what = {};  // a kind
  std::vector<Tick> ticks = {};     // the first one's is that of the first cycle
  std::vector<Birth> births = {};
  std::vector<uint64_t> inputs = {};     // what came from outside: how many cycles lie before each
  std::vector<uint64_t> rollbacks = {};  // how many cycles lie before each
  std::vector<Act> acts = {};
  std::optional<std::vector<Taken>>
      takes;  // by actor; none: the file is from before there were any

  [[nodiscard]] bool has_actor(size_t number, DomainId domain, const Value& key) const {
    return actors[number].domain == domain && actors[number].key == key;
  }
  // Of memory, about.
  [[nodiscard]] size_t bytes() const;
  friend bool operator==(const ChunkIndex&, const ChunkIndex&) = default;
};

// Whether there are the declarations that it names.
bool fits(const ChunkIndex::Kind& kind, const Program& program);

// The kind of a cycle that runs now: as the index of the chunk that it gets into will have it. Uses
// the memory of `kind`.
void take_kind(const CycleRecord& record, ChunkIndex::Kind& kind);

// The kinds of cycles of a whole trace, each once, and which of them each chunk has: what a chunk
// has not, need not be looked for in it.
struct KindTable {
  std::vector<ChunkIndex::Kind> kinds = {};
  // By chunk; one that is not there yet, or has no index, may have any.
  std::vector<std::optional<std::vector<uint32_t>>> of_chunk = {};

  // The chunk's kinds; `number` is known by its bytes. Of chunks in their order.
  void add(size_t chunk, const ChunkIndex& index);

 private:
  std::unordered_map<std::string, uint32_t> numbers_ = {};
};
void write_kinds(ByteWriter& out, const KindTable& table);
std::optional<KindTable> read_kinds(ByteReader& in, const Program& program, size_t chunks);

// Gives the places in `out` where bytes of another kind begin, for whoever squeezes them.
std::vector<size_t> write_index(ByteWriter& out, const ChunkIndex& index);
// None if the bytes are no index of `cycles` cycles of this program, as that version of the format
// has it. Whether they are right shows only beside the events.
std::optional<ChunkIndex> read_index(ByteReader& in, const Program& program, uint64_t cycles,
                                     uint32_t version);

// Makes the index while somebody walks through the events (event_walk.h). Keeps its memory.
class IndexNotes {
 public:
  explicit IndexNotes(const Program& program) : program_(program) {}

  void begin(uint64_t tick);
  [[nodiscard]] ChunkIndex& index() { return index_; }
  [[nodiscard]] const ChunkIndex& index() const { return index_; }

  // Between which numbers an actor's field was, by the writes of the chunk (extents.h).
  struct Numbers {
    uint32_t actor = 0;
    uint32_t slot = 0;
    Extent extent = {};
  };
  [[nodiscard]] std::span<const Numbers> numbers() const { return numbers_written_; }

  // An instance has come up for the first time; it has the next number. Text keys are texts.
  void met(uint32_t domain, int64_t key);
  void met(uint32_t domain, std::string_view key);
  void ticked(uint64_t distance) { tick_ += distance; }
  void born(uint32_t actor) {
    index_.births.push_back({.before = index_.who.size(), .actor = actor});
  }
  void came_in() { index_.inputs.push_back(index_.who.size()); }
  void rolled_back() { index_.rollbacks.push_back(index_.who.size()); }
  // An act begins, says its arguments one by one (record.h), and was one on that actor. What makes
  // no sense is not noted.
  void act() { said_.clear(); }
  void act_says(std::optional<int64_t> number) { said_.push_back(number); }
  void acted(uint32_t actor, uint32_t domain);

  // A cycle: begins, says what it did, ends.
  void ran(uint32_t actor, uint32_t domain, uint64_t routine, WorkKind work) {
    if (index_.ticks.empty() || index_.ticks.back().tick != tick_) {
      index_.ticks.push_back({.from = index_.who.size(), .tick = tick_});
    }
    index_.who.push_back(actor);
    kind_.domain = DomainId(size_t{domain});
    kind_.routine = RoutineIndex(static_cast<size_t>(routine));
    kind_.work = work;
    kind_.part = 0;
    kind_.mask = 0;
    kind_.emissions = 0;
    kind_.slots.clear();
    kind_.flips.clear();
    hash_ = Sum128{(uint64_t{domain} << 32) | routine, static_cast<uint64_t>(work)};
  }
  // The message was sent by a cycle: the first one of the chunk is number 1.
  void took(uint32_t actor, uint64_t cause) {
    if (actor >= takers_.size()) takers_.resize(actor + size_t{1});
    if (takers_[actor]) return;
    takers_[actor] = true;
    index_.takes->push_back({.actor = actor, .ago = ChunkIndex::how_long_ago(cause, 1)});
  }
  void part(uint64_t part) { kind_.part = part, mix(part); }
  void mask(uint8_t mask) { kind_.mask = mask, mix(mask); }
  // A field of that actor, an int, or a bool as 0 or 1; else none.
  void wrote(uint32_t actor, uint64_t slot, std::optional<int64_t> number) {
    kind_.slots.push_back(static_cast<uint32_t>(slot)), mix(slot);
    if (number) became(actor, slot, *number);
  }
  void flipped(uint64_t flip) { kind_.flips.push_back(static_cast<uint32_t>(flip)), mix(flip); }
  void emitted(uint64_t count) { kind_.emissions = count, mix(count); }
  void over() { index_.what.push_back(number()); }

 private:
  void became(uint32_t actor, uint64_t slot, int64_t number) {
    uint32_t& place = number_places_(actor, slot);
    const Extent now{.low = number, .high = number, .last = number};
    if (place == 0) {
      numbers_written_.push_back(
          {.actor = actor, .slot = static_cast<uint32_t>(slot), .extent = now});
      place = static_cast<uint32_t>(numbers_written_.size());
    } else {
      numbers_written_[place - 1].extent.take_in(now);
    }
  }
  // Of the kind that has been put together.
  uint32_t number() {
    uint32_t& number = numbers_(static_cast<uint32_t>(hash_.b), hash_.a);
    if (number == 0) {
      index_.kinds.push_back(kind_);
      number = static_cast<uint32_t>(index_.kinds.size());
    }
    return number - 1;
  }
  void mix(uint64_t value) {
    hash_.a = (hash_.a ^ value) * 0x9e3779b97f4a7c15ull;
    hash_.a ^= hash_.a >> 29;
    hash_.b = (hash_.b + value + 1) * 0xd1b54a32d192ed03ull;
  }

  const Program& program_;
  ChunkIndex index_;
  uint64_t tick_ = 0;
  ChunkIndex::Kind kind_;                     // of the cycle under way, or the act
  std::vector<std::optional<int64_t>> said_;  // by the act
  Sum128 hash_;
  PairTable numbers_;         // of kinds by their hash, one more
  std::vector<bool> takers_;  // by actor, whether it has taken one
  std::vector<Numbers> numbers_written_;
  PairTable number_places_;  // where an actor's field stands there, one more
};

}  // namespace lexum
