// Who did what when, and who told whom: the whole run as a strip, and below it the part that is
// seen.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "model/flows.h"
#include "theme/theme.h"
#include "views/panels.h"
#include "views/places.h"

namespace lexum {

namespace {

constexpr float kMinimap = 34;
constexpr float kAxis = 18;
constexpr float kNames = 150;

// A thing that is drawn in the size that the texts have.
float scaled(float size) { return size * ImGui::GetFontSize() / 14; }
// Of all of the width, so much is for the names.
float names_width(float width) { return std::min(scaled(kNames), 0.3F * width); }

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
void minimap(Desk& desk, ImDrawList& draw, Area area) {
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

void hear_minimap(Desk& desk, Area area) {
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

// The fainter, the fewer cycles a bar stands for beside what it has room for.
ImU32 faded(ImU32 colour, const Bar& bar, double pixels_per_cycle) {
  if (bar.count == 1) return colour;
  const double dense = bar.count * std::max(pixels_per_cycle, 1e-9) / std::max(bar.width, 1.0F);
  const double alpha = 0.45 + 0.55 * std::min(1.0, std::sqrt(dense * 40));
  return (colour & ~IM_COL32_A_MASK) |
         (static_cast<ImU32>(alpha * static_cast<double>(colour >> IM_COL32_A_SHIFT))
          << IM_COL32_A_SHIFT);
}

void bars(Desk& desk, Scene& scene, ImDrawList& draw, const Lane& lane, const std::vector<Bar>& all,
          Area area) {
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

// Thin strips at the foot of a lane, one for each goal. What is too thin is drawn as the worst of
// what stands there.
void goal_bands(Desk& desk, Scene& scene, ImDrawList& draw, size_t lane, size_t lanes, Area area) {
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

// ---- messages

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

void open_ends(const Rows& rows, ImDrawList& draw, const Axis& axis) {
  if (axis.pixels_per_cycle() <= 8) return;
  for (const EdgeView& edge : rows.scene.edges.seen(axis)) {
    if (edge.taken != 0 || !rows.has(edge.from)) continue;
    // It leaves, towards whoever is to get it, and ends open: above the bars, or they would hide
    // it.
    const float way = rows.height / 2 + 4;
    const float away = edge.to > edge.from ? way : -way;
    const ImVec2 begin{
        rows.area.at.x + static_cast<float>(axis.x_of(edge.sent) + axis.pixels_per_cycle()) - 7,
        rows.y_of(edge.from)};
    const ImVec2 end{begin.x, begin.y + away};
    draw.AddLine(begin, end, paint(Paint::kWaiting), 1.5F);
    draw.AddCircle({end.x, end.y + (away > 0 ? 3.0F : -3.0F)}, 3, paint(Paint::kWaiting), 10, 1.5F);
  }
}

// "853", "12k", "1.2M"
std::string short_number(uint64_t count) {
  const auto number = static_cast<double>(count);
  if (count < 10'000) return fmt::to_string(count);
  if (count < 1'000'000) return fmt::format("{:.0f}k", number / 1e3);
  return fmt::format("{:.1f}M", number / 1e6);
}

// A number on a ribbon.
void count_on(ImDrawList& draw, ImVec2 middle, uint64_t count, const char* before = "") {
  const std::string text = before + short_number(count);
  const ImVec2 size = ImGui::CalcTextSize(text.c_str());
  const ImVec2 at{middle.x - size.x / 2, middle.y - size.y / 2};
  draw.AddRectFilled({at.x - 3, at.y}, {at.x + size.x + 3, at.y + size.y}, paint(Paint::kPanel), 3);
  draw.AddText(at, paint(Paint::kText), text.c_str());
}

// Those near the cycle at the position, or all others: the more there are, the fainter.
void messages(const Axis& axis, const Rows& rows, ImDrawList& draw,
              const std::vector<Ribbon>& ribbons, bool near) {
  // From where one bar ends to where the other begins; thin bars have only a middle.
  const double scale = axis.pixels_per_cycle();
  const double leaves = scale > 8 ? scale - 1 : scale / 2;
  const double arrives = scale > 8 ? 0 : scale / 2;
  const float left = rows.area.at.x;
  const auto x_of = [&](uint64_t cycle, double beside) {
    return left + static_cast<float>(axis.x_of(cycle) + beside);
  };
  const double faint = std::clamp(500.0 / static_cast<double>(ribbons.size() + 1), 0.25, 1.0);
  ImVec4 plain = ImGui::ColorConvertU32ToFloat4(paint(Paint::kEdge));
  plain.w *= static_cast<float>(faint);
  const ImU32 plain_colour = ImGui::ColorConvertFloat4ToU32(plain);
  for (const Ribbon& ribbon : ribbons) {
    const EdgeView& edge = ribbon.first;
    if (ribbon.hops.has_value() != near) continue;
    const bool above = edge.from < rows.first && edge.to < rows.first;
    const bool below = edge.from >= rows.first + rows.count && edge.to >= rows.first + rows.count;
    if (above || below) continue;
    // The farther, the thinner and fainter.
    const float far = ribbon.hops.value_or(0) > 0 ? static_cast<float>(*ribbon.hops - 1) : 0;
    ImVec4 chosen = ImGui::ColorConvertU32ToFloat4(paint(Paint::kEdgeChosen));
    chosen.w *= std::max(0.35F, 1 - 0.12F * far);
    const ImU32 colour = near ? ImGui::ColorConvertFloat4ToU32(chosen) : plain_colour;
    const float thick = near ? std::max(1.2F, 2.2F - 0.3F * far) : 1.0F;
    const ImVec2 from{x_of(edge.sent, leaves), rows.y_of(edge.from)};
    const ImVec2 to{x_of(edge.taken, arrives), rows.y_of(edge.to)};
    if (ribbon.count > 1) {
      const ImVec2 from_last{x_of(ribbon.last.sent, leaves) + 2, from.y};
      const ImVec2 to_last{x_of(ribbon.last.taken, arrives) + 2, to.y};
      draw.AddQuadFilled(from, from_last, to_last, to, plain_colour);
      const bool roomy = to_last.x - to.x > 18 && std::abs(to.y - from.y) > 20;
      if (roomy) {
        count_on(draw, {(from.x + to_last.x) / 2, (from.y + to.y) / 2}, ribbon.count);
      }
      continue;
    }
    // Where there are many, a curve is no more than a line that costs ten times as much.
    if (scale > 14) {
      const float bend = std::min(40.0F, std::abs(to.x - from.x) / 2);
      draw.AddBezierCubic(from, {from.x + bend, from.y}, {to.x - bend, to.y}, to, colour, thick,
                          12);
    } else {
      draw.AddLine(from, to, colour, thick);
    }
    if (scale > 6) draw.AddTriangleFilled(to, {to.x - 6, to.y - 3}, {to.x - 6, to.y + 3}, colour);
  }
}

// Where there are too many messages: how many go from domain to domain, stretch by stretch.
void flows(Desk& desk, const Rows& rows, ImDrawList& draw) {
  constexpr size_t kEach = 4;
  const float stretch = scaled(90);
  const std::vector<Lane>& lanes = rows.scene.lanes.all();
  // The middle of what is seen of a domain, or of where it would be.
  const auto y_of = [&](DomainId domain) {
    const auto is_its = [&](const Lane& lane) { return lane.domain == domain; };
    const auto begin = std::ranges::find_if(lanes, is_its);
    auto end = begin;
    while (end != lanes.end() && is_its(*end)) ++end;
    const auto first = static_cast<size_t>(begin - lanes.begin());
    const auto last = std::max(first + 1, static_cast<size_t>(end - lanes.begin()));
    const size_t seen_first = std::clamp(first, rows.first, rows.first + rows.count);
    const size_t seen_last = std::clamp(last, rows.first, rows.first + rows.count);
    return rows.area.at.y +
           (static_cast<float>(seen_first + seen_last) / 2 - static_cast<float>(rows.first)) *
               rows.height;
  };
  float x = 0;
  float beside = 0;
  for (const FlowView& flow : flows_of(rows.scene, desk.axis(), stretch, kEach)) {
    const float middle = rows.area.at.x + static_cast<float>(flow.x);
    beside = middle == x ? beside + stretch / kEach : 0;
    x = middle;
    const float at = middle - stretch * 0.38F + beside;
    const float from = y_of(flow.from);
    const float to = y_of(flow.to);
    const float wide = 1 + std::log2(static_cast<float>(flow.messages) + 1) / 2;
    if (std::abs(to - from) < rows.height / 2) {
      count_on(draw, {at, from}, flow.messages, "↻ ");
      continue;
    }
    const float tip = to > from ? -8.0F : 8.0F;
    const ImU32 colour = paint(Paint::kEdgeFlow);
    draw.AddRectFilled({at - wide / 2, std::min(from, to + tip)},
                       {at + wide / 2, std::max(from, to + tip)}, colour);
    draw.AddTriangleFilled({at, to}, {at - wide, to + tip}, {at + wide, to + tip}, colour);
    count_on(draw, {at, (from + to) / 2}, flow.messages);
  }
}

// ---- the mouse

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
  messages(desk.axis(), rows, draw, ribbons, false);
  for (size_t i = 0; i < count; ++i) {
    const Area lane{{rows.area.at.x, top + static_cast<float>(i) * height},
                    {rows.area.size.x, height}};
    bars(desk, scene, draw, scene.lanes.all()[first + i], all[i], lane);
    goal_bands(desk, scene, draw, first + i, count, lane);
  }
  messages(desk.axis(), rows, draw, ribbons, true);
  open_ends(rows, draw, desk.axis());
  if (scene.edges.is_too_many()) flows(desk, rows, draw);
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
  minimap(desk, draw, whole);
  hear_minimap(desk, whole);
  ticks(desk.axis(), draw, strip);
  marks(desk, draw, strip);
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
