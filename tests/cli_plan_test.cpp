// `lxm plan`, and a run that may do nothing else.
#include <nlohmann/json.hpp>

#include "cli/lxm.h"

namespace lexum {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Plan : public Lxm {
 protected:
  Plan() {
    write("chain.lxm", R"(
domain Maker[id: int] {
  state { disk: bool node: bool failures: int }
  on Make { emit Infra.CreateDisk(size: self.id) }
  on Infra.CreateDisk::Done { disk = true emit Infra.CreateNode(disk: self.id) }
  on Infra.CreateDisk::Failed(reason) { failures += 1 }
  on Infra.CreateNode::Done { node = true send Boss Made(id: self.id) }
}
domain Boss {
  state { made: int wanted: int = 2 }
  goal AllMade { target made >= wanted }
  transition Boot { for i in 1..3 { send Maker[i] Make } }
  on Made(id: int) { made += 1 emit Log.Write(id: id) }
}
)");
  }
  [[nodiscard]] json plan_of(const std::string& words, int status = 0) const {
    const Answer answer = lxm("plan " + words + " --json");
    EXPECT_EQ(answer.status, status) << answer.err;
    return json::parse(answer.out);
  }
  static std::string two_domains() {
    return std::string("'") + kTwoDomains + "' --set DatabaseProvisioner.status=pending";
  }
};

TEST_F(Plan, SaysWhatTheTwoDomainsWouldDo) {
  const Answer answer = lxm("plan " + two_domains());
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.out,
            "2 effects up to the outcome `converged`, after 3 cycles\n"
            "  1  Infra.CreatePostgres() by DatabaseProvisioner, for goal DBIsReady\n"
            "  2    Infra.StartAppContainer() by AppProvisioner, for goal AppIsLive, after 1 "
            "(on Event::DatabaseReady)\n"
            "reached: AppProvisioner.AppIsLive, DatabaseProvisioner.DBIsReady\n");
}

TEST_F(Plan, EndsAsTheRunThatItForesees) {
  const Answer answer = lxm(std::string("plan '") + kTwoDomains + "'");
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.out, StartsWith("0 effects up to the outcome `waiting`"));
  EXPECT_THAT(answer.out, HasSubstr("not reached: AppIsLive (db_ready: false → true"));
  EXPECT_EQ(lxm("plan chain.lxm --max-cycles 2").status, 5);
}

TEST_F(Plan, FollowsEachEffectToTheOneBeforeIt) {
  const Answer answer = lxm("plan chain.lxm");
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.out,
            "6 effects up to the outcome `converged`, after 9 cycles\n"
            "  1  Infra.CreateDisk(size: 1) by Maker[1], upon message Make from Boss\n"
            "  2  Infra.CreateDisk(size: 2) by Maker[2], upon message Make from Boss\n"
            "  3    Infra.CreateNode(disk: 1) by Maker[1], upon Infra.CreateDisk::Done, after 1\n"
            "  4    Infra.CreateNode(disk: 2) by Maker[2], upon Infra.CreateDisk::Done, after 2\n"
            "  5      Log.Write(id: 1) by Boss, upon message Made from Maker[1], after 3\n"
            "  6      Log.Write(id: 2) by Boss, upon message Made from Maker[2], after 4\n"
            "reached: Boss.AllMade\n");
}

TEST_F(Plan, FollowsSlicesLastWorkAndBirths) {
  write("born.lxm", R"(
domain A { state { n: int }
  goal G { target n >= 2 strategy { T } terminate_after 1 else U }
  transition T { step { emit X.One() n += 1 } step { emit X.Two() } }
  transition U { emit X.Three() send B["k"] Go } }
domain B[id: string] { state { heard: bool done: bool }
  goal H { target done strategy { Do } }
  transition Boot { emit X.Born(id: self.id) }
  transition Do { done = true emit X.Four() }
  on Go { heard = true } }
)");
  EXPECT_THAT(lxm("plan born.lxm").out,
              HasSubstr("  1  X.One() by A, for goal G\n"
                        "  2  X.Two() by A, for goal G\n"
                        "  3    X.Three() by A, for goal G, which is abandoned, after 2 (T)\n"
                        "  4      X.Born(id: \"k\") by B[\"k\"], upon Boot, after 3\n"
                        "  5      X.Four() by B[\"k\"], for goal H, after 3"));
  EXPECT_THAT(lxm("plan born.lxm --send 'B[\"k\"] Go'").out, HasSubstr("by B[\"k\"], upon Boot\n"));
}

