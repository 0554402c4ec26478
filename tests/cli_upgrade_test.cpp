// `lxm upgrade`: what stays, what is told, and what is refused.
#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Upgrades : public Lxm {
 protected:
  void begin(const std::string& program, const std::string& words = "") {
    write("old.lxm", program);
    const Answer begun = lxm("run old.lxm --data d --quiet " + words);
    ASSERT_NE(begun.status, 1) << begun.err;
  }
  Answer upgrade(const std::string& program) {
    write("new.lxm", program);
    return lxm("upgrade d new.lxm");
  }
};

TEST_F(Upgrades, KeepWhatTheNewProgramHasAPlaceFor) {
  begin(
      "domain D { state { n: int  old: string = \"x\"  kind: int = 4 } goal G { predicate n == 2 } "
      "transition T { n += 1 } }",
      "--set D.old=y");
  const Answer made = upgrade(
      "domain D { state { fresh: int = 7  kind: string  n: int } goal G { predicate n == 5 } "
      "transition T { n += 1 } }\ndomain E { state { there: bool } on Boot { there = true } }");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.out,
            "d goes on with new.lxm from tick 3 on, after cycle 2; it lies there as program.2.lxm\n"
            "  no place is left for field D.old\n"
            "  no place is left for field D.kind\n"
            "`lxm run new.lxm --data d` lets it\n");
  const Answer after = lxm("run new.lxm --data d");  // how it began need not be said again
  EXPECT_THAT(after.out, HasSubstr("D  fresh: 7, kind: \"\", n: 5  (G holds)"));
  EXPECT_THAT(after.out, HasSubstr("E  there: true"));
  EXPECT_EQ(after.status, 0) << after.err;
  EXPECT_EQ(lxm("inspect d --program").out, read("new.lxm"));
  EXPECT_THAT(lxm("log d").out, HasSubstr("n: 4 → 5"));
  EXPECT_THAT(lxm("replay d").out, HasSubstr("same: "));
  EXPECT_THAT(lxm("why d D.n").out, HasSubstr("goal G"));
  EXPECT_THAT(lxm("run old.lxm --data d --set D.old=y").err,
              HasSubstr("`lxm upgrade d old.lxm` lets it go on"));
  EXPECT_THAT(lxm("upgrade d new.lxm").err, HasSubstr("is of that program already"));
}

TEST_F(Upgrades, TakeTheWordsThatTheRunBeganWith) {
  begin(
      "domain D { state { n: int m: int } goal G { predicate n == 2 } transition T { n += 1 } "
      "on M(x: int) { m += x } }",
      "--set D.n=1 --send 'D M(x: 3)'");
  ASSERT_EQ(upgrade("domain C { state { a: int } on M(x: int) { a = x } } "
                    "domain D { state { m: int n: int } goal G { predicate n == 4 } "
                    "on M(x: int) { m += x } transition T { n += 1 } }")
                .status,
            0);
  EXPECT_THAT(lxm("run new.lxm --data d --set D.n=1 --send 'D M(x: 3)'").out,
              HasSubstr("m: 3, n: 4"));
  EXPECT_THAT(lxm("run new.lxm --data d --set D.n=2 --send 'D M(x: 3)'").err,
              HasSubstr("began with other start values"));
}

TEST_F(Upgrades, RefuseWhatWouldLoseSomething) {
  begin(
      "domain D { state { n: int } on M { n += 1 } on Stop { n = 0 } }\n"
      "domain K[id: int] { state { n: int } on M { n += 1 } }",
      "--send 'K[1] M'");
  lxm("send d 'D Stop'");
  const std::string before = shell("cat d/*.journal d/run.json | cksum").out;
  const Answer gone = upgrade("domain D { state { n: int } on M { n += 1 } on Stop { n = 0 } }");
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.err, HasSubstr("somebody of domain K is there"));
  const Answer waits = upgrade(
      "domain D { state { n: int } on M { n += 1 } }\n"
      "domain K[id: int] { state { n: int } on M { n += 1 } }");
  EXPECT_EQ(waits.status, 1);
  EXPECT_THAT(waits.err, HasSubstr("still to be done: an input: the run names the message D.Stop"));
  const Answer wrong = upgrade("domain D { state { n: int } on M { n += } }");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_EQ(shell("cat d/*.journal d/run.json | cksum").out, before);
  EXPECT_EQ(lxm("run old.lxm --data d").status, 0);
  // When it is done, it is no obstacle.
  EXPECT_EQ(upgrade("domain D { state { n: int } on M { n += 1 } }\n"
                    "domain K[id: int] { state { n: int } on M { n += 1 } }")
                .status,
            0);
}

