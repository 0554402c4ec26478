// What is it like there?
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "machine/report.h"
#include "machine/wiring.h"
#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"
#include "syntax/utf8.h"
#include "tracer/fork.h"
#include "tracer/life.h"
#include "tracer/statements.h"

namespace lexum {

namespace {

constexpr size_t kValueWidthMax = 2000;  // of one value, for people

Role role_of(GoalStatus status) {
  return status == GoalStatus::kSatisfied ? Role::kGood : Role::kPlain;
}

// All, or those that were named.
Result<std::vector<InstanceId>> instances_asked(Session& session, const Said& said) {
  if (!said.arguments[0].empty()) {
    const Result<Subjects> whose = read_subjects(session.program(), said.arguments[0]);
    if (!whose) return whose.error();
    return instances_of(session, *whose);
  }
  const Result<const WorldState*> world = state_at(session);
  if (!world) return world.error();
  return session.timeline().instances_in_order();
}

void say_name(Session& session, const InstanceState& instance, Reply& reply) {
  const Program& program = session.program();
  Line line;
  line.add(instance_name(program, instance.domain, instance.key), Role::kInstance);
  if (instance.faulted) line.add("  FAULTED", Role::kBad);
  if (instance.killed) line.add("  killed", Role::kBad);
  if (instance.begun) {
    const Routine& routine = program[instance.domain].routines[instance.begun->routine.index()];
    line.add(fmt::format("  in {}, slice {} of {} is next", spell(routine),
                         instance.begun->next_slice + 1, routine.slices.size()),
             Role::kDim);
  }
  reply.say(line);
}

void say_fields(const Program& program, const InstanceState& instance, Reply& reply) {
  const std::vector<Field>& fields = program[instance.domain].fields;
  size_t width = 0;
  for (const Field& field : fields) width = std::max(width, field.name.size());
  for (uint32_t slot = 0; slot < fields.size(); ++slot) {
    Line line("  ");
    line.add(fmt::format("{:<{}}", fields[slot].name, width), Role::kName).add("  ");
    line.add(shown(instance.fields[slot], program.shapes, kValueWidthMax), Role::kValue);
    reply.say(line);
  }
}

void say_goals_of(const Program& program, const InstanceState& instance, Reply& reply) {
  const std::vector<Goal>& goals = program[instance.domain].goals;
  for (size_t i = 0; i < goals.size(); ++i) {
    Line line("  goal ");
    line.add(goals[i].name, Role::kName).add(" ");
    line.add(spelling(instance.goals[i]), role_of(instance.goals[i]));
    const std::string far = distance_text(program, instance, GoalIndex(i));
    if (!far.empty()) line.add("  ").add(far, Role::kValue);
    reply.say(line);
  }
}

void say_mail_of(Session& session, const InstanceState& instance, Reply& reply) {
  const Program& program = session.program();
  const WorldState& world = session.timeline().state();
  for (const MessagePtr& message : instance.mailbox) {
    Line line("  ");
    line.add(waiting_text(program, instance.domain, *message), Role::kName);
    const Origin& origin = message->origin;
    if (origin.kind == OriginKind::kInput) {
      line.add(fmt::format("  input {}", origin.number), Role::kDim);
    } else {
      const InstanceState& sender = world[origin.sender];
      line.add("  ").add(fmt::format("msg:{}#{}", instance_name(program, sender.domain, sender.key),
                                     origin.number),
                         Role::kPosition);
      line.add(fmt::format(", sent in cycle {}", origin.cause), Role::kDim);
    }
    reply.say(line);
  }
}

Line statement_line(const Program& program, const CycleView& ran, size_t number,
                    const StatementView& statement) {
  Line line("  ");
  line.add(position_text(Moment{ran.cycle, static_cast<uint32_t>(number)}), Role::kPosition);
  line.to_column(14).add(fmt::format("line {:<4}", program.source.place(statement.span.begin).line),
                         Role::kDim);
  line.add("  ").add(source_line(program, statement.span));
  if (!statement.writes.empty() || statement.emissions > 0 || statement.logs > 0)
    line.to_column(64);
  return line.add(did_text(program, ran.domain, statement), Role::kValue);
}

Json statement_json(const Program& program, const CycleView& ran, const StatementView& statement) {
  Json writes = Json::array();
  for (const auto& [slot, before, after] : statement.writes) {
    writes.push_back({{"field", program[ran.domain].fields[slot].name},
                      {"before", to_json(program, before)},
                      {"after", to_json(program, after)}});
  }
  const Place place = program.source.place(statement.span.begin);
  return {{"line", place.line},
          {"column", place.column},
          {"text", program.source.text(statement.span)},
          {"writes", std::move(writes)},
          {"emissions", statement.emissions},
          {"logs", statement.logs}};
}

}  // namespace

Result<Verdict> say_list(Session& session, const Said&, Reply& reply) {
  if (session.at().cycle == session.trace().start()) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = "nothing has run at the start; name a cycle with --at"};
  }
  const Result<CycleStatements> found = statements_of(session.timeline(), session.at().cycle);
  if (!found) return found.error();
  const Program& program = session.program();
  const LineWriter lines(program);
  reply.say(log_line(lines, found->ran));
  const std::vector<Parameter>& params =
      program[found->ran.domain].routines[found->ran.routine.index()].params;
  if (!params.empty() && !found->statements.empty()) {
    Line line("  with");
    for (size_t i = 0; i < params.size(); ++i) {
      line.add(" ").add(params[i].name, Role::kName).add(": ");
      line.add(brief(program, found->statements[0].locals[i]), Role::kValue);
    }
    reply.say(line);
  }
  reply.fact("cycle", dump(to_json(program, found->ran)));
  reply.list("statements");
  for (size_t i = 0; i < found->statements.size(); ++i) {
    reply.say(statement_line(program, found->ran, i + 1, found->statements[i]));
    if (!reply.wants_json()) continue;
    reply.item(dump(statement_json(program, found->ran, found->statements[i])));
  }
  if (found->wanted.fault) {
    const Fault& fault = found->wanted.fault;
    reply.say(Line("  ").add(fmt::format("{} {}{}{}", info(fault.code).id, info(fault.code).title,
                                         fault.message.empty() ? "" : ": ", fault.message),
                             Role::kBad));
  }
  return Verdict::kAnswered;
}

