// Chapter four: goals (§6).
#include "twin/rules.h"

namespace lexum::twin {
namespace {

std::vector<Rule> candidates_of_goals() {
  return {
      {"WithoutAStrategyTheFirstThatIsNotBlockedRuns",
       R"(domain D { state { a: int b: int }
            goal A { target a == 1 }  goal B { target b == 1  priority high }
            transition SetA { if a == 0 { a = 1 } }  transition SetB { if b == 0 { b = 1 } } })",
       {},
       {"step 1 1 D B > SetA", "step 2 2 D B > SetB", "outcome converged"}},
      {"AStrategyHasItsOwnOrder",
       R"(domain D { state { a: int } goal G { target a > 0  strategy { Two, One } }
            transition One { a = 1 }  transition Two { if a == 3 { a = 2 } } })",
       {},
       {"step 1 1 D G > One", "  D.a = 1"}},
      {"ATransitionThatWouldChangeNothingIsBlocked",
       R"(domain D { state { a: int b: int } goal a == 1
            transition T { a = 0  log "x"  b = b } })",
       {},
       {"no step", "outcome waiting", "  D goal a == 1: waiting"}},
      {"OnlyItsFirstSliceIsTried",
       R"(domain D { state { a: int } goal G { target a == 1 }
            transition T { step { a = a } step { a = 1 } } })",
       {},
       {"no step", "outcome waiting"}},
      {"ATransitionWithParametersIsNoCandidate",
       "domain D { state { a: int } goal G { target a == 1 } transition T(k: int) { a = k } }",
       {.inputs = {{.tick = 3, .text = "D T(1)"}}},
       {"step 1 3 D T", "outcome converged"}},
      {"AMessageRunsWhatAGoalWouldFindBlocked",
       "domain D { state { a: int } transition T { if a == 1 { a = 2 } } }",
       {.inputs = {{.text = "D T"}}},
       {"step 1 1 D T", "cycles 1"}},
      {"APredicateThatFaultsDoesNotHold",
       "domain D { state { a: int } goal G { target 1 / a == 1 } transition T { a += 1 } }",
       {},
       {"step 1 1 D G > T", "outcome converged", "no fault"}},
      {"AGoalIsNamedAfterItsTokens",
       "domain D { state { count: int } goal count==5 transition T { count += 5 } }",
       {},
       {"step 1 1 D count == 5 > T", "  D goal count == 5: satisfied"}},
      {"RetiringIsNotNothing",
       R"(domain W[id: int] { goal G { target false } transition T { retire } }
          system S { start domain W[1] { } })",
       {},
       {"step 1 1 W[1] G > T", "outcome converged"}},
  };
}

// `Ask` asks B, which answers with `answer`.
std::string asking(const std::string& items, const std::string& guard, const std::string& no) {
  return "domain A { state { got: bool busy: bool } goal G { target got " + items +
         " strategy { Ask } } transition Ask { if " + guard +
         " { send B Q } } on Yes { got = true } on No { " + no + " } }  ";
}

