// Declarations must not contradict themselves or each other.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

TEST(Declarations, AKeyStandsWhereThereAreInstances) {
  EXPECT_EQ(said_in_body("send Other Take(1, s)"), "E401 `Other`");
  EXPECT_EQ(said("domain D { on M { send D[1] M } }"), "E401 `1`");
  EXPECT_EQ(said("domain D { on M { log self.id } }"), "E401 `self.id`");
  EXPECT_EQ(said("domain D[k: int] {} system S { start domain D {} }"), "E401 `D`");
  EXPECT_EQ(said("domain D {} system S { start domain D[1] {} }"), "E401 `1`");
}

TEST(Declarations, OnlyKeyedInstancesRetire) {
  EXPECT_EQ(said("domain D { on M { retire } }"), "E402 `retire`");
  EXPECT_EQ(said("domain D[k: int] { on M { retire } }"), "");
}

TEST(Declarations, BootStartsAndIsNeverSent) {
  EXPECT_EQ(said("domain D { on Boot {} on M { send D Boot } }"), "E403 `Boot`");
  EXPECT_EQ(said("domain D { transition Boot(a: int) {} }"), "E403 `Boot`");
  const auto program = checked("domain D { on M {} transition Boot {} }");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->domains[0].boot, RoutineIndex(size_t{1}));
}

TEST(Declarations, AGoalHasOnePredicate) {
  EXPECT_EQ(said("domain D { goal G { priority high } }"), "E404 `G`");
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 } goal G { predicate a > 1 "
                 "} on M { a = 1 } }"),
            "E202 `G`");
}

TEST(Declarations, ListenersOfAnEventAgree) {
  EXPECT_EQ(said("domain A { on Event::E(a: int) {} } domain B { on Event::E(b: int) {} }"),
            "E405 `on Event::E(b: int)`");
  EXPECT_EQ(said("domain A { on Event::E(a: int) {} } domain B { on Event::E {} }"),
            "E405 `on Event::E`");
  EXPECT_EQ(said("domain A { on Event::E(a: int) {} } domain B { on Event::E(a: int) {} }"), "");
}

TEST(Declarations, ABroadcastThatNobodyHearsSaysItselfWhatItCarries) {
  const auto program =
      checked("domain D { on M { emit Broadcast(Event::E(a: 1)) emit Broadcast(Event::E(2)) } }");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->events[0].params[0].name, "a");
  EXPECT_EQ(
      said(
          "domain D { on M { emit Broadcast(Event::E(a: 1)) emit Broadcast(Event::E(a: true)) } }"),
      "E301 `true`");
}

TEST(Declarations, NoRecordContainsItself) {
  EXPECT_EQ(said("type A { b: B } type B { a: A } domain D {}"), "E406 `a`");
  EXPECT_EQ(said("type A { a: A? = A() } domain D {}"), "E406 `A()`");
  EXPECT_EQ(said("type A { a: A? b: list<A> c: map<int, A> } domain D {}"), "");
}

TEST(Declarations, RecordsAreOrderedByWhatTheyNeed) {
  const auto program =
      checked("type A { b: B c: C? = C() } type B { n: int } type C { b: B } domain D {}");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->record_order, (std::vector<uint32_t>{1, 2, 0}));
}

TEST(Declarations, RecordsNestNoDeeperThanBrackets) {
  std::string chain = "domain D {} type R0 { a: int }";
  for (int i = 1; i < 300; ++i) {
    chain += " type R" + std::to_string(i) + " { a: R" + std::to_string(i - 1) + " }";
  }
  EXPECT_EQ(said(chain), "") << "each is met behind what it needs";
  std::string other = "domain D {}";
  for (int i = 0; i < 300; ++i) {
    other += " type R" + std::to_string(i) + " { a" + std::to_string(i) + ": R" +
             std::to_string(i + 1) + " }";
  }
  EXPECT_EQ(said(other + " type R300 { a: int }"), "E108 `a199`");
}

TEST(Declarations, AnnotationsTakeWhatTheyTake) {
  EXPECT_EQ(said("@restart(3) domain D {}"), "E407 `@restart(3)`");
  EXPECT_EQ(said("@mailbox(few) domain D {}"), "E407 `@mailbox(few)`");
  EXPECT_EQ(said("@mailbox(3) @mailbox(4) domain D {}"), "E407 `@mailbox(4)`");
  EXPECT_EQ(said("domain D { @priority on M {} }"), "E407 `@priority`");
  EXPECT_EQ(said("domain D { @priority(256) on M {} }"), "E408 `@priority(256)`");
  EXPECT_EQ(
      said("domain D { state { a: int } goal G { predicate a == 1 priority 300 } on M { a = 1 } }"),
      "E408 `priority 300`");
  EXPECT_EQ(said("@mailbox(0) domain D {}"), "E412 `@mailbox(0)`");
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 terminate_after 0 } on M { "
                 "a = 1 } }"),
            "E412 `terminate_after 0`");
}

