#include "tracer/condition.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "eval/load.h"
#include "syntax/parser.h"
#include "tracer/records.h"

namespace lexum {
namespace {

constexpr uint64_t kCyclesBetweenLooks = 1 << 12;

// `skip` is what was put before the expression.
Error wrong(const Source& expression, const Diagnostic& diagnostic, size_t skip) {
  const size_t offset = diagnostic.span.begin - std::min<size_t>(skip, diagnostic.span.begin);
  const size_t inside = std::min(offset, expression.text().size());
  return {.code = ErrorCode::kMismatch,
          .what = fmt::format(
              "column {}: {}{}{}", expression.place(static_cast<uint32_t>(inside)).column,
              diagnostic.message, diagnostic.help.empty() ? "" : "; ", diagnostic.help)};
}

// A domain with the same key and fields, whose one invariant opens here.
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
  return text + " } invariant asked { ";
}

}  // namespace

Condition::Condition(std::unique_ptr<const Program> program, Subjects whose)
    : program_(std::move(program)),
      whose_(std::move(whose)),
      invariant_(program_->domains.back().invariants.front()),
      interpreter_(*program_) {}

Result<std::unique_ptr<Condition>> Condition::read(const Program& program, Subjects whose,
                                                   std::string_view expression) {
  Diagnostics of_fragment;
  const Source alone("", std::string(expression));
  const Fragment fragment = parse_expression(alone, of_fragment);
  if (!fragment.expr || of_fragment.has_errors()) {
    return wrong(alone, of_fragment.sorted().front(), 0);
  }
  std::string text(program.source.text());
  text += domain_like(program, program[whose.domain]);
  const size_t skip = text.size();
  // A comment at its end must not hide what comes behind it.
  text += std::string(expression) + "\n} }";
  Diagnostics diagnostics;
  std::unique_ptr<const Program> loaded =
      load(Source(program.source.name(), std::move(text)), diagnostics);
  if (loaded == nullptr) {
    const std::vector<Diagnostic> found = diagnostics.sorted();
    const auto error =
        std::ranges::find_if(found, [&](const Diagnostic& one) { return one.span.begin >= skip; });
    return wrong(alone, error == found.end() ? found.front() : *error, skip);
  }
  return std::unique_ptr<Condition>(new Condition(std::move(loaded), std::move(whose)));
}

bool Condition::holds(const InstanceState& instance) {
  if (instance.gone) return false;
  // A file that lies must not make the interpreter meet what it cannot.
  const std::vector<Field>& fields = program_->domains.back().fields;
  for (uint32_t slot = 0; slot < fields.size(); ++slot) {
    if (!invariant_.reads.meets(FieldMask::of(slot))) continue;
    if (!fits(instance.fields[slot], fields[slot].type, *program_)) return false;
  }
  std::vector<Value> state = instance.fields;
  Fault fault;
  const Subject subject{state, instance.key.is_null() ? nullptr : &instance.key};
  return interpreter_.test(invariant_.condition, subject, fault);
}

Result<ScanEnd> each_time(Timeline& timeline, Condition& condition, uint64_t from, uint64_t to,
                          const std::function<bool(uint64_t cycle, InstanceId id)>& hit,
                          const Looking& looking) {
  const Subjects& whose = condition.whose();
  std::set<InstanceId> holding;
  // True if that is enough.
  const auto look_at = [&](InstanceId id) {
    const InstanceState& instance = timeline.state()[id];
    if (!whose.has(instance.domain, instance.key)) return false;
    const bool held = holding.contains(id);
    const bool holds = condition.holds(instance);
    if (held && !holds) holding.erase(id);
    if (!holds || held) return false;
    holding.insert(id);
    return !hit(timeline.at().cycle, id);
  };
  if (Status there = timeline.go_to(from); !there) return there.error();
  for (const InstanceId id : timeline.instances_in_order()) {
    if (look_at(id)) return ScanEnd{.at = from};
  }
  std::vector<InstanceId> touched;
  const auto note = [&](const Edit& edit) {
    const auto* field = std::get_if<FieldEdit>(&edit);
    const auto* whole = std::get_if<WholeEdit>(&edit);
    if (field != nullptr) touched.push_back(field->id);
    if (whole != nullptr) touched.push_back(whole->id);
  };
  while (timeline.at().cycle < to) {
    touched.clear();
    if (Status moved = timeline.forward(note); !moved) return moved.error();
    const uint64_t at = timeline.at().cycle;
    for (size_t i = 0; i < touched.size(); ++i) {
      if (i > 0 && touched[i] == touched[i - 1]) continue;
      if (look_at(touched[i])) return ScanEnd{.at = at};
    }
    if (at % kCyclesBetweenLooks != 0) continue;
    if (looking.progress) looking.progress(at);
    if (looking.interrupt != nullptr && looking.interrupt->load(std::memory_order_relaxed)) {
      return ScanEnd{.interrupted = true, .at = at};
    }
  }
  return ScanEnd{.at = timeline.at().cycle};
}

}  // namespace lexum
