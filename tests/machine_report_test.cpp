// The last words of a run: what converged, or what is missing and what could be done.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/load.h"
#include "machine/door.h"
#include "machine/inputs.h"
#include "machine/report.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kTwoDomains = R"(
domain Database { state { status: string } goal IsReady { target status == "ready" }
  transition Boot1 { if status == "pending" {
    emit Infra.Create() emit Broadcast(Event::Up) status = "ready" } } }
domain App { state { db: bool app: string } goal IsLive { target db == true && app == "running" }
  on Event::Up { db = true }
  transition Start { if db == true && app != "running" { app = "running" } } }
)";

struct Finished {
  std::shared_ptr<const Program> program;
  std::unique_ptr<Notes> notes;
  std::unique_ptr<Machine> machine;
  Ending ending;

  [[nodiscard]] std::string text() const { return describe(ending, machine->world(), *notes); }
};

Finished run(const std::string& text, const std::vector<std::string>& settings = {},
             const std::vector<std::string>& messages = {}, uint64_t cycles_max = 10'000) {
  Finished run;
  Diagnostics diagnostics;
  run.program = load(Source("test.lxm", text), diagnostics);
  for (const Diagnostic& d : diagnostics.sorted()) {
    if (run.program == nullptr) ADD_FAILURE() << d.message;
  }
  run.notes = std::make_unique<Notes>(*run.program);
  MachineOptions options;
  options.cycles_max = cycles_max;
  options.listener = run.notes.get();
  for (const std::string& setting : settings) {
    options.start_values.push_back(*read_setting(*run.program, setting));
  }
  run.machine = std::make_unique<Machine>(run.program, options);
  for (const std::string& message : messages) {
    run.machine->add_input(*read_message(*run.program, message));
  }
  const Outcome outcome = *run.machine->run();
  run.ending = {outcome, cycles_max, run.machine->run_hash()};
  return run;
}

TEST(Ending, SaysWhatConverged) {
  const std::string text = run(kTwoDomains, {"Database.status=pending"}).text();
  EXPECT_THAT(text, StartsWith("converged after 3 cycles in 3 ticks, with 1 message\n"));
  EXPECT_THAT(text, HasSubstr("App  app: \"running\", db: true  (IsLive holds)\n"));
  EXPECT_THAT(text, HasSubstr("effect: Infra.Create() by Database, simulated\n"));
  EXPECT_THAT(text, HasSubstr("run_hash 0x"));
}

TEST(Ending, SaysWhatIsMissingAndWhatToTry) {
  const std::string text = run(kTwoDomains).text();
  EXPECT_THAT(text, StartsWith("waiting after 0 cycles"));
  EXPECT_THAT(text, HasSubstr("waiting: IsReady (status: \"\" → \"ready\"); Boot1 is blocked: "
                              "status == \"pending\" is false; try --set "
                              "Database.status=pending\n"));
}

TEST(Ending, SaysWhoShouldHaveSentWhatNeverCame) {
  EXPECT_THAT(run(kTwoDomains).text(),
              HasSubstr("waiting: IsLive (db: false → true, app: \"\" → \"running\"); Start is "
                        "blocked: db == true is false; it is set by `on Event::Up`, which never "
                        "came: Database.Boot1 would send it\n"));
  EXPECT_THAT(run("domain D { state { paid: bool } goal G { target paid }\n"
                  "  on Pay(sum: int) { paid = true } }")
                  .text(),
              HasSubstr("waiting: G (paid: false → true); paid is set by `on Pay`, which never "
                        "came: try --send 'D Pay(sum: …)'"));
}

TEST(Ending, QuotesWhatAShellWouldTake) {
  EXPECT_THAT(run("domain D[id: int] { state { s: string t: int } goal G { target t == 1 }\n"
                  "  transition T { if s == \"it's on\" { t = 1 } } on Wake { } }",
                  {}, {"D[7] Wake"})
                  .text(),
              HasSubstr("waiting: D[7].G (t: 0 → 1); T is blocked: s == \"it's on\" is false; try "
                        "--set 'D[7].s=it'\\''s on'\n"));
}

TEST(Ending, NamesEveryGuardThatIsFalse) {
  EXPECT_THAT(run("domain D { state { a: int b: int c: bool x: int } goal G { target x >= 5 }\n"
                  "  transition T { if a == 1 && b > 0 && !c && x == 0 { x = 9 } } }",
                  {"D.c=true"})
                  .text(),
              HasSubstr("(x: 0 → >= 5); T is blocked: a == 1 is false and b > 0 is false and !c is "
                        "false; try --set D.a=1 --set D.c=false\n"));
}

TEST(Ending, KnowsAQuestionFromABlock) {
  const std::string text = run("domain D { state { x: int } goal G { target x == 1 }\n"
                               "  transition Ask { send E Get } }\n"
                               "domain E { on Get { } }")
                               .text();
  EXPECT_THAT(text, HasSubstr("Ask has asked (send E Get) and waits for an answer"));
}

TEST(Ending, TellsOfFaultsWithTheirPlace) {
  const Finished faulted =
      run("@restart(never)\ndomain D { state { x: int }\n"
          "  on Break { x = 1 / x } }",
          {}, {"D Break"});
  EXPECT_EQ(faulted.ending.outcome, Outcome::kFaulted);
  EXPECT_THAT(faulted.text(), HasSubstr("faulted: D takes no more work; 1 message in its mailbox"));
  EXPECT_THAT(faulted.text(), HasSubstr("F002 division by zero"));
  EXPECT_THAT(faulted.text(), HasSubstr("in D (on Break, line 3) at cycle 1"));
  ASSERT_EQ(faulted.notes->faults().size(), 1u);
  EXPECT_TRUE(faulted.notes->faults()[0].faulted);
}

