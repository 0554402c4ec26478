// Every name means one thing, and a name that means nothing is told with the nearest one that does.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

TEST(Names, WhatNobodyDeclaredIsUnknown) {
  EXPECT_EQ(said_in_body("log cuont"), "E201 `cuont`");
  EXPECT_EQ(said_in_body("nn = 1"), "E201 `nn`");
  EXPECT_EQ(said_in_body("log self.key"), "E201 `self.key`");
  EXPECT_EQ(said_in_body("log D.n"), "E201 `D`");
  EXPECT_EQ(said("domain D {} deploy service X to D"), "E201 `X`; E201 `D`");
  EXPECT_EQ(said("fn f(a: int): int { return n } domain D { state { n: int } }"), "E201 `n`");
}

TEST(Names, ANearOneIsSuggested) {
  EXPECT_EQ(told("domain D { state { count: int } on M { cuont = 1 } }"),
            "there is no local and no field `cuont` | did you mean `count`?");
  EXPECT_EQ(told("domain Inventory {} domain D { on M { send Inventroy M } }"),
            "there is no domain `Inventroy` | did you mean `Inventory`?");
  EXPECT_EQ(told("domain A { on Release {} } domain D { on M { send A Relaese } }"),
            "`A` takes no message `Relaese` | did you mean `Release`?");
  EXPECT_EQ(told("domain D { state { s: string } on M { log s.uper() } }"),
            "a `string` has no `uper` | did you mean `upper`?");
}

TEST(Names, NothingIsDeclaredTwice) {
  EXPECT_EQ(said("domain D {} domain D {}"), "E202 `D`");
  EXPECT_EQ(said("domain D { state { a: int a: int } }"), "E202 `a`");
  EXPECT_EQ(said("domain D { on M(a: int, a: int) {} }"), "E202 `a`");
  EXPECT_EQ(said("domain D { on M {} on M {} }"), "E202 `M`");
  EXPECT_EQ(said("domain D { on Event::E {} on Event::E {} }"), "E202 `E`");
  EXPECT_EQ(said("domain D { on X.Go::Done {} on X.Go::Done {} }"), "E202 `Go`");
  EXPECT_EQ(said("domain D { transition T { slice a { } slice a { } } on M { send D T } }"),
            "E202 `a`");
  EXPECT_EQ(said("domain D { state { a: int } invariant i { a > 0 } invariant i { a > 1 } }"),
            "E202 `i`");
  EXPECT_EQ(said("type int { a: int } domain D {}"), "E202 `int`");
  EXPECT_EQ(said("fn abs(a: int): int { return a } domain D {}"), "E202 `abs`");
  EXPECT_EQ(said("type T { a: int } fn T(): int { return 1 } domain D {}"), "E202 `T`");
  EXPECT_EQ(said("effect X.Go() effect X.Go() domain D {}"), "E202 `Go`");
  EXPECT_EQ(said("domain D {} system S { start domain D {} } system S {}"), "E202 `S`");
  EXPECT_EQ(said("domain D[k: int] {} system S { start domain D[1] {} start domain D[1] {} }"),
            "E202 `start domain D[1]`");
}

TEST(Names, ADomainAMessageATypeAFunctionMustExist) {
  EXPECT_EQ(said_in_body("send Nobody Take"), "E203 `Nobody`");
  EXPECT_EQ(said("domain D {} system S { start domain X {} }"), "E203 `X`");
  EXPECT_EQ(said_in_body("send Other[\"a\"] Took"), "E204 `Took`");
  EXPECT_EQ(said("domain D { state { a: Tusk } }"), "E205 `Tusk`");
  EXPECT_EQ(said_in_body("log thrice(1)"), "E208 `thrice`");
}

TEST(Names, AFieldMustExistWhereItIsReached) {
  EXPECT_EQ(said_in_body("log t.ownr"), "E206 `ownr`");
  EXPECT_EQ(said_in_body("t.ownr = null"), "E206 `ownr`");
  EXPECT_EQ(said_in_body("log state.x"), "E206 `x`");
  EXPECT_EQ(said("domain D { state { a: int } } system S { start domain D { b = 1 } }"),
            "E206 `b`");
}

TEST(Names, MethodsAreKnownByTheirReceiver) {
  EXPECT_EQ(said_in_body("log s.push(1)"), "E207 `push`");
  EXPECT_EQ(said_in_body("log n.length"), "E207 `length`");
  EXPECT_EQ(said_in_body("log s.length()"), "E207 `length`");
  EXPECT_EQ(said_in_body("log s.upper"), "E207 `upper`");
  EXPECT_EQ(said_in_body("log m.pop()"), "E207 `pop`");
}

TEST(Names, TwoLocalsNeverShareOne) {
  EXPECT_EQ(said_in_body("let a = 1 let a = 2"), "E209 `a`");
  EXPECT_EQ(said_in_body("let p = 1"), "E209 `p`");
  EXPECT_EQ(said_in_body("for p in l {}"), "E209 `p`");
  EXPECT_EQ(said_in_body("if b { let a = 1 } else { let a = 2 } let a = 3"), "");
}

