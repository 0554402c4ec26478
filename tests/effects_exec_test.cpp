// Programs that carry out errands, and what becomes of those that do not behave.
#include <csignal>

#include "effects_fixture.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Exec : public Effects {
 protected:
  // A program, and the rest of its binding.
  void program(const std::string& text, const std::string& more = "") {
    write_program("tool", text);
    bind(R"({"Infra": {"use": "exec", "program": ["./tool", "one", "two words"])" + more + "}}");
  }
  // The process of which the id stands in the file is no more, or is about to be buried.
  [[nodiscard]] bool ends(const std::string& pid_file) const {
    const std::string id = std::to_string(std::atoi(read(pid_file).c_str()));
    for (int i = 0; i < 6'000; ++i) {
      std::ifstream stat("/proc/" + id + "/stat");
      std::string word;
      std::string state;
      if (!(stat >> word >> word >> state) || state == "Z") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

TEST_F(Exec, GetsTheErrandAsJsonAndSaysWhatCameOfIt) {
  program("cat");
  EXPECT_EQ(ask("Infra.Create", R"({"size":2})", "run/7"),
            R"(done: {"adapter":"Infra","args":{"size":2},"key":"run/7","operation":"Create"})");
}

TEST_F(Exec, NeedNotReadAndNeedNotSpeak) {
  program("exit 0");
  EXPECT_EQ(ask("Infra.Create", R"({"text":")" + std::string(1 << 20, 'x') + "\"}"), "done: null");
}

TEST_F(Exec, GetsItsWordsAsTheyStandWithoutAShell) {
  write_program("tool", R"(printf '"%s|%s"' "$1" "$#")");
  bind(R"({"A": {"use": "exec", "program": ["./tool", "$(id) * ; {x}", "two"]}})");
  EXPECT_EQ(ask("A.B"), R"(done: "$(id) * ; {x}|2")");
}

TEST_F(Exec, SeesOnlyTheVariablesThatAreNamed) {
  variables["REGION"] = "eu1";
  variables["OTHER"] = "not this one";
  // A shell sets a few itself.
  program(
      R"(/usr/bin/env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort >seen; mv seen )" +
          path("seen.txt"),
      R"(, "env": ["REGION"])");
  EXPECT_EQ(ask("Infra.Create", "{}", "run/7"), "done: null");
  EXPECT_EQ(read("seen.txt"), "LEXUM_KEY=run/7\nPATH=/usr/local/bin:/usr/bin:/bin\nREGION=eu1\n");
}

TEST_F(Exec, HasNoDescriptorsButThree) {
  program("ls /proc/self/fd | wc -l | tr -d '\\n '");
  // The fourth is the folder that ls reads.
  EXPECT_EQ(ask("Infra.Create"), "done: 4");
}

TEST_F(Exec, FailsWithItsStatusAndItsLastWords) {
  program("echo first >&2; echo 'no such disk' >&2; exit 3");
  EXPECT_EQ(ask("Infra.Create"), "failed: ./tool ended with exit status 3: first\nno such disk");
}

TEST_F(Exec, OnlyTheEndOfALongComplaintIsKept) {
  program("yes 'a line of complaint' | head -c 300000 >&2; printf '\\377 end\\001' >&2; exit 1");
  const std::string told = ask("Infra.Create");
  EXPECT_THAT(told, AllOf(StartsWith("failed: ./tool ended with exit status 1: "),
                          EndsWith("a line of complaint\n\xEF\xBF\xBD end")));
  EXPECT_LT(told.size(), kComplaintBytesMax + 100);
}

TEST_F(Exec, FailsWithTheSignalThatEndedIt) {
  program("kill -9 $$");
  EXPECT_EQ(ask("Infra.Create"), "failed: ./tool was ended by signal 9 (Killed)");
}

TEST_F(Exec, FailsIfItPrintsGarbage) {
  program("echo this is not JSON; echo warning >&2");
  EXPECT_EQ(ask("Infra.Create"),
            R"(failed: ./tool printed what is no JSON value: "this is not JSON\n": warning)");
  program("printf '1 2'");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("no JSON value: \"1 2\""));
  program("head -c 1000 /dev/zero");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("no JSON value"));
  program("head -c 100000 /dev/zero | tr '\\0' '['");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("no JSON value"));
  program("head -c 100 /dev/zero | tr '\\0' '['; head -c 100 /dev/zero | tr '\\0' ']'");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("no JSON value"));
}