TEST(Declarations, AnnotationsSetWhatTheySay) {
  const auto program = checked(
      "@mailbox(7) @restart(2, 50) domain D { state { a: int } goal G { predicate a == 1 priority "
      "high terminate_after 3 else E } "
      "@priority(9) on M {} @priority(low) transition T { a = 1 } transition E { a = 2 } } "
      "@restart(never) domain F {}");
  ASSERT_TRUE(program);
  const Domain& domain = program->domains[0];
  EXPECT_EQ(domain.mailbox_max, 7u);
  EXPECT_EQ(domain.restart.times, 2);
  EXPECT_EQ(domain.restart.within, 50);
  EXPECT_EQ(program->domains[1].restart.times, 0);
  EXPECT_EQ(domain.routines[0].priority, 9);
  EXPECT_EQ(domain.routines[1].priority, 64);
  EXPECT_FALSE(domain.routines[2].has_priority);
  EXPECT_EQ(domain.goals[0].priority, 192);
  EXPECT_EQ(domain.goals[0].terminate_after, 3);
  EXPECT_EQ(domain.goals[0].terminate_else, RoutineIndex(size_t{2}));
  EXPECT_EQ(domain.goals[0].candidates,
            (std::vector{RoutineIndex(size_t{1}), RoutineIndex(size_t{2})}));
}

TEST(Declarations, GoalsRunOnlyWhatNeedsNothing) {
  const std::string head =
      "domain D { state { a: int } on M { send D P(1) } transition P(n: int) { a = n } transition "
      "Boot { a = 1 } ";
  EXPECT_EQ(said(head + "goal G { predicate a == 1 strategy { P } } }"), "E409 `P`");
  EXPECT_EQ(said(head + "goal G { predicate a == 1 strategy { Boot } } }"), "E409 `Boot`");
  EXPECT_EQ(said(head + "goal G { predicate a == 1 terminate_after 2 else P } }"), "E409 `P`");
  const auto program = checked(head + "goal G { predicate a == 1 } }");
  ASSERT_TRUE(program);
  EXPECT_TRUE(program->domains[0].goals[0].candidates.empty());
}

TEST(Declarations, AFunctionReportsNothing) {
  EXPECT_EQ(said("fn f(): int { log 1 return 1 } domain D {}"), "E410 `log 1`");
  EXPECT_EQ(said("fn f(): int { assert true return 1 } domain D {}"), "E410 `assert true`");
  EXPECT_EQ(said("fn f(): int { retire return 1 } domain D {}"), "E410 `retire`");
}

TEST(Declarations, AMessageHasOneReceiverInADomain) {
  EXPECT_EQ(said("domain D { on M {} transition M {} }"), "E411 `M`");
}

TEST(Declarations, EnvironmentsAndDeploymentsAreCheckedForNames) {
  EXPECT_EQ(said("domain D {} environment P { scope { environment } region = \"eu\" size = 1 + 2 } "
                 "deploy service D to P"),
            "");
  EXPECT_EQ(said("domain D {} environment P { region = eu }"), "E306 `eu`");
  EXPECT_EQ(said("domain D {} environment P { a = 1 a = 2 }"), "E202 `a`");
}

TEST(Declarations, SystemsSayWhatInstancesStartWith) {
  const auto program = checked(
      "domain D[k: string] { state { a: int b: int } } system S { start domain D[\"x\"] { b = 1 + "
      "2 } }");
  ASSERT_TRUE(program);
  const Start& start = program->starts[0];
  EXPECT_EQ(program->text(start.key_term), "\"x\"");
  EXPECT_EQ(start.settings[0].slot, 1u);
  EXPECT_EQ(program->text(start.settings[0].term), "1 + 2");
}

TEST(Declarations, ABrokenTreeIsCheckedWithoutAWordAboutWhatIsMissing) {
  EXPECT_EQ(said("domain D { state { a: int } on M { a = } on N { a = true } }"),
            "E106 `}`; E301 `true`");
  EXPECT_EQ(said("domain D { state { n: int } goal G { target .id } on M { n = 1 } }"), "E106 `.`");
}

TEST(Declarations, AnyBytesMayBeMissing) {
  const std::string whole = with_body(
      "if mn != null && l.length > 0 { n += mn * 2 m[s] = l.pop() } else if t.owner == null { "
      "return } "
      "for k, v in m { send Other[k] Take(b: s, a: v) } emit Broadcast(Event::Up(3)) "
      "emit X.Go(size: n ?? 1) log [t, Task(id: 3)][0].owner assert s matches \"a+\", str(n)");
  for (size_t width : {1u, 2u, 7u, 40u}) {
    for (size_t at = 0; at < whole.size(); ++at) {
      std::string text = whole;
      text.erase(at, width);
      Diagnostics diagnostics;
      const auto program = check(Source("test.lxm", text), diagnostics);
      EXPECT_EQ(program == nullptr, diagnostics.has_errors()) << text;
      for (const Diagnostic& each : diagnostics.sorted()) EXPECT_LE(each.span.end, text.size());
    }
  }
}

}  // namespace
}  // namespace lexum::check_test
