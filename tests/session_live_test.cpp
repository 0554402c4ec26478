// A run that goes on, at the prompt: what is typed, what is answered, where one stands then; and
// Lexum itself, from an empty session on.
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "session/learn.h"
#include "session/typed.h"
#include "session/written.h"
#include "session_fixture.h"
#include "tracer/replay.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

// Somebody at the prompt of a run that goes on.
class Typist {
 public:
  explicit Typist(std::string text = kShop) {
    session_ =
        std::move(*Session::start(files_, "forks/run", program_of(std::move(text)), {}, looking_));
    session_->keep_forks_in("forks");
    session_->run_at_once(500);
  }

  std::string type(const std::string& line) {
    std::string text;
    Reply reply([&](const Line& said) { text += said.text() + "\n"; });
    const Result<Typed> typed = read_typed(*session_, line);
    if (!typed) return "error: " + typed.error().what;
    const Result<Verdict> verdict = typed->said.word->act(*session_, typed->said, reply);
    if (!verdict) return "error: " + verdict.error().what;
    look_at_learner(*session_, typed->said, reply);
    return text;
  }
  std::string json(const std::string& line) {
    std::string text;
    Reply reply([&](std::string_view piece) { text += piece; });
    const Result<Typed> typed = read_typed(*session_, line);
    EXPECT_TRUE(typed.ok());
    EXPECT_TRUE(typed->said.word->act(*session_, typed->said, reply).ok());
    reply.end();
    return text;
  }
  // "main 3:1 break 1"
  std::string after(const std::string& line) {
    const std::string text = type(line);
    if (text.starts_with("error")) return text;
    std::string here = session_->branch().name + " " + position_text(session_->at());
    if (!session_->reason().empty()) here += " " + session_->reason();
    return here;
  }
  // What every branch has recorded is what comes of it.
  void expect_replays(const std::string& typed = "") {
    for (const auto& branch : session_->branches()) {
      const Result<ReplayResult> result = replay(*branch->trace, {});
      ASSERT_TRUE(result.ok()) << branch->name << ": " << result.error().what << "\n" << typed;
      EXPECT_FALSE(result->difference) << branch->name << "\n"
                                       << result->difference->recorded << "\n"
                                       << result->difference->replayed << "\n"
                                       << typed;
    }
  }
  [[nodiscard]] Session& session() { return *session_; }

 protected:
  MemoryFiles files_;
  const Looking looking_;
  std::unique_ptr<Session> session_;
};

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
  EXPECT_EQ(json("send Till Sell"), "{\"tick\": 7}\n");
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
  EXPECT_EQ(after("switch main"), "main 2") << "nobody moved there";
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

// ---- Lexum itself

class Empty : public Live {
 protected:
  Empty() : Live(std::string(empty_program())) {}
};

TEST_F(Empty, EvaluatesAndDoesStatements) {
  EXPECT_EQ(type("1 + 2 * 3"), "7\n");
  EXPECT_THAT(type("let total = 5"), HasSubstr("Scratch  on Line1"));
  EXPECT_THAT(type("total += 2"), HasSubstr("total: 5 → 7"));
  EXPECT_EQ(type("total"), "7\n");
  EXPECT_EQ(after("total += 2"), "main 3") << "a cycle each";
  EXPECT_EQ(type("total"), "9\n");
  EXPECT_THAT(type("let names: list<string> = [\"a\"]"), HasSubstr("names: [] → [\"a\"]"));
  EXPECT_THAT(type("for i in 0..3 { names = names.add(str(i)) }"), HasSubstr("names:"));
  EXPECT_EQ(type("names.length"), "4\n");
  EXPECT_EQ(type("total = nothing"),
            "error: column 9: there is no local and no field `nothing`; declare it in state { … }, "
            "or with `let`");
  EXPECT_THAT(type("total = 1 / 0"), HasSubstr("F002"));
  EXPECT_EQ(after("back 2"), "main 4");
  EXPECT_EQ(session_->branches().size(), 1u);
  EXPECT_THAT(type("why total"), HasSubstr("total: 7 → 9"));
  expect_replays();
}

TEST_F(Empty, ForksAStatementInThePast) {
  type("let k = 1");
  type("k = 2");
  type("back");
  EXPECT_EQ(after("k = 7"), "fork1 2");
  EXPECT_EQ(after("k += 1"), "fork1 3");
  EXPECT_EQ(type("k"), "8\n");
  type("switch main");
  type("goto end");
  EXPECT_EQ(type("k"), "2\n");
  expect_replays();
}

