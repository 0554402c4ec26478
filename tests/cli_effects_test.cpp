// `lxm run --adapters`: real processes are started, watched and stopped, and whoever asked for that
// is killed meanwhile.
#include <map>
#include <random>
#include <set>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

size_t times(const std::string& what, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// ------------------------------------------------------------------------------- the supervisor

// A worker lives as long as it holds its lock. What a failed test leaves is ended, too.
class Supervisor : public Lxm {
 protected:
  ~Supervisor() override { shell(std::string(kWords) + "sleep 0.2; end_workers"); }

  // Like with_service(), with these words; whatever comes of it, its processes end with it.
  Answer supervise(const std::string& lines) const {
    write("begin.sh", kBegin);
    return with_service(kWords + lines);
  }

 private:
  static constexpr const char* kWords = R"sh(
alive() {
  for lock in workers/*.lock; do
    [ ! -e "$lock" ] || flock -n -s "$lock" true || cat "${lock%.lock}.pid"
  done
}
end_workers() { for one in $(alive); do kill -9 "$one"; done; }
[ -z "$program" ] || . ./begin.sh
)sh";
  static constexpr const char* kBegin = R"sh(
exec 2>>complaints
service=
trap '[ -z "$service" ] || kill -9 $service; sleep 0.1; end_workers' EXIT
house=$(pwd -P)
begin() {
  serve ')sh" LEXUM_SOURCE_DIR R"sh(/samples/15-supervisor.lxm' \
    --adapters ')sh" LEXUM_SOURCE_DIR R"sh(/samples/supervisor/adapters.json' \
    --set Supervisor.for_ever=true --snapshot-every 100 --keep-history --quiet
}
crash() { kill -9 $service; wait $service; }
scale() { lxm send d "Supervisor Scale(to: $1)" >/dev/null; }
eventually() {
  for _ in $(seq 400); do "$@" && return; sleep 0.05; done
  echo "never: $*; there are $(alive)"
}
count() { [ "$(alive | wc -w)" = "$1" ]; }
# Of all that runs in this folder, with or without a lock.
processes() {
  for one in /proc/[0-9]*; do
    [ "$(readlink "$one/cwd")" = "$house" ] && tr '\0' ' ' <"$one/cmdline"
  done | grep -o '[s]leep infinity' | wc -l
}
)sh";
};

TEST_F(Supervisor, KeepsItsWorkersRunning) {
  const Answer answer = supervise(R"sh(
begin
eventually count 3; echo "three: $(processes)"

old=$(cat workers/2.pid); others=$(cat workers/1.pid workers/3.pid)
kill -9 $old
is_back() { count 3 && [ "$(cat workers/2.pid)" != $old ]; }
eventually is_back; echo "one came back: $(processes)"
[ "$(cat workers/1.pid workers/3.pid)" = "$others" ] && echo "the others stayed"

scale 5; eventually count 5; echo "five: $(processes)"
scale 2; eventually count 2; echo "two: $(processes)"
scale 4; eventually count 4; echo "four: $(processes)"
is_known() { [ "$(lxm log d | grep -c 'on Process.Start::Done')" = 8 ]; }
eventually is_known
stop
count 4 && echo "they go on without it"
lxm inspect d --query state.up
begin
scale 0; eventually count 0; echo "none: $(processes)"
stop

keys=$(cat workers/*.done)
lxm replay d
lxm log d | grep -c 'on Process.Start::Done'
[ "$(cat workers/*.done)" = "$keys" ] && echo "nothing was asked for again: $(processes)"
)sh");
  EXPECT_EQ(answer.status, 0) << answer.out << read("complaints");
  EXPECT_THAT(answer.out, StartsWith("three: 3\none came back: 3\nthe others stayed\n"
                                     "five: 5\ntwo: 2\nfour: 4\nended with 0\n"
                                     "they go on without it\nSupervisor          4\n"
                                     "none: 0\nended with 0\nsame: "));
  // Three, one that came back, two more, and two more again.
  EXPECT_THAT(answer.out, HasSubstr("\n8\nnothing was asked for again: 0\n")) << read("complaints");
}

TEST_F(Supervisor, MayBeKilledItself) {
  const Answer answer = supervise(R"sh(
begin
eventually count 3
before=$(alive)
crash
[ "$(alive)" = "$before" ] && echo "they do not notice"
begin
sleep 1
[ "$(alive)" = "$before" ] && echo "it goes on with them: $(processes)"

crash
kill -9 $(cat workers/1.pid)
begin
eventually count 3; echo "one died meanwhile: $(processes)"

for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
  scale $((RANDOM % 7))
  sleep 0.$((RANDOM % 4))$((RANDOM % 10))
  [ "$(processes)" -gt 6 ] && echo "too many"
  crash
  begin
done
scale 4
eventually count 4; sleep 1; count 4 && echo "after many deaths: $(processes)"
stop
lxm inspect d --query state.up
lxm replay d
)sh");
  EXPECT_EQ(answer.status, 0) << answer.out << read("complaints");
  EXPECT_THAT(answer.out, StartsWith("they do not notice\nit goes on with them: 3\n"
                                     "one died meanwhile: 3\nafter many deaths: 4\n"
                                     "ended with 0\nSupervisor          4\nsame: "))
      << read("complaints");
}

// --------------------------------------------------------------------------------- any program

class Effects : public Lxm {
 protected:
  // A program of a shell, as an adapter file names it.
  static std::string sh(const std::string& script) {
    return R"({"use": "exec", "program": ["sh", "-c", ")" + script + R"("]})";
  }
};

// Whatever is lost with the process, each job is done at least once, under one key.
TEST_F(Effects, SurviveKillsBetweenIntentAndOutcome) {
  write("jobs.lxm", R"(
effect Job.Do(n: int)
domain Boss {
  state { finished: int  sum: int }
  goal AllDone { predicate finished == 40 }
  transition Boot { for id in 0..4 { send Hand[id] Work } }
  on Finished(n: int) { finished += 1  sum += n }
}
domain Hand[id: int] {
  state { sum: int }
  on Work { for i in 0..10 { emit Job.Do(n: self.id * 10 + i) } }
  on Job.Do::Done(n: int) { sum += n  send Boss Finished(n: n) }
}
)");
  write("job", R"(#!/bin/sh
n=$(sed 's/.*"n":\([0-9]*\).*/\1/')
sleep 0.02
echo "$LEXUM_KEY $n" >>done.txt
sleep 0.02
echo "$n"
)");
  std::filesystem::permissions(path("job"), std::filesystem::perms::owner_all);
  write("jobs.json", R"({"Job": {"use": "exec", "program": ["./job"], "at_once": 8}})");
  const auto states = [&](const std::string& folder) {
    return lxm("inspect " + folder + "/d --query state").out;
  };
  const auto run_in = [&](const std::string& folder, const std::string& before) {
    std::filesystem::create_directories(path(folder));
    return shell("cd " + folder + " && " + before +
                 " '" LXM_BINARY "' run ../jobs.lxm --adapters ../jobs.json --data d");
  };
  ASSERT_EQ(run_in("whole", "").status, 0);
  const std::string expected = states("whole");
  ASSERT_THAT(expected, HasSubstr("780")) << "the sum of all";

  const char* const wanted = std::getenv("LXM_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 25;
  std::mt19937_64 random(2026);
  int killed = 0;
  size_t repeated = 0;
  for (int round = 0; killed < kills; ++round) {
    const std::string folder = "r" + std::to_string(round);
    Answer answer;
    for (uint64_t attempt = 1; attempt < 200; ++attempt) {
      const double seconds = 0.03 + 0.002 * static_cast<double>(random() % 60 + attempt);
      answer = run_in(folder, "timeout -s KILL " + std::to_string(seconds));
      const bool is_gone =
          answer.status != 6 || answer.err.find("belongs to process") == std::string::npos;
      if (is_gone && answer.status != 137) break;
      killed += is_gone ? 1 : 0;
    }
    ASSERT_EQ(answer.status, 0) << round << ": " << answer.err;
    EXPECT_EQ(states(folder), expected) << round;

    std::istringstream lines(read(folder + "/done.txt"));
    std::map<std::string, int> job_of;
    std::set<int> jobs;
    std::string key;
    for (int job = 0; lines >> key >> job; ++repeated) {
      EXPECT_EQ(job_of.emplace(key, job).first->second, job) << key;
      jobs.insert(job);
    }
    EXPECT_EQ(job_of.size(), 40u) << round;
    EXPECT_EQ(jobs.size(), 40u) << round;
    repeated -= job_of.size();
  }
  EXPECT_GT(repeated, 0u) << "no kill came between an intent and its outcome";
  // Those that were left behind end by themselves.
  shell("sleep 0.3");
}

// ----------------------------------------------------------------------------- what may be wrong

constexpr const char* kFour = R"(effect One.Do(n: int)
effect Two.Do(n: int)
domain D {
  state { one: int  two: int  trouble: list<string> }
  transition Boot { emit One.Do(n: 1) emit Two.Do(n: 2) emit Two.Do(n: 3) emit One.Do(n: 4) }
  on One.Do::Done(v: int) { one += 1 }
  on One.Do::Failed(reason) { trouble = trouble.add(reason) }
  on Two.Do::Done(v: int) { two += 1 }
}
)";

TEST_F(Effects, AllMistakesOfTheFileAreToldBeforeTheRun) {
  write("four.lxm", kFour);
  write("bad.json",
        "{\n"
        "  \"One\": {\"use\": \"exec\", \"program\": [\"./not-there\"]},\n"
        "  \"Two\": {\"use\": \"telepathy\"},\n"
        "  \"Three\": {\"use\": \"timer\", \"speed\": 2}\n"
        "}\n");
  const Answer answer = lxm("run four.lxm --adapters bad.json --data d --trace t.lxtrace");
  EXPECT_EQ(answer.status, 1);
  EXPECT_EQ(answer.out, "");
  EXPECT_THAT(answer.err, HasSubstr("bad.json:2:"));
  EXPECT_THAT(answer.err, HasSubstr("bad.json:3:"));
  EXPECT_THAT(answer.err, HasSubstr("bad.json:4:"));
  EXPECT_THAT(answer.err, HasSubstr("telepathy"));
  EXPECT_FALSE(std::filesystem::exists(path("d")));
  EXPECT_FALSE(std::filesystem::exists(path("t.lxtrace")));
  EXPECT_THAT(lxm("run four.lxm --adapters bad.json --json").out,
              StartsWith("{\"outcome\":\"error\""));
  const Answer missing = lxm("run four.lxm --adapters nowhere.json");
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("nowhere.json"));
}

