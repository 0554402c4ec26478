// The file that binds adapters: what it may say, and what is told of one that makes no sense.
#include <random>

#include "effects_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class AdapterFile : public Effects {
 protected:
  AdapterFile() {
    write_program("tool", "cat");
    std::filesystem::create_directory(path("files"));
  }
};

TEST_F(AdapterFile, MayBindEverythingThereIs) {
  variables["TOKEN"] = "very-secret";
  EXPECT_EQ(wrong_with(R"({
    "Infra": {"use": "exec", "program": ["./tool", "-v"], "env": ["TOKEN", "PATH"],
              "timeout_ms": 1000, "at_once": 4},
    "Infra.Ping": {"use": "exec", "program": ["true"]},
    "Shop": {"use": "http", "method": "PUT", "url": "https://example.org/{kind}/{id}?q={q}",
             "headers": {"Authorization": "Bearer {env:TOKEN}", "X-Empty": ""},
             "body": {"id": "{id}", "text": "it is {{{id}}}", "list": [1, 2.5, null, true]},
             "timeout_ms": 1, "tries": 1, "backoff_ms": 0, "follow": true, "at_once": 1},
    "Timer": {"use": "timer"},
    "File": {"use": "file", "root": "files"},
    "Log": {"use": "log"},
    "Audit": {"use": "log", "to": "audit.jsonl"}
  })"),
            "");
  EXPECT_EQ(wrong_with("{}"), "");
}

TEST_F(AdapterFile, LooksAsItsPageSays) {
  variables["DB_PASSWORD"] = variables["SHOP_TOKEN"] = "very-secret";
  write_program("infra", "cat");
  std::filesystem::create_directory(path("state"));
  std::ifstream page(LEXUM_SOURCE_DIR "/core/effects/ADAPTERS.md");
  int examples = 0;
  std::string example;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("    ")) {
      example += line + "\n";
      continue;
    }
    // Whole files, and members of one; the others are lines that are written elsewhere.
    const bool is_file = example.starts_with("    {\n");
    if (is_file || example.starts_with("    \"")) {
      EXPECT_EQ(wrong_with(is_file ? example : "{" + example + "}"), "") << example;
      ++examples;
    }
    example.clear();
  }
  EXPECT_EQ(examples, 6);
}

TEST_F(AdapterFile, TheMoreExactNameWins) {
  bind(R"({"Infra": {"use": "log", "to": "all"}, "Infra.Wait": {"use": "timer"}})");
  EXPECT_TRUE(adapters().has("Infra", "Anything"));
  EXPECT_TRUE(adapters().has("Infra", "Wait"));
  EXPECT_FALSE(adapters().has("Shop", "Wait"));
  EXPECT_THAT(ask("Infra.Wait"), HasSubstr("failed: a timer has no operation"));
  EXPECT_EQ(ask("Infra.Start"), "done: null");
  EXPECT_EQ(ask("Shop.Start"), "failed: nobody is bound to Shop.Start");
}

TEST_F(AdapterFile, OneOperationMayBeBoundWithoutTheRest) {
  bind(R"({"Infra.Wait": {"use": "log", "to": "all"}})");
  EXPECT_FALSE(adapters().has("Infra", "Start"));
  EXPECT_TRUE(adapters().has("Infra", "Wait"));
}

