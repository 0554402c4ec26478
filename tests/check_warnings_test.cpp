// Warnings claim only what they can show; message cycles are named with what bounds them.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

TEST(Warnings, AGoalThatNothingCanReach) {
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 } }"),
            "W501 `goal G { predicate a == 1 }`");
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 } on M { a = 1 } }"), "");
}

TEST(Warnings, ATransitionThatNothingRuns) {
  EXPECT_EQ(said("domain D { transition T(a: int) {} }"), "W502 `transition T(a: int)`");
  EXPECT_EQ(said("domain D { transition T(a: int) {} on M { send D T(1) } }"), "");
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 strategy { S } "
                 "terminate_after 3 else T } "
                 "transition S { a = 1 } transition T { } }"),
            "");
  EXPECT_EQ(said("domain D { transition Boot {} }"), "");
}

TEST(Warnings, ACandidateWhoseFirstSliceDoesNothing) {
  const std::string head = "domain D { state { a: int } goal G { predicate a == 1 } transition T ";
  EXPECT_EQ(said(head + "{ slice x { log a } slice y { a = 1 } } }"), "W503 `transition T`");
  EXPECT_EQ(said(head + "{ slice x { if a == 0 { a = 1 } } } }"), "");
  EXPECT_EQ(said(head + "{ slice x { assert a == 0 } slice y { a = 1 } } }"), "");
  EXPECT_EQ(said(head + "{ slice x { for i in 0..3 { emit X.Go() } } slice y { a = 1 } } }"), "");
}

TEST(Warnings, GoalsThatNeverHoldTogether) {
  const auto goals = [](std::string_view one, std::string_view other) {
    return said("domain D { state { a: int s: string b: bool } goal A { predicate " +
                std::string(one) + " } goal B { predicate " + std::string(other) +
                " } on M { a = 1 s = \"\" b = true } }");
  };
  EXPECT_EQ(goals("a == 1", "a == 2"), "W505 `goal B { predicate a == 2 }`");
  EXPECT_EQ(goals("a > 5", "a < 3 && b == true"), "W505 `goal B { predicate a < 3 && b == true }`");
  EXPECT_EQ(goals("a >= 5", "a <= 5"), "");
  EXPECT_EQ(goals("a > 5", "a < 7"), "");
  EXPECT_EQ(goals("a > 5", "a < 6"), "W505 `goal B { predicate a < 6 }`");
  EXPECT_EQ(goals("s == \"x\"", "s == \"y\""), "W505 `goal B { predicate s == \"y\" }`");
  EXPECT_EQ(goals("b == true", "b == false"), "W505 `goal B { predicate b == false }`");
  EXPECT_EQ(goals("a == 1", "a == 2 || b == true"), "");
  EXPECT_EQ(goals("s == \"x\" || a == 1", "s == \"y\""), "");
  EXPECT_EQ(goals("b == true", "a == 1 && a == 2"), "W505 `goal B { predicate a == 1 && a == 2 }`");
}

TEST(Warnings, AGoalThatMayRunWhatMessagesAskFor) {
  const std::string rest = " transition T { a = 1 } on M { send D T } }";
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 }" + rest), "W506 `G`");
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 strategy { T } }" + rest),
            "");
}

// "A.on M → B.on N, B.on N → A.on M: what bounds it", one line for each cycle.
std::string cycles(std::string_view text) {
  const auto program = checked(text);
  if (!program) return "";
  std::string out;
  for (const MessageCycle& cycle : message_cycles(*program)) {
    std::string hops;
    for (const std::string& hop : cycle.hops) hops += (hops.empty() ? "" : ", ") + hop;
    out += (out.empty() ? "" : "\n") + hops + ": " + cycle.bound;
  }
  return out;
}

TEST(Cycles, AreNamedHopByHop) {
  EXPECT_EQ(
      cycles("domain A { on M { send B N } } domain B { transition N { step { send A M } } }"),
      "A.on M → B.N, B.N → A.on M: ");
  EXPECT_EQ(cycles("domain A { on Event::E { emit Broadcast(Event::E) } }"),
            "A.on Event::E → A.on Event::E: ");
  EXPECT_EQ(cycles("domain A { on M { send B N } } domain B { on N {} }"), "");
}