TEST_F(Plan, LetsEffectsFail) {
  for (const char* pattern : {"'Infra.*'", "Infra.CreateDisk"}) {
    const Answer answer = lxm(std::string("plan chain.lxm --fail ") + pattern);
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.out, HasSubstr("Infra.CreateDisk(size: 1) by Maker[1], upon message Make "
                                      "from Boss; fails\n"));
    EXPECT_THAT(answer.out, Not(HasSubstr("Infra.CreateNode(")));
    EXPECT_THAT(answer.out, HasSubstr("not reached: AllMade (made: 0 → >= 2)"));
  }
  const json plan = plan_of("chain.lxm --fail Infra.CreateNode --fail 'Log.*'", 2);
  EXPECT_EQ(plan["effects"].size(), 4u);
  EXPECT_EQ(plan["effects"][3]["outcome"], "Failed");
}

TEST_F(Plan, IsOneObjectForScripts) {
  const json plan = plan_of("chain.lxm");
  EXPECT_EQ(plan["outcome"], "converged");
  EXPECT_EQ(plan["begins_after"], 0);
  EXPECT_TRUE(plan["run_id"].is_null());
  EXPECT_THAT(plan["under_way"], IsEmpty());
  const json third = {{"number", 3},
                      {"adapter", "Infra"},
                      {"operation", "CreateNode"},
                      {"args", {{"disk", 1}}},
                      {"by", "Maker[1]"},
                      {"cycle", 4},
                      {"follows_from", "Infra.CreateDisk::Done"},
                      {"since", nullptr},
                      {"after", 1},
                      {"outcome", "Done"}};
  EXPECT_EQ(plan["effects"][2], third);
  const json goal = {
      {"instance", "Boss"}, {"name", "AllMade"}, {"status", "satisfied"}, {"distance", nullptr}};
  EXPECT_EQ(plan["goals"], json::array({goal}));
  write("bad.lxm", "domain D { state { n: int = nothing } }");
  EXPECT_EQ(plan_of("bad.lxm", 1)["outcome"], "error");
}

TEST_F(Plan, GoesOnFromAFolderAndLeavesItAlone) {
  EXPECT_EQ(lxm("run chain.lxm --data d --max-cycles 3").status, 5);
  const std::string before = shell("cat d/*").out;
  const json plan = plan_of("chain.lxm --data d");
  EXPECT_EQ(plan["begins_after"], 3);
  EXPECT_TRUE(plan["run_id"].is_string());
  ASSERT_EQ(plan["effects"].size(), 4u);
  EXPECT_EQ(plan["effects"][0]["operation"], "CreateNode");
  EXPECT_EQ(shell("cat d/*").out, before);
  EXPECT_EQ(plan_of("chain.lxm --data d --send 'Maker[7] Make'")["effects"].size(), 7u);
  EXPECT_EQ(lxm("run chain.lxm --data d").status, 0);
  EXPECT_THAT(plan_of("chain.lxm --data d")["effects"], IsEmpty());
}

TEST_F(Plan, SaysWhatIsUnderWayInAFolder) {
  write("slow.json", R"({"Infra": {"use": "exec", "program": ["sh", "-c", "sleep 60"]}})");
  // Killed, or stopped, while both disks are being made.
  for (const char* signal : {"KILL", "INT"}) {
    shell("rm -rf d; timeout -s " + std::string(signal) +
          " 3 '" LXM_BINARY "' run chain.lxm --data d --adapters slow.json");
    const Answer answer = lxm("plan chain.lxm --data d");
    EXPECT_EQ(answer.status, 0) << answer.err;
    EXPECT_THAT(answer.out, StartsWith("under way: Infra.CreateDisk(size: 1) by Maker[1], since "
                                       "cycle 2\n"
                                       "under way: Infra.CreateDisk(size: 2) by Maker[2], since "
                                       "cycle 3\n"
                                       "4 effects up to the outcome `converged`, after 6 cycles\n"
                                       "  1  Infra.CreateNode(disk: 1) by Maker[1], upon "
                                       "Infra.CreateDisk::Done\n"));
    EXPECT_EQ(lxm("plan chain.lxm --data d --fail 'Infra.*'").status, 2);
    EXPECT_EQ(plan_of("chain.lxm --data d")["under_way"].size(), 2u);
  }
}

TEST_F(Plan, BeginsWhereAFolderHasNoRun) {
  const Answer answer = lxm("plan chain.lxm --data nowhere");
  EXPECT_EQ(answer.status, 0);
  EXPECT_THAT(answer.err, HasSubstr("nowhere has no run"));
  EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
}

TEST_F(Plan, IsRecordedAsARunThatCanBeLookedAt) {
  EXPECT_EQ(lxm("plan chain.lxm --trace a.lxtrace").status, 0);
  EXPECT_EQ(lxm("replay a.lxtrace").status, 0);
  EXPECT_THAT(lxm("log a.lxtrace").out, HasSubstr("Infra.CreateNode"));
  EXPECT_EQ(lxm("plan chain.lxm --fail 'Infra.*' --trace b.lxtrace").status, 2);
  EXPECT_EQ(lxm("replay b.lxtrace").status, 0);
  EXPECT_EQ(lxm("run chain.lxm --data d --max-cycles 3").status, 5);
  EXPECT_EQ(lxm("plan chain.lxm --data d --trace c.lxtrace").status, 0);
  EXPECT_EQ(lxm("replay c.lxtrace").status, 0);
  EXPECT_THAT(lxm("log c.lxtrace").out, HasSubstr("Infra.CreateNode"));
}

