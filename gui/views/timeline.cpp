// Who did what when, and who told whom: the whole run as a strip, and below it the part that is
// seen. How the parts lie, and what the mouse does among the lanes.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "theme/theme.h"
#include "views/panels.h"
#include "views/places.h"
#include "views/timeline_parts.h"

namespace lexum {

namespace {

constexpr float kMinimap = 34;
constexpr float kAxis = 18;
constexpr float kNames = 150;

// Of all of the width, so much is for the names.
float names_width(float width) { return std::min(scaled(kNames), 0.3F * width); }

// The block of a lane that is under the pointer; null if there is none.
const Bar* bar_at(const std::vector<Bar>& bars, double x) {
  const Bar* found = nullptr;
  for (const Bar& bar : bars) {
    if (bar.x <= x && x < bar.x + std::max(bar.width, 3.0F)) found = &bar;
  }
  return found;
}

// The wheel comes nearer, a drag scrubs, with the right button it moves.
void hear(Desk& desk, const Rows& rows, const std::vector<std::vector<Bar>>& bars, float height) {
  ImGui::SetCursorScreenPos({rows.area.at.x, ImGui::GetWindowPos().y});
  ImGui::InvisibleButton("lanes", {std::max(rows.area.size.x, 1.0F), std::max(height, 1.0F)},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight);
  const ImGuiIO& io = ImGui::GetIO();
  Axis& axis = desk.axis();
  const double x = io.MousePos.x - rows.area.at.x;
  const double y = io.MousePos.y - rows.area.at.y;
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    if (io.KeyShift) axis.pan(-io.MouseWheel * 80);
    else axis.zoom(std::pow(1.25, io.MouseWheel), x);
  }
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Right, 0)) {
    axis.pan(-io.MouseDelta.x);
  }
  const size_t row = y < 0 ? bars.size() : static_cast<size_t>(y / rows.height);
  const Bar* const bar = row < bars.size() ? bar_at(bars[row], x) : nullptr;
  // In columns of depth, only blocks say which cycle is meant.
  const bool single = bar != nullptr && bar->count == 1;
  const uint64_t cycle = axis.columns() != nullptr && single ? bar->cycle : axis.cycle_at(x);
  const bool is_main = &rows.scene == &desk.scene();
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive() && bar != nullptr) {
    if (single && is_main) {
      const std::string line = desk.line_of(bar->cycle);
      if (!line.empty()) ImGui::SetTooltip("%s", line.c_str());
    } else if (!single) {
      ImGui::SetTooltip("%u cycles of %s from %s on", bar->count,
                        rows.scene.lanes.all()[rows.first + row].name.c_str(),
                        fmt::to_string(bar->cycle).c_str());
    }
  }
  if (!ImGui::IsItemActive() || !ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  const bool began = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  if (!is_main) {
    if (began) desk.say(fmt::format("goto {}/{}", desk.beside_name(), cycle));
    return;
  }
  const size_t lane = rows.first + row;
  if (axis.columns() != nullptr && !single) return;
  if (desk.session().at().cycle != cycle || desk.session().inside()) desk.scrub(cycle);
  if (began && lane < rows.scene.lanes.all().size()) desk.choose(lane);
}

void names(Desk& desk, const Rows& rows, ImDrawList& draw, ImVec2 corner, float wide) {
  const bool is_main = &rows.scene == &desk.scene();
  const std::optional<size_t> chosen = is_main ? desk.chosen() : std::optional<size_t>();
  for (size_t i = 0; i < rows.count; ++i) {
    const float y = rows.area.at.y + static_cast<float>(i) * rows.height;
    const bool is_chosen = chosen == rows.first + i;
    if (is_chosen || (rows.first + i) % 2 == 0) {
      draw.AddRectFilled({corner.x, y}, {corner.x + wide, y + rows.height},
                         paint(is_chosen ? Paint::kLaneSelected : Paint::kLane));
    }
    const std::string& name = rows.scene.lanes.all()[rows.first + i].name;
    const float right = rows.area.at.x - 6;
    draw.PushClipRect({corner.x, y}, {right, y + rows.height}, true);
    draw.AddText({corner.x + 4, y + (rows.height - ImGui::GetTextLineHeight()) / 2},
                 paint(is_chosen ? Paint::kText : Paint::kDim), name.c_str());
    draw.PopClipRect();
    note_place({"names/", name}, {corner.x, y}, {right, y + rows.height});
  }
}

// A moment that concerns all lanes.
void upright(const Axis& axis, const Rows& rows, ImDrawList& draw, double at, Paint colour,
             const char* label) {
  if (at < 0 || at > axis.width()) return;
  const float x = rows.area.at.x + static_cast<float>(at);
  const float top = ImGui::GetWindowPos().y;
  draw.AddLine({x, top}, {x, top + ImGui::GetWindowHeight()}, paint(colour), 1);
  if (label == nullptr) return;
  const ImVec2 text = ImGui::CalcTextSize(label);
  draw.AddRectFilled({x, top}, {x + text.x + 8, top + text.y + 4}, paint(Paint::kPanel), 3);
  draw.AddText({x + 4, top + 2}, paint(colour), label);
}

// Whoever has just been chosen is seen.
void scroll_to_chosen(Desk& desk, float room, float height) {
  const std::optional<size_t> chosen = desk.chosen();
  int* const shown = ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("shown"), -1);
  const int lane = chosen ? static_cast<int>(*chosen) : -1;
  if (std::exchange(*shown, lane) == lane || lane < 0) return;
  const float top = static_cast<float>(lane) * height;
  const float scrolled = ImGui::GetScrollY();
  if (top < scrolled || top + height > scrolled + room) {
    ImGui::SetScrollY(std::max(0.0F, top - room / 2));
  }
}

