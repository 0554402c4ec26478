// Gas, depth and size, each at its limit and one past it.
#include "eval_fixture.h"

namespace lexum {
namespace {

constexpr const char* kOutOfGas =
    "F006 more than 100000 units of gas; do a part now and the rest in a later slice";
constexpr const char* kTooDeep =
    "F006 more than 2000 nested evaluations; a fn that calls itself must end sooner";

TEST(Gas, LastsForAHundredThousandStatements) {
  // A loop is one statement, each turn with an empty body another one.
  EXPECT_EQ(ran("n: int", "for i in 0..99998 { }"), "");
  EXPECT_EQ(ran("n: int", "for i in 0..99999 { }"), "");
  EXPECT_EQ(ran("n: int", "for i in 0..100000 { }"), kOutOfGas);
  EXPECT_EQ(ran("n: int", "n = 1 for i in 0..99998 { }"), "n=1");
  EXPECT_EQ(ran("n: int", "n = 1 for i in 0..99999 { }"), std::string("n=1 | ") + kOutOfGas);
  EXPECT_EQ(ran("n: int", "for i in 0..99999 { n += 1 }"), "n=99999");
  EXPECT_EQ(ran("n: int", "for i in 0..100000 { n += 1 }"), std::string("n=99999 | ") + kOutOfGas);
}

TEST(Gas, IsOneForEachStatementAndNoneForABlock) {
  const auto gas = [](std::string_view body) { return gas_of("n: int", body); };
  EXPECT_EQ(gas(""), 0);
  EXPECT_EQ(gas("n = 1"), 1);
  EXPECT_EQ(gas("n += 1 n -= 1 let x = 2 log x"), 4);
  EXPECT_EQ(gas("if n == 0 { n = 1 }"), 2);
  EXPECT_EQ(gas("if n == 1 { n = 1 } else if n == 2 { n = 1 } else { n = 2 }"), 2);
  EXPECT_EQ(gas("if n == 1 { n = 1 } else if n == 2 { n = 1 }"), 1);
  EXPECT_EQ(gas("if n == 0 { }"), 1);
  EXPECT_EQ(gas("for i in 0..3 { }"), 4);
  EXPECT_EQ(gas("for i in 0..3 { n += 1 n += 1 }"), 7);
  EXPECT_EQ(gas("for i in 0..3 { for j in 0..2 { } }"), 1 + 3 * 3);
  EXPECT_EQ(gas("for x in [1, 2] { }"), 3);
  EXPECT_EQ(gas("for k in {1: 2} { }"), 2);
  EXPECT_EQ(gas("for i in 0..0 { }"), 1);
  EXPECT_EQ(gas("assert n == 0"), 1);
  EXPECT_EQ(gas("send D M(1)"), 1);
  EXPECT_EQ(gas("if n == 0 { return }"), 2);
}

TEST(Gas, IsPaidForTheStatementsOfFunctions) {
  const char* functions =
      "fn one(): int { return 1 } "
      "fn count(n: int): int { let t = 0 for i in 0..n { t += 1 } return t }";
  EXPECT_EQ(gas_of("n: int", "n = one()", {}, functions), 2);
  EXPECT_EQ(gas_of("n: int", "n = one() + one() * one()", {}, functions), 4);
  EXPECT_EQ(gas_of("n: int", "n = count(5)", {}, functions), 1 + 3 + 5);
}

// One operation, and what it takes for 63, 64 and 128 bytes or elements of s, l or m.
struct Operation {
  const char* expression;
  std::array<int64_t, 3> gas;
};

TEST(Gas, OfOperationsIsTheSixtyFourthPartOfTheirSize) {
  const std::vector<Operation> operations = {
      {"s.length", {0, 0, 0}},
      {"s.upper()", {0, 1, 2}},
      {"s.lower()", {0, 1, 2}},
      {"s.trim()", {0, 1, 2}},
      {"s.split(\",\")", {0, 1, 2}},
      {"s.split(\"x\")", {1, 1, 2}},  // one piece more than letters
      {"s.split(\"\")", {0, 1, 2}},
      {"s.contains(\"y\")", {0, 1, 2}},
      {"s.starts_with(\"x\")", {0, 1, 2}},
      {"s.ends_with(\"y\")", {0, 1, 2}},
      {"\"x\".contains(s)", {0, 0, 0}},
      {"s.replace(\"x\", \"\")", {0, 1, 2}},
      {"s.replace(\"x\", \"yy\")", {1, 2, 4}},
      {"s.replace(\"\", \"yy\")", {0, 1, 2}},
      {"s + \"\"", {0, 1, 2}},
      {"s + \"y\"", {1, 1, 2}},
      {"\"\" + s + \"\"", {0, 2, 4}},
      {"s + s + s", {1 + 2, 2 + 3, 4 + 6}},
      {"s == \"y\"", {0, 1, 2}},
      {"\"y\" != s", {0, 1, 2}},
      {"s < s", {0, 1, 2}},
      {"s <= \"y\"", {0, 1, 2}},
      {"s > \"y\"", {0, 1, 2}},
      {"\"y\" >= s", {0, 1, 2}},
      {"s matches \"y\"", {0, 1, 2}},
      {"maybe == s", {0, 1, 2}},
      {"str(s)", {0, 1, 2}},
      {"int(s)", {0, 1, 2}},
      {"s", {0, 0, 0}},
      {"l.length", {0, 0, 0}},
      {"l.first", {0, 0, 0}},
      {"l.last", {0, 0, 0}},
      {"l[0]", {0, 0, 0}},
      {"l.contains(-1)", {0, 1, 2}},
      {"l.add(1)", {1, 1, 2}},
      {"l.remove(-1)", {0, 1, 2}},
      {"l.slice(0, 1)", {0, 1, 2}},
      {"l.sorted()", {0, 1, 2}},
      {"l == l", {0, 1, 2}},
      {"l == []", {0, 1, 2}},
      {"l != []", {0, 1, 2}},
      {"l.pop()", {0, 0, 0}},
      {"m.length", {0, 0, 0}},
      {"m.has(1)", {0, 0, 0}},
      {"m.get(1)", {0, 0, 0}},
      {"m[1]", {0, 0, 0}},
      {"m.remove(1)", {0, 1, 2}},
      {"m.keys", {0, 1, 2}},
      {"m.values", {0, 1, 2}},
      {"m == {}", {0, 1, 2}},
      {"[s == \"y\", l == []]", {0, 2, 4}},
  };
  const std::array<int64_t, 3> sizes = {63, 64, 128};
  for (const Operation& operation : operations) {
    for (size_t i = 0; i < sizes.size(); ++i) {
      const Fields fields = {{"s", letters(static_cast<size_t>(sizes[i]))},
                             {"l", numbers(sizes[i])},
                             {"m", squares(sizes[i])}};
      EXPECT_EQ(gas_of("s: string l: list<int> m: map<int, int> maybe: string?",
                       fmt::format("let x = {}", operation.expression), fields),
                1 + operation.gas[i])
          << operation.expression << " of " << sizes[i];
    }
  }
}

TEST(Gas, OfLiteralsIsPaidWhereTheyStand) {
  const auto repeated = [](std::string_view what, std::string_view between, int times) {
    std::string made(what);
    for (int i = 1; i < times; ++i) made.append(between).append(what);
    return made;
  };
  for (const auto& [size, gas] : {std::pair(63, 0), {64, 1}, {65, 1}, {128, 2}}) {
    EXPECT_EQ(gas_of("", fmt::format("let x = \"{}\"", repeated("x", "", size))), 1 + gas);
    EXPECT_EQ(gas_of("", fmt::format("let x = [{}]", repeated("1", ", ", size))), 1 + gas);
    std::string entries = "0: 1";
    for (int key = 1; key < size; ++key) entries += fmt::format(", {}: 1", key);
    EXPECT_EQ(gas_of("", fmt::format("let x = {{{}}}", entries)), 1 + gas);
  }
  EXPECT_EQ(gas_of("", fmt::format("let x = \"{}\"", repeated("é", "", 32))), 2);
}

TEST(Gas, OfStrIsForWhatItWalksOverOrForItsText) {
  // "[0, 1, …]": 10 numbers of a digit, the others of two; 2 bytes between them.
  EXPECT_EQ(gas_of("l: list<int>", "let x = str(l)", {{"l", numbers(10)}}), 1);
  EXPECT_EQ(gas_of("l: list<int>", "let x = str(l)", {{"l", numbers(19)}}), 1 + 66 / 64);
  EXPECT_EQ(gas_of("l: list<string>", "let x = str(l)", {{"l", Value::list({{letters(640)}})}}),
            1 + 644 / 64);
  EXPECT_EQ(gas_of("l: list<int>", "log l", {{"l", numbers(19)}}), 1 + 66 / 64);
}

TEST(Gas, OfChangingOneElementIsNone) {
  EXPECT_EQ(gas_of("l: list<int>", "l[7] = 1 l[8] += 1", {{"l", numbers(1000)}}), 2);
  EXPECT_EQ(gas_of("m: map<int, int>", "m[7] = 1 m[8] += 1", {{"m", squares(1000)}}), 2);
  EXPECT_EQ(gas_of("q: list<int>", "q.pop()", {{"q", numbers(1000)}}), 1);
  EXPECT_EQ(gas_of("s: string", "s += \"y\"", {{"s", letters(63)}}), 2);
  EXPECT_EQ(gas_of("s: string", "s += \"\"", {{"s", letters(63)}}), 1);
}

TEST(Gas, RunsOutBeforeSomethingHugeIsMade) {
  const Fields fields = {{"s", letters(1 << 20)}};
  EXPECT_EQ(ran("s: string", "let x = s.replace(\"x\", s)", fields), kOutOfGas);
  EXPECT_EQ(ran("s: string", "let l = [s, s, s, s, s, s, s] let x = str(l)", fields), kOutOfGas);
  EXPECT_EQ(ran("",
                "let a: list<list<int>> = [[], [], []] let b = [a, a, a, a, a, a, a, a, a, a, a, "
                "a, a, a] "
                "let c = [b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b] "
                "let d = [c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c] "
                "let e = [d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d] "
                "let f = [e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e, e] log f"),
            kOutOfGas);
}

// Each link holds the last one twice, so it is twice as big, and there is only one of each in
// memory.
constexpr const char* kTwins =
    "type Twins { l: Twins? r: Twins? all: list<Twins> n: int } "
    "fn grow(k: int): Twins { let t = Twins() for i in 0..k { t = Twins(l: t, r: t, n: 1) } "
    "return t } "
    "type E { a: list<E> } "
    "fn empty(k: int): E { let e = E() for i in 0..k { e = E(a: [e, e]) } return e } ";

std::string ran_twins(std::string_view state, std::string_view body) {
  return EvalFixture(
             fmt::format("{} domain D {{ state {{ {} }} on M {{ {} }} }}", kTwins, state, body))
      .run();
}

TEST(Gas, RunsOutBeforeSomethingCountlessIsWalkedOver) {
  EXPECT_EQ(ran_twins("b: bool", "b = grow(190) == grow(190)"), kOutOfGas);
  EXPECT_EQ(ran_twins("b: bool", "b = empty(90) != empty(90)"), kOutOfGas);
  EXPECT_EQ(ran_twins("b: bool", "b = [empty(90)].contains(empty(90))"), kOutOfGas);
  EXPECT_EQ(ran_twins("n: int", "n = [empty(90)].remove(empty(90)).length"), kOutOfGas);
  EXPECT_EQ(ran_twins("s: string", "s = str(grow(190))"), kOutOfGas);
  EXPECT_EQ(ran_twins("n: int", "log empty(90)"), kOutOfGas);
  EXPECT_EQ(ran_twins("b: bool", "b = grow(8) == grow(8)"), "b=true");
}

TEST(Gas, OfComparisonsIsAlsoForMuchThatLiesInside) {
  const auto rows = [](int64_t count, int64_t length) {
    return Value::list(std::vector<Value>(static_cast<size_t>(count), numbers(length)));
  };
  const auto gas = [](std::string_view body, const Value& a, const Value& b) {
    return gas_of("a: list<list<int>> b: list<list<int>>", body, {{"a", a}, {"b", b}});
  };
  // 9 lists of 112 ints are 1,017 parts, 9 of 113 are 1,026: more than 1,024.
  EXPECT_EQ(gas("let x = a == b", rows(9, 112), rows(9, 112)), 1);
  EXPECT_EQ(gas("let x = a == b", rows(9, 113), rows(9, 113)), 2);
  EXPECT_EQ(gas("let x = a == b", rows(9, 113), {rows(0, 0)}), 2) << "equal or not";
  EXPECT_EQ(gas("let x = a != b", rows(0, 0), rows(9, 1131)), 1 + 9);
  EXPECT_EQ(gas("let x = a.contains(b[0])", rows(9, 10), rows(1, 10'240)), 1 + 10);
  EXPECT_EQ(gas("let x = a.remove(b[0])", rows(9, 10), rows(1, 10'240)), 1 + 10);
  EXPECT_EQ(gas("let x = a.add(b[0])", rows(9, 10), rows(1, 10'240)), 1) << "it is not looked into";

  const Fields texts = {{"s", letters(8 * 8192 - 1)}, {"t", letters(8 * 8192)}};
  const auto gas_of_texts = [&](std::string_view body) {
    return gas_of("s: string t: string m: map<string, int>", body, texts);
  };
  EXPECT_EQ(gas_of_texts("let x = [s] == [s]"), 1 + 7);
  EXPECT_EQ(gas_of_texts("let x = [s] == [t]"), 1 + 8);
  EXPECT_EQ(gas_of_texts("let x = [t].sorted()"), 1 + 8);
  EXPECT_EQ(gas_of_texts("let x = m.has(t)"), 1 + 8);
  EXPECT_EQ(gas_of_texts("let x = m.get(t)"), 1 + 8);
  EXPECT_EQ(gas_of_texts("let x = m.remove(t)"), 1 + 8);
  EXPECT_EQ(gas_of_texts("m[t] = 1"), 1 + 8);
  EXPECT_EQ(gas_of_texts("m[t] = 1 let x = m[t]"), 2 + 16);
  EXPECT_EQ(gas_of_texts("let x = {t: 1}"), 1 + 8);
  EXPECT_EQ(gas_of_texts("let x = {s: 1}"), 1 + 7);
}

TEST(Gas, IsAnewForEachSliceAndEachPredicate) {
  EvalFixture fixture(
      "fn spin(n: int): bool { for i in 0..n { } return true } "
      "domain D { state { n: int } goal G { target spin(n) } on M(k: int) { for i in 0..k { } } }");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fixture.run({number(99'999)}), "");
    EXPECT_EQ(fixture.run({number(100'000)}), kOutOfGas);
    EXPECT_EQ(fixture.set({{"n", number(99'998)}}).holds(), "true");
    EXPECT_EQ(fixture.set({{"n", number(99'999)}}).holds(), kOutOfGas);
  }
}

TEST(Gas, FaultsOfALoopOverAMillionComeInTime) {
  EXPECT_EQ(
      ran("l: list<int> n: int", "for x in l { n += x }", {{"l", numbers(1'000'000)}}).substr(0, 2),
      "n=");
}

// Each call of down() stands one evaluation deeper than its caller's.
TEST(Depth, IsTwoThousandEvaluations) {
  EvalFixture fixture(
      "fn down(n: int): int { if n == 0 { return 0 } return down(n - 1) } "
      "domain D { state { n: int } on M(k: int) { n = down(k) + 1 } }");
  // The sum is 1 deep, the outermost call 2, and the call whose n is 0 is k + 2 deep: its argument
  // is one deeper, the operands of that another one, and so are those of `n == 0` in its body.
  EXPECT_EQ(fixture.run({number(1996)}), "n=1");
  EXPECT_EQ(fixture.run({number(1997)}), kTooDeep);
  EXPECT_EQ(fixture.blamed(), "n - 1");
}

TEST(Depth, CountsArgumentsAndLeaves) {
  EvalFixture fixture(
      "fn deep(n: int, x: int): int { if x < 0 { return x } return deep(n - 1, n) } "
      "domain D { state { n: int } on M(k: int) { n = deep(k, k) } }");
  // The first call is 1 deep, the one with x == -1 the (k + 3)rd; the operands of `x < 0` are 2
  // deeper than that.
  EXPECT_EQ(fixture.run({number(1995)}), "n=-1");
  EXPECT_EQ(fixture.run({number(1996)}), kTooDeep);
}

TEST(Depth, OfABodyThatIsALeafCountsTheLeaf) {
  EvalFixture fixture(
      "fn leaf(): int { return 1 } "
      "fn down(n: int): int { if n > 0 { return down(n - 1) } return leaf() } "
      "domain D { state { n: int } on M(k: int) { n = down(k) } }");
  // down(0) is k + 1 deep; in it `n > 0` begins n at k + 3; leaf() is at k + 2 and its 1 at k + 3.
  EXPECT_EQ(fixture.run({number(1997)}), "n=1");
  EXPECT_EQ(fixture.run({number(1998)}), kTooDeep);
}

TEST(Depth, OfStatementsIsNotCounted) {
  // A fn that calls itself from within 180 blocks: its statements are many, its evaluations few.
  std::string body = "return wide(n - 1)";
  for (int i = 0; i < 180; ++i) body = "if n > 0 { " + body + " }";
  EvalFixture fixture("fn wide(n: int): int { " + body +
                      " return 7 } domain D { state { n: int } on M(k: int) { n = wide(k) } }");
  EXPECT_EQ(fixture.run({number(500)}), "n=7");
  EXPECT_EQ(fixture.run({number(600)}), kOutOfGas);
}

TEST(Size, OfAFieldIsLimitedAtTheEnd) {
  const Fields fields = {{"s", letters(16 << 20)}, {"t", letters(16)}};
  const std::string state = "s: string t: string l: list<string>";
  EXPECT_EQ(ran(state, "l = [s]", fields).substr(0, 3), "l=[");
  EvalFixture fixture(
      "domain D { state { s: string t: string l: list<string> } on M { l = [s, \"y\"] } }");
  fixture.set(fields).run();
  EXPECT_EQ(fixture.spell(fixture.out().fault),
            "F005 a value of 16777217 bytes; 16777216 are the most");
  EXPECT_EQ(fixture.blamed(), "l = [s, \"y\"]");
  EXPECT_TRUE(fixture.out().changes.empty());
  EXPECT_EQ(ran(state, "l = [s, \"y\"] t = \"\" l = []", fields), "t=\"\"");
}

TEST(Size, IsLimitedInPartsToo) {
  const std::string countless =
      "F005 a value of countless elements and members in all; 16777216 are the most";
  EXPECT_EQ(ran_twins("e: E", "e = empty(90)"), countless);
  EXPECT_EQ(ran_twins("e: E n: int", "n = 1 e = empty(90)"), "n=1 | " + countless);
  // empty(k + 1) has its list, two elements, and what is in these: so empty(k) has 4 · 2^k - 3.
  EXPECT_EQ(ran_twins("n: int e: E", "e = empty(22) n = 1").substr(0, 3), "n=1");
  EXPECT_EQ(ran_twins("e: E", "e = empty(23)"),
            "F005 a value of 33554429 elements and members in all; 16777216 are the most");
  EXPECT_EQ(ran_twins("t: Twins", "t = grow(190)"),
            "F005 a value of countless bytes; 16777216 are the most");
  EXPECT_EQ(ran_twins("e: E n: int", "e = empty(90) n = 1 / n"), "F002 1 / 0");
}

TEST(Size, OfWhatIsSentIsLimitedToo) {
  EvalFixture fixture(
      "domain D { state { s: string } on M { send E X([s], 1) send E X([s, \"y\"], 2) } } "
      "domain E { on X(l: list<string>, n: int) { log n } }");
  EXPECT_EQ(fixture.set({{"s", letters(16 << 20)}}).run(),
            "F005 a value of 16777217 bytes; 16777216 are the most");
  EXPECT_EQ(fixture.blamed(), "send E X([s, \"y\"], 2)");
  EXPECT_TRUE(fixture.out().args.empty());
}

TEST(Size, OfAChainOfRecordsIsLimitedInDepthAsItGrows) {
  const std::string types = "type Link { n: int next: Link? list: list<Link> } ";
  const auto run = [&](const std::string& grow, int64_t links) {
    EvalFixture fixture(types + "domain D { state { chain: Link } on M(k: int) { for i in 0..k { " +
                        grow + " } } }");
    fixture.run({number(links)});
    return fixture.out().fault ? fixture.spell(fixture.out().fault) : "kept";
  };
  const std::string too_deep = "F005 a value that nests 201 deep; 200 is the most";
  const std::string make = "chain = Link(n: i, next: chain)";
  EXPECT_EQ(run(make, 198), "kept");
  EXPECT_EQ(run(make, 30'000), too_deep);
  EXPECT_EQ(run("chain.next = chain", 198), "kept");
  EXPECT_EQ(run("chain.next = chain", 30'000), too_deep);
  EXPECT_EQ(run("chain.list = chain.list.add(chain)", 30'000).substr(0, 4), "F005");
}

}  // namespace
}  // namespace lexum
