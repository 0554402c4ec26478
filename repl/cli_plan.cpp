// `lxm plan`: what a run would do, found out by running it ahead with outcomes that nobody has a
// part in. Nothing is carried out, and a data folder is only read.
#include <algorithm>

#include <fmt/format.h>

#include "machine/advice.h"
#include "machine/foresight.h"
#include "machine/past.h"
#include "machine/tee.h"
#include "repl/command_line.h"
#include "repl/json.h"
#include "repl/run_words.h"
#include "repl/sources.h"
#include "store/files.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

constexpr size_t kArgShown = 200;  // bytes

struct PlanOptions {
  std::string program;
  std::optional<std::string> data;
  std::optional<std::string> trace;
  std::vector<std::string> failing;
  RunWords words;
  bool json = false;

  std::optional<int> parse(Words typed);
  // Whether `--fail` says so.
  [[nodiscard]] bool fails(const Effect& effect) const;
  // What of it no effect of the program is meant by.
  [[nodiscard]] std::optional<std::string> wrong_failing(const Program& program) const;
};

std::optional<int> PlanOptions::parse(Words typed) {
  CommandLine options("plan");
  options.word("PROGRAM.lxm", program, "The program; - is standard input");
  options.text("--data", "DIR", data, "Begin where the run in DIR stands, which is left alone");
  options.texts("--fail", "'A.*'", failing,
                "Let these effects fail: A.Op, or A.* for all of an adapter; all others are done");
  words.add_to(options);
  options.text("--trace", "FILE", trace, "Record the run that was foreseen into FILE");
  options.flag("--json", json, "Print the plan as one JSON object; `lxm run --plan` takes it");
  return options.parse(typed);
}

bool means(const std::string& pattern, const Effect& effect) {
  return pattern == effect.adapter + ".*" || pattern == effect.adapter + "." + effect.operation;
}

bool PlanOptions::fails(const Effect& effect) const {
  return std::ranges::any_of(failing, [&](const auto& one) { return means(one, effect); });
}

std::optional<std::string> PlanOptions::wrong_failing(const Program& its) const {
  for (const std::string& pattern : failing) {
    const auto meant = [&](const Effect& effect) { return means(pattern, effect); };
    if (std::ranges::any_of(its.effects, meant)) continue;
    std::vector<std::string> names;
    for (const Effect& effect : its.effects) {
      names.push_back(effect.adapter + "." + effect.operation);
      names.push_back(effect.adapter + ".*");
    }
    std::string what = "--fail " + shell_word(pattern) + ": the program has no such effect";
    const std::string near = nearest(pattern, names);
    if (!near.empty()) return what + "; did you mean `" + near + "`?";
    return names.empty() ? what : what + "; it has `" + names.front() + "`";
  }
  return {};
}

// One plan from its words to its exit status. Each step says itself what went wrong.
class Planning {
 public:
  explicit Planning(PlanOptions options) : options_(std::move(options)) {}

  int act();

 private:
  std::optional<int> load_program();
  std::optional<int> read_folder();
  std::optional<int> open_trace();
  int foresee();
  Result<Outcome> run(Machine& machine) const;
  int tell(const Foresight& plan, const Notes& notes, Machine& machine);
  int fail(int status, const std::string& what);

  const PlanOptions options_;
  const std::atomic<bool>& interrupted_ = watch_signals();
  Findings findings_;
  std::shared_ptr<const Program> program_;
  RunWords::Told told_;
  std::unique_ptr<TraceWriter> trace_;

  // Of a run that goes on.
  std::optional<WorldImage> present_;
  std::string run_id_;
  std::vector<PlannedEffect> under_way_;
};

int Planning::fail(int status, const std::string& what) {
  if (!what.empty()) complain("lxm: " + what);
  if (!options_.json) return status;
  Output out;
  out.write(json_of_plan_error(findings_, what));
  return out.finish(status);
}

int Planning::act() {
  if (const auto status = load_program()) return *status;
  if (const auto wrong = options_.words.read(*program_, interrupted_, told_)) {
    return fail(wrong->status, wrong->what);
  }
  if (const auto status = read_folder()) return *status;
  if (const auto status = open_trace()) return *status;
  return foresee();
}