TEST(Ending, ShowsTheTurnOfALoop) {
  const Finished loop =
      run("domain Room { state { t: int = 20 } goal Warm { target t >= 21 "
          "strategy { Heat } }\n  goal Cool { target t <= 20 strategy { Vent } }\n"
          "  transition Heat { t += 1 } transition Vent { t -= 1 } }");
  EXPECT_EQ(loop.ending.outcome, Outcome::kOscillating);
  EXPECT_THAT(loop.text(), HasSubstr("E005: the world comes back to what it was every 2 ticks"));
  EXPECT_THAT(loop.text(), HasSubstr("who takes part: Room\n"));
  EXPECT_THAT(loop.text(), HasSubstr("goal Room.Warm"));
  EXPECT_THAT(loop.text(), HasSubstr("back and forth: Room.t: "));
}

TEST(Ending, ShowsWhatAnAssertUndid) {
  const Finished halted =
      run("domain A { on Go { emit Infra.Pay(sum: 3) send B Take(n: 4) } }\n"
          "domain B { state { stock: int = 3 } on Take(n: int) { stock -= n "
          "send C Look(stock: stock) } }\n"
          "domain C { on Look(stock: int) { assert stock >= 0, \"sold out\" } }",
          {}, {"A Go"});
  EXPECT_EQ(halted.ending.outcome, Outcome::kHalted);
  const std::string text = halted.text();
  EXPECT_THAT(text, HasSubstr("F020: assert failed in C at cycle 3, line 3: sold out\n"));
  EXPECT_THAT(text, HasSubstr("rolled back to the last rest, the start"));
  EXPECT_THAT(text, HasSubstr("B.stock: 3 → -1\n"));
  EXPECT_THAT(text, HasSubstr("cycle 1: A → B: Take\n"));
  EXPECT_THAT(text, HasSubstr("cycle 2: B → C: Look\n"));
  EXPECT_THAT(text, HasSubstr("effects that cannot be undone:\n    cycle 1: A → Infra.Pay"));
  EXPECT_THAT(text, HasSubstr("dead letter: Go to A from input 1\n"));
}

TEST(Ending, SaysWhatRanMostWhereTheLimitEndsIt) {
  const Finished limit =
      run("domain A { state { n: int } on Ping { n += 1 send A Ping } }", {}, {"A Ping"}, 100);
  EXPECT_EQ(limit.ending.outcome, Outcome::kLimit);
  EXPECT_THAT(limit.text(), HasSubstr("stopped by --max-cycles 100"));
  EXPECT_THAT(limit.text(), HasSubstr("what ran most: A.on Ping 100 times"));
}

TEST(Ending, ListsTenOfManyAndCountsTheRest) {
  const std::string text = run("domain M { on Boot { for i in 0 .. 30 { send W[i] Wake } } }\n"
                               "domain W[id: int] { state { x: int } goal G { target x == 1 }\n"
                               "  on Wake { } on Set { x = 1 } }")
                               .text();
  EXPECT_THAT(text, HasSubstr("waiting: W[9].G"));
  EXPECT_THAT(text, Not(HasSubstr("waiting: W[10].G")));
  EXPECT_THAT(text, HasSubstr("… and 20 more goals waiting"));
}

TEST(Diagnostics, OfARunTellWhereAGoalIsGoing) {
  const Finished lost =
      run("domain D { state { n: int } goal G { target n == 0 - 1 }\n"
          "  transition T { n += 1 } }",
          {}, {}, 2'000);
  const std::vector<Diagnostic> all = run_diagnostics(lost.machine->world(), *lost.notes);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].code, Code::kGoalGetsNowhere);
  EXPECT_THAT(all[0].message, HasSubstr("`n - 0 - 1` was "));
  EXPECT_THAT(all[0].message, HasSubstr("moving away"));
  EXPECT_EQ(all[0].help, "did you mean `>=`?");
}

TEST(Diagnostics, OfARunNameEachAdapterOnce) {
  const Finished simulated =
      run("domain D { on Boot { emit Infra.A() emit Infra.B() emit Mail.Send() } }");
  const std::vector<Diagnostic> all = run_diagnostics(simulated.machine->world(), *simulated.notes);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_THAT(all[0].message, HasSubstr("`Infra`"));
  EXPECT_THAT(all[1].message, HasSubstr("`Mail`"));
}

TEST(Notes, KnowWhatBecameOfAnEffect) {
  const Finished done =
      run("domain D { state { ok: bool } on Boot { emit Infra.A(n: 1) }\n"
          "  on Infra.A::Done { ok = true } }");
  ASSERT_EQ(done.notes->effects().size(), 1u);
  const SentNote& effect = done.notes->effects()[0];
  EXPECT_EQ(effect.outcome, EffectOutcome::kDone);
  EXPECT_EQ(idempotency_key("run", done.machine->world().name_of(effect.sender), effect.number),
            "run/D/1");
  const NamedValues args = named_args(*done.program, effect);
  ASSERT_EQ(args.size(), 1u);
  EXPECT_EQ(args[0].first, "n");
}

}  // namespace
}  // namespace lexum
