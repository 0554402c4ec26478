// The program, with what the cycle has executed.
#include <algorithm>

#include <fmt/format.h>

#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/panels.h"

namespace lexum {

void draw_listing(Desk& desk, ImVec2 size) {
  begin_panel("program", size, ImGuiWindowFlags_HorizontalScrollbar);
  const Listing& listing = desk.listing();
  if (code_font() != nullptr) ImGui::PushFont(code_font());
  const float height = ImGui::GetTextLineHeightWithSpacing();
  // What is lit is seen, without moving where it is seen already.
  const float lit = static_cast<float>(listing.first_lit) * height;
  if (listing.first_lit != 0 &&
      (lit < ImGui::GetScrollY() || lit > ImGui::GetScrollY() + size.y - 3 * height)) {
    ImGui::SetScrollY(std::max(0.0F, lit - size.y / 3));
  }
  const Lanes& lanes = desk.scene().lanes;
  const auto runs_of = [&](const ListedLine& line) {
    return line.routine ? lanes.runs_of(line.domain, line.routine) : uint64_t{0};
  };
  uint64_t most = 0;
  for (const ListedLine& line : listing.lines) most = std::max(most, runs_of(line));
  const size_t gutter = fmt::formatted_size("×{}", most);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(listing.lines.size()), height);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ListedLine& line = listing.lines[static_cast<size_t>(i)];
      const ImVec2 at = ImGui::GetCursorScreenPos();
      if (line.lit || line.next) {
        ImGui::GetWindowDrawList()->AddRectFilled(
            at, {at.x + ImGui::GetContentRegionMax().x, at.y + height},
            paint(line.next ? Paint::kNext : Paint::kLit));
      }
      ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kDim));
      ImGui::Text("%4d ", i + 1);
      ImGui::SameLine(0, 0);
      // How often it has run in all.
      const uint64_t runs = runs_of(line);
      const std::string often = runs == 0 ? "" : fmt::format("×{}", runs);
      ImGui::TextUnformatted(fmt::format("{:>{}} ", often, gutter).c_str());
      ImGui::PopStyleColor();
      ImGui::SameLine(0, 0);
      ImGui::TextUnformatted(line.text.data(), line.text.data() + line.text.size());
      if (line.did.empty()) continue;
      ImGui::SameLine(0, 2 * ImGui::GetFontSize());
      ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kChanged));
      ImGui::TextUnformatted(line.did.c_str());
      ImGui::PopStyleColor();
    }
  }
  if (code_font() != nullptr) ImGui::PopFont();
  ImGui::EndChild();
}

}  // namespace lexum
