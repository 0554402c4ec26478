// What somebody types about a run, and what they are told.
#include "machine/inputs.h"
#include "session_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::Not;

class Shop : public testing::Test {
 protected:
  Recorded run_ = record(kShop);
};

TEST_F(Shop, SaysWhatItIsLikeAtAMoment) {
  EXPECT_EQ(ask(run_, "state Till --at 1"),
            "Till\n"
            "  sold    1\n"
            "  status  \"\"\n"
            "  goal Busy pursued  sold: 1 → >= 4\n");
  EXPECT_THAT(ask(run_, "state Shelf --at end"), HasSubstr("Shelf[1]\n  stock   1\n"));
  EXPECT_THAT(ask(run_, "state"), HasSubstr("Till\n  sold    4\n"));
}

TEST_F(Shop, ShowsWhatHappenedInsideACycle) {
  const std::string list = ask(run_, "list --at 7");
  EXPECT_THAT(list, HasSubstr("  7:1         line 11    sold += 1"));
  EXPECT_THAT(list, HasSubstr("sold: 3 → 4\n"));
  EXPECT_THAT(list, HasSubstr("  7:4         line 13    status = \"done\""));
  EXPECT_THAT(ask(run_, "list --at 2"), HasSubstr("  with n: 1\n"));
  EXPECT_THAT(ask(run_, "list --at start"), HasSubstr("nothing has run at the start"));
}

TEST_F(Shop, AStatementIsAPosition) {
  EXPECT_THAT(ask(run_, "state Till --at 7:1"), HasSubstr("  sold    3\n"));
  EXPECT_THAT(ask(run_, "state Till --at 7:2"), HasSubstr("  sold    4\n  status  \"\"\n"));
  EXPECT_THAT(ask(run_, "state Till --at 7"), HasSubstr("  sold    4\n  status  \"done\"\n"));
  EXPECT_EQ(ask(run_, "state Till --at 7:9"),
            "error: cycle 7 has 4 statements; `list --at 7` shows them");
}

TEST_F(Shop, SaysWhichMessagesWait) {
  EXPECT_EQ(ask(run_, "mailbox --at 1"), "Shelf[1]\n  Take(n: 1)  msg:Till#1, sent in cycle 1\n");
  EXPECT_EQ(ask(run_, "mailbox --at end"), "no message is waiting\n");
}

TEST_F(Shop, SaysWhatBecameOfAMessage) {
  EXPECT_THAT(ask(run_, "info msg:Till#1"), HasSubstr("  Shelf[1] took it in cycle 2\n"));
  EXPECT_THAT(ask(run_, "info msg:Till#4"), HasSubstr("  Shelf[0] took it in cycle 8\n"));
  EXPECT_THAT(ask(run_, "info msg:Till#5"), HasSubstr("its last is msg:Till#4"));
  EXPECT_THAT(ask(run_, "info 3"), HasSubstr("is no message"));
}

TEST_F(Shop, SaysHowGoalsStand) {
  EXPECT_EQ(ask(run_, "goals --at start"), "Till.Busy  pursued  sold: 0 → >= 4\n");
  EXPECT_EQ(ask(run_, "goals"), "Till.Busy  satisfied\n");
}

TEST_F(Shop, AWriteIsFoundInBothDirections) {
  EXPECT_THAT(ask(run_, "last Till.sold"), HasSubstr("sold: 3 → 4"));
  EXPECT_THAT(ask(run_, "last sold --at start"), HasSubstr("it still is 0, as it began"));
  EXPECT_THAT(ask(run_, "next-write sold --at start"), HasSubstr("sold: 0 → 1"));
  EXPECT_THAT(ask(run_, "next-write sold"), HasSubstr("nobody writes it any more"));
}

TEST_F(Shop, TheShortestNameThatMeansOneThingWillDo) {
  EXPECT_THAT(ask(run_, "last stock"), HasSubstr("stock: 2 → 1"));
  EXPECT_EQ(ask(run_, "last status"),
            "error: `status` may be Shelf.status or Till.status; say which");
  EXPECT_EQ(ask(run_, "last sould"),
            "error: nothing in this program is called `sould`; did you mean `sold`?");
  EXPECT_THAT(ask(run_, "hits Tak"), HasSubstr("did you mean `Take`?"));
}

