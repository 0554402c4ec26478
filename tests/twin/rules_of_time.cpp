// Chapter two: instances, ticks, and which work goes first (§4).
#include "twin/rules.h"

namespace lexum::twin {
namespace {

const char* const kSeed = R"(
domain DatabaseProvisioner {
  state { status: string }
  goal DBIsReady { predicate status == "ready" }
  transition BootDB { step {
    if status == "pending" {
      emit Infra.CreatePostgres()
      emit Broadcast(Event::DatabaseReady)
      status = "ready"
    } } }
}
domain AppProvisioner {
  state { db_ready: bool  app_status: string }
  goal AppIsLive { predicate db_ready == true && app_status == "running" }
  on Event::DatabaseReady { db_ready = true }
  transition BootApp { step {
    if db_ready == true && app_status != "running" {
      emit Infra.StartAppContainer()
      app_status = "running"
    } } }
})";

std::vector<Rule> starts() {
  return {
      {"TheSeedConverges",
       kSeed,
       {.sets = {"DatabaseProvisioner.status=pending"}},
       {"step 1 1 DatabaseProvisioner DBIsReady > BootDB",
        "step 2 2 AppProvisioner Event::DatabaseReady",
        "step 3 3 AppProvisioner AppIsLive > BootApp", "outcome converged", "cycles 3", "ticks 3",
        "messages 1", "effect 1 DatabaseProvisioner Infra.CreatePostgres()",
        "effect 3 AppProvisioner Infra.StartAppContainer()",
        "instance AppProvisioner asleep mailbox 0", "  AppProvisioner.app_status = \"running\"",
        "  AppProvisioner goal AppIsLive: satisfied"}},
      {"TheSeedAloneWaits",
       kSeed,
       {},
       {"no step", "outcome waiting", "cycles 0", "ticks 0", "messages 0",
        "  AppProvisioner goal AppIsLive: waiting",
        "  DatabaseProvisioner goal DBIsReady: waiting"}},
      {"StartValues",
       R"(domain D[id: int] { state { a: int = 1  b: int = 1  c: int = 1 } on Go { a += 10 } }
          system S { start domain D[7] { b = 2  c = 2 } })",
       {.sets = {"D[7].c=3", "D[8].b=4"}, .inputs = {{.text = "D[8] Go"}}},
       {"  D[7].a = 1", "  D[7].b = 2", "  D[7].c = 3", "  D[8].a = 11", "  D[8].b = 4",
        "  D[8].c = 1"}},
      {"InstancesStandInOrder",
       R"(domain B[id: int] { on Go { } }  domain A[id: string] { on Go { } })",
       {.inputs = {{.text = "B[10] Go"},
                   {.text = "B[9] Go"},
                   {.text = "B[-1] Go"},
                   {.text = "A[\"a\"] Go"},
                   {.text = "A[\"Z\"] Go"}}},
       {"step 1 1 A[\"Z\"] Go", "step 2 1 A[\"a\"] Go", "step 3 1 B[-1] Go", "step 4 1 B[9] Go",
        "step 5 1 B[10] Go"}},
      {"BootComesBeforeAnythingElse",
       R"(domain W[id: int] { state { n: int = 1 }
            goal Done { target n == 9  priority critical }
            transition Boot { step { n = 2 } step { n = n * 2 } }
            on Go { n += 5 } })",
       {.inputs = {{.text = "W[1] Go"}}},
       {"step 1 1 W[1] Boot", "step 2 2 W[1] Boot#2", "step 3 3 W[1] Go", "outcome converged",
        "messages 1"}},
      {"AHandlerMayBeBoot",
       "domain D { state { n: int } on Boot { n = 1 / n } }",
       {},
       {"step 1 1 D Boot F002", "outcome converged", "no dead"}},
      {"RetiredMeansGone",
       R"(domain W[id: int] { state { n: int } on Go { n += 1  retire } on Ping { n += 10 } })",
       {.inputs = {{.text = "W[1] Go"}, {.text = "W[1] Ping"}, {.tick = 3, .text = "W[1] Ping"}}},
       {"step 1 1 W[1] Go", "step 2 3 W[1] Ping", "dead W[1] Ping", "messages 3", "  W[1].n = 10"}},
      {"AnOutcomeMayComeTooLate",
       R"(domain W[id: int] { on Go { emit Infra.Make(size: 2)  retire }
                              on Infra.Make::Done(v) { } })",
       {.inputs = {{.text = "W[1] Go"}}},
       {"step 1 1 W[1] Go", "effect 1 W[1] Infra.Make(size: 2)",
        "dead W[1] Infra.Make::Done(v: \"\")", "messages 1", "ticks 1", "outcome converged"}},
      {"ASimulatedEffectIsDoneInTheNextTick",
       R"(domain D { state { got: int } on Go { emit Infra.Make() }
                     on Infra.Make::Done(n: int) { got = n + 1 } })",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D Go", "step 2 2 D Infra.Make::Done", "  D.got = 1", "messages 2"}},
  };
}

