// Why did it not happen?
#include "tracer/whynot.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/wiring.h"
#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"

namespace lexum {

namespace {

Json to_json(const Program& program, const WhyNot& answer);

Json part_json(const Program& program, const ConditionPart& part) {
  const Place place = program.source.place(part.span.begin);
  Json json = {{"condition", program.source.text(part.span)}, {"line", place.line}};
  if (part.actual) {
    json["actual"] = to_json(program, *part.actual);
    json["operator"] = spelling(part.op);
    json["wanted"] = to_json(program, *part.wanted);
  }
  return json;
}

Json missing_json(const Program& program, const Missing& missing, const Domain& domain) {
  Json senders = Json::array();
  for (const Sender& sender : missing.senders) {
    Json held = Json::array();
    for (const WhyNot& one : sender.held) held.push_back(to_json(program, one));
    senders.push_back({{"routine", spell(program, sender.domain, sender.routine)},
                       {"line", program.source.place(sender.span.begin).line},
                       {"held", std::move(held)},
                       {"more", sender.more}});
  }
  Json json = {{"message", routine_name(domain.routines[missing.handler.index()])}};
  if (missing.slot) json["field"] = domain.fields[*missing.slot].name;
  if (missing.ahead) json["ahead"] = *missing.ahead;
  json["senders"] = std::move(senders);
  return json;
}

Json to_json(const Program& program, const WhyNot& answer) {
  const Domain& domain = program[answer.domain];
  Json json = {{"instance", instance_name(program, answer.domain, answer.key)},
               {"routine", routine_name(domain.routines[answer.routine.index()])},
               {"held", spelling(answer.held)},
               {"at", answer.at}};
  if (answer.cycle != 0) json["cycle"] = answer.cycle;
  if (answer.act != 0) json["act"] = answer.act;
  if (answer.goal) json["goal"] = domain.goals[answer.goal.index()].name;
  if (answer.rival) {
    json["rival"] = {{"routine", routine_name(domain.routines[answer.rival->routine.index()])},
                     {"priority", answer.rival->priority}};
    if (answer.rival->order) json["rival"]["order"] = spelling(*answer.rival->order);
  }
  if (answer.held == Held::kQueued) json["ahead"] = answer.ahead;
  Json parts = Json::array();
  for (const ConditionPart& part : answer.parts) parts.push_back(part_json(program, part));
  json["conditions"] = std::move(parts);
  if (!answer.mailboxes.empty()) json["mailboxes"] = answer.mailboxes;
  json["flip"] = nullptr;
  if (answer.flip) {
    json["flip"] = {{"field", domain.fields[answer.flip->slot].name},
                    {"value", to_json(program, answer.flip->value)},
                    {"runs", answer.flip->runs}};
  }
  Json missing = Json::array();
  for (const Missing& one : answer.missing) missing.push_back(missing_json(program, one, domain));
  json["missing"] = std::move(missing);
  return json;
}

}  // namespace

Result<Verdict> say_whynot(Session& session, const Said& said, Reply& reply) {
  const Program& program = session.program();
  const Result<RoutineTarget> routine = read_routine(program, said.arguments[0]);
  if (!routine) return routine.error();
  const Result<WhyNotAnswer> answer =
      whynot(session.trace(), *routine, session.at().cycle, session.looking());
  if (!answer) return answer.error();
  reply.list("answers");
  for (const std::string& line : lines_of(program, *answer)) reply.say(line);
  for (const WhyNot& one : answer->all) {
    if (reply.wants_json()) reply.item(dump(to_json(program, one)));
  }
  reply.fact("more", fmt::to_string(answer->more));
  return verdict_of(session, reply, false);
}

}  // namespace lexum