std::optional<int> Planning::load_program() {
  Loaded loaded = load_file(options_.program, [&](const Effect& effect) {
    return options_.fails(effect) ? EffectMode::kFailing : EffectMode::kSimulated;
  });
  program_ = std::move(loaded.program);
  findings_ = std::move(loaded.findings);
  if (!options_.json) findings_.print(false);
  if (program_ == nullptr) return fail(loaded.status, loaded.error);
  if (const auto wrong = options_.wrong_failing(*program_)) return fail(kExitUsage, *wrong);
  if (options_.trace == "-") {
    return fail(kExitUsage, "--trace wants the name of a file, and `-` is none");
  }
  return std::nullopt;
}

// The world that it goes on from. A folder without a run has none: there it begins.
std::optional<int> Planning::read_folder() {
  if (!options_.data) return std::nullopt;
  const std::string& folder = *options_.data;
  const auto its = program_in(disk(), folder);
  if (!its && its.error().code == ErrorCode::kNotFound) {
    complain("lxm: " + folder + " has no run, so this is the plan of one that begins");
    return std::nullopt;
  }
  Result<Past> past = read_past(disk(), folder);
  if (!past) return fail(exit_status_of(past.error()), past.error().what);
  const Result<RunFacts> facts = read_facts(disk(), folder);
  if (!facts) return fail(exit_status_of(facts.error()), facts.error().what);
  if (past->program->source.text() != program_->source.text()) {
    return fail(kExitUsage, folder + " has a run of another program than " + options_.program);
  }
  if (!told_.start_values.empty()) {
    return fail(kExitUsage, "--set is about a start, and " + folder +
                                " has a run that goes on; --input takes {\"set\": …}");
  }
  told_.start_values = past->start_values;
  run_id_ = facts->run_id;
  Progress progress;
  const auto machine =
      relive_known(std::move(*past), {.interrupt = &interrupted_}, [&](const World& world) {
        progress.show(fmt::format("{} cycles of {}; Ctrl-C stops", world.cycle(), folder));
      });
  if (!machine) return fail(exit_status_of(machine.error()), machine.error().what);
  const World& world = (*machine)->world();
  if (world.halted()) {
    return fail(kExitFaulted, fmt::format("the run in {} has ended with the assert in cycle {}",
                                          folder, world.halted()->cycle));
  }
  present_ = world.image();
  under_way_ = under_way(world);
  return std::nullopt;
}

std::optional<int> Planning::open_trace() {
  if (!options_.trace) return std::nullopt;
  TraceHeader header{.engine = std::string(engine_version()),
                     .run_id = new_run_id(),
                     .program_name = options_.program,
                     .program_text = std::string(program_->source.text()),
                     .start_values = told_.start_values,
                     .options = options_.words.spelled()};
  if (present_) {
    header.parent = Parentage{.run_id = run_id_,
                              .file = *options_.data,
                              .cycle = present_->cycle,
                              .changes = {"plan: nobody outside has a part in it"}};
  }
  auto writer = TraceWriter::create(disk(), *options_.trace, *program_, header);
  if (!writer) return fail(kExitDisk, writer.error().what);
  trace_ = std::move(*writer);
  return std::nullopt;
}

Result<Outcome> Planning::run(Machine& machine) const {
  Progress progress;
  Result<Outcome> outcome = machine.run([&](const World& world) {
    progress.show(fmt::format("{} cycles ahead; Ctrl-C stops", world.cycle()));
  });
  const Status finished = machine.finish();
  if (outcome && !finished) return finished.error();
  return outcome;
}

int Planning::foresee() {
  const uint64_t begins_after = present_ ? present_->cycle : 0;
  Notes notes(*program_);
  Foreseer foreseer(*program_, begins_after);
  Tee both(notes, foreseer);
  const uint64_t most = options_.words.cycles_max;
  MachineOptions how{
      .start_values = told_.start_values,
      .cycles_max = most == 0 || most > UINT64_MAX - begins_after ? 0 : most + begins_after,
      .sink = trace_.get(),
      .listener = &both,
      .interrupt = &interrupted_};
  auto machine = present_ ? std::make_unique<Machine>(program_, std::move(how), *present_)
                          : std::make_unique<Machine>(program_, std::move(how));
  foreseer.watch(machine->world());
  for (InputImage& input : told_.inputs) machine->add_input(std::move(input));
  const Result<Outcome> outcome = run(*machine);
  if (!outcome) return fail(exit_status_of(outcome.error()), outcome.error().what);
  Foresight plan = foreseer.tell(*outcome, machine->world(), notes);
  plan.run_id = run_id_;
  plan.under_way = std::move(under_way_);
  return tell(plan, notes, *machine);
}

