#include "tracer/chunk_index.h"

#include <algorithm>
#include <functional>

namespace lexum {

namespace {

// Numbers that are close to the one before.
template <class Range, class Of>
void write_steps(ByteWriter& out, const Range& all, Of of) {
  uint64_t last = 0;
  for (const auto& one : all) {
    const uint64_t v = of(one);
    out.varint(zigzag(static_cast<int64_t>(v - last)));
    last = v;
  }
}
// Reads them again, each below `limit`.
class Steps {
 public:
  Steps(ByteReader& in, uint64_t limit) : in_(in), limit_(limit) {}

  uint64_t next() {
    last_ += static_cast<uint64_t>(unzigzag(in_.varint()));
    good_ = good_ && last_ < limit_;
    return last_;
  }
  [[nodiscard]] bool good() const { return good_ && in_.good(); }

 private:
  ByteReader& in_;
  const uint64_t limit_;
  uint64_t last_ = 0;
  bool good_ = true;
};

void write_actor(ByteWriter& out, const ChunkIndex::Actor& actor) {
  out.varint(actor.domain.value);
  if (actor.key.kind() == Kind::kInt) out.signed_varint(actor.key.as_int());
  if (actor.key.kind() == Kind::kText) out.text(actor.key.text());
}

std::optional<ChunkIndex::Actor> read_actor(ByteReader& in, const Program& program) {
  const uint64_t number = in.varint();
  if (number >= program.domains.size()) return {};
  ChunkIndex::Actor actor{.domain = DomainId(static_cast<size_t>(number)), .key = {}};
  const Domain& domain = program[actor.domain];
  if (domain.keyed) {
    const bool is_int = program.types[domain.key_type].kind == TypeKind::kInt;
    actor.key = is_int ? Value::of(in.signed_varint()) : Value::of(in.text());
  }
  return in.good() ? std::optional(std::move(actor)) : std::nullopt;
}

void write_kind(ByteWriter& out, const ChunkIndex::Kind& kind) {
  out.varint(kind.domain.value);
  out.varint(kind.of_act() ? 0 : kind.routine.value);
  out.byte(static_cast<uint8_t>(kind.work));
  out.varint(kind.part);
  out.byte(kind.mask);
  out.varint(kind.emissions);
  out.varint(kind.slots.size());
  for (const uint32_t slot : kind.slots) out.varint(slot);
  out.varint(kind.flips.size());
  for (const uint32_t flip : kind.flips) out.varint(flip);
}

std::optional<std::vector<uint32_t>> read_numbers(ByteReader& in, uint64_t limit) {
  std::vector<uint32_t> numbers;
  const uint64_t count = in.varint();
  if (count > in.left()) return {};
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t v = in.varint();
    if (!in.good() || v >= limit || v > UINT32_MAX) return {};
    numbers.push_back(static_cast<uint32_t>(v));
  }
  return numbers;
}

std::optional<ChunkIndex::Kind> read_kind(ByteReader& in, const Program& program) {
  ChunkIndex::Kind kind;
  const uint64_t number = in.varint();
  const uint64_t routine = in.varint();
  if (!in.good() || number >= program.domains.size()) return {};
  kind.domain = DomainId(static_cast<size_t>(number));
  const Domain& domain = program[kind.domain];
  const uint8_t work = in.byte();
  if (work > static_cast<uint8_t>(WorkKind::kSlice)) return {};
  kind.work = static_cast<WorkKind>(work);
  kind.part = in.varint();
  kind.mask = in.byte();
  if (!kind.of_act()) {
    if (routine >= domain.routines.size()) return {};
    kind.routine = RoutineIndex(static_cast<size_t>(routine));
  } else if (kind.mask != kOfAct || routine != 0 || kind.work != WorkKind::kMessage) {
    return {};
  }
  kind.emissions = in.varint();
  auto slots = read_numbers(in, domain.fields.size());
  auto flips = slots ? read_numbers(in, 4 * domain.goals.size()) : std::nullopt;
  if (!flips) return {};
  kind.slots = std::move(*slots);
  kind.flips = std::move(*flips);
  return kind;
}

}  // namespace

size_t ChunkIndex::bytes() const {
  return actors.size() * sizeof(Actor) + kinds.size() * (sizeof(Kind) + 16) +
         (who.size() + what.size()) * sizeof(uint32_t) + ticks.size() * sizeof(Tick) +
         births.size() * sizeof(Birth) + (inputs.size() + rollbacks.size()) * sizeof(uint64_t) +
         acts.size() * sizeof(Act) + (takes ? takes->size() * sizeof(Taken) : 0);
}

