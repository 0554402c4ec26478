#include "tracer/diff.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "tracer/line.h"
#include "tracer/recorded.h"

namespace lexum {

namespace {

constexpr uint64_t kCyclesBetweenLooks = 1 << 12;

uint64_t chunk_end(const ChunkEntry& chunk) { return chunk.first_cycle + chunk.cycle_count - 1; }

bool same_program(const TraceReader& a, const TraceReader& b) {
  return a.header().program_text == b.header().program_text;
}

bool same_start_values(const TraceHeader& a, const TraceHeader& b) {
  const auto equal = [](const StartValue& x, const StartValue& y) {
    return x.domain == y.domain && x.key == y.key && x.slot == y.slot && x.value == y.value;
  };
  return std::ranges::equal(a.start_values, b.start_values, equal);
}

// ---------------------------------------------------------------------------------------- parting

// The chunks of two traces that end with the same cycle, and what has been hashed up to there.
struct CommonEnd {
  size_t one;
  size_t other;
};

std::vector<CommonEnd> common_ends(const TraceReader& one, const TraceReader& other) {
  std::vector<CommonEnd> ends;
  size_t j = 0;
  const auto chunks = other.chunks();
  for (size_t i = 0; i < one.chunks().size(); ++i) {
    const uint64_t end = chunk_end(one.chunks()[i]);
    while (j < chunks.size() && chunk_end(chunks[j]) < end) ++j;
    // Where several end there, events without a cycle are in the later ones.
    if (j < chunks.size() && chunk_end(chunks[j]) == end) ends.push_back({i, j});
  }
  return ends;
}

Result<bool> hashes_differ(TraceReader& one, TraceReader& other, CommonEnd end) {
  const auto a = one.chunk(end.one);
  if (!a) return a.error();
  const auto b = other.chunk(end.other);
  if (!b) return b.error();
  return (*a)->head.run_hash != (*b)->head.run_hash;
}

// The last chunks behind which both have done the same, by halves: the next ones are to be read.
Result<CommonEnd> last_common(TraceReader& one, TraceReader& other) {
  const std::vector<CommonEnd> ends = common_ends(one, other);
  size_t same = 0;  // so many are the same
  size_t differs = ends.size() + 1;
  while (same + 1 < differs) {
    const size_t middle = same + (differs - same) / 2;
    const Result<bool> different = hashes_differ(one, other, ends[middle - 1]);
    if (!different) return different.error();
    (*different ? differs : same) = middle;
  }
  if (same == 0) return CommonEnd{0, 0};
  return CommonEnd{ends[same - 1].one + 1, ends[same - 1].other + 1};
}

// Events one by one.
class SideBySide {
 public:
  SideBySide(TraceReader& one, TraceReader& other, CommonEnd from, uint64_t after)
      : one_(one, from.one),
        other_(other, from.other),
        comparable_(!same_program(one, other)),
        one_lines_(one.program(), detail()),
        other_lines_(other.program(), detail()),
        cycle_(after) {
    if (is_behind(one, from.one, after)) skip(one_, after);
    if (is_behind(other, from.other, after)) skip(other_, after);
  }

  Result<std::optional<Parting>> run(const Looking& looking) {
    for (uint64_t events = 0;; ++events) {
      const EventView* a = one_.peek();
      const EventView* b = other_.peek();
      if (one_.error()) return *one_.error();
      if (other_.error()) return *other_.error();
      if (a == nullptr && b == nullptr) return std::optional<Parting>();
      if (a == nullptr || b == nullptr || !same(*a, *b)) return parting(a, b);
      if (const auto* ran = std::get_if<CycleView>(a)) cycle_ = ran->cycle;
      one_.take();
      other_.take();
      if (events % kCyclesBetweenLooks != 0) continue;
      if (looking.stopped()) return interrupted();
      if (looking.progress) looking.progress(cycle_);
    }
  }

 private:
  [[nodiscard]] Detail detail() const { return comparable_ ? Detail::kComparable : Detail::kAll; }

