// Lexum itself at the prompt, from an empty session on: expressions, statements and definitions.
#include "session/written.h"
#include "session_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Empty : public testing::Test, protected Typist {
 protected:
  Empty() : Typist(std::string(empty_program())) {}
};

TEST_F(Empty, EvaluatesAndDoesStatements) {
  EXPECT_EQ(type("1 + 2 * 3"), "7\n");
  EXPECT_THAT(type("let total = 5"), HasSubstr("Scratch  on Line1"));
  EXPECT_THAT(type("total += 2"), HasSubstr("total: 5 → 7"));
  EXPECT_EQ(type("total"), "7\n");
  EXPECT_EQ(after("total += 2"), "main 3") << "a cycle each";
  EXPECT_EQ(type("total"), "9\n");
  EXPECT_THAT(type("let names: list<string> = [\"a\"]"), HasSubstr("names: [] → [\"a\"]"));
  EXPECT_THAT(type("for i in 0..3 { names = names.add(str(i)) }"), HasSubstr("names:"));
  EXPECT_EQ(type("names.length"), "4\n");
  EXPECT_EQ(type("total = nothing"),
            "error: column 9: there is no local and no field `nothing`; declare it in state { … }, "
            "or with `let`");
  EXPECT_THAT(type("total = 1 / 0"), HasSubstr("F002"));
  EXPECT_EQ(after("back 2"), "main 4");
  EXPECT_EQ(session_->branches().size(), 1u);
  EXPECT_THAT(type("why total"), HasSubstr("total: 7 → 9"));
  expect_replays();
}

TEST_F(Empty, ForksAStatementInThePast) {
  type("let k = 1");
  type("k = 2");
  type("back");
  EXPECT_EQ(after("k = 7"), "fork1 2");
  EXPECT_EQ(after("k += 1"), "fork1 3");
  EXPECT_EQ(type("k"), "8\n");
  type("switch main");
  type("goto end");
  EXPECT_EQ(type("k"), "2\n");
  expect_replays();
}

TEST_F(Empty, DefinesWhatIsNewInPlace) {
  EXPECT_EQ(type("domain Till { state { sold: int } }"), "domain Till is new\n");
  EXPECT_EQ(type("goal Busy { predicate sold >= 3 }"), "Till.Busy is new\n");
  EXPECT_EQ(type("transition Till.Sell { sold += 1 }"), "Till.Sell is new\n");
  EXPECT_EQ(after("run"), "main 3 converged");
  EXPECT_EQ(type("state { more: int = 4 }"), "Till.more is new\n");
  EXPECT_EQ(type("on Till.Take(n: int) { sold -= n }"), "Till.Take is new\n");
  EXPECT_EQ(after("where"), "main 3 converged") << "none of it would have changed anything";
  EXPECT_EQ(type("more"), "4\n");
  type("send Till Take(n: 3)");
  EXPECT_EQ(after("run"), "main 7 converged");
  expect_replays();
}

TEST_F(Empty, GoesOnElsewhereWithWhatWouldHaveChangedIt) {
  type(
      "domain Till { state { sold: int } goal Busy { predicate sold >= 3 } transition Sell { sold "
      "+= 1 } }");
  type("run");
  EXPECT_THAT(type("transition Sell { sold += 2 }"),
              StartsWith("Till.Sell is another one\nwith it, the run would not be what it was: "
                         "branch fork1 goes on after cycle 3\n"));
  EXPECT_EQ(type("goal Till.Rich { predicate sold >= 7 }"), "Till.Rich is new\n") << "in the fork";
  EXPECT_EQ(after("run"), "fork1 5 converged");
  EXPECT_EQ(type("sold"), "7\n");
  EXPECT_EQ(type("state { note: int = 4 }"), "Till.note is new\n");
  type("set Till.note = 5");
  EXPECT_THAT(type("state { note: string }"), HasSubstr("not carried over: field Till.note"));
  EXPECT_EQ(after("where"), "fork3 5 forked");
  EXPECT_EQ(after("back 2"), "fork1 3") << "through the forks it came from";
  expect_replays();
}

TEST_F(Empty, SaysWhereADefinitionIsWrong) {
  EXPECT_EQ(type("domain D { state { x: itn } }"),
            "error: column 23: there is no type `itn`; did you mean `int`?");
  EXPECT_EQ(type("domain D {\n  state { x: int }\n  transition T { y = 1 }\n}"),
            "error: line 3, column 18: there is no local and no field `y`; declare it in state { … "
            "}, or with `let`");
  type("domain A { state { x: int } on M { x = 1 } }");
  type("domain B { on N { send A M } }");
  EXPECT_THAT(type("transition T { }"), StartsWith("error: say whose it is: transition A.T …"));
  EXPECT_THAT(type("transition C.T { }"), HasSubstr("there is no domain C"));
  EXPECT_THAT(type("on A.M(k: int) { x = k }"),
              HasSubstr("with that, line 7 of the program would be wrong, at `send A M"));
  EXPECT_THAT(type("effect"), StartsWith("error: "));
  EXPECT_EQ(session_->trace().cycles(), 0u);
}

TEST(WhatIsWritten, IsKnownByItsFirstWords) {
  for (const char* one :
       {"domain D {", "@priority(high)", "transition T {", "goal n == 3",
        "goal G { predicate n == 3 }", "state { x: int }", "state D { x: int }",
        "type P { x: int }", "fn f(a: int): int { return a }", "effect Infra.Create(n: int)",
        "on Event::X { }", "invariant I { x > 0 }"}) {
    EXPECT_EQ(what_is_written(one), Written::kDefinition) << one;
  }
  for (const char* one :
       {"x = 1", "x += 1", "m[\"a\"] -= 2", "p.x = 3", "state.x = 1", "let y = 2",
        "if x > 1 { y = 2 }", "for i in xs {", "emit Infra.Create(n: 1)", "log \"a\"",
        "assert x == 1", "send(\"A\", \"M\")", "s = 5", "on = true", "type = 3", "retire"}) {
    EXPECT_EQ(what_is_written(one), Written::kStatement) << one;
  }
  for (const char* one : {"x == 1", "state", "state D", "goals", "goal", "send A M(n: 1)",
                          "break T if x == 1", "set D.x = 3", "find /a = b/", "print x", "f(1)", "",
                          "retire 3", "until x == 5", "domain", "x.length", "{", "fork a"}) {
    EXPECT_EQ(what_is_written(one), Written::kNeither) << one;
  }
}

TEST(WhatIsWritten, IsUnfinishedWhileSomethingIsOpen) {
  for (const char* one : {"domain D {", "x = f(1,", "/* a", "@priority(high)", "m = {\"}\": 1"}) {
    EXPECT_TRUE(is_unfinished(one)) << one;
  }
  for (const char* one :
       {"domain D { }", "x = 1 // {", "}", "", "\"{", "@priority(high) on M {}"}) {
    EXPECT_FALSE(is_unfinished(one)) << one;
  }
}

}  // namespace
}  // namespace lexum