bool fits(const ChunkIndex::Kind& kind, const Program& program) {
  if (kind.domain.index() >= program.domains.size()) return false;
  const Domain& domain = program[kind.domain];
  return (kind.of_act() || kind.routine.index() < domain.routines.size()) &&
         std::ranges::all_of(kind.slots, [&](uint32_t v) { return v < domain.fields.size(); }) &&
         std::ranges::all_of(kind.flips, [&](uint32_t v) { return v < 4 * domain.goals.size(); });
}

void KindTable::add(size_t chunk, const ChunkIndex& index) {
  of_chunk.resize(chunk + 1);
  std::vector<uint32_t>& its = of_chunk[chunk].emplace();
  ByteWriter bytes;
  for (const ChunkIndex::Kind& kind : index.kinds) {
    bytes.clear();
    write_kind(bytes, kind);
    const auto [known, is_new] =
        numbers_.try_emplace(std::string(as_text(bytes.bytes())), kinds.size());
    if (is_new) kinds.push_back(kind);
    its.push_back(known->second);
  }
  std::ranges::sort(its);
}

void take_kind(const CycleRecord& record, ChunkIndex::Kind& kind) {
  kind.domain = record.domain;
  kind.routine = record.routine;
  kind.work = record.work;
  kind.mask = cycle_mask(record);
  const bool of_goal = record.work == WorkKind::kGoal || record.work == WorkKind::kElse;
  kind.part = of_goal ? record.goal.value : record.work == WorkKind::kSlice ? record.slice : 0;
  kind.emissions = record.outbox->emitted.size();
  kind.slots.clear();
  if ((kind.mask & kHasChanges) != 0) {
    for (const FieldChange& change : record.before) kind.slots.push_back(change.slot);
  }
  kind.flips.clear();
  for (const GoalFlip& flip : record.flips) {
    kind.flips.push_back(4 * flip.goal.value + static_cast<uint32_t>(flip.to));
  }
}

void write_kinds(ByteWriter& out, const KindTable& table) {
  out.varint(table.kinds.size());
  for (const ChunkIndex::Kind& kind : table.kinds) write_kind(out, kind);
  out.varint(table.of_chunk.size());
  for (const auto& its : table.of_chunk) {
    out.varint(its ? its->size() + 1 : 0);
    if (its) write_steps(out, *its, [](uint64_t v) { return v; });
  }
}

std::optional<KindTable> read_kinds(ByteReader& in, const Program& program, size_t chunks) {
  KindTable table;
  const uint64_t kinds = in.varint();
  if (kinds > in.left()) return {};
  for (uint64_t i = 0; i < kinds; ++i) {
    auto kind = read_kind(in, program);
    if (!kind) return {};
    table.kinds.push_back(std::move(*kind));
  }
  const uint64_t known = in.varint();
  if (!in.good() || known > chunks) return {};
  table.of_chunk.resize(chunks);
  for (uint64_t i = 0; i < known; ++i) {
    const uint64_t count = in.varint();
    if (count == 0) continue;
    if (count - 1 > in.left()) return {};
    std::vector<uint32_t>& its = table.of_chunk[i].emplace(count - 1);
    Steps steps(in, kinds);
    for (uint32_t& one : its) one = static_cast<uint32_t>(steps.next());
    if (!steps.good()) return {};
  }
  return in.good() ? std::optional(std::move(table)) : std::nullopt;
}