std::vector<Rule> ticks() {
  const std::string counter = "domain D { state { n: int } on Go { n += 1 } }";
  return {
      {"TheNumberJumpsToADatedInput",
       counter,
       {.inputs = {{.tick = 9, .text = "D Go"}, {.tick = 5, .text = "D Go"}}},
       {"step 1 5 D Go", "step 2 9 D Go", "ticks 9", "cycles 2"}},
      {"WhatIsSentIsSeenInTheNextTick",
       R"(domain A { on Go { send B Go } }  domain B { on Go { } })",
       {.inputs = {{.text = "A Go"}}},
       {"step 1 1 A Go", "step 2 2 B Go", "messages 2"}},
      {"TheMostUrgentCommitsFirst",
       R"(domain A { on Event::X { } }  domain B { @priority(high) on Event::X { } }
          domain C { @priority(200) on Event::X { } }  domain D { @priority(low) on Event::X { } })",
       {.inputs = {{.text = "Event::X"}}},
       {"step 1 1 C Event::X", "step 2 1 B Event::X", "step 3 1 A Event::X", "step 4 1 D Event::X",
        "messages 4", "ticks 1"}},
      {"ACommitInOneTickIsOneCycle",
       R"(domain D[id: int] { state { n: int } goal G { target n == 2 } transition T { n += 1 } }
          system S { start domain D[1] { } start domain D[2] { n = 1 } })",
       {},
       {"step 1 1 D[1] G > T", "step 2 1 D[2] G > T", "step 3 2 D[1] G > T", "cycles 3",
        "ticks 2"}},
      {"TheLimitIsLookedAtBetweenTicks",
       R"(domain D[id: int] { state { n: int } goal G { target n == 2 } transition T { n += 1 } }
          system S { start domain D[1] { } start domain D[2] { } })",
       {.max_cycles = 1},
       {"outcome limit", "cycles 2", "ticks 1", "instance D[1] ready mailbox 0",
        "  D[1] goal G: pursued"}},
      {"ATransitionTakesATickForEachSlice",
       R"(domain D { state { n: int } on Ping { n = n * 10 }
            transition T(k: int) { slice one { n += k } slice two { n += k } } })",
       {.inputs = {{.text = "D T(3)"}, {.text = "D Ping"}}},
       {"step 1 1 D T", "step 2 2 D T#2", "step 3 3 D Ping", "  D.n = 60"}},
      {"AMessageLeavesItsMailboxWithItsFirstSlice",
       "domain D { state { n: int } transition T { step { n = 1 } step { n = 2 } } }",
       {.inputs = {{.text = "D T"}}, .max_cycles = 1},
       {"outcome limit", "instance D ready mailbox 0", "  D.n = 1"}},
      {"AnInputThatMakesNobodyReadyMakesNoTick",
       "@restart(never) domain D { state { n: int } on Bad { n = 1 / 0 } on Ping { } }",
       {.inputs = {{.text = "D Bad"}, {.tick = 7, .text = "D Ping"}}},
       {"step 1 1 D Bad F002", "ticks 1", "messages 2", "instance D faulted mailbox 2",
        "outcome faulted"}},
  };
}

