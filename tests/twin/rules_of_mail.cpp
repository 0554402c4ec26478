// Chapter three: messages, broadcasts, storms and oscillation (§5).
#include "twin/rules.h"

namespace lexum::twin {
namespace {

std::vector<Rule> broadcasts() {
  return {
      {"ABroadcastReachesWhoWasStartedBeforeTheTick",
       R"(domain A { state { n: int }  on Go { send W[1] Hi  emit Broadcast(Event::X(k: 2)) }
                     on Event::X(k: int) { n += k } }
          domain W[id: int] { state { n: int }  on Hi { }  on Event::X(k: int) { n += k } })",
       {.inputs = {{.text = "A Go"}}},
       {"step 1 1 A Go", "step 2 2 A Event::X", "step 3 2 W[1] Hi", "messages 3", "  A.n = 2",
        "  W[1].n = 0"}},
      {"ABroadcastMayBeHeardByNobody",
       "domain A { on Go { emit Broadcast(Event::X) } }",
       {.inputs = {{.text = "A Go"}}},
       {"step 1 1 A Go", "messages 1", "no dead"}},
      {"MailIsFirstInFirstOut",
       R"(domain A { on Go { send B M(1) send B M(2) send("B", "N") send B M(3) } }
          domain B { state { s: string } on M(k: int) { s += str(k) } on N { s += "n" } })",
       {.inputs = {{.text = "A Go"}}},
       {"  B.s = \"12n3\""}},
      {"ARetiringSliceSendsBeforeItIsGone",
       R"(domain W[id: int] { state { n: int } on Go { n = 1  retire  send W[2] Hi  send W[1] Hi }
                              on Hi { n += 5 } })",
       {.inputs = {{.text = "W[1] Go"}}},
       {"step 1 1 W[1] Go", "step 2 2 W[2] Hi", "dead W[1] Hi", "messages 3", "  W[2].n = 5"}},
  };
}

std::vector<Rule> storms() {
  const std::string fill = R"(goal Done { target n == 1  strategy { Fill } }
                              transition Fill { n = 1  send B M  send B M })";
  return {
      {"AnInputThatFindsNoRoomWaitsOutside",
       "@mailbox(2) domain D { on Go { } }",
       {.inputs = {{.text = "D Go"}, {.text = "D Go"}, {.text = "D Go"}, {.text = "D Go"}},
        .max_cycles = 1},
       {"outcome limit", "messages 2", "instance D ready mailbox 1"}},
      {"ItEntersWhenThereIsRoom",
       "@mailbox(2) domain D { on Go { } }",
       {.inputs = {{.text = "D Go"}, {.text = "D Go"}, {.text = "D Go"}, {.text = "D Go"}}},
       {"messages 4", "cycles 4", "ticks 4", "outcome converged"}},
      {"NothingOvertakesAnInputThatWaits",
       R"(@mailbox(1) domain A { state { s: string } on Go(k: string) { s += k }
                                 on Event::X { s += "x" } }
          @mailbox(2) domain B { state { s: string } on Go(k: string) { s += k }
                                 on Event::X { s += "x" } })",
       {.inputs = {{.text = "A Go(\"1\")"}, {.text = "Event::X"}, {.text = "B Go(\"2\")"}}},
       {"step 1 1 A Go", "step 2 2 A Event::X", "step 3 2 B Event::X", "step 4 3 B Go",
        "  B.s = \"x2\""}},
      {"NorDoesADatedOneThatComesLater",
       "@mailbox(1) domain A { on M { } on Event::Up { } }",
       {.inputs = {{.tick = 2, .text = "A M"}, {.text = "A M"}, {.text = "Event::Up"}}},
       {"step 1 1 A M", "step 2 2 A Event::Up", "step 3 3 A M"}},
      {"NorDoesAnOutcome",
       R"(@mailbox(1) domain A { on Go { emit Infra.Make() } on Other { }
                                 on Infra.Make::Done { } })",
       {.inputs = {{.text = "A Go"}, {.text = "A Other"}}},
       {"step 1 1 A Go", "step 2 2 A Other", "step 3 3 A Infra.Make::Done"}},
      {"ASenderIsThrottledUntilTheMailboxIsBelowHalf",
       R"(domain A { state { n: int } goal Done { target n == 3 }
                     transition Fill { send B M  n += 1 } }
          @mailbox(1) domain B { on M { } })",
       {},
       {"step 1 1 A Done > Fill", "step 2 2 B M", "step 3 3 A Done > Fill", "step 4 4 B M",
        "step 5 5 A Done > Fill", "step 6 6 B M", "outcome converged"}},
      {"ThrottledWorkRunsWhereNobodyHasAnythingElse",
       R"(domain A { state { n: int }  goal Done { target n == 2 }
                     transition Fill { if n == 0 { send B M }  n += 1 } }
          @mailbox(1) domain B { @priority(background) on M { } })",
       {},
       {"step 1 1 A Done > Fill", "step 2 2 A Done > Fill", "step 3 2 B M", "ticks 2"}},
      {"WhoWouldOverfillAMailboxIsPutOff",
       "domain A { state { n: int } " + fill + " }  domain C { state { n: int } " + fill +
           " }  @mailbox(2) domain B { on M { } }",
       {},
       {"step 1 1 A Done > Fill", "step 2 2 B M", "step 3 3 B M", "step 4 4 C Done > Fill",
        "step 5 5 B M", "step 6 6 B M", "outcome converged", "no fault"}},
      {"ATickOfPutOffSlicesGoesOnWithBackgroundWork",
       R"(domain A { state { n: int } goal Done { target n == 1 }
                     transition Fill { send B M  n = 1 } }
          @mailbox(1) domain B { @priority(background) on M { } })",
       {.inputs = {{.text = "B M"}}},
       {"step 1 1 B M", "step 2 2 A Done > Fill", "step 3 3 B M"}},
      {"AndThenWithTheNextChoices",
       R"(@mailbox(2) domain A { state { n: int } goal G { target n == 1  priority low }
                                 transition T { n = 1 }  on Go { send B Go } }
          @mailbox(2) domain B { on Go { send A Go } })",
       {.inputs = {{.text = "A Go"}, {.text = "A Go"}, {.text = "B Go"}, {.text = "B Go"}}},
       {"step 1 1 A G > T", "step 2 2 A Go F007", "step 3 2 B Go F007", "step 4 3 A Go",
        "step 5 3 B Go", "outcome oscillating", "dead A Go", "dead B Go", "ticks 3"}},
      {"PutOffForEverIsAFaultThatIsNoRestart",
       "@mailbox(2) @restart(never) domain D { on Go { send D Go  send D Go } }",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D Go F007", "dead D Go", "instance D asleep mailbox 0", "outcome converged"}},
      {"MoreThanAMailboxCanEverHoldIsAFaultAtOnce",
       "@mailbox(2) @restart(never) domain D { on Go { send D Go  send D Go  send D Go } }",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D Go F007", "no dead", "instance D faulted mailbox 1", "outcome faulted"}},
      {"ABroadcastWithOneFullListenerPutsTheSenderOff",
       R"(domain A { state { n: int } goal G { target n == 1 }
                     transition T { emit Broadcast(Event::X)  n = 1 } }
          @mailbox(1) domain B { on Event::X { }  on M { } }
          domain C { on Event::X { } })",
       {.inputs = {{.text = "B M"}}},
       {"step 1 1 B M", "step 2 2 A G > T", "step 3 3 B Event::X", "step 4 3 C Event::X"}},
      {"AFaultedInstanceThrottlesNobody",
       R"(domain A { state { n: int } goal Done { target n == 3 }
                     transition Fill { send B M  n += 1 } }
          @mailbox(1) @restart(never) domain B { state { n: int } on M { n = 1 / 0 } })",
       {},
       {"step 1 1 A Done > Fill", "step 2 2 B M F002", "step 3 3 A Done > Fill",
        "step 4 4 A Done > Fill", "dead B M", "dead B M", "messages 1",
        "instance B faulted mailbox 1"}},
  };
}

