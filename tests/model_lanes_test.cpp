// What is on the screen of a small run, and what stays so at every size.
#include <random>

#include "machine/inputs.h"
#include "model_fixture.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Axis, KeepsWhatIsUnderThePointerWhereItIs) {
  Axis axis(1, 10'000'000);
  axis.set_width(1600);
  axis.fit();
  EXPECT_EQ(axis.first_seen(), 1u);
  EXPECT_EQ(axis.last_seen(), 10'000'000u);
  for (int i = 0; i < 20; ++i) axis.zoom(2, 800);
  const uint64_t cycle = axis.cycle_at(800);
  axis.zoom(3, 800);
  EXPECT_EQ(axis.cycle_at(800), cycle);
  EXPECT_NEAR(axis.x_of(cycle), 800, axis.pixels_per_cycle());
}

TEST(Axis, NeverLeavesTheRun) {
  std::mt19937_64 random(1);
  Axis axis(1, 1000);
  axis.set_width(500);
  axis.fit();
  for (int i = 0; i < 10'000; ++i) {
    if (random() % 2 == 0)
      axis.zoom(random() % 2 == 0 ? 1.7 : 0.4, static_cast<double>(random() % 500));
    else axis.pan(static_cast<double>(random() % 4000) - 2000);
    ASSERT_GE(axis.first_seen(), 1u);
    ASSERT_LE(axis.last_seen(), 1000u);
    ASSERT_LT(axis.x_of(axis.first_seen()), 1.0);
  }
  axis.reveal(1000);
  EXPECT_EQ(axis.last_seen(), 1000u);
}

TEST_F(Shop, HasALaneForEachInstance) {
  std::vector<std::string> names;
  for (const Lane& lane : lanes_.all()) names.push_back(lane.name);
  EXPECT_THAT(names, ElementsAre("Shelf[0]", "Shelf[1]", "Till"));
  EXPECT_EQ(lanes_.all()[lanes_.lane_at(1)].name, "Till");
  EXPECT_EQ(lanes_.lane_at(99), 3u);
}

TEST_F(Shop, DrawsABarForEachCycle) {
  const auto& bars = lanes_.bars(axis_, 0, 3);
  ASSERT_EQ(bars.size(), 3u);
  EXPECT_EQ(bars[0].size(), 2u);
  EXPECT_EQ(bars[1].size(), 2u);
  ASSERT_EQ(bars[2].size(), 4u);
  EXPECT_EQ(bars[2][0].cycle, 1u);
  EXPECT_EQ(bars[2][0].mark, BarMark::kSends);
  EXPECT_EQ(bars[2][3].mark, BarMark::kFlips) << "the goal has come to hold";
  EXPECT_NEAR(bars[2][1].x, axis_.x_of(3), 0.01);
  EXPECT_EQ(lanes_.bars(axis_, 2, 1)[0].size(), 4u);
}

TEST_F(Shop, DrawsAnEdgeForEachMessage) {
  Edges edges(session_->trace(), lanes_);
  const auto& seen = edges.seen(axis_);
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0].sent, 1u);
  EXPECT_EQ(seen[0].taken, 2u);
  EXPECT_EQ(lanes_.all()[seen[0].from].name, "Till");
  EXPECT_EQ(lanes_.all()[seen[0].to].name, "Shelf[1]");
  EXPECT_FALSE(edges.is_too_many());
  // Of a message that is taken further on, only the beginning is seen.
  axis_.set_width(100);
  for (int i = 0; i < 3; ++i) axis_.zoom(3, 0);
  const auto& less = edges.seen(axis_);
  ASSERT_EQ(axis_.first_seen(), 1u);
  ASSERT_EQ(axis_.last_seen(), 1u);
  ASSERT_EQ(less.size(), 1u);
  EXPECT_EQ(less[0].taken, 0u);
  EXPECT_EQ(lanes_.all()[less[0].to].name, "Shelf[1]");
}

