// Frames that nobody sees: what is pointed at, clicked and typed, and what comes of it. Things are
// found by path, as they were drawn (views/places.h).
#include <imgui.h>

#include "session_fixture.h"
#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/picture.h"
#include "views/places.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Blind : public testing::Test {
 protected:
  explicit Blind(const std::string& text = kShop, uint64_t cycles = 10'000)
      : run_(record(text, {.start_values = {}, .inputs = {}, .cycles_max = cycles})) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.DisplaySize = {1600, 900};
    io.DeltaTime = 1.0F / 60;
    prepare_feeding();
    dress(Theme::kDark);
    session_ = std::move(*Session::open(run_.files, "run", looking_));
    session_->keep_forks_in("forks");
    desk_ = std::make_unique<Desk>(*session_);
    picture_ = std::make_unique<Picture>(*desk_);
    note_places_in(&places_);
    frame();
    frame();
  }
  ~Blind() override {
    note_places_in(nullptr);
    ImGui::DestroyContext();
  }

  static void dress(Theme theme, float scale = 1) {
    use_theme(theme, scale);
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }
  void frame(const std::string& key = "") {
    ImGui::NewFrame();
    picture_->draw(key);
    ImGui::Render();
    ASSERT_GT(ImGui::GetDrawData()->TotalVtxCount, 0);
  }
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }
  void point(ImVec2 at) {
    feed_pointer(at);
    frame();
  }
  void hold(bool down) {
    feed_button(0, down);
    frame();
  }
  void click(ImVec2 at) {
    point(at);
    hold(true);
    hold(false);
    frame();  // what was clicked has been done after its panel was drawn
  }
  // Requires that it is drawn.
  void click(const std::string& path) {
    const auto at = places_.find(path);
    ASSERT_TRUE(at) << path;
    click(*at);
  }
  void press(ImGuiKey key) {
    feed_key(key, true);
    frame();
    feed_key(key, false);
    frames(3);  // who has the keys afterwards, takes them with one of the next ones
  }
  void type(const std::string& text) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    frame();
  }
  std::string here() { return session_->branch().name + " " + position_text(session_->at()); }
  std::string last_typed() {
    std::string line;
    for (const Console::Said& said : desk_->console().said()) {
      if (said.is_typed) line = said.line.text();
    }
    return line;
  }

  Recorded run_;
  const Looking looking_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Picture> picture_;
  Places places_;
};

TEST_F(Blind, AClickGoesThereAndStandsAsALine) {
  click("lanes/Till/3");
  EXPECT_EQ(here(), "main 3");
  EXPECT_EQ(last_typed(), "goto 3");
  EXPECT_EQ(desk_->inspector().instance, "Till");
  EXPECT_EQ(desk_->inspector().fields.front().value, "2");
  click("lanes/Shelf[0]/4");
  EXPECT_EQ(desk_->inspector().instance, "Shelf[0]");
}

TEST_F(Blind, AClickOnAValueAsksWhyAndPlotsIt) {
  click("lanes/Till/3");
  click("state/sold");
  EXPECT_EQ(last_typed(), "why Till.sold");
  EXPECT_EQ(desk_->plotted(), "sold");
  EXPECT_EQ(desk_->plot().size(), 5u);
  frame();
  EXPECT_TRUE(places_.find("plot"));
  click("goals/Busy");
  EXPECT_EQ(last_typed(), "why Till.Busy");
}

TEST_F(Blind, OneFollowsAMessageBothWays) {
  click("lanes/Till/3");
  click("sent/1");
  EXPECT_EQ(here(), "main 4");
  click("took");
  EXPECT_EQ(here(), "main 3");
  press(ImGuiKey_DownArrow);
  EXPECT_EQ(here(), "main 4");
  press(ImGuiKey_UpArrow);
  EXPECT_EQ(here(), "main 3");
  EXPECT_EQ(last_typed(), "reverse-hop");
}

TEST_F(Blind, ADragScrubsAndIsOneLine) {
  click("lanes/Till/1");
  const size_t lines = desk_->console().said().size();
  point(*places_.find("lanes/Till/1"));
  hold(true);
  const float y = places_.find("lanes/Till/1")->y;
  for (uint64_t cycle = 2; cycle <= 6; ++cycle) {
    const Axis& axis = desk_->axis();
    const double apart = axis.x_of(cycle) - axis.x_of(1);
    point({places_.find("lanes/Till/1")->x + static_cast<float>(apart), y});
    EXPECT_EQ(session_->at().cycle, cycle);
  }
  hold(false);
  EXPECT_EQ(desk_->console().said().size(), lines);
  EXPECT_EQ(last_typed(), "goto 6");
}

TEST_F(Blind, TheMinimapScrubs) {
  const ImVec2 middle = *places_.find("minimap");
  click(middle);
  EXPECT_EQ(here(), "main 4");
}

