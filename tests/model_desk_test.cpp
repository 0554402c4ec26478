// What somebody at the window has before them, and what is found out beside it.
#include <map>
#include <random>

#include "model/depth.h"
#include "model/flows.h"
#include "model_fixture.h"
#include "tracer/ask.h"

namespace lexum {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// ---- pyramids

TEST(Pyramid, IsAsLowAndAsHighAsWhatItStandsFor) {
  std::mt19937_64 random(1);
  for (const size_t steps_max : {size_t{16}, size_t{1000}, size_t{100'000}}) {
    Pyramid pyramid(steps_max);
    std::vector<std::pair<uint64_t, double>> all;
    uint64_t cycle = 0;
    for (int i = 0; i < 5'000; ++i) {
      cycle += 1 + random() % 20;
      all.emplace_back(cycle, static_cast<double>(random() % 1000));
      pyramid.add(all.back().first, all.back().second);
    }
    for (int i = 0; i < 200; ++i) {
      const uint64_t from = random() % cycle;
      const uint64_t to = from + random() % (cycle - from + 1);
      const size_t most = 1 + random() % 300;
      const auto seen = pyramid.seen(from, to, most);
      ASSERT_FALSE(seen.empty());
      EXPECT_LE(seen.size(), std::max<size_t>(most, 8)) << from << " " << to;
      if (all.front().first <= from) {
        EXPECT_LE(seen.front().cycle, from);
      }
      for (size_t k = 0; k + 1 < seen.size(); ++k) {
        double low = 1e9;
        double high = -1e9;
        double last = 0;
        for (const auto& [at, value] : all) {
          if (at < seen[k].cycle || at >= seen[k + 1].cycle) continue;
          low = std::min(low, value);
          high = std::max(high, value);
          last = value;
        }
        ASSERT_EQ(seen[k].low, low);
        ASSERT_EQ(seen[k].high, high);
        ASSERT_EQ(seen[k].last, last);
      }
    }
  }
}

TEST(Pyramid, KeepsSingleStepsWhereThereIsRoom) {
  Pyramid pyramid;
  EXPECT_TRUE(pyramid.is_empty());
  EXPECT_TRUE(pyramid.seen(1, 100, 10).empty());
  for (uint64_t cycle = 1; cycle <= 100; ++cycle) pyramid.add(cycle, static_cast<double>(cycle));
  const auto seen = pyramid.seen(50, 59, 20);
  ASSERT_EQ(seen.size(), 10u);
  EXPECT_EQ(seen.front().last, 50);
  EXPECT_EQ(seen.back().last, 59);
}

// ---- surveys

TEST_F(Crowd, IsSurveyedAsItsEventsSay) {
  TraceReader& trace = session_->trace();
  Survey survey(run_.files, "run");
  const FieldTarget field = *read_field_target(session_->program(), "Hub.n");
  survey.follow(field);
  while (survey.step()) {
  }
  EXPECT_TRUE(survey.has_news());
  EXPECT_TRUE(survey.take());
  EXPECT_FALSE(survey.has_news());
  EXPECT_TRUE(survey.is_done());
  uint64_t taken = 0;
  uint64_t dead = 0;
  uint64_t writes = 0;
  for (uint64_t cycle = 1; cycle <= trace.cycles(); ++cycle) {
    const CycleView ran = *cycle_at(trace, cycle);
    taken += ran.cause ? 1 : 0;
    dead += ran.dead;
    if (field.whose.has(ran.domain, ran.key)) writes += ran.changes.size();
  }
  uint64_t found = 0;
  for (const ChunkSurvey& chunk : survey.chunks()) {
    EXPECT_TRUE(chunk.is_readable);
    for (const Flow& flow : chunk.flows) {
      EXPECT_EQ(session_->program()[flow.from].name, "Hub");
      EXPECT_EQ(session_->program()[flow.to].name, "Leaf");
      found += flow.messages;
    }
  }
  EXPECT_EQ(found, taken);
  EXPECT_EQ(survey.dead_in_all(), dead);
  EXPECT_GT(dead, 0u) << "leaves that have failed take no more";
  EXPECT_EQ(survey.values().seen(0, trace.cycles(), 1'000'000).size(), writes + 1);
  EXPECT_TRUE(survey.has_all_values());
  survey.follow({});
  EXPECT_TRUE(survey.values().is_empty());
}

TEST_F(Crowd, IsSurveyedByAThreadAsWell) {
  Survey alone(run_.files, "run");
  while (alone.step()) {
  }
  alone.take();
  Survey survey(run_.files, "run");
  survey.start();
  while (!survey.is_done()) survey.take();
  survey.take();
  ASSERT_EQ(survey.chunks().size(), alone.chunks().size());
  EXPECT_EQ(survey.dead_in_all(), alone.dead_in_all());
  survey.follow(*read_field_target(session_->program(), "Hub.n"));
  while (!survey.has_all_values()) survey.take();
  EXPECT_FALSE(survey.values().is_empty());
}

constexpr const char* kCounts = R"(
domain Clock {
  state { n: int }
  goal Busy { predicate n >= 30_000 }
  transition Turn { n += 1  send Counter[n % 7] Add(by: n * 7919 % 1_000) }
}
domain Counter[id: int] {
  state { sum: int  note: string }
  on Add(by: int) { sum += by  note = "got " + str(by) }
}
)";

TEST(LongRun, IsPlottedRoughlyUntilItsEventsAreRead) {
  Recorded run = record(kCounts, {.start_values = {}, .inputs = {}, .cycles_max = 80'000});
  Survey survey(run.files, "run");
  survey.follow(*read_field_target(*run.program, "Clock.n"));
  survey.step();
  survey.take();
  ASSERT_FALSE(survey.has_all_values());
  const auto seen = [&] { return survey.values().seen(0, 80'000, 1'000'000); };
  ASSERT_FALSE(seen().empty());
  EXPECT_EQ(seen().back().high, 30'000) << "to the end of the run, of which a chunk was read";
  EXPECT_LT(seen().size(), 30'000u);
  while (survey.step()) survey.take();
  survey.take();
  ASSERT_TRUE(survey.has_all_values());
  EXPECT_EQ(seen().size(), 30'001u);
  EXPECT_EQ(seen().back().high, 30'000);
}

TEST_F(Crowd, ShowsWhichChunkIsDamaged) {
  const ChunkEntry& chunk = session_->trace().chunks()[1];
  run_.files["run"][chunk.place.offset + 200] ^= 0x55;
  const Looking looking;
  const auto session = std::move(*Session::open(run_.files, "run", looking));
  Desk desk(*session);
  while (desk.begin_frame()) {
  }
  EXPECT_THAT(desk.lost(), ElementsAre(1u));
}

TEST_F(Crowd, TellsHowMuchGoesFromDomainToDomain) {
  Scene scene(run_.files, session_->trace());
  EXPECT_TRUE(flows_of(scene, axis_, 100, 4).empty());
  while (scene.survey.step()) {
  }
  scene.survey.take();
  uint64_t all = 0;
  double x = 0;
  for (const FlowView& flow : flows_of(scene, axis_, 100, 4)) {
    EXPECT_GT(flow.x, x);
    x = flow.x;
    all += flow.messages;
  }
  uint64_t taken = 0;
  for (uint64_t cycle = 1; cycle <= session_->trace().cycles(); ++cycle) {
    taken += cycle_at(session_->trace(), cycle)->cause ? 1 : 0;
  }
  EXPECT_EQ(all, taken);
}

// ---- depth and hops

TEST_F(Goals, AreAsDeepAsTheirCauses) {
  TraceReader& trace = session_->trace();
  const uint64_t last = trace.cycles();
  const auto columns = by_depth(trace, 1, last);
  ASSERT_NE(columns, nullptr);
  std::vector<uint32_t> depth(last + 1);
  std::map<size_t, uint32_t> own;
  for (uint64_t cycle = 1; cycle <= last; ++cycle) {
    const CycleView ran = *cycle_at(trace, cycle);
    uint32_t& deepest = own[lanes_.lane_at(cycle)];
    depth[cycle] = 1 + std::max(deepest, ran.cause ? depth[ran.cause->cycle] : 0);
    deepest = depth[cycle];
    EXPECT_EQ(columns->of[cycle - 1] + 1, depth[cycle]) << cycle;
  }
  EXPECT_EQ(columns->cycles.size(), *std::ranges::max_element(depth));
  axis_.lay_out(columns);
  EXPECT_EQ(axis_.first_seen(), 1u);
  EXPECT_EQ(axis_.last_seen(), last);
  EXPECT_EQ(axis_.cycle_at(axis_.x_of(1) + 0.1), 1u);
  EXPECT_EQ(lanes_.bars(axis_, 0, 8).size(), 8u);
}

TEST_F(Goals, HaveCausesAndEffectsSoManyHopsAway) {
  TraceReader& trace = session_->trace();
  Edges edges(trace, lanes_);
  axis_.show(1, 300);
  const uint64_t last = axis_.last_seen();
  const auto& seen = edges.seen(axis_);
  ASSERT_FALSE(seen.empty());
  for (const uint64_t cycle : {uint64_t{1}, uint64_t{20}, uint64_t{41}}) {
    for (const uint32_t hops : {0U, 1U, 3U}) {
      (void)edges.ribbons(axis_, cycle, hops);
      // Again and again along single messages, in both directions by themselves.
      std::map<uint64_t, uint32_t> back{{cycle, 0}};
      std::map<uint64_t, uint32_t> on{{cycle, 0}};
      for (uint32_t hop = 1; hop <= hops; ++hop) {
        for (const EdgeView& edge : seen) {
          if (edge.taken == 0) continue;
          if (back.contains(edge.taken) && back[edge.taken] == hop - 1)
            back.emplace(edge.sent, hop);
          if (on.contains(edge.sent) && on[edge.sent] == hop - 1) on.emplace(edge.taken, hop);
        }
      }
      for (uint64_t at = 1; at <= last; ++at) {
        const bool near = back.contains(at) || on.contains(at);
        EXPECT_EQ(edges.hops_to(at).has_value(), near) << cycle << " " << hops << " " << at;
        if (near) {
          EXPECT_EQ(*edges.hops_to(at), back.contains(at) ? back[at] : on[at]);
        }
      }
    }
  }
}

TEST_F(Long, MakesRibbonsOfWhatIsTooCloseAndLosesNothing) {
  Edges edges(session_->trace(), lanes_);
  axis_.set_width(300);
  axis_.show(1'000, 3'000);
  const auto& seen = edges.seen(axis_);
  const auto taken = static_cast<size_t>(
      std::ranges::count_if(seen, [](const EdgeView& edge) { return edge.taken != 0; }));
  const auto& ribbons = edges.ribbons(axis_, 1, 1);
  size_t messages = 0;
  for (const Ribbon& ribbon : ribbons) {
    EXPECT_EQ(ribbon.first.from, ribbon.last.from);
    EXPECT_EQ(ribbon.first.to, ribbon.last.to);
    messages += ribbon.count;
  }
  EXPECT_EQ(messages, taken);
  EXPECT_LT(ribbons.size(), taken / 2);
}

// ---- goals from far away

TEST_F(Long, HasBandsFromFarAwayThatAreWhatGoalsWereInTheirChunks) {
  while (lanes_.sum_up(1)) {
  }
  Bands bands(session_->trace(), lanes_);
  bands.begin_frame();
  axis_.fit();
  TraceReader& trace = session_->trace();
  const Lane leaf =
      lanes_.all()[lanes_.lane_of(session_->program().find_domain("Leaf"), Value::of(int64_t{3}))];
  const size_t lane = lanes_.lane_of(leaf.domain, leaf.key);
  const auto all = bands.of(lane, axis_);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_GT(all[0].size(), 5u);
  size_t compared = 0;
  for (size_t chunk = 0; chunk < trace.chunks().size(); ++chunk) {
    const uint64_t first = trace.chunks()[chunk].first_cycle;
    const uint64_t last = first + trace.chunks()[chunk].cycle_count - 1;
    GoalStatus worst = GoalStatus::kSatisfied;
    bool any = false;
    for (uint64_t cycle = first; cycle <= last; ++cycle) {
      const CycleView ran = *cycle_at(trace, cycle);
      if (ran.domain != leaf.domain || ran.key != leaf.key) continue;
      for (const GoalFlip& flip : ran.flips) {
        worst = std::max(worst, flip.to);
        any = true;
      }
    }
    ASSERT_TRUE(session_->timeline().go_to(last));
    const InstanceId id = session_->timeline().find(leaf.domain, leaf.key);
    if (!id) continue;
    const GoalStatus end = session_->timeline().state()[id].goals[0];
    const auto band = std::ranges::find_if(
        all[0], [&](const Band& one) { return one.from <= last - 1 && last - 1 < one.until; });
    ASSERT_NE(band, all[0].end()) << chunk;
    EXPECT_EQ(band->status, any ? worst : end) << chunk;
    ++compared;
  }
  EXPECT_GT(compared, 10u);
}

// ---- the desk

TEST(Desk, FollowsARunThatIsStillRecorded) {
  MemoryFiles files;
  const Looking looking;
  const auto program = program_of(kShop);
  const TraceHeader header{.engine = "0.1.0",
                           .run_id = "00112233445566778899aabbccddeeff",
                           .program_name = "test.lxm",
                           .program_text = kShop,
                           .start_values = {},
                           .options = {}};
  const auto writer = std::move(*TraceWriter::create(files, "run", *program, header));
  MachineOptions options;
  options.sink = writer.get();
  Machine machine(program, options);
  ASSERT_TRUE(machine.tick() && machine.tick() && machine.flush());
  const auto session = std::move(*Session::open(files, "run", looking));
  Desk desk(*session);
  EXPECT_FALSE(desk.has_grown());
  EXPECT_EQ(desk.axis().last_seen(), 3u);
  ASSERT_TRUE(machine.run() && machine.flush());
  EXPECT_TRUE(desk.has_grown());
  EXPECT_EQ(session->trace().cycles(), 8u);
  EXPECT_EQ(session->at().cycle, 3u) << "nobody was moved";
  ASSERT_TRUE(machine.finish());
  EXPECT_FALSE(desk.has_grown());
}

TEST(Desk, ShowsWhatWasSaid) {
  Recorded run = record(kShop);
  const Looking looking;
  const auto session = std::move(*Session::open(run.files, "run", looking));
  session->keep_forks_in("forks");
  Desk desk(*session);
  EXPECT_EQ(desk.where(), "main 8 of 8  [end]");
  EXPECT_TRUE(desk.say("goto 3"));
  EXPECT_EQ(desk.inspector().instance, "Till");
  EXPECT_TRUE(desk.listing().lines[10].lit);
  EXPECT_FALSE(desk.say("goto 33"));
  EXPECT_TRUE(desk.say("send Shelf[7] Take(n: 1)"));
  EXPECT_EQ(desk.where(), "fork1 3 of 9  [forked]");
  EXPECT_EQ(desk.scene().lanes.all().size(), 4u) << "one more in the fork";
  EXPECT_THAT(desk.line_of(4), HasSubstr("Take"));
  EXPECT_EQ(desk.line_of(99), "");
  desk.play(1000);
  desk.pass(1);
  EXPECT_EQ(desk.where(), "fork1 9 of 9");
  EXPECT_FALSE(desk.is_playing());
}

class AtTheDesk : public testing::Test {
 protected:
  AtTheDesk() { session_->keep_forks_in("forks"); }
  size_t typed() {
    return static_cast<size_t>(
        std::ranges::count_if(desk_.console().said(), &Console::Said::is_typed));
  }

  Recorded run_ = record(kShop);
  const Looking looking_;
  std::unique_ptr<Session> session_ = std::move(*Session::open(run_.files, "run", looking_));
  Desk desk_{*session_};
};

TEST_F(AtTheDesk, ScrubbingIsOneLineAtThePrompt) {
  for (uint64_t cycle = 1; cycle <= 5; ++cycle) desk_.scrub(cycle);
  EXPECT_EQ(typed(), 1u);
  EXPECT_EQ(desk_.console().said().back().line.text(), "goto 5");
  desk_.say("where");
  desk_.scrub(2);
  EXPECT_EQ(typed(), 3u);
  EXPECT_EQ(session_->at().cycle, 2u);
  EXPECT_EQ(desk_.inspector().instance, "Shelf[1]");
}

TEST_F(AtTheDesk, TheLastAnswerSaysWhichCyclesItNamed) {
  desk_.say("hits Sell");
  EXPECT_THAT(desk_.console().named(), ElementsAre(1u, 3u, 5u, 7u));
  desk_.say("find /done/");
  EXPECT_THAT(desk_.console().named(), ElementsAre(7u));
  desk_.say("help");
  EXPECT_TRUE(desk_.console().named().empty());
}

TEST_F(AtTheDesk, TwoBranchesStandBesideEachOther) {
  EXPECT_FALSE(desk_.look_beside(true)) << "there is only one";
  desk_.say("set Till.sold = 0 --at 3");
  desk_.say("run");
  EXPECT_TRUE(desk_.look_beside(true));
  EXPECT_EQ(desk_.beside_name(), "main");
  ASSERT_TRUE(desk_.parting());
  EXPECT_GT(*desk_.parting(), 3u);
  EXPECT_EQ(desk_.axis().first_seen(), 1u);
  EXPECT_EQ(desk_.beside()->lanes.all().size(), 3u);
  desk_.say("switch main");
  EXPECT_EQ(desk_.beside_name(), "fork1");
  desk_.say("set Till.sold = 3 --at 3");
  EXPECT_TRUE(desk_.look_beside(false) == false && desk_.beside() == nullptr);
}

TEST_F(AtTheDesk, CausalDepthFollowsWhereOneStands) {
  desk_.axis().set_width(600);
  EXPECT_TRUE(desk_.look_by_depth(true));
  EXPECT_TRUE(desk_.is_by_depth());
  desk_.say("goto 2");
  EXPECT_TRUE(desk_.is_by_depth());
  EXPECT_TRUE(desk_.look_by_depth(false));
  EXPECT_FALSE(desk_.is_by_depth());
}

TEST_F(AtTheDesk, SaysWhatACycleTookAndWhatBecameOfWhatItSent) {
  desk_.say("goto 1");
  const InspectorView sends = desk_.inspector();
  ASSERT_EQ(sends.sent.size(), 1u);
  EXPECT_EQ(sends.sent[0].text, "send Shelf[1] Take(n: 1)");
  EXPECT_EQ(sends.sent[0].became, "taken in cycle 2");
  EXPECT_EQ(sends.sent[0].cycle, 2u);
  desk_.say("goto 2");
  const InspectorView takes = desk_.inspector();
  ASSERT_TRUE(takes.took);
  EXPECT_EQ(takes.took->text, "send Shelf[1] Take(n: 1)");
  EXPECT_EQ(takes.took->became, "Till");
  EXPECT_EQ(takes.took->cycle, 1u);
  desk_.scrub(3);
  EXPECT_EQ(desk_.inspector(true).sent[0].became, "") << "nobody waits for that on the way";
  EXPECT_EQ(desk_.inspector().sent[0].became, "taken in cycle 4");
}

TEST_F(AtTheDesk, TheProgramHasTheValuesBesideIt) {
  desk_.say("goto 2");
  std::string beside;
  for (const ListedLine& line : desk_.listing().lines) {
    if (!line.did.empty()) beside += std::string(line.text) + " // " + line.did + "\n";
  }
  EXPECT_EQ(beside, "  transition Take(n: int) { stock -= n } // n: 1; stock: 3 → 2\n");
}

TEST_F(AtTheDesk, ComesBackToWhereItWas) {
  desk_.axis().set_width(300);
  desk_.say("goto 3");
  desk_.axis().show(2, 4);
  desk_.set_hops(5);
  desk_.choose(0);
  Remembered remembered(run_.files, "state/window.json");
  remembered.window.layout = "crash";
  ASSERT_TRUE(remembered.keep("/runs/a.lxtrace", desk_.place()));
  const Remembered later(run_.files, "state/window.json");
  EXPECT_EQ(later.window.layout, "crash");
  EXPECT_TRUE(later.place("/runs/b.lxtrace").at.empty());
  Desk desk(*session_);
  desk.axis().set_width(300);
  desk.go_back_to(later.place("/runs/a.lxtrace"));
  EXPECT_EQ(session_->at().cycle, 3u);
  EXPECT_EQ(desk.hops(), 5u);
  EXPECT_EQ(desk.chosen(), std::optional<size_t>(0));
  EXPECT_LE(desk.axis().last_seen(), 6u);
}

TEST(Remembered, ForgetsWhatMakesNoSense) {
  MemoryFiles files;
  for (const char* text :
       {"", "{", "[]", R"({"window": 3})", R"({"window": {"width": -4, "text": "x"}})",
        R"({"traces": {"a": 1, "b": {"at": 7, "from": -1, "hops": []}}})"}) {
    files["w"] = text;
    Remembered remembered(files, "w");
    EXPECT_EQ(remembered.window.text_percent, 100) << text;
    EXPECT_GE(remembered.window.width, 200) << text;
    EXPECT_EQ(remembered.place("b").at, "");
    EXPECT_TRUE(remembered.keep("a", {}));
  }
  Remembered many(files, "w");
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(many.keep(std::to_string(i), {.at = "1"}));
  const Remembered kept(files, "w");
  EXPECT_EQ(kept.place("299").at, "1");
  EXPECT_EQ(kept.place("100").at, "") << "the oldest are forgotten";
}

}  // namespace
}  // namespace lexum
