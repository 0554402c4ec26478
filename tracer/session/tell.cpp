#include "session/tell.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/input_reader.h"
#include "machine/report.h"
#include "machine/wiring.h"
#include "session/json.h"
#include "syntax/utf8.h"
#include "tracer/guard.h"

namespace lexum {

namespace {

Line statement_here(Session& session) {
  const Program& program = session.program();
  const Span span = session.inside()->statement;
  std::string_view text = program.source.text(span);
  const size_t end = text.find('\n');
  Line line("  ");
  line.add(position_text(session.at()), Role::kPosition).to_column(14);
  line.add(fmt::format("line {:<4}  ", program.source.place(span.begin).line), Role::kDim);
  line.add(text.substr(0, end));
  if (end != std::string_view::npos) line.add(" …", Role::kDim);
  return line;
}

}  // namespace

Line log_line(const LineWriter& lines, const EventView& event) {
  const std::string text = lines.line(event);
  Line line;
  const size_t begin = text.find_first_not_of(' ');
  const auto* ran = std::get_if<CycleView>(&event);
  if (ran == nullptr || begin == std::string::npos) return line.add(text);
  const size_t end = text.find(' ', begin);
  line.add(text.substr(0, begin));
  line.add(text.substr(begin, end - begin), Role::kPosition);
  return line.add(text.substr(end), ran->fault ? Role::kBad : Role::kPlain);
}

std::string act_place(uint64_t number, uint64_t after) {
  return fmt::format("act {} before cycle {}", number, after + 1);
}

void say_act(const Program& program, const LineWriter& lines, const InputView& act, uint64_t after,
             Reply& reply) {
  reply.say(log_line(lines, act));
  const std::string place = act_place(act.number, after);
  const std::string who = instance_name(program, act.domain, act.key);
  const char* const what = act.kind == InputKind::kSet     ? "set"
                           : act.kind == InputKind::kCrash ? "killed"
                                                           : "revived";
  reply.say(Line().add(fmt::format("{} was {} by {}", who, what, place), Role::kDim));
}

std::string subject_text(const Program& program, const Subjects& whose) {
  return whose.key ? instance_name(program, whose.domain, *whose.key) : program[whose.domain].name;
}

std::string target_text(const Program& program, const FieldTarget& field) {
  return subject_text(program, field.whose) + "." +
         program[field.whose.domain].fields[field.slot].name;
}

std::string target_text(const Program& program, const RoutineTarget& routine) {
  return subject_text(program, routine.whose) + "." +
         routine_name(program[routine.whose.domain].routines[routine.routine.index()]);
}

std::string source_line(const Program& program, Span span) {
  constexpr size_t kWidthMax = 44;
  const std::string_view text = program.source.text(span);
  const size_t end = text.find('\n');
  const bool more = end != std::string_view::npos;
  return printable(text.substr(0, end), kWidthMax) + (more ? " …" : "");
}

std::string did_text(const Program& program, DomainId domain, const StatementView& statement) {
  std::string did;
  for (const auto& [slot, before, after] : statement.writes) {
    did += fmt::format("{}{}: {} → {}", did.empty() ? "" : "; ", program[domain].fields[slot].name,
                       brief(program, before), brief(program, after));
  }
  for (const auto& [count, what] :
       {std::pair(statement.emissions, "sends"), std::pair(statement.logs, "logs")}) {
    if (count > 0) did += (did.empty() ? "" : "; ") + std::string(what);
  }
  return did;
}

std::string distance_text(const Program& program, const InstanceState& instance, GoalIndex goal) {
  if (instance.goals[goal.index()] == GoalStatus::kSatisfied) return "";
  Guard guard(program, instance.domain, instance.fields, instance.key);
  std::vector<std::string> parts;
  for (const ConditionPart& part : guard.distance_of(goal)) {
    if (!part.actual) {
      parts.push_back(source_line(program, part.span) + ": false → true");
      continue;
    }
    const std::string op = part.op == Operator::kEqual ? "" : std::string(spelling(part.op)) + " ";
    parts.push_back(fmt::format("{}: {} → {}{}", source_line(program, part.actual_span),
                                brief(program, *part.actual), op, brief(program, *part.wanted)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string waiting_text(const Program& program, DomainId receiver, const MessageImage& message) {
  const Routine& routine = program[receiver].routines[message.routine.index()];
  std::vector<std::string> args;
  for (size_t i = 0; i < routine.params.size() && i < message.args.size(); ++i) {
    args.push_back(routine.params[i].name + ": " + brief(program, message.args[i]));
  }
  return fmt::format("{}({})", spell(routine), fmt::join(args, ", "));
}

Result<const WorldState*> state_at(Session& session) {
  // Inside a cycle it is not over.
  const uint64_t cycle = session.at().cycle - (session.inside() ? 1 : 0);
  if (Status there = session.timeline().go_to(cycle); !there) return there.error();
  return &session.timeline().state();
}

Result<std::vector<InstanceId>> instances_of(Session& session, const Subjects& whose) {
  const Result<const WorldState*> world = state_at(session);
  if (!world) return world.error();
  std::vector<InstanceId> found;
  std::vector<std::string> keys;
  for (const InstanceId id : session.timeline().instances_in_order()) {
    const InstanceState& instance = (**world)[id];
    if (instance.domain != whose.domain) continue;
    if (whose.has(instance.domain, instance.key)) found.push_back(id);
    keys.push_back(instance_name(session.program(), instance.domain, instance.key));
  }
  if (!found.empty() || !whose.key) return found;
  return Error{.code = ErrorCode::kNotFound,
               .what = fmt::format("there is no {} at {}{}", subject_text(session.program(), whose),
                                   session.at().cycle,
                                   did_you_mean(subject_text(session.program(), whose), keys,
                                                ", and no other one of its domain"))};
}

void say_here_json(Session& session, Reply& reply) {
  reply.fact("branch", json_text(session.branch().name));
  reply.fact("position", json_text(position_text(session.at())));
  reply.fact("reason", session.reason().empty() ? "null" : json_text(session.reason()));
}

void say_here(Session& session, Reply& reply) {
  say_here_json(session, reply);
  const uint64_t cycle = session.at().cycle;
  if (cycle == session.trace().start()) {
    reply.say(cycle == 0 ? Line("at the start, before the first cycle")
                         : Line(fmt::format("at the start of {}, after cycle {}",
                                            session.branch().name, cycle)));
    return;
  }
  const Result<CycleView> ran = cycle_at(session.trace(), cycle);
  if (!ran) {
    reply.say(Line().add(ran.error().what, Role::kBad));
    return;
  }
  const LineWriter lines(session.program());
  reply.say(log_line(lines, *ran));
  if (session.inside()) reply.say(statement_here(session));
}

void say_ending(Session& session, Outcome outcome, Reply& reply) {
  LiveRun& live = *session.live();
  reply.fact("outcome", json_text(spelling(outcome)));
  const std::string said =
      describe({.outcome = outcome, .cycles_max = 0, .run_hash = live.run_hash()}, live.world(),
               live.notes(), Voice::kPrompt);
  for (size_t begin = 0; begin < said.size();) {
    const size_t end = std::min(said.find('\n', begin), said.size());
    reply.say(said.substr(begin, end - begin));
    begin = end + 1;
  }
}

void say_before_fork(Session& session, const std::vector<std::string>& changes, Reply& reply) {
  const std::string& branch = session.branch().name;
  reply.fact("branch", json_text(branch));
  reply.say(Line("before the fork, in ").add(branch, Role::kName).add(":"));
  for (const std::string& change : changes) {
    reply.say(Line().add("  (the fork: " + change + ")", Role::kDim));
  }
}

Verdict verdict_of(Session&, Reply& reply, bool interrupted) {
  reply.fact("interrupted", interrupted ? "true" : "false");
  if (!interrupted) return Verdict::kAnswered;
  reply.say("interrupted: there may be more");
  return Verdict::kInterrupted;
}

}  // namespace lexum
