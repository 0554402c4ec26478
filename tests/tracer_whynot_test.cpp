// What holds a transition back: one small program for each reason.

#include "machine/inputs.h"
#include "tracer/fork.h"
#include "tracer/whynot.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

// The lines for what is asked of a run, as of a cycle.
std::string whynot_lines(Recorded& run, const std::string& routine, uint64_t cycle) {
  const auto trace = run.open();
  const Result<RoutineTarget> target = read_routine_target(trace->program(), routine);
  if (!target) return target.error().what;
  const Result<WhyNotAnswer> answer = whynot(*trace, *target, std::min(cycle, trace->cycles()));
  if (!answer) return answer.error().what;
  std::string text;
  for (const std::string& line : lines_of(trace->program(), *answer)) text += line + "\n";
  return text;
}
std::string at_end(const std::string& program, const std::string& routine) {
  Recorded run = record(program);
  return whynot_lines(run, routine, UINT64_MAX);
}
std::string at_start(const std::string& program, const std::string& routine) {
  Recorded run = record(program);
  return whynot_lines(run, routine, 0);
}

TEST(WhyNot, ItRuns) {
  EXPECT_EQ(
      at_start("domain D { state { n: int } goal G { predicate n == 1 } transition T { n = 1 } }",
               "D.T"),
      "D.T: it does run, in cycle 1\n");
}

TEST(WhyNot, ItIsNextWhereTheRecordingEnds) {
  const std::string program =
      "domain D { state { n: int } goal G { predicate n == 9 } transition T { n += 1 } }";
  Recorded run = record(program, {.start_values = {}, .inputs = {}, .cycles_max = 3});
  EXPECT_THAT(whynot_lines(run, "D.T", 3), HasSubstr("the recording ends before it runs"));
}

TEST(WhyNot, TheRunGoesInCircles) {
  const std::string program = R"(
domain D {
  state { n: int }
  goal Up { predicate n == 1  strategy { T } }
  goal Down { predicate n == 0  strategy { U } }
  transition T { n = 1 }
  transition U { n = 0 }
})";
  EXPECT_EQ(at_end(program, "D.T"),
            "D.T: nothing holds it back, but the run goes in circles, and has ended (E005)\n");
}

TEST(WhyNot, AFieldThatOnlyUnsettlesTheGoalSaysSo) {
  const std::string program = R"(
domain D {
  state { n: int  m: int }
  goal G { predicate n <= 0  strategy { T } }
  transition T { n -= 1 }
  on M { m += 1 }
}
domain E { transition Boot { send D M } })";
  Recorded run = record(program);
  EXPECT_EQ(whynot_lines(run, "D.T", 1),
            "D.T: goal G is satisfied\n"
            "  n <= 0 is true: n is 0\n"
            "  it would have its turn after other work if n were 1\n");
}

TEST(WhyNot, TheRunHasHalted) {
  const std::string program = R"(
domain D { state { n: int } goal G { predicate n == 3 } goal H { predicate n == 0 } transition T { n += 1 assert n < 2 } })";
  EXPECT_THAT(at_end(program, "D.T"), HasSubstr("the assert in cycle 2 did not hold"));
}

constexpr const char* kShelves = R"(
domain Shop {
  state { n: int }
  goal Open { predicate n == 3 }
  transition Sell { n += 1  if n == 2 { send Shelf[1] Take } }
}
domain Shelf[id: int] {
  state { taken: int }
  transition Take { taken += 1  retire }
})";

TEST(WhyNot, NobodyIsThere) {
  EXPECT_THAT(at_start(kShelves, "Shelf[1].Take"), HasSubstr("there is no such instance yet"));
  EXPECT_THAT(at_end(kShelves, "Shelf[1].Take"), HasSubstr("it retired in cycle"));
  EXPECT_THAT(at_start(kShelves, "Shelf.Take"), HasSubstr("there is no such instance yet"));
  EXPECT_THAT(at_end(kShelves, "Shelf.Take"), HasSubstr("the last one retired in cycle 3"));
}

