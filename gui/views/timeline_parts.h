// The timeline is drawn part by part, each within the area that it is given; timeline.cpp says
// where that is.
#pragma once

#include <cstddef>
#include <vector>

#include <imgui.h>

#include "model/desk.h"

namespace lexum {

struct Area {
  ImVec2 at;
  ImVec2 size;
};

// The lanes that are on the screen.
struct Rows {
  Scene& scene;
  Area area;
  size_t first = 0;
  size_t count = 0;
  float height = 0;

  // The middle of a lane, which may be above or below.
  [[nodiscard]] float y_of(size_t lane) const {
    const float row = static_cast<float>(lane) - static_cast<float>(first) + 0.5F;
    return area.at.y + row * height;
  }
  [[nodiscard]] bool has(size_t lane) const { return lane >= first && lane < first + count; }
};

// A thing that is drawn in the size that the texts have.
inline float scaled(float size) { return size * ImGui::GetFontSize() / 14; }

// ---- timeline_strip.cpp

// The whole run, with what is seen of it, what the last answer named, and what cannot be read. A
// click or a drag goes there.
void draw_minimap(Desk& desk, ImDrawList& draw, Area area);
// Of the part that is seen: numbers, moments with a name, and what the last answer named. A click
// on a name goes there.
void draw_axis(Desk& desk, ImDrawList& draw, Area area);

// ---- timeline_bars.cpp

// The cycles of a lane, `all` of those that are seen.
void draw_bars(Desk& desk, Scene& scene, ImDrawList& draw, const Lane& lane,
               const std::vector<Bar>& all, Area area);
// Thin strips at the foot of a lane, one for each goal. What is too thin is drawn as the worst of
// what stands there. Of all that may be drawn, a lane has its share: there are so many `lanes`.
void draw_goal_bands(Desk& desk, Scene& scene, ImDrawList& draw, size_t lane, size_t lanes,
                     Area area);

// ---- timeline_messages.cpp

// Those near the cycle at the position, or all others: the more there are, the fainter.
void draw_messages(const Axis& axis, const Rows& rows, ImDrawList& draw,
                   const std::vector<Ribbon>& ribbons, bool near);
// Those that nobody has taken.
void draw_open_ends(const Rows& rows, ImDrawList& draw, const Axis& axis);
// Where there are too many messages: how many go from domain to domain, stretch by stretch.
void draw_flows(Desk& desk, const Rows& rows, ImDrawList& draw);

}  // namespace lexum