TEST_F(Upgrades, RefuseWhileAChangedTransitionIsBegun) {
  const std::string head =
      "domain D { state { n: int } goal G { predicate n == 9 } transition T { "
      "slice a { n = 1 } slice b { n = 2 } ";
  begin(head + "slice c { n = 9 } } }", "--max-cycles 2");
  const Answer other = upgrade(head + "slice c { n = 8 n = 9 } } }");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("the rest of D.T is in the middle of its slices"));
  EXPECT_EQ(upgrade("// elsewhere\n" + head + "slice c { n = 9 } } }").status, 0);
  EXPECT_THAT(lxm("run new.lxm --data d").out, HasSubstr("n: 9  (G holds)"));
}

TEST_F(Upgrades, KeepTheNumbersOfDeadLetters) {
  const std::string k = "domain K[id: int] { state { n: int } on M(x: int) { n = 8 / x } ";
  begin(k + "on Old { n = 8 / n } }",
        "--send 'K[1] M(x: 0)' --send 'K[2] Old' --send 'K[3] M(x: 0)'");
  EXPECT_THAT(lxm("letters d").out, HasSubstr("    3  K[3]"));
  const Answer made = upgrade(k + "on New { n = 1 } }");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("no place is left for dead letters K.Old"));
  const Answer left = lxm("letters d");
  EXPECT_THAT(left.out, HasSubstr("    1  K[1]"));
  EXPECT_THAT(left.out, HasSubstr("    3  K[3]"));
  EXPECT_THAT(left.out, testing::Not(HasSubstr("Old")));
  EXPECT_THAT(lxm("redeliver d 2").err, HasSubstr("no dead letter 2 is left"));
  EXPECT_THAT(lxm("redeliver d 3").out, HasSubstr("durable"));
}

// A fault ends the run for good, and the mended program goes on from the last rest.
TEST_F(Upgrades, MendARunThatAnAssertHasHalted) {
  begin("domain D { state { n: int } on M(x: int) { n += x assert n < 5, \"too many\" } }",
        "--send 'D M(x: 2)'");
  lxm("send d 'D M(x: 4)'");
  EXPECT_EQ(lxm("run old.lxm --data d").status, 3);
  EXPECT_THAT(lxm("letters d").out, HasSubstr("1  D"));
  const Answer made =
      upgrade("domain D { state { n: int } on M(x: int) { n += x assert n < 50, \"too many\" } }");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(lxm("redeliver d 1").out, HasSubstr("durable"));
  EXPECT_THAT(lxm("run new.lxm --data d").out, HasSubstr("D  n: 6"));
}

TEST_F(Upgrades, SayWhatIsWrong) {
  EXPECT_THAT(lxm("upgrade none old.lxm").err, HasSubstr("none has no run"));
  begin("domain D { state { n: int } on M { n += 1 } }");
  EXPECT_THAT(lxm("upgrade d none.lxm").err, HasSubstr("none.lxm"));
  EXPECT_THAT(lxm("upgrade d").err, HasSubstr("NEW.lxm"));
  write("d/program.lxm", "domain D { state { n: int } on M { n += 2 } }");
  EXPECT_THAT(lxm("set d D.n=1").err, HasSubstr("is not what it was when the run got it"));
}

}  // namespace
}  // namespace lexum