// ---------------------------------------------------------------------------------------- in words

std::string call_text(const Program& program, const PlannedEffect& effect) {
  std::string args;
  for (const auto& [name, value] : effect.args) {
    args += (args.empty() ? "" : ", ") + name + ": " + shown(value, program.shapes, kArgShown);
  }
  return effect.adapter + "." + effect.operation + "(" + args + ") by " + effect.by;
}

// "for goal Live, after 1 (on Event::Ready)"
std::string reason_text(const PlannedEffect& effect) {
  std::string text = (effect.follows_from.starts_with("goal ") ? "for " : "upon ");
  text += effect.follows_from;
  if (effect.after != 0) text += fmt::format(", after {}", effect.after);
  if (!effect.since.empty()) text += " (" + effect.since + ")";
  return text;
}

std::string effects_text(const Program& program, const Foresight& plan) {
  constexpr size_t kDepthShown = 20;
  std::string text;
  const size_t digits = std::to_string(plan.effects.size()).size();
  std::vector<size_t> depths;
  for (size_t i = 0; i < plan.effects.size(); ++i) {
    const PlannedEffect& effect = plan.effects[i];
    depths.push_back(effect.after == 0 ? 0 : depths[effect.after - 1] + 1);
    text += fmt::format("  {:>{}}  {}{}, {}{}\n", i + 1, digits,
                        std::string(2 * std::min(depths.back(), kDepthShown), ' '),
                        call_text(program, effect), reason_text(effect),
                        effect.outcome == EffectOutcome::kFailed ? "; fails" : "");
  }
  if (plan.effects_in_all > plan.effects.size()) {
    text += fmt::format("  … and {} more\n", plan.effects_in_all - plan.effects.size());
  }
  return text;
}

// A thousand goals that wait all wait for the same reason.
std::string goals_text(const Foresight& plan) {
  constexpr size_t kListed = 10;
  std::string reached;
  std::string missed;
  size_t reached_count = 0;
  size_t missed_count = 0;
  for (const PlannedGoal& goal : plan.goals) {
    if (goal.status != GoalStatus::kSatisfied) {
      if (++missed_count <= kListed) missed += "not reached: " + goal.advice + "\n";
      continue;
    }
    if (++reached_count > kListed) continue;
    reached += (reached.empty() ? "" : ", ") + goal.instance + "." + goal.name;
  }
  if (reached_count > kListed) reached += fmt::format(" and {} more", reached_count - kListed);
  if (missed_count > kListed) missed += fmt::format("… and {} more\n", missed_count - kListed);
  return (reached.empty() ? "" : "reached: " + reached + "\n") + missed;
}

int Planning::tell(const Foresight& plan, const Notes& notes, Machine& machine) {
  const World& world = machine.world();
  Output out;
  const int status = exit_status_of(plan.outcome);
  if (options_.json) {
    std::vector<Diagnostic> all = findings_.diagnostics;
    const std::vector<Diagnostic> of_run = treadmill_diagnostics(world);
    all.insert(all.end(), of_run.begin(), of_run.end());
    write_plan(out, plan, *program_, all);
    return out.finish(status);
  }
  for (const PlannedEffect& effect : plan.under_way) {
    out.write(
        fmt::format("under way: {}, since cycle {}\n", call_text(*program_, effect), effect.cycle));
  }
  out.write(fmt::format("{} effect{} up to the outcome `{}`, after {} cycle{}\n",
                        plan.effects_in_all, plan.effects_in_all == 1 ? "" : "s",
                        spelling(plan.outcome), plan.cycles - plan.begins_after,
                        plan.cycles - plan.begins_after == 1 ? "" : "s"));
  out.write(effects_text(*program_, plan));
  out.write(goals_text(plan));
  if (plan.outcome != Outcome::kConverged && plan.outcome != Outcome::kWaiting) {
    const Ending ending{.outcome = plan.outcome,
                        .cycles_max = options_.words.cycles_max,
                        .run_hash = machine.run_hash()};
    out.write("\n" + describe(ending, world, notes));
  }
  return out.finish(status);
}

}  // namespace

int plan_command(Words words) {
  PlanOptions options;
  if (const auto status = options.parse(words)) return *status;
  return Planning(std::move(options)).act();
}

}  // namespace lexum
