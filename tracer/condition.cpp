#include "tracer/condition.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "eval/load.h"
#include "syntax/parser.h"
#include "tracer/line.h"
#include "tracer/records.h"
#include "value/change.h"

namespace lexum {
namespace {

// `skip` is what was put before the expression.
Error wrong(const Source& expression, const Diagnostic& diagnostic, size_t skip) {
  const size_t offset = diagnostic.span.begin - std::min<size_t>(skip, diagnostic.span.begin);
  const size_t inside = std::min(offset, expression.text().size());
  return {.code = ErrorCode::kMismatch,
          .what = fmt::format(
              "column {}: {}{}{}", expression.place(static_cast<uint32_t>(inside)).column,
              diagnostic.message, diagnostic.help.empty() ? "" : "; ", diagnostic.help)};
}

// A domain with the same key and fields, in which a member can be written.
std::string domain_like(const Program& program, const Domain& domain) {
  std::string name = "Asked";
  while (program.find_domain(name)) name += "_";
  std::string text = "\ndomain " + name;
  if (domain.keyed) {
    text += fmt::format("[{}: {}]", domain.key_name, spell(program, domain.key_type));
  }
  text += " { state {";
  for (const Field& field : domain.fields) {
    text += fmt::format(" {}: {}", field.name, spell(program, field.type));
  }
  return text + " } ";
}

// The program with one more domain, in which the expression stands between those texts.
Result<std::unique_ptr<const Program>> with_asked(const Program& program, const Subjects& whose,
                                                  std::string_view before,
                                                  std::string_view expression,
                                                  std::string_view behind) {
  Diagnostics of_fragment;
  const Source alone("", std::string(expression));
  const Fragment fragment = parse_expression(alone, of_fragment);
  if (!fragment.expr || of_fragment.has_errors()) {
    return wrong(alone, of_fragment.sorted().front(), 0);
  }
  std::string text(program.source.text());
  text += domain_like(program, program[whose.domain]);
  text += before;
  const size_t skip = text.size();
  // A comment at its end must not hide what comes behind it.
  text += fmt::format("{}\n{} }}", expression, behind);
  Diagnostics diagnostics;
  std::unique_ptr<const Program> loaded =
      load(Source(program.source.name(), std::move(text)), diagnostics);
  if (loaded != nullptr) return loaded;
  const std::vector<Diagnostic> found = diagnostics.sorted();
  const auto error =
      std::ranges::find_if(found, [&](const Diagnostic& one) { return one.span.begin >= skip; });
  return wrong(alone, error == found.end() ? found.front() : *error, skip);
}

// A file that lies must not make the interpreter meet what it cannot.
bool can_read(const Program& program, FieldMask reads, const InstanceState& instance) {
  const std::vector<Field>& fields = program.domains.back().fields;
  for (uint32_t slot = 0; slot < fields.size(); ++slot) {
    if (!reads.meets(FieldMask::of(slot))) continue;
    if (!fits(instance.fields[slot], fields[slot].type, program)) return false;
  }
  return true;
}

}  // namespace

Expression::Expression(std::unique_ptr<const Program> program, Subjects whose)
    : program_(std::move(program)),
      whose_(std::move(whose)),
      routine_(program_->domains.back().routines.front()),
      interpreter_(*program_) {}

// The engine writes the value down as it logs it: a list of one.
Result<std::unique_ptr<Expression>> Expression::read(const Program& program, Subjects whose,
                                                     std::string_view expression) {
  auto loaded = with_asked(program, whose, "transition Asked { log [", expression, "] }");
  if (!loaded) return loaded.error();
  return std::unique_ptr<Expression>(new Expression(std::move(*loaded), std::move(whose)));
}

FieldMask Expression::reads() const { return routine_.slices.front().reads; }

Result<std::string> Expression::value(const InstanceState& instance) {
  if (instance.gone || !can_read(*program_, reads(), instance)) {
    return Error{.code = ErrorCode::kNotFound, .what = "it is not there"};
  }
  std::vector<Value> state = instance.fields;
  const Subject subject{state, instance.key.is_null() ? nullptr : &instance.key};
  Outbox outbox;
  interpreter_.run(routine_, routine_.slices.front(), subject, {}, outbox);
  if (outbox.fault) {
    return Error{
        .code = ErrorCode::kMismatch,
        .what = fmt::format("{} {}{}{}", info(outbox.fault.code).id, info(outbox.fault.code).title,
                            outbox.fault.message.empty() ? "" : ": ", outbox.fault.message)};
  }
  const std::string& list = outbox.logs.front();
  return list.substr(1, list.size() - 2);
}

Condition::Condition(std::unique_ptr<const Program> program, Subjects whose)
    : program_(std::move(program)),
      whose_(std::move(whose)),
      invariant_(program_->domains.back().invariants.front()),
      interpreter_(*program_) {}

Result<std::unique_ptr<Condition>> Condition::read(const Program& program, Subjects whose,
                                                   std::string_view expression) {
  auto loaded = with_asked(program, whose, "invariant asked { ", expression, "}");
  if (!loaded) return loaded.error();
  return std::unique_ptr<Condition>(new Condition(std::move(*loaded), std::move(whose)));
}

bool Condition::holds(const InstanceState& instance) {
  if (instance.gone || !can_read(*program_, invariant_.reads, instance)) return false;
  std::vector<Value> state = instance.fields;
  Fault fault;
  const Subject subject{state, instance.key.is_null() ? nullptr : &instance.key};
  return interpreter_.test(invariant_.condition, subject, fault);
}

namespace {

// The cycles of a chunk, each read where it stands.
class Cycles {
 public:
  Cycles(const Program& program, std::shared_ptr<const Chunk> chunk)
      : chunk_(std::move(chunk)), events_(chunk_->events(program)) {}

