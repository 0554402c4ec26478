// A slice that faults has wanted nothing, and the next one does not notice.
#include "eval_fixture.h"

namespace lexum {
namespace {

TEST(Faults, WithdrawEverythingButTheRejectedDeltaAndTheLogs) {
  EvalFixture fixture(
      "domain D[id: int] { state { n: int s: string l: list<int> } on M { "
      "n = 3 s = \"a rather long text\" l = [1] log \"here\" send E X(n) retire n = n / 0 } } "
      "domain E { on X(n: int) { log n } }");
  EXPECT_EQ(fixture.run(), "n=3 | s=\"a rather long text\" | l=[1] | log here | F002 3 / 0");
  EXPECT_FALSE(fixture.out().idle());
}

TEST(Faults, PointAtTheExpressionThatDidIt) {
  EvalFixture fixture("domain D { state { n: int } on M { n = 1 + (2 - 7 / n) } }");
  fixture.run();
  EXPECT_EQ(fixture.blamed(), "7 / n");
}

TEST(Faults, PointIntoTheFunctionThatDidIt) {
  EvalFixture fixture(
      "fn at(l: list<int>, i: int): int { return l[i] } "
      "domain D { state { n: int } on M { n = at([1], 0) + at([1], 1) } }");
  EXPECT_EQ(fixture.run(), "F003 index 1 of a list of 1");
  EXPECT_EQ(fixture.blamed(), "l[i]");
}

TEST(Faults, LeaveNothingBehindInTheInterpreter) {
  EvalFixture fixture(
      "fn down(n: int, l: list<int>): int { for x in l { if n == 0 { return 1 / n } "
      "return down(n - 1, l.add(n)) } return 0 } "
      "domain D { state { n: int } on M(k: int) { for i in [1, 2] { if k > 0 { n = down(k, [i]) } "
      "n += i } } }");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fixture.run({number(50)}), "F002 1 / 0");
    EXPECT_EQ(fixture.run({number(0)}), "n=3");
  }
}

TEST(Faults, OfAHalfMadeEditShowTheWholeField) {
  EXPECT_EQ(ran("l: list<list<int>> = [[1], [2]] n: int", "n = 1 l[0][0] = 5 l[1][1] = 6"),
            "l=[[5], [2]] | n=1 | F003 index 1 of a list of 1");
  EXPECT_EQ(ran("q: list<int> = [1, 2]", "q[1] = q.pop()"), "q=[2] | F003 index 1 of a list of 1");
}

// What is sent is weighed if it has something big in it, as the key here; the argument never was.
TEST(Faults, InTheArgumentOfAMessageToALongKeyAreTold) {
  EvalFixture fixture(
      "domain D { state { n: int } on M { send E[\"a rather long key, kept elsewhere\"] X(1 / n) } "
      "} "
      "domain E[id: string] { on X(n: int) { log n } }");
  EXPECT_EQ(fixture.run(), "F002 1 / 0");
}

TEST(Undo, PutsBackSharedValuesAsTheyWere) {
  EvalFixture fixture(
      "domain D { state { m: map<int, int> l: list<int> } on M { "
      "for i in 0..1000 { m[i * 7] = i l[i] = 0 - i } m = m.remove(0) l.pop() } }");
  const Value map = squares(5000);
  const Value list = numbers(5000);
  fixture.set({{"m", map}, {"l", list}}).run();
  EXPECT_EQ(map, squares(5000));
  EXPECT_EQ(list, numbers(5000));
  EXPECT_EQ(fixture.out().changes.size(), 2u);
  EXPECT_EQ(fixture.out().changes[0].value.size(), 5000u - 1 + 285);
  EXPECT_EQ(fixture.out().changes[1].value.size(), 4999u);
}

TEST(Undo, WorksForMoreFieldsThanAWordHasBits) {
  std::string state, body;
  for (int i = 0; i < 200; ++i) {
    state += fmt::format("f{}: int ", i);
    if (i % 3 == 0) body = fmt::format("f{} = {} ", i, i) + body;
  }
  EvalFixture fixture("domain D { state { " + state + " } on M { " + body + " } }");
  for (int i = 0; i < 2; ++i) {
    fixture.run();
    EXPECT_EQ(fixture.out().changes.size(), 66u);  // f0 = 0 changes nothing
    EXPECT_EQ(fixture.out().changes[65].slot, 198u);
  }
}

}  // namespace
}  // namespace lexum