TEST(Names, ALetMayNotHideAFieldButAParameterMay) {
  EXPECT_EQ(said_in_body("let n = 1"), "E209 `n`");
  EXPECT_EQ(said("domain D { state { n: int } on M(n: int) { state.n = n } }"), "");
  EXPECT_EQ(said("domain D { state { n: int } on M { for n in 0..3 { log n } } }"), "");
  EXPECT_EQ(said("domain D { on M(state: int) {} }"), "E112 `state`");
}

TEST(Names, StateOfAnotherDomainIsItsOwn) {
  EXPECT_EQ(said_in_body("log Other.hidden"), "E210 `Other.hidden`");
  EXPECT_EQ(said_in_body("log Other[\"a\"].hidden"), "E210 `Other[\"a\"]`");
  EXPECT_EQ(said_in_body("Other.hidden = 1"), "E210 `Other.hidden`");
  EXPECT_EQ(said_in_body("log hidden"), "E210 `hidden`");
  EXPECT_EQ(told(with_body("log Other.hidden")),
            "the state of `Other` is its own: nobody else can see it | send Other a message, and "
            "let it send its answer");
}

TEST(Names, GoalsNameTransitionsOfTheirDomain) {
  EXPECT_EQ(said("domain D { state { a: int } goal G { predicate a == 1 strategy { T } } }"),
            "E211 `T`");
  EXPECT_EQ(said("domain D { state { a: int } on T { a = 1 } goal G { predicate a == 1 strategy { "
                 "T } } }"),
            "E211 `T`");
  EXPECT_EQ(
      said("domain D { state { a: int } goal G { predicate a == 1 terminate_after 3 else T } }"),
      "E211 `T`");
}

TEST(Names, WordsWithAtAndOfBlocksAreAFixedSet) {
  EXPECT_EQ(said("@mailbx(3) domain D {}"), "E212 `mailbx`");
  EXPECT_EQ(said("@priority(3) domain D {}"), "E212 `priority`");
  EXPECT_EQ(said("domain D { @mailbox(3) on M {} }"), "E212 `mailbox`");
  EXPECT_EQ(said("domain D { scope { tenat } }"), "E213 `tenat`");
  EXPECT_EQ(said("domain D { capability { mesaging } }"), "E213 `mesaging`");
  EXPECT_EQ(said("domain D { @priority(urgent) on M {} }"), "E213 `urgent`");
  EXPECT_EQ(said("domain D { scope tenant scope domain }"), "E202 `domain`");
}

TEST(Names, AnAdapterThatDeclaresOperationsHasNoOthers) {
  EXPECT_EQ(said("effect X.Go() domain D { on M { emit X.Gone() } }"), "E214 `Gone`");
  EXPECT_EQ(said("effect X.Go() domain D { on X.Gone::Done {} }"), "E214 `Gone`");
  EXPECT_EQ(said("effect X.Go() domain D { on M { emit Y.Gone(a: 1) } }"), "");
}

TEST(Names, ArgumentsAreNamedAsTheirParametersAre) {
  EXPECT_EQ(said_in_body("log twice(m: 1)"), "E215 `m`");
  EXPECT_EQ(said_in_body("log Task(idd: 1)"), "E215 `idd`");
  EXPECT_EQ(said_in_body("log abs(n: 1)"), "E215 `n`");
}

TEST(Names, SeveralMistakesAreToldInOneRun) {
  EXPECT_EQ(said_in_body("log a1 n = true send Nobody X for i in 3 {}"),
            "E201 `a1`; E301 `true`; E203 `Nobody`; E310 `3`");
}

TEST(Names, OneMistakeIsToldOnce) {
  EXPECT_EQ(said_in_body("let x = cuont + 1 n = x n = x * 2 log x.foo if x { }"), "E201 `cuont`");
  EXPECT_EQ(said("domain D { state { a: Tusk } on M { a = 1 log a.b + 1 } }"), "E205 `Tusk`");
}

TEST(Names, NumbersFollowTheSource) {
  const auto program = checked(
      "domain Z { on Event::B {} on A {} } domain B { on Event::C {} transition T {} on Event::B "
      "{} }");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->domains[1].routines[1].name, "T");
  EXPECT_EQ(program->events[0].name, "B");
  EXPECT_EQ(program->domains[0].rank, 1u);
  EXPECT_EQ(program->find_domain("B"), DomainId(size_t{1}));
  EXPECT_EQ(domains_by_rank(*program), (std::vector{DomainId(size_t{1}), DomainId(size_t{0})}));
  EXPECT_EQ(program->events[0].listeners[0].domain, DomainId(size_t{1}))
      << "listeners stand in instance order";
}

}  // namespace
}  // namespace lexum::check_test
