#include "repl/json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "machine/door.h"

namespace lexum {

namespace {

Json to_json(const Program& program, const NamedValues& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = to_json(program, value);
  return object;
}

Json to_json(const Source& source, const Diagnostic& diagnostic) {
  const Place begin = source.place(diagnostic.span.begin);
  const Place end = source.place(diagnostic.span.end);
  const CodeInfo& code = info(diagnostic.code);
  return {{"code", code.id},
          {"severity", code.severity == Severity::kError ? "error" : "warning"},
          {"message", diagnostic.message},
          {"file", source.name()},
          {"line", begin.line},
          {"column", begin.column},
          {"end_line", end.line},
          {"end_column", end.column},
          {"help", diagnostic.help}};
}

Json to_json(const Findings& findings, const std::string& error) {
  Json all = Json::array();
  for (const Diagnostic& one : findings.diagnostics) {
    all.push_back(to_json(findings.source, one));
  }
  if (error.empty()) return all;
  all.push_back({{"code", nullptr},
                 {"severity", "error"},
                 {"message", error},
                 {"file", nullptr},
                 {"line", nullptr},
                 {"column", nullptr},
                 {"end_line", nullptr},
                 {"end_column", nullptr},
                 {"help", ""}});
  return all;
}

Json to_json(const Program& program, const InstanceReport& instance) {
  Json goals = Json::array();
  for (const GoalReport& goal : instance.goals) {
    goals.push_back({{"name", goal.name}, {"status", spelling(goal.status)}});
  }
  return {{"domain", instance.domain},
          {"key", to_json(program, instance.key)},
          {"status", spelling(instance.status)},
          {"mailbox", instance.mailbox},
          {"state", to_json(program, instance.state)},
          {"goals", std::move(goals)}};
}

Json to_json(const RunReport& report, const SentNote& note) {
  const Program& program = report.world.program();
  const EffectId id = program.emissions[note.site.index()].effect;
  const Effect& effect = program.effects[id.index()];
  Json outcome;  // null: still awaited when the run ended
  if (note.outcome == EffectOutcome::kDone) outcome = "Done";
  if (note.outcome == EffectOutcome::kFailed) outcome = "Failed";
  return {{"adapter", effect.adapter},
          {"operation", effect.operation},
          {"args", to_json(program, named_args(program, note))},
          {"key", idempotency_key(report.run_id, report.world.name_of(note.sender), note.number)},
          {"outcome", std::move(outcome)},
          {"domain", program[note.domain].name},
          {"instance_key", to_json(program, note.sender_key)},
          {"cycle", note.cycle}};
}

Json to_json(const World& world, const DeadLetter& letter) {
  const Program& program = world.program();
  const DeadLetterReport dead = report_on(world, letter);
  return {{"domain", dead.domain.empty() ? Json() : Json(dead.domain)},
          {"key", to_json(program, dead.key)},
          {"message", dead.message},
          {"args", to_json(program, dead.args)},
          {"from", dead.from}};
}

Json to_json(const RunReport& report, const FaultNote& note) {
  const Program& program = report.world.program();
  const Place place = program.source.place(note.fault.span.begin);
  return {{"code", info(note.fault.code).id},
          {"domain", program[note.domain].name},
          {"key", to_json(program, note.key)},
          {"cycle", note.cycle},
          {"tick", note.tick},
          {"in", spell(program[note.domain].routines[note.routine.index()])},
          {"message", note.fault.message},
          {"faulted", note.faulted},
          {"file", program.source.name()},
          {"line", place.line},
          {"column", place.column}};
}

// ["a": …, a line each, made one after the other.
template <class Range, class ToJson>
void write_list(Output& out, std::string_view name, const Range& all, ToJson&& to_json) {
  out.write(",\n \"" + std::string(name) + "\": [");
  std::string_view before = "\n  ";
  for (const auto& one : all) {
    out.write(std::string(before) + dump(to_json(one)));
    before = ",\n  ";
  }
  out.write("]");
}

}  // namespace

std::string json_letters(const World& world) {
  Json letters = Json::array();
  for (const uint64_t number : letters_left(world)) {
    Json letter{{"number", number}};
    letter.update(to_json(world, world.dead_letters()[number - 1]));
    letters.push_back(std::move(letter));
  }
  return dump(letters);
}

std::string json_diagnostics(const Findings& findings, const std::string& error) {
  return dump(to_json(findings, error));
}

void write_run(Output& out, const RunReport& report) {
  const World& world = report.world;
  const Program& program = world.program();
  Json counts = {{"outcome", spelling(report.ending.outcome)},
                 {"cycles", world.cycle()},
                 {"ticks", world.tick_now()},
                 {"messages", world.messages()},
                 {"run_hash", to_hex(report.ending.run_hash)}};
  std::string head = dump(counts);
  head.pop_back();
  out.write(head);
  write_list(out, "instances", world.instances_in_order(),
             [&](InstanceId id) { return to_json(program, report_on(world, id)); });
  const auto reported = [&](const auto& one) { return to_json(report, one); };
  write_list(out, "effects", report.notes.effects(), reported);
  write_list(out, "dead_letters", letters_left(world),
             [&](uint64_t number) { return to_json(world, world.dead_letters()[number - 1]); });
  write_list(out, "faults", report.notes.faults(), reported);
  write_list(out, "diagnostics", report.diagnostics,
             [&](const Diagnostic& one) { return to_json(program.source, one); });
  out.write("}\n");
}

std::string json_of_error(const Findings& findings, const std::string& error) {
  const Json none = Json::array();
  return dump({{"outcome", "error"},
               {"cycles", 0},
               {"ticks", 0},
               {"messages", 0},
               {"run_hash", nullptr},
               {"instances", none},
               {"effects", none},
               {"dead_letters", none},
               {"faults", none},
               {"diagnostics", to_json(findings, error)}}) +
         "\n";
}

namespace {

Json to_json(EffectOutcome outcome) {
  if (outcome == EffectOutcome::kDone) return "Done";
  return outcome == EffectOutcome::kFailed ? Json("Failed") : Json();
}

Json to_json(const Program& program, const PlannedEffect& effect) {
  return {{"adapter", effect.adapter},
          {"operation", effect.operation},
          {"args", to_json(program, effect.args)},
          {"by", effect.by},
          {"cycle", effect.cycle}};
}

Json to_json(const PlannedGoal& goal) {
  return {{"instance", goal.instance},
          {"name", goal.name},
          {"status", spelling(goal.status)},
          {"distance", goal.distance.empty() ? Json() : Json(goal.distance)}};
}

}  // namespace

void write_plan(Output& out, const Foresight& plan, const Program& program,
                const std::vector<Diagnostic>& diagnostics) {
  const Json counts = {{"outcome", spelling(plan.outcome)},
                       {"cycles", plan.cycles},
                       {"ticks", plan.ticks},
                       {"run_id", plan.run_id.empty() ? Json() : Json(plan.run_id)},
                       {"begins_after", plan.begins_after},
                       {"effects_in_all", plan.effects_in_all}};
  std::string head = dump(counts);
  head.pop_back();
  out.write(head);
  write_list(out, "under_way", plan.under_way,
             [&](const PlannedEffect& effect) { return to_json(program, effect); });
  size_t number = 0;
  write_list(out, "effects", plan.effects, [&](const PlannedEffect& effect) {
    Json json = {{"number", ++number}};
    json.update(to_json(program, effect));
    json["follows_from"] = effect.follows_from;
    json["since"] = effect.since.empty() ? Json() : Json(effect.since);
    json["after"] = effect.after == 0 ? Json() : Json(effect.after);
    json["outcome"] = to_json(effect.outcome);
    return json;
  });
  write_list(out, "goals", plan.goals, [](const PlannedGoal& goal) { return to_json(goal); });
  write_list(out, "diagnostics", diagnostics,
             [&](const Diagnostic& one) { return to_json(program.source, one); });
  out.write("}\n");
}

std::string json_of_plan_error(const Findings& findings, const std::string& error) {
  const Json none = Json::array();
  return dump({{"outcome", "error"},
               {"cycles", 0},
               {"ticks", 0},
               {"run_id", nullptr},
               {"begins_after", 0},
               {"effects_in_all", 0},
               {"under_way", none},
               {"effects", none},
               {"goals", none},
               {"diagnostics", to_json(findings, error)}}) +
         "\n";
}

}  // namespace lexum