Result<Verdict> say_state(Session& session, const Said& said, Reply& reply) {
  const Result<std::vector<InstanceId>> ids = instances_asked(session, said);
  if (!ids) return ids.error();
  const WorldState& world = session.timeline().state();
  reply.list("instances");
  for (const InstanceId id : *ids) {
    if (session.interrupted()) break;
    InstanceState instance = world[id];
    if (session.inside() && session.inside()->id == id) instance.fields = session.inside()->fields;
    if (reply.wants_json()) {
      reply.item(dump(to_json(session.program(), instance, world)));
      continue;
    }
    say_name(session, instance, reply);
    say_fields(session.program(), instance, reply);
    say_goals_of(session.program(), instance, reply);
    if (!instance.mailbox.empty()) {
      reply.say(fmt::format("  mailbox: {}", instance.mailbox.size()));
      say_mail_of(session, instance, reply);
    }
  }
  if (ids->empty()) reply.say("nobody is there");
  return verdict_of(session, reply, session.interrupted());
}

Result<Verdict> say_mailbox(Session& session, const Said& said, Reply& reply) {
  const Result<std::vector<InstanceId>> ids = instances_asked(session, said);
  if (!ids) return ids.error();
  const WorldState& world = session.timeline().state();
  uint64_t waiting = 0;
  reply.list("mailboxes");
  for (const InstanceId id : *ids) {
    const InstanceState& instance = world[id];
    if (instance.mailbox.empty()) continue;
    waiting += instance.mailbox.size();
    const std::string name = session.timeline().name_of(id);
    reply.say(Line().add(name, Role::kInstance));
    say_mail_of(session, instance, reply);
    Json mail = Json::array();
    for (const MessagePtr& message : instance.mailbox) {
      mail.push_back(to_json(session.program(), *message, instance, world));
    }
    reply.item(dump({{"instance", name}, {"messages", std::move(mail)}}));
  }
  if (waiting == 0) reply.say("no message is waiting");
  return verdict_of(session, reply, false);
}