TEST(WhyNot, WhoCouldStartAnInstanceIsAsked) {
  EXPECT_EQ(at_start(kShelves, "Shelf[1].Take"),
            "Shelf[1].Take: there is no such instance yet\n"
            "  Shop.Sell would send it, in line 5\n"
            "    Shop.Sell: it does run, in cycle 1\n");
}

TEST(WhyNot, TheInstanceIsFaulted) {
  const std::string program =
      "@restart(0, 10) domain D { state { n: int } goal G { predicate n == 1 } "
      "transition T { n = 1 / n } }";
  EXPECT_THAT(at_end(program, "D.T"), HasSubstr("FAULTED and takes no more work, since cycle 1"));
}

TEST(WhyNot, BootComesFirstAndOnce) {
  const std::string program =
      "domain D { state { n: int } goal G { predicate n == 2 } transition Boot { n += 1 } "
      "transition T { n += 1 } }";
  EXPECT_THAT(at_start(program, "D.T"), HasSubstr("has to run its Boot first"));
  EXPECT_THAT(at_end(program, "D.Boot"), HasSubstr("it is done once, and has been in cycle 1"));
}

constexpr const char* kSteps = R"(
domain D {
  state { n: int  m: int }
  goal G { predicate n == 3 }
  transition T { slice one { n = 1 } slice two { n = 3 } }
  on M { m += 1 }
}
domain E { state { n: int } goal G { predicate n == 1 } transition T { n = 1  send D M } })";

TEST(WhyNot, SomethingHasBegun) {
  Recorded run = record(kSteps);
  EXPECT_THAT(whynot_lines(run, "D.T", 2), HasSubstr("it does run, in cycle 3"));
  EXPECT_THAT(whynot_lines(run, "D.M", 2), HasSubstr("T has begun and goes on first"));
}

TEST(WhyNot, OtherWorkGoesFirst) {
  const std::string program = R"(
domain D {
  state { a: int  b: int }
  goal A { predicate a == 1  strategy { SetA } } goal B { predicate b == 1  strategy { SetB } }
  @priority(high) transition SetA { a = 1 }
  transition SetB { b = 1 }
})";
  EXPECT_EQ(at_start(program, "D.SetB"),
            "D.SetB: SetA for goal A (priority 192) goes first: it is more urgent\n");
}

TEST(WhyNot, OfEquallyUrgentWorkTheFirstGoesFirst) {
  const std::string program = R"(
domain D {
  state { a: int  b: int }
  goal A { predicate a == 1  strategy { SetA } } goal B { predicate b == 1  strategy { SetB } }
  transition SetA { a = 1 }
  transition SetB { b = 1 }
})";
  EXPECT_EQ(at_start(program, "D.SetB"),
            "D.SetB: SetA for goal A (priority 128) goes first: it is as urgent, and comes before "
            "it\n");
}

TEST(WhyNot, WhatWasPassedOverTooOftenGoesFirst) {
  const std::string program = R"(
domain D {
  state { a: int  b: int }
  goal A { predicate a == 90  strategy { AddA } } goal B { predicate b == 90  strategy { AddB } }
  @priority(high) transition AddA { a += 1 }
  transition AddB { b += 1 }
})";
  Recorded run = record(program);
  EXPECT_EQ(whynot_lines(run, "D.AddA", 16),
            "D.AddA: AddB for goal B (priority 128) goes first: it has been passed over 16 times "
            "in a row\n");
  EXPECT_THAT(whynot_lines(run, "D.AddA", 15), HasSubstr("it does run, in cycle 16"));
}

// The message arrives in the tick in which the goal's transition would have run.
TEST(WhyNot, WhatComesFromOutsideInTheTickCanGoFirst) {
  const std::string text = R"(
domain D {
  state { n: int  m: int }
  goal G { predicate n == 9 }
  transition T { n += 1 }
  @priority(high) on M { m += 1 }
})";
  Recording how;
  how.inputs.push_back(*read_message(*program_of(text), "D M()"));
  how.inputs.back().tick = 3;
  Recorded run = record(text, how);
  EXPECT_EQ(whynot_lines(run, "D.T", 2),
            "D.T: the message M (priority 192) goes first: it is more urgent\n");
  EXPECT_EQ(whynot_lines(run, "D.M", 2), "D.M: it does run, in cycle 3\n");
}

