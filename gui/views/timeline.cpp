// Who did what when, and who told whom: the whole run as a strip, and below it the part that is
// seen.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "theme/theme.h"
#include "views/panels.h"

namespace lexum {

namespace {

constexpr float kMinimap = 34;
constexpr float kAxis = 18;
constexpr float kNames = 150;

Paint paint_of(BarMark mark) {
  switch (mark) {
    case BarMark::kFault:
      return Paint::kFault;
    case BarMark::kFlips:
      return Paint::kBarFlips;
    case BarMark::kSends:
      return Paint::kBarSends;
    case BarMark::kPlain:
      break;
  }
  return Paint::kBar;
}

struct Area {
  ImVec2 at;
  ImVec2 size;
};

// The whole run, with what is seen of it.
void minimap(Desk& desk, ImDrawList& draw, Area area) {
  draw.AddRectFilled(area.at, {area.at.x + area.size.x, area.at.y + area.size.y},
                     paint(Paint::kLane), 3);
  const auto columns = static_cast<size_t>(std::max(area.size.x, 1.0F));
  const std::vector<float>& parts = desk.lanes().minimap(columns);
  const float bottom = area.at.y + area.size.y - 2;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == 0) continue;
    const float x = area.at.x + static_cast<float>(i);
    const float high = std::abs(parts[i]) * (area.size.y - 4);
    draw.AddRectFilled({x, bottom - high}, {x + 1, bottom},
                       paint(parts[i] < 0 ? Paint::kFault : Paint::kBar));
  }
  TraceReader& trace = desk.session().trace();
  const double cycles = std::max<double>(1, static_cast<double>(trace.cycles() - trace.start()));
  const auto x_of = [&](uint64_t cycle) {
    const double part = static_cast<double>(cycle - std::min(cycle, trace.start())) / cycles;
    return area.at.x + static_cast<float>(part * area.size.x);
  };
  draw.AddRect({x_of(desk.axis().first_seen() - 1), area.at.y},
               {std::max(x_of(desk.axis().last_seen()), x_of(desk.axis().first_seen() - 1) + 3),
                area.at.y + area.size.y},
               paint(Paint::kText), 2);
  for (const size_t chunk : desk.lanes().unreadable()) {
    const ChunkEntry& entry = trace.chunks()[chunk];
    const float x = x_of(entry.first_cycle - 1);
    const float end = std::max(x_of(entry.first_cycle + entry.cycle_count - 1), x + 2);
    draw.AddRectFilled({x, area.at.y}, {end, area.at.y + area.size.y}, paint(Paint::kAbandoned));
  }
  // What comes after the end of a damaged trace, nobody knows.
  if (trace.end() == TraceEnd::kDamaged) {
    const float right = area.at.x + area.size.x;
    draw.AddRectFilled({right - 6, area.at.y}, {right, area.at.y + area.size.y},
                       paint(Paint::kAbandoned));
  }
  const float here = x_of(desk.session().at().cycle);
  draw.AddLine({here, area.at.y}, {here, area.at.y + area.size.y}, paint(Paint::kPosition), 2);
}

// Numbers of cycles that are round, so far apart that they can be read.
void ticks(Desk& desk, ImDrawList& draw, Area area) {
  const Axis& axis = desk.axis();
  const double apart = 90 / axis.pixels_per_cycle();
  double step = std::pow(10, std::ceil(std::log10(std::max(apart, 1.0))));
  if (step / 5 >= apart && step >= 5) step /= 5;
  else if (step / 2 >= apart && step >= 2) step /= 2;
  const auto by = static_cast<uint64_t>(std::max(step, 1.0));
  for (uint64_t cycle = axis.first_seen() / by * by; cycle <= axis.last_seen(); cycle += by) {
    const auto x = area.at.x + static_cast<float>(axis.x_of(cycle));
    if (x < area.at.x) continue;
    draw.AddLine({x, area.at.y + area.size.y - 4}, {x, area.at.y + area.size.y},
                 paint(Paint::kDim));
    draw.AddText({x + 3, area.at.y}, paint(Paint::kDim), fmt::to_string(cycle).c_str());
  }
}