Result<Verdict> say_goals(Session& session, const Said& said, Reply& reply) {
  const Result<std::vector<InstanceId>> ids = instances_asked(session, said);
  if (!ids) return ids.error();
  const WorldState& world = session.timeline().state();
  uint64_t goals = 0;
  reply.list("goals");
  for (const InstanceId id : *ids) {
    const InstanceState& instance = world[id];
    const std::string name = session.timeline().name_of(id);
    const Domain& domain = session.program()[instance.domain];
    for (size_t i = 0; i < domain.goals.size(); ++i) {
      ++goals;
      Line line;
      line.add(name, Role::kInstance).add(".").add(domain.goals[i].name, Role::kName).add("  ");
      line.add(spelling(instance.goals[i]), role_of(instance.goals[i]));
      const std::string far = distance_text(session.program(), instance, GoalIndex(i));
      if (!far.empty()) line.add("  ").add(far, Role::kValue);
      reply.say(line);
      reply.item(dump({{"instance", name},
                       {"goal", domain.goals[i].name},
                       {"status", spelling(instance.goals[i])},
                       {"distance", far.empty() ? Json() : Json(far)}}));
    }
  }
  if (goals == 0) reply.say("there are no goals");
  return verdict_of(session, reply, false);
}

namespace {

void say_stops(Session& session, Reply& reply) {
  reply.list("stops");
  for (const Stop& stop : session.stops().all()) {
    reply.say(fmt::format("  {}: {}", stop.number, to_text(stop)));
    reply.item(dump({{"number", stop.number}, {"stop", to_text(stop)}}));
  }
  if (session.stops().all().empty()) reply.say("nothing stops; `help break` says how");
}

void say_snapshots(Session& session, Reply& reply) {
  reply.list("snapshots");
  for (const auto& [name, moment] : session.branch().bookmarks) {
    Line line("  @");
    line.add(name, Role::kName).add("  ").add(position_text(moment), Role::kPosition);
    reply.say(line);
    reply.item(dump({{"name", name}, {"position", position_text(moment)}}));
  }
  if (session.branch().bookmarks.empty()) reply.say("there are none; `snapshot NAME` makes one");
}

void say_branches(Session& session, Reply& reply) {
  reply.list("branches");
  for (const auto& branch : session.branches()) {
    const bool is_here = branch.get() == &session.branch();
    Line line(is_here ? "* " : "  ");
    line.add(branch->name, Role::kName);
    if (!branch->parent.empty()) {
      line.add(
          fmt::format("  a fork of {} after cycle {}", branch->parent, branch->trace->start()));
    }
    line.add("  at ").add(position_text(branch->at), Role::kPosition);
    line.add(fmt::format(" of {}", branch->trace->cycles()));
    reply.say(line);
    reply.item(dump({{"branch", branch->name},
                     {"parent", branch->parent.empty() ? Json() : Json(branch->parent)},
                     {"begins_after", branch->trace->start()},
                     {"cycles", branch->trace->cycles()},
                     {"file", branch->trace->path()},
                     {"here", is_here}}));
  }
}

}  // namespace

