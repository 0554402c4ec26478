// The log of the two-domain program tells its story, and every kind of line can be read.
#include <regex>

#include "tracer_fixture.h"

namespace lexum {
namespace {

using testing::Contains;
using testing::HasSubstr;

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

TEST(Log, SumsUpLongValues) {
  Recorded run = record(kMixed);
  EXPECT_THAT(narrow_log(run), Contains(HasSubstr("names: edited → list of 30")));
}

}  // namespace
}  // namespace lexum
