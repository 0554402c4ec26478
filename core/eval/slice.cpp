#include "eval/slice.h"

#include <fmt/format.h>

#include "eval/probe.h"
#include "eval/walk.h"
#include "value/measure.h"

namespace lexum {

void Outbox::clear() {
  changes.clear();
  emitted.clear();
  args.clear();
  logs.clear();
  retire = false;
  returned = false;
  if (fault) fault = {};
}

// ---- a walk

std::string why_too_big(const Value& v) {
  const auto count = [](uint64_t n) { return n < kCountless ? fmt::to_string(n) : "countless"; };
  if (v.weight() > kValueBytesMax) {
    return fmt::format("a value of {} bytes; {} are the most", count(v.weight()), kValueBytesMax);
  }
  if (v.parts() > kValuePartsMax) {
    return fmt::format("a value of {} elements and members in all; {} are the most",
                       count(v.parts()), kValuePartsMax);
  }
  if (v.depth() > kDepthMax) {
    return fmt::format("a value that nests {} deep; {} is the most", v.depth(), kDepthMax);
  }
  return {};
}

Interpreter::Walk::Walk(const Program& program)
    : program_(program), terms_(program.terms.data()), lists_(program.lists.data()) {
  size_t fields = 0;
  for (const Domain& domain : program.domains) fields = std::max(fields, domain.fields.size());
  written_.resize(fields);
  writers_.resize(fields);
}

void Interpreter::Walk::slice(const Routine& routine, const Slice& slice,
                              std::span<const Value> params) {
  if (routine.locals == params.size()) {
    // Nothing else lives beside them, and nobody can assign to a parameter: they may stay where
    // they are.
    in_place_ = const_cast<Value*>(params.data());
    use_frame(kInPlace);
  } else {
    push(routine.locals);
    use_frame(0);
    std::copy(params.begin(), params.end(), locals_);
  }
  const Rest body = block(static_cast<uint32_t>(slice.body.index()));
  out_->returned = probe_ == nullptr ? run(body) : run<true>(body);
}

// The fields as they are seen by the statement that comes next.
void Interpreter::Walk::show(const Term& t) {
  seen_.clear();
  for (uint32_t slot = 0; slot < field_count_; ++slot) seen_.push_back(field(slot));
  const auto id = static_cast<size_t>(&t - terms_);
  probe_->before(
      {.statement = TermId(id), .fields = seen_, .locals = {locals_, local_count_}, .out = *out_});
}

Value& Interpreter::Walk::change_field(const Term& t, uint32_t slot) {
  writers_[out_->changes.size()] = &t;
  FieldChange& change = out_->changes.emplace_back();
  change.slot = slot;
  written_[slot] = static_cast<uint32_t>(out_->changes.size());
  return change.value;
}

void Interpreter::Walk::settle() {
  std::vector<FieldChange>& changes = out_->changes;
  size_t kept = 0;
  bool in_order = true;
  for (size_t i = 0; i < changes.size(); ++i) {
    FieldChange& change = changes[i];
    written_[change.slot] = 0;
    // What is too big to be kept is too big to be compared with what is, or shown as rejected.
    if (!fits(change.value)) {
      refuse(change.value, span_of(*writers_[i]));
      continue;
    }
    if (change.value == fields_[change.slot]) continue;
    in_order = in_order && (kept == 0 || changes[kept - 1].slot < change.slot);
    if (kept != i) changes[kept] = std::move(change);
    ++kept;
  }
  if (kept != changes.size()) changes.resize(kept);
  if (in_order) return;
  std::sort(changes.begin(), changes.end(),
            [](const FieldChange& a, const FieldChange& b) { return a.slot < b.slot; });
}

void Interpreter::Walk::weigh_emitted() {
  for (const Emitted& e : out_->emitted) {
    const auto weigh = [&](const Value& v) {
      if (!fits(v)) refuse(v, program_.emissions[e.site.index()].span);
    };
    weigh(e.key);
    for (uint32_t i = 0; i < e.arg_count; ++i) weigh(out_->args[e.first_arg + i]);
  }
}

void Interpreter::Walk::refuse(const Value& v, Span span) {
  if (!out_->fault) out_->fault = {Code::kValueTooBig, span, why_too_big(v)};
}

Span Interpreter::Walk::span_of(const Term& t) const {
  return program_.spans[static_cast<size_t>(&t - terms_)];
}

void Interpreter::Walk::fail(const Term& t, Code code, std::string message) const {
  throw Fault{code, span_of(t), std::move(message)};
}

void Interpreter::Walk::out_of_gas(const Term& t) const {
  fail(t, Code::kOutOfGas,
       fmt::format("more than {} units of gas; do a part now and the rest in a later slice",
                   kGasMax));
}

void Interpreter::Walk::too_deep(const Term& t) const {
  fail(t, Code::kOutOfGas,
       fmt::format("more than {} nested evaluations; a fn that calls itself must end sooner",
                   kEvaluationDepthMax));
}

void Interpreter::Walk::grow() {
  stack_.resize(top_ * 2);
  use_frame(frame_);
}

size_t Interpreter::Walk::push_values(const uint32_t* terms, size_t count) {
  const size_t first = push(count);
  for (size_t i = 0; i < count; ++i) {
    Value v = value_of(terms[i]);
    stack_[first + i] = std::move(v);
  }
  return first;
}

// ---- what the room offers

Interpreter::Interpreter(const Program& program) : walk_(std::make_unique<Walk>(program)) {}
Interpreter::~Interpreter() = default;

namespace {

// A fault has wanted nothing; its delta and its logs stay to be looked at.
void withdraw(Outbox& out) {
  out.emitted.clear();
  out.args.clear();
  out.retire = false;
  out.returned = false;
}

}  // namespace

void Interpreter::run_before(Probe& probe, const Routine& routine, const Slice& slice,
                             const Subject& subject, std::span<const Value> params, Outbox& out) {
  walk_->look_with(&probe, routine.locals);
  run(routine, slice, subject, params, out);
  walk_->look_with(nullptr, 0);
}

void Interpreter::run(const Routine& routine, const Slice& slice, const Subject& subject,
                      std::span<const Value> params, Outbox& out) {
  LEXUM_CHECK(params.size() == routine.params.size());
  LEXUM_CHECK(out.idle() && out.args.empty() && out.logs.empty());
  walk_->begin(subject, &out);
  try {
    walk_->slice(routine, slice, params);
  } catch (Fault& fault) {
    out.fault = std::move(fault);
  }
  if (!out.changes.empty()) walk_->settle();
  if (walk_->heavy()) walk_->weigh_emitted();
  walk_->end();
  if (out.fault) withdraw(out);
}

bool Interpreter::test(TermId condition, const Subject& subject, Fault& fault) {
  walk_->begin(subject, nullptr);
  bool holds = false;
  try {
    holds = walk_->bool_of(condition);
  } catch (Fault& caught) {
    fault = std::move(caught);
  }
  walk_->end();
  return holds;
}

Value Interpreter::evaluate(TermId term, const Subject& subject, Fault& fault) {
  walk_->begin(subject, nullptr);
  Value value;
  try {
    value = walk_->value_of(term);
  } catch (Fault& caught) {
    fault = std::move(caught);
  }
  walk_->end();
  return value;
}

}  // namespace lexum