TEST_F(Plan, LetsARunDoWhatWasPlanned) {
  shell("lxm plan chain.lxm --json > plan.json");
  EXPECT_EQ(lxm("run chain.lxm --plan plan.json").status, 0);
  write("true.json", R"({"Infra": {"use": "exec", "program": ["true"]}})");
  EXPECT_EQ(lxm("run chain.lxm --plan plan.json --adapters true.json").status, 0);
  EXPECT_EQ(lxm("run chain.lxm --plan plan.json --data d").status, 0);
  EXPECT_EQ(lxm("run chain.lxm --plan plan.json --data d").status, 0);
  EXPECT_EQ(lxm("run chain.lxm --data e --max-cycles 3").status, 5);
  shell("lxm plan chain.lxm --data e --json > rest.json");
  EXPECT_EQ(lxm("run chain.lxm --plan rest.json --data e").status, 0);
  EXPECT_EQ(lxm("run chain.lxm --plan rest.json").status, 1);
  EXPECT_EQ(lxm("run chain.lxm --plan rest.json --data d").status, 1);
}

TEST_F(Plan, LetsARunDoNothingElse) {
  shell("lxm plan chain.lxm --json > plan.json");
  const Answer once_more = lxm("run chain.lxm --plan plan.json --send 'Maker[1] Make'");
  EXPECT_EQ(once_more.status, 3);
  EXPECT_THAT(once_more.err,
              HasSubstr("Infra.CreateDisk {\"size\":1} of Maker[1] in cycle 3 is once more than "
                        "in plan.json, and was not carried out"));
  const Answer other = lxm("run chain.lxm --plan plan.json --send 'Maker[3] Make' --json");
  EXPECT_EQ(other.status, 3);
  EXPECT_EQ(json::parse(other.out)["outcome"], "error");
  EXPECT_THAT(other.err, HasSubstr("of Maker[3] in cycle 2 is not in plan.json"));
  // Also where it would be the last thing before a limit.
  EXPECT_EQ(lxm("run chain.lxm --plan plan.json --send 'Maker[3] Make' --max-cycles 1").status, 3);
}

TEST_F(Plan, KeepsWhatWasNotPlannedFromItsAdapter) {
  write("touch.json", R"({"Infra": {"use": "exec", "program": ["touch", "touched"]}})");
  write("plan.json", R"({"outcome": "converged", "run_id": null, "begins_after": 0,
                         "effects": []})");
  for (const char* data : {"", " --data d", " --data d"}) {
    const Answer answer =
        lxm(std::string("run chain.lxm --adapters touch.json --plan plan.json") + data);
    EXPECT_EQ(answer.status, 3) << answer.err;
    EXPECT_THAT(answer.err, HasSubstr("is not in plan.json"));
    EXPECT_FALSE(std::filesystem::exists(path("touched")));
  }
}

TEST_F(Plan, SaysWhatMakesNoSense) {
  struct Said {
    std::string words;
    std::string err;
  };
  EXPECT_EQ(lxm("run chain.lxm --data d").status, 0);
  write("none.json", "[1, 2]");
  write("no.json", "what?");
  write("odd.json", R"({"outcome": "converged", "run_id": null, "begins_after": 0,
                        "effects": [{"adapter": 1}]})");
  shell("lxm plan missing.lxm --json > failed.json");
  const std::vector<Said> all = {
      {"plan", "it wants PROGRAM.lxm"},
      {"plan missing.lxm", "there is no such file"},
      {"plan chain.lxm --fail Infra.CreateDsk", "did you mean `Infra.CreateDisk`?"},
      {"plan chain.lxm --fail ''", "one of the words is empty"},
      {"plan chain.lxm --set Boss.x=1", "--set"},
      {"plan chain.lxm --data d --set Boss.wanted=1", "--set is about a start"},
      {"plan chain.lxm --trace -", "--trace wants the name of a file"},
      {std::string("plan '") + kTwoDomains + "' --data d", "d has a run of another program"},
      {"run chain.lxm --plan none.json", "none.json is no plan; `lxm plan --json` prints one"},
      {"run chain.lxm --plan no.json", "no.json is no plan"},
      {"run chain.lxm --plan odd.json", "odd.json is no plan"},
      {"run chain.lxm --plan failed.json", "failed.json is a plan that could not be made"},
      {"run chain.lxm --plan gone.json", "gone.json"},
  };
  for (const Said& said : all) {
    SCOPED_TRACE("lxm " + said.words);
    const Answer answer = lxm(said.words);
    EXPECT_EQ(answer.status, 1) << answer.out;
    EXPECT_THAT(answer.err, HasSubstr(said.err));
  }
}

}  // namespace
}  // namespace lexum