// The fainter, the fewer cycles a bar stands for beside what it has room for.
ImU32 faded(ImU32 colour, const Bar& bar, double pixels_per_cycle) {
  if (bar.count == 1) return colour;
  const double dense = bar.count * std::max(pixels_per_cycle, 1e-9) / std::max(bar.width, 1.0F);
  const double alpha = 0.45 + 0.55 * std::min(1.0, std::sqrt(dense * 40));
  return (colour & ~IM_COL32_A_MASK) |
         (static_cast<ImU32>(alpha * static_cast<double>(colour >> IM_COL32_A_SHIFT))
          << IM_COL32_A_SHIFT);
}

void bars(Desk& desk, ImDrawList& draw, const Lane& lane, const std::vector<Bar>& all, Area area) {
  Session& session = desk.session();
  constexpr float kRoomForName = 46;
  for (const Bar& bar : all) {
    const float x = area.at.x + bar.x;
    const float gap = bar.width > 8 ? 1.0F : 0.0F;
    const float width = std::max(bar.width - gap, 1.5F);
    const bool here = bar.count == 1 && bar.cycle == session.at().cycle;
    const ImVec2 from{std::max(x, area.at.x), area.at.y + 3};
    const ImVec2 to{std::min(x + width, area.at.x + area.size.x), area.at.y + area.size.y - 3};
    if (to.x <= from.x) continue;
    const float round = bar.width > 24 ? 2 : 0;  // corners cost
    draw.AddRectFilled(
        from, to, faded(paint(paint_of(bar.mark)), bar, desk.axis().pixels_per_cycle()), round);
    if (here) draw.AddRect(from, to, paint(Paint::kPosition), round, 0, 3);
    if (bar.width < kRoomForName || !bar.routine) continue;
    const std::string name =
        routine_name(session.program()[lane.domain].routines[bar.routine.index()]);
    draw.PushClipRect(from, {to.x - 3, to.y}, true);
    draw.AddText({from.x + 5, (from.y + to.y - ImGui::GetTextLineHeight()) / 2},
                 paint(Paint::kBackground), name.c_str());
    draw.PopClipRect();
  }
}

Paint paint_of(GoalStatus status) {
  switch (status) {
    case GoalStatus::kSatisfied:
      return Paint::kGood;
    case GoalStatus::kPursued:
      return Paint::kPursued;
    case GoalStatus::kWaiting:
      return Paint::kWaiting;
    case GoalStatus::kAbandoned:
      break;
  }
  return Paint::kAbandoned;
}

// Thin strips at the foot of a lane, one for each goal.
void goal_bands(Desk& desk, ImDrawList& draw, size_t lane, Area area) {
  const Axis& axis = desk.axis();
  const auto& goals = desk.bands().of(lane, axis);
  const float high = std::min(3.0F, area.size.y / 3 / static_cast<float>(goals.size() + 1));
  for (size_t goal = 0; goal < goals.size(); ++goal) {
    const float y = area.at.y + area.size.y - high * static_cast<float>(goals.size() - goal);
    for (const Band& band : goals[goal]) {
      // How it stands after a cycle begins where that ends.
      const double from = std::max(0.0, axis.x_of(band.from) + axis.pixels_per_cycle());
      const double until = std::min(axis.width(), axis.x_of(band.until) + axis.pixels_per_cycle());
      if (until <= from) continue;
      draw.AddRectFilled({area.at.x + static_cast<float>(from), y},
                         {area.at.x + static_cast<float>(until), y + high - 0.5F},
                         paint(paint_of(band.status)));
    }
  }
}

