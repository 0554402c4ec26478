// What can be typed, what it prints, and with which status it ends.
#include <string>
#include <vector>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kCounter = R"(// A counter.
domain Counter { state { n: int wanted: int = 3 label: string }
  goal Enough { target n >= wanted }
  transition Count { n += 1 }
  on Add(by: int) { n += by }
  on Event::Reset { n = 0 }
}
)";

class Commands : public Lxm {
 protected:
  Commands() { write("counter.lxm", kCounter); }
};

struct Typed {
  std::string words;
  int status;
  std::string out;  // a part of it
  std::string err;  // likewise
};

TEST_F(Commands, AnswerAsTheTableSays) {
  const std::vector<Typed> table = {
      {"", 0, "Three commands to try:", ""},
      {"help", 0, "lxm replay FILE.lxtrace", ""},
      {"--help", 0, "lxm replay FILE.lxtrace", ""},
      {"help log", 0, "Usage: lxm log", ""},
      {"help lgo", 1, "", "no command `lgo`; did you mean `log`?"},
      {"run ''", 1, "", "one of the words is empty"},
      {"--version", 0, "trace format 5", ""},
      {"rnu counter.lxm", 1, "", "no command `rnu`; did you mean `run`?"},
      {"counter.lxm", 1, "", "did you mean `lxm run counter.lxm`?"},
      {"whynto", 1, "", "no command `whynto`; did you mean `whynot`?"},
      {"run", 1, "", "it wants PROGRAM.lxm"},
      {"run --help", 0, "--max-cycles", ""},
      {"run counter.lxm --trase x", 1, "", "no option `--trase`, did you mean `--trace`?"},
      {"run counter.lxm other.lxm", 1, "", "`other.lxm` is one word too many"},
      {"run counter.lxm --threads 0", 1, "",
       "--threads takes a number, and `0` is none from 1 to 256"},
      {"run counter.lxm --threads two", 1, "", "and `two` is none"},
      {"run counter.lxm --max-cycles -1", 1, "", "--max-cycles"},
      {"run counter.lxm --set", 1, "", "--set takes one D.field=VALUE"},
      {"run counter.lxm --trace a --trace b", 1, "", "--trace takes one FILE"},
      {"run counter.lxm --trace -", 1, "", "--trace wants the name of a file"},
      {"run -- counter.lxm", 0, "converged", ""},
      {"run counter.lxm", 0, "converged after 3 cycles in 3 ticks", ""},
      {"run counter.lxm --quiet", 0, "", ""},
      {"run --set Counter.wanted=5 counter.lxm", 0, "converged after 5 cycles", ""},
      {"run counter.lxm --set Counter.wanted=5 --set Counter.n=4", 0, "after 1 cycle ", ""},
      {"run counter.lxm --set Counter.wnted=5", 1, "", "did you mean `wanted`?"},
      {"run counter.lxm --send 'Counter Add(by: 3)'", 0, "with 1 message", ""},
      {"run counter.lxm --send 'Counter Ad(by: 3)'", 1, "", "there is `Count` and `Add`"},
      {"run counter.lxm --send Event::Reset", 0, "converged", ""},
      {"run counter.lxm --max-cycles 2", 5, "limit after 2 cycles", ""},
      {"run counter.lxm --threads 2", 0, "converged after 3 cycles", ""},
      {"run counter.lxm --log", 0, "converged", "Count"},
      {"run missing.lxm", 1, "", "there is no such file"},
      {"run .", 1, "", "is a directory"},
      {"check counter.lxm", 0, "counter.lxm: 1 domain, no errors", ""},
      {"check missing.lxm", 1, "", "there is no such file"},
      {"fmt counter.lxm", 0, "domain Counter {", ""},
      {"fmt counter.lxm --check", 1, "", "not in the common layout"},
      {"graph counter.lxm", 0, "Counter\n", ""},
      {"graph counter.lxm --dot", 0, "digraph lexum {", ""},
      {"explain E005", 0, "E005: ", ""},
      {"explain e005", 0, "E005: ", ""},
      {"explain E0055", 1, "", "there is no code `E0055`; did you mean `E005`?"},
      {"explain", 0, "F003  ", ""},
      {"log missing.lxtrace", 1, "", "there is no such file"},
      {"log counter.lxm", 6, "", "counter.lxm"},
      {"replay missing.lxtrace", 2, "", "there is no such file"},
      {"replay", 2, "", "it wants FILE.lxtrace"},
      {"inspect counter.lxm", 6, "", "counter.lxm"},
  };
  for (const Typed& typed : table) {
    SCOPED_TRACE("lxm " + typed.words);
    const Answer answer = lxm(typed.words);
    EXPECT_EQ(answer.status, typed.status) << answer.out << answer.err;
    EXPECT_THAT(answer.out, HasSubstr(typed.out));
    EXPECT_THAT(answer.err, HasSubstr(typed.err));
    if (typed.status == 0 && typed.err.empty()) {
      EXPECT_THAT(answer.err, IsEmpty());
    }
    EXPECT_THAT(answer.out + answer.err, Not(HasSubstr("\x1b"))) << "no colour in a file";
  }
}

