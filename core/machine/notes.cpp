#include "machine/notes.h"

#include <algorithm>

namespace lexum {

namespace {

constexpr uint64_t kRollbackMax = 10'000;  // cycles that an assert can undo

// What becomes of an effect as it is emitted: nobody waits for the outcome of one that is simulated
// and that its domain does not handle.
EffectOutcome outcome_at_first(const Program& program, DomainId domain, EffectId effect) {
  const EffectMode mode = program.effects[effect.index()].mode;
  if (mode == EffectMode::kBound) return EffectOutcome::kAwaited;
  const bool fails = mode == EffectMode::kFailing;
  const bool heard =
      std::ranges::any_of(program[domain].outcomes, [&](const OutcomeHandlers& handlers) {
        return handlers.effect == effect && (fails ? handlers.failed : handlers.done);
      });
  if (heard) return EffectOutcome::kAwaited;
  return fails ? EffectOutcome::kFailed : EffectOutcome::kDone;
}

}  // namespace

Notes::Notes(const Program& program) : program_(program) {
  has_assert_ =
      std::ranges::any_of(program.terms, [](const Term& t) { return t.op == Op::kAssert; });
  for (const Domain& domain : program.domains) begun_.emplace_back(domain.routines.size());
}

void Notes::outcome(const OutcomeRecord& record) {
  const std::pair wanted(record.cause, record.index);
  const auto effect = std::ranges::lower_bound(
      effects_, wanted, {}, [](const SentNote& note) { return std::pair(note.cycle, note.index); });
  if (effect == effects_.end() || std::pair(effect->cycle, effect->index) != wanted) return;
  effect->outcome = record.failed ? EffectOutcome::kFailed : EffectOutcome::kDone;
}

void Notes::cycle(const CycleRecord& record) {
  if (record.slice == 0) ++begun_[record.domain.index()][record.routine.index()];
  if (record.outbox->fault) note_fault(record);
  if (!record.outbox->emitted.empty()) note_sent(record);
}

void Notes::note_fault(const CycleRecord& record) {
  ++faults_in_all_;
  if (faults_.size() >= kKept) return;
  faults_.push_back({.cycle = record.cycle,
                     .tick = record.tick,
                     .instance = record.instance,
                     .domain = record.domain,
                     .key = *record.key,
                     .routine = record.routine,
                     .fault = record.outbox->fault,
                     .faulted = record.faulted});
}

void Notes::note_sent(const CycleRecord& record) {
  const Outbox& outbox = *record.outbox;
  for (uint32_t i = 0; i < outbox.emitted.size(); ++i) {
    const Emitted& emitted = outbox.emitted[i];
    const Emission& site = program_.emissions[emitted.site.index()];
    const bool effect = site.kind == EmissionKind::kEffect;
    if (effect) ++effects_in_all_;
    if (effect ? effects_.size() >= kKept : !has_assert_) continue;
    const auto args = std::span(outbox.args).subspan(emitted.first_arg, emitted.arg_count);
    SentNote note{.cycle = record.cycle,
                  .index = i,
                  .number = record.first_send + i,
                  .sender = record.instance,
                  .domain = record.domain,
                  .sender_key = *record.key,
                  .site = emitted.site,
                  .key = emitted.key,
                  .args = {args.begin(), args.end()}};
    if (!effect) {
      since_rest_.push_back(std::move(note));
      continue;
    }
    note.outcome = outcome_at_first(program_, record.domain, site.effect);
    effects_.push_back(std::move(note));
  }
  while (!since_rest_.empty() && since_rest_.front().cycle + kRollbackMax <= record.cycle) {
    since_rest_.pop_front();
  }
}

}  // namespace lexum
