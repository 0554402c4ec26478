#include "session/json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "machine/report.h"
#include "machine/wiring.h"
#include "tracer/brief.h"
#include "tracer/line.h"

namespace lexum {

namespace {

std::string_view spelling(WorkKind work) {
  switch (work) {
    case WorkKind::kBoot:
      return "boot";
    case WorkKind::kMessage:
      return "message";
    case WorkKind::kGoal:
      return "goal";
    case WorkKind::kElse:
      return "else";
    case WorkKind::kSlice:
      return "slice";
  }
  return "";
}

std::string_view spelling(OriginKind kind) {
  switch (kind) {
    case OriginKind::kSent:
      return "sent";
    case OriginKind::kBroadcast:
      return "broadcast";
    case OriginKind::kInput:
      return "input";
    case OriginKind::kOutcome:
      return "outcome";
  }
  return "";
}

std::string_view spelling(HoldKind kind) {
  switch (kind) {
    case HoldKind::kPutOff:
      return "put off";
    case HoldKind::kThrottled:
      return "throttled";
    case HoldKind::kReleased:
      return "released";
  }
  return "";
}

Json named(const Program& program, const std::vector<std::string>& names,
           const std::vector<Value>& args) {
  Json object = Json::object();
  for (size_t i = 0; i < args.size() && i < names.size(); ++i) {
    object[names[i]] = to_json(program, args[i]);
  }
  return object;
}

Json subject_json(const Program& program, DomainId domain, const Value& key) {
  return {{"instance", instance_name(program, domain, key)},
          {"domain", program[domain].name},
          {"key", to_json(program, key)}};
}

Json emission_json(const Program& program, const EmissionView& view) {
  const Emission& site = program.emissions[view.site.index()];
  Json json;
  switch (site.kind) {
    case EmissionKind::kSend:
      json = {{"kind", "send"},
              {"to", instance_name(program, site.domain, view.key)},
              {"message", program[site.domain].routines[site.routine.index()].name}};
      break;
    case EmissionKind::kBroadcast:
      json = {{"kind", "broadcast"}, {"event", program.events[site.event.index()].name}};
      break;
    case EmissionKind::kEffect: {
      const Effect& effect = program.effects[site.effect.index()];
      json = {{"kind", "effect"}, {"adapter", effect.adapter}, {"operation", effect.operation}};
      break;
    }
  }
  json["args"] = named(program, site.names, view.args);
  return json;
}

Json cause_json(const CauseView& cause) {
  Json json = {{"kind", spelling(cause.kind)}};
  if (cause.kind == OriginKind::kInput) {
    json["input"] = cause.input;
  } else {
    json["cycle"] = cause.cycle;
    json["emission"] = cause.emission;
  }
  return json;
}

Json fault_json(const Program& program, const FaultView& fault, const Domain& domain) {
  const Place place = program.source.place(fault.span.begin);
  Json rejected = Json::array();
  for (const ChangeView& change : fault.rejected) {
    rejected.push_back(
        {{"field", domain.fields[change.slot].name}, {"value", to_json(program, change.after)}});
  }
  return {{"code", info(fault.code).id},
          {"message", fault.message},
          {"line", place.line},
          {"column", place.column},
          {"rejected", std::move(rejected)}};
}

Json event_json(const Program& program, const CycleView& cycle) { return to_json(program, cycle); }

Json act_json(const Program& program, const InputView& input) {
  Json json = {{"event", spelling(input.kind)}, {"tick", input.tick}, {"number", input.number}};
  if (input.domain) json.update(subject_json(program, input.domain, input.key));
  json["done"] = !input.dead;
  const std::optional<ActView> act = act_of(input, program);
  if (!act) return json;
  if (input.kind == InputKind::kRevive) json["how"] = spelling(static_cast<Revival>(act->about));
  if (input.kind == InputKind::kRedeliver) json["letter"] = act->about;
  Json& changes = json["changes"] = Json::array();
  for (const FieldImage& change : act->changes) {
    changes.push_back({{"field", program[input.domain].fields[change.slot].name},
                       {"value", to_json(program, change.value)}});
  }
  return json;
}

Json event_json(const Program& program, const InputView& input) {
  if (is_act(input.kind)) return act_json(program, input);
  Json json = {{"event", "input"}, {"tick", input.tick}, {"number", input.number}};
  if (input.domain) {
    const Routine& routine = program[input.domain].routines[input.routine.index()];
    json.update(subject_json(program, input.domain, input.key));
    json["message"] = routine.name;
    json["args"] = args_json(program, routine.params, input.args);
  } else {
    const Event& event = program.events[input.event.index()];
    json["broadcast"] = event.name;
    json["args"] = args_json(program, event.params, input.args);
  }
  json["dead"] = input.dead;
  return json;
}

Json event_json(const Program& program, const OutcomeView& outcome) {
  Json json = {{"event", "outcome"}, {"tick", outcome.tick}};
  json.update(subject_json(program, outcome.domain, outcome.key));
  json.update({{"cycle", outcome.cause},
               {"emission", outcome.index},
               {"outcome", outcome.failed ? "Failed" : "Done"},
               {"value", to_json(program, outcome.value)},
               {"dead", outcome.dead}});
  return json;
}

Json event_json(const Program&, const RollbackView& rollback) {
  return {{"event", "rollback"},
          {"cycle", rollback.cycle},
          {"to_cycle", rollback.to_cycle},
          {"only_slice", rollback.only_slice}};
}

Json event_json(const Program& program, const StartedView& started) {
  Json json = {{"event", "start"}};
  json.update(subject_json(program, started.domain, started.key));
  return json;
}

Json event_json(const Program& program, const HoldView& hold) {
  Json json = {{"event", "hold"}, {"tick", hold.tick}};
  json.update(subject_json(program, hold.domain, hold.key));
  json["what"] = spelling(hold.kind);
  json["mailbox"] =
      hold.mailbox ? Json(instance_name(program, hold.mailbox, hold.mailbox_key)) : Json();
  return json;
}

// Who sent it, as messages are called: "msg:Order[7]#12", or "input 3".
std::string message_id(const Program& program, const Origin& origin, const WorldState& world) {
  if (origin.kind == OriginKind::kInput) return "input " + std::to_string(origin.number);
  const InstanceState& sender = world[origin.sender];
  return "msg:" + instance_name(program, sender.domain, sender.key) + "#" +
         std::to_string(origin.number);
}

}  // namespace

Json to_json(const Program& program, const SeenValue& value) {
  if (value.known) return to_json(program, value.value);
  return {{"kind", spelling(value.kind)}, {"size", value.size}};
}

Json args_json(const Program& program, const std::vector<Parameter>& params,
               const std::vector<Value>& args) {
  std::vector<std::string> names;
  for (const Parameter& param : params) names.push_back(param.name);
  return named(program, names, args);
}

Json to_json(const Program& program, const EventView& event) {
  return std::visit([&](const auto& view) { return event_json(program, view); }, event);
}

Json to_json(const Program& program, const ChangeView& change, const Domain& domain) {
  return {{"field", domain.fields[change.slot].name},
          {"before", to_json(program, change.before)},
          {"after", to_json(program, change.after)}};
}

Json act_json(const Program& program, const InputView& act, uint64_t after) {
  Json json = act_json(program, act);
  json["before_cycle"] = after + 1;
  return json;
}

Json to_json(const Program& program, const CycleView& cycle) {
  const Domain& domain = program[cycle.domain];
  Json json = {{"event", "cycle"}, {"cycle", cycle.cycle}, {"tick", cycle.tick}};
  json.update(subject_json(program, cycle.domain, cycle.key));
  json.update({{"ran", spell(domain.routines[cycle.routine.index()])},
               {"slice", cycle.slice + 1},
               {"work", spelling(cycle.work)}});
  if (cycle.goal) json["goal"] = domain.goals[cycle.goal.index()].name;
  if (cycle.cause) json["cause"] = cause_json(*cycle.cause);
  Json changes = Json::array();
  for (const ChangeView& change : cycle.changes) {
    changes.push_back(to_json(program, change, domain));
  }
  Json emissions = Json::array();
  for (const EmissionView& emitted : cycle.emissions) {
    emissions.push_back(emission_json(program, emitted));
  }
  Json goals = Json::array();
  for (const GoalFlip& flip : cycle.flips) {
    goals.push_back({{"goal", domain.goals[flip.goal.index()].name},
                     {"from", spelling(flip.from)},
                     {"to", spelling(flip.to)}});
  }
  json.update({{"changes", std::move(changes)},
               {"emissions", std::move(emissions)},
               {"goals", std::move(goals)},
               {"logs", cycle.logs}});
  json["fault"] = cycle.fault ? fault_json(program, *cycle.fault, domain) : Json();
  json.update({{"faulted", cycle.made_faulted},
               {"retires", cycle.retires},
               {"dead_letters", cycle.dead},
               {"correlation", cycle.correlation}});
  return json;
}

Json to_json(const Program& program, const MessageImage& message, const InstanceState& receiver,
             const WorldState& world) {
  const Routine& routine = program[receiver.domain].routines[message.routine.index()];
  return {{"message", spell(routine)},
          {"args", args_json(program, routine.params, message.args)},
          {"id", message_id(program, message.origin, world)},
          {"cycle", message.origin.cause}};
}

Json to_json(const Program& program, const InstanceState& instance, const WorldState& world) {
  const Domain& domain = program[instance.domain];
  Json json = subject_json(program, instance.domain, instance.key);
  json["faulted"] = instance.faulted;
  json["killed"] = instance.killed;
  std::vector<uint32_t> order(domain.fields.size());
  for (uint32_t slot = 0; slot < order.size(); ++slot) order[slot] = slot;
  std::ranges::sort(order, {}, [&](uint32_t slot) { return domain.fields[slot].name; });
  Json state = Json::object();
  for (const uint32_t slot : order) {
    state[domain.fields[slot].name] = to_json(program, instance.fields[slot]);
  }
  Json goals = Json::array();
  for (size_t i = 0; i < domain.goals.size(); ++i) {
    goals.push_back({{"name", domain.goals[i].name}, {"status", spelling(instance.goals[i])}});
  }
  Json mailbox = Json::array();
  for (const MessagePtr& message : instance.mailbox) {
    mailbox.push_back(to_json(program, *message, instance, world));
  }
  json.update(
      {{"state", std::move(state)}, {"goals", std::move(goals)}, {"mailbox", std::move(mailbox)}});
  json["begun"] =
      instance.begun ? Json(spell(domain.routines[instance.begun->routine.index()])) : Json();
  return json;
}

}  // namespace lexum