TEST_F(Blind, TheWheelComesNearerAndKeysMove) {
  point(*places_.find("lanes/Till/5"));
  for (int i = 0; i < 3; ++i) type("s");
  const double before = desk_->axis().pixels_per_cycle();
  feed_wheel(2);
  frame();
  frame();
  EXPECT_GE(desk_->axis().pixels_per_cycle(), before);
  press(ImGuiKey_Home);
  EXPECT_EQ(here(), "main 0");
  press(ImGuiKey_RightArrow);
  press(ImGuiKey_RightArrow);
  EXPECT_EQ(here(), "main 2");
  press(ImGuiKey_LeftArrow);
  EXPECT_EQ(here(), "main 1");
  frame("F11");
  EXPECT_EQ(here(), "main 2:1");
  frame("Alt+F11");
  EXPECT_EQ(here(), "main 1");
  press(ImGuiKey_End);
  EXPECT_EQ(here(), "main 8");
}

TEST_F(Blind, ArrowsGoByTickAndByStatement) {
  press(ImGuiKey_Home);
  feed_shift(true);
  press(ImGuiKey_RightArrow);
  EXPECT_EQ(last_typed(), "next-tick");
  press(ImGuiKey_LeftArrow);
  EXPECT_EQ(last_typed(), "reverse-next-tick");
  feed_shift(false);
  EXPECT_EQ(here(), "main 0");
  feed_ctrl(true);
  press(ImGuiKey_RightArrow);
  feed_ctrl(false);
  EXPECT_EQ(here(), "main 1:1");
}

TEST_F(Blind, EveryButtonSaysAWord) {
  const std::pair<const char*, const char*> buttons[] = {
      {"start", "goto start"},      {"step", "step"},    {"stepi", "stepi"},
      {"tick", "next-tick"},        {"hop", "hop"},      {"continue", "continue"},
      {"back", "reverse-continue"}, {"end", "goto end"}, {"reverse-step", "reverse-step"}};
  for (const auto& [name, line] : buttons) {
    click(std::string("bar/") + name);
    EXPECT_EQ(last_typed(), line);
  }
}

TEST_F(Blind, WhateverIsSaidAtThePromptIsSeen) {
  click("prompt");
  type("goto 5");
  press(ImGuiKey_Enter);
  EXPECT_EQ(here(), "main 5");
  type("set Till.sold = 3");
  press(ImGuiKey_Enter);
  EXPECT_EQ(session_->branch().name, "fork1");
  frame();
  EXPECT_THAT(desk_->where(), HasSubstr("fork1"));
  type("nonsense");
  press(ImGuiKey_Enter);
  EXPECT_THAT(desk_->console().said().back().line.text(), HasSubstr("there is no word"));
  type("why sold");  // while somebody types, letters are no keys
  EXPECT_EQ(session_->branch().name, "fork1");
}

TEST_F(Blind, BranchesAreButtonsAndStandBesideEachOther) {
  desk_->say("set Till.sold = 0 --at 3");
  desk_->say("run");
  frames(2);
  click("bar/beside");
  frames(2);
  ASSERT_NE(desk_->beside(), nullptr);
  EXPECT_TRUE(desk_->parting());
  EXPECT_TRUE(places_.find("names/Till"));
  click("bar/main");
  EXPECT_EQ(session_->branch().name, "main");
  EXPECT_EQ(desk_->beside_name(), "fork1");
  type("b");
  EXPECT_EQ(desk_->beside(), nullptr);
}

TEST_F(Blind, ThePromptCompletesAndRemembers) {
  type(":");
  frames(3);
  type("reverse-stepi");
  press(ImGuiKey_Enter);
  EXPECT_EQ(last_typed(), "reverse-stepi");
  type("got");
  press(ImGuiKey_Tab);
  type("5");
  press(ImGuiKey_Enter);
  EXPECT_EQ(here(), "main 5");
  press(ImGuiKey_UpArrow);
  press(ImGuiKey_UpArrow);
  press(ImGuiKey_DownArrow);
  press(ImGuiKey_Home);
  EXPECT_EQ(here(), "main 5") << "the keys are the prompt's";
  press(ImGuiKey_Enter);
  EXPECT_EQ(last_typed(), "goto 5");
}

TEST_F(Blind, ASlashLooksForTextAndWhatIsFoundIsMarked) {
  type("/");
  frames(4);
  type("done/");
  press(ImGuiKey_Enter);
  EXPECT_EQ(last_typed(), "find /done/");
  EXPECT_THAT(desk_->console().said()[1].line.text(), HasSubstr("done"));
  EXPECT_THAT(desk_->console().named(), testing::ElementsAre(7u));
  frame();
}