TEST_F(Commands, RunTheTwoDomainsAsTheirStorySays) {
  const Answer answer =
      lxm(std::string("run '") + kTwoDomains + "' --set DatabaseProvisioner.status=pending --log");
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.out, StartsWith("converged after 3 cycles in 3 ticks, with 1 message\n"));
  std::vector<size_t> places;
  for (const char* step :
       {"BootDB", "Event::DatabaseReady", "BootApp", "Infra.StartAppContainer"}) {
    places.push_back(answer.err.find(step));
    EXPECT_NE(places.back(), std::string::npos) << step << " in\n" << answer.err;
  }
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end())) << answer.err;
}

TEST_F(Commands, SayWhatTheTwoDomainsWaitFor) {
  const Answer answer = lxm(std::string("run '") + kTwoDomains + "'");
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(
      answer.out,
      HasSubstr("waiting: DBIsReady (status: \"\" → \"ready\"); BootDB is blocked: status == "
                "\"pending\" is false; try --set DatabaseProvisioner.status=pending\n"));
  EXPECT_THAT(answer.out, HasSubstr("step through it: lxm run "));
}

TEST_F(Commands, EndWithTheStatusOfTheOutcome) {
  write("loop.lxm",
        "domain R { state { t: int } goal A { target t > 0 strategy { Up } }\n"
        "goal B { target t < 1 strategy { Down } }\n"
        "transition Up { t += 1 } transition Down { t -= 1 } }");
  write("fault.lxm", "@restart(never) domain F { state { n: int } on Boot { n = 1 / n } }");
  write("assert.lxm", "domain H { on Boot { assert 1 == 2 } }");
  write("wrong.lxm", "domain W { state { n: string = 1 } }");
  EXPECT_EQ(lxm("run wrong.lxm").status, 1);
  EXPECT_EQ(lxm("run fault.lxm").status, 3);
  EXPECT_EQ(lxm("run assert.lxm").status, 3);
  EXPECT_EQ(lxm("run loop.lxm").status, 4);
}

TEST_F(Commands, ReadInputsLineByLine) {
  write("in.ndjson", R"({"to":"Counter","message":"Add","args":{"by":1}}

{"to":"Counter","message":"Ad","args":{"by":1}}
{"to":"Counter","message":"Add","args":{"by":1},"at":9}
)");
  const Answer answer = lxm("run counter.lxm --input in.ndjson");
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.err, HasSubstr("in.ndjson:3: `Counter` takes no message `Ad`; there is"));
  EXPECT_THAT(answer.out, HasSubstr("in 9 ticks, with 2 messages"));
  const Answer strict = lxm("run counter.lxm --input in.ndjson --strict");
  EXPECT_EQ(strict.status, 1);
  EXPECT_THAT(strict.out, IsEmpty());
  const Answer piped = shell("cat in.ndjson | lxm run counter.lxm --input -");
  EXPECT_EQ(piped.out, answer.out);
  EXPECT_THAT(piped.err, HasSubstr("standard input:3: "));
  EXPECT_EQ(lxm("run counter.lxm --input none.ndjson").status, 1);
}

