// What the chosen instance is like where one stands.
#include <fmt/format.h>

#include "machine/report.h"
#include "theme/theme.h"
#include "views/panels.h"

namespace lexum {

namespace {

void text(Paint colour, const std::string& what) {
  ImGui::PushStyleColor(ImGuiCol_Text, paint(colour));
  ImGui::TextUnformatted(what.c_str());
  ImGui::PopStyleColor();
}

void heading(const char* what) {
  ImGui::Dummy({1, 4});
  text(Paint::kDim, what);
}

}  // namespace

void draw_inspector(Desk& desk, ImVec2 size) {
  ImGui::BeginChild("inspector", size);
  const InspectorView view = desk.inspector();  // a click may make another one
  if (view.instance.empty()) {
    text(Paint::kDim, "click a lane to see what its instance is like here");
    ImGui::EndChild();
    return;
  }
  text(Paint::kBarSends, view.instance);
  if (view.faulted) ImGui::SameLine(), text(Paint::kFault, "FAULTED");
  if (!view.doing.empty()) ImGui::SameLine(), text(Paint::kDim, "ran " + view.doing);
  heading("state (click a value: why)");
  std::string asked;
  if (ImGui::BeginTable("fields", 2, ImGuiTableFlags_SizingStretchProp)) {
    for (const FieldRow& row : view.fields) {
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      text(row.changed ? Paint::kChanged : Paint::kText, row.name);
      ImGui::TableNextColumn();
      const std::string value =
          row.before.empty() ? row.value : fmt::format("{} → {}", row.before, row.value);
      ImGui::PushStyleColor(ImGuiCol_Text, paint(row.changed ? Paint::kChanged : Paint::kText));
      if (ImGui::Selectable(fmt::format("{}##{}", value, row.name).c_str())) asked = row.name;
      ImGui::PopStyleColor();
    }
    ImGui::EndTable();
  }
  if (!view.goals.empty()) heading("goals");
  for (const GoalRow& goal : view.goals) {
    const bool holds = goal.status == GoalStatus::kSatisfied;
    text(holds ? Paint::kGood : Paint::kText,
         fmt::format("{}  {}", goal.name, spelling(goal.status)));
    if (!goal.distance.empty()) text(Paint::kChanged, "    " + goal.distance);
  }
  heading("mailbox");
  if (view.mail.empty()) text(Paint::kDim, "nothing waits");
  for (const std::string& message : view.mail) text(Paint::kText, message);
  ImGui::EndChild();
  if (!asked.empty()) desk.say(fmt::format("why {}.{}", view.instance, asked));
}

}  // namespace lexum