TEST_F(Empty, DefinesWhatIsNewInPlace) {
  EXPECT_EQ(type("domain Till { state { sold: int } }"), "domain Till is new\n");
  EXPECT_EQ(type("goal Busy { predicate sold >= 3 }"), "Till.Busy is new\n");
  EXPECT_EQ(type("transition Till.Sell { sold += 1 }"), "Till.Sell is new\n");
  EXPECT_EQ(after("run"), "main 3 converged");
  EXPECT_EQ(type("state { more: int = 4 }"), "Till.more is new\n");
  EXPECT_EQ(type("on Till.Take(n: int) { sold -= n }"), "Till.Take is new\n");
  EXPECT_EQ(after("where"), "main 3 converged") << "none of it would have changed anything";
  EXPECT_EQ(type("more"), "4\n");
  type("send Till Take(n: 3)");
  EXPECT_EQ(after("run"), "main 7 converged");
  expect_replays();
}

TEST_F(Empty, GoesOnElsewhereWithWhatWouldHaveChangedIt) {
  type(
      "domain Till { state { sold: int } goal Busy { predicate sold >= 3 } transition Sell { sold "
      "+= 1 } }");
  type("run");
  EXPECT_THAT(type("transition Sell { sold += 2 }"),
              StartsWith("Till.Sell is another one\nwith it, the run would not be what it was: "
                         "branch fork1 goes on after cycle 3\n"));
  EXPECT_EQ(type("goal Till.Rich { predicate sold >= 7 }"), "Till.Rich is new\n") << "in the fork";
  EXPECT_EQ(after("run"), "fork1 5 converged");
  EXPECT_EQ(type("sold"), "7\n");
  EXPECT_EQ(type("state { note: int = 4 }"), "Till.note is new\n");
  type("set Till.note = 5");
  EXPECT_THAT(type("state { note: string }"), HasSubstr("not carried over: field Till.note"));
  EXPECT_EQ(after("where"), "fork3 5 forked");
  EXPECT_EQ(after("back 2"), "fork1 3") << "through the forks it came from";
  expect_replays();
}