TEST(WhyNot, AnotherOnesAssertEndsTheRunFirst) {
  const std::string program = R"(
domain A { state { n: int } goal G { predicate n == 1 } transition T { n = 1  assert n == 2 } }
domain B { state { n: int } goal G { predicate n == 1 } transition T { n = 1 } })";
  EXPECT_EQ(at_start(program, "B.T"),
            "B.T: the assert in cycle 1 did not hold, and the run has ended\n");
}

TEST(WhyNot, WhoComesToBeInTheTickRunsInIt) {
  const std::string text = "domain S[id: int] { state { n: int } on M { n += 1 } }";
  Recording how;
  how.inputs.push_back(*read_message(*program_of(text), "S[7] M()"));
  Recorded run = record(text, how);
  EXPECT_EQ(whynot_lines(run, "S[7].M", 0), "S[7].M: it does run, in cycle 1\n");
  EXPECT_EQ(whynot_lines(run, "S.M", 0), "S[7].M: it does run, in cycle 1\n");
  EXPECT_THAT(whynot_lines(run, "S[8].M", 0), HasSubstr("there is no such instance yet"));
}

TEST(WhyNot, AnotherCandidateComesBeforeIt) {
  const std::string program = R"(
domain D {
  state { n: int }
  goal G { predicate n == 9  strategy { Up Leap } }
  transition Up { n += 1 }
  transition Leap { n = 9 }
})";
  EXPECT_THAT(at_start(program, "D.Leap"), HasSubstr("Up comes before it in goal G and can run"));
}

TEST(WhyNot, ItsGuardIsFalse) {
  const std::string program = R"(
domain D {
  state { n: int  limit: int = 5  ready: bool }
  goal G { predicate n == 9 }
  transition T { if n >= limit && limit > 2 { n = 9 } }
  transition R { if ready && limit == 5 { n = 9 } }
})";
  EXPECT_EQ(at_start(program, "D.T"),
            "D.T: it is blocked: it would change nothing, so goal G cannot use it\n"
            "  n >= limit is false: n is 0, limit is 5\n"
            "  it would run next if n were 5\n");
  EXPECT_THAT(at_start(program, "D.R"), HasSubstr("ready is false\n"));
  EXPECT_THAT(at_start(program, "D.R"), HasSubstr("it would run next if ready were true\n"));
}

TEST(WhyNot, TheNearestValueMakesTheWholeGuardTrue) {
  const std::string program = R"(
domain D {
  state { n: int }
  goal G { predicate n == 99 }
  transition T { if n >= 5 && n != 5 && n != 6 { n = 99 } }
  transition U { if n >= 5 { n = 5 } }
})";
  EXPECT_THAT(at_start(program, "D.T"), HasSubstr("it would run next if n were 7\n"));
  EXPECT_THAT(at_start(program, "D.U"), HasSubstr("it would run next if n were 6\n"));
}

TEST(WhyNot, NullIsNoValueOfAFieldThatCannotBeNull) {
  const std::string program = R"(
domain D {
  state { n: int  m: int? }
  goal G { predicate n == 9 }
  transition T { if n == m { n = 9 } }
})";
  EXPECT_EQ(at_start(program, "D.T"),
            "D.T: it is blocked: it would change nothing, so goal G cannot use it\n"
            "  n == m is false: n is 0, m is null\n"
            "  it would run next if m were 0\n");
}

