// Everything that happened is found, in order, from whichever end.
#include "tracer/scan.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

using Seen = std::vector<std::string>;

Seen seen(TraceReader& trace, uint64_t from, uint64_t to) {
  const LineWriter lines(trace.program());
  Seen seen;
  const Result<ScanEnd> end = scan(trace, from, to, {}, [&](const EventView& event, uint64_t at) {
    seen.push_back(std::to_string(at) + " " + lines.line(event));
    return true;
  });
  EXPECT_TRUE(end.ok());
  return seen;
}

TEST(Scan, SeesTheSameFromBothEnds) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  ASSERT_GT(trace->chunks().size(), 3u);
  Seen forwards = seen(*trace, 0, trace->cycles());
  Seen backwards = seen(*trace, trace->cycles(), 0);
  EXPECT_GT(forwards.size(), trace->cycles());
  std::ranges::reverse(backwards);
  EXPECT_EQ(forwards, backwards);
}

TEST(Scan, SeesWhatBelongsToItsCyclesAndNothingElse) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const Seen all = seen(*trace, 0, trace->cycles());
  for (uint64_t from = 0; from <= trace->cycles(); from += 7) {
    const uint64_t to = std::min(from + 11, trace->cycles());
    Seen expected;
    for (const std::string& line : all) {
      const uint64_t at = std::stoull(line);
      if (at >= from && at <= to) expected.push_back(line);
    }
    EXPECT_EQ(seen(*trace, from, to), expected);
    if (from == to) continue;
    std::ranges::reverse(expected);
    EXPECT_EQ(seen(*trace, to, from), expected) << from;
  }
}

TEST(Scan, StopsWhenItIsToldTo) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const auto stop_at = [&](uint64_t from, uint64_t to, uint64_t stop) {
    std::vector<uint64_t> visited;
    EXPECT_TRUE(scan(*trace, from, to, {}, [&](const EventView&, uint64_t at) {
      visited.push_back(at);
      return at != stop;
    }));
    return visited;
  };
  EXPECT_EQ(stop_at(0, trace->cycles(), 40).back(), 40u);
  EXPECT_EQ(stop_at(trace->cycles(), 0, 40).back(), 40u);
  std::atomic<bool> interrupt = true;
  const Result<ScanEnd> end = scan(*trace, 0, trace->cycles(), {.interrupt = &interrupt},
                                   [](const EventView&, uint64_t) { return true; });
  EXPECT_TRUE(end->interrupted);
}

TEST(Scan, TellsHowFarItIs) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  std::vector<uint64_t> told;
  const Looking looking{.progress = [&](uint64_t cycle) { told.push_back(cycle); }};
  ASSERT_TRUE(
      scan(*trace, 0, trace->cycles(), looking, [](const EventView&, uint64_t) { return true; }));
  EXPECT_EQ(told.size(), trace->chunks().size());
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_EQ(told.back(), trace->cycles());
}

}  // namespace
}  // namespace lexum
