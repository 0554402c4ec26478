// Where one stands, and the ways to go from there.
#include <fmt/format.h>

#include "theme/theme.h"
#include "views/panels.h"

namespace lexum {

namespace {

void button(Desk& desk, const char* label, const char* line, const char* keys) {
  if (ImGui::Button(label)) desk.say(line);
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s  (%s)", line, keys);
  ImGui::SameLine();
}

// Each of them, where there are several.
void branches(Desk& desk) {
  if (desk.session().branches().size() < 2) return;
  std::string chosen;
  for (const auto& branch : desk.session().branches()) {
    ImGui::SameLine();
    const bool here = branch.get() == &desk.session().branch();
    if (here) ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kPosition));
    if (ImGui::Button(branch->name.c_str()) && !here) chosen = branch->name;
    if (here) ImGui::PopStyleColor();
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("switch %s", branch->name.c_str());
  }
  const std::string& parent = desk.session().branch().parent;
  if (!parent.empty()) {
    ImGui::SameLine();
    button(desk, "diff", ("diff " + parent).c_str(), "what the fork changed");
  }
  if (!chosen.empty()) desk.say("switch " + chosen);
}

}  // namespace

void draw_bar(Desk& desk) {
  button(desk, "|<", "goto start", "Home");
  button(desk, "<<", "reverse-continue", "Alt+F5");
  button(desk, "<", "reverse-step", "Left, Alt+F10");
  if (ImGui::Button(desk.is_playing() ? "||" : ">")) desk.play(desk.is_playing() ? 0 : 20);
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("play  (Space)");
  ImGui::SameLine();
  button(desk, "step", "step", "Right, F10");
  button(desk, "stepi", "stepi", "F11");
  button(desk, ">>", "continue", "F5");
  button(desk, ">|", "goto end", "End");
  if (desk.session().fault() != 0) {
    ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kFault));
    button(desk, "fault", "goto fault:1", "!");
    ImGui::PopStyleColor();
  }
  ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kPosition));
  ImGui::TextUnformatted(desk.where().c_str());
  ImGui::PopStyleColor();
  branches(desk);
  TraceReader& trace = desk.session().trace();
  const size_t lost = desk.lanes().unreadable().size();
  std::string says;
  if (lost > 0) says = fmt::format("{} of {} chunks cannot be read", lost, trace.chunks().size());
  else if (trace.end() == TraceEnd::kDamaged) says = "damaged behind its end";
  else if (trace.end() == TraceEnd::kTorn) says = "still being recorded, or cut off";
  if (says.empty()) return;
  ImGui::SameLine();
  ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kAbandoned));
  ImGui::TextUnformatted(says.c_str());
  ImGui::PopStyleColor();
  if (ImGui::IsItemHovered()) {
    ImGui::SetTooltip("%s",
                      lost > 0 ? "they are marked above the lanes" : trace.end_says().c_str());
  }
}

}  // namespace lexum