TEST_F(Shop, AnExpressionIsAboutTheDomainThatCanAnswerIt) {
  EXPECT_THAT(ask(run_, "first stock < 3"), HasSubstr("Shelf[1]"));
  EXPECT_THAT(ask(run_, "first Shelf[0].stock < 3"), HasSubstr("Shelf[0]"));
  EXPECT_THAT(ask(run_, "first Shelf[0].stock < 3 && Shelf[0].status == \"\""),
              HasSubstr("Shelf[0]"));
  EXPECT_EQ(ask(run_, "first stock < 0"), "it never holds\n");
  EXPECT_THAT(ask(run_, "first status == \"done\""), HasSubstr("it may be about Shelf or Till"));
  EXPECT_THAT(ask(run_, "first Till.sold > Shelf[0].stock"),
              HasSubstr("it is about `Till` and about `Shelf[0]`"));
  EXPECT_THAT(ask(run_, "first stock = 3"), HasSubstr("error: column 7: "));
  EXPECT_THAT(ask(run_, "first Till.sold > \"a\""), HasSubstr("error: column"));
}

TEST_F(Shop, EveryTimeThatSomethingComesToHoldIsNamed) {
  const std::string all = ask(run_, "all stock < 3");
  EXPECT_THAT(all, HasSubstr("Shelf[0]"));
  EXPECT_THAT(all, HasSubstr("Shelf[1]"));
  EXPECT_THAT(ask(run_, "all stock >= 1 --at end"), HasSubstr("(holds already)"));
}

TEST_F(Shop, HitsAreLinesOfTheLog) {
  EXPECT_THAT(ask(run_, "hits Shelf[0].Take"), Not(HasSubstr("Shelf[1]")));
  EXPECT_THAT(ask(run_, "hits Note"), HasSubstr("it never runs"));
}

TEST_F(Shop, AnInstanceThatIsNotThereIsSaidToBe) {
  EXPECT_EQ(ask(run_, "state Shelf[7]"),
            "error: there is no Shelf[7] at 8; did you mean `Shelf[0]`?");
  EXPECT_THAT(ask(run_, "state Shelf[0] --at start"), HasSubstr("there is no Shelf[0] at 0"));
}

TEST_F(Shop, AnswersAreOneJsonObjectToo) {
  EXPECT_THAT(ask(run_, "last sold", true), HasSubstr("\"field\":\"sold\",\"before\":3"));
  EXPECT_THAT(ask(run_, "goals", true), HasSubstr("\"goal\":\"Busy\",\"status\":\"satisfied\""));
}

// Till sells four, is set back to two and sells two more.
class MeddledShop : public testing::Test {
 protected:
  static Recorded meddled() {
    const auto loaded = program_of(kShop);
    return record(kShop,
                  {.start_values = {},
                   .inputs = {*read_input_line(*loaded, R"({"set": "Till.sold=2", "at": 30})")}});
  }
  Recorded run_ = meddled();
};

TEST_F(MeddledShop, AWriteMayBeAnAct) {
  EXPECT_THAT(
      ask(run_, "last sold --at 8"),
      HasSubstr("set sold = 2; goal Busy is pursued\nTill was set by act 1 before cycle 9\n"));
  EXPECT_THAT(ask(run_, "last sold --at 7"), HasSubstr("sold: 3 → 4"));
  EXPECT_THAT(ask(run_, "next-write sold --at 7"), HasSubstr("by act 1 before cycle 9"));
  EXPECT_THAT(ask(run_, "last sold --at 9"), HasSubstr("sold: 2 → 3"));
  const std::string json = ask(run_, "last sold --at 8", true);
  EXPECT_THAT(json, HasSubstr(R"("write": {"event":"set","tick":)"));
  EXPECT_THAT(json, HasSubstr(R"("done":true,"changes":[{"field":"sold","value":2}],)"
                              R"("before_cycle":9})"));
}