TEST_F(Commands, NameNoMoreBadLinesThanAnybodyReads) {
  std::string lines;
  for (int i = 0; i < 250; ++i) lines += "no\n";
  write("in.ndjson", lines + R"({"to":"Counter","message":"Add","args":{"by":1}})" + "\n");
  const Answer answer = lxm("run counter.lxm --input in.ndjson");
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.err, AllOf(HasSubstr("in.ndjson:100: "), Not(HasSubstr("in.ndjson:101: ")),
                                HasSubstr("in.ndjson: … and 150 more bad lines\n")));
  EXPECT_THAT(answer.out, HasSubstr("with 1 message"));
}

TEST_F(Commands, ReadAProgramFromAPipe) {
  EXPECT_THAT(shell("cat counter.lxm | lxm run -").out, StartsWith("converged after 3 cycles"));
  EXPECT_THAT(shell("cat counter.lxm | lxm fmt -").out, StartsWith("// A counter.\ndomain"));
}

TEST_F(Commands, FormatInPlaceAndOnlyOnce) {
  EXPECT_EQ(lxm("fmt counter.lxm --write").status, 0);
  EXPECT_EQ(lxm("fmt counter.lxm --check").status, 0);
  EXPECT_EQ(read("counter.lxm"), lxm("fmt counter.lxm").out);
  EXPECT_THAT(read("counter.lxm"), StartsWith("// A counter.\n"));
  write("broken.lxm", "domain {");
  EXPECT_EQ(lxm("fmt broken.lxm --write").status, 1);
  EXPECT_EQ(read("broken.lxm"), "domain {");
}

TEST_F(Commands, ShowWhoSendsWhatToWhom) {
  write("shop.lxm",
        "domain Shop { on Sell(n: int) { send Stock Take(n: n) emit Mail.Post(n: n)\n"
        "emit Broadcast(Event::Sold) emit Broadcast(Event::Alone) } }\n"
        "domain Stock { state { n: int } on Take(n: int) { if n > 0 { send Shop Sell(n: "
        "n - 1) } } on Event::Sold { n += 1 } }");
  const Answer text = lxm("graph shop.lxm");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("  on Sell → Stock: Take (send, line 1)\n"));
  EXPECT_THAT(text.out, HasSubstr("  on Sell → Mail: Post (effect, line 1)\n"));
  EXPECT_THAT(text.out, HasSubstr("  on Sell → Stock: Event::Sold (broadcast, line 2)\n"));
  EXPECT_THAT(text.out,
              HasSubstr("  on Sell → nobody hears it: Event::Alone (broadcast, line 2)\n"));
  EXPECT_THAT(text.out, HasSubstr("message cycle from line "));
  EXPECT_THAT(lxm("check shop.lxm").out, HasSubstr("message cycle from line "));
  EXPECT_THAT(lxm("graph shop.lxm --dot").out,
              HasSubstr("\"Shop\" -> \"Stock\" [label=\"Take\"];"));
}

TEST_F(Commands, TellOneStoryLiveAndFromTheTrace) {
  const Answer run = lxm("run counter.lxm --trace t.lxtrace --log --send 'Counter Add(by: 1)'");
  EXPECT_EQ(run.status, 0);
  const Answer log = lxm("log t.lxtrace");
  EXPECT_EQ(log.status, 0);
  EXPECT_EQ(log.out, run.err);
  EXPECT_EQ(lxm("replay t.lxtrace").out, "same: 3 cycles from cycle 1 on\n");
  const Answer inspect = lxm("inspect t.lxtrace");
  EXPECT_THAT(inspect.out, HasSubstr("cycles        3\n"));
  EXPECT_THAT(inspect.out, HasSubstr("end           \"closed\"\n"));
  EXPECT_EQ(lxm("inspect t.lxtrace --program").out, kCounter);
}

TEST_F(Commands, SayThatThereAreNoSuchCycles) {
  lxm("run counter.lxm --trace t.lxtrace");
  EXPECT_EQ(lxm("log t.lxtrace --from 3 --to 3").status, 0);
  const Answer beyond = lxm("log t.lxtrace --from 4");
  EXPECT_EQ(beyond.status, 1);
  EXPECT_EQ(beyond.err, "lxm: t.lxtrace: there is no cycle 4; its last one is 3\n");
  const Answer empty = lxm("log t.lxtrace --from 3 --to 2");
  EXPECT_EQ(empty.status, 1);
  EXPECT_EQ(empty.err, "lxm: t.lxtrace: cycle 3 is not before cycle 2\n");
  EXPECT_EQ(lxm("replay t.lxtrace --from 4").status, 2);
}