TEST_F(Effects, WhatNobodyIsBoundToIsSimulatedAndSaysSoOnce) {
  write("four.lxm", kFour);
  write("one.json", R"({"One": )" + sh("echo 1") + "}");
  const Answer answer = lxm("run four.lxm --adapters one.json");
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("D  one: 2, trouble: [], two: 2\n"));
  EXPECT_THAT(answer.out, HasSubstr("effect: One.Do(n: 1) by D, done\n"));
  EXPECT_THAT(answer.out, HasSubstr("effect: Two.Do(n: 2) by D, simulated\n"));
  const std::string json = lxm("run four.lxm --adapters one.json --json").out;
  EXPECT_EQ(times("W508", json), 1u) << json;
  EXPECT_THAT(json, HasSubstr("no adapter `Two` is bound"));
  EXPECT_EQ(times("W508", lxm("run four.lxm --json").out), 2u);
  // One operation of an adapter may be bound and another not.
  write("parts.lxm",
        "domain D { state { x: int } transition Boot { emit A.B(n: 1) emit A.C(n: 2) }\n"
        "  on A.B::Done(v: int) { x += v } }\n");
  write("parts.json", R"({"A.B": )" + sh("echo 5") + "}");
  const std::string parts = lxm("run parts.lxm --adapters parts.json --json").out;
  EXPECT_EQ(times("W508", parts), 1u) << parts;
  EXPECT_THAT(parts, HasSubstr("no adapter `A.C` is bound"));
}

