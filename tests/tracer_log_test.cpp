// The log of the two-domain program tells its story, and every kind of line can be read.
#include <regex>

#include "tracer/brief.h"
#include "tracer_fixture.h"
#include "value/change.h"

namespace lexum {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Blanks between columns as one.
std::string narrow(const std::string& line) {
  static const std::regex kBlanks(" +");
  const std::string one = std::regex_replace(line, kBlanks, " ");
  return one.substr(one.find_first_not_of(' '));
}

std::vector<std::string> narrow_log(Recorded& run) {
  std::vector<std::string> lines;
  for (const std::string& line : log_of(*run.open())) lines.push_back(narrow(line));
  return lines;
}

TEST(Log, TellsTheStoryOfTwoDomains) {
  Recorded run = record(kTwoDomains, two_domains_pending());
  const std::vector<std::string> lines = narrow_log(run);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "cycle tick instance ran because of what came of it");
  EXPECT_EQ(lines[1],
            "1 1 DatabaseProvisioner BootDB goal DBIsReady status: \"pending\" → \"ready\"; "
            "effect Infra.CreatePostgres(); broadcast Event::DatabaseReady() to AppProvisioner; "
            "goal DBIsReady pursued → satisfied");
  EXPECT_THAT(lines[2], HasSubstr("2 2 AppProvisioner on Event::DatabaseReady broadcast by "
                                  "DatabaseProvisioner, cycle 1 db_ready: false → true"));
  EXPECT_THAT(lines[3],
              HasSubstr("3 3 AppProvisioner BootApp goal AppIsLive app_status: \"\" → \"running\"; "
                        "effect Infra.StartAppContainer()"));
}

TEST(Log, CanBeginAndEndInTheMiddle) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const std::vector<std::string> all = log_of(*trace);
  const std::vector<std::string> some = log_of(*trace, 20, 24);
  ASSERT_GE(some.size(), 6u);
  EXPECT_EQ(narrow(some[1]).substr(0, 3), "20 ");
  EXPECT_EQ(narrow(some.back()).substr(0, 3), "24 ");
  for (const std::string& line : some) EXPECT_THAT(all, Contains(line));
  EXPECT_EQ(log_of(*trace, trace->cycles() + 1).size(), 1u);
}

TEST(Log, NamesFaultsAndWhatTheyUndid) {
  Recorded run = record(R"(
domain D {
  state { left: int = 1  x: int }
  goal Done { predicate x == 100 }
  transition Divide { left -= 1 x = 10 / left }
}
)");
  EXPECT_THAT(narrow_log(run), Contains(HasSubstr("fault F002 division by zero at 5:37")));
  EXPECT_THAT(narrow_log(run), Contains(HasSubstr("(undone: left = 0)")));
}

TEST(Log, ShowsWhatWasEditedInALongValue) {
  Recorded run = record(kMixed);
  EXPECT_THAT(narrow_log(run),
              Contains(HasSubstr("names: list of 29 → 30 ([29] + \"worker number 30\"); ")));
  EXPECT_THAT(narrow_log(run), Contains(HasSubstr("seen: [] → list of ")));
}

// What the log says of `field`, cycle by cycle, when it is what each slice leaves.
std::vector<std::string> edits_of(const std::string& state,
                                  const std::vector<std::string>& slices) {
  std::string body;
  for (size_t i = 0; i < slices.size(); ++i) {
    body += "slice s" + std::to_string(i) + " { " + slices[i] + " } ";
  }
  Recorded run = record(
      "type Task { id: int, note: string, tags: list<string> }\n"
      "domain D { state { " +
      state + " n: int } transition Boot { " + body + " } }");
  EXPECT_EQ(log_of(*run.open()), run.log) << "live it looks the same";
  std::vector<std::string> shown;
  for (const std::string& line : run.log) shown.push_back(line.substr(line.rfind("  ") + 2));
  shown.erase(shown.begin());
  return shown;
}

