// Why something happened, back to the input or the start that it follows from, as a reader of the
// program would say it.
#include <fmt/format.h>

#include "machine/inputs.h"
#include "tracer/why.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

Recorded record_with(const std::string& program, const std::vector<std::string>& inputs) {
  const auto loaded = program_of(program);
  Recording how;
  for (const std::string& input : inputs) how.inputs.push_back(*read_any(*loaded, input));
  return record(program, how);
}

std::string said(const Program& program, const WhyStep& step) {
  static constexpr std::array<std::string_view, 8> kWords = {"start", "input", "sent", "outcome",
                                                             "goal",  "begun", "boot", "act"};
  const Routine& routine = program[step.ran.domain].routines[step.ran.routine.index()];
  std::string text = fmt::format("{} {} {}, {}", step.ran.cycle,
                                 instance_name(program, step.ran.domain, step.ran.key),
                                 routine_name(routine), kWords[static_cast<size_t>(step.because)]);
  if (step.cause != 0) text += fmt::format(" {}", step.cause);
  if (step.input != 0) text += fmt::format(" #{}", step.input);
  if (step.passed_on != 0) text += fmt::format(", {} passed on", step.passed_on);
  return text;
}

std::vector<std::string> reasons(Recorded& run, uint64_t cycle) {
  const auto trace = run.open();
  const Result<Why> answer = why(*trace, cycle == 0 ? trace->cycles() : cycle);
  EXPECT_TRUE(answer.ok());
  std::vector<std::string> lines;
  for (const WhyStep& step : answer->steps) lines.push_back(said(trace->program(), step));
  return lines;
}
using Reasons = std::vector<std::string>;

TEST(Why, GoesThroughGoalsAndBroadcastsToTheStart) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  EXPECT_EQ(reasons(run, 3), (Reasons{"3 AppProvisioner BootApp, goal 2",
                                      "2 AppProvisioner Event::DatabaseReady, sent 1",
                                      "1 DatabaseProvisioner BootDB, start"}));
}

TEST(Why, GoesThroughLaterSlicesToWhatBeganThem) {
  Recorded run = record_with(R"(
domain D {
  state { n: int }
  transition T(k: int) { step { n = k } step { n += 1 } step { n += 1 } }
}
)",
                             {"D T(k: 4)"});
  EXPECT_EQ(reasons(run, 3), (Reasons{"3 D T, begun 2", "2 D T, begun 1", "1 D T, input #1"}));
}

TEST(Why, GoesThroughOutcomesToTheirEffects) {
  Recorded run = record_with(R"(
domain D {
  state { made: bool }
  on Go { emit Infra.Make() }
  on Infra.Make::Done(value) { made = true }
}
)",
                             {"D Go"});
  EXPECT_EQ(reasons(run, 2), (Reasons{"2 D Infra.Make::Done, outcome 1", "1 D Go, input #1"}));
}

TEST(Why, KnowsWithWhatAnInstanceCameToBe) {
  const char* program = R"(
domain Node[id: int] {
  state { n: int }
  goal Up { predicate n > 0 }
  transition Boot { log "here" }
  transition Rise { n = 1 }
  on Hello { if self.id > 0 { send Node[self.id - 1] Hello } }
}
domain Start { on Go { send Node[7] Hello } }
)";
  Recorded sent = record_with(program, {"Start Go"});
  EXPECT_EQ(reasons(sent, 2), (Reasons{"2 Node[7] Boot, boot 1", "1 Start Go, input #1"}));
  Recorded outside = record_with(program, {"Node[0] Hello"});
  EXPECT_EQ(reasons(outside, 1), (Reasons{"1 Node[0] Boot, boot #1"}));
  EXPECT_EQ(reasons(outside, 2).front(), "2 Node[0] Hello, input #1");
  EXPECT_EQ(reasons(outside, 3), (Reasons{"3 Node[0] Rise, goal #1"}));
}

TEST(Why, OfAGoalEndsWithTheActThatMadeItPursued) {
  Recorded run = record_with(
      "domain D { state { n: int } goal G { predicate n >= 2 } transition T { n += 1 } }",
      {R"({"set": "D.n=1", "at": 9})"});
  EXPECT_EQ(reasons(run, 2), (Reasons{"2 D T, start"}));
  EXPECT_EQ(reasons(run, 3), (Reasons{"3 D T, act #1"}));
}

TEST(Why, OfABootThatIsRunOnceMoreIsWhoRevivedIt) {
  Recorded run = record_with(R"(
@restart(never)
domain D { state { n: int  k: int } transition Boot { n = 10 / k } }
)",
                             {R"({"set": "D.k=5", "at": 8})", R"({"revive": "D", "at": 9})"});
  EXPECT_EQ(reasons(run, 1), (Reasons{"1 D Boot, start"}));
  EXPECT_EQ(reasons(run, 2), (Reasons{"2 D Boot, act #2"}));
}

TEST(Why, FoldsWhatOnlyPassesOn) {
  Recorded run = record_with(R"(
domain Hop[id: int] { on Pass(k: int) {
  if self.id < 9 { send Hop[self.id + 1] Pass(k: k) } else { send End Take(k: k) } } }
domain End { state { n: int } on Take(k: int) { n = k } }
domain Start { state { sent: int } on Go { sent = 1  send Hop[0] Pass(k: 5) } }
)",
                             {"Start Go"});
  EXPECT_EQ(reasons(run, 0),
            (Reasons{"12 End Take, sent 11, 10 passed on", "1 Start Go, input #1"}));
}

TEST(Why, OfALastWorkIsTheGoalThatWasGivenUp) {
  Recorded run = record(R"(
domain D {
  state { n: int  gave_up: bool }
  goal Five { predicate n == 5  terminate_after 2 else GiveUp }
  transition Try { n += 2 }
  transition GiveUp { gave_up = true }
}
)");
  // It has been tried for since the start.
  EXPECT_EQ(reasons(run, 3), (Reasons{"3 D GiveUp, goal 2", "2 D Try, start"}));
}

TEST(Why, CanBeInterrupted) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const auto trace = run.open();
  const std::atomic<bool> interrupt = true;
  const Result<Why> answer = why(*trace, 3, {.interrupt = &interrupt});
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->interrupted);
}

}  // namespace
}  // namespace lexum