  // Whether that cycle stands in the chunk.
  static bool is_behind(const TraceReader& trace, size_t chunk, uint64_t cycle) {
    return chunk < trace.chunks().size() && trace.chunks()[chunk].first_cycle <= cycle;
  }
  // Everything up to that cycle, and nothing of what came between it and the next one.
  static void skip(RecordedEvents& events, uint64_t cycle) {
    for (const EventView* event = events.peek(); event != nullptr; event = events.peek()) {
      const auto* ran = std::get_if<CycleView>(event);
      const bool last = ran != nullptr && ran->cycle == cycle;
      events.take();
      if (last) return;
    }
  }

  bool same(const EventView& a, const EventView& b) {
    if (!comparable_ && std::ranges::equal(one_.bytes(), other_.bytes())) return true;
    // Bytes have distances, and the first one of a fork is counted from elsewhere.
    return a.index() == b.index() && one_lines_.line(a) == other_lines_.line(b);
  }
  std::optional<Parting> parting(const EventView* a, const EventView* b) const {
    return Parting{.cycle = cycle_ + 1,
                   .one = a == nullptr ? "" : one_lines_.line(*a),
                   .other = b == nullptr ? "" : other_lines_.line(*b)};
  }

  RecordedEvents one_;
  RecordedEvents other_;
  const bool comparable_;
  const LineWriter one_lines_;
  const LineWriter other_lines_;
  uint64_t cycle_;  // up to which they are the same
};

// ---------------------------------------------------------------------------------------- lineages

uint64_t mixed(uint64_t a, uint64_t b) {
  const Sum128 sum = mark(a, b);
  return sum.a ^ (sum.b << 1);
}
uint64_t mixed(uint64_t a, std::string_view text) {
  for (const char c : text) a = mixed(a, static_cast<unsigned char>(c));
  return a;
}

// One run behind the parting: each message by its lineage, and how the state went.
class Aftermath {
 public:
  Aftermath(TraceReader& trace, uint64_t after)
      : trace_(trace), program_(trace.program()), after_(after) {}

  struct Taken {
    uint64_t cycle = 0;
    uint64_t what = 0;  // of its arguments and of what it did
  };

  Status read(const Looking& looking) {
    Result<std::unique_ptr<Timeline>> timeline = Timeline::open(trace_);
    if (!timeline) return timeline.error();
    timeline_ = std::move(*timeline);
    if (Status there = timeline_->go_to(after_); !there) return there;
    for (const InstanceId id : timeline_->instances_in_order()) add(timeline_->state()[id], 1);
    states_.push_back(state_);
    const uint64_t end = std::min(trace_.cycles(), after_ + kDiffCyclesMax);
    cut_ = end < trace_.cycles();
    while (timeline_->at().cycle < end) {
      Status moved = timeline_->forward([this](const Edit& edit) { follow(edit); });
      if (!moved) return moved;
      states_.push_back(state_);
      const Result<CycleView> ran = timeline_->event();
      if (!ran) return ran.error();
      note(*ran);
      const uint64_t at = timeline_->at().cycle;
      if (at % kCyclesBetweenLooks != 0) continue;
      if (looking.stopped()) return interrupted();
      if (looking.progress) looking.progress(at);
    }
    return Done{};
  }

  [[nodiscard]] bool cut() const { return cut_; }
  [[nodiscard]] const std::map<uint64_t, Taken>& messages() const { return messages_; }
  // After the parting, one for each cycle.
  [[nodiscard]] const std::vector<Sum128>& states() const { return states_; }
  [[nodiscard]] Timeline& timeline() { return *timeline_; }

 private:
  // ---- the state, as a sum over everybody's fields

  static uint64_t who(const Program& program, DomainId domain, const Value& key) {
    return mixed(7, instance_name(program, domain, key));
  }
  void set(const InstanceState& instance, uint32_t slot, const Value& value, int sign) {
    const std::string& field = program_[instance.domain].fields[slot].name;
    const Sum128 mark = value.mark_at(mixed(who(program_, instance.domain, instance.key), field));
    if (sign > 0) state_ += mark;
    else state_ -= mark;
  }
  void add(const InstanceState& instance, int sign) {
    if (instance.gone) return;
    for (uint32_t slot = 0; slot < instance.fields.size(); ++slot) {
      set(instance, slot, instance.fields[slot], sign);
    }
  }
  void follow(const Edit& edit) {
    if (const auto* field = std::get_if<FieldEdit>(&edit)) {
      const InstanceState& instance = timeline_->state()[field->id];
      set(instance, field->slot, field->before, -1);
      set(instance, field->slot, field->after, 1);
    } else if (const auto* whole = std::get_if<WholeEdit>(&edit)) {
      if (whole->before) add(*whole->before, -1);
      if (whole->after) add(*whole->after, 1);
    }
  }

