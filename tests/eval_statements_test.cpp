// What statements want done.
#include "eval_fixture.h"

namespace lexum {
namespace {

TEST(Assignments, ShowWhatDiffersAtTheEndInTheOrderOfTheFields) {
  const char* state = "a: int b: int c: string = \"x\"";
  EXPECT_EQ(ran(state, "a = 1"), "a=1");
  EXPECT_EQ(ran(state, "c = \"y\" b = 2 a = 1"), "a=1 | b=2 | c=\"y\"");
  EXPECT_EQ(ran(state, "a = 1 a = 0"), "");
  EXPECT_EQ(ran(state, "c = \"x\""), "");
  EXPECT_EQ(ran(state, "a += 5 a -= 2 b -= 1 c += \"y\""), "a=3 | b=-1 | c=\"xy\"");
  EXPECT_EQ(ran(state, "a = b + 1 b = a + 1"), "a=1 | b=2");
}

TEST(Assignments, ReachIntoValues) {
  EXPECT_EQ(ran("l: list<int> = [1, 2, 3]", "l[1] = 9 l[0] += 4 l[2] -= 1"), "l=[5, 9, 2]");
  EXPECT_EQ(ran("m: map<string, int>", "m[\"a\"] = 1 m[\"b\"] = 2 m[\"a\"] += 4"),
            "m={\"a\": 5, \"b\": 2}");
  EXPECT_EQ(ran("m: map<int, list<int>> = {1: [1, 2]}", "m[1][0] = 7 m[2] = [] m[1][1] += 1"),
            "m={1: [7, 3], 2: []}");
  EXPECT_EQ(ran("m: map<int, string> = {1: \"a\"}", "m[1] += \"b\" + \"c\""), "m={1: \"abc\"}");
  EXPECT_EQ(
      EvalFixture("type P { x: int t: map<string, list<int>> } "
                  "domain D { state { p: P } on M { p.x += 2 p.t[\"a\"] = [1] p.t[\"a\"][0] = 5 "
                  "let q = p q.x = 9 log q.x } }")
          .run(),
      "p=P(x: 2, t: {\"a\": [5]}) | log 9");
}

TEST(Assignments, FaultWhereThePlaceIsNot) {
  EXPECT_EQ(ran("l: list<int> = [1]", "l[1] = 2"), "F003 index 1 of a list of 1");
  EXPECT_EQ(ran("l: list<int> = [1]", "l[-1] = 2"), "F003 index -1 of a list of 1");
  EXPECT_EQ(ran("m: map<int, int>", "m[1] += 2"), "F003 no key 1 in a map of 0");
  EXPECT_EQ(ran("m: map<int, list<int>>", "m[1][0] = 2"), "F003 no key 1 in a map of 0");
}

TEST(Assignments, EvaluateThePlaceFirst) {
  EXPECT_EQ(ran("l: list<int> = [1] n: int", "l[1 / n] = l[7]"), "F002 1 / 0");
  EXPECT_EQ(ran("l: list<int> = [1] n: int", "l[7] += 1 / n"), "F003 index 7 of a list of 1");
  EXPECT_EQ(ran("l: list<int> = [1] n: int", "l[7] = 1 / n"), "F002 1 / 0");
  EXPECT_EQ(ran("q: list<int> = [1, 0, 7]", "q[q.pop()] = q.pop()"),
            "q=[7] | F003 index 1 of a list of 1");
}

TEST(Locals, LiveInTheirBlock) {
  EXPECT_EQ(ran("n: int", "let a = 1 if a == 1 { let b = a + 1 n = b a = 5 } let c = a n += c"),
            "n=7");
  EXPECT_EQ(ran("l: list<int>", "for i in 0..3 { let x = i * i l = l.add(x) }"), "l=[0, 1, 4]");
}

TEST(Conditions, TakeTheFirstBranchThatHolds) {
  const char* body =
      "if n == 0 { log \"zero\" } else if n < 3 { log \"few\" } else if n < 9 { log \"some\" } "
      "else { log \"many\" } log \"end\"";
  const auto says = [&](int64_t n) { return ran("n: int", body, {{"n", number(n)}}); };
  EXPECT_EQ(says(0), "log zero | log end");
  EXPECT_EQ(says(2), "log few | log end");
  EXPECT_EQ(says(8), "log some | log end");
  EXPECT_EQ(says(9), "log many | log end");
  EXPECT_EQ(ran("n: int = 1", "if n == 0 { log \"no\" } else if n == 2 { log \"no\" } log \"on\""),
            "log on");
  EXPECT_EQ(ran("n: int", "if n == 0 { if n == 0 { n = 1 } else { n = 3 } n += 1 } n += 10"),
            "n=12");
}

TEST(Loops, CountUpToTheirEnd) {
  EXPECT_EQ(ran("n: int", "for i in 2..5 { n = n * 10 + i }"), "n=234");
  EXPECT_EQ(ran("n: int", "for i in 5..5 { n = 1 } for i in 5..2 { n = 1 }"), "");
  EXPECT_EQ(ran("n: int", "for i in 0..3 { for j in 0..i { n += 1 } }"), "n=3");
  EXPECT_EQ(ran("n: int", "for i in 9223372036854775805..9223372036854775807 { n += 1 }"), "n=2");
}

TEST(Loops, WalkOverWhatTheListWasAtTheirStart) {
  EXPECT_EQ(ran("l: list<int> = [1, 2, 3]", "for x in l { l = l.add(x * 10) }"),
            "l=[1, 2, 3, 10, 20, 30]");
  EXPECT_EQ(ran("l: list<int> = [1, 2, 3]", "for x in l { l.pop() log x }"),
            "l=[] | log 1 | log 2 | log 3");
  EXPECT_EQ(ran("l: list<string> = [\"a\", \"b\"]", "for i, x in l { log str(i) + x }"),
            "log 0a | log 1b");
  EXPECT_EQ(ran("l: list<int>", "for x in l { log x }"), "");
}

TEST(Loops, WalkOverMapsInKeyOrder) {
  const char* state = "m: map<int, string> = {10: \"c\", 2: \"b\", -1: \"a\"}";
  EXPECT_EQ(ran(state, "for k in m { log k }"), "log -1 | log 2 | log 10");
  EXPECT_EQ(ran(state, "for k, v in m { m[k + 1] = v } log m.length"),
            "m={-1: \"a\", 0: \"a\", 2: \"b\", 3: \"b\", 10: \"c\", 11: \"c\"} | log 6");
}

TEST(Loops, EndWithAReturnInsideThem) {
  EXPECT_EQ(ran("n: int", "for i in 0..9 { for j in 0..9 { n += 1 if n == 12 { return } } } n = 0"),
            "n=12 | returned");
}

TEST(Loops, KeepWhatFollowsThemInABlock) {
  EXPECT_EQ(
      ran("s: string",
          "for i in 0..2 { if i == 0 { for j in 0..2 { s += \"j\" } s += \"a\" } s += \"b\" } "
          "s += \"c\""),
      "s=\"jjabbc\"");
}

TEST(Emissions, AreKeptInTheirOrder) {
  const char* source = R"(
    effect Infra.Create(size: int, name: string)
    domain D { state { n: int = 2 } on M {
      send B X(n, "a")  n += 1  send K[n * 2] Y  send("B", "Z")
      emit Broadcast(Event::News(n))  emit Infra.Create(name: "db", size: n)  send D M } }
    domain B { on X(a: int, b: string) { log a } on Z { log 1 } on Event::News(n: int) { log n } }
    domain K[id: int] { on Y { log 1 } })";
  EXPECT_EQ(EvalFixture(source).run(),
            "n=3 | send B.X(2, \"a\") | send K[6].Y() | send B.Z() | broadcast News(3) | "
            "emit Infra.Create(3, \"db\") | send D.M()");
}

TEST(Returns, EndTheTransition) {
  EXPECT_EQ(ran("n: int", "n = 1 return; n = 2"), "n=1 | returned");
  EXPECT_EQ(ran("n: int", "if n == 1 { return } n = 2"), "n=2");
}

TEST(Slices, AreRunOneByOneWithTheSameParameters) {
  EvalFixture fixture(
      "domain D { state { n: int l: list<int> } transition T(x: int) "
      "{ slice a { n = x } slice b { l = l.add(n + x) } } }");
  EXPECT_EQ(fixture.run({number(4)}, 0), "n=4");
  fixture.commit();
  EXPECT_EQ(fixture.run({number(4)}, 1), "l=[8]");
}

TEST(Parameters, AreSeenAndHideFields) {
  EvalFixture fixture(
      "domain D { state { n: int = 5 } on M(n: int, s: string) { state.n += n log s } }");
  EXPECT_EQ(fixture.run({number(2), text("hi")}), "n=7 | log hi");
}

TEST(Retiring, IsAWishAmongOthers) {
  EXPECT_EQ(EvalFixture("domain D[id: int] { state { n: int } on M { retire n = 1 } }").run(),
            "n=1 | retire");
}

TEST(Asserts, SayWhatTheyWereTold) {
  EXPECT_EQ(ran("n: int", "assert n == 0 n = 1"), "n=1");
  EXPECT_EQ(ran("n: int", "assert n == 0, str(1 / n) n = 1"), "n=1");
  EXPECT_EQ(ran("n: int = 3", "assert n == 0, \"n is \" + str(n)"), "F020 n is 3");
  EXPECT_EQ(ran("n: int = 3", "assert n == 0"), "F020 n == 0 is false");
}

}  // namespace
}  // namespace lexum