TEST(Guard, SaysHowFarAGoalIs) {
  const auto program = program_of(R"(
domain D {
  state { n: int = 3  limit: int = 5  status: string = "pending"  far: int = 9223372036854775807 }
  goal G { predicate n >= limit && status == "running" && limit == 5 && far == -2 }
  transition T { n += 1 }
})");
  const World world(*program, {});
  const InstanceId id = world.find(DomainId(0), Value());
  Guard guard(*program, DomainId(0), world.fields_of(id), Value());
  const std::vector<ConditionPart> missing = guard.distance_of(GoalIndex(0));
  ASSERT_EQ(missing.size(), 3u);
  EXPECT_EQ(missing[0].distance(), -2);
  EXPECT_EQ(missing[1].distance(), std::nullopt);
  EXPECT_EQ(missing[1].actual, Value::of("pending"));
  EXPECT_EQ(missing[1].wanted, Value::of("running"));
  EXPECT_EQ(missing[2].distance(), std::nullopt);  // further than an int can say
}

TEST(WhyNot, NoSingleFieldIsNamedWhereItTakesTwo) {
  const std::string program = R"(
domain D {
  state { n: int  a: int  b: int }
  goal G { predicate n == 9 }
  transition T { if a == 1 && b == 2 { n = 9 } }
})";
  EXPECT_THAT(at_start(program, "D.T"), HasSubstr("no single field is known"));
}

TEST(WhyNot, AFieldThatWouldOnlyUnblockItSaysSo) {
  const std::string program = R"(
domain D {
  state { n: int  a: int }
  goal G { predicate n == 9  strategy { Up Leap } }
  transition Up { if a == 1 { n += 1 } }
  transition Leap { if a == 1 { n = 9 } }
})";
  EXPECT_THAT(at_start(program, "D.Leap"), HasSubstr("it would no longer be blocked if a were 1"));
}

TEST(WhyNot, ItFaultedOnThisState) {
  const std::string program = R"(
@restart(5, 100)
domain D {
  state { n: int  other: int }
  goal G { predicate n == 9 }
  transition T { n = 1 / other }
})";
  EXPECT_THAT(at_end(program, "D.T"), HasSubstr("it faulted, and is blocked"));
}

TEST(WhyNot, ItsGoalWaitsForAnAnswer) {
  const std::string program = R"(
domain D { state { n: int } goal G { predicate n == 1 } transition T { send E Ask } }
domain E { state { n: int } on Ask { n += 1 } })";
  EXPECT_THAT(at_end(program, "D.T"),
              HasSubstr("goal G has asked, and waits for an answer or a change, since cycle 1"));
}

constexpr const char* kGivenUp = R"(
domain D {
  state { n: int  gone: bool }
  goal G { predicate n == 9  strategy { T }  terminate_after 2 else Give }
  transition T { n += 1 }
  transition Give { gone = true }
})";

TEST(WhyNot, ItsGoalIsAbandoned) {
  EXPECT_THAT(at_end(kGivenUp, "D.T"), HasSubstr("goal G is abandoned, since cycle 2"));
  EXPECT_THAT(at_end(kGivenUp, "D.Give"), HasSubstr("it is done once, and has been in cycle 3"));
  EXPECT_THAT(at_start(kGivenUp, "D.Give"),
              HasSubstr("it is the last work of goal G, which is not abandoned"));
}

TEST(WhyNot, ItsGoalIsSatisfied) {
  EXPECT_EQ(
      at_end("domain D { state { n: int } goal G { predicate n >= 2 } transition T { n += 1 } }",
             "D.T"),
      "D.T: goal G is satisfied, since cycle 2\n"
      "  n >= 2 is true: n is 2\n"
      "  it would run next if n were 1\n");
}

TEST(WhyNot, ItsMessageWaitsBehindOthers) {
  const std::string program = R"(
domain D { state { n: int } on A { n += 1 } on B { n += 2 } }
domain E { transition Boot { send D A  send D A  send D B } })";
  Recorded run = record(program);
  EXPECT_THAT(whynot_lines(run, "D.B", 1),
              HasSubstr("its message waits behind 2 others; first comes the message A"));
  EXPECT_THAT(whynot_lines(run, "D.B", 2), HasSubstr("behind 1 other;"));
}

