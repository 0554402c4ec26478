// Everything has a type before it runs. The table says which; the rest says what is refused, and
// where.
#include <gtest/gtest.h>

#include "check/methods.h"
#include "check_helpers.h"

namespace lexum::check_test {
namespace {

struct Row {
  std::string expression;
  std::string type;
};

TEST(Types, OfLiteralsAndNames) {
  for (const Row& row : std::vector<Row>{{"1", "int"},
                                         {"-9_223_372_036_854_775_808", "int"},
                                         {"true", "bool"},
                                         {"\"a\"", "string"},
                                         {"null", "null"},
                                         {"n", "int"},
                                         {"state.n", "int"},
                                         {"p", "int"},
                                         {"q", "int?"},
                                         {"self.id", "int"},
                                         {"[1, 2]", "list<int>"},
                                         {"[1, null]", "list<int?>"},
                                         {"[null, 1]", "list<int?>"},
                                         {"[[], [1]]", "list<list<int>>"},
                                         {"{\"a\": 1}", "map<string, int>"},
                                         {"{1: [true]}", "map<int, list<bool>>"},
                                         {"Task()", "Task"},
                                         {"Task(owner: \"x\", id: 2)", "Task"},
                                         {"twice(n: 2)", "int"}}) {
    EXPECT_EQ(type_of(row.expression), row.type) << row.expression;
  }
}

TEST(Types, OfOperators) {
  for (const Row& row : std::vector<Row>{{"1 + 2 - n", "int"},
                                         {"2 * n / 3 % 4", "int"},
                                         {"-n", "int"},
                                         {"s + \"a\" + s", "string"},
                                         {"b && !b || b", "bool"},
                                         {"n == 1", "bool"},
                                         {"mn == 1", "bool"},
                                         {"mn != null", "bool"},
                                         {"l == []", "bool"},
                                         {"m == {}", "bool"},
                                         {"t == Task(id: 3)", "bool"},
                                         {"s <= \"b\"", "bool"},
                                         {"s matches \"^a+$\"", "bool"},
                                         {"mn ?? 3", "int"},
                                         {"mn ?? q", "int?"},
                                         {"mn ?? q ?? 3", "int"},
                                         {"ml ?? []", "list<int>"},
                                         {"n ?? 3", "int"}}) {
    EXPECT_EQ(type_of(row.expression), row.type) << row.expression;
  }
}

TEST(Types, OfMembersElementsAndMethods) {
  for (const Row& row : std::vector<Row>{{"l[0]", "int"},
                                         {"m[\"a\"]", "int"},
                                         {"t.owner", "string?"},
                                         {"s.length", "int"},
                                         {"s.upper().lower().trim()", "string"},
                                         {"s.split(\",\")", "list<string>"},
                                         {"s.contains(\"a\")", "bool"},
                                         {"s.starts_with(\"a\")", "bool"},
                                         {"s.ends_with(\"a\")", "bool"},
                                         {"s.replace(\"a\", \"b\")", "string"},
                                         {"l.length", "int"},
                                         {"l.first", "int?"},
                                         {"l.last", "int?"},
                                         {"l.contains(1)", "bool"},
                                         {"l.add(1).remove(1)", "list<int>"},
                                         {"l.slice(0, 1)", "list<int>"},
                                         {"l.sorted()", "list<int>"},
                                         {"l.pop()", "int"},
                                         {"m.length", "int"},
                                         {"m.has(\"a\")", "bool"},
                                         {"m.get(\"a\")", "int?"},
                                         {"m.remove(\"a\")", "map<string, int>"},
                                         {"m.keys", "list<string>"},
                                         {"m.values", "list<int>"},
                                         {"str(t)", "string"},
                                         {"int(s)", "int?"},
                                         {"min(n, 1)", "int"},
                                         {"max(n, 1)", "int"},
                                         {"abs(n)", "int"}}) {
    EXPECT_EQ(type_of(row.expression), row.type) << row.expression;
  }
}

TEST(Types, EveryMethodHasARowAndASignature) {
  EXPECT_EQ(signature(info(Method::kReplace)), "string.replace(string, string): string");
  EXPECT_EQ(signature(info(Method::kListLength)), "list<T>.length: int");
  EXPECT_EQ(signature(info(Method::kGet)), "map<K, V>.get(K): V?");
  EXPECT_EQ(signature(info(Method::kAbs)), "abs(int): int");
  EXPECT_EQ(find_method(ReceiverKind::kList, "pop")->op, Op::kPop);
  EXPECT_EQ(find_method(ReceiverKind::kText, "pop"), nullptr);
}

TEST(Types, TheWrongOneIsRefusedWhereItStands) {
  EXPECT_EQ(said_in_body("n = \"a\""), "E301 `\"a\"`");
  EXPECT_EQ(said_in_body("l = [1, true]"), "E301 `true`");
  EXPECT_EQ(said_in_body("m[1] = 2"), "E301 `1`");
  EXPECT_EQ(said_in_body("if n { }"), "E301 `n`");
  EXPECT_EQ(said_in_body("let x: bool = 1"), "E301 `1`");
  EXPECT_EQ(said_in_body("let x = null"), "E301 `null`");
  EXPECT_EQ(said_in_body("let x = []"), "E301 `[]`");
  EXPECT_EQ(said_in_body("let x = [].first"), "E301 `[]`");
  EXPECT_EQ(said_in_body("log [t].sorted()"), "E301 `sorted`");
  EXPECT_EQ(said_in_body("n = null"), "E301 `null`");
  EXPECT_EQ(said_in_body("log twice(true)"), "E301 `true`");
  EXPECT_EQ(said_in_body("send Other[7] Take(a: 1, b: \"\")"), "E301 `7`");
  EXPECT_EQ(said_in_body("assert b, 3"), "E301 `3`");
  EXPECT_EQ(said("domain D { state { m: map<bool, int> } }"), "E301 `bool`");
  EXPECT_EQ(said("domain D[k: int?] {}"), "E301 `int?`");
  EXPECT_EQ(said("domain D { goal G { predicate 1 } }"), "E301 `1`");
}

TEST(Types, WhatMayBeNullIsNoValueYet) {
  EXPECT_EQ(said_in_body("n = mn"), "E302 `mn`");
  EXPECT_EQ(said_in_body("n = mn + 1"), "E302 `mn`");
  EXPECT_EQ(said_in_body("n = l.first"), "E302 `l.first`");
  EXPECT_EQ(said_in_body("log mt.id"), "E302 `mt`");
  EXPECT_EQ(said_in_body("mt.id = 1"), "E302 `mt`");
  EXPECT_EQ(said_in_body("mn += 1"), "E302 `mn`");
  EXPECT_EQ(said_in_body("for x in ml {}"), "E302 `ml`");
  EXPECT_EQ(said_in_body("n = int(s)"), "E302 `int(s)`");
  EXPECT_EQ(said_in_body("log mn < 3"), "E302 `mn`");
}

TEST(Types, OperatorsTakeWhatTheyTake) {
  EXPECT_EQ(said_in_body("log 1 + \"a\""), "E303 `\"a\"`");
  EXPECT_EQ(said_in_body("log \"a\" + 1"), "E303 `1`");
  EXPECT_EQ(said_in_body("log s - s"), "E303 `s - s`");
  EXPECT_EQ(said_in_body("log !n"), "E303 `n`");
  EXPECT_EQ(said_in_body("log -s"), "E303 `s`");
  EXPECT_EQ(said_in_body("log b && n"), "E303 `n`");
  EXPECT_EQ(said_in_body("log true < false"), "E303 `true`");
  EXPECT_EQ(said_in_body("log n == s"), "E303 `n == s`");
  EXPECT_EQ(said_in_body("log n == null"), "E303 `n == null`");
  EXPECT_EQ(said_in_body("log mn ?? s"), "E303 `s`");
  EXPECT_EQ(said_in_body("log n matches \"a\""), "E303 `n`");
  EXPECT_EQ(said_in_body("log s[0]"), "E303 `[0]`");
  EXPECT_EQ(said_in_body("b += 1"), "E303 `b`");
  EXPECT_EQ(said_in_body("s -= \"a\""), "E303 `s`");
}

TEST(Types, ArgumentsAreCounted) {
  EXPECT_EQ(said_in_body("log twice()"), "E304 `twice()`");
  EXPECT_EQ(said_in_body("log twice(1, 2)"), "E304 `2`");
  EXPECT_EQ(said_in_body("log twice(n: 1, n: 2)"), "E304 `n`");
  EXPECT_EQ(said_in_body("log s.replace(\"a\")"), "E304 `s.replace(\"a\")`");
  EXPECT_EQ(said_in_body("log min(1)"), "E304 `min(1)`");
  EXPECT_EQ(said_in_body("send Other[s] Take(1)"), "E304 `send Other[s] Take(1)`");
  EXPECT_EQ(said_in_body("emit Broadcast(Event::Up)"), "E304 `emit Broadcast(Event::Up)`");
  EXPECT_EQ(said("domain D { on X.Go::Done(a, c) {} }"), "E304 `c`");
}

TEST(Types, OnlyPlacesAreAssigned) {
  EXPECT_EQ(said_in_body("p = 1"), "E305 `p`");
  EXPECT_EQ(said_in_body("for i in l { i = 1 }"), "E305 `i`");
  EXPECT_EQ(said_in_body("log [1].pop()"), "E305 `[1]`");
  EXPECT_EQ(said_in_body("log l.add(1).pop()"), "E305 `l.add(1)`");
  EXPECT_EQ(said_in_body("let x = [l] log x[0].pop() log x.pop().pop()"), "E305 `x.pop()`");
}

TEST(Types, StartValuesAreConstants) {
  EXPECT_EQ(said("domain D { state { a: int = 3 b: int = a } }"), "E306 `a`");
  EXPECT_EQ(said("domain D[k: int] { state { a: int = self.k } }"), "E306 `self.k`");
  EXPECT_EQ(said("domain D { state { s: string = pending } }"), "E306 `pending`");
  EXPECT_EQ(said("fn f(): int { return 1 } type T { a: int = f() } domain D {}"), "E306 `f()`");
  EXPECT_EQ(said("fn f(): int { return 1 } domain D { state { a: int = f() + 2 } }"), "");
}

TEST(Types, FunctionsReturnOnEveryPath) {
  EXPECT_EQ(said("fn f(b: bool): int { if b { return 1 } } domain D {}"), "E307 `f`");
  EXPECT_EQ(said("fn f(b: bool): int { for i in 0..3 { return i } } domain D {}"), "E307 `f`");
  EXPECT_EQ(said("fn f(b: bool): int { if b { return 1 } else if !b { return 2 } else { return 3 } "
                 "} domain D {}"),
            "");
  EXPECT_EQ(said("fn f(): int { return } domain D {}"), "E308 `return`");
  EXPECT_EQ(said("fn f(): int { return true } domain D {}"), "E301 `true`");
  EXPECT_EQ(said_in_body("return 3"), "E308 `3`");
}

TEST(Types, PatternsAreLiteralsThatRe2Takes) {
  EXPECT_EQ(said_in_body("log s matches \"(\""), "E309 `\"(\"`");
  EXPECT_EQ(said_in_body("log s matches s"), "E309 `s`");
  EXPECT_EQ(said_in_body("log s matches \"(a)\\\\1\""), "E309 `\"(a)\\\\1\"`");
}

TEST(Types, LoopsGoOverListsMapsAndRanges) {
  EXPECT_EQ(said_in_body("for x in l { n = x } for i, x in l { n = i + x } for k in m { s = k } "
                         "for k, v in m { s = k n = v }"),
            "");
  EXPECT_EQ(said_in_body("for i in 0..n { n = i }"), "");
  EXPECT_EQ(said_in_body("for x in s {}"), "E310 `s`");
  EXPECT_EQ(said_in_body("for i, x in 0..3 {}"), "E310 `x`");
}

TEST(Types, ParametersHaveOneButForOutcomes) {
  EXPECT_EQ(said("domain D { on M(a) {} }"), "E311 `a`");
  EXPECT_EQ(said("domain D { state { s: string } on X.Go::Done(v) { s = v } on X.Go::Failed(r) { s "
                 "= r } on X.Now::Done(i: int) {} }"),
            "");
}

TEST(Types, NamesStandBehindPositionsAndWhereTheyMust) {
  EXPECT_EQ(said_in_body("send Other[s] Take(a: 1, \"x\")"), "E312 `\"x\"`");
  EXPECT_EQ(said_in_body("log Task(1)"), "E312 `1`");
  EXPECT_EQ(said_in_body("emit Some.Thing(1)"), "E312 `1`");
  EXPECT_EQ(said_in_body("emit Broadcast(Event::Nobody(1))"), "E312 `1`");
  EXPECT_EQ(said("effect X.Go(size: int) domain D { on M { emit X.Go(1) } }"), "");
}

TEST(Types, WhatRunsAsACycleHasNoValue) {
  EXPECT_EQ(said("domain D { transition T {} on M { log T() send D T } }"), "E313 `T()`");
  EXPECT_EQ(said_in_body("log Other"), "E313 `Other`");
}

}  // namespace
}  // namespace lexum::check_test
