// Every production, both spellings of what has two, and words that are free where they mean
// nothing.
#include <gtest/gtest.h>

#include "syntax/token.h"
#include "syntax_fixture.h"

namespace lexum {
namespace {

// A domain with these members, without the frame.
std::string member(std::string_view text) {
  const std::string tree = tree_of("domain D { " + std::string(text) + " }");
  return tree.starts_with("domain D ") ? tree.substr(9, tree.size() - 10) : tree;
}

// ------------------------------------------------------------------------------------- expressions

TEST(Expressions, AreLiteralsAndNames) {
  EXPECT_EQ(expr_of("1_000"), "1000");
  EXPECT_EQ(expr_of("\"a\\\"b\""), "\"a\\\"b\"");
  EXPECT_EQ(expr_of("[true, false, null]"), "[true false null]");
  EXPECT_EQ(expr_of("{1: x, 2: state.y}"), "{1 x 2 state.y}");
  EXPECT_EQ(expr_of("[]"), "[]");
  EXPECT_EQ(expr_of("{}"), "{}");
  EXPECT_EQ(expr_of("self.id"), "self.id");
}

TEST(Expressions, ReachFromTheLeastIntToTheGreatest) {
  EXPECT_EQ(expr_of("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(expr_of("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(expr_of("1 - -9223372036854775808"), "(1 - -9223372036854775808)");
  EXPECT_EQ(expr_of("-1"), "(- 1)");
  const std::string too_big =
      "the number `9223372036854775808` is too big for an int "
      "(an int goes from -9223372036854775808 to 9223372036854775807)\n";
  EXPECT_EQ(expr_of("9223372036854775808"), "E105 1:1-1:20 " + too_big);
  EXPECT_EQ(expr_of("-(9223372036854775808)"), "E105 1:3-1:22 " + too_big);
  EXPECT_EQ(expr_of("1 - 9223372036854775808"), "E105 1:5-1:24 " + too_big);
  EXPECT_EQ(codes_in("domain D { goal 99999999999999999999999999999 == x }"), "E105");
}

TEST(Expressions, BindAsTheTableSays) {
  EXPECT_EQ(expr_of("a ?? b || c && d == e + f * -g.h"),
            "(a ?? (b || (c && (d == (e + (f * (- (g.h))))))))");
  EXPECT_EQ(expr_of("a * b + c == d && e || f ?? g"), "((((((a * b) + c) == d) && e) || f) ?? g)");
  EXPECT_EQ(expr_of("!a && !!b"), "((! a) && (! (! b)))");
  EXPECT_EQ(expr_of("(a + b) * c"), "((a + b) * c)");
  EXPECT_EQ(expr_of("a - (b - c)"), "(a - (b - c))");
}

TEST(Expressions, AreFlatWhereOneLevelGoesOn) {
  EXPECT_EQ(expr_of("1 + 2 - 3 + 4"), "(1 + 2 - 3 + 4)");
  EXPECT_EQ(expr_of("1 * 2 / 3 % 4"), "(1 * 2 / 3 % 4)");
  EXPECT_EQ(expr_of("a ?? b ?? c"), "(a ?? b ?? c)");
  EXPECT_EQ(expr_of("a || b || c && d && e"), "(a || b || (c && d && e))");
}

TEST(Expressions, CompareOnce) {
  for (const char* op : {"==", "!=", "<", "<=", ">", ">=", "matches"}) {
    EXPECT_EQ(expr_of("a " + std::string(op) + " b"), "(a " + std::string(op) + " b)");
  }
  EXPECT_EQ(expr_of("(a < b) == c"), "((a < b) == c)");
  EXPECT_EQ(expr_of("a < b < c < d"),
            "E111 1:7-1:8 comparisons cannot be chained (compare twice: `a < b && b < c`)\n");
}

TEST(Expressions, TakeMatchesForAnOperatorOnlyBetweenOperands) {
  EXPECT_EQ(expr_of("matches matches \"a\""), "(matches matches \"a\")");
  EXPECT_EQ(member("on A { x = y matches = 2 }"), "(on A { (= x y) (= matches 2) })");
  EXPECT_EQ(member("on A { x = y matches[1] = 2 }"), "(on A { (= x y) (= (matches[1]) 2) })");
  EXPECT_EQ(member("state { a: string = \"x\" matches: int }"),
            "(state { (a string \"x\") (matches int) })");
}

TEST(Expressions, HaveMembersMethodsAndIndices) {
  EXPECT_EQ(expr_of("a.b[1].c(x, y: 2)[3]"), "(a.b[1].c(x, y: 2)[3])");
  EXPECT_EQ(expr_of("\"a\".length"), "(\"a\".length)");
  EXPECT_EQ(expr_of("[1][0]"), "([1][0])");
  EXPECT_EQ(expr_of("(a + b).c"), "((a + b).c)");
  EXPECT_EQ(expr_of("state.a.b"), "(state.a.b)");
}

TEST(Expressions, CallFunctionsAndMakeRecords) {
  EXPECT_EQ(expr_of("f()"), "f()");
  EXPECT_EQ(expr_of("Task(id: 1, name: \"x\")"), "Task(id: 1, name: \"x\")");
  EXPECT_EQ(expr_of("max(1, f(2)).x"), "(max(1, f(2)).x)");
}

TEST(Expressions, OfAHundredThousandTermsAreNoBurden) {
  const std::string chain = "1" + repeat("+1", 100'000);
  const Source source("test.lxm", chain);
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  ASSERT_TRUE(fragment.expr);
  EXPECT_EQ(fragment.tree.items(fragment.tree[fragment.expr]).size(), 100'001u);
  EXPECT_EQ(errors_in("domain D { on A { x = y" + repeat(".z", 100'000) + " } }"), "");
  EXPECT_EQ(errors_in("domain D { on A { x = [" + repeat("1,", 100'000) + "1] } }"), "");
}

// ------------------------------------------------------------------------------------------- types

TEST(Types, NestAndMayBeNull) {
  EXPECT_EQ(member("state { a: list<map<string, list<int?>>>? }"),
            "(state { (a list<map<string, list<int?>>>?) })");
}

TEST(Types, EndBeforeAnEqualsSignThatTouchesThem) {
  EXPECT_EQ(member("state { a: list<int>=[] b: int?=null }"),
            "(state { (a list<int> []) (b int? null) })");
}

TEST(Types, SayWhatIsMissingOfThem) {
  EXPECT_EQ(errors_in("domain D { state { a: list } }"),
            "E106 1:28-1:29 expected `<`, found `}` (write `list<int>`)\n");
  EXPECT_EQ(codes_in("domain D { state { a: map<int> b: int } }"), "E106");
}

// -------------------------------------------------------------------------------------- statements

TEST(Statements, AssignToPlaces) {
  EXPECT_EQ(stmt_of("x = 1"), "(= x 1)");
  EXPECT_EQ(stmt_of("state.x += 1;"), "(+= state.x 1)");
  EXPECT_EQ(stmt_of("a.b[i].c -= 1"), "(-= (a.b[i].c) 1)");
}

TEST(Statements, AssignToNothingElse) {
  for (const char* text :
       {"self.id = 1", "f(x) = 1", "a.pop() = 1", "a.pop().b = 1", "T(1).x = 2"}) {
    EXPECT_EQ(stmt_of(text).substr(0, 5), "E305 ") << text;
  }
}

TEST(Statements, DeclareLocals) {
  EXPECT_EQ(stmt_of("let x = 1"), "(let x 1)");
  EXPECT_EQ(stmt_of("let x: list<int>? = null"), "(let x : list<int>? null)");
}

TEST(Statements, Branch) {
  EXPECT_EQ(stmt_of("if a { x = 1 } else if b { x = 2 } else if c {} else { x = 3 }"),
            "(if a { (= x 1) } b { (= x 2) } c { } else { (= x 3) })");
  EXPECT_EQ(stmt_of("if (a) {}"), "(if a { })");
}

TEST(Statements, Loop) {
  EXPECT_EQ(stmt_of("for x in l { log x }"), "(for x in l { (log x) })");
  EXPECT_EQ(stmt_of("for i, x in {1: 2} {}"), "(for i x in {1 2} { })");
  EXPECT_EQ(stmt_of("for i in 0..n + 1 {}"), "(for i in 0 .. (n + 1) { })");
}

TEST(Statements, SendInTwoSpellings) {
  EXPECT_EQ(stmt_of("send A M"), "(send A M())");
  EXPECT_EQ(stmt_of("send(\"A\", \"M\")"), "(send A M())");
  EXPECT_EQ(stmt_of("send A[self.id + 1] M(a: 1, b: x)"), "(send A[(self.id + 1)] M(a: 1, b: x))");
}

TEST(Statements, Emit) {
  EXPECT_EQ(stmt_of("emit Broadcast(Event::Ready)"), "(broadcast Ready())");
  EXPECT_EQ(stmt_of("emit Broadcast(Event::Ready(id: 1))"), "(broadcast Ready(id: 1))");
  EXPECT_EQ(stmt_of("emit Infra.Create(size: 2)"), "(emit Infra.Create(size: 2))");
  EXPECT_EQ(stmt_of("emit Broadcast.Stop()"), "(emit Broadcast.Stop())");
}

TEST(Statements, AssertLogReturnRetireAndCall) {
  EXPECT_EQ(stmt_of("assert x == 1"), "(assert (x == 1))");
  EXPECT_EQ(stmt_of("assert x == 1, \"no: \" + str(x)"), "(assert (x == 1) (\"no: \" + str(x)))");
  EXPECT_EQ(stmt_of("log \"x\""), "(log \"x\")");
  EXPECT_EQ(stmt_of("return"), "(return)");
  EXPECT_EQ(stmt_of("return -1"), "(return (- 1))");
  EXPECT_EQ(stmt_of("retire"), "(retire)");
  EXPECT_EQ(stmt_of("q.pop()"), "(call (q.pop()))");
}

TEST(Statements, StandOnOneLineWithOrWithoutSemicolons) {
  EXPECT_EQ(member("on A { x = 1 y = x; ; retire send B C return; }"),
            "(on A { (= x 1) (= y x) (retire) (send B C()) (return) })");
}

// ------------------------------------------------------------------------------------ declarations

TEST(Domains, HaveKeysScopesAndCapabilities) {
  EXPECT_EQ(tree_of("@restart(3, 100) @mailbox(8) domain D[id: int] { scope tenant scope { root } "
                    "capability { messaging, send_to: B, Infra.Create, Log, } capability {} }"),
            "@restart(3, 100) @mailbox(8) domain D[id: int] (scope tenant) (scope root) "
            "(capability messaging send_to:B Infra.Create Log) (capability)\n");
}

TEST(Domains, SeparateFieldsByCommasOrByNothing) {
  const char* const kTree = "(state { (a int 1) (b list<string>) (c T?) })";
  EXPECT_EQ(member("state { a: int = 1, b: list<string>, c: T? }"), kTree);
  EXPECT_EQ(member("state { a: int = 1 b: list<string> c: T?, }"), kTree);
  EXPECT_EQ(member("state { a: int = 1 } state { b: list<string> c: T? }"), kTree);
}

TEST(Domains, HaveInvariants) {
  EXPECT_EQ(member("invariant Positive { count >= 0 }"), "(invariant Positive (count >= 0))");
}

TEST(Goals, HaveItemsWithOrWithoutColons) {
  EXPECT_EQ(member("goal G { predicate: x == 1 priority: high strategy { A, B C } "
                   "terminate_after: 5 else E }"),
            "(goal G (x == 1) (priority high) (strategy A B C) (terminate_after 5 else E))");
  EXPECT_EQ(member("goal G { terminate_after never priority 200 target x == 1 }"),
            "(goal G (x == 1) (priority 200) (terminate_after never))");
}

TEST(Goals, WithoutANameAreNamedAfterTheirTokens) {
  EXPECT_EQ(member("goal count==5&&!done goal flag on A {}"),
            "(goal anonymous \"count == 5 && ! done\" ((count == 5) && (! done))) "
            "(goal anonymous \"flag\" flag) (on A { })");
  EXPECT_EQ(member("goal f( x )[ 1 ] /* c */ == \"a  b\""),
            "(goal anonymous \"f ( x ) [ 1 ] == \\\"a  b\\\"\" ((f(x)[1]) == \"a  b\"))");
}

TEST(Goals, HaveEachItemOnceAndAPredicate) {
  EXPECT_EQ(errors_in("domain D { goal G { priority 1 } }"),
            "E404 1:17-1:18 the goal `G` does not say what is to hold (add `predicate …`)\n");
  EXPECT_EQ(codes_in("domain D { goal G { predicate a target b } }"), "E404");
  EXPECT_EQ(codes_in("domain D { goal G { target a priority 1 priority 2 } }"), "E404");
  EXPECT_EQ(codes_in("domain D { goal G { target a strategy {A} strategy {B} } }"), "E404");
}

TEST(Handlers, TakeMessagesBroadcastsAndOutcomes) {
  EXPECT_EQ(member("on A {} on B(x: int, y: T?) {} on Event::C(z: int) {} on I.Do::Done(value) {} "
                   "on I.Do::Failed {} @priority(low) on Event {} on E() {}"),
            "(on A { }) (on B(x: int, y: T?) { }) (on Event::C(z: int) { }) "
            "(on I.Do::Done(value) { }) (on I.Do::Failed { }) (@priority(low) on Event { }) "
            "(on E() { })");
}

TEST(Transitions, AreOneBareSliceOrSeveral) {
  EXPECT_EQ(member("transition A {}"), "(transition A bare { })");
  EXPECT_EQ(member("transition A { x = 1 y = 2 }"), "(transition A bare { (= x 1) (= y 2) })");
  EXPECT_EQ(member("transition A(x: int) { step { y = x } }"),
            "(transition A(x: int) step { (= y x) })");
  EXPECT_EQ(member("transition A { slice step { } slice Check { } step { } }"),
            "(transition A step { } slice Check { } step { })");
  EXPECT_EQ(member("@priority(200) transition A { capability { messaging } step { } }"),
            "(@priority(200) transition A (capability messaging) step { })");
  EXPECT_EQ(member("transition A { capability { Log } x = 1 }"),
            "(transition A (capability Log) bare { (= x 1) })");
}

TEST(Programs, DeclareTypesEffectsAndFunctions) {
  EXPECT_EQ(tree_of("type T { a: int = 1, b: string } effect I.A(x: int) effect I.B { payload { "
                    "x: int, y: string } } fn f(a: int, b: int): int { return a + b } domain D {}"),
            "domain D\ntype T { (a int 1) (b string) }\neffect I.A(x: int)\n"
            "effect I.B(x: int, y: string)\nfn f(a: int, b: int): int { (return (a + b)) }\n");
}

TEST(Programs, DeclareEnvironmentsSystemsAndDeployments) {
  EXPECT_EQ(
      tree_of("environment Prod { scope environment capability { Infra } region = \"eu\" "
              "scope = 1 } system Shop { start domain A {} start domain B[7] { x = 1, y = 2 } "
              "} deploy service Shop to Prod domain D {}"),
      "domain D\nenvironment Prod (scope environment) (capability Infra) (region \"eu\") "
      "(scope 1)\nsystem Shop (start A) (start B[7] (x 1) (y 2))\ndeploy Shop to Prod\n");
}

TEST(Programs, LikeTheOneInTheSeedsParse) {
  EXPECT_EQ(tree_of(R"(
// DOMAIN 1: The Database
domain DatabaseProvisioner {
  state {
    status: string // "pending" or "ready"
  }

  goal DBIsReady {
    predicate status == "ready"
  }

  transition BootDB {
    step {
      if status == "pending" {
        emit Infra.CreatePostgres()
        // Once created, broadcast the event to the cluster
        emit Broadcast(Event::DatabaseReady)
        status = "ready"
      }
    }
  }
}

// DOMAIN 2: The Application
domain AppProvisioner {
  state {
    db_ready: bool
    app_status: string
  }

  goal AppIsLive {
    predicate db_ready == true && app_status == "running"
  }

  // Mailbox Handler: Listens for external events
  on Event::DatabaseReady {
    db_ready = true
  }

  transition BootApp {
    step {
      // It mathematically CANNOT boot until the mailbox receives the DB event
      if db_ready == true && app_status != "running" {
        emit Infra.StartAppContainer()
        app_status = "running"
      }
    }
  }
}
)"),
            "domain DatabaseProvisioner (state { (status string) }) "
            "(goal DBIsReady (status == \"ready\")) "
            "(transition BootDB step { (if (status == \"pending\") { (emit Infra.CreatePostgres()) "
            "(broadcast DatabaseReady()) (= status \"ready\") }) })\n"
            "domain AppProvisioner (state { (db_ready bool) (app_status string) }) "
            "(goal AppIsLive ((db_ready == true) && (app_status == \"running\"))) "
            "(on Event::DatabaseReady { (= db_ready true) }) "
            "(transition BootApp step { (if ((db_ready == true) && (app_status != \"running\")) { "
            "(emit Infra.StartAppContainer()) (= app_status \"running\") }) })\n");
}

// -------------------------------------------------------------------------------------- free words

TEST(Words, ThatAreNotReservedNameAnything) {
  for (const std::string_view view : kWords) {
    const std::string word(view);
    if (word.empty()) continue;
    EXPECT_EQ(
        errors_in("domain " + word + " { state { " + word + ": int = 1, x: int } goal " + word +
                  " == 2 on " + word + "(" + word + ": int) { let x = " + word + " " + word +
                  " = 3 " + word + " += x state." + word + " -= 1 " + word + "[1] = 2 " + word +
                  ".x = " + word + ".y " + word + ".pop() " + word + "(1) if " + word + " {} for " +
                  word + " in " + word + " {} send " + word + " " + word + " emit " + word + "." +
                  word + "() return " + word + "; } transition T { " + word + " = 1 } transition " +
                  word + " { slice " + word + " { " + word + " = 4 } } } type " + word + " { " +
                  word + ": int } system " + word + " { start domain " + word + " { " + word +
                  " = 1 } }"),
        "")
        << word;
  }
}

TEST(Words, CalledStepAndRetireAreAssignedAndMeanTheirThing) {
  EXPECT_EQ(member("transition A { step = 1 slice = 2 retire = 3 retire retire.x = 4 retire }"),
            "(transition A bare { (= step 1) (= slice 2) (= retire 3) (retire) (= (retire.x) 4) "
            "(retire) })");
  EXPECT_EQ(member("transition A { step { step = 1 } }"), "(transition A step { (= step 1) })");
}

TEST(Words, ThatAreReservedNameNothing) {
  for (size_t kind = static_cast<size_t>(TokenKind::kTrue); kind < kTokenKinds; ++kind) {
    const std::string word(kSpellings[kind]);
    EXPECT_EQ(codes_in("domain D { state { " + word + ": int y: int } }"), "E112") << word;
    EXPECT_EQ(codes_in("domain D { on A { x = y." + word + " } }"), "E112") << word;
  }
  EXPECT_EQ(errors_in("domain D { on A { let for = 1\n y = 2 } }"),
            "E112 1:23-1:26 expected a name for the variable, found the reserved word `for` "
            "(choose another name, such as `for_`)\n");
}

// --------------------------------------------------------------------------------------- fragments

TEST(Fragments, AreOneExpressionOrOneStatementAndNothingMore) {
  EXPECT_EQ(expr_of("1 2"),
            "E106 1:3-1:4 expected nothing more after the value, found `2` (take it out)\n");
  EXPECT_EQ(stmt_of("x = 1 y = 2").substr(0, 14), "E106 1:7-1:8 e");
  EXPECT_EQ(expr_of("").substr(0, 5), "E106 ");
  EXPECT_EQ(stmt_of("").substr(0, 5), "E106 ");
  EXPECT_EQ(expr_of("\"x").substr(0, 5), "E102 ");
}

}  // namespace
}  // namespace lexum