TEST_F(Effects, AFolderKeepsWhatIsBoundAndNotToWhom) {
  write("four.lxm", kFour);
  write("slow.json", R"({"One": )" + sh("sleep 100") + "}");
  write("quick.json", R"({"One": )" + sh("echo 1") + "}");
  write("both.json", R"({"One": )" + sh("echo 1") + R"(, "Two": )" + sh("echo 1") + "}");
  ASSERT_EQ(
      shell("timeout -s INT 1 '" LXM_BINARY "' run four.lxm --adapters slow.json --data d --quiet")
          .status,
      124);
  const Answer more = lxm("run four.lxm --data d --adapters both.json");
  EXPECT_EQ(more.status, 1);
  EXPECT_THAT(more.err, HasSubstr("the run in d has other adapters: `Two.Do` was not bound; "
                                  "give an --adapters that binds the same effects"));
  const Answer none = lxm("run four.lxm --data d");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("has other adapters: `One.Do` was bound;"));
  EXPECT_THAT(lxm("run four.lxm --data d --adapters quick.json --set D.one=3").err,
              HasSubstr("began with other start values or messages"));
  const Answer same = lxm("run four.lxm --data d --adapters quick.json");
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("D  one: 2, trouble: [], two: 2\n"));
}

TEST_F(Effects, WhatMakesNoSenseIsAFailureAndTheRestGoesOn) {
  write("four.lxm", kFour);
  write("text.json", R"({"One": )" + sh(R"(grep -q '\"n\":1' && echo '\"one\"' || echo 1)") + "}");
  const Answer text = lxm("run four.lxm --adapters text.json");
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr(R"(D  one: 1, trouble: ["its outcome is an int, and `)"));
  EXPECT_THAT(text.out, HasSubstr("effect: One.Do(n: 1) by D, failed\n"));
  EXPECT_THAT(text.out, HasSubstr("effect: One.Do(n: 4) by D, done\n"));

  write("long.json",
        R"({"One": )" +
            sh(R"(grep -q '\"n\":1' && head -c 2000000 /dev/zero | tr '\\\\0' 1 || echo 1)") + "}");
  const Answer big = lxm("run four.lxm --adapters long.json");
  EXPECT_EQ(big.status, 0) << big.err;
  EXPECT_THAT(big.out, HasSubstr("D  one: 1, trouble: [\"sh printed more than 1048576 bytes"));
  EXPECT_THAT(big.out, HasSubstr("two: 2\n"));
}

// ------------------------------------------------------------------------ the world is otherwise

class Contradiction : public Effects {
 protected:
  Contradiction() {
    write("stock.lxm", R"(effect Shelf.Count(of: string)
effect Disk.Create(name: string)

domain Stock {
  state { apples: int = 3  counted: bool }
  goal Counted { target counted  strategy { Count } }
  transition Count {
    emit Disk.Create(name: "list")
    emit Shelf.Count(of: "apples")
    send Report Began(apples: apples)
  }
  on Shelf.Count::Done(really: int) {
    assert apples == really, "the book is wrong"
    counted = true
  }
}

domain Report {
  state { apples: int }
  on Began(apples: int) { state.apples = apples }
}
)");
    write("two.json", R"({"Shelf": )" + sh("sleep 0.2; echo 2") + R"(, "Disk": )" +
                          sh("echo $LEXUM_KEY >>made") + "}");
    write("three.json", R"({"Shelf": )" + sh("echo 3") + R"(, "Disk": )" + sh("true") + "}");
  }
  static void expect_the_report(const Answer& answer) {
    EXPECT_EQ(answer.status, 3) << answer.err;
    EXPECT_THAT(answer.out,
                HasSubstr("F020: assert failed in Stock at cycle 3, line 13: the book"));
    EXPECT_THAT(answer.out, HasSubstr("rolled back to the last rest, the start; what was undone:\n"
                                      "  states, now → when it failed:\n"
                                      "    Report.apples: 0 → 3\n"
                                      "  messages between:\n"
                                      "    cycle 1: Stock → Report: Began\n"
                                      "  effects that cannot be undone:\n"
                                      "    cycle 1: Stock → Disk.Create\n"
                                      "    cycle 1: Stock → Shelf.Count\n"));
  }
};

TEST_F(Contradiction, HaltsTheRunAndSaysWhatCannotBeUndone) {
  EXPECT_EQ(lxm("run stock.lxm --adapters three.json --quiet").status, 0) << "the book is right";
  EXPECT_THAT(lxm("run stock.lxm --adapters two.json").out,
              HasSubstr("step through it: lxm run stock.lxm --adapters two.json --trace "));
  std::filesystem::remove(path("made"));
  const Answer answer = lxm("run stock.lxm --adapters two.json --trace t.lxtrace");
  expect_the_report(answer);
  EXPECT_THAT(answer.out, HasSubstr("step through it: lxm log t.lxtrace\n"));
  EXPECT_THAT(lxm("log t.lxtrace").out,
              HasSubstr("fault F020 assert failed at 13:5: the book is wrong"));
  EXPECT_THAT(lxm("log t.lxtrace").out, HasSubstr("rolled back to the state after cycle 0"));
  const std::string why = lxm("why t.lxtrace").out;
  EXPECT_THAT(why, HasSubstr("on Shelf.Count::Done"));
  EXPECT_THAT(why, HasSubstr("goal Counted"));
  EXPECT_THAT(lxm("replay t.lxtrace").out, HasSubstr("same: 3 cycles"));
  EXPECT_EQ(times("/Stock/", read("made")), 1u) << "a replay asks nobody";
}

// It stays as it is, and nobody is asked again.
TEST_F(Contradiction, HaltsAFolderForGood) {
  expect_the_report(lxm("run stock.lxm --adapters two.json --data d"));
  expect_the_report(lxm("run stock.lxm --adapters two.json --data d"));
  EXPECT_THAT(lxm("log d").out, HasSubstr("fault F020 assert failed at 13:5: the book is wrong"));
  EXPECT_THAT(lxm("why d").out, HasSubstr("on Shelf.Count::Done"));
  EXPECT_THAT(lxm("replay d").out, HasSubstr("same: 3 cycles"));
  EXPECT_EQ(times("/Stock/", read("made")), 1u);
}

}  // namespace
}  // namespace lexum