TEST_F(Shop, ShowsHowGoalsStandOverTime) {
  Bands bands(session_->trace(), lanes_);
  bands.begin_frame();
  EXPECT_TRUE(bands.of(0, axis_).empty()) << "a shelf has no goals";
  const auto& till = bands.of(2, axis_);
  ASSERT_EQ(till.size(), 1u);
  ASSERT_EQ(till[0].size(), 2u);
  EXPECT_EQ(till[0][0].status, GoalStatus::kPursued);
  EXPECT_EQ(till[0][0].until, 7u);
  EXPECT_EQ(till[0][1].from, 7u);
  EXPECT_EQ(till[0][1].status, GoalStatus::kSatisfied);
  EXPECT_FALSE(bands.is_partial());
}

TEST_F(Shop, InspectsWhatHasChangedFirst) {
  ASSERT_TRUE(session_->go_to(Moment{.cycle = 7}));
  const InspectorView till = inspect(*session_, session_->program().find_domain("Till"), Value());
  EXPECT_EQ(till.instance, "Till");
  EXPECT_EQ(till.doing, "Sell");
  ASSERT_EQ(till.fields.size(), 2u);
  EXPECT_EQ(till.fields[0].before + " → " + till.fields[0].value, "3 → 4");
  ASSERT_TRUE(session_->go_to(Moment{.cycle = 1}));
  const InspectorView before = inspect(*session_, session_->program().find_domain("Till"), Value());
  EXPECT_THAT(before.goals[0].distance, HasSubstr("sold: 1 → >= 4"));
  const InspectorView shelf =
      inspect(*session_, session_->program().find_domain("Shelf"), Value::of(int64_t{1}));
  EXPECT_THAT(shelf.mail, ElementsAre("Take(n: 1)"));
  EXPECT_EQ(
      inspect(*session_, session_->program().find_domain("Shelf"), Value::of(int64_t{9})).instance,
      "");
}

// How many statuses stand in their bands as they did in the run: all of them.
size_t compare_bands(Session& session, Lanes& lanes, const Axis& axis) {
  Bands bands(session.trace(), lanes);
  Timeline& timeline = session.timeline();
  size_t compared = 0;
  for (size_t lane = 0; lane < lanes.all().size(); ++lane) {
    bands.begin_frame();
    const Lane& who = lanes.all()[lane];
    const auto goals = bands.of(lane, axis);
    for (uint64_t cycle = 1; cycle <= session.trace().cycles(); ++cycle) {
      EXPECT_TRUE(timeline.go_to(cycle));
      const InstanceId id = timeline.find(who.domain, who.key);
      if (!id) continue;
      for (size_t goal = 0; goal < goals.size(); ++goal) {
        const auto& all = goals[goal];
        const auto band = std::ranges::find_if(
            all, [&](const Band& one) { return one.from <= cycle && cycle < one.until; });
        if (band == all.end()) {
          ADD_FAILURE() << who.name << " at " << cycle;
          continue;
        }
        EXPECT_EQ(band->status, timeline.state()[id].goals[goal])
            << who.name << " " << goal << " at " << cycle;
        ++compared;
      }
    }
  }
  return compared;
}

TEST_F(Goals, StandInTheirBandsAsTheyDidInTheRun) {
  EXPECT_GT(compare_bands(*session_, lanes_, axis_), 1000u);
}

// Till is set back when it has sold four, and on when it has sold three of the next ones.
class Meddled : public Shop {
 protected:
  Meddled() : Shop(kShop, acts()) {}
  static Recording acts() {
    const auto program = program_of(kShop);
    Recording how;
    for (const char* act :
         {R"({"set": "Till.sold=2", "at": 30})", R"({"set": "Till.sold=9", "at": 31})",
          R"({"set": "Till.sold=3", "at": 40})"}) {
      how.inputs.push_back(*read_input_line(*program, act));
    }
    return how;
  }
};

TEST_F(Meddled, HasBandsAndStepsForWhatOperatorsDid) {
  EXPECT_GT(compare_bands(*session_, lanes_, axis_), 10u);
  History history;
  const FieldTarget sold = *read_field_target(session_->program(), "Till.sold");
  std::string text;
  for (const PlotStep& step : history.of(session_->trace(), sold, axis_, Pyramid())) {
    text += std::to_string(step.cycle) + ":" + std::to_string(static_cast<int>(step.last)) + " ";
  }
  EXPECT_EQ(text, "1:0 1:1 3:2 5:3 7:4 8:2 9:3 9:9 10:3 11:4 ");
}

