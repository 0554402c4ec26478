#include "machine/advice.h"

#include <algorithm>

#include <fmt/format.h>

#include "machine/inputs.h"

namespace lexum {

namespace {

constexpr size_t kShownMax = 60;  // bytes of a value or of source text

// The field that would make a condition true all by itself, and the value that it would need.
struct Wish {
  uint32_t slot = 0;
  Value value;
};

std::optional<Wish> wish_of(const Program& program, const Comparison& part, const Value& wanted) {
  if (part.field_slot != UINT32_MAX) return Wish{part.field_slot, wanted};
  const Term& whole = program[part.whole];
  if (whole.op == Op::kField) return Wish{whole.a, Value::of(true)};
  if (whole.op != Op::kNot) return std::nullopt;
  const Term& inner = program[TermId(size_t{whole.a})];
  if (inner.op == Op::kField) return Wish{inner.a, Value::of(false)};
  return std::nullopt;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) {
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

}  // namespace

struct Advisor::Subjected {
  Subjected(const World& world, InstanceId instance)
      : id(instance),
        domain(world.domain_of(instance)),
        fields(world.fields_of(instance).begin(), world.fields_of(instance).end()),
        key(world.key_of(instance)) {}

  Subject subject() { return {.fields = fields, .key = &key}; }