std::vector<size_t> write_index(ByteWriter& out, const ChunkIndex& index) {
  std::vector<size_t> ends;
  out.varint(index.actors.size());
  for (const ChunkIndex::Actor& actor : index.actors) write_actor(out, actor);
  out.varint(index.kinds.size());
  for (const ChunkIndex::Kind& kind : index.kinds) write_kind(out, kind);
  const auto itself = [](uint64_t v) { return v; };
  ends.push_back(out.size());
  write_steps(out, index.who, itself);
  ends.push_back(out.size());
  for (const uint32_t kind : index.what) out.varint(kind);
  ends.push_back(out.size());
  out.varint(index.ticks.size());
  write_steps(out, index.ticks, [](const ChunkIndex::Tick& tick) { return tick.from; });
  write_steps(out, index.ticks, [](const ChunkIndex::Tick& tick) { return tick.tick; });
  out.varint(index.births.size());
  write_steps(out, index.births, [](const ChunkIndex::Birth& birth) { return birth.before; });
  write_steps(out, index.births, [](const ChunkIndex::Birth& birth) { return birth.actor; });
  for (const auto* list : {&index.inputs, &index.rollbacks}) {
    out.varint(list->size());
    write_steps(out, *list, itself);
  }
  out.varint(index.takes->size());
  write_steps(out, *index.takes, [](const ChunkIndex::Taken& one) { return one.actor; });
  ends.push_back(out.size());
  for (const ChunkIndex::Taken& one : *index.takes) out.signed_varint(one.ago);
  ends.push_back(out.size());
  if (index.acts.empty()) return ends;
  out.varint(index.acts.size());
  write_steps(out, index.acts, [](const ChunkIndex::Act& act) { return act.before; });
  write_steps(out, index.acts, [](const ChunkIndex::Act& act) { return act.actor; });
  write_steps(out, index.acts, [](const ChunkIndex::Act& act) { return act.kind; });
  return ends;
}

namespace {

constexpr uint32_t kTakesSince = 5;      // of the versions of the format
constexpr uint64_t kOldPlaceEvery = 64;  // up to then, there was a place for each so many cycles

bool pass_places(ByteReader& in, uint64_t cycles) {
  for (uint64_t i = 0; i < 3 * ((cycles + kOldPlaceEvery - 1) / kOldPlaceEvery); ++i) in.varint();
  return in.good();
}

bool read_takes(ByteReader& in, ChunkIndex& index) {
  const uint64_t count = in.varint();
  if (count > in.left()) return false;
  std::vector<ChunkIndex::Taken>& takes = index.takes.emplace(count);
  Steps actor(in, index.actors.size());
  for (ChunkIndex::Taken& one : takes) one.actor = static_cast<uint32_t>(actor.next());
  if (!actor.good()) return false;
  for (ChunkIndex::Taken& one : takes) one.ago = in.signed_varint();
  return in.good();
}

// Behind all else, where there are any. A cycle is of no act's kind, nor the other way round.
bool read_acts(ByteReader& in, ChunkIndex& index) {
  const auto is_of_act = [&](uint32_t kind) { return index.kinds[kind].of_act(); };
  if (std::ranges::any_of(index.what, is_of_act)) return false;
  if (in.left() == 0) return true;
  const uint64_t acts = in.varint();
  if (acts > in.left()) return false;
  index.acts.resize(acts);
  Steps before(in, index.who.size() + 1);
  for (ChunkIndex::Act& act : index.acts) act.before = before.next();
  Steps actor(in, index.actors.size());
  for (ChunkIndex::Act& act : index.acts) act.actor = static_cast<uint32_t>(actor.next());
  Steps kind(in, index.kinds.size());
  for (ChunkIndex::Act& act : index.acts) act.kind = static_cast<uint32_t>(kind.next());
  return before.good() && actor.good() && kind.good() &&
         std::ranges::is_sorted(index.acts, {}, &ChunkIndex::Act::before) &&
         std::ranges::all_of(index.acts, is_of_act, &ChunkIndex::Act::kind);
}

}  // namespace

