#include "tracer/statements.h"

#include <algorithm>

#include <fmt/format.h>

#include "eval/probe.h"
#include "tracer/records.h"

namespace lexum {

namespace {

// Notes what each statement finds, and so what the one before it did.
class Looker final : public Probe {
 public:
  Looker(const Program& program, std::vector<StatementView>& statements)
      : program_(program), statements_(statements) {}

  void before(const Sight& sight) override {
    tell(sight.fields, sight.out);
    statements_.push_back({.span = program_.spans[sight.statement.index()],
                           .fields = sight.fields,
                           .locals = {sight.locals.begin(), sight.locals.end()}});
    emitted_ = sight.out.emitted.size();
    logged_ = sight.out.logs.size();
  }
  // What the last one did. `emitted` and `logged` are those of the slice.
  void over(const std::vector<Value>& fields, const Outbox& out) { tell(fields, out); }

 private:
  void tell(const std::vector<Value>& fields, const Outbox& out) {
    if (statements_.empty()) return;
    StatementView& last = statements_.back();
    for (uint32_t slot = 0; slot < fields.size(); ++slot) {
      if (fields[slot] == last.fields[slot]) continue;
      last.writes.push_back({.slot = slot, .before = last.fields[slot], .after = fields[slot]});
    }
    if (out.emitted.size() > emitted_) {
      last.emissions = static_cast<uint32_t>(out.emitted.size() - emitted_);
    }
    if (out.logs.size() > logged_) last.logs = static_cast<uint32_t>(out.logs.size() - logged_);
  }

  const Program& program_;
  std::vector<StatementView>& statements_;
  size_t emitted_ = 0;
  size_t logged_ = 0;
};

// The message that the cycle takes, or went on with.
const MessageImage* message_of(const CycleView& ran, const InstanceState& instance) {
  if (ran.work == WorkKind::kSlice) {
    return instance.begun != nullptr ? instance.begun->message.get() : nullptr;
  }
  if (ran.work != WorkKind::kMessage) return nullptr;
  for (const MessagePtr& message : instance.mailbox) {
    const Origin& origin = message->origin;
    const bool same = ran.cause->kind == OriginKind::kInput
                          ? origin.number == ran.cause->input
                          : origin.cause == ran.cause->cycle && origin.index == ran.cause->emission;
    if (origin.kind == ran.cause->kind && same) return message.get();
  }
  return nullptr;
}

Error differs(const TraceReader& trace, uint64_t cycle) {
  return {.code = ErrorCode::kDamaged,
          .what = fmt::format("{} is damaged: cycle {}, run again, does not do what is recorded",
                              trace.path(), cycle)};
}

bool all_fit(std::span<const Value> values, const auto& places, const Program& program) {
  if (values.size() != places.size()) return false;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!fits(values[i], places[i].type, program)) return false;
  }
  return true;
}

}  // namespace

Result<CycleStatements> statements_of(Timeline& timeline, uint64_t cycle) {
  const Program& program = timeline.trace().program();
  if (Status there = timeline.go_to(cycle); !there) return there.error();
  Result<CycleView> ran = timeline.event();
  if (!ran) return ran.error();
  if (Status there = timeline.go_to(cycle - 1); !there) return there.error();
  const InstanceId id = timeline.find(ran->domain, ran->key);
  if (!id) return differs(timeline.trace(), cycle);
  const InstanceState& instance = timeline.state()[id];
  const Domain& domain = program[ran->domain];
  const Routine& routine = domain.routines[ran->routine.index()];
  const MessageImage* message = message_of(*ran, instance);
  const std::vector<Value> params = message != nullptr ? message->args : std::vector<Value>();
  std::vector<Value> fields = instance.fields;
  if (ran->slice >= routine.slices.size() || !all_fit(fields, domain.fields, program) ||
      !all_fit(params, routine.params, program)) {
    return differs(timeline.trace(), cycle);
  }
  CycleStatements result{.ran = std::move(*ran), .statements = {}, .wanted = {}};
  Looker looker(program, result.statements);
  Interpreter interpreter(program);
  const Value* key = instance.key.is_null() ? nullptr : &instance.key;
  interpreter.run_before(looker, routine, routine.slices[result.ran.slice], {fields, key}, params,
                         result.wanted);
  if (result.wanted.fault) return result;
  for (FieldChange& change : result.wanted.changes) fields[change.slot] = change.value;
  looker.over(fields, result.wanted);
  return result;
}

}  // namespace lexum
