// A run that goes on, at the prompt: what is typed, what is answered, where one stands then.
#include <random>

#include "session_fixture.h"

namespace lexum {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class Live : public testing::Test, protected Typist {
 protected:
  using Typist::Typist;
};

TEST_F(Live, RunsAsFarAsItIsTold) {
  EXPECT_EQ(after("where"), "main 0");
  EXPECT_EQ(after("step"), "main 1");
  EXPECT_EQ(after("step 2"), "main 3");
  EXPECT_EQ(after("back"), "main 2");
  EXPECT_EQ(after("stepi"), "main 3:1");
  EXPECT_EQ(after("run 1"), "main 4");
  EXPECT_EQ(after("next-tick"), "main 5");
  EXPECT_EQ(after("goto 6"), "main 6") << "it has not been there yet";
  EXPECT_THAT(type("run"), HasSubstr("converged after 8 cycles"));
  EXPECT_EQ(after("where"), "main 8 converged");
  EXPECT_EQ(after("run"), "main 8 converged");
  EXPECT_EQ(after("goto 99"), "error: there is no cycle 99: the trace ends with 8");
  EXPECT_EQ(after("goto start"), "main 0");
  EXPECT_EQ(after("run"), "main 8 converged") << "what is recorded is played";
  EXPECT_THAT(type("why sold"), HasSubstr("sold: 3 → 4"));
  expect_replays();
}

TEST_F(Live, IsTheRunThatItWouldBeAtOnce) {
  Recorded whole = record(kShop);
  for (const char* line : {"step", "stepi", "n", "until sold == 3", "finish", "run"}) type(line);
  EXPECT_EQ(session_->live()->run_hash(), whole.run_hash);
}

TEST_F(Live, StopsWhereSomethingStopsIt) {
  EXPECT_EQ(type("break Sell if sold == 2"), "1: break Sell if sold == 2\n");
  EXPECT_EQ(after("run"), "main 5:1 break 1") << "before it runs";
  EXPECT_EQ(type("sold"), "2\n");
  type("watch Shelf[1].stock");
  EXPECT_EQ(after("c"), "main 6 watch 2");
  EXPECT_EQ(after("rc"), "main 5:1 break 1");
  EXPECT_EQ(after("rc"), "main 2 watch 2");
  type("delete");
  type("catch goal");
  EXPECT_EQ(after("c"), "main 7 catch goal 3");
  EXPECT_EQ(after("c"), "main 8 converged");
}

TEST_F(Live, GoesOnUntilSomethingHolds) {
  EXPECT_EQ(after("until sold == 2"), "main 3 until");
  EXPECT_EQ(after("until sold == 2"), "main 3 it holds already");
  EXPECT_EQ(after("until Shelf[1].stock == 1"), "main 6 until");
  EXPECT_EQ(after("until sold == 40"), "main 8 converged");
}

TEST_F(Live, TakesWhatIsSentAtItsFront) {
  type("step");
  EXPECT_EQ(type("send Shelf[7] Take(n: 2)"), "it arrives before tick 2\n");
  EXPECT_EQ(after("run"), "main 9 converged");
  EXPECT_EQ(type("Shelf[7].stock"), "1\n");
  EXPECT_EQ(type("inject Shelf[7] Take(n: 1)"), "it arrives before tick 6\n");
  EXPECT_EQ(after("step"), "main 10 converged");
  EXPECT_EQ(json("send Till Sell"), "{\"at\": 10,\n \"tick\": 7}\n");
  EXPECT_EQ(session_->branches().size(), 1u);
  expect_replays();
}

TEST_F(Live, ForksWhatIsSentIntoItsPast) {
  type("run");
  type("goto 3");
  EXPECT_THAT(type("send Shelf[7] Take(n: 2)"), HasSubstr("branch fork1 begins after cycle 3"));
  EXPECT_EQ(after("run"), "fork1 9 converged");
  EXPECT_EQ(type("send Shelf[7] Take(n: 1)"), "it arrives before tick 6\n") << "it goes on, too";
  EXPECT_EQ(after("run"), "fork1 10 converged");
  EXPECT_EQ(after("goto 4"), "fork1 4");
  EXPECT_EQ(after("back 2"), "main 2") << "what was before the fork";
  EXPECT_EQ(after("switch fork1"), "fork1 4");
  EXPECT_EQ(after("goto 3:1"), "main 3:1") << "of the cycle before it";
  type("goto fork1/4");
  EXPECT_EQ(after("reverse-continue"), "fork1 3 start");
  EXPECT_EQ(after("rsi"), "main 3:3");
  expect_replays();
}

TEST_F(Live, AsksBeforeTheForkWhatWasSoWhenItBegan) {
  type("run");
  type("goto 2");
  type("set Till.status = x");
  EXPECT_EQ(after("where"), "fork1 3 forked");
  EXPECT_THAT(type("why sold"),
              HasSubstr("before the fork, in main:\n  (the fork: set Till.status=x)\n"));
  EXPECT_THAT(type("why sold"), HasSubstr("sold: 1 → 2"));
  EXPECT_THAT(type("last sold"), HasSubstr("sold: 1 → 2"));
  EXPECT_EQ(after("where"), "fork1 3 forked");
  type("step");
  EXPECT_THAT(type("why"), HasSubstr("`why main/3` goes on"));
  EXPECT_THAT(type("why main/3"), HasSubstr("sold: 1 → 2"));
  EXPECT_THAT(type("print sold --at main/5"), EndsWith("3\n"));
  EXPECT_EQ(after("where"), "fork1 4");
  EXPECT_EQ(after("switch main"), "main 2") << "nobody moved there";
  type("snapshot here");
  EXPECT_EQ(type("why @here"), type("why 2"));
}

TEST_F(Live, KeepsTheMessageThatHasNotComeWhenItForks) {
  type("step");
  type("send Shelf[7] Take(n: 2)");
  EXPECT_THAT(type("set sold = 3"), HasSubstr("branch fork1"));
  type("goto end");
  EXPECT_EQ(type("Shelf[7].stock"), "1\n");
}

TEST_F(Live, CrashesAndRevives) {
  type("step");
  EXPECT_THAT(type("crash Shelf[1]"), HasSubstr("is faulted after cycle"));
  EXPECT_THAT(type("state Shelf[1]"), HasSubstr("Shelf[1]  FAULTED\n"));
  EXPECT_THAT(type("state Shelf[1]"), HasSubstr("Take(n: 1)"));
  type("goto end");
  EXPECT_THAT(type("state Shelf[1]"), HasSubstr("stock   3\n")) << "it took nothing";
  EXPECT_THAT(type("crash Shelf[1]"), HasSubstr("Shelf[1] is FAULTED already"));
  EXPECT_THAT(type("revive Shelf[0]"), HasSubstr("Shelf[0] is not FAULTED"));
  EXPECT_THAT(type("revive Shelf[1]"), HasSubstr("branch fork2"));
  type("goto end");
  EXPECT_EQ(type("Shelf[1].stock"), "1\n") << "its mail has waited";
  EXPECT_EQ(after("goto fork1/end"), "fork1 6");
  EXPECT_THAT(type("revive Shelf[1] drop"), HasSubstr("branch fork3"));
  type("goto end");
  EXPECT_EQ(type("Shelf[1].stock"), "2\n") << "of two messages, one";
  expect_replays();
}

TEST_F(Live, NamesMomentsAndKeepsThem) {
  type("step 3");
  EXPECT_EQ(type("snapshot here"), "@here is 3\n");
  type("stepi");
  EXPECT_EQ(type("snapshot"), "@1 is 4:1\n");
  type("run");
  EXPECT_EQ(after("goto @here"), "main 3");
  EXPECT_EQ(after("goto @1"), "main 4:1");
  EXPECT_EQ(type("info snapshots"), "  @1  4:1\n  @here  3\n");
  EXPECT_THAT(type("goto @there"), HasSubstr("there is no bookmark `there`"));
  EXPECT_THAT(type("snapshot a:b"), HasSubstr("cannot be a name"));
  EXPECT_EQ(type("save kept.lxtrace"), "kept.lxtrace has the run, 8 cycles of it\n");
  auto again = std::move(*Session::open(files_, "kept.lxtrace", looking_));
  EXPECT_TRUE(again->go_to("@1"));
  EXPECT_EQ(again->trace().end(), TraceEnd::kClosed);
  EXPECT_EQ(*again->trace().run_hash(), session_->live()->run_hash());
}

TEST_F(Live, WritesOverNoNamesThatItCannotRead) {
  type("run");
  type("save kept");
  const std::string_view spoilt = "not ours";
  ASSERT_TRUE(write_text(files_, "kept.marks", spoilt));
  const auto again = std::move(*Session::open(files_, "kept", looking_));
  const Result<std::string> name = again->mark("here", again->at());
  ASSERT_FALSE(name.ok());
  EXPECT_THAT(name.error().what, HasSubstr("kept.marks holds no bookmarks"));
  EXPECT_EQ(*read_text(files_, "kept.marks", 100), spoilt);
}

TEST_F(Live, SavesWhatIsThereAndGoesOn) {
  type("step 2");
  EXPECT_EQ(type("save a"), "a has the run, 3 cycles of it\n") << "a tick is whole";
  type("run");
  EXPECT_EQ(type("save a"), "a has the run, 8 cycles of it\n");
  EXPECT_EQ(type("save a.lxm"), "a.lxm has the program\n");
  EXPECT_EQ(type("save a.lxm"), "a.lxm has the program\n");
  EXPECT_THAT(type("save " + session_->trace().path()), HasSubstr("is the trace that is open"));
  ASSERT_TRUE((*files_.create("other.lxm"))->append({}));
  EXPECT_THAT(type("save other.lxm"), HasSubstr("is there already"));
  ASSERT_TRUE((*files_.create("other"))->append(std::as_bytes(std::span("something else"))));
  EXPECT_THAT(type("save other"), HasSubstr("something else is in it"));
}

TEST_F(Live, ShowsWhoWasToldWhat) {
  type("run");
  EXPECT_EQ(type("graph"), "Till\n  Sell → Shelf: Take  ×4  (send, line 12)\n");
  EXPECT_THAT(json("graph"), HasSubstr(R"("times":4)"));
}

TEST_F(Live, HelpTriesAWordHere) {
  type("run");
  EXPECT_THAT(type("help why"), HasSubstr("here: why Shelf.stock\n"));
  EXPECT_THAT(type("help print"), EndsWith("here: print Shelf.stock\nShelf[0]  1\nShelf[1]  1\n"));
  EXPECT_EQ(after("where"), "main 8 converged");
}

class Failing : public Live {
 protected:
  Failing()
      : Live(
            "domain D { state { n: int m: int } on Add(k: int) { n += k } on Note { m += 1 } "
            "invariant Small { n < 5 } }") {}
};

TEST_F(Failing, IsShrunkIntoABranchOfItsOwn) {
  for (const char* line : {"send D Note", "send D Add(k: 9)", "send D Note", "run"}) type(line);
  EXPECT_THAT(type("shrink"), HasSubstr("1 of 3 inputs do it"));
  EXPECT_EQ(after("where"), "shrunk1 1 fault");
  EXPECT_EQ(after("back"), "shrunk1 0 start");
}

class Loop : public Live {
 protected:
  Loop()
      : Live(
            "domain A { state { x: bool n: int } goal G { predicate x && n > 3 } transition T { x "
            "= !x } on M(k: int) { n = k } }") {}
};

TEST_F(Loop, IsCaughtWhereItIsFound) {
  type("catch oscillation");
  EXPECT_EQ(after("run"), "main 4 catch oscillation 1");
  EXPECT_EQ(after("goto start"), "main 0");
  EXPECT_EQ(after("run"), "main 4 catch oscillation 1") << "what is recorded ends there";
  EXPECT_EQ(after("goto 2"), "main 2");
  type("goto end");
  type("send A M(k: 9)");
  EXPECT_EQ(after("run"), "main 6 converged") << "what came has ended the loop";
  expect_replays();
}

// Whatever is typed, in whichever order: there is an answer, one stands somewhere that is there,
// and each branch is what comes of its start and its inputs.
TEST(AnyLines, LeaveASessionThatCanGoOn) {
  const std::vector<std::string> lines = {
      "step",
      "step 3",
      "back",
      "back 2",
      "stepi",
      "rsi",
      "stepi 4",
      "run 3",
      "run",
      "c",
      "rc",
      "n",
      "finish",
      "goto start",
      "goto end",
      "goto 50%",
      "goto 4",
      "goto 2:1",
      "goto fault:1",
      "until sold == 2",
      "break Sell",
      "break Take if stock < 2",
      "watch sold",
      "catch goal",
      "catch send",
      "catch fault",
      "catch oscillation",
      "delete",
      "state",
      "goals",
      "mailbox",
      "list",
      "tail",
      "graph",
      "why",
      "why sold",
      "whynot Sell",
      "last sold",
      "first sold > 1",
      "send Till Sell",
      "send Shelf[1] Take(n: 1)",
      "send Shelf[3] Note(text: \"x\")",
      "set sold = 1",
      "set Shelf[1].stock = 9",
      "drop msg:Till#1",
      "delay msg:Till#2 2",
      "dup msg:Till#1",
      "crash Till",
      "revive Till",
      "crash Shelf",
      "revive Shelf drop",
      "fork",
      "fork a",
      "switch main",
      "switch a",
      "switch fork1",
      "diff main",
      "snapshot x",
      "goto @x",
      "let total = 1",
      "total += 1",
      "total = 1 / 0",
      "send(\"Till\", \"Sell\")",
      "assert total == 1",
      "for i in 0..2 { total += i }",
      "emit Infra.Create(n: 1)",
      "domain Other { state { k: int } goal K { predicate k == 2 } transition Up { k += 1 } }",
      "transition Till.Sell { sold += 1 if sold > 9 { sold = 0 } }",
      "goal Till.More { predicate sold "
      ">= 6 }",
      "state Till { extra: int = 2 }",
      "on Till.Reset { sold = 0 }",
      "send Till Reset",
      "invariant Till.Low { sold < 8 }",
      "hash",
      "replay",
      "info branches",
      "help why",
      "learn 4",
      "save kept",
      "xyzzy",
      "goto 99",
      "p )",
      "domain {",
      "total"};
  uint64_t branches = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    Typist typist;
    std::string typed;
    for (int i = 0; i < 40; ++i) {
      const std::string& line = lines[random() % lines.size()];
      typed += line + "\n";
      typist.type(line);
      const Moment at = typist.session().at();
      ASSERT_GE(at.cycle, typist.session().trace().start()) << typed;
      ASSERT_LE(at.cycle, typist.session().trace().cycles()) << typed;
    }
    branches += typist.session().branches().size();
    typist.expect_replays(typed);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(branches, 200u);
}

}  // namespace
}  // namespace lexum
