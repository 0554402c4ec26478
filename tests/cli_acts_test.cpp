// What an operator does to a run in a data folder, whether somebody serves it or not.
#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Acts : public Lxm {
 protected:
  Acts() {
    write("mill.lxm", R"(
@restart(never) @mailbox(2) domain Mill {
  state { by: int  n: int  note: string }
  goal Fine { predicate note != "bad"  strategy { Mend } }
  transition Mend { note = "" }
  on Div(k: int) { n = k / by }
  transition Grind(k: int) { step { n += k } step { n = n / by } }
}
@restart(2, 100) domain Bin[id: int] { state { n: int } on Put(k: int) { n += 10 / k } on End { retire } }
)");
  }
};

// One thing after the other, each when the run has come to rest; and the same as a file.
constexpr const char* kSaid = R"(
say send d 'Mill Div(k: 8)'
say set d Mill.by=2
say send d 'Mill Grind(k: 5)'
say revive d Mill
say set d Mill.by=0
say send d 'Mill Grind(k: 100)'
say revive d Mill rollback
say send d 'Bin[3] Put(k: 0)'
say send d 'Bin[3] End'
say redeliver d 1
say set d 'Bin[3].n=7'
say set d 'Mill.note="bad"'
say redeliver d all
say set d Mill.by=10
say send d '{"redeliver": 3}'
)";
constexpr const char* kWritten = R"({"to":"Mill","message":"Div","args":{"k":8},"at":1}
{"set":"Mill.by=2","at":2}
{"to":"Mill","message":"Grind","args":{"k":5},"at":2}
{"revive":"Mill","at":2}
{"set":"Mill.by=0","at":5}
{"to":"Mill","message":"Grind","args":{"k":100},"at":5}
{"revive":"Mill","how":"rollback","at":7}
{"to":"Bin[3]","message":"Put","args":{"k":0},"at":7}
{"to":"Bin[3]","message":"End","at":8}
{"redeliver":1,"at":9}
{"set":"Bin[3].n=7","at":11}
{"set":"Mill.note=bad","at":11}
{"redeliver":2,"at":11}
{"set":"Mill.by=10","at":12}
{"redeliver":3,"at":12}
)";

TEST_F(Acts, AreTheSameWhoeverKeepsTheRunGoing) {
  write("said.ndjson", kWritten);
  const Answer straight = lxm("run mill.lxm --input said.ndjson --strict");
  EXPECT_EQ(straight.status, 3) << straight.err;
  EXPECT_THAT(straight.out, HasSubstr("faulted after 12 cycles in 12 ticks, with 8 messages"));
  const std::string rest =
      "rest() { until lxm status d --json | grep -q '\"at_rest\":true'; "
      "do sleep 0.01; done; }\n";
  const std::string end = "lxm letters d\nlxm run mill.lxm --data d\n";

  const Answer served = with_service(rest + "say() { lxm \"$@\" || exit 9; rest; }\n" +
                                     "serve mill.lxm </dev/null\n" + kSaid + "stop\n" + end);
  EXPECT_EQ(served.status, 3) << served.err << served.out;
  EXPECT_THAT(served.out, HasSubstr("durable, as input 15\n"));
  EXPECT_EQ(hash_of(served.out), hash_of(straight.out));
  std::filesystem::remove_all(path("d"));

  const Answer idle = with_service(
      "run() { lxm run mill.lxm --data d --quiet; }\nrun\n"
      "say() { lxm \"$@\" || exit 9; run; }\n" +
      std::string(kSaid) + end);
  EXPECT_EQ(idle.status, 3) << idle.err << idle.out;
  EXPECT_THAT(idle.out, HasSubstr("durable, as input 15; nobody runs d, and it arrives when"));
  EXPECT_THAT(idle.out, HasSubstr("    4  Bin[3]                  Put {\"k\":0}  from input 15\n"));
  EXPECT_EQ(hash_of(idle.out), hash_of(straight.out));
  std::filesystem::remove_all(path("d"));

  // Every other thing is said to what somebody has killed.
  const Answer killed = with_service(rest + R"(
say() {
  turn=$((turn + 1))
  if [ $((turn % 2)) = 0 ]; then lxm "$@" || exit 9; return; fi
  serve mill.lxm </dev/null 2>/dev/null; rest
  lxm "$@" || exit 9; rest
  kill -9 $service; wait $service 2>/dev/null
})" + kSaid + end);
  EXPECT_EQ(killed.status, 3) << killed.err << killed.out;
  EXPECT_EQ(hash_of(killed.out), hash_of(straight.out)) << killed.out;
  EXPECT_THAT(lxm("replay d").out, HasSubstr("same: "));
}

// What `lxm letters` has shown of a run that nobody keeps going is so when somebody answers it.
TEST_F(Acts, ALetterThatWasShownCanBeSentOnceMore) {
  lxm("run mill.lxm --data d --quiet");
  lxm("send d 'Bin[1] Put(k: 0)'");
  const std::string shown = R"([{"number":1,"domain":"Bin","key":1,"message":"Put",)"
                            R"("args":{"k":0},"from":"input 1"}])";
  EXPECT_EQ(lxm("letters d --json").out, shown + "\n");
  lxm("send d 'Bin[1] End'");
  EXPECT_EQ(lxm("redeliver d 1").status, 0);
  EXPECT_EQ(lxm("letters d").out, "    2  Bin[1]                  Put {\"k\":0}  from input 3\n");
  EXPECT_THAT(lxm("redeliver d 1").err, HasSubstr("no dead letter 1 is left; `lxm letters d`"));
}

TEST_F(Acts, SayWhatIsWrong) {
  lxm("run mill.lxm --data d --quiet");
  const auto wrong = [&](const std::string& words, const std::string& why) {
    const Answer answer = lxm(words);
    EXPECT_EQ(answer.status, 1) << words;
    EXPECT_EQ(answer.out, "") << words;
    EXPECT_THAT(answer.err, HasSubstr(why)) << words;
  };
  wrong("revive d Mil", "there is no domain `Mil`; did you mean `Mill`?");
  wrong("revive d Mill quickly", "there is `retry`, `drop`, `rollback` and `return`");
  wrong("revive d Bin", "say which, as in Bin[7]");
  wrong("revive nowhere Mill", "nowhere has no run; `lxm run PROGRAM.lxm --data nowhere` begins");
  wrong("set d Mill", "there is no `=`; write it as D.field=VALUE");
  wrong("set d Mill.by=two", "`by` is an int, and `two` is none");
  wrong("set d \"$(printf 'Mill.note=\\377')\"", "what was typed is not UTF-8");
  wrong("letters nowhere", "nowhere has no run");
  wrong("redeliver d", "it wants DIR NUMBER");
  wrong("redeliver d 1x", "`1x` is no number of a dead letter; `lxm letters d` lists them");
  wrong("redeliver d 1", "no dead letter 1 is left");
  wrong("redeliver d all 1", "`all` stands alone");
  wrong("send d '{\"revive\": \"Mill\", \"how\": 3}'", "`how` is a string, and `3` is none");
  EXPECT_EQ(lxm("redeliver d all").out, "no dead letters\n");
  EXPECT_EQ(lxm("letters d --json").out, "[]\n");
  EXPECT_THAT(lxm("inspect d").out, HasSubstr("records 1 to 2")) << "nothing was accepted";
}

}  // namespace
}  // namespace lexum
