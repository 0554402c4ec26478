// What somebody types at the prompt, line by line, and what they are told: a transcript for each
// thing that can be done there.
#include "session/typed.h"
#include "session_fixture.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

// A run that is over.
class Prompt : public testing::Test, protected Typist {
 protected:
  explicit Prompt(const char* text = kShop) : Typist(record(text)) {}

  std::vector<std::string> choices(const std::string& line) {
    return complete(*session_, line, nullptr).choices;
  }
};

TEST_F(Prompt, MovesByCycleStatementAndTick) {
  EXPECT_EQ(after("where"), "main 8 end");
  EXPECT_EQ(after("goto start"), "main 0");
  EXPECT_EQ(after("step"), "main 1");
  EXPECT_EQ(after("s 2"), "main 3");
  EXPECT_EQ(after("back"), "main 2");
  EXPECT_EQ(after("reverse-step 9"), "main 0 start");
  EXPECT_EQ(after("rs"), "main 0 start");
  EXPECT_EQ(after("si"), "main 1:1");
  EXPECT_EQ(after("stepi 2"), "main 1:3");
  EXPECT_EQ(after("stepi"), "main 1");
  EXPECT_EQ(after("rsi"), "main 1:3");
  EXPECT_EQ(after("rsi 3"), "main 0");
  EXPECT_EQ(after("n"), "main 1");
  EXPECT_EQ(after("next-tick"), "main 3");
  EXPECT_EQ(after("run 2"), "main 5");
  EXPECT_EQ(after("run"), "main 8 end");
  EXPECT_EQ(after("goto 50%"), "main 4");
  EXPECT_EQ(after("goto 99"), "error: there is no cycle 99: the trace ends with 8");
  EXPECT_EQ(after("where"), "main 4");
}

TEST_F(Prompt, GoesAlongMessagesAndBackByTicks) {
  EXPECT_EQ(after("goto 3"), "main 3");
  EXPECT_EQ(after("hop"), "main 4");
  EXPECT_EQ(after("hop"), "main 4 it has sent nothing");
  EXPECT_EQ(after("reverse-hop"), "main 3");
  EXPECT_EQ(after("reverse-hop"), "main 3 no message led to it; `why` says what did");
  EXPECT_EQ(after("hop 1"), "main 4");
  EXPECT_THAT(type("hop 2"), HasSubstr("cycle 4 has sent 0 messages"));
  EXPECT_EQ(after("goto end"), "main 8");
  std::string ticks;
  for (std::string at = after("rn"); !at.ends_with("start"); at = after("rn")) ticks += at + ", ";
  std::string forwards;
  EXPECT_EQ(after("goto start"), "main 0");
  for (std::string at = after("n"); !at.ends_with("end"); at = after("n"))
    forwards = at + ", " + forwards;
  EXPECT_EQ(ticks, forwards + "main 0, ") << "the same ends, the other way round";
  EXPECT_EQ(after("goto start"), "main 0");
  EXPECT_THAT(type("hop"), HasSubstr("nothing has been sent yet"));
  EXPECT_THAT(type("reverse-hop"), HasSubstr("nothing has been taken yet"));
}

TEST_F(Prompt, ShowsTheNextStatementInsideACycle) {
  type("goto 1:2");
  EXPECT_THAT(type("where"), HasSubstr("  1:2         line 12    send Shelf[sold % 2] Take(n: 1)"));
  EXPECT_EQ(type("print sold"), "1\n");
  EXPECT_THAT(type("step"), Not(HasSubstr("line 12")));
}

TEST_F(Prompt, StopsBeforeATransitionRuns) {
  type("goto start");
  EXPECT_EQ(type("break Sell if sold == 2"), "1: break Sell if sold == 2\n");
  EXPECT_EQ(after("c"), "main 5:1 break 1");
  EXPECT_EQ(type("p sold"), "2\n");
  EXPECT_EQ(after("c"), "main 8 end");
  EXPECT_EQ(after("rc"), "main 5:1 break 1");
  EXPECT_EQ(after("rc"), "main 0 start");
}

TEST_F(Prompt, StopsWhereAFieldWasWritten) {
  type("goto start");
  type("watch Shelf[1].stock");
  EXPECT_EQ(after("continue"), "main 2 watch 1");
  EXPECT_EQ(after("continue"), "main 6 watch 1");
  EXPECT_EQ(after("reverse-continue"), "main 2 watch 1");
  EXPECT_THAT(type("info stops"), HasSubstr("1: watch Shelf[1].stock"));
  EXPECT_EQ(type("delete 1"), "1 is gone\n");
  EXPECT_EQ(after("continue"), "main 8 end");
}