// Those of the cycle at the position, or all others: the more there are, the fainter.
void messages(Desk& desk, ImDrawList& draw, Area area, size_t first, size_t count, float height,
              bool of_here) {
  const Axis& axis = desk.axis();
  const uint64_t here = desk.session().at().cycle;
  // From where one bar ends to where the other begins; thin bars have only a middle.
  const double scale = axis.pixels_per_cycle();
  const double leaves = scale > 8 ? scale - 1 : scale / 2;
  const double arrives = scale > 8 ? 0 : scale / 2;
  const auto y_of = [&](size_t lane) {
    const float row = static_cast<float>(lane) - static_cast<float>(first) + 0.5F;
    return area.at.y + row * height;
  };
  draw.PushClipRect(area.at, {area.at.x + area.size.x, area.at.y + area.size.y}, true);
  const std::vector<EdgeView>& edges = desk.edges().seen(axis);
  const double faint = std::clamp(500.0 / static_cast<double>(edges.size() + 1), 0.25, 1.0);
  ImVec4 plain = ImGui::ColorConvertU32ToFloat4(paint(Paint::kEdge));
  plain.w *= static_cast<float>(faint);
  const ImU32 colour = of_here ? paint(Paint::kEdgeChosen) : ImGui::ColorConvertFloat4ToU32(plain);
  const float thick = of_here ? 2.0F : 1.0F;
  for (const EdgeView& edge : edges) {
    if (edge.taken == 0) {
      // It leaves, towards whoever is to get it, and ends open: above the bars, or they would hide
      // it.
      if (!of_here || scale <= 8 || edge.from < first || edge.from >= first + count) continue;
      const float away = edge.to > edge.from ? height / 2 + 4 : -(height / 2 + 4);
      const ImVec2 begin{area.at.x + static_cast<float>(axis.x_of(edge.sent) + leaves) - 6,
                         y_of(edge.from)};
      const ImVec2 end{begin.x, begin.y + away};
      draw.AddLine(begin, end, paint(Paint::kWaiting), 1.5F);
      draw.AddCircle({end.x, end.y + (away > 0 ? 3.0F : -3.0F)}, 3, paint(Paint::kWaiting), 10,
                     1.5F);
      continue;
    }
    if ((edge.sent == here || edge.taken == here) != of_here) continue;
    const bool above = edge.from < first && edge.to < first;
    const bool below = edge.from >= first + count && edge.to >= first + count;
    if (above || below) continue;
    const ImVec2 from{area.at.x + static_cast<float>(axis.x_of(edge.sent) + leaves),
                      y_of(edge.from)};
    const ImVec2 to{area.at.x + static_cast<float>(axis.x_of(edge.taken) + arrives), y_of(edge.to)};
    // Where there are many, a curve is no more than a line that costs ten times as much.
    if (scale > 14) {
      const float bend = std::min(40.0F, (to.x - from.x) / 2);
      draw.AddBezierCubic(from, {from.x + bend, from.y}, {to.x - bend, to.y}, to, colour, thick,
                          12);
    } else {
      draw.AddLine(from, to, colour, thick);
    }
    if (axis.pixels_per_cycle() > 6) {
      draw.AddTriangleFilled(to, {to.x - 6, to.y - 3}, {to.x - 6, to.y + 3}, colour);
    }
  }
  draw.PopClipRect();
}

// Mouse over the lanes: the wheel comes nearer, a drag scrubs, with the right button it moves.
void hear(Desk& desk, Area area, size_t first, float height) {
  ImGui::SetCursorScreenPos(area.at);
  ImGui::InvisibleButton("lanes", area.size,
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const ImGuiIO& io = ImGui::GetIO();
  const double x = io.MousePos.x - area.at.x;
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    if (io.KeyShift) desk.axis().pan(-io.MouseWheel * 80);
    else desk.axis().zoom(std::pow(1.25, io.MouseWheel), x);
  }
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0)) {
    desk.axis().pan(-io.MouseDelta.x);
  }
  const uint64_t cycle = desk.axis().cycle_at(x);
  // What is under the pointer, where it is wide enough to be pointed at.
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive() && desk.axis().pixels_per_cycle() >= 4 &&
      x <= desk.axis().x_of(desk.axis().last_seen()) + desk.axis().pixels_per_cycle()) {
    const std::string line = desk.line_of(cycle);
    if (!line.empty()) ImGui::SetTooltip("%s", line.c_str());
  }
  if (!ImGui::IsItemActive() || !ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  const bool began = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  const auto lane = first + static_cast<size_t>((io.MousePos.y - area.at.y) / height);
  if (desk.session().at().cycle != cycle || desk.session().inside()) {
    desk.say(fmt::format("goto {}", cycle));
  }
  if (began && lane < desk.lanes().all().size()) desk.choose(lane);
}

}  // namespace