TEST_F(MeddledShop, WhyEndsWithIt) {
  EXPECT_THAT(ask(run_, "why sold --at 8"), HasSubstr("Till was set by act 1 before cycle 9\n"));
  EXPECT_THAT(ask(run_, "why Busy --at 8"), HasSubstr("Till was set by act 1 before cycle 9\n"));
  EXPECT_THAT(ask(run_, "why sold --at 9"), HasSubstr("Till was set by act 1 before cycle 9\n"));
  EXPECT_THAT(ask(run_, "why sold --at 9", true),
              HasSubstr(R"("because":"act","of_cycle":null,"of_input":1)"));
  EXPECT_THAT(ask(run_, "why sold --at 8", true),
              HasSubstr(R"("because":"act","of_cycle":null,"of_input":1)"));
}

TEST_F(MeddledShop, ExpressionsHoldByIt) {
  EXPECT_EQ(ask(run_, "all sold == 2"), "      3  Till\n      8  Till\n");
}

TEST_F(MeddledShop, AWatchStopsThere) {
  Typist typist(std::move(run_));
  typist.type("goto 8");
  typist.type("watch sold if sold == 2");
  EXPECT_EQ(typist.after("reverse-continue"), "main 3 watch 1");
  EXPECT_EQ(typist.after("continue"), "main 8 watch 1");
  EXPECT_EQ(typist.type("p sold"), "2\n");
  typist.type("goto end");
  EXPECT_EQ(typist.after("reverse-continue"), "main 8 watch 1");
}

// Of the very first moment, too.
TEST_F(MeddledShop, AWatchStopsAtTheStart) {
  const auto loaded = program_of(kShop);
  Typist typist(record(
      kShop,
      {.start_values = {}, .inputs = {*read_input_line(*loaded, R"({"set": "Till.sold=2"})")}}));
  typist.type("watch sold if sold == 2");
  EXPECT_EQ(typist.after("reverse-continue"), "main 0 watch 1");
  EXPECT_EQ(typist.after("reverse-continue"), "main 0 start");
}

TEST_F(Shop, TextIsFoundWhereverTheRunSaysIt) {
  EXPECT_EQ(ask(run_, "find /Take.n: 1/ --at 1"),
            "      1  message Till  send Shelf[1] Take(n: 1)\n"
            "      3  message Till  send Shelf[0] Take(n: 1)\n"
            "      5  message Till  send Shelf[1] Take(n: 1)\n"
            "      7  message Till  send Shelf[0] Take(n: 1)\n");
  EXPECT_THAT(ask(run_, "find status..*done"), HasSubstr("value   Till  status = \"done\""));
  EXPECT_EQ(ask(run_, "find /nothing like it/"), "nothing says that\n");
  EXPECT_THAT(ask(run_, "find /(/"), HasSubstr("missing ): ("));
  const std::string back = ask(run_, "find sold --back");
  EXPECT_LT(back.find("sold = 4"), back.find("sold = 1"));
  EXPECT_THAT(ask(run_, "find done", true), HasSubstr("\"offset\":10,\"length\":4"));
}

TEST_F(Shop, ARunIsExportedAsItIs) {
  EXPECT_THAT(ask(run_, "export --to csv --until 1"), HasSubstr("1,1,Till,Till,,Sell,goal,"));
  EXPECT_THAT(ask(run_, "export --to csv", true), HasSubstr("cycle,tick"));
  EXPECT_THAT(ask(run_, "export --to pdf"), HasSubstr("there is perfetto, dot and csv"));
  EXPECT_THAT(ask(run_, "export --from end --until 2"), HasSubstr("is not before"));
}