TEST_F(Prompt, StopsAtTheNearestOfSeveral) {
  type("goto start");
  type("break Take");
  type("watch sold");
  type("catch goal");
  EXPECT_EQ(after("c"), "main 1 watch 2");
  EXPECT_EQ(after("c"), "main 2:1 break 1");
  type("goto end");
  EXPECT_EQ(after("rc"), "main 8:1 break 1");
  type("delete");
  type("catch goal");
  EXPECT_EQ(after("rc"), "main 7 catch goal 4");
  EXPECT_THAT(type("catch rain"), HasSubstr("cannot be caught"));
  EXPECT_THAT(type("break Nothing"), HasSubstr("nothing in this program is called"));
  EXPECT_THAT(type("break Sell if sold =="), StartsWith("error: "));
  EXPECT_THAT(type("delete 7"), HasSubstr("there is no stop 7"));
}

TEST_F(Prompt, GoesOnUntilAnExpressionHolds) {
  type("goto start");
  EXPECT_EQ(after("until sold == 3"), "main 5 until");
  EXPECT_EQ(after("until sold == 3"), "main 5 it holds already");
  EXPECT_EQ(after("until sold == 77"), "main 8 end");
}

TEST_F(Prompt, LooksAround) {
  type("goto 4");
  EXPECT_THAT(type("state Till"), HasSubstr("sold    2"));
  EXPECT_THAT(type("tail 2"), HasSubstr("      4  "));
  EXPECT_EQ(type("print Shelf[1].stock * 2"), "4\n");
  EXPECT_EQ(type("Shelf.stock"), "Shelf[0]  2\nShelf[1]  2\n");
  EXPECT_EQ(type("1 + 2 * 3"), "7\n");
  EXPECT_EQ(type("sold / 0"), "error: F002 division by zero: 2 / 0");
  EXPECT_THAT(type("\"a\" + status"), HasSubstr("it may be about Shelf or Till"));
  EXPECT_EQ(type("\"a\" + Till.status"), "\"a\"\n");
  EXPECT_THAT(type("status"), HasSubstr("it may be about Shelf or Till"));
  EXPECT_THAT(type("goals"), HasSubstr("Busy"));
  EXPECT_THAT(type("list"), HasSubstr("stock -= n"));
}

TEST_F(Prompt, AsksTheSameWordsAsTheCommandLine) {
  EXPECT_THAT(type("why sold"), HasSubstr("Sell"));
  EXPECT_THAT(type("whynot Sell"), HasSubstr("Till.Sell"));
  EXPECT_THAT(type("last sold"), HasSubstr("sold: 3 → 4"));
  EXPECT_EQ(type("first sold > 1"), "      3  Till\n");
  EXPECT_THAT(type("hits Sell"), HasSubstr("send Shelf[0] Take(n: 1); goal Busy"));
  EXPECT_THAT(type("find /done/"), HasSubstr("done"));
  EXPECT_THAT(type("path 1 2"), HasSubstr("Take"));
}

TEST_F(Prompt, ForksWhateverWouldChangeThePast) {
  type("goto 3");
  EXPECT_THAT(type("set Till.sold = 9"),
              HasSubstr("branch fork1 begins after cycle 3 and is converged"));
  EXPECT_EQ(after("where"), "fork1 3 forked");
  EXPECT_EQ(type("p sold"), "9\n");
  // One has not moved, so this is one more of its changes.
  EXPECT_THAT(type("send Shelf[7] Take(n: 2)"),
              HasSubstr("  send Shelf[7] Take(n: 2)\n  set Till.sold=9\n"));
  EXPECT_EQ(after("run"), "fork1 5 converged");
  EXPECT_EQ(type("Shelf[7].stock"), "1\n");
  EXPECT_THAT(type("info branches"), HasSubstr("* fork1  a fork of main after cycle 3"));
  EXPECT_EQ(after("switch main"), "main 3");
  EXPECT_THAT(type("diff fork1"), HasSubstr("they part at cycle 4"));
  EXPECT_EQ(after("goto fork1/5"), "fork1 5");
  EXPECT_THAT(type("diff main fork1"), HasSubstr("they part at cycle 4"));
  EXPECT_THAT(type("switch frok1"), HasSubstr("did you mean `fork1`?"));
}

TEST_F(Prompt, ForksByName) {
  type("goto 1");
  EXPECT_THAT(type("fork without"), HasSubstr("branch without begins after cycle 1"));
  EXPECT_THAT(type("drop msg:Till#1"), HasSubstr("drop msg:Till#1"));
  EXPECT_EQ(after("where"), "without 1 forked");
  EXPECT_THAT(type("info branches"), HasSubstr("  main  at 1 of 8")) << "nobody moved it";
  EXPECT_THAT(type("fork a/b"), HasSubstr("cannot be the name of a branch"));
  EXPECT_THAT(type("drop msg:Till#4"), HasSubstr("fork there"));
  EXPECT_EQ(after("where"), "without 1 forked");
}