  // What it changed; null if it cannot be read.
  const CycleView* at(uint64_t place) {
    events_.go_to(chunk_->place_of(place));
    return events_.changes(event_) ? &std::get<CycleView>(event_) : nullptr;
  }

 private:
  std::shared_ptr<const Chunk> chunk_;
  EventReader events_;
  EventView event_;
};

// Follows the fields of those whom the condition is about, and nothing else.
class Watch {
 public:
  using Hit = std::function<bool(uint64_t cycle, InstanceId id, const std::string& name)>;

  Watch(Timeline& timeline, Condition& condition, const Hit& hit)
      : timeline_(timeline),
        trace_(timeline.trace()),
        program_(trace_.program()),
        condition_(condition),
        hit_(hit),
        birth_(program_, trace_.header().start_values) {}

  // Everybody as they are at that cycle. False: that is enough.
  Result<bool> begin(uint64_t cycle) {
    if (Status there = timeline_.go_to(cycle); !there) return there.error();
    next_id_ = timeline_.state().size();
    std::map<Value, Watched, ValueLess> before;
    before.swap(watched_);
    later_.clear();
    std::ranges::fill(actors_, nullptr);
    for (const InstanceId id : timeline_.instances_in_order()) {
      const InstanceState& instance = timeline_.state()[id];
      if (!condition_.whose().has(instance.domain, instance.key)) continue;
      Watched& one = watched_[instance.key];
      one.state = instance;
      const auto known = before.find(instance.key);
      one.held = known != before.end() && known->second.state.id == id && known->second.held;
      if (!look_at(one, cycle)) return false;
    }
    return true;
  }

  // Of that chunk and those behind it, up to `last`, the next few whose events will be looked at
  // are decoded meanwhile.
  void expect(size_t number, size_t last) {
    if (TraceReader::expects() == 0) return;
    for (expected_ = std::max(expected_, number);
         expected_ <= std::min(number + TraceReader::expects(), last); ++expected_) {
      const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(expected_);
      if (!index) return;  // which is told when it is its turn
      if (is_wanted(**index)) trace_.expect(expected_, expected_);
    }
  }

