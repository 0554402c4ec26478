// Who told whom: a line for each message, or a number where there are too many.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "model/flows.h"
#include "theme/theme.h"
#include "views/timeline_parts.h"

namespace lexum {

namespace {

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

}  // namespace

void draw_messages(const Axis& axis, const Rows& rows, ImDrawList& draw,
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

void draw_open_ends(const Rows& rows, ImDrawList& draw, const Axis& axis) {
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

void draw_flows(Desk& desk, const Rows& rows, ImDrawList& draw) {
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

}  // namespace lexum
