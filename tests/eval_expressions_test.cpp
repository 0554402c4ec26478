// What expressions give: numbers, truth, comparisons, parts of values, calls.
#include "eval_fixture.h"

namespace lexum {
namespace {

struct Case {
  const char* expression;
  const char* says;
};

void expect_all(const std::vector<Case>& cases, std::string_view state = "",
                const Fields& fields = {}) {
  for (const Case& c : cases) EXPECT_EQ(said(c.expression, state, fields), c.says) << c.expression;
}

TEST(Ints, AreComputedFromLeftToRightWithoutWraparound) {
  expect_all({{"1 + 2", "3"},
              {"1 - 2", "-1"},
              {"6 * 7", "42"},
              {"-7 / 2", "-3"},
              {"-7 % 2", "-1"},
              {"7 % -2", "1"},
              {"10 - 3 - 2", "5"},
              {"1 + 2 - 3 + 4", "4"},
              {"100 / 10 / 5", "2"},
              {"7 * 3 % 4 / 1", "1"},
              {"2 + 3 * 4", "14"},
              {"-(1 + 2)", "-3"},
              {"9223372036854775807", "9223372036854775807"},
              {"-9223372036854775807 - 1", "-9223372036854775808"},
              {"1_000_000", "1000000"}});
}

TEST(Ints, FaultWhereTheyDoNotFit) {
  const Fields edges = {{"max", number(INT64_MAX)}, {"min", number(INT64_MIN)}};
  expect_all({{"max + 1", "F001 9223372036854775807 + 1 does not fit into 64 bits"},
              {"min - 1", "F001 -9223372036854775808 - 1 does not fit into 64 bits"},
              {"max * 2", "F001 9223372036854775807 * 2 does not fit into 64 bits"},
              {"min / -1", "F001 -9223372036854775808 / -1 does not fit into 64 bits"},
              {"min % -1", "0"},
              {"-min", "F001 -(-9223372036854775808) does not fit into 64 bits"},
              {"abs(min)", "F001 -(-9223372036854775808) does not fit into 64 bits"},
              {"abs(max)", "9223372036854775807"},
              {"max + 1 - 1", "F001 9223372036854775807 + 1 does not fit into 64 bits"},
              {"2 * max / 2", "F001 2 * 9223372036854775807 does not fit into 64 bits"},
              {"min / -1 / 2", "F001 -9223372036854775808 / -1 does not fit into 64 bits"},
              {"min % -1 % 2", "0"},
              {"min == max - max - max - 1", "true"}},
             "max: int min: int", edges);
}

TEST(Ints, CannotBeDividedByZero) {
  expect_all({{"7 / n", "F002 7 / 0"},
              {"7 % n", "F002 7 % 0"},
              {"8 * 2 / n", "F002 16 / 0"},
              {"8 * 2 % n", "F002 16 % 0"}},
             "n: int");
}

TEST(Truth, StopsAsSoonAsItIsKnown) {
  expect_all({{"no && 1 / n == 1", "false"},
              {"yes || 1 / n == 1", "true"},
              {"yes && no && 1 / n == 1", "false"},
              {"no || no || yes", "true"},
              {"yes && yes && yes", "true"},
              {"no || no", "false"},
              {"!no", "true"},
              {"!!no", "false"},
              {"yes == no", "false"},
              {"yes != no", "true"},
              {"yes && 1 / n == 1", "F002 1 / 0"}},
             "yes: bool = true no: bool n: int");
}

TEST(Comparisons, OrderIntsByNumberAndTextsByCodePoint) {
  expect_all({{"1 < 2", "true"},
              {"2 <= 2", "true"},
              {"2 > 2", "false"},
              {"2 >= 3", "false"},
              {"1 == 1", "true"},
              {"1 != 1", "false"},
              {"\"a\" < \"b\"", "true"},
              {"\"Z\" < \"a\"", "true"},
              {"\"a\" <= \"a\"", "true"},
              {"\"ab\" > \"a\"", "true"},
              {"\"a\" >= \"b\"", "false"},
              {"\"\" == \"\"", "true"},
              {"\"a\" != \"b\"", "true"},
              {"\"é\" > \"z\"", "true"},
              {"\"a long text of more\" == \"a long text of more\"", "true"}});
}

TEST(Comparisons, LookAtContentAndNotAtHowItCameAbout) {
  expect_all({{"[1, 2] == [1].add(2)", "true"},
              {"[1, 2] == [2, 1]", "false"},
              {"[1] != [1, 1]", "true"},
              {"{1: 2, 3: 4} == {3: 4, 1: 2}", "true"},
              {"maybe == null", "true"},
              {"null != maybe", "false"},
              {"maybe == 3", "false"},
              {"(maybe ?? 3) == 3", "true"}},
             "maybe: int?");
}

TEST(Patterns, SearchUnlessAnchored) {
  expect_all({{"s matches \"[0-9]+\"", "true"},
              {"s matches \"^[0-9]+$\"", "false"},
              {"s matches \"^abc\"", "true"},
              {"s + \"é\" matches \"é$\"", "true"}},
             "s: string = \"abc12\"");
}

TEST(Texts, JoinAndCountCodePoints) {
  expect_all({{"\"a\" + \"b\"", "ab"},
              {"\"a\" + \"b\" + s + \"c\"", "abßc"},
              {"s.length", "1"},
              {"(s + s).length", "2"},
              {"\"\".length", "0"}},
             "s: string = \"ß\"");
}

TEST(Null, GivesWayToTheFirstValue) {
  expect_all({{"a ?? b ?? 3", "3"},
              {"a ?? c ?? 3", "5"},
              {"c ?? 1 / n", "5"},
              {"a ?? b ?? 1 / n", "F002 1 / 0"}},
             "a: int? b: int? c: int? = 5 n: int");
}

TEST(Elements, AreFoundOrFault) {
  const char* state =
      "l: list<int> = [10, 20, 30] m: map<string, int> = {\"a\": 1} n: map<int, string> = {7: "
      "\"x\"}";
  expect_all({{"l[0]", "10"},
              {"l[1 + 1]", "30"},
              {"l[3]", "F003 index 3 of a list of 3"},
              {"l[-1]", "F003 index -1 of a list of 3"},
              {"m[\"a\"]", "1"},
              {"m[\"b\"]", "F003 no key \"b\" in a map of 1"},
              {"n[7]", "x"},
              {"n[8]", "F003 no key 8 in a map of 1"}},
             state);
}

TEST(Elements, OfLongKeysAreNamedInShort) {
  EXPECT_EQ(said("m[k]", "m: map<string, int> k: string", {{"k", text(std::string(100, 'k'))}}),
            "F003 no key \"" + std::string(59, 'k') + "… in a map of 0");
}

TEST(Literals, AreMadeOfWhatStandsInThem) {
  expect_all({{"[]", "[]"},
              {"[1, 1 + 1]", "[1, 2]"},
              {"{}", "{}"},
              {"{\"b\": 2, \"a\": 1}", "{\"a\": 1, \"b\": 2}"},
              {"{1: \"x\", 1: \"y\"}", "{1: \"y\"}"},
              {"[[1], []]", "[[1], []]"}});
}

TEST(Records, HaveTheirDeclaredValuesWhereNothingIsSaid) {
  const char* source = R"(
    type Point { x: int = 3 y: int label: string = "p" }
    type Line { from: Point to: Point? }
    domain D { state { a: Point b: Line } on M {
      log Point(y: 2)  log Point(label: "q", x: 1)  log a  log b  log b.from.x + b.from.y
      log Line(from: Point(x: 9)).from.x  log b.to == null } })";
  EXPECT_EQ(EvalFixture(source).run(),
            "log Point(x: 3, y: 2, label: \"p\") | log Point(x: 1, y: 0, label: \"q\") | "
            "log Point(x: 3, y: 0, label: \"p\") | "
            "log Line(from: Point(x: 3, y: 0, label: \"p\"), to: null) | log 3 | log 9 | log true");
}

TEST(Order, IsFromLeftToRightAlsoWhereAListIsPopped) {
  expect_all({{"q.pop() - q.pop()", "-1"},
              {"q.length + q.pop() * 10 + q.length", "15"},
              {"q == [q.pop(), 2, 3]", "true"},
              {"q[q.pop()]", "2"},
              {"q.contains(q.pop())", "true"},
              {"q.slice(q.pop(), q.pop())", "[2]"},
              {"[q.pop(), q.pop(), q.pop()]", "[1, 2, 3]"},
              {"{q.pop(): q.pop()}", "{1: 2}"},
              {"str(q) + str(q.pop()) + str(q)", "[1, 2, 3]1[2, 3]"}},
             "q: list<int> = [1, 2, 3]");
}

TEST(Order, OfNamedArgumentsIsTheOrderWritten) {
  const char* source = R"(
    type Pair { a: int b: int }
    fn minus(a: int, b: int): int { return a - b }
    domain D { state { q: list<int> = [1, 2, 3, 4, 5, 6] } on M {
      log Pair(b: q.pop(), a: q.pop())  log minus(b: q.pop(), a: q.pop())
      send E X(b: q.pop(), a: q.pop()) } }
    domain E { on X(a: int, b: int) { log a } })";
  EXPECT_EQ(EvalFixture(source).run(), "q=[] | send E.X(6, 5) | log Pair(a: 2, b: 1) | log 1");
}

