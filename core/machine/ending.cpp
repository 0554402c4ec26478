// The last words of a run, for people.
#include <algorithm>
#include <map>

#include "machine/advice.h"
#include "machine/report.h"

namespace lexum {

namespace {

// What a person looks through; a thousand goals that wait all wait for the same reason.
constexpr size_t kListed = 10;
constexpr size_t kStateShown = 160;  // bytes

std::string counted(uint64_t n, const std::string& thing) {
  std::string digits = std::to_string(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits + " " + thing + (n == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : ", ") + part;
  return all;
}

// Writes the first kListed lines and says how many more there would be.
class List {
 public:
  explicit List(std::string& out, std::string_view indent = "  ") : out_(out), indent_(indent) {}

  void add(const std::string& line) {
    if (++count_ <= kListed) out_.append(indent_).append(line).append("\n");
  }
  [[nodiscard]] bool full() const { return count_ >= kListed; }
  // `more` are those that were not even tried.
  void end(const std::string& things, size_t more = 0) {
    const size_t left = more + (count_ > kListed ? count_ - kListed : 0);
    if (left == 0) return;
    out_.append(indent_).append("… and ").append(std::to_string(left));
    out_.append(" more ").append(things).append("\n");
  }

 private:
  std::string& out_;
  std::string_view indent_;
  size_t count_ = 0;
};

class Teller {
 public:
  Teller(const Ending& ending, const World& world, const Notes& notes, Voice voice)
      : ending_(ending),
        world_(world),
        program_(world.program()),
        notes_(notes),
        advisor_(world, notes, voice) {}

  std::string tell() {
    headline();
    switch (ending_.outcome) {
      case Outcome::kConverged:
        instances();
        break;
      case Outcome::kWaiting:
        goals();
        break;
      case Outcome::kFaulted:
        faulted();
        goals();
        break;
      case Outcome::kOscillating:
        loop();
        break;
      case Outcome::kHalted:
        out_ += describe_rollback(world_, notes_);
        break;
      default:
        busiest();
        goals();
    }
    if (ending_.outcome != Outcome::kHalted) faults();
    treadmills();
    letters();
    effects();
    out_ += "run_hash " + to_hex(ending_.run_hash) + "\n";
    return std::move(out_);
  }

 private:
  void headline() {
    out_ += std::string(spelling(ending_.outcome)) + " after " + counted(world_.cycle(), "cycle") +
            " in " + counted(world_.tick_now(), "tick") + ", with " +
            counted(world_.messages(), "message") + "\n";
    if (ending_.outcome == Outcome::kLimit) {
      out_ += "  stopped by --max-cycles " + std::to_string(ending_.cycles_max) +
              "; 0 lets it run without a limit\n";
    }
  }

  void instances() {
    List list(out_);
    const std::vector<InstanceId> all = world_.instances_in_order();
    for (const InstanceId id : all) {
      if (list.full()) break;
      list.add(line_of(id));
    }
    list.end("instances; --json shows them all", all.size() - std::min(all.size(), kListed));
  }

  std::string line_of(InstanceId id) const {
    const InstanceReport report = report_on(world_, id);
    std::vector<std::string> state;
    for (const auto& [name, value] : report.state) {
      state.push_back(name + ": " + shown(value, program_.shapes, kStateShown));
    }
    std::vector<std::string> held;
    for (const GoalReport& goal : report.goals) held.push_back(goal.name);
    std::string line = world_.name_of(id);
    if (!state.empty()) line += "  " + shortened(joined(state), kStateShown);
    if (!held.empty()) line += "  (" + joined(held) + (held.size() == 1 ? " holds)" : " hold)");
    return line;
  }

  // One line for each goal that does not hold. A thousand instances of one domain have a line each
  // only as long as there is room; asking why costs a trial.
  void goals() {
    std::map<GoalStatus, size_t> left;
    std::map<GoalStatus, size_t> told;
    for (const InstanceId id : world_.instances_in_order()) {
      const std::vector<Goal>& goals = program_[world_.domain_of(id)].goals;
      for (size_t i = 0; i < goals.size(); ++i) {
        const GoalStatus status = world_.goal_status(id, GoalIndex(i));
        if (status == GoalStatus::kSatisfied) continue;
        if (told[status]++ < kListed) {
          out_ += std::string(spelling(status)) + ": " + advisor_.about(id, GoalIndex(i)) + "\n";
        } else {
          ++left[status];
        }
      }
    }
    for (const auto& [status, count] : left) {
      out_ += "  … and " + counted(count, "more goal") + " ";
      out_.append(spelling(status)).append("\n");
    }
  }

  void faulted() {
    for (const InstanceId id : world_.instances_in_order()) {
      if (world_.status_of(id) != InstanceStatus::kFaulted) continue;
      out_ +=
          "faulted: " + world_.name_of(id) +
          (world_.is_killed(id) ? " was killed and has not come back; " : " takes no more work; ") +
          counted(world_.mailbox_size(id), "message") + " in its mailbox\n";
    }
  }

  void faults() {
    List list(out_);
    for (const FaultNote& note : notes_.faults()) {
      if (list.full()) break;
      const uint32_t line = program_.source.place(note.fault.span.begin).line;
      const Routine& routine = program_[note.domain].routines[note.routine.index()];
      list.add(std::string(info(note.fault.code).id) + " " +
               std::string(info(note.fault.code).title) + ": " + note.fault.message + ", in " +
               world_.name_of(note.instance) + " (" + spell(routine) + ", line " +
               std::to_string(line) + ") at cycle " + std::to_string(note.cycle));
    }
    const size_t all = notes_.faults_in_all();
    list.end("faults", all - std::min(all, kListed));
  }

  void treadmills() {
    List list(out_);
    for (const Diagnostic& diagnostic : treadmill_diagnostics(world_)) {
      list.add("W507: " + diagnostic.message +
               (diagnostic.help.empty() ? "" : "; " + diagnostic.help));
    }
    list.end("goals that get nowhere");
  }

  void loop() {
    const Oscillation loop = world_.describe_oscillation();
    out_ += "  E005: the world comes back to what it was every " + counted(loop.period, "tick") +
            " (" + counted(loop.cycles, "cycle") + "), and so for ever\n";
    std::vector<std::string> who;
    for (const InstanceId id : loop.instances) who.push_back(world_.name_of(id));
    const size_t more = who.size() - std::min(who.size(), kListed);
    who.resize(who.size() - more);
    out_ += "  who takes part: " + joined(who) +
            (more > 0 ? " and " + std::to_string(more) + " more" : "") + "\n";
    std::vector<std::string> drivers = loop.drivers;
    drivers.resize(std::min(drivers.size(), kListed));
    out_ += "  what drives it: " + joined(drivers) + "\n";
    List list(out_);
    for (const Oscillation::Swing& swing : loop.swings) {
      std::string line = "back and forth: " + world_.name_of(swing.instance) + "." +
                         program_[world_.domain_of(swing.instance)].fields[swing.slot].name + ": ";
      for (size_t i = 0; i < swing.values.size(); ++i) {
        line += (i > 0 ? " → " : "") + shown(swing.values[i], program_.shapes, 40);
      }
      list.add(line);
    }
    list.end("fields");
    out_ += "  lxm explain E005 tells how such a loop ends\n";
  }

  void busiest() {
    std::vector<std::pair<uint64_t, std::string>> all;
    for (size_t d = 0; d < program_.domains.size(); ++d) {
      for (size_t r = 0; r < program_.domains[d].routines.size(); ++r) {
        const uint64_t begun = notes_.begun(DomainId(d), RoutineIndex(r));
        if (begun > 0) all.emplace_back(begun, spell(program_, DomainId(d), RoutineIndex(r)));
      }
    }
    std::ranges::stable_sort(all, std::greater{}, [](const auto& one) { return one.first; });
    std::vector<std::string> shown;
    for (size_t i = 0; i < std::min<size_t>(all.size(), 3); ++i) {
      shown.push_back(all[i].second + " " + counted(all[i].first, "time"));
    }
    if (!shown.empty()) out_ += "  what ran most: " + joined(shown) + "\n";
  }

  void letters() {
    const std::vector<uint64_t> letters = letters_left(world_);
    List list(out_);
    for (const uint64_t number : letters) {
      if (list.full()) break;
      const DeadLetter& letter = world_.dead_letters()[number - 1];
      const DeadLetterReport report = report_on(world_, letter);
      const std::string to = letter.receiver ? " to " + world_.name_of(letter.receiver) : "";
      list.add("dead letter: " + report.message + to + " from " + report.from);
    }
    list.end("dead letters", letters.size() - std::min(letters.size(), kListed));
  }

  static std::string what_came(const Effect& effect, EffectOutcome outcome) {
    if (effect.mode != EffectMode::kBound) return "simulated";
    switch (outcome) {
      case EffectOutcome::kAwaited:
        return "under way";
      case EffectOutcome::kDone:
        return "done";
      case EffectOutcome::kFailed:
        return "failed";
    }
    return "";
  }
  void effects() {
    List list(out_);
    for (const SentNote& note : notes_.effects()) {
      if (list.full()) break;
      const EffectId id = program_.emissions[note.site.index()].effect;
      const Effect& effect = program_.effects[id.index()];
      std::vector<std::string> args;
      for (const auto& [name, value] : named_args(program_, note)) {
        args.push_back(name + ": " + shown(value, program_.shapes, 40));
      }
      list.add("effect: " + effect.adapter + "." + effect.operation + "(" + joined(args) + ") by " +
               world_.name_of(note.sender) + ", " + what_came(effect, note.outcome));
    }
    const size_t all = notes_.effects_in_all();
    list.end("effects", all - std::min(all, kListed));
  }

  const Ending& ending_;
  const World& world_;
  const Program& program_;
  const Notes& notes_;
  Advisor advisor_;
  std::string out_;
};

}  // namespace

std::string describe(const Ending& ending, const World& world, const Notes& notes, Voice voice) {
  return Teller(ending, world, notes, voice).tell();
}

// ---------------------------------------------------------------------------------------- rollback

namespace {

constexpr std::string_view kInner = "    ";

// What an instance has now, and what it had when the assert failed.
void add_states(const World& world, const Halt& halt, std::string& out) {
  const Program& program = world.program();
  out += "  states, now → when it failed:\n";
  List list(out, kInner);
  for (const InstanceImage& then : halt.undone.instances) {
    const Domain& domain = program[then.domain];
    const InstanceId living = world.find(then.domain, then.key);
    if (living != then.id) {
      list.add(world.name_of(then.id) + " is gone: it was started since");
      continue;
    }
    const std::span<const Value> now = world.fields_of(then.id);
    for (size_t slot = 0; slot < then.fields.size(); ++slot) {
      if (now[slot] == then.fields[slot]) continue;
      list.add(world.name_of(then.id) + "." + domain.fields[slot].name + ": " +
               shown(now[slot], program.shapes, 60) + " → " +
               shown(then.fields[slot], program.shapes, 60));
    }
  }
  list.end("fields");
}

std::string edge_text(const World& world, const SentNote& note) {
  const Program& program = world.program();
  const Emission& site = program.emissions[note.site.index()];
  std::string what;
  if (site.kind == EmissionKind::kBroadcast) {
    what = "all: Event::" + program.events[site.event.index()].name;
  } else if (site.kind == EmissionKind::kEffect) {
    const Effect& effect = program.effects[site.effect.index()];
    what = effect.adapter + "." + effect.operation;
  } else {
    const Domain& domain = program[site.domain];
    what = domain.name + (domain.keyed ? "[" + literal(note.key, program.shapes) + "]: " : ": ") +
           domain.routines[site.routine.index()].name;
  }
  return "cycle " + std::to_string(note.cycle) + ": " + world.name_of(note.sender) + " → " + what;
}

}  // namespace

std::string describe_rollback(const World& world, const Notes& notes) {
  const Halt& halt = *world.halted();
  const Program& program = world.program();
  std::string out = "  F020: assert failed in " + world.name_of(halt.instance) + " at cycle " +
                    std::to_string(halt.cycle) + ", line " +
                    std::to_string(program.source.place(halt.fault.span.begin).line) + ": " +
                    halt.fault.message + "\n";
  if (halt.only_slice) {
    out += "  no rest lies within the last 10,000 cycles, so only this slice was undone\n";
    return out;
  }
  out +=
      "  rolled back to the last rest, " +
      (halt.to_cycle == 0 ? std::string("the start") : "cycle " + std::to_string(halt.to_cycle)) +
      "; what was undone:\n";
  add_states(world, halt, out);
  if (!notes.since_rest().empty()) {
    out += "  messages between:\n";
    List list(out, kInner);
    for (const SentNote& note : notes.since_rest()) list.add(edge_text(world, note));
    list.end("messages");
  }
  const auto stays = [&](const SentNote& effect) { return effect.cycle > halt.to_cycle; };
  if (std::ranges::any_of(notes.effects(), stays)) {
    out += "  effects that cannot be undone:\n";
    List list(out, kInner);
    for (const SentNote& effect : notes.effects()) {
      if (stays(effect)) list.add(edge_text(world, effect));
    }
    list.end("effects");
  }
  return out;
}

}  // namespace lexum