TEST_F(Prompt, ForksFromWhereOneStandsThoughTheMessageIsOlder) {
  type("goto 2");
  EXPECT_THAT(type("drop msg:Till#1"), HasSubstr("no longer waits after cycle 3"));
  type("goto 1");
  EXPECT_THAT(type("delay msg:Till#1 7"), HasSubstr("begins after cycle 1 and"));
  EXPECT_EQ(after("where"), "fork1 1 forked");
}

TEST_F(Prompt, ProvesThatItIsTheRun) {
  EXPECT_EQ(type("replay"), "same: 8 cycles, run again and compared\n");
  EXPECT_THAT(type("hash"), StartsWith("run_hash 0x"));
}

TEST_F(Prompt, UnderstandsTheFirstLettersOfAWord) {
  EXPECT_EQ(after("got 2"), "main 2");
  EXPECT_EQ(type("st"), "error: `st` may be step or stepi or state");
  EXPECT_EQ(type("frok"), "error: there is no word `frok`; did you mean `fork`?");
  EXPECT_EQ(type("xyzzy"), "error: there is no word `xyzzy`; `help` lists them");
  EXPECT_THAT(type("help"), HasSubstr("continue"));
  EXPECT_THAT(type("help c"), StartsWith("Go on to where something stops\n"));
  EXPECT_THAT(type("goto"), HasSubstr("it wants POS"));
}

TEST_F(Prompt, CompletesWhateverCanStandThere) {
  EXPECT_THAT(choices("reverse-s"), ElementsAre("reverse-step ", "reverse-stepi "));
  EXPECT_THAT(choices("why Ti"), ElementsAre("Till", "Till."));
  EXPECT_THAT(choices("why Till."),
              ElementsAre("Till.Busy ", "Till.Sell ", "Till.sold ", "Till.status "));
  EXPECT_THAT(choices("last Shelf[1]."), ElementsAre("Shelf[1].status ", "Shelf[1].stock "));
  EXPECT_THAT(choices("break "), ElementsAre("Shelf.", "Till."));
  EXPECT_THAT(choices("first Till.sold > Shelf.st"), ElementsAre("Shelf.status ", "Shelf.stock "));
  EXPECT_THAT(choices("goto "), IsSupersetOf({"start ", "end ", "fault:1 ", "msg:"}));
  EXPECT_THAT(choices("state S"), ElementsAre("Shelf[0] ", "Shelf[1] "));
  EXPECT_THAT(choices("state --"), ElementsAre("--at ", "--json "));
  EXPECT_THAT(choices("help fo"), ElementsAre("fork "));
  EXPECT_THAT(choices("step 3 "), ElementsAre());
  type("goto 1");
  type("state");  // where one stands is known then
  EXPECT_THAT(choices("drop "), ElementsAre("msg:Till#1 "));
  type("fork other");
  EXPECT_THAT(choices("switch "), ElementsAre("main ", "other "));
  EXPECT_THAT(choices("goto m"), IsSupersetOf({"main/"}));
}

class FaultyPrompt : public Prompt {
 protected:
  FaultyPrompt()
      : Prompt(
            "domain D { state { n: int = 2 } goal G { predicate n < 0 } transition T { n -= 1  "
            "log 6 / n } }") {}
};

TEST_F(FaultyPrompt, OpensAtTheFault) {
  EXPECT_EQ(after("where"), "main 2 fault");
  EXPECT_THAT(type("why"), HasSubstr("F002"));
  type("goto start");
  type("catch fault");
  EXPECT_EQ(after("c"), "main 2 catch fault 1");
}

class SlicedPrompt : public Prompt {
 protected:
  SlicedPrompt()
      : Prompt(
            "domain D { state { n: int  m: int } goal G { predicate n == 3 } transition T { step "
            "{ n += 1 } slice two { n += 1 } slice three { n += 1 } } goal H { predicate m == 1 "
            "} transition U { m = 1 } }") {}
};

TEST_F(SlicedPrompt, FinishesWhatIsUnderWay) {
  type("goto 1");
  EXPECT_EQ(after("finish"), "main 3 finished");
  EXPECT_EQ(after("finish"), "main 3 nothing is under way");
  type("goto 1");
  type("break T");
  EXPECT_EQ(after("rc"), "main 1:1 break 1");
}

}  // namespace
}  // namespace lexum