TEST_F(Shop, APathLeadsFromCauseToEffect) {
  const std::string path = ask(run_, "path 1 end");
  EXPECT_THAT(path, HasSubstr("      1      1  Till"));
  EXPECT_THAT(path, HasSubstr("      8      5  Shelf[0]"));
  EXPECT_THAT(path, HasSubstr("left the state in which"));
  EXPECT_THAT(ask(run_, "path msg:Till#1 2"), HasSubstr("Take"));
  EXPECT_EQ(ask(run_, "path 2 3"), "nothing of cycle 2 reached cycle 3\n");
  EXPECT_THAT(ask(run_, "path 3 2"), HasSubstr("comes after"));
  EXPECT_THAT(ask(run_, "path start 2"), HasSubstr("everything follows from the start"));
}

TEST_F(Shop, BisectingFindsTheCycleFromWhichOnItHolds) {
  EXPECT_THAT(ask(run_, "bisect Till.sold >= 3"), HasSubstr("it holds from cycle 5\n"));
  EXPECT_THAT(ask(run_, "bisect Till.sold >= 0"), HasSubstr("it holds already at cycle 0"));
  EXPECT_THAT(ask(run_, "bisect Till.sold >= 9"), HasSubstr("it does not hold at cycle 8"));
}

TEST_F(Shop, AForkGoesOnWithoutAMessage) {
  EXPECT_THAT(ask(run_, "fork --drop msg:Till#1 --to other"),
              HasSubstr("other begins after cycle 1 and is converged"));
  const std::string diff = ask(run_, "diff other");
  EXPECT_THAT(diff, HasSubstr("they part at cycle "));
  EXPECT_THAT(diff, HasSubstr("only in one"));
  EXPECT_THAT(diff, HasSubstr("they do not meet again"));
  EXPECT_THAT(diff, HasSubstr("Shelf[1].stock  1 | 2"));
}

TEST_F(Shop, AForkWithoutAChangeIsTheSame) {
  EXPECT_THAT(ask(run_, "fork --at 2 --to other"),
              HasSubstr("other begins after cycle 3 (the end"));
  EXPECT_EQ(ask(run_, "diff other"), "the same, from cycle 4 to the end of both\n");
}

TEST_F(Shop, AForkMayHaveEverythingOtherwise) {
  EXPECT_THAT(ask(run_, "fork --dup msg:Till#1 --to dup"), HasSubstr("converged"));
  EXPECT_THAT(ask(run_, "diff dup"), HasSubstr("Shelf[1].stock  1 | 0"));
  EXPECT_THAT(ask(run_, "fork --delay msg:Till#1=5 --to late"), HasSubstr("converged"));
  EXPECT_THAT(ask(run_, "diff late"), HasSubstr("they part"));
  EXPECT_THAT(ask(run_, "fork --at 2 --set Till.sold=3 --to set"), HasSubstr("converged"));
  EXPECT_THAT(ask(run_, "diff set"), HasSubstr("Shelf["));
  EXPECT_THAT(ask(run_, "fork --at end --send 'x' --to sent"), HasSubstr("error: "));
  EXPECT_THAT(ask(run_, "fork --at end --send Shelf[0]Note(text:\"hi\") --to sent"),
              HasSubstr("converged"));
  EXPECT_THAT(ask(run_, "diff sent"), HasSubstr("Shelf[0].status  \"\" | \"hi\""));
}

TEST(Words, ShrinkLeavesTheInputThatDoesIt) {
  const char* program =
      "domain Divider { state { done: int } on Divide(by: int) { done = 12 / by } }";
  const auto checked = program_of(program);
  Recording how;
  for (const char* text :
       {"Divider Divide(by: 3)", "Divider Divide(by: 0)", "Divider Divide(by: 4)"}) {
    how.inputs.push_back(*read_message(*checked, text));
  }
  Recorded run = record(program, how);
  const std::string shrunk = ask(run, "shrink --to small");
  EXPECT_THAT(shrunk,
              HasSubstr("1 of 3 inputs do it, in 1 cycles instead of 3 (cycle 1 of small)"));
  EXPECT_THAT(shrunk, HasSubstr("tick 1  Divider Divide(by: 0)"));
  EXPECT_THAT(ask(run, "shrink"), HasSubstr("say --to"));
}

