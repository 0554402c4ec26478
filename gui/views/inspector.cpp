// What the chosen instance is like where one stands.
#include <algorithm>

#include <fmt/format.h>

#include "machine/report.h"
#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/panels.h"
#include "views/places.h"

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

// Over the same cycles as the lanes; a step lasts to the next one. Where a step stands for many
// writes, it is as high as they were.
void plot(Desk& desk) {
  if (desk.plotted().empty()) return;
  const std::vector<PlotStep>& steps = desk.plot();
  heading(desk.plotted().c_str());
  if (steps.size() < 2) {
    const bool waits = !desk.scene().survey.has_all_values();
    text(Paint::kDim, waits ? "reading …" : "no numbers were written to it here");
    return;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, 5 * ImGui::GetFontSize()};
  ImGui::Dummy(size);
  note_item({"plot"});
  double low = steps.front().low;
  double high = steps.front().high;
  for (const PlotStep& step : steps) {
    low = std::min(low, step.low);
    high = std::max(high, step.high);
  }
  const double room = std::max(high - low, 1e-9);
  const Axis& axis = desk.axis();
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + size.x, at.y + size.y}, paint(Paint::kLane), 3);
  const auto x_of = [&](uint64_t cycle) {
    const double part = std::clamp(axis.x_of(cycle) / axis.width(), 0.0, 1.0);
    return at.x + static_cast<float>(part) * size.x;
  };
  const auto y_of = [&](double value) {
    const double part = (value - low) / room;
    return at.y + size.y - 6 - static_cast<float>(part) * (size.y - 12);
  };
  // No more than two of them are drawn in a pixel.
  float drawn = at.x - 1;
  for (size_t i = 0; i < steps.size(); ++i) {
    const float x = x_of(steps[i].cycle);
    const float until = i + 1 < steps.size() ? x_of(steps[i + 1].cycle) : at.x + size.x;
    if (steps[i].high > steps[i].low && x - drawn >= 0.5F) {
      draw.AddRectFilled({x, y_of(steps[i].high)}, {std::max(until, x + 1), y_of(steps[i].low) + 1},
                         paint(Paint::kPursued));
    }
    if (until - drawn < 0.5F) continue;
    drawn = until;
    const float y = y_of(steps[i].last);
    draw.AddLine({x, y}, {until, y}, paint(Paint::kBar), 1.5F);
    if (i + 1 < steps.size() && steps[i + 1].low == steps[i + 1].high) {
      draw.AddLine({until, y}, {until, y_of(steps[i + 1].last)}, paint(Paint::kBar), 1.5F);
    }
  }
  const float here = x_of(desk.session().at().cycle);
  draw.AddLine({here, at.y}, {here, at.y + size.y}, paint(Paint::kPosition));
  text(Paint::kDim, fmt::format("{} … {}", low, high));
}

// What can be clicked says where it leads: a line, or nothing.
class Asked {
 public:
  void row(const std::string& path, const std::string& label, const std::string& line,
           Paint colour) {
    ImGui::PushStyleColor(ImGuiCol_Text, paint(colour));
    if (ImGui::Selectable((label + "##" + path).c_str())) line_ = line;
    ImGui::PopStyleColor();
    note_item({path});
    if (ImGui::IsItemHovered() && !line.empty()) ImGui::SetTooltip("%s", line.c_str());
  }
  [[nodiscard]] const std::string& line() const { return line_; }

 private:
  std::string line_;
};

std::string goto_line(uint64_t cycle) { return cycle == 0 ? "" : fmt::format("goto {}", cycle); }

void state(const InspectorView& view, Asked& asked, std::string& plotted) {
  heading("state (click a value: why)");
  if (!ImGui::BeginTable("fields", 2, ImGuiTableFlags_SizingFixedFit)) return;
  ImGui::TableSetupColumn("name");
  ImGui::TableSetupColumn("value", ImGuiTableColumnFlags_WidthStretch);
  for (const FieldRow& row : view.fields) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    text(row.changed ? Paint::kChanged : Paint::kText, row.name);
    ImGui::TableNextColumn();
    const std::string value =
        row.before.empty() ? row.value : fmt::format("{} → {}", row.before, row.value);
    const std::string before = asked.line();
    asked.row("state/" + row.name, value, fmt::format("why {}.{}", view.instance, row.name),
              row.changed ? Paint::kChanged : Paint::kText);
    if (asked.line() != before) plotted = row.name;
    if (!row.rejected.empty()) text(Paint::kFault, "and not " + row.rejected);
  }
  ImGui::EndTable();
}

