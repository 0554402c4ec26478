// What the chosen instance is like where one stands.
#include <algorithm>

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

// Over the same cycles as the lanes; a step lasts to the next one.
void plot(Desk& desk) {
  const std::vector<PlotStep>& steps = desk.plot();
  if (steps.size() < 2) return;
  heading(desk.plotted().c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, 70};
  ImGui::Dummy(size);
  const auto [low, high] = std::ranges::minmax_element(steps, {}, &PlotStep::value);
  const double room = std::max(high->value - low->value, 1e-9);
  const Axis& axis = desk.axis();
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + size.x, at.y + size.y}, paint(Paint::kLane), 3);
  const auto x_of = [&](uint64_t cycle) {
    const double part = std::clamp(axis.x_of(cycle) / axis.width(), 0.0, 1.0);
    return at.x + static_cast<float>(part) * size.x;
  };
  const auto y_of = [&](double value) {
    const double part = (value - low->value) / room;
    return at.y + size.y - 6 - static_cast<float>(part) * (size.y - 12);
  };
  for (size_t i = 0; i < steps.size(); ++i) {
    const float until = i + 1 < steps.size() ? x_of(steps[i + 1].cycle) : at.x + size.x;
    const float y = y_of(steps[i].value);
    draw.AddLine({x_of(steps[i].cycle), y}, {until, y}, paint(Paint::kBar), 1.5F);
    if (i + 1 < steps.size()) {
      draw.AddLine({until, y}, {until, y_of(steps[i + 1].value)}, paint(Paint::kBar), 1.5F);
    }
  }
  const float here = x_of(desk.session().at().cycle);
  draw.AddLine({here, at.y}, {here, at.y + size.y}, paint(Paint::kPosition));
  text(Paint::kDim, fmt::format("{} … {}", low->value, high->value));
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
  if (!view.fault.empty()) {
    ImGui::PushTextWrapPos(0);
    text(Paint::kFault, view.fault);
    ImGui::PopTextWrapPos();
  }
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
      if (!row.rejected.empty()) text(Paint::kFault, "and not " + row.rejected);
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
  plot(desk);
  heading("mailbox");
  if (view.mail.empty()) text(Paint::kDim, "nothing waits");
  for (const std::string& message : view.mail) text(Paint::kText, message);
  ImGui::EndChild();
  if (!asked.empty()) desk.plot(asked);
  if (!asked.empty()) desk.say(fmt::format("why {}.{}", view.instance, asked));
}

}  // namespace lexum
