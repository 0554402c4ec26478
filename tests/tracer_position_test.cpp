// What is printed as a position can be typed as one, and leads there.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/inputs.h"
#include "timeline_witness.h"
#include "tracer/position.h"

namespace lexum {
namespace {

using testing::HasSubstr;

const Program& mixed() {
  static const std::shared_ptr<const Program> program = program_of(kMixed);
  return *program;
}

// As it is printed, or what is wrong.
std::string read(std::string_view text) {
  const Result<Position> position = read_position(mixed(), text);
  return position ? position_text(mixed(), *position) : "error: " + position.error().what;
}

TEST(Position, IsPrintedAsItIsTyped) {
  for (const char* text :
       {"0", "1042", "1042:3", "start", "end", "0%", "50%", "100%", "@before-crash", "fault:1",
        "msg:Hub#1", "msg:Counter[-3]#12", "msg:Worker[\"a/b#2\"]#7", "night/1042", "night/@noon",
        "a.b-2/msg:Worker[\"x\"]#1", "18446744073709551615"}) {
    EXPECT_EQ(read(text), text);
  }
}

TEST(Position, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(read(""), HasSubstr("write a cycle (1042)"));
  EXPECT_THAT(read("soon"), HasSubstr("`soon` is no position; write a cycle (1042)"));
  EXPECT_THAT(read("-1"), HasSubstr("`-1` is no position"));
  EXPECT_THAT(read("12 "), HasSubstr("`12 ` is no position"));
  EXPECT_THAT(read("18446744073709551616"), HasSubstr("is no position"));
  EXPECT_THAT(read("7:0"), HasSubstr("statements count from 1"));
  EXPECT_THAT(read("101%"), HasSubstr("from 0% to 100%"));
  EXPECT_THAT(read("@"), HasSubstr("is no bookmark"));
  EXPECT_THAT(read("fault:0"), HasSubstr("numbered from 1"));
  EXPECT_THAT(read("msg:Hub"), HasSubstr("does not say which send is meant"));
  EXPECT_THAT(read("msg:Hbu#1"), HasSubstr("did you mean `Hub`?"));
  EXPECT_THAT(read("msg:Counter#1"), HasSubstr("say which, as in Counter[7]"));
  EXPECT_THAT(read("msg:#1"), HasSubstr("error: "));
}

RC_GTEST_PROP(Position, IsReadBackWhateverItIs, ()) {
  const auto domain = mixed().find_domain("Worker");
  const std::string key = *rc::gen::container<std::string>(
      rc::gen::element('a', '"', '\\', '/', '#', ']', '[', '\n', '\x01', ' ', '{', ':', '@'));
  const auto number = *rc::gen::inRange<uint64_t>(1, UINT64_MAX);
  const Position position{
      .branch = *rc::gen::element<std::string>("", "night", "a-b.c_9"),
      .place = AtSend{.domain = domain, .key = Value::of(std::string_view(key)), .number = number}};
  const Result<Position> back = read_position(mixed(), position_text(mixed(), position));
  RC_ASSERT(back.ok());
  RC_ASSERT(*back == position);
}

RC_GTEST_PROP(Position, NeverBreaksOnWhatIsTyped, (const std::string& text)) {
  const Result<Position> position = read_position(mixed(), text);
  if (position) RC_ASSERT(*read_position(mixed(), position_text(mixed(), *position)) == *position);
}

std::string place(TraceReader& trace, std::string_view text, const Bookmarks& bookmarks = {}) {
  const Result<Position> position = read_position(trace.program(), text);
  if (!position) return position.error().what;
  const Result<Moment> moment = moment_of(*position, trace, bookmarks);
  return moment ? position_text(*moment) : moment.error().what;
}

TEST(Position, LeadsSomewhere) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  const uint64_t cycles = trace->cycles();
  EXPECT_EQ(place(*trace, "start"), "0");
  EXPECT_EQ(place(*trace, "0%"), "0");
  EXPECT_EQ(place(*trace, "end"), std::to_string(cycles));
  EXPECT_EQ(place(*trace, "100%"), std::to_string(cycles));
  EXPECT_EQ(place(*trace, "50%"), std::to_string(cycles / 2));
  EXPECT_EQ(place(*trace, "17:2"), "17:2");
  EXPECT_THAT(place(*trace, "100000"), HasSubstr("the trace ends with " + std::to_string(cycles)));
  EXPECT_EQ(place(*trace, "@noon", {{"noon", {.cycle = 12}}}), "12");
  EXPECT_THAT(place(*trace, "@non", {{"noon", {.cycle = 12}}}), HasSubstr("did you mean `noon`?"));
  EXPECT_THAT(place(*trace, "@noon"), HasSubstr("none has been set"));
}

TEST(Position, OfEveryFaultIsItsCycle) {
  Recorded run = record(kMixed);
  const auto trace = run.open();
  std::vector<std::string> faults;
  const Visit note = [&](const EventView& event, uint64_t at) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran != nullptr && ran->fault) faults.push_back(std::to_string(at));
    return true;
  };
  ASSERT_TRUE(scan(*trace, 0, trace->cycles(), {}, note));
  ASSERT_GT(faults.size(), 3u);
  for (size_t i = 0; i < faults.size(); ++i) {
    EXPECT_EQ(place(*trace, "fault:" + std::to_string(i + 1)), faults[i]);
  }
  EXPECT_THAT(place(*trace, "fault:1000"),
              HasSubstr("the last one is fault:" + std::to_string(faults.size())));
  Recorded calm = record(kTwoDomains, two_domains_pending());
  EXPECT_EQ(place(*calm.open(), "fault:1"), "nothing faulted in this run");
}

// Keys that retire and come back, with keyframes here and there.
TEST(Position, OfEverySendIsTheCycleThatSentIt) {
  const char* program = R"(
domain Node[id: int] {
  state { hops: int }
  transition Hop(left: int) {
    hops += 1
    if left > 0 { send Node[(self.id + 1) % 3] Hop(left: left - 1) }
    if left % 5 == 0 { emit Log.It(left: left)  retire }
  }
}
)";
  const auto loaded = program_of(program);
  const Recording how{.start_values = {},
                      .inputs = {*read_message(*loaded, "Node[0] Hop(left: 60)")}};
  for (uint64_t seed = 1; seed < 6; ++seed) {
    Witnessed run(program, how, seed);
    const auto trace = run.open();
    auto timeline = std::move(*Timeline::open(*trace));
    std::map<int64_t, uint64_t> sends;
    for (uint64_t cycle = 1; cycle <= trace->cycles(); ++cycle) {
      ASSERT_TRUE(timeline->go_to(cycle));
      const CycleView ran = *timeline->event();
      for (size_t i = 0; i < ran.emissions.size(); ++i) {
        const uint64_t number = ++sends[ran.key.as_int()];
        EXPECT_EQ(place(*trace, fmt::format("msg:Node[{}]#{}", ran.key.as_int(), number)),
                  std::to_string(cycle));
      }
    }
    ASSERT_EQ(sends.size(), 3u);
    EXPECT_THAT(place(*trace, "msg:Node[0]#1000"),
                HasSubstr(fmt::format("its last is msg:Node[0]#{}", sends[0])));
    EXPECT_EQ(place(*trace, "msg:Node[9]#1"), "Node[9] sent nothing in this run");
  }
}

}  // namespace
}  // namespace lexum
