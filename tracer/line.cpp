#include "tracer/line.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "machine/report.h"

namespace lexum {
namespace {

constexpr size_t kEditBytesMax = 72;  // of one change; what begins within them is shown
constexpr size_t kLogWidthMax = 200;
constexpr size_t kInstanceWidthMax = 28;
constexpr size_t kRanWidthMax = 32;
constexpr size_t kWhyWidth = 34;
constexpr size_t kKeyWidth = 4;  // that most keys get by with, brackets included

std::string ran_name(const Routine& routine) {
  switch (routine.kind) {
    case RoutineKind::kTransition:
      return routine.name;
    case RoutineKind::kEvent:
      return "on Event::" + routine.name;
    default:
      return "on " + routine.name;
  }
}

void add(std::string& list, std::string item) {
  if (!list.empty()) list += "; ";
  list += std::move(item);
}

}  // namespace

LineWriter::LineWriter(const Program& program, Detail detail) : program_(program), detail_(detail) {
  if (detail == Detail::kComparable) return;  // how wide its names are, is the program's own
  for (const Domain& domain : program.domains) {
    instance_width_ =
        std::max(instance_width_, domain.name.size() + (domain.keyed ? kKeyWidth : 0));
    for (const Routine& routine : domain.routines) {
      ran_width_ = std::max(ran_width_, ran_name(routine).size());
    }
  }
  instance_width_ = std::min(instance_width_, kInstanceWidthMax);
  ran_width_ = std::min(ran_width_, kRanWidthMax);
}

std::string LineWriter::heading() const {
  return joined({"cycle", "tick", "instance", "ran", "because of", "what came of it"});
}

std::string LineWriter::line(const EventView& view) const {
  return joined(std::visit([this](const auto& event) { return columns(event); }, view));
}

std::string LineWriter::joined(const Columns& c) const {
  return fmt::format("{:>7} {:>6}  {:<{}}  {:<{}}  {:<{}}  {}", c.cycle, c.tick, c.instance,
                     instance_width_, c.ran, ran_width_, c.why, kWhyWidth, c.what);
}

LineWriter::Columns LineWriter::columns(const CycleView& view) const {
  const Domain& domain = program_[view.domain];
  std::string what;
  for (const ChangeView& changed : view.changes) add(what, change(changed, domain));
  for (const EmissionView& emitted : view.emissions) add(what, emission(emitted));
  for (const GoalFlip& flip : view.flips) {
    add(what, fmt::format("goal {} {} → {}", domain.goals[flip.goal.index()].name,
                          spelling(flip.from), spelling(flip.to)));
  }
  if (view.fault) add(what, fault(*view.fault, domain));
  if (view.made_faulted) add(what, "FAULTED");
  if (view.retires) add(what, "retires");
  for (const std::string& log : view.logs) {
    add(what, "log " + shown(Value::of(log), {}, kLogWidthMax));
  }
  if (view.dead > 0) add(what, fmt::format("{} to the dead letters", view.dead));
  return {fmt::to_string(view.cycle),
          fmt::to_string(view.tick),
          instance_name(program_, view.domain, view.key),
          ran_name(domain.routines[view.routine.index()]),
          why(view),
          std::move(what)};
}

std::string LineWriter::why(const CycleView& view) const {
  const Domain& domain = program_[view.domain];
  switch (view.work) {
    case WorkKind::kBoot:
      return "its start";
    case WorkKind::kGoal:
      return "goal " + domain.goals[view.goal.index()].name;
    case WorkKind::kElse:
      return fmt::format("goal {}, abandoned", domain.goals[view.goal.index()].name);
    case WorkKind::kSlice: {
      const auto& slices = domain.routines[view.routine.index()].slices;
      return fmt::format("slice {} ({} of {})", slices[view.slice].name, view.slice + 1,
                         slices.size());
    }
    case WorkKind::kMessage:
      break;
  }
  const CauseView& cause = *view.cause;
  const std::string from = cause.sender.empty() ? "" : cause.sender + ", ";
  switch (cause.kind) {
    case OriginKind::kSent:
      return fmt::format("message from {}cycle {}", from, cause.cycle);
    case OriginKind::kBroadcast:
      return fmt::format("broadcast by {}cycle {}", from, cause.cycle);
    case OriginKind::kOutcome:
      return fmt::format("outcome of effect in cycle {}", cause.cycle);
    case OriginKind::kInput:
      return fmt::format("input {}", cause.input);
  }
  return {};
}

std::string LineWriter::emission(const EmissionView& view) const {
  const Emission& site = program_.emissions[view.site.index()];
  std::string args;
  for (size_t i = 0; i < view.args.size() && i < site.names.size(); ++i) {
    if (!args.empty()) args += ", ";
    args += site.names[i] + ": " + brief(program_, view.args[i]);
  }
  switch (site.kind) {
    case EmissionKind::kSend: {
      const std::string& message = program_[site.domain].routines[site.routine.index()].name;
      return fmt::format("send {} {}({})", instance_name(program_, site.domain, view.key), message,
                         args);
    }
    case EmissionKind::kBroadcast:
      return fmt::format("broadcast Event::{}({}) to {}", program_.events[site.event.index()].name,
                         args, listeners(site.event));
    case EmissionKind::kEffect: {
      const Effect& effect = program_.effects[site.effect.index()];
      return fmt::format("effect {}.{}({})", effect.adapter, effect.operation, args);
    }
  }
  return {};
}

std::string LineWriter::listeners(EventId event) const {
  std::string names;
  for (const Listener& listener : program_.events[event.index()].listeners) {
    const Domain& domain = program_[listener.domain];
    if (!names.empty()) names += ", ";
    names += domain.keyed ? "every " + domain.name : domain.name;
  }
  return names.empty() ? "nobody" : names;
}

std::string LineWriter::fault(const FaultView& view, const Domain& domain) const {
  std::string text = fmt::format("fault {} {}", info(view.code).id, info(view.code).title);
  if (detail_ == Detail::kAll) {
    const Place place = program_.source.place(view.span.begin);
    text += fmt::format(" at {}:{}", place.line, place.column);
  }
  if (!view.message.empty()) text += ": " + view.message;
  std::string rejected;
  for (const ChangeView& changed : view.rejected) {
    if (!rejected.empty()) rejected += ", ";
    rejected += rejected_change(changed, domain);
  }
  return rejected.empty() ? text : fmt::format("{} (undone: {})", text, rejected);
}

std::optional<EditOutline> LineWriter::edit_of(const ChangeView& view, const Field& field) const {
  if (detail_ == Detail::kComparable) return std::nullopt;
  return outline(program_, field.type, view.edit, kEditBytesMax);
}

std::string LineWriter::change(const ChangeView& view, const Domain& domain) const {
  const Field& field = domain.fields[view.slot];
  if (view.before.known) {
    return fmt::format("{}: {} → {}", field.name, seen(view.before), seen(view.after));
  }
  const auto edit = edit_of(view, field);
  if (!edit) return fmt::format("{}: edited → {}", field.name, seen(view.after));
  if (edit->whole)
    return fmt::format("{}: {} → {}", field.name, edit->whole->first, edit->whole->second);
  const Type& type = program_.types[field.type];
  if (type.kind == TypeKind::kRecord) {
    return fmt::format("{}: {} ({})", field.name, program_.records[type.shape].name, edit->text);
  }
  const uint64_t now = view.after.known ? size_of(view.after.value) : view.after.size;
  const uint64_t then = now - static_cast<uint64_t>(edit->grown);
  const std::string sizes =
      edit->grown == 0 ? fmt::to_string(now) : fmt::format("{} → {}", then, now);
  return fmt::format("{}: {} of {} ({})", field.name,
                     spelling(view.after.known ? view.after.value.kind() : view.after.kind), sizes,
                     edit->text);
}

std::string LineWriter::rejected_change(const ChangeView& view, const Domain& domain) const {
  const Field& field = domain.fields[view.slot];
  if (view.after.known) return fmt::format("{} = {}", field.name, seen(view.after));
  const auto edit = edit_of(view, field);
  if (!edit) return field.name + " edited";
  if (edit->whole) return fmt::format("{} = {}", field.name, edit->whole->second);
  return fmt::format("{} ({})", field.name, edit->text);
}

std::string LineWriter::seen(const SeenValue& value) const {
  if (value.known) return brief(program_, value.value);
  if (value.kind == Kind::kNull) return "a long value";
  return fmt::format("{} of {}", spelling(value.kind), value.size);
}

// "revived to try again; status = \"\"; goal DBIsReady: waiting → pursued"
std::string LineWriter::act(const InputView& view) const {
  const std::optional<ActView> act = act_of(view, program_);
  if (!act) return "an operator's act";
  std::string text;
  switch (view.kind) {
    case InputKind::kRevive:
      text = fmt::format("revive {}", spelling(static_cast<Revival>(act->about)));
      break;
    case InputKind::kRedeliver:
      text = fmt::format("dead letter {} is sent once more", act->about);
      break;
    case InputKind::kCrash:
      text = "crash";
      break;
    default:
      text = "set";
  }
  if (view.dead && view.kind == InputKind::kRedeliver) {
    return fmt::format("there is no dead letter {} to be sent once more", act->about);
  }
  if (view.dead) return text + ": there was nothing to do";
  if (act->boots) text += "; its Boot is run again";
  if (act->drops) text += "; the head of its mailbox goes to the dead letters";
  const char* between = view.kind == InputKind::kSet ? " " : "; ";
  for (const FieldImage& change : act->changes) {
    const Field& field = program_[view.domain].fields[change.slot];
    text += fmt::format("{}{} = {}", std::exchange(between, ", "), field.name,
                        brief(program_, change.value));
  }
  for (const auto& [goal, status] : act->flips) {
    text += fmt::format("; goal {} is {}", program_[view.domain].goals[goal.index()].name,
                        spelling(status));
  }
  return text;
}

LineWriter::Columns LineWriter::columns(const InputView& view) const {
  if (is_act(view.kind)) {
    return {"",
            fmt::to_string(view.tick),
            view.domain ? instance_name(program_, view.domain, view.key) : "",
            "",
            fmt::format("act {}", view.number),
            act(view)};
  }
  std::string args;
  const auto& params = view.domain ? program_[view.domain].routines[view.routine.index()].params
                                   : program_.events[view.event.index()].params;
  for (size_t i = 0; i < view.args.size() && i < params.size(); ++i) {
    if (!args.empty()) args += ", ";
    args += params[i].name + ": " + brief(program_, view.args[i]);
  }
  const std::string name = view.domain ? program_[view.domain].routines[view.routine.index()].name
                                       : "Event::" + program_.events[view.event.index()].name;
  const std::string receiver =
      view.domain ? instance_name(program_, view.domain, view.key) : listeners(view.event);
  return {"",
          fmt::to_string(view.tick),
          receiver,
          "",
          fmt::format("input {}", view.number),
          fmt::format("{} {}({})", view.dead ? "to the dead letters:" : "arrives:", name, args)};
}

LineWriter::Columns LineWriter::columns(const OutcomeView& view) const {
  return {"",
          fmt::to_string(view.tick),
          instance_name(program_, view.domain, view.key),
          "",
          fmt::format("effect in cycle {}", view.cause),
          fmt::format("{} {}({})",
                      view.dead      ? "came too late:"
                      : view.unheard ? "nobody waits for"
                                     : "arrives:",
                      view.failed ? "Failed" : "Done", brief(program_, view.value))};
}

LineWriter::Columns LineWriter::columns(const RollbackView& view) const {
  return {"",
          "",
          "",
          "",
          fmt::format("assert in cycle {}", view.cycle),
          view.only_slice ? std::string("undone: the failing slice alone")
                          : fmt::format("rolled back to the state after cycle {}", view.to_cycle)};
}

LineWriter::Columns LineWriter::columns(const StartedView& view) const {
  return {"", "", instance_name(program_, view.domain, view.key), "", "", "starts"};
}

LineWriter::Columns LineWriter::columns(const HoldView& view) const {
  const std::string mailbox =
      view.mailbox ? "mailbox of " + instance_name(program_, view.mailbox, view.mailbox_key) : "";
  const std::string_view what = view.kind == HoldKind::kPutOff      ? "put off"
                                : view.kind == HoldKind::kThrottled ? "throttled"
                                                                    : "held back no longer";
  return {"",      fmt::to_string(view.tick), instance_name(program_, view.domain, view.key), "",
          mailbox, std::string(what)};
}

std::string instance_name(const Program& program, DomainId domain, const Value& key) {
  const std::string& name = program[domain].name;
  return key.is_null() ? name : fmt::format("{}[{}]", name, literal(key, program.shapes));
}

}  // namespace lexum
