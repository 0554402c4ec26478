// The whole run in a line, and the numbers and names above the lanes.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "theme/theme.h"
#include "views/places.h"
#include "views/timeline_parts.h"

namespace lexum {

namespace {

// From a cycle of the run to where it is on the minimap.
class WholeRun {
 public:
  WholeRun(const TraceReader& trace, Area area)
      : start_(trace.start()),
        cycles_(std::max<double>(1, static_cast<double>(trace.cycles() - trace.start()))),
        area_(area) {}

  // Of the right edge of a cycle.
  [[nodiscard]] float x_of(uint64_t cycle) const {
    const double after = cycle <= start_ ? 0 : static_cast<double>(cycle - start_);
    return area_.at.x + static_cast<float>(std::min(after / cycles_, 1.0) * area_.size.x);
  }
  [[nodiscard]] uint64_t cycle_at(float x) const {
    const double part = std::clamp((x - area_.at.x) / area_.size.x, 0.0F, 1.0F);
    return start_ + static_cast<uint64_t>(std::ceil(part * cycles_));
  }

 private:
  uint64_t start_;
  double cycles_;
  Area area_;
};

// The whole run, with what is seen of it, what the last answer named, and what cannot be read.
void show_run(Desk& desk, ImDrawList& draw, Area area) {
  const TraceReader& trace = desk.session().trace();
  const WholeRun run(trace, area);
  const float bottom = area.at.y + area.size.y;
  draw.AddRectFilled(area.at, {area.at.x + area.size.x, bottom}, paint(Paint::kLane), 3);
  const auto columns = static_cast<size_t>(std::max(area.size.x, 1.0F));
  const std::vector<float>& parts = desk.scene().lanes.minimap(columns);
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == 0) continue;
    const float x = area.at.x + static_cast<float>(i);
    const float high = std::abs(parts[i]) * (area.size.y - 4);
    draw.AddRectFilled({x, bottom - 2 - high}, {x + 1, bottom - 2},
                       paint(parts[i] < 0 ? Paint::kFault : Paint::kBar));
  }
  for (const size_t chunk : desk.lost()) {
    const ChunkEntry& entry = trace.chunks()[chunk];
    const float x = run.x_of(entry.first_cycle - 1);
    const float end = std::max(run.x_of(entry.first_cycle + entry.cycle_count - 1), x + 2);
    draw.AddRectFilled({x, area.at.y}, {end, bottom}, paint(Paint::kAbandoned));
  }
  // What comes after the end of a damaged trace, nobody knows.
  if (trace.end() == TraceEnd::kDamaged) {
    const float right = area.at.x + area.size.x;
    draw.AddRectFilled({right - 6, area.at.y}, {right, bottom}, paint(Paint::kAbandoned));
  }
  float marked = -1;
  for (const uint64_t cycle : desk.console().named()) {
    const float x = run.x_of(cycle);
    if (x == marked) continue;
    draw.AddTriangleFilled({x - 3, area.at.y}, {x + 3, area.at.y}, {x, area.at.y + 5},
                           paint(Paint::kChanged));
    marked = x;
  }
  const float left = run.x_of(desk.axis().first_seen() - 1);
  draw.AddRect({left, area.at.y}, {std::max(run.x_of(desk.axis().last_seen()), left + 3), bottom},
               paint(Paint::kText), 2);
  const float here = run.x_of(desk.session().at().cycle);
  draw.AddLine({here, area.at.y}, {here, bottom}, paint(Paint::kPosition), 2);
}

void hear_run(Desk& desk, Area area) {
  ImGui::SetCursorScreenPos(area.at);
  ImGui::InvisibleButton("minimap", {std::max(area.size.x, 1.0F), area.size.y});
  note_item({"minimap"});
  if (!ImGui::IsItemActive()) return;
  const uint64_t cycle = WholeRun(desk.session().trace(), area).cycle_at(ImGui::GetIO().MousePos.x);
  if (!desk.is_by_depth()) desk.axis().reveal(cycle);
  if (desk.session().at().cycle != cycle) desk.scrub(cycle);
}

// Numbers that are round, so far apart that they can be read: of cycles, or of steps from cause to
// effect.
void ticks(const Axis& axis, ImDrawList& draw, Area area) {
  const double apart = scaled(90) / axis.pixels_per_cycle();
  double step = std::pow(10, std::ceil(std::log10(std::max(apart, 1.0))));
  if (step / 5 >= apart && step >= 5) step /= 5;
  else if (step / 2 >= apart && step >= 2) step /= 2;
  const auto by = static_cast<uint64_t>(std::max(step, 1.0));
  const auto put = [&](double at, const std::string& text) {
    if (at < 0 || at > axis.width()) return;
    const float x = area.at.x + static_cast<float>(at);
    const float bottom = area.at.y + area.size.y;
    draw.AddLine({x, bottom - 4}, {x, bottom}, paint(Paint::kDim));
    if (x + ImGui::CalcTextSize(text.c_str()).x > area.at.x + area.size.x) return;
    draw.AddText({x + 3, area.at.y}, paint(Paint::kDim), text.c_str());
  };
  if (const DepthColumns* columns = axis.columns()) {
    for (uint64_t depth = 0; depth < columns->cycles.size(); depth += by) {
      put(axis.x_of(columns->cycles[depth]), fmt::format("depth {}", depth + 1));
    }
    return;
  }
  for (uint64_t cycle = axis.first_seen() / by * by; cycle <= axis.last_seen(); cycle += by) {
    put(axis.x_of(cycle), grouped(cycle));
  }
}

// Moments with a name, and what the last answer named. A click on a name goes there.
void marks(Desk& desk, ImDrawList& draw, Area area) {
  const Axis& axis = desk.axis();
  const float bottom = area.at.y + area.size.y;
  const auto x_of = [&](uint64_t cycle) -> std::optional<float> {
    const double x = axis.x_of(cycle) + axis.pixels_per_cycle() / 2;
    if (x < 0 || x > axis.width()) return {};
    return area.at.x + static_cast<float>(x);
  };
  for (const uint64_t cycle : desk.console().named()) {
    if (const auto x = x_of(cycle)) {
      draw.AddTriangleFilled({*x - 4, bottom - 7}, {*x + 4, bottom - 7}, {*x, bottom},
                             paint(Paint::kChanged));
    }
  }
  std::string chosen;
  for (const auto& [name, moment] : desk.session().branch().bookmarks) {
    const auto x = x_of(moment.cycle);
    if (!x) continue;
    const std::string label = "@" + name;
    const ImVec2 size = ImGui::CalcTextSize(label.c_str());
    draw.AddRectFilled({*x, area.at.y}, {*x + size.x + 6, bottom}, paint(Paint::kPosition), 3);
    draw.AddText({*x + 3, area.at.y}, paint(Paint::kBackground), label.c_str());
    ImGui::SetCursorScreenPos({*x, area.at.y});
    if (ImGui::InvisibleButton(label.c_str(), {size.x + 6, area.size.y})) chosen = label;
    note_item({"marks/", name});
  }
  if (!chosen.empty()) desk.say("goto " + chosen);
}

}  // namespace

void draw_minimap(Desk& desk, ImDrawList& draw, Area area) {
  show_run(desk, draw, area);
  hear_run(desk, area);
}

void draw_axis(Desk& desk, ImDrawList& draw, Area area) {
  ticks(desk.axis(), draw, area);
  marks(desk, draw, area);
}

}  // namespace lexum