Result<Verdict> say_info(Session& session, const Said& said, Reply& reply) {
  const Program& program = session.program();
  const std::string& about = said.arguments[0];
  if (about == "stops" || about == "branches" || about == "snapshots") {
    if (about == "stops") say_stops(session, reply);
    else if (about == "branches") say_branches(session, reply);
    else say_snapshots(session, reply);
    return Verdict::kAnswered;
  }
  const Result<AtSend> name = read_message_name(program, said.arguments[0]);
  if (!name) return name.error();
  const Result<Moment> sent = moment_of({.place = *name}, session.trace(), {}, session.looking());
  if (!sent) return sent.error();
  Timeline& timeline = session.timeline();
  if (Status there = timeline.go_to(sent->cycle - 1); !there) return there.error();
  // Sends are numbered by their sender, and those of a cycle follow on one another.
  const InstanceId sender = timeline.find(name->domain, name->key);
  const uint64_t before = sender ? timeline.state()[sender].sends : 0;
  const auto emission = static_cast<uint32_t>(name->number - before - 1);
  const Result<MessageLives> found = lives_of(timeline, sent->cycle, emission, session.looking());
  if (!found) return found.error();
  const LineWriter lines(program);
  reply.say(log_line(lines, found->sent));
  reply.fact("sent", fmt::to_string(sent->cycle));
  reply.list("receivers");
  for (const MessageLife& life : found->lives) {
    const std::string who = instance_name(program, life.domain, life.key);
    Line line("  ");
    line.add(who, Role::kInstance).add(" ");
    const bool taken = life.fate == MessageLife::Fate::kTaken;
    if (taken) line.add("took it in cycle ").add(fmt::to_string(life.taken), Role::kPosition);
    else if (life.fate == MessageLife::Fate::kWaiting) line.add("has it waiting at the end");
    else line.add("never took it: it went to the dead letters, or with its receiver");
    reply.say(line);
    reply.item(dump({{"instance", who},
                     {"taken", taken ? Json(life.taken) : Json()},
                     {"waiting", life.fate == MessageLife::Fate::kWaiting}}));
  }
  if (found->lives.empty()) {
    reply.say("  it is an effect, or nobody was there to hear it");
  }
  return Verdict::kAnswered;
}

Result<Verdict> say_graph(Session& session, const Said&, Reply& reply) {
  TraceReader& trace = session.trace();
  const Program& program = session.program();
  std::vector<uint64_t> sent(program.emissions.size());
  const Visit count = [&](const EventView& event, uint64_t) {
    if (const auto* ran = std::get_if<CycleView>(&event)) {
      for (const EmissionView& emission : ran->emissions) ++sent[emission.site.index()];
    }
    return true;
  };
  const uint64_t at = session.at().cycle;
  const Result<ScanEnd> end = scan(trace, trace.start(), at, session.looking(), count);
  if (!end) return end.error();
  reply.list("edges");
  std::string from;
  const std::vector<Edge> edges = edges_of(program);
  for (const Edge& edge : edges) {
    if (edge.from != from) reply.say(Line().add(edge.from, Role::kInstance));
    from = edge.from;
    const uint64_t times = sent[edge.emission.index()];
    Line line("  ");
    line.add(edge.in, Role::kName).add(" → ");
    line.add(edge.to.empty() ? "nobody hears it" : edge.to, Role::kInstance).add(": ");
    line.add(edge.message, Role::kName);
    if (times > 0) line.add(fmt::format("  ×{}", times), Role::kValue);
    line.add(fmt::format("  ({}, line {})", edge.kind, edge.line), Role::kDim);
    reply.say(line);
    reply.item(dump({{"from", edge.from},
                     {"in", edge.in},
                     {"to", edge.to.empty() ? Json() : Json(edge.to)},
                     {"message", edge.message},
                     {"kind", edge.kind},
                     {"line", edge.line},
                     {"times", times}}));
  }
  if (edges.empty()) reply.say("nobody sends anything");
  return verdict_of(session, reply, end->interrupted);
}

}  // namespace lexum
