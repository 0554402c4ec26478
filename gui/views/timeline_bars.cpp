// What an instance did, and how its goals stood meanwhile: all that is in its lane.
#include <algorithm>
#include <cmath>

#include "theme/theme.h"
#include "views/places.h"
#include "views/timeline_parts.h"

namespace lexum {

namespace {

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

// The fainter, the fewer cycles a bar stands for beside what it has room for.
ImU32 faded(ImU32 colour, const Bar& bar, double pixels_per_cycle) {
  if (bar.count == 1) return colour;
  const double dense = bar.count * std::max(pixels_per_cycle, 1e-9) / std::max(bar.width, 1.0F);
  const double alpha = 0.45 + 0.55 * std::min(1.0, std::sqrt(dense * 40));
  return (colour & ~IM_COL32_A_MASK) |
         (static_cast<ImU32>(alpha * static_cast<double>(colour >> IM_COL32_A_SHIFT))
          << IM_COL32_A_SHIFT);
}

}  // namespace

void draw_bars(Desk& desk, Scene& scene, ImDrawList& draw, const Lane& lane,
               const std::vector<Bar>& all, Area area) {
  Session& session = desk.session();
  const float room_for_name = scaled(34);
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
    const auto hops = bar.count == 1 ? scene.edges.hops_to(bar.cycle) : std::optional<uint32_t>();
    if (here) draw.AddRect(from, to, paint(Paint::kPosition), round, 0, 3);
    else if (hops && bar.width > 4) draw.AddRect(from, to, paint(Paint::kEdgeChosen), round, 0, 1);
    if (bar.width > 3) note_place({"lanes/", lane.name, "/", std::to_string(bar.cycle)}, from, to);
    if (bar.width < room_for_name || !bar.routine) continue;
    std::string name =
        routine_name(scene.trace.program()[lane.domain].routines[bar.routine.index()]);
    // What is too long loses where it comes from first.
    const size_t colons = name.find("::");
    if (colons != std::string::npos && ImGui::CalcTextSize(name.c_str()).x > bar.width - 9) {
      name.erase(0, colons + 2);
    }
    draw.PushClipRect(from, {to.x - 3, to.y}, true);
    draw.AddText({from.x + 5, (from.y + to.y - ImGui::GetTextLineHeight()) / 2},
                 paint(Paint::kBackground), name.c_str());
    draw.PopClipRect();
  }
}

void draw_goal_bands(Desk& desk, Scene& scene, ImDrawList& draw, size_t lane, size_t lanes,
                     Area area) {
  // So many are drawn at the most, and each strip has its share of them.
  constexpr double kBandsMax = 2'000;
  const Axis& axis = desk.axis();
  const auto& goals = scene.bands.of(lane, axis);
  const double share = kBandsMax / static_cast<double>(std::max<size_t>(goals.size() * lanes, 1));
  const float high = std::min(scaled(3), area.size.y / 3 / static_cast<float>(goals.size() + 1));
  for (size_t goal = 0; goal < goals.size(); ++goal) {
    const float y = area.at.y + area.size.y - high * static_cast<float>(goals.size() - goal);
    const auto put = [&](double from, double until, GoalStatus status) {
      if (until <= from) return;
      draw.AddRectFilled({area.at.x + static_cast<float>(from), y},
                         {area.at.x + static_cast<float>(until), y + high - 0.5F},
                         paint(paint_of(status)));
    };
    const bool fits = static_cast<double>(goals[goal].size()) <= share;
    const double thin = fits ? 1 : std::max(1.0, axis.width() / share);
    double thin_from = 0;
    double thin_until = 0;
    GoalStatus worst = GoalStatus::kSatisfied;
    for (const Band& band : goals[goal]) {
      // How it stands after a cycle begins where that ends.
      const double from = std::max(0.0, axis.x_of(band.from) + axis.pixels_per_cycle());
      const double until = std::min(axis.width(), axis.x_of(band.until) + axis.pixels_per_cycle());
      if (until - from >= thin) {
        put(thin_from, std::min(thin_until, from), worst);
        thin_until = thin_from;
        put(from, until, band.status);
      } else if (until < thin_until) {
        worst = std::max(worst, band.status);
      } else {
        put(thin_from, thin_until, worst);
        thin_from = from;
        thin_until = from + thin;
        worst = band.status;
      }
    }
    put(thin_from, std::min(thin_until, axis.width()), worst);
  }
}

}  // namespace lexum
