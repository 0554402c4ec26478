#include "views/picture.h"

#include <algorithm>

#include "theme/theme.h"

namespace lexum {

namespace {

constexpr size_t kChunksAFrame = 24;

constexpr Layout kLayouts[] = {{"step", "a bit of everything", 0.27F, 0.58F, 0.45F},
                               {"learn", "the program and what is said", 0.25F, 0.36F, 0.55F},
                               {"crash", "who failed, and why", 0.36F, 0.4F, 0.3F},
                               {"large", "as many lanes as there is room for", 0.2F, 0.8F, 0.35F}};

}  // namespace

std::span<const Layout> all_layouts() { return kLayouts; }

const Layout* layout_named(std::string_view name) {
  const auto* const found = std::ranges::find(kLayouts, name, &Layout::name);
  return found == std::end(kLayouts) ? nullptr : found;
}

bool Picture::draw(const std::string& key) {
  desk_.pass(ImGui::GetIO().DeltaTime);
  desk_.bands().begin_frame();
  summing_ = desk_.lanes().sum_up(kChunksAFrame);
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
  const float right = std::clamp(space.x * layout_->right, 60.0F, 700.0F);
  const float left = space.x - right - gap;
  const float top = space.y * layout_->top;
  // A few lanes have room; of many, each has its name and no more.
  const float least = ImGui::GetTextLineHeight() + 6;
  const auto lanes = static_cast<float>(std::max<size_t>(desk_.lanes().all().size(), 1));
  const float height = std::clamp((top - 80) / lanes, least, 2.6F * least);
  draw_timeline(desk_, {left, top}, height);
  ImGui::SameLine();
  draw_inspector(desk_, {right, top});
  const float low = ImGui::GetContentRegionAvail().y;
  draw_listing(desk_, {left * layout_->program, low});
  ImGui::SameLine();
  draw_console(desk_, typing_, {ImGui::GetContentRegionAvail().x, low});
  ImGui::End();
  hear_keys(key);
  if (help_) draw_help();
  return !desk_.session().over();
}

// gdb's and the IDEs' keys, with Alt backwards; WASD as in Perfetto. Not while somebody types.
void Picture::hear_keys(const std::string& key) {
  const ImGuiIO& io = ImGui::GetIO();
  const auto pressed = [](ImGuiKey which) {
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(which));
  };
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"F5", "continue"}, {"Alt+F5", "reverse-continue"},
      {"F10", "step"},    {"Alt+F10", "reverse-step"},
      {"F11", "stepi"},   {"Alt+F11", "reverse-stepi"}};
  for (const auto& [pressed_key, word] : kWords) {
    if (key == pressed_key) desk_.say(std::string(word));
  }
  if (io.WantTextInput) return;
  if (pressed(ImGuiKey_LeftArrow)) desk_.say("reverse-step");
  if (pressed(ImGuiKey_RightArrow)) desk_.say("step");
  if (pressed(ImGuiKey_Home)) desk_.say("goto start");
  if (pressed(ImGuiKey_End)) desk_.say("goto end");
  if (pressed(ImGuiKey_Space)) desk_.play(desk_.is_playing() ? 0 : 20);
  Axis& axis = desk_.axis();
  for (const ImWchar c : io.InputQueueCharacters) {
    const double here = axis.x_of(desk_.session().at().cycle);
    if (c == 'w') axis.zoom(1.5, here);
    if (c == 's') axis.zoom(1 / 1.5, here);
    if (c == 'a') axis.pan(-axis.width() / 8);
    if (c == 'd') axis.pan(axis.width() / 8);
    if (c == 'f') axis.fit();
    if (c == '!') desk_.say("goto fault:1");
    if (c == '?') help_ = !help_;
    const auto number = static_cast<size_t>(c - '1');
    if (c >= '1' && number < std::size(kLayouts)) layout_ = &kLayouts[number];
    if (c == ':') typing_.wanted = true;
    if (c == '/') {
      typing_.wanted = true;
      typing_.line = "find /";
      typing_.to_end = 2;
    }
  }
}

void Picture::draw_help() {
  static constexpr std::pair<const char*, const char*> kKeys[] = {
      {"Left, Right", "a cycle back, a cycle on"},
      {"F5, Alt+F5", "on, or back, to the next stop"},
      {"F10, Alt+F10", "a cycle on, or back"},
      {"F11, Alt+F11", "a statement on, or back"},
      {"Home, End", "to the start, to the end"},
      {"Space", "play, or stop playing"},
      {"!", "to the first fault"},
      {"W S, wheel", "nearer, farther"},
      {"A D, Shift+wheel, right button", "to the left, to the right"},
      {"F", "all of it"},
      {"left button", "go there, and look at whoever it is"},
      {"1, 2, 3, 4", "share out the space otherwise: step, learn, crash, large"},
      {":", "to the prompt; Tab completes, Up calls back what was typed"},
      {"/", "look for a text in messages, logs and values"},
      {"?", "show this, or no more"}};
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5F, 0.5F});
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
}

}  // namespace lexum