  // Through that chunk, as far as it lies behind `from` and up to `to`. False: that is enough.
  Result<bool> through(size_t number, uint64_t from, uint64_t to) {
    const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(number);
    if (!index) return index.error();
    const uint64_t first = trace_.chunks()[number].first_cycle;
    const std::vector<char> wanted = wanted_kinds(**index);
    const std::vector<char> its = its_actors(**index);
    actors_.assign((*index)->actors.size(), nullptr);
    std::optional<Cycles> cycles;
    auto birth = (*index)->births.begin();
    auto rollback = (*index)->rollbacks.begin();
    auto act = (*index)->acts.begin();
    const auto cycles_end = (*index)->who.size();
    for (uint64_t place = 0; place <= cycles_end; ++place) {
      const uint64_t cycle = first + place;  // that comes next; what is before it happens first
      bool anew = false;
      for (; birth != (*index)->births.end() && birth->before == place; ++birth) {
        if (cycle - 1 <= from) continue;
        if (cycle - 1 > to) return true;
        born((*index)->actors[birth->actor], cycle - 1);
      }
      for (; rollback != (*index)->rollbacks.end() && *rollback == place; ++rollback) anew = true;
      for (; act != (*index)->acts.end() && act->before == place; ++act) {
        anew = anew || (wanted[act->kind] != 0 && its[act->actor] != 0);
      }
      if (anew && cycle - 1 > from && cycle - 1 <= to) {
        const Result<bool> more = begin(cycle - 1);
        if (!more || !*more) return more;
      }
      if (place == cycles_end || cycle > to) break;
      if (!look()) return false;
      if (cycle <= from || wanted[(*index)->what[place]] == 0) continue;
      const uint32_t actor = (*index)->who[place];
      if (its[actor] == 0) continue;
      if (!cycles) {
        const Result<std::shared_ptr<const Chunk>> read = trace_.chunk(number);
        if (!read) return read.error();
        cycles.emplace(program_, *read);
      }
      const CycleView* ran = cycles->at(place);
      const bool is_there = ran != nullptr && (*index)->has_actor(actor, ran->domain, ran->key);
      Watched* one = is_there ? watched(actor, ran->key) : nullptr;
      if (one == nullptr || !follow(*one, *ran)) return does_not_follow(number, cycle);
      if (ran->retires) {
        watched_.erase(ran->key);
        actors_[actor] = nullptr;
      } else {
        look_later(*one, cycle);
      }
    }
    return true;
  }

  // At those of whom something has changed in the moment that is over: what came after its cycle
  // may have changed it again. False: that is enough.
  bool look() {
    for (Watched* one : later_) {
      if (!look_at(*one, later_at_)) return false;
    }
    later_.clear();
    return true;
  }

  [[nodiscard]] uint64_t at() const { return at_; }

 private:
  struct Watched {
    InstanceState state;
    bool held = false;
  };
  struct ValueLess {
    bool operator()(const Value& a, const Value& b) const {
      return !a.is_null() && Value::compare(a, b) < 0;
    }
  };

  // By kind, whether such a cycle can change whether it holds.
  std::vector<char> wanted_kinds(const ChunkIndex& index) const {
    std::vector<char> wanted;
    for (const ChunkIndex::Kind& kind : index.kinds) {
      const bool its = kind.domain == condition_.whose().domain;
      const bool writes = std::ranges::any_of(
          kind.slots, [&](uint32_t slot) { return condition_.reads().meets(FieldMask::of(slot)); });
      wanted.push_back(its && (writes || (kind.mask & kRetires) != 0));
    }
    return wanted;
  }

  void born(const ChunkIndex::Actor& actor, uint64_t cycle) {
    const InstanceId id(next_id_++);
    if (!condition_.whose().has(actor.domain, actor.key)) return;
    Watched& one = watched_[actor.key];
    one = Watched{.state = birth_.of(actor.domain, actor.key)};
    one.state.id = id;
    look_later(one, cycle);
  }

  void look_later(Watched& one, uint64_t cycle) {
    later_.push_back(&one);
    later_at_ = cycle;
  }

