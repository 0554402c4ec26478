// Where one stands, the ways to go from there, and how the lanes are seen.
#include <array>

#include <fmt/format.h>

#include "theme/theme.h"
#include "views/panels.h"
#include "views/places.h"

namespace lexum {

namespace {

// What comes next stands beside it, if there is room.
void flow(float width) {
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  const float end = ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width;
  if (end < right) ImGui::SameLine();
}
float width_of(const char* label) {
  return ImGui::CalcTextSize(label).x + 2 * ImGui::GetStyle().FramePadding.x;
}

struct Press {
  const char* label;
  const char* name;  // in its path
  std::string tip;
  bool lit = false;
};
bool pressed(const Press& button) {
  flow(width_of(button.label));
  if (button.lit) ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kPosition));
  const bool down = ImGui::Button(button.label);
  if (button.lit) ImGui::PopStyleColor();
  note_item({"bar/", button.name});
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", button.tip.c_str());
  return down;
}
void says(Desk& desk, const char* label, const char* name, const std::string& line,
          const char* keys) {
  if (pressed({label, name, fmt::format("{}  ({})", line, keys)})) desk.say(line);
}
void flowing_text(Paint colour, const std::string& what) {
  flow(ImGui::CalcTextSize(what.c_str()).x);
  ImGui::PushStyleColor(ImGuiCol_Text, paint(colour));
  ImGui::TextUnformatted(what.c_str());
  ImGui::PopStyleColor();
}

constexpr std::array kSpeeds{1.0, 5.0, 20.0, 100.0, 1'000.0, 10'000.0, 100'000.0};

void ways(Desk& desk) {
  if (ImGui::Button("|<")) desk.say("goto start");
  note_item({"bar/start"});
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("goto start  (Home)");
  says(desk, "<<", "back", "reverse-continue", "Alt+F5");
  says(desk, "<", "reverse-step", "reverse-step", "Left, Alt+F10");
  if (pressed({desk.is_playing() ? "||" : ">", "play", "play, or stop playing  (Space)"})) {
    desk.play(desk.is_playing() ? 0 : desk.speed());
  }
  const std::string speed = fmt::format("{:.0f}/s", desk.speed());
  if (pressed({speed.c_str(), "speed", "how many cycles a second are played  (< and >)"})) {
    const double next = faster(desk.speed());
    desk.set_speed(next == desk.speed() ? kSpeeds.front() : next);
  }
  says(desk, "step", "step", "step", "Right, F10");
  says(desk, "stepi", "stepi", "stepi", "Ctrl+Right, F11");
  says(desk, "tick", "tick", "next-tick", "Shift+Right");
  says(desk, "hop", "hop", "hop", "Down; back to the sender with Up");
  says(desk, ">>", "continue", "continue", "F5");
  says(desk, ">|", "end", "goto end", "End");
  if (desk.session().fault() == 0) return;
  ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kFault));
  says(desk, "fault", "fault", "goto fault:1", "!");
  ImGui::PopStyleColor();
}

// Each of them, where there are several.
void branches(Desk& desk) {
  if (desk.session().branches().size() < 2) return;
  std::string chosen;
  for (const auto& branch : desk.session().branches()) {
    const bool here = branch.get() == &desk.session().branch();
    const char* const name = branch->name.c_str();
    if (pressed({name, name, "switch " + branch->name, here}) && !here) chosen = branch->name;
  }
  const std::string parent = desk.session().branch().parent;
  if (!parent.empty()) says(desk, "diff", "diff", "diff " + parent, "what the fork changed");
  const bool two = desk.beside() != nullptr;
  if (pressed({"beside", "beside", "this branch and the other one, with the first difference  (b)",
               two})) {
    desk.look_beside(!two);
  }
  if (!chosen.empty()) desk.say("switch " + chosen);
}

void how_seen(Desk& desk) {
  if (pressed({"depth", "depth",
               "causal depth on x instead of cycles: what has nothing to do with each other stands "
               "side by side  (x)",
               desk.is_by_depth()})) {
    desk.look_by_depth(!desk.is_by_depth());
  }
  const float width = 7 * ImGui::GetFontSize();
  flow(width);
  ImGui::SetNextItemWidth(width);
  int hops = static_cast<int>(desk.hops());
  if (ImGui::SliderInt("##hops", &hops, 0, kHopsMax, hops == 1 ? "%d hop" : "%d hops")) {
    desk.set_hops(static_cast<uint32_t>(std::clamp(hops, 0, kHopsMax)));
  }
  note_item({"bar/hops"});
  if (ImGui::IsItemHovered()) {
    ImGui::SetTooltip("so many messages away, causes and effects stand out  (- and +)");
  }
}

void damage(Desk& desk) {
  const TraceReader& trace = desk.session().trace();
  const size_t lost = desk.lost().size();
  std::string what;
  if (lost > 0) what = fmt::format("{} of {} chunks cannot be read", lost, trace.chunks().size());
  else if (trace.end() == TraceEnd::kDamaged) what = "damaged behind its end";
  else if (trace.end() == TraceEnd::kTorn) what = "still being recorded, or cut off";
  if (what.empty()) return;
  flowing_text(Paint::kAbandoned, what);
  if (ImGui::IsItemHovered()) {
    ImGui::SetTooltip("%s",
                      lost > 0 ? "they are marked above the lanes" : trace.end_says().c_str());
  }
}

}  // namespace

double faster(double speed) {
  const auto* const next = std::ranges::upper_bound(kSpeeds, speed);
  return next == kSpeeds.end() ? speed : *next;
}
double slower(double speed) {
  const auto* const same = std::ranges::lower_bound(kSpeeds, speed);
  return same == kSpeeds.begin() ? speed : *(same - 1);
}

void draw_bar(Desk& desk) {
  ways(desk);
  flowing_text(Paint::kPosition, desk.where());
  branches(desk);
  how_seen(desk);
  damage(desk);
}

}  // namespace lexum
