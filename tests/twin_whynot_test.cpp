// Whatever a program does: whynot says that something runs where it runs and nowhere else, and a
// field that it names does let the transition run.
#include <map>
#include <random>
#include <set>

#include "tracer/ask.h"
#include "tracer/line.h"
#include "tracer/rerun.h"
#include "tracer/whynot.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

// What each instance did in a tick.
struct Heard final : Observer {
  std::map<std::string, std::string> ran;
  std::set<std::string> put_off;
  const World& world;

  explicit Heard(const World& of) : world(of) {}
  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord&) override {}
  void outcome(const OutcomeRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override {}
  void cycle(const CycleRecord& record) override {
    const Domain& domain = world.program()[record.domain];
    ran[instance_name(world.program(), record.domain, *record.key)] =
        domain.routines[record.routine.index()].name;
  }
  void hold(const HoldRecord& record) override { put_off.insert(world.name_of(record.instance)); }
};

std::string described(const Program& program, const WhyNotAnswer& answer) {
  std::string text;
  for (const std::string& line : lines_of(program, answer)) text += line + "\n";
  return text;
}

// What each instance did in the tick after the moment that was asked about: "D[7].T", by cycle.
std::map<uint64_t, std::string> ran_after(TraceReader& trace, uint64_t at) {
  std::map<uint64_t, std::string> ran;
  const Result<CycleView> first =
      at < trace.cycles() ? cycle_at(trace, at + 1) : Result<CycleView>(Error{});
  for (uint64_t cycle = at + 1; first && cycle <= trace.cycles(); ++cycle) {
    const Result<CycleView> one = cycle_at(trace, cycle);
    if (!one || one->tick != first->tick) break;
    const Program& program = trace.program();
    ran[cycle] = instance_name(program, one->domain, one->key) + "." +
                 program[one->domain].routines[one->routine.index()].name;
  }
  return ran;
}

// That it runs is said of each that does, in its cycle, and of nobody else; and that it is next
// only where no tick came.
void expect_it_runs_where_it_runs(TraceReader& trace, const WhyNot& one, const std::string& what) {
  const Program& program = trace.program();
  const std::string name = instance_name(program, one.domain, one.key) + "." +
                           program[one.domain].routines[one.routine.index()].name;
  const std::map<uint64_t, std::string> ran = ran_after(trace, one.at);
  const auto found = std::ranges::find(ran, name, &std::pair<const uint64_t, std::string>::second);
  EXPECT_EQ(found != ran.end(), one.held == Held::kItRuns) << name << "\n" << what;
  if (found != ran.end()) {
    EXPECT_EQ(one.cycle, found->first) << what;
    EXPECT_TRUE(one.parts.empty() && one.missing.empty() && !one.flip && !one.rival) << what;
  }
  if (one.held == Held::kItIsNext || one.held == Held::kCircles) {
    EXPECT_TRUE(ran.empty()) << what;
  }
  if (one.held == Held::kOutranked) {
    EXPECT_TRUE(one.rival && one.rival->order) << what;
  }
}

// Sets the field that the answer names, and lets one tick happen.
void expect_flip_holds(TraceReader& trace, uint64_t cycle, const WhyNot& one,
                       const std::string& what) {
  const auto rerun = Rerun::at(trace, cycle);
  ASSERT_TRUE(rerun.ok());
  if ((*rerun)->world().cycle() != one.at) {
    ASSERT_TRUE((*rerun)->tick().ok());
  }
  World& world = (*rerun)->world();
  ASSERT_EQ(world.cycle(), one.at) << what;
  const InstanceId id = world.find(one.domain, one.key);
  world.set_field(id, one.flip->slot, one.flip->value);
  const std::string name = world.name_of(id);
  const std::string routine = world.program()[one.domain].routines[one.routine.index()].name;
  if (!one.flip->runs) {
    EXPECT_FALSE(world.is_blocked(id, one.routine)) << what;
    if (one.held == Held::kSatisfied) {
      EXPECT_EQ(world.candidate_of(id, one.goal), one.routine) << what;
    }
    return;
  }
  const size_t mail = world.mailbox_size(id);
  const bool background = world.next_work(id)->priority == 0;
  const bool throttled = !world.image_of(id).throttlers.empty();
  Heard heard(world);
  world.observe(&heard);
  ASSERT_TRUE(world.tick()) << what;
  // What arrives at the beginning of a tick may be more urgent, and others may come first.
  if (world.mailbox_size(id) > mail || background || throttled) return;
  if (heard.put_off.contains(name) || !heard.ran.contains(name)) return;
  if (world.halted()) return;
  EXPECT_EQ(heard.ran[name], routine) << what;
}

TEST(WhyNot, SaysThatItRunsWhereItRunsAndNamesFieldsThatLetItRun) {
  std::map<Held, uint64_t> reasons;
  uint64_t flips = 0;
  for (uint64_t seed = 1; seed <= 120; ++seed) {
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    const Program& program = trace->program();
    std::mt19937_64 random(seed);
    for (int i = 0; i < 6; ++i) {
      const uint64_t cycle = random() % (trace->cycles() + 1);
      const DomainId domain(random() % program.domains.size());
      if (program[domain].routines.empty()) continue;
      const RoutineIndex routine(random() % program[domain].routines.size());
      const RoutineTarget target{.whose = {.domain = domain}, .routine = routine};
      const Result<WhyNotAnswer> answer = whynot(*trace, target, cycle);
      ASSERT_TRUE(answer.ok()) << answer.error().what << to_string(one);
      const std::string what =
          to_string(one) + "at " + std::to_string(cycle) + "\n" + described(program, *answer);
      for (const WhyNot& held : answer->all) {
        ++reasons[held.held];
        expect_it_runs_where_it_runs(*trace, held, what);
        if (held.held == Held::kItRuns) {
          const Result<CycleView> ran = cycle_at(*trace, held.cycle);
          ASSERT_TRUE(ran.ok());
          EXPECT_EQ(ran->domain, domain) << what;
          EXPECT_EQ(ran->key, held.key) << what;
          EXPECT_EQ(ran->routine, routine) << what;
          EXPECT_GT(held.cycle, held.at) << what;
        }
        if (held.flip) {
          ++flips;
          expect_flip_holds(*trace, cycle, held, what);
        }
      }
    }
  }
  EXPECT_GT(flips, 20u);
  EXPECT_GT(reasons.size(), 10u);
  EXPECT_GT(reasons[Held::kItRuns], 20u);
}

}  // namespace
}  // namespace lexum::twin