TEST_F(Shop, AChangeThatCannotBeMadeIsRefusedAndSaysWhatIsThere) {
  EXPECT_THAT(ask(run_, "fork --drop msg:Till#1 --at end --to x"),
              HasSubstr("no longer waits after cycle 8; it was sent in cycle 1: fork there"));
  EXPECT_THAT(ask(run_, "fork --drop msg:Till#4 --at 1 --to x"),
              HasSubstr("after the fork begins"));
  EXPECT_THAT(ask(run_, "fork --drop msg:Till#9 --to x"), HasSubstr("its last is msg:Till#4"));
  EXPECT_THAT(ask(run_, "fork --swap msg:Till#1 --to x"), HasSubstr("nothing waits behind"));
  EXPECT_THAT(ask(run_, "fork --set Shelf[7].stock=1 --at 2 --to x"), HasSubstr("no Shelf[7]"));
  EXPECT_THAT(ask(run_, "fork --set Till.sold=red --to x"), HasSubstr("error: "));
  EXPECT_THAT(ask(run_, "fork --delay msg:Till#1 --to x"), HasSubstr("for how many ticks"));
  EXPECT_THAT(ask(run_, "fork --delay msg:Till#1=5x --to x"), HasSubstr("for how many ticks"));
  EXPECT_THAT(ask(run_, "fork --delay msg:Till#1=18446744073709551615 --to x"),
              HasSubstr("by 1000000000000 ticks at the most"));
  EXPECT_THAT(ask(run_, "fork --drop 12 --to x"), HasSubstr("is no message"));
  EXPECT_THAT(ask(run_, "fork --at 1"), HasSubstr("say --to"));
  EXPECT_THAT(ask(run_, "fork --at 1 --to run"), HasSubstr("names the trace that is forked"));
  EXPECT_THAT(ask(run_, "diff nowhere"), HasSubstr("error: "));
}

TEST(Words, StandApartWhereBlanksAre) {
  EXPECT_THAT(split_words("  first  stock < 3 --json"),
              testing::ElementsAre("first", "stock", "<", "3", "--json"));
  EXPECT_THAT(split_words(R"(send D["a b"] M(a: 1, b: "x y"))"),
              testing::ElementsAre("send", R"(D["a b"])", R"(M(a: 1, b: "x y"))"));
  EXPECT_THAT(split_words(R"(find /a \/ b/ --at 3)"),
              testing::ElementsAre("find", R"(/a \/ b/)", "--at", "3"));
  EXPECT_THAT(split_words("a / b"), testing::ElementsAre("a", "/ b"));
  EXPECT_THAT(split_words("\"open [ and ("), testing::ElementsAre("\"open [ and ("));
}

TEST(Words, EachCanBeFoundAndExplainsItself) {
  for (const Word& word : all_words()) {
    EXPECT_EQ(word_named(word.name), &word);
    Said said;
    const auto stop = read_said(word, std::string(word.name), false, {"--help"}, said);
    ASSERT_TRUE(stop.has_value());
    EXPECT_THAT(stop->help, HasSubstr(std::string(word.does)));
    EXPECT_THAT(stop->help, HasSubstr("For example: " + std::string(word.name)));
    EXPECT_FALSE(word.story.empty());
  }
  EXPECT_EQ(word_named("nonsense"), nullptr);
}

TEST(Words, WhatCannotBeUnderstoodIsSaidSo) {
  Recorded run = record(kShop);
  EXPECT_THAT(ask(run, "last"), HasSubstr("it wants D.field"));
  EXPECT_THAT(ask(run, "last sold stock"), HasSubstr("`stock` is one word too many"));
  EXPECT_THAT(ask(run, "last sold --jsno"), HasSubstr("did you mean `--json`?"));
  EXPECT_THAT(ask(run, "last sold --at nowhere"), HasSubstr("no position"));
  EXPECT_THAT(ask(run, "last sold --at 4711"), HasSubstr("4711"));
}

}  // namespace
}  // namespace lexum