void draw_timeline(Desk& desk, ImVec2 size, float height) {
  ImGui::BeginChild("timeline", size, false, ImGuiWindowFlags_NoScrollWithMouse);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 space = ImGui::GetContentRegionAvail();
  minimap(desk, draw, {at, {space.x, kMinimap}});
  ImGui::SetCursorScreenPos(at);
  ImGui::InvisibleButton("minimap", {space.x, kMinimap});
  if (ImGui::IsItemActive()) {
    TraceReader& trace = desk.session().trace();
    const double part = std::clamp((ImGui::GetIO().MousePos.x - at.x) / space.x, 0.0F, 1.0F);
    const auto cycle =
        trace.start() +
        static_cast<uint64_t>(part * static_cast<double>(trace.cycles() - trace.start()));
    desk.axis().reveal(cycle);
    if (desk.session().at().cycle != cycle) desk.say(fmt::format("goto {}", cycle));
  }
  const ImVec2 below{at.x, at.y + kMinimap + 4};
  desk.axis().set_width(std::max(space.x - kNames, 50.0F));
  ticks(desk, draw, {{below.x + kNames, below.y}, {space.x - kNames, kAxis}});
  ImGui::SetCursorScreenPos({below.x, below.y + kAxis});
  const ImVec2 room{space.x, std::max(space.y - kMinimap - kAxis - 4, 1.0F)};
  ImGui::BeginChild("rows", room);
  // Rows are counted in whole numbers; only those that can be seen are asked for.
  const size_t lanes = desk.lanes().all().size();
  const float scrolled = ImGui::GetScrollY();
  const auto first = static_cast<size_t>(scrolled / height);
  const size_t count =
      std::min(lanes - std::min(first, lanes), static_cast<size_t>(room.y / height) + 2);
  ImGui::Dummy({1, static_cast<float>(lanes) * height});
  ImDrawList& rows = *ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetWindowPos();
  const float top = corner.y + static_cast<float>(first) * height - scrolled;
  const float wide = ImGui::GetContentRegionAvail().x;
  const std::optional<size_t> chosen = desk.chosen();
  const auto& all = desk.lanes().bars(desk.axis(), first, count);
  for (size_t i = 0; i < count; ++i) {
    const float y = top + static_cast<float>(i) * height;
    const bool is_chosen = chosen == first + i;
    if (is_chosen || (first + i) % 2 == 0) {
      rows.AddRectFilled({corner.x, y}, {corner.x + wide, y + height},
                         paint(is_chosen ? Paint::kLaneSelected : Paint::kLane));
    }
    const std::string& name = desk.lanes().all()[first + i].name;
    rows.PushClipRect({corner.x, y}, {corner.x + kNames - 6, y + height}, true);
    rows.AddText({corner.x + 4, y + (height - ImGui::GetTextLineHeight()) / 2},
                 paint(is_chosen ? Paint::kText : Paint::kDim), name.c_str());
    rows.PopClipRect();
  }
  const Area picture{{corner.x + kNames, corner.y}, {wide - kNames, room.y}};
  const Area lanes_area{{picture.at.x, top}, {picture.size.x, static_cast<float>(count) * height}};
  messages(desk, rows, lanes_area, first, count, height, false);
  for (size_t i = 0; i < count; ++i) {
    const float y = top + static_cast<float>(i) * height;
    bars(desk, rows, desk.lanes().all()[first + i], all[i],
         {{picture.at.x, y}, {picture.size.x, height}});
    goal_bands(desk, rows, first + i, {{picture.at.x, y}, {picture.size.x, height}});
  }
  messages(desk, rows, lanes_area, first, count, height, true);
  const auto here = picture.at.x + static_cast<float>(desk.axis().x_of(desk.session().at().cycle) +
                                                      desk.axis().pixels_per_cycle() / 2);
  if (here >= picture.at.x && here <= picture.at.x + picture.size.x) {
    rows.AddLine({here, picture.at.y}, {here, picture.at.y + picture.size.y},
                 paint(Paint::kPosition), 1);
  }
  if (desk.lanes().is_partial()) {
    rows.AddText({picture.at.x + 8, picture.at.y + 4}, paint(Paint::kDim), "summing up …");
  }
  hear(desk, {{picture.at.x, top}, {picture.size.x, room.y + height}}, first, height);
  ImGui::EndChild();
  ImGui::EndChild();
}

}  // namespace lexum