TEST_F(Exec, IsStoppedWhenItPrintsWithoutEnd) {
  program("exec yes");
  EXPECT_EQ(ask("Infra.Create"), "failed: ./tool printed more than 1048576 bytes and was stopped");
  program("yes >&2 & yes >&2 & head -c 1100000 /dev/zero; wait");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("printed more than 1048576 bytes"));
}

TEST_F(Exec, MayPrintAMegabyteToTheLastByte) {
  program("printf '\"'; head -c 1048574 /dev/zero | tr '\\0' a; printf '\"'");
  EXPECT_EQ(ask("Infra.Create"), "done: \"" + std::string(1048574, 'a') + "\"");
}

TEST_F(Exec, IsStoppedWhenItTakesTooLong) {
  program("echo 'still there' >&2; sleep 1000", R"(, "timeout_ms": 2000)");
  EXPECT_EQ(ask("Infra.Create"),
            "failed: ./tool took longer than 2000 ms and was stopped: still there");
}

TEST_F(Exec, IsKilledWhenItDoesNotListen) {
  program("trap '' TERM; echo $$ >" + path("pid") + "; while :; do sleep 0.1; done",
          R"(, "timeout_ms": 500)");
  EXPECT_THAT(ask("Infra.Create"), HasSubstr("took longer than 500 ms and was stopped"));
  EXPECT_TRUE(ends("pid"));
}

TEST_F(Exec, IsOverWhenItsProgramIsWhateverThatLeftBehind) {
  // What stays in its group is killed, although it holds the pipes open.
  program("sleep 1000 & echo $! >" + path("pid") + "; echo 1");
  EXPECT_EQ(ask("Infra.Create"), "done: 1");
  EXPECT_TRUE(ends("pid"));
}

TEST_F(Exec, WhatLeftItsGroupGoesOn) {
  write_program("daemon", "echo $$ >" + path("pid.new") + "; mv " + path("pid.new") + " " +
                              path("pid") + "; exec sleep 1000");
  program("setsid " + path("daemon") + " & until [ -e " + path("pid") +
          " ]; do sleep 0.05; done; echo 1");
  EXPECT_EQ(ask("Infra.Create"), "done: 1");
  const int id = std::atoi(read("pid").c_str());
  EXPECT_EQ(kill(id, 0), 0);
  kill(id, SIGKILL);
}

TEST_F(Exec, FailsWhereNobodyKnowsHowItEnded) {
  program("exit 0");
  const auto before = signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(ask("Infra.Create"),
            "failed: ./tool ended, and nobody knows how: this process was started with SIGCHLD "
            "ignored");
  signal(SIGCHLD, before);
}