class Broken : public Shop {
 protected:
  Broken()
      : Shop(
            "domain D { state { n: int } goal G { predicate n > 9 } transition T { n += 4 } "
            "invariant Small { n < 6 } }") {}
};

TEST_F(Broken, ShowsWhatAFaultHasKeptFromHappening) {
  ASSERT_TRUE(session_->go_to("fault:1"));
  const InspectorView view = inspect(*session_, session_->program().find_domain("D"), Value());
  EXPECT_THAT(view.fault, HasSubstr("F010"));
  EXPECT_TRUE(view.faulted);
  EXPECT_EQ(view.fields[0].value, "4");
  EXPECT_EQ(view.fields[0].rejected, "8");
}

TEST_F(Crowd, FoldsWhatIsTooThinAndLosesNothing) {
  const size_t lanes = lanes_.all().size();
  EXPECT_EQ(lanes, 41u);
  for (const double zoom : {1.0, 4.0, 50.0, 3.0}) {
    axis_.zoom(zoom, 300);
    std::vector<uint64_t> there(lanes);
    for (uint64_t cycle = axis_.first_seen(); cycle <= axis_.last_seen(); ++cycle) {
      ++there[lanes_.lane_at(cycle)];
    }
    const auto& bars = lanes_.bars(axis_, 0, lanes);
    for (size_t lane = 0; lane < lanes; ++lane) {
      uint64_t count = 0;
      for (const Bar& bar : bars[lane]) count += bar.count;
      EXPECT_EQ(count, there[lane]) << lanes_.all()[lane].name;
      EXPECT_LE(bars[lane].size(), 800 / 3 + 2u);
    }
  }
}

TEST_F(Crowd, MarksFaultsOnTheMinimap) {
  EXPECT_TRUE(lanes_.minimap(100)[50] == 0) << "nothing is known yet";
  while (lanes_.sum_up(1)) {
  }
  const auto& parts = lanes_.minimap(100);
  EXPECT_TRUE(std::ranges::any_of(parts, [](float part) { return part < 0; }));
  EXPECT_TRUE(
      std::ranges::all_of(parts, [](float part) { return part >= -1 && part <= 1 && part != 0; }));
}

TEST_F(Shop, CountsHowOftenEachRoutineRan) {
  while (lanes_.sum_up(1)) {
  }
  const Program& program = session_->program();
  EXPECT_EQ(lanes_.runs_of(program.find_domain("Till"), RoutineIndex(size_t{0})), 4u);
  EXPECT_EQ(lanes_.runs_of(program.find_domain("Shelf"), RoutineIndex(size_t{0})), 4u);
  EXPECT_EQ(lanes_.runs_of(program.find_domain("Shelf"), RoutineIndex(size_t{1})), 0u);
  const Listing listing = listing_of(*session_);
  EXPECT_EQ(listing.lines[9].domain, program.find_domain("Till"));
}

TEST_F(Crowd, HasNoEdgesWhereTheyCouldNotBeToldApart) {
  Edges edges(session_->trace(), lanes_);
  EXPECT_TRUE(edges.seen(axis_).empty());
  EXPECT_TRUE(edges.is_too_many());
  axis_.show(1000, 1100);
  EXPECT_FALSE(edges.seen(axis_).empty());
}

TEST_F(Shop, HasAStepForEachWriteOfAField) {
  History history;
  const FieldTarget sold = *read_field_target(session_->program(), "Till.sold");
  std::string text;
  for (const PlotStep& step : history.of(session_->trace(), sold, axis_, Pyramid())) {
    text += std::to_string(step.cycle) + ":" + std::to_string(static_cast<int>(step.last)) + " ";
  }
  EXPECT_EQ(text, "1:0 1:1 3:2 5:3 7:4 ");
  const FieldTarget status = *read_field_target(session_->program(), "Till.status");
  EXPECT_TRUE(history.of(session_->trace(), status, axis_, Pyramid()).empty())
      << "a text has no height";
}

}  // namespace
}  // namespace lexum
