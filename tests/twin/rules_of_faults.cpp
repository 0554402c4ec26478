// Chapter five: faults, supervision, and asserts (§7).
#include "twin/rules.h"

namespace lexum::twin {
namespace {

std::vector<Rule> faults() {
  return {
      {"AFaultDiscardsTheSlice",
       R"(domain D { state { n: int } on Bad { n = 7  send D Ok  emit Log.It()  n = 1 / 0 }
                     on Ok { n = 1 } })",
       {.inputs = {{.text = "D Bad"}}},
       {"step 1 1 D Bad F002", "fault 1 D F002", "dead D Bad", "no effect", "messages 1",
        "  D.n = 0", "instance D asleep mailbox 0", "outcome converged"}},
      {"TheRestOfTheTransitionIsDropped",
       R"(domain D { state { n: int }
            transition T(k: int) { step { n = k } step { n = 1 / 0 } step { n = 9 } } })",
       {.inputs = {{.text = "D T(k: 4)"}}},
       {"step 1 1 D T", "step 2 2 D T#2 F002", "dead D T(k: 4)", "  D.n = 4", "cycles 2"}},
      {"AGoalsTransitionIsBlockedUntilTheStateChanges",
       R"(domain D { state { x: int y: int } goal G { target x == 1 }
            transition T { x = 1 / y }  on Same { y = y }  on Set { y = 1 } })",
       {.inputs = {{.tick = 3, .text = "D Same"}, {.tick = 5, .text = "D Set"}}},
       {"step 1 1 D G > T F002", "step 2 3 D Same", "step 3 5 D Set", "step 4 6 D G > T",
        "outcome converged", "no dead"}},
      {"TheNextCandidateTakesOver",
       R"(domain D { state { x: int } goal G { target x == 1 }
            transition A { x = 1 / x }  transition B { x = 1 } })",
       {},
       {"step 1 1 D G > A F002", "step 2 2 D G > B", "outcome converged"}},
      {"ItIsTriedOnTheStateAsItIs",
       R"(domain D { state { x: int y: int z: int } goal G { target false }
            transition A { x = 1 / z }  transition B { if y == 1 { x += 1  y = 2 } }
            on Set { y = 1 } })",
       {.inputs = {{.tick = 5, .text = "D Set"}}},
       {"step 1 1 D G > A F002", "step 2 5 D Set", "step 3 6 D G > A F002", "step 4 7 D G > B",
        "step 5 8 D G > A F002", "outcome waiting"}},
      {"ThreeFaultsInAHundredCyclesAndNoMore",
       "domain D { state { n: int } on Bad { n = 1 / 0 } }",
       {.inputs = {{.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Bad"}}},
       {"step 1 1 D Bad F002", "step 2 2 D Bad F002", "step 3 3 D Bad F002", "step 4 4 D Bad F002",
        "dead D Bad", "dead D Bad", "dead D Bad", "instance D faulted mailbox 2", "outcome faulted",
        "cycles 4"}},
      {"OldFaultsAreForgiven",
       "@restart(2, 5) domain D { state { n: int } on Bad { n = 1 / 0 } on Ok { } }",
       {.inputs = {{.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Ok"},
                   {.text = "D Ok"},
                   {.text = "D Ok"},
                   {.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Bad"},
                   {.text = "D Ok"}}},
       {"fault 1 D F002", "fault 2 D F002", "fault 6 D F002", "fault 7 D F002", "fault 8 D F002",
        "instance D faulted mailbox 2", "cycles 8"}},
      {"TheMessageOfALaterSliceComesBackToTheHead",
       R"(@mailbox(1) @restart(never) domain D { state { n: int }
            transition T(k: int) { step { n = k } step { n = 1 / 0 } } })",
       {.inputs = {{.text = "D T(1)"}, {.tick = 2, .text = "D T(2)"}}},
       {"step 1 1 D T", "step 2 2 D T#2 F002", "no dead", "instance D faulted mailbox 2",
        "  D.n = 1"}},
      {"WhatComesBackTakesNobodysRoom",
       R"(@mailbox(1) @restart(never) domain B { state { n: int }
            transition M { step { n = 1 } step { n = 1 / 0 } } }
          domain C { on Go { send B M } })",
       {.inputs = {{.text = "B M"}, {.tick = 2, .text = "C Go"}}},
       {"step 1 1 B M", "step 2 2 B M#2 F002", "step 3 2 C Go", "no dead",
        "instance B faulted mailbox 2", "messages 3"}},
      {"EverybodyElseGoesOn",
       R"(@restart(never) domain A { state { n: int } goal G { target n == 1 }
                                     transition T { n = 1 / 0 } }
          domain B { state { n: int } goal G { target n == 2 } transition T { n += 1 } })",
       {},
       {"step 1 1 A G > T F002", "step 2 1 B G > T", "step 3 2 B G > T", "outcome faulted",
        "  A goal G: waiting", "  B goal G: satisfied"}},
      {"ABrokenInvariantIsTheEnd",
       R"(domain D { state { n: int } invariant Small { n < 2 }  on Set(v: int) { n = v } })",
       {.inputs = {{.text = "D Set(1)"}, {.text = "D Set(2)"}, {.text = "D Set(0)"}}},
       {"step 1 1 D Set", "step 2 2 D Set F010", "no dead", "instance D faulted mailbox 2",
        "  D.n = 1", "outcome faulted"}},
      {"AnInvariantThatFaultsIsBroken",
       "domain D { state { n: int = 1 } invariant I { 1 / n == 1 }  on Go { n = 0 } }",
       {.inputs = {{.text = "D Go"}}},
       {"step 1 1 D Go F010", "  D.n = 1"}},
      {"StartValuesMayBreakIt",
       "domain D { state { n: int } invariant Positive { n > 0 }  on Go { n = 1 } }",
       {.inputs = {{.tick = 2, .text = "D Go"}}},
       {"step 1 2 D Go", "outcome converged"}},
      {"AFaultedMessageHasBeenProcessed",
       R"(domain D { state { n: int } goal G { target n == 1 }
            transition Ask { emit Log.It() }  on Bad { n = 1 / 0 } })",
       {.inputs = {{.tick = 4, .text = "D Bad"}}},
       {"step 1 1 D G > Ask", "step 2 4 D Bad F002", "step 3 5 D G > Ask", "dead D Bad"}},
  };
}