  // ---- messages

  // Of what was sent before the parting, cycles and places are the same in both.
  uint64_t lineage_of(uint64_t cycle, uint32_t emission) const {
    const auto found = sent_.find({cycle, emission});
    return found != sent_.end() ? found->second : mixed(mixed(11, cycle), emission);
  }
  uint64_t lineage_of(const CycleView& ran) {
    const Domain& domain = program_[ran.domain];
    uint64_t lineage =
        mixed(who(program_, ran.domain, ran.key), domain.routines[ran.routine.index()].name);
    lineage = mixed(lineage, ran.slice);
    if (ran.cause) {
      const bool from_outside = ran.cause->kind == OriginKind::kInput;
      return mixed(lineage, from_outside ? mixed(13, ran.cause->input)
                                         : lineage_of(ran.cause->cycle, ran.cause->emission));
    }
    // What nobody sent is known by how often it has happened.
    return mixed(lineage, ++times_[lineage]);
  }
  void note(const CycleView& ran) {
    const uint64_t lineage = lineage_of(ran);
    uint64_t what = 17;
    for (const ChangeView& change : ran.changes) {
      what = mixed(mixed(what, program_[ran.domain].fields[change.slot].name),
                   change.after.known ? change.after.value.digest().a : change.after.size);
    }
    for (uint32_t i = 0; i < ran.emissions.size(); ++i) {
      const EmissionView& emitted = ran.emissions[i];
      const Emission& site = program_.emissions[emitted.site.index()];
      sent_[{ran.cycle, i}] = mixed(mixed(19, lineage), i);
      what = mixed(what, program_.source.text(site.span));
      what = mixed(what, emitted.key.digest().a);
      for (const Value& arg : emitted.args) what = mixed(what, arg.digest().a);
    }
    if (ran.fault) what = mixed(what, 23 + static_cast<uint64_t>(ran.fault->code));
    // A message that was duplicated has its lineage twice.
    uint64_t place = lineage;
    while (!messages_.try_emplace(place, Taken{ran.cycle, what}).second) place = mixed(place, 29);
  }