  InstanceId id;
  DomainId domain;
  std::vector<Value> fields;
  Value key;
};

Advisor::Advisor(const World& world, const Notes& notes, Voice voice)
    : world_(world),
      program_(world.program()),
      notes_(notes),
      voice_(voice),
      wiring_(program_),
      interpreter_(program_) {}

std::string Advisor::text(Span span) const {
  std::string line;
  for (const char c : program_.source.text(span)) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  return shortened(std::move(line), kShownMax);
}

std::string Advisor::shown(const Value& value) const {
  return lexum::shown(value, program_.shapes, kShownMax);
}

std::string Advisor::goal_name(InstanceId id, GoalIndex goal) const {
  const Domain& domain = program_[world_.domain_of(id)];
  const std::string& name = domain.goals[goal.index()].name;
  size_t others = 0;
  for (const Domain& other : program_.domains) {
    others += static_cast<size_t>(std::ranges::count(other.goals, name, &Goal::name));
  }
  return others == 1 && !domain.keyed ? name : world_.name_of(id) + "." + name;
}

// ---------------------------------------------------------------------------------------- distance

std::string Advisor::distance(InstanceId id, GoalIndex goal) {
  Subjected subject(world_, id);
  return false_parts(subject, program_[subject.domain].goals[goal.index()].comparisons);
}

std::string Advisor::false_parts(Subjected& subject, const std::vector<Comparison>& parts) {
  std::vector<std::string> all;
  for (const Comparison& part : parts) {
    Fault fault;
    if (interpreter_.test(part.whole, subject.subject(), fault)) continue;
    if (fault) {
      all.push_back(text(part.span) + " faults: " + fault.message);
      continue;
    }
    if (!part.actual) {
      all.push_back(text(part.span) + ": false → true");
      continue;
    }
    const Value actual = interpreter_.evaluate(part.actual, subject.subject(), fault);
    const Value wanted = interpreter_.evaluate(part.wanted, subject.subject(), fault);
    const std::string op = part.op == Operator::kEqual ? "" : std::string(spelling(part.op)) + " ";
    all.push_back(text(program_.spans[part.actual.index()]) + ": " + shown(actual) + " → " + op +
                  shown(wanted));
  }
  return joined(all, ", ");
}

// --------------------------------------------------------------------------------- what holds back

std::string Advisor::about(InstanceId id, GoalIndex index) {
  Subjected subject(world_, id);
  const Goal& goal = program_[subject.domain].goals[index.index()];
  const std::string far = distance(id, index);
  std::vector<std::string> parts = {goal_name(id, index) + (far.empty() ? "" : " (" + far + ")")};
  const GoalStatus status = world_.goal_status(id, index);
  if (world_.status_of(id) == InstanceStatus::kFaulted) {
    parts.push_back(world_.name_of(id) + (world_.is_killed(id)
                                              ? " was killed and has not come back"
                                              : " is FAULTED and takes no more work"));
  } else if (status == GoalStatus::kAbandoned) {
    parts.push_back("given up after " + std::to_string(goal.terminate_after.value_or(0)) +
                    " runs of its transitions");
  } else if (status == GoalStatus::kWaiting) {
    for (const RoutineIndex routine : goal.candidates) {
      parts.push_back(candidate(subject, routine));
    }
    if (const auto reason = unwritten(subject, goal)) parts.push_back(*reason);
  }
  return joined(parts, "; ");
}

// Tried as the runtime tries it: what its first slice would do on the present state.
std::string Advisor::candidate(Subjected& subject, RoutineIndex index) {
  const Routine& routine = program_[subject.domain].routines[index.index()];
  Outbox outbox;
  interpreter_.run(routine, routine.slices.front(), subject.subject(), {}, outbox);
  if (outbox.fault) {
    return routine.name + " is blocked: it faulted (" + std::string(info(outbox.fault.code).id) +
           ", " + outbox.fault.message + ") and would again";
  }
  if (!outbox.idle()) {
    if (outbox.emitted.empty()) return routine.name + " has run and changed nothing";
    const Emission& asked = program_.emissions[outbox.emitted.front().site.index()];
    return routine.name + " has asked (" + text(asked.span) + ") and waits for an answer";
  }
  std::vector<Comparison> held;
  std::vector<std::string> texts;
  for (const Comparison& guard : routine.slices.front().guards) {
    Fault fault;
    if (interpreter_.test(guard.whole, subject.subject(), fault)) continue;
    if (fault) break;  // what stands to its right relies on what stands to its left
    held.push_back(guard);
    texts.push_back(text(guard.span) + " is false");
  }
  if (held.empty()) return routine.name + " is blocked: it would change nothing";
  std::string line = routine.name + " is blocked: " + joined(texts, " and ");
  const std::string out = way_out(subject, held);
  return out.empty() ? line : line + "; " + out;
}

// The first thing that somebody can do about it: tell those who wait to be told, or set the fields.
std::string Advisor::way_out(Subjected& subject, const std::vector<Comparison>& parts) {
  std::vector<std::string> settings;
  for (const Comparison& part : parts) {
    Fault fault;
    const Value wanted =
        part.wanted ? interpreter_.evaluate(part.wanted, subject.subject(), fault) : Value();
    const std::optional<Wish> wish = wish_of(program_, part, wanted);
    if (!wish) continue;
    std::string told = never_told(subject.domain, wish->slot, false);
    if (!told.empty()) return told;
    const std::string& field = program_[subject.domain].fields[wish->slot].name;
    settings.push_back(to_type("set", world_.name_of(subject.id) + "." + field + "=" +
                                          setting_text(program_, wish->value)));
  }
  const bool together = voice_ == Voice::kCommandLine;
  return settings.empty() ? "" : "try " + joined(settings, together ? " " : " and ");
}

// Of a goal without candidates: who could make it true at all.
std::optional<std::string> Advisor::unwritten(Subjected& subject, const Goal& goal) {
  if (!goal.candidates.empty()) return std::nullopt;
  const size_t fields = program_[subject.domain].fields.size();
  for (uint32_t slot = 0; slot < fields; ++slot) {
    if (!goal.reads.meets(FieldMask::of(slot))) continue;
    std::string told = never_told(subject.domain, slot, true);
    if (!told.empty()) return told;
  }
  return "no transition and no handler of " + program_[subject.domain].name + " can reach it";
}

bool Advisor::is_message(DomainId domain, RoutineIndex index) const {
  const Routine& routine = program_[domain].routines[index.index()];
  if (index == program_[domain].boot) return false;
  return routine.kind != RoutineKind::kTransition || !wiring_.senders_of(domain, index).empty();
}

std::string Advisor::never_told(DomainId domain, uint32_t slot, bool with_field) {
  const std::string& field = program_[domain].fields[slot].name;
  for (const RoutineIndex writer : wiring_.writers_of(domain, slot)) {
    if (!is_message(domain, writer)) continue;
    const Routine& routine = program_[domain].routines[writer.index()];
    const uint64_t came = notes_.begun(domain, writer);
    const std::string who = (with_field ? field : "it") + " is set by `" + spell(routine) + "`, ";
    if (came == 0) return who + "which never came: " + message_hint(domain, writer);
    return who + "which came " + std::to_string(came) + (came == 1 ? " time" : " times");
  }
  return "";
}

std::string Advisor::message_hint(DomainId domain, RoutineIndex index) const {
  std::vector<std::string> names;
  for (const EmissionId emission : wiring_.senders_of(domain, index)) {
    const Site& site = wiring_[emission];
    std::string name = spell(program_, site.domain, site.routine);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  if (!names.empty()) return joined(names, " or ") + " would send it";
  const Routine& routine = program_[domain].routines[index.index()];
  std::vector<std::string> args;
  for (const Parameter& param : routine.params) args.push_back(param.name + ": …");
  const std::string call = routine.name + (args.empty() ? "" : "(" + joined(args, ", ") + ")");
  const std::string to = program_[domain].name + (program_[domain].keyed ? "[…] " : " ");
  const bool event = routine.kind == RoutineKind::kEvent;
  return "try " + to_type("send", event ? "Event::" + call : to + call);
}

std::string Advisor::to_type(std::string_view word, const std::string& what) const {
  if (voice_ == Voice::kPrompt) return fmt::format("`{} {}`", word, what);
  return fmt::format("--{} {}", word, shell_word(what));
}

std::string shell_word(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
  });
  if (plain && !text.empty()) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace lexum
