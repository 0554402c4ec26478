#include "views/picture.h"

#include <algorithm>

#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/places.h"

namespace lexum {

namespace {

constexpr Layout kLayouts[] = {{"step", "a bit of everything", 0.27F, 0.58F, 0.45F},
                               {"learn", "the program and what is said", 0.25F, 0.36F, 0.55F},
                               {"crash", "who failed, and why", 0.36F, 0.4F, 0.45F},
                               {"large", "as many lanes as there is room for", 0.2F, 0.8F, 0.35F}};

}  // namespace

std::span<const Layout> all_layouts() { return kLayouts; }

const Layout* layout_named(std::string_view name) {
  const auto* const found = std::ranges::find(kLayouts, name, &Layout::name);
  return found == std::end(kLayouts) ? nullptr : found;
}

bool Picture::draw(const std::string& key) {
  begin_places();
  desk_.pass(ImGui::GetIO().DeltaTime);
  summing_ = desk_.begin_frame();
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("Lexum", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings);
  draw_bar(desk_);
  ImGui::Dummy({1, 2});
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float gap = ImGui::GetStyle().ItemSpacing.x;
  const Layout& layout = *looks_.layout;
  const float text = ImGui::GetFontSize();
  const float right = std::clamp(space.x * layout.right, 4 * text, 50 * text);
  const float left = space.x - right - gap;
  const float top = space.y * layout.top;
  draw_timeline(desk_, {left, top});
  ImGui::SameLine();
  draw_inspector(desk_, {right, top});
  const float low = ImGui::GetContentRegionAvail().y;
  draw_listing(desk_, {left * layout.program, low});
  ImGui::SameLine();
  draw_console(desk_, typing_, {ImGui::GetContentRegionAvail().x, low});
  ImGui::End();
  const bool heard = !command_.is_open();
  command_.draw(desk_);
  if (heard) hear_keys(key);
  if (help_) draw_help();
  return !desk_.session().over();
}

// gdb's and the IDEs' keys, with Alt backwards; WASD as in Perfetto. Not while somebody types.
void Picture::hear_keys(const std::string& key) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"F5", "continue"}, {"Alt+F5", "reverse-continue"},
      {"F10", "step"},    {"Alt+F10", "reverse-step"},
      {"F11", "stepi"},   {"Alt+F11", "reverse-stepi"}};
  for (const auto& [pressed_key, word] : kWords) {
    if (key == pressed_key) desk_.say(std::string(word));
  }
  if (key == "Ctrl+Shift+P") command_.open();
  const int step = key == "Ctrl++" ? 10 : key == "Ctrl+-" ? -10 : 0;
  looks_.text_percent = std::clamp(looks_.text_percent + step, 50, 300);
  if (key == "Ctrl+0") looks_.text_percent = 100;
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput) return;
  hear_arrows();
  for (const ImWchar letter : io.InputQueueCharacters) hear_letter(letter);
}

void Picture::hear_arrows() {
  const ImGuiIO& io = ImGui::GetIO();
  const auto by_grain = [&](const char* cycle, const char* tick, const char* statement) {
    desk_.say(io.KeyShift ? tick : io.KeyCtrl ? statement : cycle);
  };
  if (is_pressed(ImGuiKey_LeftArrow)) {
    by_grain("reverse-step", "reverse-next-tick", "reverse-stepi");
  }
  if (is_pressed(ImGuiKey_RightArrow)) by_grain("step", "next-tick", "stepi");
  if (is_pressed(ImGuiKey_UpArrow)) desk_.say("reverse-hop");
  if (is_pressed(ImGuiKey_DownArrow)) desk_.say("hop");
  if (is_pressed(ImGuiKey_Home)) desk_.say("goto start");
  if (is_pressed(ImGuiKey_End)) desk_.say("goto end");
  if (is_pressed(ImGuiKey_Space)) desk_.play(desk_.is_playing() ? 0 : desk_.speed());
}

void Picture::hear_letter(unsigned letter) {
  Axis& axis = desk_.axis();
  const double here = axis.x_of(desk_.session().at().cycle);
  const uint32_t hops = desk_.hops();
  if (letter >= '1' && letter - '1' < std::size(kLayouts)) looks_.layout = &kLayouts[letter - '1'];
  switch (letter) {
    case 'w':
      return axis.zoom(1.5, here);
    case 's':
      return axis.zoom(1 / 1.5, here);
    case 'a':
      return axis.pan(-axis.width() / 8);
    case 'd':
      return axis.pan(axis.width() / 8);
    case 'f':
      return axis.fit();
    case 'x':
      (void)desk_.look_by_depth(!desk_.is_by_depth());
      return;
    case 'b':
      (void)desk_.look_beside(desk_.beside() == nullptr);
      return;
    case '-':
      return desk_.set_hops(hops > 0 ? hops - 1 : 0);
    case '+':
      return desk_.set_hops(std::min(hops + 1, uint32_t{kHopsMax}));
    case '<':
      return desk_.set_speed(slower(desk_.speed()));
    case '>':
      return desk_.set_speed(faster(desk_.speed()));
    case 'm':
      desk_.say("snapshot");
      return;
    case 'l':
      looks_.theme = looks_.theme == Theme::kDark ? Theme::kLight : Theme::kDark;
      return;
    case '!':
      desk_.say("goto fault:1");
      return;
    case '?':
      help_ = !help_;
      return;
    case '/':
      typing_.line = "find /";
      typing_.to_end = 2;
      [[fallthrough]];
    case ':':
      typing_.wanted = true;
      return;
    default:
      return;
  }
}

void Picture::draw_help() {
  static constexpr std::pair<const char*, const char*> kKeys[] = {
      {"Left, Right", "a cycle back, a cycle on; with Shift a tick, with Ctrl a statement"},
      {"Up, Down", "along a message: to who sent it, to who took it"},
      {"F5, Alt+F5", "on, or back, to the next stop"},
      {"F10, F11", "a cycle on, a statement on; with Alt back"},
      {"Home, End, !", "to the start, to the end, to the first fault"},
      {"Space, < >", "play, or stop playing; slower, faster"},
      {"W S, wheel", "nearer, farther"},
      {"A D, Shift+wheel, right button", "to the left, to the right"},
      {"F", "all of it"},
      {"left button", "go there, and look at whoever it is"},
      {"- +", "fewer, more hops of causes and effects that stand out"},
      {"X", "causal depth on x, or cycles"},
      {"B", "two branches, with their first difference"},
      {"M", "give this moment a name"},
      {"Ctrl+Shift+P", "every word there is, and what it does"},
      {":", "to the prompt; Tab completes, Up calls back what was typed"},
      {"/", "look for a text in messages, logs and values"},
      {"1 2 3 4", "share out the space otherwise: step, learn, crash, large"},
      {"L, Ctrl + -", "light or dark; larger or smaller texts"},
      {"?", "show this, or no more"}};
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin("keys", &help_,
               ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoSavedSettings);
  if (ImGui::BeginTable("keys", 2)) {
    for (const auto& [keys, does] : kKeys) {
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kPosition));
      ImGui::TextUnformatted(keys);
      ImGui::PopStyleColor();
      ImGui::TableNextColumn();
      ImGui::TextUnformatted(does);
    }
    ImGui::EndTable();
  }
  ImGui::TextUnformatted(
      "Below, to the right, every word of `lxm repl` can be typed: `help` lists them.");
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace lexum