  TraceReader& trace_;
  const Program& program_;
  const uint64_t after_;
  std::unique_ptr<Timeline> timeline_;
  bool cut_ = false;
  Sum128 state_;
  std::vector<Sum128> states_;
  std::map<std::pair<uint64_t, uint32_t>, uint64_t> sent_;  // by cycle and emission
  std::unordered_map<uint64_t, uint64_t> times_;
  std::map<uint64_t, Taken> messages_;
};

std::string line_at(Timeline& timeline, uint64_t cycle) {
  if (!timeline.go_to(cycle)) return "cannot be read";
  const Result<CycleView> ran = timeline.event();
  return ran ? LineWriter(timeline.trace().program()).line(*ran) : "cannot be read";
}

void compare_messages(Aftermath& one, Aftermath& other, Diff& diff) {
  using What = MessageDifference::What;
  std::vector<MessageDifference> all;
  for (const auto& [lineage, taken] : one.messages()) {
    const auto there = other.messages().find(lineage);
    if (there == other.messages().end()) {
      all.push_back({.what = What::kOnlyInOne, .one = taken.cycle});
    } else if (there->second.what != taken.what) {
      all.push_back({.what = What::kChanged, .one = taken.cycle, .other = there->second.cycle});
    }
  }
  for (const auto& [lineage, taken] : other.messages()) {
    if (!one.messages().contains(lineage)) {
      all.push_back({.what = What::kOnlyInOther, .other = taken.cycle});
    }
  }
  std::ranges::sort(all, {}, [](const MessageDifference& one_of) {
    return std::pair(one_of.one != 0 ? one_of.one : one_of.other, one_of.other);
  });
  if (all.size() > kDiffMessagesMax) {
    diff.more_messages = all.size() - kDiffMessagesMax;
    all.resize(kDiffMessagesMax);
  }
  for (MessageDifference& message : all) {
    if (message.one != 0) message.one_line = line_at(one.timeline(), message.one);
    if (message.other != 0) message.other_line = line_at(other.timeline(), message.other);
  }
  diff.messages = std::move(all);
}

// Counted from their ends: how long they were the same.
void find_meeting(const Aftermath& one, const Aftermath& other, uint64_t after, Diff& diff) {
  const std::vector<Sum128>& a = one.states();
  const std::vector<Sum128>& b = other.states();
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) {
    ++same;
  }
  if (same == 0) return;
  diff.meeting = {.one = after + a.size() - same, .other = after + b.size() - same};
}

using Fields = std::map<std::string, std::string>;
Result<Fields> fields_at_end(Timeline& timeline) {
  const TraceReader& trace = timeline.trace();
  const Program& program = trace.program();
  if (Status there = timeline.go_to(trace.cycles()); !there) return there.error();
  Fields fields;
  for (const InstanceId id : timeline.instances_in_order()) {
    const InstanceState& instance = timeline.state()[id];
    const std::string name = instance_name(program, instance.domain, instance.key);
    for (uint32_t slot = 0; slot < instance.fields.size(); ++slot) {
      fields[name + "." + program[instance.domain].fields[slot].name] =
          literal(instance.fields[slot], program.shapes);
    }
  }
  return fields;
}

Status compare_ends(Aftermath& one, Aftermath& other, Diff& diff) {
  const Result<Fields> a = fields_at_end(one.timeline());
  if (!a) return a.error();
  const Result<Fields> b = fields_at_end(other.timeline());
  if (!b) return b.error();
  for (const auto& [name, value] : *a) {
    const auto there = b->find(name);
    const std::string else_value = there == b->end() ? "" : there->second;
    if (value != else_value) diff.fields.push_back({name, value, else_value});
  }
  for (const auto& [name, value] : *b) {
    if (!a->contains(name)) diff.fields.push_back({name, "", value});
  }
  return Done{};
}

}  // namespace

Result<std::optional<Parting>> parting_of(TraceReader& one, TraceReader& other,
                                          const Looking& looking) {
  const uint64_t after = std::max(one.start(), other.start());
  if (after > one.cycles() || after > other.cycles()) {
    return Error{
        .code = ErrorCode::kMismatch,
        .what = fmt::format("{} and {} have no cycle in common", one.path(), other.path())};
  }
  // The hashes are of the whole run, so both must have begun at the same place.
  CommonEnd from{};
  if (one.start() == other.start() && same_program(one, other)) {
    const Result<CommonEnd> last = last_common(one, other);
    if (!last) return last.error();
    from = *last;
    if (from.one > 0) {
      return SideBySide(one, other, from, chunk_end(one.chunks()[from.one - 1])).run(looking);
    }
  }
  if (after > one.start()) from.one = one.chunk_of(after);
  if (after > other.start()) from.other = other.chunk_of(after);
  return SideBySide(one, other, from, after).run(looking);
}

Result<Diff> diff(TraceReader& one, TraceReader& other, const Looking& looking) {
  Diff diff{.from = std::max(one.start(), other.start())};
  if (!same_program(one, other)) diff.before.push_back("the programs differ");
  if (!same_start_values(one.header(), other.header())) {
    diff.before.push_back("the start values differ");
  }
  Result<std::optional<Parting>> parting = parting_of(one, other, looking);
  if (!parting) return parting.error();
  diff.parting = std::move(*parting);
  if (!diff.parting) return diff;
  const uint64_t after = diff.parting->cycle - 1;
  Aftermath a(one, after);
  Aftermath b(other, after);
  if (Status read = a.read(looking); !read) return read.error();
  if (Status read = b.read(looking); !read) return read.error();
  diff.cut = a.cut() || b.cut();
  compare_messages(a, b, diff);
  if (!diff.cut) find_meeting(a, b, after, diff);
  if (Status compared = compare_ends(a, b, diff); !compared) return compared.error();
  return diff;
}

}  // namespace lexum
