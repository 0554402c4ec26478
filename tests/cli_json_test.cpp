// `--json` prints one object, of the shape that scripts rely on.
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/lxm.h"

namespace lexum {
namespace {

using Json = nlohmann::ordered_json;

class JsonShape : public Lxm {
 protected:
  Json run(const std::string& words) {
    const Answer answer = lxm("run --json " + words);
    Json json = Json::parse(answer.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << answer.out;
    return json;
  }
  static std::vector<std::string> members(const Json& object) {
    std::vector<std::string> names;
    for (const auto& [name, member] : object.items()) names.push_back(name);
    return names;
  }
};

using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::MatchesRegex;

TEST_F(JsonShape, OfTheTwoDomains) {
  const Json json =
      run(std::string("'") + kTwoDomains + "' --set DatabaseProvisioner.status=pending");
  EXPECT_THAT(members(json),
              ElementsAre("outcome", "cycles", "ticks", "messages", "run_hash", "instances",
                          "effects", "dead_letters", "faults", "diagnostics"));
  EXPECT_EQ(json["outcome"], "converged");
  EXPECT_EQ(json["cycles"], 3);
  EXPECT_EQ(json["ticks"], 3);
  EXPECT_EQ(json["messages"], 1);
  EXPECT_THAT(json["run_hash"].get<std::string>(), MatchesRegex("0x[0-9a-f]{64}"));
  ASSERT_EQ(json["instances"].size(), 2u);
  EXPECT_EQ(json["instances"][0].dump(),
            R"({"domain":"AppProvisioner","key":null,"status":"asleep","mailbox":0,)"
            R"("state":{"app_status":"running","db_ready":true},)"
            R"("goals":[{"name":"AppIsLive","status":"satisfied"}]})");
  ASSERT_EQ(json["effects"].size(), 2u);
  const Json& effect = json["effects"][0];
  EXPECT_THAT(members(effect), IsSupersetOf({"adapter", "operation", "args", "key", "outcome"}));
  EXPECT_EQ(effect["adapter"], "Infra");
  EXPECT_EQ(effect["operation"], "CreatePostgres");
  EXPECT_EQ(effect["args"], Json::object());
  EXPECT_EQ(effect["outcome"], "Done");
  EXPECT_THAT(effect["key"].get<std::string>(), MatchesRegex("[0-9a-f]{32}/DatabaseProvisioner/1"));
}

TEST_F(JsonShape, OfDiagnostics) {
  write("wrong.lxm", "domain D {\n  state { n: int }\n  on Boot { n = m }\n}");
  const Json json = run("wrong.lxm");
  EXPECT_EQ(json["outcome"], "error");
  ASSERT_EQ(json["diagnostics"].size(), 1u);
  const Json& one = json["diagnostics"][0];
  EXPECT_THAT(members(one), ElementsAre("code", "severity", "message", "file", "line", "column",
                                        "end_line", "end_column", "help"));
  EXPECT_EQ(one["code"], "E201");
  EXPECT_EQ(one["severity"], "error");
  EXPECT_EQ(one["file"], "wrong.lxm");
  EXPECT_EQ(one["line"], 3);
  EXPECT_EQ(one["column"], 17);
  EXPECT_EQ(one["end_line"], 3);
  EXPECT_EQ(one["end_column"], 18);
  const Answer check = lxm("check --json wrong.lxm");
  EXPECT_EQ(check.status, 1);
  EXPECT_EQ(Json::parse(check.out)["diagnostics"], json["diagnostics"]);
}

TEST_F(JsonShape, OfValuesOfEveryType) {
  write("v.lxm", R"(type P { y: int = 2 x: string = "a" }
domain V { state { z: int = -9223372036854775807 a: bool = true s: string = "q\"\n\u{1F600}"
  l: list<int> = [1, 2] m: map<int, string> = {10: "x", 9: "y"} o: int? p: P = P() } })");
  const Json json = run("v.lxm");
  EXPECT_EQ(json["instances"][0]["state"].dump(),
            "{\"a\":true,\"l\":[1,2],\"m\":{\"9\":\"y\",\"10\":\"x\"},\"o\":null,"
            "\"p\":{\"x\":\"a\",\"y\":2},\"s\":\"q\\\"\\n\U0001F600\",\"z\":-9223372036854775807}");
}

TEST_F(JsonShape, OfKeysFaultsAndDeadLetters) {
  write("f.lxm", "domain F[id: int] { state { n: int } on Div(by: int) { n = 7 / by } }");
  const Json json = run("f.lxm --send 'F[3] Div(by: 0)'");
  EXPECT_EQ(json["outcome"], "converged");
  EXPECT_EQ(json["instances"][0]["key"], 3);
  ASSERT_EQ(json["faults"].size(), 1u);
  const Json& fault = json["faults"][0];
  EXPECT_EQ(fault["code"], "F002");
  EXPECT_EQ(fault["domain"], "F");
  EXPECT_EQ(fault["key"], 3);
  EXPECT_EQ(fault["cycle"], 1);
  EXPECT_EQ(fault["in"], "on Div");
  EXPECT_EQ(fault["line"], 1);
  ASSERT_EQ(json["dead_letters"].size(), 1u);
  EXPECT_EQ(json["dead_letters"][0].dump(),
            R"({"domain":"F","key":3,"message":"Div","args":{"by":0},"from":"input 1"})");
}

TEST_F(JsonShape, IsOneObjectWhateverGoesWrong) {
  write("ok.lxm", "domain D { state { n: int } }");
  for (const std::string words : {"missing.lxm", ".", "ok.lxm --set D.x=1", "ok.lxm --send 'D M'",
                                  "ok.lxm --trace /no/such/folder/t.lxtrace",
                                  "ok.lxm --trace /dev/full", "ok.lxm --input missing.ndjson"}) {
    SCOPED_TRACE(words);
    const Json json = run(words);
    EXPECT_EQ(json["outcome"], "error");
    EXPECT_EQ(json["run_hash"], nullptr);
    ASSERT_EQ(json["diagnostics"].size(), 1u);
    EXPECT_EQ(json["diagnostics"][0]["code"], nullptr);
    EXPECT_NE(json["diagnostics"][0]["message"], "");
  }
}

TEST_F(JsonShape, OfTheGraphAndTheTrace) {
  write("g.lxm",
        "domain A { on Go { send B Hear } } domain B { state { n: int } on Hear { n = 1 } }");
  const Json graph = Json::parse(lxm("graph --json g.lxm").out);
  EXPECT_EQ(graph["domains"].dump(), R"(["A","B"])");
  EXPECT_EQ(graph["edges"].dump(),
            R"([{"from":"A","in":"on Go","to":"B","message":"Hear","kind":"send","line":1}])");
  EXPECT_EQ(graph["message_cycles"].dump(), "[]");
  const Json recorded = run("g.lxm --trace t.lxtrace --set B.n=4 --send 'A Go'");
  const Json trace = Json::parse(lxm("inspect --json t.lxtrace").out);
  EXPECT_EQ(trace["run_hash"], recorded["run_hash"]);
  EXPECT_EQ(trace["cycles"], 2);
  EXPECT_EQ(trace["end"], "closed");
  EXPECT_EQ(trace["start_values"].dump(), R"(["B.n=4"])");
  EXPECT_EQ(trace["damage"].dump(), "[]");
}

TEST_F(JsonShape, OfAGraphOrATraceThatThereIsNot) {
  write("wrong.lxm", "domain D { state { n: itn } }");
  for (const std::string file : {"wrong.lxm", "missing.lxm", "."}) {
    const Answer answer = lxm("graph --json " + file);
    EXPECT_EQ(answer.status, 1);
    const Json graph = Json::parse(answer.out);
    ASSERT_EQ(graph["diagnostics"].size(), 1u);
    EXPECT_NE(graph["diagnostics"][0]["message"], "");
  }
  const Answer answer = lxm("inspect --json wrong.lxm");
  EXPECT_EQ(answer.status, 6);
  EXPECT_EQ("lxm: " + Json::parse(answer.out)["error"].get<std::string>() + "\n", answer.err);
}

}  // namespace
}  // namespace lexum