std::vector<Rule> asserts() {
  const std::string count = R"(domain D { state { n: int } goal G { target n < 0 }
      transition T { if n < LIMIT { n += 1 } else { assert false, "enough" } } })";
  const auto counting = [&](const std::string& limit) {
    std::string text = count;
    return text.replace(text.find("LIMIT"), 5, limit);
  };
  return {
      {"AnAssertRollsBackToTheLastQuiescence",
       "domain D { state { n: int } on Add(k: int) { n += k  assert n < 3, \"too many\" } }",
       {.inputs = {{.text = "D Add(1)"},
                   {.tick = 5, .text = "D Add(2)"},
                   {.tick = 6, .text = "D Add(1)"}}},
       {"step 1 1 D Add", "step 2 5 D Add F020", "fault 2 D F020", "dead D Add(k: 2)",
        "outcome halted", "cycles 2", "ticks 5", "  D.n = 1", "instance D asleep mailbox 0"}},
      {"TheStartIsAQuiescence",
       R"(domain D { state { n: int } goal G { target n == 3 }
            transition T { n += 1  assert n < 2 } })",
       {},
       {"step 1 1 D G > T", "step 2 2 D G > T F020", "outcome halted", "  D.n = 0", "no dead"}},
      {"WhileAnInputWaitsForRoomNothingIsAtRest",
       R"(@mailbox(1) domain D { state { n: int }
            on Add(k: int) { n += k  assert n < 3 } })",
       {.inputs = {{.text = "D Add(1)"}, {.text = "D Add(1)"}, {.text = "D Add(1)"}}},
       {"step 1 1 D Add", "step 2 2 D Add", "step 3 3 D Add F020", "outcome halted", "  D.n = 0"}},
      {"TheRestOfTheTickLeavesNoCycle",
       R"(domain A { state { n: int } on Event::Go { n = 1 } }
          domain B { on Event::Go { assert false } }
          domain C { state { n: int } on Event::Go { n = 1 } })",
       {.inputs = {{.text = "Event::Go"}}},
       {"step 1 1 A Event::Go", "step 2 1 B Event::Go F020", "dead Event::Go", "  A.n = 0",
        "  C.n = 0", "cycles 2", "outcome halted"}},
      {"TenThousandCyclesAreUndone",
       counting("9999"),
       {.max_cycles = 0},
       {"cycles 10000", "outcome halted", "  D.n = 0"}},
      {"OfMoreOnlyTheFailingSlice",
       counting("10000"),
       {.max_cycles = 0},
       {"cycles 10001", "outcome halted", "  D.n = 10000"}},
      {"ASliceThatWouldFailIsNotBlocked",
       "domain D { state { n: int } goal G { target n == 1 } transition T { assert n == 1 } }",
       {},
       {"step 1 1 D G > T F020", "outcome halted"}},
  };
}

}  // namespace

std::vector<Rule> rules_of_faults() {
  std::vector<Rule> all = faults();
  for (Rule& rule : asserts()) all.push_back(std::move(rule));
  return all;
}

}  // namespace lexum::twin