TEST(Cycles, WithoutABoundAreAWarning) {
  EXPECT_EQ(said("domain A { on M { send A M } }"), "W504 `send A M`");
  EXPECT_EQ(said("domain A { on M(n: int) { if n > 0 { send A M(n - 1) } } }"), "");
}

TEST(Cycles, AreBoundByAParameterThatCounts) {
  const auto with = [](std::string_view body) {
    return cycles("domain A { on M(n: int, k: int) { " + std::string(body) + " } }")
        .substr(std::string("A.on M → A.on M: ").size());
  };
  EXPECT_EQ(with("if n > 0 { send A M(n - 1, k) }"), "guard `n > 0` at 1:38, which counts down");
  EXPECT_EQ(with("if k >= 1 && n < 10 { send A M(n + 1, k) }"),
            "guard `n < 10` at 1:48, which counts up");
  EXPECT_EQ(with("if n == 0 { return } send A M(k: k, n: n - 1)"),
            "guard `n == 0` at 1:38, which counts down");
  EXPECT_EQ(with("if n <= 0 { log n } else { send A M(n - 1, k) }"),
            "guard `n <= 0` at 1:38, which counts down");
  EXPECT_EQ(with("if n > 0 { send A M(n + 1, k) }"), "") << "the wrong way";
  EXPECT_EQ(with("if n > 0 { send A M(n, k - 1) }"), "") << "another one";
  EXPECT_EQ(with("if n > 0 || k > 0 { send A M(n - 1, k) }"), "")
      << "the other half may hold for ever";
}

TEST(Cycles, FollowAParameterThroughSeveralDomainsAndEvents) {
  EXPECT_EQ(
      cycles("domain A { on M(n: int) { if n > 0 { emit Broadcast(Event::E(x: n)) } } } "
             "domain B { on Event::E(x: int) { send A M(x - 1) } }"),
      "A.on M → B.on Event::E, B.on Event::E → A.on M: guard `n > 0` at 1:30, which counts down");
  EXPECT_EQ(cycles("domain R[id: int] { on Go { if self.id < 9 { send R[self.id + 1] Go } } }"),
            "R.on Go → R.on Go: guard `self.id < 9` at 1:32, which counts up");
}

TEST(Cycles, AreBoundByAFieldThatTheyChange) {
  const auto with = [](std::string_view head, std::string_view body) {
    const std::string all =
        cycles("domain A" + std::string(head) + " { state { c: int on: bool s: string } on M { " +
               std::string(body) + " } }");
    return all.substr(std::string("A.on M → A.on M: ").size());
  };
  EXPECT_EQ(with("", "if c < 5 { c += 1 send A M }"),
            "guard `c < 5` at 1:58, a field that `A.on M` counts");
  EXPECT_EQ(with("", "if c < 5 { send A M c += 1 }"),
            "guard `c < 5` at 1:58, a field that `A.on M` counts");
  EXPECT_EQ(with("", "if !on { on = true send A M }"),
            "guard `on` at 1:59, a field that `A.on M` sets");
  EXPECT_EQ(with("", "if s == \"a\" { s = \"b\" send A M }"),
            "guard `s == \"a\"` at 1:58, a field that `A.on M` sets");
  EXPECT_EQ(with("", "if c < 5 { send A M }"), "") << "nobody changes it";
  EXPECT_EQ(with("", "if c < 5 { if on { c += 1 } send A M }"), "") << "not in every round";
  EXPECT_EQ(with("", "if c < 5 { c += 1 send A M } else { c = 0 }"), "") << "and it is set back";
  EXPECT_EQ(with("[id: int]", "if !on { on = true send A[self.id] M }"),
            "guard `on` at 1:68, a field that `A.on M` sets, in each instance");
  EXPECT_EQ(with("[id: int]", "if !on { on = true send A[self.id + 1] M }"), "")
      << "ever new instances";
}

TEST(Cycles, ManyAreFoundUpToABound) {
  std::string dense;
  for (int i = 0; i < 12; ++i) {
    dense += "domain D" + std::to_string(i) + " { on M { ";
    for (int k = 0; k < 12; ++k) dense += "send D" + std::to_string(k) + " M ";
    dense += "} } ";
  }
  const auto program = checked(dense);
  ASSERT_TRUE(program);
  EXPECT_EQ(message_cycles(*program).size(), 64u);
}

}  // namespace
}  // namespace lexum::check_test
