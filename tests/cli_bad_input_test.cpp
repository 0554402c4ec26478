// Whatever the bytes and whatever the disk: a clear error with its place and the way out, never a
// crash, never a hang.
#include <string>
#include <vector>

#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;

struct Bad {
  std::string name;
  std::string text;
  std::string code;
  std::string place;  // ":LINE:COLUMN:"
  std::string says;
};

std::string times(size_t n, const std::string& piece) {
  std::string text;
  text.reserve(n * piece.size());
  for (size_t i = 0; i < n; ++i) text += piece;
  return text;
}

std::vector<Bad> bad_programs() {
  const std::string state = "domain D { state { n: int } ";
  return {
      {"empty", "", "E110", ":1:1:", "domain"},
      {"only blanks", " \n\n", "E110", "", "domain"},
      {"not UTF-8", "domain D { }\n\xff\xfe", "E100", ":2:1:", "UTF-8"},
      {"UTF-16", std::string("d\0o\0m\0", 6), "E1", ":1:", ""},
      {"nested", state + "on Boot { n = " + times(10'000, "(") + "1" + times(10'000, ")") + " } }",
       "E108", ":1:", "200"},
      {"nested blocks",
       state + "on Boot { " + times(10'000, "if true { ") + times(10'000, "}") + "} }", "E108",
       ":1:", "200"},
      {"unclosed brace", state + "on Boot { n = 1", "E107", ":1:", "}"},
      {"unclosed string", state + "on Boot { log \"abc\n } }", "E102", ":1:", ""},
      {"unclosed comment", "domain D { } /* …", "E104", "", ""},
      {"one field twice", "domain D { state { n: int n: int } }", "E202", ":1:", "`n`"},
      {"one domain twice", "domain D { }\ndomain D { }", "E202", ":2:", "`D`"},
      {"unknown type", "domain D { state { n: itn } }", "E205", ":1:23:", "int"},
      {"single equals", state + "goal G { target n = 3 } transition T { n = 3 } }", "E109",
       ":1:", "=="},
      {"integer out of range", state + "on Boot { n = 9223372036854775808 } }", "E105", ":1:", ""},
      {"near miss", state + "on Boot { send D Hello } on Helo { n = 1 } }", "E204",
       ":1:", "`Helo`"},
      {"not a program", std::string(100'000, '\x01'), "E101", ":1:1:", ""},
  };
}

class BadInput : public Lxm {};

TEST_F(BadInput, OfAProgramIsNamedWithPlaceAndWayOut) {
  for (const Bad& bad : bad_programs()) {
    SCOPED_TRACE(bad.name);
    write("bad.lxm", bad.text);
    for (const char* command : {"check", "run"}) {
      const Answer answer = lxm(std::string(command) + " bad.lxm");
      EXPECT_EQ(answer.status, 1) << answer.err.substr(0, 2000);
      EXPECT_THAT(answer.err.substr(0, 4000), HasSubstr("bad.lxm" + bad.place));
      EXPECT_THAT(answer.err, HasSubstr("error " + bad.code));
      EXPECT_THAT(answer.err, HasSubstr(bad.says));
      EXPECT_LT(answer.err.size(), 100'000u) << "nobody reads that";
    }
    EXPECT_NE(lxm("fmt bad.lxm").status, 139);
  }
}

// Names of files may be any bytes, and whatever is typed, too; what is said of them is UTF-8.
TEST_F(BadInput, IsToldOfInUtf8) {
  write("d.lxm",
        "domain D { state { note: string n: int } goal G { target n == 1 } "
        "transition T { n = 1 } on M(n: int) { state.n = n } }");
  ASSERT_EQ(lxm("run d.lxm --data d").status, 0);
  for (const char* command : {"check --json $X.lxm",
                              "run --json $X.lxm",
                              "run d.lxm --json --set $X",
                              "run d.lxm --json --set D.note=$X",
                              "run d.lxm --json --send $X",
                              "run d.lxm --json --data $X/$X",
                              "run d.lxm --json --trace $X/$X",
                              "run d.lxm --json --input $X",
                              "run d.lxm --json --adapters $X",
                              "plan --json $X.lxm",
                              "inspect --json $X",
                              "inspect d --json --query $X",
                              "letters --json $X",
                              "status --json $X",
                              "upgrade --json $X $X.lxm",
                              "upgrade --json d $X.lxm",
                              "graph --json $X.lxm",
                              "set d $X",
                              "set d D.note=$X",
                              "send d $X",
                              "crash d $X",
                              "revive d $X",
                              "redeliver d $X",
                              "trace $X",
                              "log $X",
                              "diff $X d",
                              "repl $X",
                              "explain $X",
                              "fmt $X.lxm"}) {
    SCOPED_TRACE(command);
    const Answer answer =
        shell("X=$(printf 'no\\377'); lxm " + std::string(command) + " </dev/null");
    EXPECT_NE(answer.status, 0);
    EXPECT_LT(answer.status, 128) << answer.err;
    EXPECT_EQ(answer.out.find('\xff'), std::string::npos) << answer.out;
  }
}

TEST_F(BadInput, OfANumberThatIsTooBigForAnything) {
  write("d.lxm", "domain D { state { n: int } on M(n: int) { state.n = n } }");
  const Answer answer = shell(
      R"(echo '{"to": "D", "message": "M", "args": {"n": 1e999}}' | lxm run d.lxm --input -)");
  EXPECT_LT(answer.status, 128);
  EXPECT_THAT(answer.err, HasSubstr("standard input:1: it has a number that is too big"));
}

TEST_F(BadInput, ThatIsOnlyLongIsFine) {
  write("long.lxm", "domain D { state { n: int } on Boot { n = 1" + times(99'999, "+1") + " } }");
  EXPECT_EQ(lxm("check long.lxm").status, 0);
  EXPECT_THAT(lxm("run long.lxm --quiet").err, testing::IsEmpty());
  EXPECT_EQ(lxm("fmt long.lxm").status, 0);
  write("name.lxm", "domain D { state { " + std::string(1 << 20, 'x') + ": int } }");
  EXPECT_EQ(lxm("run name.lxm").status, 0);
}

TEST_F(BadInput, OfAMillionLinesIsReadInSeconds) {
  write("million.lxm",
        "domain D { state { n: int } on Boot {\n" + times(1'000'000, "n = n + 1\n") + "} }");
  const Answer fine = shell("timeout 60 '" LXM_BINARY "' check million.lxm");
  EXPECT_EQ(fine.status, 0) << fine.err.substr(0, 500);
  write("million.lxm",
        "domain D { state { n: int } on Boot {\n" + times(1'000'000, "n = m + 1\n") + "} }");
  const Answer wrong = shell("timeout 60 '" LXM_BINARY "' check million.lxm");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.err, HasSubstr("million.lxm:2:5:"));
  EXPECT_THAT(wrong.err, HasSubstr("more errors"));
}

TEST_F(BadInput, OfADisk) {
  write("ok.lxm", "domain D { state { n: int } goal G { target n == 9 } transition T { n += 1 } }");
  const Answer folder = lxm("run .");
  EXPECT_EQ(folder.status, 1);
  EXPECT_THAT(folder.err, HasSubstr("is a directory; name a file in it"));
  const Answer nowhere = lxm("run ok.lxm --trace none/t.lxtrace");
  EXPECT_EQ(nowhere.status, 6);
  EXPECT_THAT(nowhere.err, HasSubstr("none/t.lxtrace"));
  const Answer onto = lxm("run ok.lxm --trace .");
  EXPECT_EQ(onto.status, 6);
  EXPECT_THAT(onto.err, HasSubstr("directory"));
  const Answer foreign = lxm("run ok.lxm --trace ok.lxm");
  EXPECT_EQ(foreign.status, 6);
  EXPECT_THAT(read("ok.lxm"), HasSubstr("domain D")) << "a program is not overwritten";
  const Answer full = lxm("run ok.lxm --trace /dev/full");
  EXPECT_EQ(full.status, 6);
  EXPECT_THAT(full.err, HasSubstr("no room is left"));
}

TEST_F(BadInput, OfADiskThatFillsUpLeavesWhatWasWritten) {
  write("noise.lxm",
        "domain D { state { n: int = 1 text: string } goal G { target n == 0 }\n"
        "transition T { n = (n * 48271) % 2147483647 text = str(n) + str(n * 31) } }");
  const Answer full = shell("ulimit -f 1000 && lxm run noise.lxm --trace t.lxtrace");
  EXPECT_EQ(full.status, 6) << full.out;
  EXPECT_THAT(full.err, HasSubstr("no room is left"));
  const Answer replay = lxm("replay t.lxtrace");
  EXPECT_EQ(replay.status, 0) << replay.out << replay.err;
}

TEST_F(BadInput, OfATraceSaysHowMuchIsGood) {
  write("ok.lxm", "domain D { state { n: int } goal G { target n == 9 } transition T { n += 1 } }");
  ASSERT_EQ(lxm("run ok.lxm --trace t.lxtrace").status, 0);
  const std::string whole = read("t.lxtrace");
  write("torn.lxtrace", whole.substr(0, whole.size() - 10));
  const Answer torn = lxm("log torn.lxtrace");
  EXPECT_EQ(torn.status, 0) << torn.err;
  write("foreign.lxtrace", "GIF89a and so on");
  EXPECT_EQ(lxm("log foreign.lxtrace").status, 6);
  write("empty.lxtrace", "");
  EXPECT_EQ(lxm("inspect empty.lxtrace").status, 6);
  EXPECT_EQ(lxm("replay empty.lxtrace").status, 2);
}

}  // namespace
}  // namespace lexum