TEST_F(AdapterFile, ThatIsNoJsonIsToldWhere) {
  EXPECT_THAT(wrong_with(""), HasSubstr("adapters.json:1:1: this is not JSON"));
  EXPECT_THAT(wrong_with("{\n  \"A\": {\"use\" \"log\"}\n}"),
              HasSubstr("adapters.json:2:15: this is not JSON"));
  EXPECT_THAT(wrong_with("[1]"), HasSubstr("adapters.json:1:1: an adapter file is an object like"));
  EXPECT_THAT(wrong_with("{} {}"), HasSubstr("this is not JSON"));
  EXPECT_THAT(wrong_with("\"\xff\""), HasSubstr("this is not JSON"));
  EXPECT_THAT(wrong_with(std::string(100'000, '[')),
              HasSubstr("adapters.json:1:65: more than 64 values lie around this one"));
  EXPECT_THAT(wrong_with("7"), HasSubstr("an adapter file is an object"));
}

TEST_F(AdapterFile, EachMistakeIsToldAtItsPlace) {
  EXPECT_EQ(wrong_with(R"({
  "Infra": {"use": "exce"},
  "Shop": {"use": "http", "url": "https://example.org", "metod": "GET", "tries": 0},
  "Timer": {"use": "timer", "ms": 5},
  "Log": {"to": "stderr"},
  "9lives": {"use": "log"},
  "Log": {"use": "log"}, "Other": 7
})"),
            R"(adapters.json:2:20: nothing can be used that is called "exce"; did you mean `exec`?
adapters.json:3:57: http has no `metod`; did you mean `method`?
adapters.json:3:82: `tries` is a whole number from 1 to 100, and 0 is none
adapters.json:4:29: a timer has no "ms"; there is `use`
adapters.json:5:10: here `use` is missing; add "use": "exec"
adapters.json:6:3: "9lives" is no adapter; write `Infra` for all that it does, or `Infra.CreatePostgres` for one operation
adapters.json:7:3: `Log` is bound twice; keep one of them
adapters.json:7:35: `Other` is an object like {"use": "exec", "program": ["./tool"]}, and 7 is none)");
}

TEST_F(AdapterFile, ColumnsCountCharacters) {
  EXPECT_THAT(wrong_with(R"({"Ä": 1})"), HasSubstr(R"(adapters.json:1:2: "Ä" is no adapter)"));
  EXPECT_THAT(wrong_with("{\"A\": {\"use\": \"log\", \"to\": \"äöü\", \"x\": 1}}"),
              HasSubstr("adapters.json:1:35: log has no \"x\"; there is `use` and `to`"));
}

TEST_F(AdapterFile, TellsOfAtMostTwentyMistakes) {
  std::string text = "{";
  for (int i = 0; i < 25; ++i) text += "\"A" + std::to_string(i) + "\": 1,\n";
  const std::string wrong = wrong_with(text + "\"B\": 1}");
  EXPECT_EQ(std::ranges::count(wrong, '\n'), 20);
  EXPECT_THAT(wrong, HasSubstr("\nand 6 more"));
}

TEST_F(AdapterFile, ProgramsAreLookedForBeforeTheRun) {
  const auto exec = [&](const std::string& program) {
    return wrong_with(R"({"A": {"use": "exec", "program": )" + program + "}}");
  };
  EXPECT_EQ(exec(R"(["./none"])"),
            "adapters.json:1:35: there is no program ./none; paths begin in the folder of this "
            "file");
  EXPECT_EQ(exec(R"(["no-such-program-anywhere"])"),
            "adapters.json:1:35: there is no program \"no-such-program-anywhere\" in PATH; one "
            "beside this file is called `./no-such-program-anywhere`");
  write("text", "no program");
  EXPECT_THAT(exec(R"(["./text"])"), HasSubstr("is no program that may be run; `chmod +x` it"));
  EXPECT_THAT(exec(R"(["./files"])"), HasSubstr("is no program that may be run"));
  EXPECT_THAT(exec(R"("./tool")"), HasSubstr("`program` is a list like"));
  EXPECT_THAT(exec("[]"), HasSubstr("an empty list is none"));
  EXPECT_THAT(exec(R"([""])"), HasSubstr("there is no program"));
  EXPECT_THAT(exec(R"(["./tool", 3])"),
              HasSubstr("1:45: a word of `program` is a string, and 3 is none"));
  EXPECT_THAT(wrong_with(R"({"A": {"use": "exec"}})"), HasSubstr("here `program` is missing"));
}

TEST_F(AdapterFile, VariablesAreAskedForBeforeTheRun) {
  EXPECT_EQ(wrong_with(R"({"A": {"use": "exec", "program": ["./tool"], "env": ["NO_SUCH", 7]}})"),
            "adapters.json:1:54: the environment has no `NO_SUCH`; set it before the run, or do "
            "not pass it on\n"
            "adapters.json:1:65: `env` has names of variables like \"DB_PASSWORD\", and 7 is none");
  EXPECT_THAT(wrong_with(R"({"A": {"use": "http", "url": "http://{env:HOST}/"}})"),
              HasSubstr("1:30: the environment has no `HOST`; set it before the run"));
}

TEST_F(AdapterFile, UrlsAreReadBeforeTheRun) {
  const auto http = [&](const std::string& url) {
    return wrong_with(R"({"A": {"use": "http", "url": ")" + url + "\"}}");
  };
  EXPECT_EQ(http("http://example.org/{id}"), "");
  EXPECT_EQ(http("http://{host}:8080"), "");
  EXPECT_THAT(http("example.org/x"), HasSubstr("1:30: \"example.org/x\" is no URL to ask"));
  EXPECT_THAT(http("ftp://example.org"), HasSubstr("it begins with neither http:// nor https://"));
  EXPECT_THAT(http("file:///etc/passwd"), HasSubstr("neither http:// nor https://"));
  EXPECT_THAT(http("http://exa mple.org"), HasSubstr("is no URL to ask"));
  EXPECT_THAT(http("http://example.org:99999"), HasSubstr("is no URL to ask"));
  EXPECT_THAT(http("http://"), HasSubstr("is no URL to ask"));
  EXPECT_THAT(http("http://h/a/../b"), HasSubstr("a part of its path is `.` or `..`"));
  EXPECT_THAT(http("http://h/{id"), HasSubstr("`{` stands alone"));
  EXPECT_THAT(http("http://h/{two words}"), HasSubstr("`{two words}` is no place"));
  EXPECT_THAT(http("http://h/}"), HasSubstr("`}` stands alone"));
}

TEST_F(AdapterFile, RequestsThatMakeNoSenseAreRefused) {
  const auto http = [&](const std::string& more) {
    return wrong_with(R"({"A": {"use": "http", "url": "http://h", )" + more + "}}");
  };
  EXPECT_THAT(http(R"("method": "FETCH")"), HasSubstr("there is no method \"FETCH\""));
  EXPECT_THAT(http(R"("method": 7)"), HasSubstr("`method` is a string like \"POST\", and 7"));
  EXPECT_THAT(http(R"("method": "GET", "body": "x")"), HasSubstr("GET has no body"));
  EXPECT_THAT(http(R"("headers": ["a"])"), HasSubstr("`headers` is an object"));
  EXPECT_THAT(http(R"("headers": {"a b": "c"})"), HasSubstr("cannot be the name of a header"));
  EXPECT_THAT(http(R"("headers": {"a": "b\r\nc: d"})"), HasSubstr("a header is one line"));
  EXPECT_THAT(http(R"("headers": {"IDEMPOTENCY-Key": "b"})"), HasSubstr("is always set by Lexum"));
  EXPECT_THAT(http(R"("follow": 1)"), HasSubstr("`follow` is true or false, and 1 is neither"));
  EXPECT_THAT(http(R"("timeout_ms": 1.5)"), HasSubstr("and 1.5 is none"));
  EXPECT_THAT(http(R"("timeout_ms": 99999999999999999999)"), HasSubstr("is a whole number from 1"));
}

TEST_F(AdapterFile, HoweverSpoiltIsReadOrToldOf) {
  const std::string whole = R"({
  "Infra": {"use": "exec", "program": ["./tool", "-v"], "env": ["PATH"], "at_once": 4},
  "Shop": {"use": "http", "method": "PUT", "url": "https://example.org/{kind}/{id}?q={q}",
           "headers": {"X": "{{y}}"}, "body": {"id": "{id}", "list": [1, 2.5, null, "{a} b"]}},
  "F": {"use": "file", "root": "files"}, "L": {"use": "log", "to": "audit"}
})";
  ASSERT_EQ(wrong_with(whole), "");
  std::mt19937_64 random(2026);
  constexpr std::string_view kBytes = "{}[]\",:0-9e.\\ \n\0\xff\xc3u";
  for (int i = 0; i < 5'000; ++i) {
    std::string text = whole;
    for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = kBytes[random() % kBytes.size()];
          break;
        case 1:
          text.erase(at, random() % 20);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
    }
    const std::string wrong = wrong_with(text);
    EXPECT_THAT(wrong, testing::AnyOf("", testing::StartsWith("adapters.json:"))) << text;
  }
}

TEST_F(AdapterFile, FoldersAreLookedForBeforeTheRun) {
  EXPECT_THAT(wrong_with(R"({"F": {"use": "file", "root": "tool"}})"),
              HasSubstr("adapters.json:1:31: tool is no folder; make it"));
  EXPECT_THAT(wrong_with(R"({"F": {"use": "file", "root": ""}})"), HasSubstr("is no folder"));
  EXPECT_THAT(wrong_with(R"({"F": {"use": "file"}})"), HasSubstr("here `root` is missing"));
  EXPECT_THAT(wrong_with(R"({"F": {"use": "log", "to": "none/log"}})"),
              HasSubstr("1:28: none/log cannot be a log"));
  EXPECT_THAT(wrong_with(R"({"F": {"use": "log", "to": "files"}})"),
              HasSubstr("files cannot be a log"));
  EXPECT_THAT(wrong_with(R"({"F": {"use": "log", "to": "a\u0000b"}})"), HasSubstr("is a string"));
}

}  // namespace
}  // namespace lexum
