#include "machine/report.h"

#include <algorithm>
#include <map>

namespace lexum {

std::string_view spelling(InstanceStatus status) {
  switch (status) {
    case InstanceStatus::kReady:
      return "ready";
    case InstanceStatus::kAsleep:
      return "asleep";
    case InstanceStatus::kFaulted:
      return "faulted";
  }
  return "";
}

std::string_view spelling(InputKind kind) {
  switch (kind) {
    case InputKind::kMessage:
      return "message";
    case InputKind::kOutcome:
      return "outcome";
    case InputKind::kRevive:
      return "revive";
    case InputKind::kRedeliver:
      return "redeliver";
    case InputKind::kSet:
      return "set";
    case InputKind::kCrash:
      return "crash";
  }
  return "";
}

std::string_view spelling(Revival how) {
  switch (how) {
    case Revival::kRetry:
      return "retry";
    case Revival::kDrop:
      return "drop";
    case Revival::kRollBack:
      return "rollback";
    case Revival::kReturn:
      return "return";
  }
  return "";
}

std::string_view spelling(GoalStatus status) {
  switch (status) {
    case GoalStatus::kSatisfied:
      return "satisfied";
    case GoalStatus::kPursued:
      return "pursued";
    case GoalStatus::kWaiting:
      return "waiting";
    case GoalStatus::kAbandoned:
      return "abandoned";
  }
  return "";
}

InstanceReport report_on(const World& world, InstanceId id) {
  const Domain& domain = world.program()[world.domain_of(id)];
  InstanceReport report{.domain = domain.name,
                        .key = world.key_of(id),
                        .status = world.status_of(id),
                        .mailbox = world.mailbox_size(id),
                        .state = {},
                        .goals = {}};
  const std::span<const Value> fields = world.fields_of(id);
  for (size_t slot = 0; slot < fields.size(); ++slot) {
    report.state.emplace_back(domain.fields[slot].name, fields[slot]);
  }
  std::ranges::sort(report.state, {}, [](const auto& field) { return field.first; });
  for (size_t i = 0; i < domain.goals.size(); ++i) {
    report.goals.push_back({domain.goals[i].name, world.goal_status(id, GoalIndex(i))});
  }
  return report;
}

NamedValues named_args(const Program& program, const SentNote& note) {
  NamedValues args;
  const std::vector<std::string>& names = program.emissions[note.site.index()].names;
  for (size_t i = 0; i < note.args.size(); ++i) args.emplace_back(names[i], note.args[i]);
  return args;
}

namespace {

std::string origin_text(const World& world, const Origin& origin) {
  switch (origin.kind) {
    case OriginKind::kInput:
      return "input " + std::to_string(origin.number);
    case OriginKind::kOutcome:
      return "an effect of " + world.name_of(origin.sender);
    default:
      return world.name_of(origin.sender);
  }
}

NamedValues name_args(const std::vector<Parameter>& params, const std::vector<Value>& args) {
  NamedValues named;
  for (size_t i = 0; i < args.size() && i < params.size(); ++i) {
    named.emplace_back(params[i].name, args[i]);
  }
  return named;
}

}  // namespace

DeadLetterReport report_on(const World& world, const DeadLetter& letter) {
  const Program& program = world.program();
  const MessageImage& message = letter.message;
  DeadLetterReport report;
  report.from = origin_text(world, message.origin);
  if (letter.receiver) {
    const Domain& domain = program[world.domain_of(letter.receiver)];
    const Routine& routine = domain.routines[message.routine.index()];
    report.domain = domain.name;
    report.key = world.key_of(letter.receiver);
    report.message = (routine.kind == RoutineKind::kEvent ? "Event::" : "") + routine.name;
    report.args = name_args(routine.params, message.args);
  } else {
    const Event& event = program.events[letter.event.index()];
    report.message = "Event::" + event.name;
    report.args = name_args(event.params, message.args);
  }
  return report;
}

std::vector<uint64_t> letters_left(const World& world) {
  std::vector<uint64_t> numbers;
  for (uint64_t number = 1; number <= world.dead_letters().size(); ++number) {
    if (!world.dead_letters()[number - 1].redelivered) numbers.push_back(number);
  }
  return numbers;
}

// ------------------------------------------------------------------------------------- diagnostics

namespace {

std::string away_or_not(int64_t then, int64_t now) {
  const auto size = [](int64_t d) {
    return d < 0 ? 0 - static_cast<uint64_t>(d) : static_cast<uint64_t>(d);
  };
  if (size(now) > size(then)) return "moving away";
  return size(now) < size(then) ? "coming nearer" : "no nearer";
}

// A target that is passed by is most often one that should be a border.
std::string border_help(const Comparison& part, int64_t then, int64_t now) {
  if (part.op != Operator::kEqual || away_or_not(then, now) != "moving away") return "";
  return now > 0 ? "did you mean `>=`?" : "did you mean `<=`?";
}

Diagnostic treadmill_diagnostic(const World& world, const Treadmill& treadmill) {
  const Program& program = world.program();
  const Domain& domain = program[world.domain_of(treadmill.instance)];
  const Goal& goal = domain.goals[treadmill.goal.index()];
  Diagnostic diagnostic{
      .code = Code::kGoalGetsNowhere, .span = goal.span, .message = {}, .help = {}};
  diagnostic.message = "the goal `" + goal.name + "` of " + world.name_of(treadmill.instance) +
                       " was worked at 1,000 times in a row and still does not hold";
  if (!treadmill.distance_then || !treadmill.distance_now) return diagnostic;
  const int64_t then = *treadmill.distance_then;
  const int64_t now = *treadmill.distance_now;
  for (const Comparison& part : goal.comparisons) {
    const Op op = program[part.whole].op;
    if (op < Op::kEqualInt || op > Op::kGreaterEqual) continue;  // not of two ints
    diagnostic.message += ": `" + std::string(program.text(part.actual)) + " - " +
                          std::string(program.text(part.wanted)) + "` was " + std::to_string(then) +
                          ", is " + std::to_string(now) + ": " + away_or_not(then, now);
    diagnostic.help = border_help(part, then, now);
    break;
  }
  return diagnostic;
}

std::string driven_by(const Oscillation& loop) {
  std::string all;
  for (const std::string& driver : loop.drivers) all += (all.empty() ? "" : ", ") + driver;
  return all;
}

}  // namespace

std::vector<Diagnostic> treadmill_diagnostics(const World& world) {
  std::vector<Diagnostic> all;
  for (const Treadmill& treadmill : world.treadmills()) {
    all.push_back(treadmill_diagnostic(world, treadmill));
  }
  return all;
}

std::vector<Diagnostic> run_diagnostics(const World& world, const Notes& notes) {
  const Program& program = world.program();
  std::vector<Diagnostic> all = treadmill_diagnostics(world);
  std::map<std::string, Span> adapters;
  std::vector<bool> seen(program.effects.size());
  for (const SentNote& effect : notes.effects()) {
    const Emission& site = program.emissions[effect.site.index()];
    const Effect& what = program.effects[site.effect.index()];
    if (what.mode == EffectMode::kBound || seen[site.effect.index()]) continue;
    seen[site.effect.index()] = true;
    // Where others of its operations are bound, the adapter alone would name too many.
    const bool is_part = std::ranges::any_of(program.effects, [&](const Effect& other) {
      return other.adapter == what.adapter && other.mode == EffectMode::kBound;
    });
    adapters.emplace(is_part ? what.adapter + "." + what.operation : what.adapter, site.span);
  }
  for (const auto& [adapter, span] : adapters) {
    all.push_back({.code = Code::kSimulated,
                   .span = span,
                   .message = "no adapter `" + adapter +
                              "` is bound, so its effects are only simulated: each is Done",
                   .help = {}});
  }
  if (world.oscillates()) {
    const Oscillation loop = world.describe_oscillation();
    const DomainId first = world.domain_of(loop.instances.front());
    all.push_back({.code = Code::kOscillation,
                   .span = program[first].span,
                   .message = "the run repeats itself every " + std::to_string(loop.period) +
                              " ticks, driven by " + driven_by(loop),
                   .help = "`lxm explain E005` tells how such loops come about and end"});
  }
  return all;
}

}  // namespace lexum