std::optional<ChunkIndex> read_index(ByteReader& in, const Program& program, uint64_t cycles,
                                     uint32_t version) {
  ChunkIndex index;
  const uint64_t actors = in.varint();
  if (actors > in.left()) return {};
  for (uint64_t i = 0; i < actors; ++i) {
    auto actor = read_actor(in, program);
    if (!actor) return {};
    index.actors.push_back(std::move(*actor));
  }
  const uint64_t kinds = in.varint();
  if (kinds > in.left()) return {};
  for (uint64_t i = 0; i < kinds; ++i) {
    auto kind = read_kind(in, program);
    if (!kind) return {};
    index.kinds.push_back(std::move(*kind));
  }
  if (cycles > in.left()) return {};
  Steps who(in, actors);
  index.who.resize(cycles);
  for (uint32_t& one : index.who) one = static_cast<uint32_t>(who.next());
  if (!who.good()) return {};
  index.what.resize(cycles);
  for (uint32_t& one : index.what) {
    const uint64_t kind = in.varint();
    if (!in.good() || kind >= kinds) return {};
    one = static_cast<uint32_t>(kind);
  }
  if (version < kTakesSince && !pass_places(in, cycles)) return {};
  const uint64_t ticks = in.varint();
  if (ticks > in.left()) return {};
  index.ticks.resize(ticks);
  Steps from(in, cycles);
  for (ChunkIndex::Tick& tick : index.ticks) tick.from = from.next();
  Steps number(in, UINT64_MAX);
  for (ChunkIndex::Tick& tick : index.ticks) tick.tick = number.next();
  const auto earlier = [](const ChunkIndex::Tick& a, const ChunkIndex::Tick& b) {
    return a.from < b.from && a.tick < b.tick;
  };
  if (!from.good() || !number.good() || (cycles > 0) != (ticks > 0) ||
      (ticks > 0 && index.ticks[0].from != 0) ||
      std::ranges::adjacent_find(index.ticks, std::not_fn(earlier)) != index.ticks.end()) {
    return {};
  }
  const uint64_t births = in.varint();
  if (births > in.left()) return {};
  index.births.resize(births);
  Steps before(in, cycles + 1);
  for (ChunkIndex::Birth& birth : index.births) birth.before = before.next();
  Steps born(in, actors);
  for (ChunkIndex::Birth& birth : index.births) birth.actor = static_cast<uint32_t>(born.next());
  if (!before.good() || !born.good()) return {};
  for (std::vector<uint64_t>* list : {&index.inputs, &index.rollbacks}) {
    const uint64_t count = in.varint();
    if (count > in.left()) return {};
    list->resize(count);
    Steps behind(in, cycles + 1);
    for (uint64_t& one : *list) one = behind.next();
    if (!behind.good()) return {};
  }
  if (version >= kTakesSince && !read_takes(in, index)) return {};
  return read_acts(in, index) ? std::optional(std::move(index)) : std::nullopt;
}

void IndexNotes::begin(uint64_t tick) {
  index_.actors.clear();
  index_.kinds.clear();
  index_.who.clear();
  index_.what.clear();
  index_.ticks.clear();
  index_.births.clear();
  index_.inputs.clear();
  index_.rollbacks.clear();
  index_.acts.clear();
  index_.takes.emplace();
  takers_.clear();
  numbers_.clear();
  numbers_written_.clear();
  number_places_.clear();
  tick_ = tick;
}

// What it is about, its bits, how many fields it changed; each field and what it became; flips.
void IndexNotes::acted(uint32_t actor, uint32_t domain) {
  constexpr size_t kFirst = 3;
  kind_ = {};
  kind_.domain = DomainId(size_t{domain});
  kind_.mask = kOfAct;
  const auto is_number = [](std::optional<int64_t> one) { return one && *one >= 0; };
  if (said_.size() < kFirst || !std::all_of(said_.begin(), said_.begin() + kFirst, is_number))
    return;
  kind_.part = static_cast<uint64_t>(*said_[1]);
  const auto changes = static_cast<uint64_t>(*said_[2]);
  if (changes > (said_.size() - kFirst) / 2) return;
  const auto take = [&](size_t at, std::vector<uint32_t>& numbers) {
    const bool good = is_number(said_[at]) && *said_[at] <= UINT32_MAX;
    if (good) numbers.push_back(static_cast<uint32_t>(*said_[at]));
    return good;
  };
  const size_t flips = kFirst + 2 * changes;
  for (size_t i = kFirst; i < flips; i += 2) {
    if (!take(i, kind_.slots)) return;
  }
  for (size_t i = flips; i < said_.size(); ++i) {
    if (!take(i, kind_.flips)) return;
  }
  if (!fits(kind_, program_)) return;
  std::ranges::sort(kind_.slots);
  hash_ = Sum128{uint64_t{domain} << 32, kOfAct};
  for (const uint64_t one : {kind_.part, kind_.slots.size()}) mix(one);
  for (const std::vector<uint32_t>* list : {&kind_.slots, &kind_.flips}) {
    for (const uint32_t one : *list) mix(one);
  }
  index_.acts.push_back({.before = index_.who.size(), .actor = actor, .kind = number()});
  for (size_t i = kFirst; i < flips; i += 2) {
    if (said_[i + 1]) became(actor, static_cast<uint64_t>(*said_[i]), *said_[i + 1]);
  }
}

void IndexNotes::met(uint32_t domain, int64_t key) {
  const DomainId id(size_t{domain});
  index_.actors.push_back({.domain = id, .key = program_[id].keyed ? Value::of(key) : Value()});
}

void IndexNotes::met(uint32_t domain, std::string_view key) {
  index_.actors.push_back({.domain = DomainId(size_t{domain}), .key = Value::of(key)});
}

}  // namespace lexum