void draw_scene(Desk& desk, Scene& scene, const char* id, ImVec2 size, float height) {
  ImGui::BeginChild(id, size, false, ImGuiWindowFlags_NoScrollWithMouse);
  // Rows are counted in whole numbers; only those that can be seen are asked for.
  const size_t lanes = scene.lanes.all().size();
  if (&scene == &desk.scene()) scroll_to_chosen(desk, size.y, height);
  const float scrolled = ImGui::GetScrollY();
  const size_t first = std::min(lanes, static_cast<size_t>(scrolled / height));
  const size_t count = std::min(lanes - first, static_cast<size_t>(size.y / height) + 2);
  ImGui::Dummy({1, static_cast<float>(lanes) * height});
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImVec2 corner = ImGui::GetWindowPos();
  const float top = corner.y + static_cast<float>(first) * height - scrolled;
  const float wide = ImGui::GetContentRegionAvail().x;
  const float left = names_width(size.x);
  const auto& all = scene.lanes.bars(desk.axis(), first, count);
  const Rows rows{
      .scene = scene,
      .area = {{corner.x + left, top}, {wide - left, static_cast<float>(count) * height}},
      .first = first,
      .count = count,
      .height = height};
  names(desk, rows, draw, corner, wide);
  draw.PushClipRect({rows.area.at.x, corner.y}, {corner.x + wide, corner.y + size.y}, true);
  (void)scene.edges.seen(desk.axis());
  const auto& ribbons = scene.edges.ribbons(desk.axis(), desk.session().at().cycle, desk.hops());
  draw_messages(desk.axis(), rows, draw, ribbons, false);
  for (size_t i = 0; i < count; ++i) {
    const Area lane{{rows.area.at.x, top + static_cast<float>(i) * height},
                    {rows.area.size.x, height}};
    draw_bars(desk, scene, draw, scene.lanes.all()[first + i], all[i], lane);
    draw_goal_bands(desk, scene, draw, first + i, count, lane);
  }
  draw_messages(desk.axis(), rows, draw, ribbons, true);
  draw_open_ends(rows, draw, desk.axis());
  if (scene.edges.is_too_many()) draw_flows(desk, rows, draw);
  const Axis& axis = desk.axis();
  upright(axis, rows, draw, axis.x_of(desk.session().at().cycle) + axis.pixels_per_cycle() / 2,
          Paint::kPosition, nullptr);
  if (desk.parting()) {
    upright(axis, rows, draw, axis.x_of(*desk.parting()), Paint::kText,
            fmt::format("first difference: {}", *desk.parting()).c_str());
  }
  if (scene.trace.cycles() == scene.trace.start()) {
    draw.AddText({rows.area.at.x + 8, corner.y + 4}, paint(Paint::kDim),
                 "nothing has run here: `send` gives it a message, `run` lets it go on");
  }
  if (scene.lanes.is_partial()) {
    draw.AddText({rows.area.at.x + 8, corner.y + 4}, paint(Paint::kDim), "summing up …");
  }
  draw.PopClipRect();
  hear(desk, rows, all, size.y);
  // The names scroll, where not all lanes have room.
  if (ImGui::IsWindowHovered() && ImGui::GetIO().MousePos.x < rows.area.at.x) {
    ImGui::SetScrollY(scrolled - ImGui::GetIO().MouseWheel * 3 * height);
  }
  ImGui::EndChild();
}

}  // namespace

void draw_timeline(Desk& desk, ImVec2 size) {
  ImGui::BeginChild("timeline", size, false, ImGuiWindowFlags_NoScrollWithMouse);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float left = names_width(space.x);
  const Area whole{at, {space.x, scaled(kMinimap)}};
  const Area strip{{at.x + left, at.y + whole.size.y + 4}, {space.x - left, scaled(kAxis)}};
  desk.axis().set_width(std::max(strip.size.x - ImGui::GetStyle().ScrollbarSize, 50.0F));
  draw_minimap(desk, draw, whole);
  draw_axis(desk, draw, strip);
  const float top = strip.at.y + strip.size.y;
  float room = std::max(at.y + space.y - top, 2.0F);
  ImGui::SetCursorScreenPos({at.x, top});
  Scene* const other = desk.beside();
  const float heading = other != nullptr ? ImGui::GetTextLineHeightWithSpacing() : 0;
  if (other != nullptr) room = std::max((room - 2 * heading) / 2, 2.0F);
  // A few lanes have room; of many, each has its name and no more.
  const float least = ImGui::GetTextLineHeight() + scaled(6);
  const auto lanes = static_cast<float>(std::max<size_t>(
      std::max(desk.scene().lanes.all().size(), other ? other->lanes.all().size() : 0), 1));
  const float height = std::clamp((room - scaled(8)) / lanes, least, 3 * least);
  const auto name = [&](const std::string& branch, bool here) {
    draw.AddText(ImGui::GetCursorScreenPos(), paint(here ? Paint::kPosition : Paint::kDim),
                 branch.c_str());
    ImGui::SetCursorScreenPos({at.x, ImGui::GetCursorScreenPos().y + heading});
  };
  if (other != nullptr) name(desk.session().branch().name, true);
  draw_scene(desk, desk.scene(), "rows", {space.x, room}, height);
  if (other != nullptr) {
    ImGui::SetCursorScreenPos({at.x, ImGui::GetItemRectMax().y});
    name(desk.beside_name(), false);
    draw_scene(desk, *other, "rows beside", {space.x, room}, height);
  }
  ImGui::EndChild();
}

}  // namespace lexum