std::vector<Rule> loops() {
  const std::string ping_pong =
      "domain D { on P { send E P } on Stop { } }  domain E { on P { send D P } }";
  return {
      {"AWorldThatComesBackLoopsForEver",
       ping_pong,
       {.inputs = {{.text = "D P"}}},
       {"outcome oscillating", "cycles 4", "ticks 4", "messages 5"}},
      {"ButNotBeforeAllDatedInputsHaveCome",
       ping_pong,
       {.inputs = {{.text = "D P"}, {.tick = 10, .text = "D Stop"}}},
       {"outcome oscillating", "cycles 14", "ticks 13"}},
      {"AWorldThatGrowsDoesNot",
       "domain D { state { n: int } on P { n += 1  send D P } }",
       {.inputs = {{.text = "D P"}}, .max_cycles = 100},
       {"outcome limit", "cycles 100"}},
      {"GoalsMayFight",
       R"(domain D { state { n: int }
            goal A { target n == 1  strategy { One } }  goal B { target n == 2  strategy { Two } }
            transition One { n = 1 }  transition Two { n = 2 } })",
       {},
       {"step 1 1 D A > One", "step 2 2 D B > Two", "step 3 3 D A > One", "step 4 4 D B > Two",
        "outcome oscillating"}},
      {"ALoopMayBeFoundInTheMiddleOfATransition",
       R"(domain D { state { n: int = 3  c: int } goal G { target n == 2 }
            transition A { step { c = n % 2 } step { } }  transition B { c -= 1 } })",
       {},
       {"step 1 1 D G > A", "step 2 2 D A#2", "step 3 3 D G > B", "step 4 4 D G > A",
        "step 5 5 D A#2", "step 6 6 D G > B", "step 7 7 D G > A", "outcome oscillating"}},
      {"AChoicePutOffForEverLoopsToo",
       R"(@mailbox(1) domain D { state { n: int } goal G { target n == 2 }
            transition T { n = 1 - n }  on Go { send D Go } })",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D G > T", "step 2 2 D G > T", "step …", "outcome oscillating"}},
      {"AnAnswerThatHelpsNobodyIsAskedForAgain",
       R"(domain A { state { got: bool } goal G { target got }
                     transition Ask { if !got { send B Q } }  on No { } }
          domain B { on Q { send A No } })",
       {},
       {"outcome oscillating", "cycles 7", "ticks 7"}},
  };
}

}  // namespace

std::vector<Rule> rules_of_mail() {
  std::vector<Rule> all;
  for (auto* part : {broadcasts, storms, loops}) {
    for (Rule& rule : part()) all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace lexum::twin
