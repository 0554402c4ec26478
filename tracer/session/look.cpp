// What is it like there?
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/report.h"
#include "machine/wiring.h"
#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"

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
    reply.say(line);
  }
}

void say_mail_of(Session& session, const InstanceState& instance, Reply& reply) {
  const Program& program = session.program();
  const WorldState& world = session.timeline().state();
  for (const MessagePtr& message : instance.mailbox) {
    const Routine& routine = program[instance.domain].routines[message->routine.index()];
    std::string args;
    for (size_t i = 0; i < routine.params.size() && i < message->args.size(); ++i) {
      if (!args.empty()) args += ", ";
      args += routine.params[i].name + ": " + brief(program, message->args[i]);
    }
    Line line("  ");
    line.add(fmt::format("{}({})", spell(routine), args), Role::kName);
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

}  // namespace

Result<Verdict> say_state(Session& session, const Said& said, Reply& reply) {
  const Result<std::vector<InstanceId>> ids = instances_asked(session, said);
  if (!ids) return ids.error();
  const WorldState& world = session.timeline().state();
  reply.list("instances");
  for (const InstanceId id : *ids) {
    if (session.interrupted()) break;
    const InstanceState& instance = world[id];
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
      reply.say(line);
      reply.item(dump({{"instance", name},
                       {"goal", domain.goals[i].name},
                       {"status", spelling(instance.goals[i])}}));
    }
  }
  if (goals == 0) reply.say("there are no goals");
  return verdict_of(session, reply, false);
}

}  // namespace lexum