TEST_F(Empty, SaysWhereADefinitionIsWrong) {
  EXPECT_EQ(type("domain D { state { x: itn } }"),
            "error: column 23: there is no type `itn`; did you mean `int`?");
  EXPECT_EQ(type("domain D {\n  state { x: int }\n  transition T { y = 1 }\n}"),
            "error: line 3, column 18: there is no local and no field `y`; declare it in state { … "
            "}, or with `let`");
  type("domain A { state { x: int } on M { x = 1 } }");
  type("domain B { on N { send A M } }");
  EXPECT_THAT(type("transition T { }"), StartsWith("error: say whose it is: transition A.T …"));
  EXPECT_THAT(type("transition C.T { }"), HasSubstr("there is no domain C"));
  EXPECT_THAT(type("on A.M(k: int) { x = k }"),
              HasSubstr("with that, line 7 of the program would be wrong, at `send A M"));
  EXPECT_THAT(type("effect"), StartsWith("error: "));
  EXPECT_EQ(session_->trace().cycles(), 0u);
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

TEST(WhatIsWritten, IsKnownByItsFirstWords) {
  for (const char* one :
       {"domain D {", "@priority(high)", "transition T {", "goal n == 3",
        "goal G { predicate n == 3 }", "state { x: int }", "state D { x: int }",
        "type P { x: int }", "fn f(a: int): int { return a }", "effect Infra.Create(n: int)",
        "on Event::X { }", "invariant I { x > 0 }"}) {
    EXPECT_EQ(what_is_written(one), Written::kDefinition) << one;
  }
  for (const char* one :
       {"x = 1", "x += 1", "m[\"a\"] -= 2", "p.x = 3", "state.x = 1", "let y = 2",
        "if x > 1 { y = 2 }", "for i in xs {", "emit Infra.Create(n: 1)", "log \"a\"",
        "assert x == 1", "send(\"A\", \"M\")", "s = 5", "on = true", "type = 3", "retire"}) {
    EXPECT_EQ(what_is_written(one), Written::kStatement) << one;
  }
  for (const char* one : {"x == 1", "state", "state D", "goals", "goal", "send A M(n: 1)",
                          "break T if x == 1", "set D.x = 3", "find /a = b/", "print x", "f(1)", "",
                          "retire 3", "until x == 5", "domain", "x.length", "{", "fork a"}) {
    EXPECT_EQ(what_is_written(one), Written::kNeither) << one;
  }
}

TEST(WhatIsWritten, IsUnfinishedWhileSomethingIsOpen) {
  for (const char* one : {"domain D {", "x = f(1,", "/* a", "@priority(high)", "m = {\"}\": 1"}) {
    EXPECT_TRUE(is_unfinished(one)) << one;
  }
  for (const char* one :
       {"domain D { }", "x = 1 // {", "}", "", "\"{", "@priority(high) on M {}"}) {
    EXPECT_FALSE(is_unfinished(one)) << one;
  }
}

// ---- lessons

TEST_F(Empty, TeachesItself) {
  EXPECT_THAT(type("learn"), StartsWith("1. A domain\n"));
  EXPECT_THAT(type("learn"), HasSubstr("A block may go over several lines"));
  EXPECT_THAT(type("domain Lamp { state { on: bool } }"), HasSubstr("Well done.\nSee what"));
  EXPECT_EQ(type("goals"), "there are no goals\n") << "that was not what is asked for";
  EXPECT_THAT(type("state Lamp"), HasSubstr("2. What must be true"));
  type("goal Lamp.Lit { predicate on == true }");
  type("transition Lamp.Switch { on = true }");
  EXPECT_THAT(type("run"), HasSubstr("3. Backwards"));
  type("run");
  type("back");
  EXPECT_THAT(type("stepi"), HasSubstr("4. Messages"));
  type("send Till Sell(n: 2)");
  type("step");
  EXPECT_THAT(type("mailbox Shelf"), HasSubstr("msg:Till#1"));
  EXPECT_THAT(type("run"), HasSubstr("5. Stops"));
  type("watch n if n >= 2");
  EXPECT_THAT(type("continue"), HasSubstr("6. Why?"));
  type("run");
  EXPECT_THAT(type("why App.status"), HasSubstr("7. What if?"));
  type("run");
  type("goto 1");
  type("drop msg:Database#1");
  EXPECT_THAT(type("diff lesson7"), HasSubstr("8. Why not?"));
  type("run");
  EXPECT_THAT(type("whynot Order.Ship"), HasSubstr("status is \"new\""));
  type("transition Order.Ship { if status == \"new\" && paid { status = \"shipped\" } }");
  EXPECT_THAT(type("run"), HasSubstr("that was the last lesson"));
  EXPECT_EQ(lesson_count(), 8u);
}

TEST_F(Empty, GoesToAnyLesson) {
  EXPECT_THAT(type("learn list"), HasSubstr("  8. Why not?\n"));
  EXPECT_THAT(type("learn 8"), StartsWith("8. Why not?\n"));
  EXPECT_EQ(session_->branch().name, "lesson8");
  EXPECT_EQ(type("learn 9"), "error: `9` is no lesson; there are 8, and `learn list` names them");
  EXPECT_EQ(type("learn x"), "error: `x` is no lesson; there are 8, and `learn list` names them");
}

// ---- and the page about it all

TEST(Words, ThePageSaysWhatTheTableSays) {
  std::ifstream file(LEXUM_SOURCE_DIR "/tracer/session/WORDS.md");
  std::ostringstream page;
  page << file.rdbuf();
  if (page.str() == reference()) return;
  const std::string wanted = testing::TempDir() + "WORDS.md";
  std::ofstream(wanted) << reference();
  ADD_FAILURE() << "the table has changed: " << wanted << " is what WORDS.md is to be";
}

TEST(Folded, LinesAreNoWiderThanTheTerminal) {
  Line line("  one two three ");
  line.add("four five", Role::kValue).add(" six seven eight nine ten");
  std::string text;
  for (const Line& one : folded(line, 24)) {
    EXPECT_LE(one.text().size(), 24u);
    for (const Line::Part& part : one.parts()) {
      text += "<" + one.text().substr(part.begin, part.end - part.begin) + ">";
    }
    text += one.text() + "\n";
  }
  EXPECT_EQ(text, "<four>  one two three four\n<five>      five six seven\n      eight nine ten\n");
  EXPECT_EQ(folded(Line("short"), 24).size(), 1u);
  EXPECT_EQ(folded(Line(std::string(100, 'x')), 40).size(), 3u) << "no blank to break at";
}

}  // namespace
}  // namespace lexum