TEST(Log, TellsTheEditsOfLists) {
  EXPECT_THAT(
      edits_of("l: list<int>", {"for i in 0..100 { l = l.add(i) }", "l[7] = -1", "l = l.add(5)",
                                "l.pop()", "l[0] = 9 l[98] = 9 l = l.add(6)", "l = l.slice(0, 98)",
                                "for i in 0..50 { l[i] = -i }", "l = [1]", "l = []"}),
      ElementsAre(
          "l: [] → list of 100", "l: list of 100 ([7]: 7 → -1)", "l: list of 100 → 101 ([100] + 5)",
          "l: list of 101 → 100 ([0] - 0)",
          "l: list of 100 → 101 ([0]: 1 → 9, [98]: 99 → 9, [100] + 6)",
          "l: list of 101 → 98 ([98] - 9, [99] - 5, [100] - 6)",
          AllOf(StartsWith("l: list of 98 ([0] - 9, [1] - 2, [2] - 3, "), EndsWith(" more)")),
          AllOf(StartsWith("l: list of 98 → 1 ("), EndsWith(" more)")), "l: [1] → []"));
}

TEST(Log, TellsTheEditsOfTextsAndMaps) {
  EXPECT_THAT(edits_of("t: string", {"for i in 0..20 { t += \"line,\" }", "t += \"é\"",
                                     "t = \"x\" + t", "t = \"\""}),
              ElementsAre("t: \"\" → text of 100", "t: text of 100 → 102 ([100] + \"é\")",
                          "t: text of 102 → 103 ([0] + \"x\")", "t: text of 103 → \"\""));
  EXPECT_THAT(edits_of("m: map<string, int>", {"for i in 10..90 { m[str(i)] = i }", "m[\"12\"] = 0",
                                               "m[\"a\"] = 1", "m = m.remove(\"10\")"}),
              ElementsAre("m: {} → map of 80", "m: map of 80 (entry 3: 12 → 0)",
                          "m: map of 80 → 81 ([\"a\"] + 1)", "m: map of 81 → 80 ([\"10\"] - 10)"));
}

TEST(Log, TellsTheEditsInside) {
  EXPECT_THAT(edits_of("l: list<Task> m: map<int, Task> last: Task",
                       {"for i in 0..20 { l = l.add(Task(id: i)) m[i] = Task(id: i) }",
                        "l[3].note = \"new\"", "l[4].tags = [\"x\"] l[4].id = 8", "m[7].id = 8",
                        "last.note = str(l)", "last.id = 3", "l = l.add(Task(id: 77)) n = 1 / n"}),
              ElementsAre("l: [] → list of 20; m: {} → map of 20",
                          "l: list of 20 ([3].note: \"\" → \"new\")",
                          "l: list of 20 ([4].id: 4 → 8, [4].tags: [] → [\"x\"])",
                          "m: map of 20 (entry 8.id: 7 → 8)",
                          StartsWith("last: Task (note: \"\" → text of "), "last: Task (id: 0 → 3)",
                          EndsWith("(undone: l ([20] + Task(id: 77, note: \"\", tags: [])))")));
}

TEST(Log, SurvivesEditsThatMakeNoSense) {
  const auto program = program_of("domain D { state { l: list<list<int>> } }");
  const TypeId type = program->domains[0].fields[0].type;
  ByteWriter edit;
  encode_change(edit, Value::list(std::vector<Value>(12, Value::list(std::vector<Value>(20)))),
                Value::list(std::vector<Value>(14, Value::list(std::vector<Value>(10)))));
  std::vector<std::byte> bytes(edit.bytes().begin(), edit.bytes().end());
  EXPECT_TRUE(outline(*program, type, bytes, 72).has_value());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(outline(*program, type, Bytes(bytes).first(size), 72).has_value()) << size;
  }
  for (size_t at = 0; at < 200; ++at) {
    for (const std::byte bits : {std::byte{0x01}, std::byte{0x80}, std::byte{0xff}}) {
      std::vector<std::byte> spoilt = bytes;
      spoilt[at] ^= bits;
      const auto made = outline(*program, type, spoilt, 72);
      EXPECT_LT(made ? made->text.size() : 0, 1000u);
    }
  }
}

}  // namespace
}  // namespace lexum