// A goal of priority `priority` beside another domain that is busy for three ticks.
std::string beside_busy(const std::string& priority) {
  return "domain D { state { n: int } goal G { target n == 2 " + priority +
         " } transition T { n += 1 } }  "
         "domain E { state { n: int } goal G { target n == 3 } transition T { n += 1 } }";
}

std::vector<Rule> urgency() {
  return {
      {"TheMostUrgentGoalGoesFirst",
       R"(domain D { state { a: int b: int c: int }
            goal A { target a == 1  strategy { SetA }  priority 191 }
            goal B { target b == 1  strategy { SetB }  priority high }
            goal C { target c == 1  strategy { SetC }  priority 193 }
            transition SetA { a = 1 } transition SetB { b = 1 } transition SetC { c = 1 } })",
       {},
       {"step 1 1 D C > SetC", "step 2 2 D B > SetB", "step 3 3 D A > SetA"}},
      {"MailGoesBeforeGoalsOfItsPriority",
       R"(domain D { state { n: int } goal A { target n > 0 } goal B { target n > 1 }
            transition T { n += 1 }  on Go { n = 0 } })",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D Go", "step 2 2 D A > T", "step 3 3 D B > T"}},
      {"ATransitionsPriorityServesAGoalThatHasNone",
       R"(domain D { state { a: int b: int }
            goal A { target a == 1  strategy { SetA } }  goal B { target b == 1  strategy { SetB } }
            transition SetA { a = 1 }  @priority(high) transition SetB { b = 1 } })",
       {},
       {"step 1 1 D B > SetB", "step 2 2 D A > SetA"}},
      {"BackgroundWorkWaitsForEverybody",
       beside_busy("priority background"),
       {},
       {"step 1 1 E G > T", "step 2 2 E G > T", "step 3 3 E G > T", "step 4 4 D G > T",
        "step 5 5 D G > T"}},
      {"LowWorkDoesNot",
       beside_busy("priority low"),
       {},
       {"step 1 1 E G > T", "step 2 1 D G > T", "step 3 2 E G > T", "step 4 2 D G > T",
        "step 5 3 E G > T"}},
      {"ABegunBackgroundTransitionWithMailBehindItGoesOnAsLow",
       R"(domain D { state { n: int } goal G { target n == 2  priority background }
            transition T { step { n += 1 } step { n += 1 } }  on Ping { } }
          domain E { on Go { send E Again } on Again { } })",
       {.inputs = {{.tick = 2, .text = "E Go"}, {.tick = 2, .text = "D Ping"}}},
       {"step 1 1 D G > T", "step 2 2 E Go", "step 3 2 D T#2", "step 4 3 D Ping",
        "step 5 3 E Again"}},
      {"WithoutMailItStaysInTheBackground",
       R"(domain D { state { n: int } goal G { target n == 2  priority background }
            transition T { step { n += 1 } step { n += 1 } } }
          domain E { on Go { send E Again } on Again { } })",
       {.inputs = {{.tick = 2, .text = "E Go"}}},
       {"step 1 1 D G > T", "step 2 2 E Go", "step 3 3 E Again", "step 4 4 D T#2"}},
      {"AChoicePassedOverSixteenTimesGoesNext",
       R"(domain D { state { n: int } goal G { target n == 1  priority low }
            transition T { n = 1 }  on M { send D M } })",
       {.inputs = {{.text = "D M"}}},
       {"step 16 16 D M", "step 17 17 D G > T", "step 18 18 D M", "step …", "outcome oscillating",
        "cycles 33", "ticks 33", "messages 33"}},
      {"BackgroundWorkIsNotCounted",
       R"(domain D { state { n: int } goal G { target n == 1  priority background }
            transition T { n = 1 }  on M(k: int) { if k < 20 { send D M(k + 1) } } })",
       {.inputs = {{.text = "D M(1)"}}},
       {"step 17 17 D M", "step 20 20 D M", "step 21 21 D G > T", "step …", "cycles 21"}},
  };
}

}  // namespace

std::vector<Rule> rules_of_time() {
  std::vector<Rule> all;
  for (auto* part : {starts, ticks, urgency}) {
    for (Rule& rule : part()) all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace lexum::twin