void goals(const InspectorView& view, Asked& asked) {
  if (!view.goals.empty()) heading("goals");
  for (const GoalRow& goal : view.goals) {
    const bool holds = goal.status == GoalStatus::kSatisfied;
    asked.row("goals/" + goal.name, fmt::format("{}  {}", goal.name, spelling(goal.status)),
              fmt::format("why {}.{}", view.instance, goal.name),
              holds ? Paint::kGood : Paint::kText);
    if (!goal.distance.empty()) text(Paint::kChanged, "    " + goal.distance);
  }
}

void messages(const InspectorView& view, Asked& asked) {
  if (view.took) {
    heading("took");
    const MessageRow& took = *view.took;
    const std::string from = took.cycle == 0 ? "from outside" : fmt::format("cycle {}", took.cycle);
    asked.row("took", took.text.empty() ? from : took.text, goto_line(took.cycle), Paint::kText);
    if (!took.became.empty()) text(Paint::kDim, fmt::format("    by {}, {}", took.became, from));
  }
  if (!view.sent.empty()) heading("sent");
  for (size_t i = 0; i < view.sent.size(); ++i) {
    const MessageRow& sent = view.sent[i];
    asked.row(fmt::format("sent/{}", i + 1), sent.text, goto_line(sent.cycle), Paint::kText);
    if (!sent.became.empty()) {
      text(sent.cycle == 0 ? Paint::kWaiting : Paint::kDim, "    " + sent.became);
    }
  }
  if (view.dead > 0) {
    text(Paint::kWaiting, fmt::format("{} to the dead letters in this cycle", view.dead));
  }
  heading(view.waiting == 0 ? "mailbox" : fmt::format("mailbox ({})", view.waiting).c_str());
  if (view.mail.empty()) text(Paint::kDim, "nothing waits");
  for (const std::string& message : view.mail) text(Paint::kText, message);
  if (!view.awaited.empty()) heading("effects under way");
  for (const MessageRow& effect : view.awaited) {
    asked.row("effects/" + effect.text, effect.text, goto_line(effect.cycle), Paint::kText);
    text(Paint::kDim, "    " + effect.became);
  }
}

// Of the whole run, as far as it was read.
void dead_letters(Desk& desk, Asked& asked) {
  constexpr size_t kDeadShown = 8;
  const Survey& survey = desk.scene().survey;
  if (survey.dead_in_all() == 0) return;
  heading(fmt::format("dead letters of the run ({})", survey.dead_in_all()).c_str());
  const std::vector<DeadLetters>& dead = survey.dead();
  // Those around where one stands.
  const auto here =
      std::ranges::lower_bound(dead, desk.session().at().cycle, {}, &DeadLetters::cycle);
  const auto around = static_cast<size_t>(here - dead.begin());
  size_t first = around > kDeadShown / 2 ? around - kDeadShown / 2 : 0;
  first = std::min(first, dead.size() > kDeadShown ? dead.size() - kDeadShown : 0);
  for (size_t i = first; i < std::min(dead.size(), first + kDeadShown); ++i) {
    asked.row(fmt::format("dead/{}", dead[i].cycle),
              fmt::format("{} in cycle {}", dead[i].count, dead[i].cycle), goto_line(dead[i].cycle),
              Paint::kWaiting);
  }
}

}  // namespace

void draw_inspector(Desk& desk, ImVec2 size) {
  begin_panel("inspector", size);
  const bool on_the_way = desk.is_playing() || ImGui::IsMouseDown(ImGuiMouseButton_Left);
  const InspectorView view = desk.inspector(on_the_way);  // a click may make another one
  if (view.instance.empty()) {
    text(Paint::kDim, "nobody is there at this moment;\nclick a lane to look at its instance");
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
  Asked asked;
  std::string plotted;
  state(view, asked, plotted);
  plot(desk);
  goals(view, asked);
  messages(view, asked);
  dead_letters(desk, asked);
  ImGui::EndChild();
  if (!plotted.empty()) desk.plot(plotted);
  if (!asked.line().empty()) desk.say(asked.line());
}

}  // namespace lexum
