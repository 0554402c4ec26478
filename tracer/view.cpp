#include "tracer/view.h"

#include <algorithm>
#include <cstring>

#include "runtime/fits.h"
#include "tracer/brief.h"
#include "value/change.h"
#include "value/tags.h"

namespace lexum {

// ---- of a run that is being watched

namespace {

std::vector<Value> copied(std::span<const Value> values) { return {values.begin(), values.end()}; }

// As a trace has it: a long value is not there, but what it is.
SeenValue summed_up(const Value& value) {
  if (!is_long(value)) return {.value = value};
  return {.known = false, .kind = value.kind(), .size = size_of(value)};
}

// And its other side is an edit.
ChangeView view_of(const FieldChange& change, const Value& field, bool rejected) {
  ChangeView view{.slot = change.slot};
  SeenValue& other = rejected ? view.after : view.before;
  (rejected ? view.before : view.after) = rejected ? SeenValue{.known = false} : summed_up(field);
  if (!is_long(change.value) && !is_long(field)) {
    other.value = change.value;
    return view;
  }
  other.known = false;
  ByteWriter edit;
  encode_change(edit, rejected ? field : change.value, rejected ? change.value : field);
  view.edit.assign(edit.bytes().begin(), edit.bytes().end());
  return view;
}

}  // namespace

CycleView view_of(const CycleRecord& record) {
  const Outbox& outbox = *record.outbox;
  CycleView view{.cycle = record.cycle,
                 .tick = record.tick,
                 .domain = record.domain,
                 .key = *record.key,
                 .work = record.work,
                 .routine = record.routine,
                 .slice = record.slice,
                 .goal = record.goal,
                 .flips = {record.flips.begin(), record.flips.end()},
                 .made_faulted = record.faulted,
                 .retires = outbox.retire,
                 .logs = outbox.logs,
                 .dead = record.dead,
                 .correlation = record.correlation};
  if (record.work == WorkKind::kMessage) {
    const Origin& origin = *record.origin;
    view.cause = CauseView{.kind = origin.kind, .cycle = origin.cause, .emission = origin.index};
    if (origin.kind == OriginKind::kInput) view.cause->input = origin.number;
  }
  if (outbox.fault) {
    view.fault = FaultView{
        .code = outbox.fault.code, .span = outbox.fault.span, .message = outbox.fault.message};
  }
  std::vector<ChangeView>& changes = outbox.fault ? view.fault->rejected : view.changes;
  for (const FieldChange& change : record.before) {
    changes.push_back(view_of(change, record.fields[change.slot], bool{outbox.fault}));
  }
  for (const Emitted& emitted : outbox.emitted) {
    const auto args = std::span(outbox.args).subspan(emitted.first_arg, emitted.arg_count);
    view.emissions.push_back({.site = emitted.site, .key = emitted.key, .args = copied(args)});
  }
  return view;
}

InputView view_of(const InputRecord& record) {
  return {.tick = record.tick,
          .number = record.number,
          .kind = record.kind,
          .dead = record.dead,
          .domain = record.domain,
          .key = record.domain ? *record.key : Value(),
          .routine = record.routine,
          .event = record.event,
          .args = copied(record.args)};
}

OutcomeView view_of(const OutcomeRecord& record) {
  return {.tick = record.tick,
          .number = record.number,
          .domain = record.domain,
          .key = *record.key,
          .cause = record.cause,
          .index = record.index,
          .failed = record.failed,
          .dead = record.dead,
          .unheard = record.unheard,
          .value = *record.value};
}

std::optional<ActView> act_of(const InputView& view, const Program& program) {
  size_t at = 0;
  bool good = true;
  const auto number = [&](uint64_t below) -> uint64_t {
    good = good && at < view.args.size() && view.args[at].kind() == Kind::kInt &&
           view.args[at].as_int() >= 0 && static_cast<uint64_t>(view.args[at].as_int()) < below;
    return good ? static_cast<uint64_t>(view.args[at++].as_int()) : 0;
  };
  const uint64_t revivals = static_cast<uint64_t>(kLastRevival) + 1;
  ActView act{.about = number(view.kind == InputKind::kRevive ? revivals : UINT64_MAX)};
  const uint64_t bits = number(UINT64_MAX);
  act.revives = (bits & kActRevives) != 0;
  act.boots = (bits & kActBoots) != 0;
  act.drops = (bits & kActDrops) != 0;
  act.kills = (bits & kActKills) != 0;
  act.returns = (bits & kActReturns) != 0;
  uint64_t changes = number(UINT64_MAX);
  if (!view.domain) return good && changes == 0 ? std::optional(act) : std::nullopt;
  const Domain& domain = program[view.domain];
  for (; good && changes > 0; --changes) {
    FieldImage change{.slot = static_cast<uint32_t>(number(domain.fields.size()))};
    if (!good || at == view.args.size()) return {};
    change.value = view.args[at++];
    if (!fits(change.value, domain.fields[change.slot].type, program)) return {};
    act.changes.push_back(std::move(change));
  }
  if (view.kind == InputKind::kSet &&
      (act.changes.size() != 1 || act.changes.front().slot != act.about)) {
    return {};
  }
  while (good && at < view.args.size()) {
    const uint64_t flip = number(4 * domain.goals.size());
    act.flips.emplace_back(GoalIndex(static_cast<size_t>(flip >> 2)),
                           static_cast<GoalStatus>(flip & 3));
  }
  return good ? std::optional(std::move(act)) : std::nullopt;
}

RollbackView view_of(const RollbackRecord& record) {
  return {.cycle = record.cycle, .to_cycle = record.to_cycle, .only_slice = record.only_slice};
}

// ---- of a chunk

namespace {

// Of texts, those that do not lie in the Value itself, and are worth a look at those that came
// lately.
constexpr size_t kSharedTextMin = 15;
constexpr size_t kSharedTextMax = 64;
constexpr size_t kTextsKept = 2048;

size_t text_place(std::string_view text) {
  uint64_t first = 0;
  uint64_t last = 0;
  const size_t size = std::min(sizeof first, text.size());
  std::memcpy(&first, text.data(), size);
  std::memcpy(&last, text.data() + text.size() - size, size);
  return fold(first ^ 0x9e3779b97f4a7c15, last ^ text.size()) % kTextsKept;
}

// An empty view, with the memory of the one that stood there. Its emissions are still the old ones.
CycleView& cycle_in(EventView& view) {
  auto* known = std::get_if<CycleView>(&view);
  if (known == nullptr) return view.emplace<CycleView>();
  CycleView empty;
  known->changes.clear();
  known->flips.clear();
  known->logs.clear();
  empty.changes.swap(known->changes);
  empty.emissions.swap(known->emissions);
  empty.flips.swap(known->flips);
  empty.logs.swap(known->logs);
  return *known = std::move(empty);
}

}  // namespace

bool EventReader::next(EventView& view) {
  if (!good() || side_.at_end()) return false;
  event_bytes_ = {};
  long_args_.clear();
  const uint8_t head = side_.byte();
  switch (static_cast<SideKind>(head & kSideKindMask)) {
    case SideKind::kEvent:
      read_event(view, head);
      break;
    case SideKind::kStarted:
      read_started(view.emplace<StartedView>());
      break;
    case SideKind::kHold:
      read_hold(view.emplace<HoldView>(), head);
      break;
    default:
      side_.spoil();
  }
  return good();
}

bool EventReader::changes(EventView& view) {
  only_changes_ = true;
  const bool found = next(view) && std::holds_alternative<CycleView>(view);
  only_changes_ = false;
  return found;
}

void EventReader::read_event(EventView& view, uint8_t side_head) {
  const Bytes before = canonical_bytes_.last(canonical_.left());
  const uint8_t head = canonical_.byte();
  switch (static_cast<EventKind>(head & kEventKindMask)) {
    case EventKind::kInput:
      read_input(view.emplace<InputView>());
      break;
    case EventKind::kOutcome:
      read_outcome(view.emplace<OutcomeView>());
      break;
    case EventKind::kCycle:
      read_cycle(cycle_in(view), head, side_head);
      break;
    case EventKind::kRollback:
      read_rollback(view.emplace<RollbackView>());
      break;
    default:
      canonical_.spoil();
  }
  if (good()) event_bytes_ = before.first(before.size() - canonical_.left());
}

void EventReader::read_started(StartedView& view) {
  view.domain = DomainId(small(side_.varint(), program_.domains.size()));
  view.key = read_key(side_, view.domain);
}

void EventReader::read_hold(HoldView& view, uint8_t head) {
  view.kind = static_cast<HoldKind>(small(head >> kHoldKindShift, 3));
  view.tick = side_.varint();
  view.domain = DomainId(small(side_.varint(), program_.domains.size()));
  view.key = read_key(side_, view.domain);
  if ((head & kHasMailbox) == 0) return;
  view.mailbox = DomainId(small(side_.varint(), program_.domains.size()));
  view.mailbox_key = read_key(side_, view.mailbox);
}

void EventReader::read_input(InputView& view) {
  view.tick = tick_ += canonical_.varint();
  view.number = canonical_.varint();
  const uint8_t bits = canonical_.byte();
  view.dead = (bits & 1) != 0;
  const uint32_t kind = small(bits >> 1, static_cast<size_t>(kLastInputKind) + 1);
  view.kind = static_cast<InputKind>(kind);
  const uint64_t domain = canonical_.varint();
  if (domain != 0) {
    view.domain = DomainId(small(domain - 1, program_.domains.size()));
    view.key = read_key(canonical_, view.domain);
  }
  const uint64_t what = canonical_.varint();
  if (!good()) return;
  if (view.kind == InputKind::kMessage) {
    if (view.domain)
      view.routine = RoutineIndex(small(what, program_[view.domain].routines.size()));
    else view.event = EventId(small(what, program_.events.size()));
  }
  read_args(view.args, canonical_.varint());
  size_t first = 0;
  read_long_args(view.args, first);
}

void EventReader::read_outcome(OutcomeView& view) {
  view.tick = tick_ += canonical_.varint();
  view.domain = DomainId(small(canonical_.varint(), program_.domains.size()));
  view.key = read_key(canonical_, view.domain);
  view.cause = before(cycle_, canonical_.varint());
  view.index = small(canonical_.varint());
  const uint8_t bits = canonical_.byte();
  view.failed = (bits & kOutcomeFailed) != 0;
  view.dead = (bits & kOutcomeDead) != 0;
  view.unheard = (bits & kOutcomeUnheard) != 0;
  if ((bits & kOutcomeNumbered) != 0) view.number = canonical_.varint();
  const SeenValue value = read_seen();
  view.value = value.known ? value.value : decode(side_);
}

void EventReader::read_rollback(RollbackView& view) {
  view.cycle = cycle_;
  view.to_cycle = before(cycle_, canonical_.varint());
  view.only_slice = canonical_.byte() != 0;
}

void EventReader::read_cycle(CycleView& view, uint8_t head, uint8_t side_head) {
  if ((head & kTickMoved) != 0) tick_ += canonical_.varint();
  view.cycle = ++cycle_;
  view.tick = tick_;
  view.domain = DomainId(small(canonical_.varint(), program_.domains.size()));
  view.key = read_key(canonical_, view.domain);
  const uint64_t routine = canonical_.varint();
  if (!good()) return;
  view.routine = RoutineIndex(small(routine, program_[view.domain].routines.size()));
  view.work = static_cast<WorkKind>((head >> kEventKindBits) & 7);
  read_cause(view);
  const uint8_t mask = canonical_.byte();
  view.made_faulted = (mask & kMadeFaulted) != 0;
  view.retires = (mask & kRetires) != 0;
  if ((mask & kHasChanges) != 0) read_changes(view);
  const auto is_known = [](const ChangeView& change) { return change.after.known; };
  if (only_changes_ && std::ranges::all_of(view.changes, is_known)) return;
  read_emissions(view, (mask & kHasEmissions) != 0 ? canonical_.varint() : 0);
  if ((mask & kHasFlips) != 0) read_flips(view);
  if ((mask & kHasFault) != 0) {
    const CodeInfo* code = find_code(canonical_.text());
    if (code == nullptr) return canonical_.spoil();
    view.fault.emplace().code = code->code;
  }
  if (good()) read_beside(view, side_head);
}

void EventReader::read_cause(CycleView& view) {
  const Domain& domain = program_[view.domain];
  switch (view.work) {
    case WorkKind::kBoot:
      return;
    case WorkKind::kSlice:
      if (!good()) return;
      view.slice = small(canonical_.varint(), domain.routines[view.routine.index()].slices.size());
      return;
    case WorkKind::kGoal:
    case WorkKind::kElse:
      view.goal = GoalIndex(small(canonical_.varint(), domain.goals.size()));
      return;
    case WorkKind::kMessage: {
      const uint64_t origin = canonical_.varint();
      const uint64_t distance = canonical_.varint();
      CauseView& cause = view.cause.emplace();
      cause.kind = static_cast<OriginKind>(origin & 3);
      cause.emission = small(origin >> 2);
      if (cause.kind == OriginKind::kInput) cause.input = distance;
      else cause.cycle = before(view.cycle - 1, distance - 1);
      return;
    }
  }
  canonical_.spoil();
}

void EventReader::read_changes(CycleView& view) {
  const size_t slots = program_[view.domain].fields.size();
  for (uint64_t count = canonical_.varint(); count > 0 && good(); --count) {
    ChangeView& change = view.changes.emplace_back();
    change.slot = small(canonical_.varint(), slots);
    change.after = read_seen();
  }
}

void EventReader::read_emissions(CycleView& view, uint64_t count) {
  if (count < view.emissions.size()) view.emissions.resize(count);
  for (uint64_t i = 0; i < count && good(); ++i) {
    if (i == view.emissions.size()) view.emissions.emplace_back();
    EmissionView& emission = view.emissions[i];
    emission.key.reset();
    emission.args.clear();
    emission.site = EmissionId(small(canonical_.varint(), program_.emissions.size()));
    if (!good()) return;
    const Emission& site = program_.emissions[emission.site.index()];
    if (site.domain) emission.key = read_key(canonical_, site.domain);
    read_args(emission.args, site.names.size());
  }
}

void EventReader::read_flips(CycleView& view) {
  const size_t goals = program_[view.domain].goals.size();
  for (uint64_t count = canonical_.varint(); count > 0 && good(); --count) {
    const uint64_t flip = canonical_.varint();
    view.flips.push_back({.goal = GoalIndex(small(flip >> 2, goals)),
                          .from = GoalStatus::kSatisfied,
                          .to = static_cast<GoalStatus>(flip & 3)});
  }
}

// What the side stream adds.
void EventReader::read_beside(CycleView& view, uint8_t side_head) {
  const bool apart = (side_head & kTellsChangesApart) != 0;
  for (ChangeView& change : view.changes) read_old_side(change, change.before, apart);
  size_t arg = 0;
  for (EmissionView& emission : view.emissions) read_long_args(emission.args, arg);
  for (GoalFlip& flip : view.flips) flip.from = static_cast<GoalStatus>(small(side_.byte(), 4));
  if (view.fault) read_fault(*view.fault, apart);
  if ((side_head & kHasLogs) != 0) {
    for (uint64_t count = side_.varint(); count > 0 && good(); --count) {
      view.logs.emplace_back(side_.text());
    }
  }
  if ((side_head & kHasDead) != 0) view.dead = small(side_.varint());
  if ((side_head & kHasCorrelation) != 0) view.correlation = side_.varint();
}

void EventReader::read_old_side(ChangeView& change, SeenValue& side, bool apart) {
  if (apart && side_.byte() != 0) {
    const Bytes edit = as_bytes(side_.text());
    change.edit.assign(edit.begin(), edit.end());
    side.known = false;
    return;
  }
  side.value = read_value(side_);
}

void EventReader::read_fault(FaultView& fault, bool apart) {
  fault.span.begin = small(side_.varint());
  fault.span.end = fault.span.begin + small(side_.varint());
  fault.message = side_.text();
  for (uint64_t count = side_.varint(); count > 0 && good(); --count) {
    ChangeView& change = fault.rejected.emplace_back();
    change.slot = small(side_.varint());
    change.before.known = false;  // nobody wrote it down: it is what it was
    read_old_side(change, change.after, apart);
  }
}

Value EventReader::read_key(ByteReader& in, DomainId domain) {
  if (!good() || !program_[domain].keyed) return {};
  if (program_.types[program_[domain].key_type].kind == TypeKind::kInt) {
    return Value::of(in.signed_varint());
  }
  const std::string_view text = in.text();
  if (!is_utf8(text)) in.spoil();
  return in.good() ? Value::of(text) : Value();
}

SeenValue EventReader::read_seen() {
  ByteReader ahead = canonical_;
  if (ahead.byte() != kDigestTag) return {.value = read_value(canonical_)};
  canonical_.byte();
  SeenValue seen{.known = false};
  seen.kind = static_cast<Kind>(small(canonical_.byte(), static_cast<size_t>(Kind::kRecord) + 1));
  seen.size = canonical_.varint();
  canonical_.raw(sizeof(Sum128));
  return seen;
}

Value EventReader::read_value(ByteReader& in) {
  ByteReader ahead = in;
  const uint8_t tag = ahead.byte();
  if (tag == kIntTag) {
    in.byte();
    return Value::of(in.signed_varint());
  }
  const std::string_view text = tag == kTextTag ? ahead.text() : std::string_view();
  if (text.size() < kSharedTextMin || text.size() > kSharedTextMax) return decode(in);
  if (texts_.empty()) texts_.resize(kTextsKept);
  Value& known = texts_[text_place(text)];
  std::string whole;
  if (known.kind() == Kind::kText && known.text(whole) == text) in = ahead;
  else known = decode(in);
  return known;
}

void EventReader::read_args(std::vector<Value>& args, uint64_t count) {
  for (; count > 0 && good(); --count) {
    SeenValue arg = read_seen();
    long_args_.push_back(!arg.known);
    args.push_back(std::move(arg.value));
  }
}

void EventReader::read_long_args(std::vector<Value>& args, size_t& first) {
  for (Value& arg : args) {
    const bool is_long = long_args_[first++];
    if (is_long && good()) arg = decode(side_);
  }
}

uint64_t EventReader::before(uint64_t cycle, uint64_t distance) {
  if (distance <= cycle) return cycle - distance;
  canonical_.spoil();
  return 0;
}

uint32_t EventReader::small(uint64_t number, size_t limit) {
  if (number < limit) return static_cast<uint32_t>(number);
  canonical_.spoil();
  return 0;
}

}  // namespace lexum