TEST_F(Commands, SayNothingOfWhatIsBeforeAFork) {
  lxm("run counter.lxm --trace t.lxtrace");
  EXPECT_EQ(lxm("fork t.lxtrace --at 2 --to f.lxtrace").status, 0);
  const Answer before = lxm("log f.lxtrace --to 1");
  EXPECT_EQ(before.status, 0) << before.err;
  EXPECT_EQ(std::ranges::count(before.out, '\n'), 1) << "the heading\n" << before.out;
  EXPECT_EQ(std::ranges::count(lxm("log f.lxtrace --to 3").out, '\n'), 2);
}

TEST_F(Commands, TakeATraceForNoProgram) {
  lxm("run counter.lxm --trace t.lxtrace");
  for (const char* command : {"run", "check", "fmt --write", "graph"}) {
    const Answer answer = lxm(std::string(command) + " t.lxtrace");
    EXPECT_EQ(answer.status, 1);
    EXPECT_THAT(answer.err, HasSubstr("t.lxtrace is a recorded run, and no program; `lxm log "));
  }
  EXPECT_EQ(lxm("replay t.lxtrace").status, 0) << "it is as it was";
}

TEST_F(Commands, ReadTracesFromFilesOnly) {
  lxm("run counter.lxm --trace t.lxtrace");
  const Answer piped = shell("cat t.lxtrace | lxm log /dev/stdin");
  EXPECT_EQ(piped.status, 6);
  EXPECT_THAT(piped.err, HasSubstr("it is a pipe; save what comes through it in a file first"));
}

TEST_F(Commands, ShowWhereAnotherProgramGoesAnotherWay) {
  lxm("run counter.lxm --trace t.lxtrace");
  std::string other = kCounter;
  other.replace(other.find("n += 1"), 6, "n += 2");
  write("other.lxm", other);
  const Answer answer = lxm("replay t.lxtrace --program other.lxm");
  EXPECT_EQ(answer.status, 1) << answer.err;
  EXPECT_THAT(answer.out, StartsWith("different at cycle 1, after 0 that are the same\n"));
  EXPECT_EQ(lxm("replay t.lxtrace --program counter.lxm").status, 0);
  write("other.lxm", "domain {");
  EXPECT_EQ(lxm("replay t.lxtrace --program other.lxm").status, 2);
}

TEST_F(Commands, EndQuietlyWhenNobodyReads) {
  write("long.lxm",
        "domain L { state { n: int } goal G { target n >= 20000 } transition T { n += 1 } }");
  EXPECT_EQ(shell("lxm run long.lxm --trace t.lxtrace --quiet").status, 0);
  const Answer log = shell("lxm log t.lxtrace | head -n 1");
  EXPECT_EQ(log.status, 0);
  EXPECT_THAT(log.err, IsEmpty());
  // A run goes on without its listener, and its trace is whole.
  shell("lxm run long.lxm --trace u.lxtrace --log 2>&1 | head -n 1");
  EXPECT_THAT(lxm("replay u.lxtrace").out, StartsWith("same: 20000 cycles"));
}

// The trace would be opened under the number of the stream, and be printed into.
TEST_F(Commands, KeepApartWhatIsRecordedAndStreamsThatAreClosed) {
  const Answer without_out = shell("lxm run counter.lxm --trace t.lxtrace >&-");
  EXPECT_EQ(without_out.status, 6);
  EXPECT_THAT(lxm("inspect t.lxtrace").out, HasSubstr("end           \"closed\"\n"));
  EXPECT_EQ(shell("lxm run counter.lxm --log --trace t.lxtrace 2>&-").status, 0);
  EXPECT_THAT(lxm("inspect t.lxtrace").out, HasSubstr("end           \"closed\"\n"));
  const Answer without_in = shell("lxm run - <&-");
  EXPECT_EQ(without_in.status, 6);
  EXPECT_THAT(without_in.err, HasSubstr("cannot read standard input"));
}

TEST_F(Commands, SayWhenTheirOutputIsLost) {
  const Answer answer = shell("lxm run counter.lxm >/dev/full");
  EXPECT_EQ(answer.status, 6);
  EXPECT_THAT(answer.err, HasSubstr("cannot write the output"));
}

}  // namespace
}  // namespace lexum