TEST_F(Blind, TheCommandBarHasEveryWord) {
  frame("Ctrl+Shift+P");
  frames(2);
  EXPECT_TRUE(places_.find("command/line"));
  EXPECT_TRUE(places_.find("command/run [N]"));
  type("rev");
  frames(2);
  EXPECT_TRUE(places_.find("command/reverse-step [N]"));
  EXPECT_FALSE(places_.find("command/goto POS"));
  press(ImGuiKey_Enter);
  frame();
  EXPECT_EQ(last_typed(), "reverse-step");
  EXPECT_EQ(here(), "main 7");
  EXPECT_FALSE(places_.find("command/line"));
  // A word that wants more stays, and says what can stand there.
  frame("Ctrl+Shift+P");
  frames(2);
  type("goto");
  press(ImGuiKey_Enter);
  frames(3);
  EXPECT_TRUE(places_.find("command/goto fault:1 ")) << "a completion";
  type("3");
  press(ImGuiKey_Enter);
  EXPECT_EQ(here(), "main 3");
  // Words are found by what they do, chosen by the arrows, and left with Escape.
  frame("Ctrl+Shift+P");
  frames(2);
  type("shortest");
  frames(2);
  EXPECT_FALSE(places_.find("command/run [N]"));
  press(ImGuiKey_Escape);
  frame();
  EXPECT_FALSE(places_.find("command/line"));
  EXPECT_EQ(here(), "main 3");
}

TEST_F(Blind, MomentsGetNamesAndCanBeClicked) {
  click("lanes/Till/3");
  type("m");
  EXPECT_EQ(last_typed(), "snapshot");
  press(ImGuiKey_End);
  click("marks/1");
  EXPECT_EQ(here(), "main 3");
  EXPECT_EQ(last_typed(), "goto @1");
}

TEST_F(Blind, DepthAndHopsAreKeysAndButtons) {
  type("x");
  EXPECT_TRUE(desk_->is_by_depth());
  frames(2);
  click("lanes/Shelf[0]/8");
  EXPECT_EQ(here(), "main 8");
  click("bar/depth");
  EXPECT_FALSE(desk_->is_by_depth());
  type("+++");
  EXPECT_EQ(desk_->hops(), 4u);
  type("-----");
  EXPECT_EQ(desk_->hops(), 0u);
  frame();
}

TEST_F(Blind, PlaysToTheEndAtTheSpeedOfOnesChoice) {
  press(ImGuiKey_Home);
  const double before = desk_->speed();
  type(">");
  EXPECT_GT(desk_->speed(), before);
  type("<");
  EXPECT_EQ(desk_->speed(), before);
  press(ImGuiKey_Space);
  EXPECT_TRUE(desk_->is_playing());
  for (int i = 0; i < 100 && desk_->is_playing(); ++i) frame();
  EXPECT_EQ(here(), "main 8");
  frames(3);
  EXPECT_FALSE(picture_->is_busy()) << "nothing is drawn while nothing changes";
}

TEST_F(Blind, LooksAreChangedByKeys) {
  EXPECT_EQ(picture_->looks(), Looks());
  type("3l");
  frame("Ctrl++");
  EXPECT_EQ(picture_->looks().layout->name, "crash");
  EXPECT_EQ(picture_->looks().theme, Theme::kLight);
  EXPECT_EQ(picture_->looks().text_percent, 110);
  dress(Theme::kLight, 2);
  frames(2);
  frame("Ctrl+0");
  EXPECT_EQ(picture_->looks().text_percent, 100);
  for (const ImGuiKey key : {ImGuiKey_Home, ImGuiKey_End}) press(key);
}

TEST_F(Blind, SurvivesAnySizeAndAnyKeys) {
  for (const ImVec2 size : {ImVec2{1, 1}, {50, 50}, {200, 150}, {4000, 60}, {300, 3000}}) {
    ImGui::GetIO().DisplaySize = size;
    frame();
    click(ImVec2{size.x / 2, size.y / 3});
    type("wasdf!?xblm-+<>x");
    frame("Ctrl+Shift+P");
    frame();
    type("?");
    press(ImGuiKey_Escape);
  }
}

// A crowd of lanes over many cycles.
class BlindBeforeMany : public Blind {
 protected:
  BlindBeforeMany()
      : Blind(
            "domain Hub { state { n: int } goal G { predicate n < 0 } transition T { n += 1 send "
            "Leaf[n % 300] M(k: n) } } domain Leaf[id: int] { state { k: int } on M(k: int) { "
            "state.k = k } }",
            60'000) {}
};

TEST_F(BlindBeforeMany, StaysWithinItsBudgetAtEveryZoom) {
  while (picture_->is_busy()) frame();
  int most = 0;
  for (int zoom = 0; zoom < 40; ++zoom) {
    frame();
    most = std::max(most, ImGui::GetDrawData()->TotalVtxCount);
    EXPECT_LE(desk_->scene().edges.seen(desk_->axis()).size(), 4'000u);
    desk_->axis().zoom(1.3, 500);
  }
  EXPECT_LE(most, 40'000);
}

TEST_F(BlindBeforeMany, NamesScrollByTheWheel) {
  ASSERT_TRUE(places_.find("names/Hub"));
  point(*places_.find("names/Hub"));
  for (int i = 0; i < 20; ++i) {
    feed_wheel(-5);
    frame();
  }
  frame();
  EXPECT_FALSE(places_.find("names/Hub"));
  EXPECT_TRUE(places_.find("names/Leaf[299]"));
}

}  // namespace
}  // namespace lexum