TEST_F(Exec, IsFoundAlthoughItLeftItsGroup) {
  write_program("tool", R"(exec python3 -c 'import os,time
os.setpgid(0, os.getpgid(os.getppid()))
time.sleep(1000)')");
  if (std::system("python3 -c 'import os' 2>/dev/null") != 0) GTEST_SKIP() << "there is no python3";
  bind(R"({"A": {"use": "exec", "program": ["./tool"], "timeout_ms": 1000}})");
  EXPECT_THAT(ask("A.B"), HasSubstr("took longer than 1000 ms"));
}

TEST_F(Exec, ThatVanishedAfterTheFileWasReadFails) {
  program("exit 0");
  std::filesystem::remove(path("tool"));
  EXPECT_EQ(ask("Infra.Create"), "failed: ./tool could not be started: No such file or directory");
  write("tool", "neither a script nor a program");
  chmod(path("tool").c_str(), 0755);
  EXPECT_EQ(ask("Infra.Create"), "failed: ./tool could not be started: Exec format error");
}

TEST_F(Exec, SoManyRunAtOnceAndTheOthersWaitInOrder) {
  // Each says who it is when it begins, and ends when it is told to.
  write_program("tool", "echo $LEXUM_KEY >>" + path("begun") + "; until [ -e " + path("go") +
                            " ]; do sleep 0.02; done");
  bind(R"({"A": {"use": "exec", "program": ["./tool"], "at_once": 2}})");
  std::vector<std::future<ErrandAnswer>> coming;
  for (int i = 0; i < 6; ++i) coming.push_back(begin("A.B", "{}", "k" + std::to_string(i)));
  for (int i = 0; i < 6'000 && std::ranges::count(read("begun"), '\n') < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(std::ranges::count(read("begun"), '\n'), 2);
  write("go", "go");
  for (std::future<ErrandAnswer>& one : coming) EXPECT_EQ(told(std::move(one)), "done: null");
  EXPECT_EQ(std::ranges::count(read("begun"), '\n'), 6);
}

TEST_F(Exec, NoneOutlivesTheAdapters) {
  write_program("tool", "echo $$ >" + path("pid.new") + "; mv " + path("pid.new") + " " +
                            path("$LEXUM_KEY") + "; sleep 1000 & wait");
  write_program("deaf", "trap '' TERM; echo $$ >" + path("pid.new2") + "; mv " + path("pid.new2") +
                            " " + path("deaf.pid") + "; while :; do sleep 0.1; done");
  bind(R"({"A": {"use": "exec", "program": ["./tool"], "at_once": 1},
           "D": {"use": "exec", "program": ["./deaf"]}})");
  std::vector<std::future<ErrandAnswer>> coming;
  for (int i = 0; i < 3; ++i) coming.push_back(begin("A.B", "{}", "k" + std::to_string(i)));
  coming.push_back(begin("D.B", "{}"));
  ASSERT_TRUE(appears("k0"));
  ASSERT_TRUE(appears("deaf.pid"));
  unbind();
  EXPECT_TRUE(ends("k0"));
  EXPECT_TRUE(ends("deaf.pid"));
  EXPECT_EQ(read("k1"), "");
  for (std::future<ErrandAnswer>& one : coming) {
    // Whom to tell was forgotten, and nobody was told.
    EXPECT_THROW(one.get(), std::future_error);
  }
}

TEST_F(Exec, SecretsAreNeverTold) {
  variables["PASSWORD"] = "p4ss\"word/ä+\\";
  program(
      R"sh(echo "it is $PASSWORD" >&2; printf '%s' "$PASSWORD"; exit "$(grep -c '"fail":true')")sh",
      R"(, "env": ["PASSWORD"])");
  EXPECT_THAT(ask("Infra.Create", R"({"fail":true})"),
              AllOf(HasSubstr("it is {env:PASSWORD}"), Not(HasSubstr("p4ss"))));
  EXPECT_THAT(ask("Infra.Create"),
              AllOf(HasSubstr("no JSON value: \"{env:PASSWORD}\""), Not(HasSubstr("p4ss"))));
  variables["PASSWORD"] = "a/secret/of/some/length";
  program(R"(printf '{"\\u0061":"a\\/secret\\/of\\/some\\/length","n":1}')",
          R"(, "env": ["PASSWORD"])");
  EXPECT_EQ(ask("Infra.Create"), R"(done: {"a":"{env:PASSWORD}","n":1})");
  // A number that was one leaves a text behind.
  variables["PASSWORD"] = "12345678";
  program(R"(printf '{"n":12345678}')", R"(, "env": ["PASSWORD"])");
  EXPECT_EQ(ask("Infra.Create"), R"(done: "{\"n\":{env:PASSWORD}}")");
  // The end of one that was cut is not told either.
  variables["PASSWORD"] = std::string(3'000, 'q');
  program(
      R"(printf %s%s%s "$PASSWORD" "$PASSWORD" "$PASSWORD" >&2; head -c 1500 /dev/zero | tr '\0' x >&2; exit 1)",
      R"(, "env": ["PASSWORD"])");
  EXPECT_THAT(ask("Infra.Create"), AllOf(HasSubstr("xxx"), Not(HasSubstr("qq"))));
}

}  // namespace
}  // namespace lexum