  // By actor, whether the condition is about it.
  std::vector<char> its_actors(const ChunkIndex& index) const {
    std::vector<char> its;
    for (const ChunkIndex::Actor& actor : index.actors) {
      its.push_back(condition_.whose().has(actor.domain, actor.key));
    }
    return its;
  }
  // Whether some cycle of the chunk is.
  bool is_wanted(const ChunkIndex& index) const {
    const std::vector<char> wanted = wanted_kinds(index);
    if (std::ranges::find(wanted, 1) == wanted.end()) return false;
    const std::vector<char> its = its_actors(index);
    for (size_t place = 0; place < index.who.size(); ++place) {
      if (wanted[index.what[place]] != 0 && its[index.who[place]] != 0) return true;
    }
    return false;
  }
  // Null if there is nobody with that key.
  Watched* watched(uint32_t actor, const Value& key) {
    if (actors_[actor] != nullptr) return actors_[actor];
    const auto found = watched_.find(key);
    return actors_[actor] = found == watched_.end() ? nullptr : &found->second;
  }

  // False if it cannot have followed.
  bool follow(Watched& one, const CycleView& ran) {
    for (const ChangeView& change : ran.changes) {
      // An edit needs the value that it edits, and the others are not followed.
      if (!condition_.reads().meets(FieldMask::of(change.slot))) continue;
      Value& field = one.state.fields[change.slot];
      if (change.after.known) {
        field = change.after.value;
        continue;
      }
      ByteReader edit(change.edit);
      field = apply_change(edit, field, Direction::kForward);
      if (!edit.good() || change.edit.empty()) return false;
    }
    return true;
  }

  bool look_at(Watched& one, uint64_t cycle) {
    const bool held = std::exchange(one.held, condition_.holds(one.state));
    if (held || !one.held) return true;
    at_ = cycle;
    return hit_(cycle, one.state.id, instance_name(program_, one.state.domain, one.state.key));
  }

  Error does_not_follow(size_t chunk, uint64_t cycle) const {
    const uint64_t offset = trace_.chunks()[chunk].place.offset;
    return {.code = ErrorCode::kDamaged,
            .what = fmt::format("{} is damaged at byte {}: cycle {} does not follow from what was "
                                "before",
                                trace_.path(), offset, cycle),
            .offset = offset};
  }

  Timeline& timeline_;
  TraceReader& trace_;
  const Program& program_;
  Condition& condition_;
  const Hit& hit_;
  Birth birth_;
  std::map<Value, Watched, ValueLess> watched_;  // by key
  std::vector<Watched*> actors_;                 // those who came up in the chunk, by their numbers
  size_t next_id_ = 0;                           // of who comes to be next
  std::vector<Watched*> later_;                  // of whom something has changed at that moment
  uint64_t later_at_ = 0;
  uint64_t at_ = 0;      // of the last hit
  size_t expected_ = 0;  // the first chunk of which it was not looked at whether it is wanted
};

}  // namespace

Result<ScanEnd> each_time(
    Timeline& timeline, Condition& condition, uint64_t from, uint64_t to,
    const std::function<bool(uint64_t cycle, InstanceId id, const std::string& name)>& hit,
    const Looking& looking) {
  Watch watch(timeline, condition, hit);
  Result<bool> more = watch.begin(from);
  TraceReader& trace = timeline.trace();
  size_t chunk = from < trace.cycles() ? trace.chunk_of(from + 1) : trace.chunks().size();
  const size_t last = to < trace.cycles() ? trace.chunk_of(to + 1) : trace.chunks().size() - 1;
  for (; more && *more && chunk < trace.chunks().size(); ++chunk) {
    const uint64_t first = trace.chunks()[chunk].first_cycle;
    if (first - 1 > to) break;  // what is in front of its first cycle is of the moment before
    if (looking.progress) looking.progress(first);
    if (looking.stopped()) {
      return ScanEnd{.interrupted = true, .at = first};
    }
    watch.expect(chunk, last);
    more = watch.through(chunk, from, to);
  }
  if (more && *more) more = watch.look();
  if (!more) return more.error();
  return ScanEnd{.at = *more ? to : watch.at()};
}

}  // namespace lexum