TEST(Self, IsItsKey) {
  EXPECT_EQ(EvalFixture("domain D[id: int] { state { n: int } on M { n = self.id } }").run(),
            "n=7");
}

TEST(Functions, SeeTheirArgumentsAndCallEachOther) {
  const char* source = R"(
    fn fib(n: int): int { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }
    fn join(l: list<string>, with: string): string {
      let s = ""
      for i, x in l { if i > 0 { s += with } s += x }
      return s
    }
    fn two(): int { return 2 }
    fn first_big(l: list<int>): int? { for x in l { for y in 0..x { if y > 5 { return x } } } return null }
    domain D { state { n: int } on M {
      log fib(15)  log join(["a", "b", "c"], ", ")  log two() + two()
      log first_big([1, 9, 3])  log first_big([1])  log fib(fib(two() + 4))
      n = fib(10) } })";
  EXPECT_EQ(EvalFixture(source).run(),
            "n=55 | log 610 | log a, b, c | log 4 | log 9 | log null | log 21");
}

TEST(Functions, WhoseArgumentsCallKeepThemApart) {
  const char* source = R"(
    fn three(a: int, b: int, c: int): string { return str(a) + str(b) + str(c) }
    fn sum(n: int): int { let t = 0 for i in 0..n { t = t + sum(i) + 1 } return t }
    domain D { on M { log three(sum(1), sum(2), sum(three(1, 2, 3).length)) } })";
  EXPECT_EQ(EvalFixture(source).run(), "log 137");
}

TEST(Predicates, HoldOrDoNotOrFault) {
  EvalFixture fixture(
      "domain D { state { n: int = 1 } goal G { target 6 / n > 1 } on M { n = 1 } }");
  EXPECT_EQ(fixture.holds(), "true");
  EXPECT_EQ(fixture.set({{"n", number(6)}}).holds(), "false");
  EXPECT_EQ(fixture.set({{"n", number(0)}}).holds(), "F002 6 / 0");
  EXPECT_EQ(fixture.set({{"n", number(2)}}).holds(), "true");
}

}  // namespace
}  // namespace lexum