std::vector<Rule> questions() {
  const std::string yes = "domain B { on Q { send A Yes } }";
  const std::string no = "domain B { on Q { send A No } }";
  return {
      {"AGoalThatHasAskedWaitsForItsAnswer",
       asking("", "!got", "") + yes,
       {},
       {"step 1 1 A G > Ask", "step 2 2 B Q", "step 3 3 A Yes", "outcome converged", "messages 2"}},
      {"ItsAnswerMayBeAnyMessage",
       asking("", "!got", "") + "domain B { on Q { } }",
       {.inputs = {{.tick = 9, .text = "A No"}}},
       {"step 1 1 A G > Ask", "step 2 2 B Q", "step 3 9 A No", "step 4 10 A G > Ask",
        "step 5 11 B Q", "outcome waiting", "  A goal G: waiting"}},
      {"AFieldChangedInAnySliceIsNoQuestion",
       R"(domain D { state { n: int m: int } goal G { target n == 2 }
            transition T { step { n += 1 } step { m = 0 } } })",
       {},
       {"step 1 1 D G > T", "step 2 2 D T#2", "step 3 3 D G > T", "step 4 4 D T#2",
        "outcome converged"}},
      {"TheWorkOfAnotherGoalIsAnAnswerToo",
       R"(domain D { state { n: int }
            goal A { target n == 2  priority high  strategy { Ask } }
            goal B { target n >= 1  strategy { T } }
            transition Ask { emit Log.It() }  transition T { n += 1 } })",
       {},
       {"step 1 1 D A > Ask", "step 2 2 D B > T", "step 3 3 D A > Ask", "outcome waiting",
        "effect 1 D Log.It()", "effect 3 D Log.It()"}},
      {"AnAnswerMayComeTooLateForATry",
       asking("terminate_after 1", "!got", "") + no,
       {},
       {"step 1 1 A G > Ask", "step 2 2 B Q", "step 3 3 A No", "  A goal G: abandoned",
        "outcome waiting"}},
      {"AfterAnAnswerWhoseGoalIsBlockedItWaits",
       asking("terminate_after 1", "!got && !busy", "busy = true") + no,
       {},
       {"step 1 1 A G > Ask", "step 2 2 B Q", "step 3 3 A No", "  A goal G: waiting",
        "outcome waiting"}},
  };
}

std::vector<Rule> ends() {
  const std::string two_tries =
      R"(domain D { state { n: int gave_up: bool }
           goal G { target n == 5  strategy { T }  terminate_after 2 else Give }
           transition T { n += 1 }  transition Give { GIVE }  on Set(v: int) { n = v } })";
  const auto giving = [&](const std::string& body) {
    std::string text = two_tries;
    return text.replace(text.find("GIVE"), 4, body);
  };
  return {
      {"AfterSoManyRunsAGoalIsAbandoned",
       giving("gave_up = true"),
       {},
       {"step 1 1 D G > T", "step 2 2 D G > T", "step 3 3 D G > else Give", "outcome waiting",
        "  D goal G: abandoned", "  D.gave_up = true", "  D.n = 2"}},
      {"ItsLastWorkRunsEvenIfItChangesNothing",
       giving(""),
       {},
       {"step 1 1 D G > T", "step 2 2 D G > T", "step 3 3 D G > else Give", "cycles 3"}},
      {"AnAbandonedGoalThatComesToHoldIsSatisfiedAgain",
       giving(""),
       {.inputs = {{.tick = 10, .text = "D Set(5)"}, {.tick = 20, .text = "D Set(3)"}}},
       {"step 1 1 D G > T", "step 2 2 D G > T", "step 3 3 D G > else Give", "step 4 10 D Set",
        "step 5 20 D Set", "step 6 21 D G > T", "step 7 22 D G > T", "outcome converged"}},
      {"AFaultedRunCounts",
       R"(domain D { state { n: int } goal G { target n == 5  strategy { T }  terminate_after 1 }
            transition T { n = 1 / n } })",
       {},
       {"step 1 1 D G > T F002", "  D goal G: abandoned", "outcome waiting"}},
      {"NeverMeansNever",
       R"(domain D { state { n: int } goal G { target n == 5  terminate_after never }
            transition T { n += 1 } })",
       {},
       {"cycles 5", "outcome converged"}},
      {"ARunIsNotCutShort",
       R"(domain D { state { n: int } goal G { target n == 2  terminate_after 1 }
            transition T { step { n += 1 } step { n += 1 } } })",
       {},
       {"step 1 1 D G > T", "step 2 2 D T#2", "outcome converged"}},
  };
}

}  // namespace

std::vector<Rule> rules_of_goals() {
  std::vector<Rule> all;
  for (auto* part : {candidates_of_goals, questions, ends}) {
    for (Rule& rule : part()) all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace lexum::twin
