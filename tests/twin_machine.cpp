#include "twin_machine.h"

#include "eval/load.h"
#include "machine/inputs.h"
#include "machine/report.h"

namespace lexum::twin {
namespace {

std::string label_of(const Routine& routine) {
  return (routine.kind == RoutineKind::kEvent ? "Event::" : "") + routine.name;
}

// Writes down every cycle as the twin does.
class Scribe final : public Observer {
 public:
  Scribe(const Program& program, Summary& summary)
      : program_(program), summary_(summary), notes_(program) {}

  // Set before anything is heard.
  const World* world = nullptr;
  [[nodiscard]] const Notes& notes() const { return notes_; }

  void cycle(const CycleRecord& record) override {
    notes_.cycle(record);
    const Domain& domain = program_[record.domain];
    const std::string head = std::to_string(record.cycle) + " ";
    const std::string who = world->name_of(record.instance);
    const std::string end = record.outbox->fault
                                ? " " + std::string(info(record.outbox->fault.code).id)
                                : std::string();
    summary_.steps.push_back(head + std::to_string(record.tick) + " " + who + " " +
                             work(domain, record) + end);
    if (!end.empty()) summary_.faults.push_back(head + who + end);
    for (const Emitted& emitted : record.outbox->emitted) {
      const Emission& emission = program_.emissions[emitted.site.index()];
      if (emission.kind == EmissionKind::kEffect) {
        summary_.effects.push_back(head + who + " " + effect(emission, emitted, *record.outbox));
      }
    }
  }
  void started(InstanceId id, DomainId domain, const lexum::Value& key) override {
    notes_.started(id, domain, key);
  }
  void input(const InputRecord& record) override { notes_.input(record); }
  void outcome(const OutcomeRecord& record) override { notes_.outcome(record); }
  void hold(const HoldRecord& record) override { notes_.hold(record); }
  void rollback(const RollbackRecord& record) override { notes_.rollback(record); }
  void rest() override { notes_.rest(); }

 private:
  static std::string work(const Domain& domain, const CycleRecord& record) {
    const std::string label = label_of(domain.routines[record.routine.index()]);
    const std::string goal = record.goal ? domain.goals[record.goal.index()].name : "";
    if (record.work == lexum::WorkKind::kGoal) return goal + " > " + label;
    if (record.work == lexum::WorkKind::kElse) return goal + " > else " + label;
    if (record.slice > 0) return label + "#" + std::to_string(record.slice + 1);
    return label;
  }

  std::string effect(const Emission& emission, const Emitted& emitted, const Outbox& outbox) {
    const Effect& effect = program_.effects[emission.effect.index()];
    std::string args;
    for (size_t i = 0; i < emitted.arg_count; ++i) {
      args += (i == 0 ? "" : ", ") + emission.names[i] + ": " +
              literal(outbox.args[emitted.first_arg + i], program_.shapes);
    }
    return effect.adapter + "." + effect.operation + "(" + args + ")";
  }

  const Program& program_;
  Summary& summary_;
  Notes notes_;
};

InstanceSummary summary_of(const World& world, InstanceId id) {
  const InstanceReport report = report_on(world, id);
  InstanceSummary s{.name = world.name_of(id),
                    .status = std::string(spelling(report.status)),
                    .mailbox = static_cast<int64_t>(report.mailbox)};
  for (const auto& [name, value] : report.state) {
    s.fields.push_back(name + " = " + literal(value, world.program().shapes));
  }
  for (const GoalReport& goal : report.goals) {
    s.goals.push_back(goal.name + ": " + std::string(spelling(goal.status)));
  }
  return s;
}

std::string dead_letter(const Program& program, const DeadLetterReport& letter) {
  std::string text = letter.domain;
  if (!letter.key.is_null()) text += "[" + literal(letter.key, program.shapes) + "]";
  if (!text.empty()) text += " ";
  text += letter.message;
  std::string args;
  for (const auto& [name, value] : letter.args) {
    args += (args.empty() ? "" : ", ") + name + ": " + literal(value, program.shapes);
  }
  return text + (args.empty() ? "" : "(" + args + ")");
}

Summary not_loaded(const std::string& what) {
  Summary s;
  s.outcome = "error";
  s.steps = {what};
  return s;
}

}  // namespace

Summary run_on_machine(const std::string& text, const Options& options, unsigned threads) {
  const Source source("program", text);
  Diagnostics diagnostics;
  const std::shared_ptr<const Program> program = load(source, diagnostics);
  if (!program) return not_loaded(render(source, diagnostics.sorted().front(), false));

  Summary summary;
  Scribe scribe(*program, summary);
  MachineOptions how;
  how.threads = threads;
  how.cycles_max = static_cast<uint64_t>(options.max_cycles);
  how.listener = &scribe;
  for (const std::string& set : options.sets) {
    const Result<StartValue> value = read_setting(*program, set);
    if (!value) return not_loaded(value.error().what);
    how.start_values.push_back(*value);
  }
  Machine machine(program, how);
  const World& world = machine.world();
  scribe.world = &world;
  for (const Input& input : options.inputs) {
    Result<InputImage> image = read_message(*program, input.text);
    if (!image) return not_loaded(image.error().what);
    image->tick = static_cast<uint64_t>(input.tick);
    machine.add_input(*image);
  }
  const Result<Outcome> outcome = machine.run();
  if (!outcome) return not_loaded(outcome.error().what);

  summary.outcome = spelling(*outcome);
  summary.cycles = static_cast<int64_t>(world.cycle());
  summary.ticks = static_cast<int64_t>(world.tick_now());
  summary.messages = static_cast<int64_t>(world.messages());
  for (const InstanceId id : world.instances_in_order()) {
    summary.instances.push_back(summary_of(world, id));
  }
  for (const DeadLetter& letter : world.dead_letters()) {
    summary.dead_letters.push_back(dead_letter(*program, report_on(world, letter)));
  }
  return summary;
}

}  // namespace lexum::twin