TEST(WhyNot, ThoseWhoCouldHaveSentTheMessageAreAskedInTurn) {
  const std::string program = R"(
domain App {
  state { ready: bool  up: bool }
  goal Up { predicate up }
  transition Start { if ready { up = true } }
  on Ready { ready = true }
}
domain Base {
  state { asked: bool  done: bool }
  goal Done { predicate done }
  transition Make { if asked { done = true  send App Ready } }
  on Please { asked = true }
})";
  EXPECT_EQ(at_end(program, "App.Start"),
            "App.Start: it is blocked: it would change nothing, so goal Up cannot use it\n"
            "  ready is false\n"
            "  it would run next if ready were true\n"
            "  ready is set by on Ready, and no message for that waits\n"
            "  Base.Make would send it, in line 11\n"
            "    Base.Make: it is blocked: it would change nothing, so goal Done cannot use it\n"
            "      asked is false\n"
            "      it would run next if asked were true\n"
            "      asked is set by on Please, which only somebody outside of the program sends\n");
}

TEST(WhyNot, WhatNobodyAsksForIsAMessageFromOutside) {
  const std::string program = R"(
domain D { state { n: int } goal G { predicate n == 1  strategy { T } } transition T { n = 1 } transition U { n = 2 } })";
  EXPECT_THAT(
      at_end(program, "D.U"),
      HasSubstr("no message for it has come\n  only somebody outside of the program sends it"));
}

TEST(WhyNot, AMailboxHasNoRoom) {
  const std::string program = R"(
@mailbox(1)
domain Slow {
  state { n: int }
  on M { n += 1 }
}
domain A { state { n: int } goal G { predicate n == 3 } transition T { n += 1  send Slow M } }
domain B { state { n: int } goal G { predicate n == 3 } transition T { n += 1  send Slow M } })";
  Recorded run = record(program);
  std::string all;
  for (uint64_t cycle = 0; cycle < 9; ++cycle) {
    all += whynot_lines(run, "A.T", cycle) + whynot_lines(run, "B.T", cycle);
  }
  EXPECT_THAT(all, HasSubstr("it was tried and put off: the mailbox of Slow has no room"));
  EXPECT_THAT(all, HasSubstr("it is throttled until the mailbox of Slow is half empty"));
}

TEST(WhyNot, BackgroundWorkWaitsForTheRest) {
  const std::string program = R"(
domain A { state { n: int } goal G { predicate n == 1 } @priority(background) transition T { n = 1 } }
domain B { state { n: int } goal G { predicate n == 3 } transition T { n += 1 } })";
  EXPECT_THAT(at_start(program, "A.T"), HasSubstr("it is of background priority"));
}

TEST(WhyNot, IsAnsweredWhereARecordWasCutOffAndAForkGoesOnFromThere) {
  std::string program =
      "domain N[id: int] { state { n: int } goal G { predicate n >= 400 }"
      " transition T { n += 1 } transition U { if n > 900 { n = 1 } } }"
      " domain S { transition Boot { for i in 0..9 { send N[i] Hi } } }";
  program.insert(program.find(" transition U"), " on Hi { n += 0 }");
  Recorded run = record(program);
  const std::string whole = run.files["run"];
  size_t answered = 0;
  for (size_t size = whole.size() / 3; size < whole.size(); size += 7) {
    run.files["run"] = whole.substr(0, size);
    const auto trace = TraceReader::open(run.files, "run");
    if (!trace) continue;
    const auto target = read_routine_target((*trace)->program(), "N.U");
    const auto answer = whynot(**trace, *target, (*trace)->cycles());
    ASSERT_TRUE(answer.ok()) << answer.error().what;
    const auto forked = fork(**trace, (*trace)->cycles(), {}, run.files, "fork");
    ASSERT_TRUE(forked.ok()) << forked.error().what;
    EXPECT_LE(forked->cycle, (*trace)->cycles());
    ++answered;
  }
  EXPECT_GT(answered, 10u);
}

}  // namespace
}  // namespace lexum
