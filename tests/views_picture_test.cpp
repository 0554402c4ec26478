// Frames that nobody sees: what is pointed at, clicked and typed, and what comes of it.
#include <imgui.h>

#include "session_fixture.h"
#include "theme/theme.h"
#include "views/picture.h"

namespace lexum {
namespace {

using testing::HasSubstr;

class Blind : public testing::Test {
 protected:
  Blind() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.DisplaySize = {1600, 900};
    io.DeltaTime = 1.0F / 60;
    for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
    use_theme(Theme::kDark, 1);
    unsigned char* pixels = nullptr;
    int width = 0;
    int height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    session_ = std::move(*Session::open(run_.files, "run", looking_));
    session_->keep_forks_in("forks");
    desk_ = std::make_unique<Desk>(*session_);
    picture_ = std::make_unique<Picture>(*desk_);
    frame();
    frame();
  }
  ~Blind() override { ImGui::DestroyContext(); }

  void frame(const std::string& key = "") {
    ImGui::NewFrame();
    picture_->draw(key);
    ImGui::Render();
    ASSERT_GT(ImGui::GetDrawData()->TotalVtxCount, 0);
  }
  void click(ImVec2 at) {
    ImGui::GetIO().MousePos = at;
    frame();
    ImGui::GetIO().MouseDown[0] = true;
    frame();
    ImGui::GetIO().MouseDown[0] = false;
    frame();
  }
  void press(ImGuiKey key) {
    ImGui::GetIO().KeysDown[key] = true;
    frame();
    ImGui::GetIO().KeysDown[key] = false;
    frame();
  }
  void type(const std::string& text) {
    ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
    frame();
  }
  std::string here() { return session_->branch().name + " " + position_text(session_->at()); }
  // Where on the screen a cycle of a lane is.
  ImVec2 place_of(uint64_t cycle, size_t lane) {
    const Axis& axis = desk_->axis();
    return {static_cast<float>(158 + axis.x_of(cycle) + axis.pixels_per_cycle() / 2),
            92 + 52 * (static_cast<float>(lane) + 0.5F)};
  }
  std::string last_typed() {
    std::string line;
    for (const Console::Said& said : desk_->console().said()) {
      if (said.is_typed) line = said.line.text();
    }
    return line;
  }

  Recorded run_ = record(kShop);
  const Looking looking_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Picture> picture_;
};

TEST_F(Blind, AClickGoesThereAndStandsAsALine) {
  click(place_of(3, 2));
  EXPECT_EQ(here(), "main 3");
  EXPECT_EQ(last_typed(), "goto 3");
  EXPECT_EQ(desk_->inspector().instance, "Till");
  EXPECT_EQ(desk_->inspector().fields.front().value, "2");
}

TEST_F(Blind, AClickOnAValueAsksWhyAndPlotsIt) {
  click(place_of(3, 2));
  click({1520, 86});
  EXPECT_EQ(last_typed(), "why Till.sold");
  EXPECT_EQ(desk_->plotted(), "sold");
  EXPECT_EQ(desk_->plot().size(), 5u);
  frame();
}

TEST_F(Blind, ADragScrubs) {
  ImGui::GetIO().MousePos = place_of(1, 2);
  frame();
  ImGui::GetIO().MouseDown[0] = true;
  for (uint64_t cycle = 1; cycle <= 6; ++cycle) {
    ImGui::GetIO().MousePos = place_of(cycle, 2);
    frame();
    EXPECT_EQ(session_->at().cycle, cycle);
  }
  ImGui::GetIO().MouseDown[0] = false;
  frame();
}

TEST_F(Blind, TheWheelComesNearerAndKeysMove) {
  const double before = desk_->axis().pixels_per_cycle();
  ImGui::GetIO().MousePos = place_of(4, 2);
  frame();
  ImGui::GetIO().MouseWheel = -1;
  frame();
  EXPECT_LE(desk_->axis().pixels_per_cycle(), before);
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

TEST_F(Blind, WhateverIsSaidAtThePromptIsSeen) {
  click({1000, 885});
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

TEST_F(Blind, ThePromptCompletesAndRemembers) {
  type(":");
  for (int i = 0; i < 3; ++i) frame();
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

TEST_F(Blind, ASlashLooksForText) {
  type("/");
  for (int i = 0; i < 4; ++i) frame();
  type("done/");
  press(ImGuiKey_Enter);
  EXPECT_EQ(last_typed(), "find /done/");
  EXPECT_THAT(desk_->console().said()[1].line.text(), HasSubstr("done"));
}

TEST_F(Blind, PlaysToTheEnd) {
  press(ImGuiKey_Home);
  press(ImGuiKey_Space);
  EXPECT_TRUE(desk_->is_playing());
  for (int i = 0; i < 100 && desk_->is_playing(); ++i) frame();
  EXPECT_EQ(here(), "main 8");
  EXPECT_FALSE(picture_->is_busy());
}

TEST_F(Blind, SurvivesAnySizeAndAnyKeys) {
  for (const ImVec2 size : {ImVec2{1, 1}, {50, 50}, {200, 150}, {4000, 60}, {300, 3000}}) {
    ImGui::GetIO().DisplaySize = size;
    frame();
    click({size.x / 2, size.y / 3});
    type("wasdf!?x");
    frame();
    type("?");
  }
}

}  // namespace
}  // namespace lexum
