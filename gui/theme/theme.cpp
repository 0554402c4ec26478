#include "theme/theme.h"

#include <array>
#include <filesystem>

namespace lexum {

namespace {

struct Colours {
  ImU32 dark;
  ImU32 light;
};
constexpr ImU32 rgb(uint32_t hex, uint32_t alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}
// In the order of Paint.
constexpr std::array<Colours, static_cast<size_t>(Paint::kCount_)> kColours{{
    {rgb(0x14171c), rgb(0xfafafa)},            // kBackground
    {rgb(0x1b1f26), rgb(0xf0f1f3)},            // kPanel
    {rgb(0x20252d), rgb(0xe6e8eb)},            // kLane
    {rgb(0x2b3440), rgb(0xd3dae3)},            // kLaneSelected
    {rgb(0xdfe3ea), rgb(0x1c2026)},            // kText
    {rgb(0x7f8794), rgb(0x6b7280)},            // kDim
    {rgb(0x56b4e9), rgb(0x2f7fb5)},            // kBar
    {rgb(0x9ad0f0), rgb(0x0072b2)},            // kBarSends
    {rgb(0x2fbf95), rgb(0x008a64)},            // kBarFlips
    {rgb(0xff4b4b), rgb(0xc8102e)},            // kFault
    {rgb(0x8a93a3, 130), rgb(0x56606e, 110)},  // kEdge
    {rgb(0xf0c040), rgb(0xa66f00)},            // kEdgeChosen
    {rgb(0x8a93a3, 150), rgb(0x56606e, 130)},  // kEdgeFlow
    {rgb(0xf0c040), rgb(0xa66f00)},            // kPosition
    {rgb(0x2a3a48), rgb(0xd9e8f3)},            // kLit
    {rgb(0x4d431f), rgb(0xf5e3b0)},            // kNext
    {rgb(0xf0c040), rgb(0x8a5c00)},            // kChanged
    {rgb(0x2fbf95), rgb(0x007a58)},            // kGood
    {rgb(0x0072b2), rgb(0x56b4e9)},            // kPursued
    {rgb(0xe69f00), rgb(0xd08f00)},            // kWaiting
    {rgb(0xcc79a7), rgb(0xb05f90)},            // kAbandoned
}};

Theme now = Theme::kDark;
ImFont* code = nullptr;

constexpr ImWchar kRanges[] = {0x0020, 0x017F, 0x0370, 0x03FF, 0x2010, 0x209F,
                               0x2190, 0x23FF, 0x2500, 0x27BF, 0};

// The first of them that is there; else what ImGui brings along.
ImFont* font_of(std::initializer_list<const char*> files, float size) {
  ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
  std::error_code error;
  for (const char* file : files) {
    if (std::filesystem::exists(file, error)) {
      return fonts.AddFontFromFileTTF(file, size, nullptr, kRanges);
    }
  }
  return fonts.AddFontDefault();
}

}  // namespace

ImU32 paint(Paint what) {
  const Colours& colours = kColours[static_cast<size_t>(what)];
  return now == Theme::kDark ? colours.dark : colours.light;
}

ImU32 paint(Role role) {
  switch (role) {
    case Role::kPosition:
      return paint(Paint::kPosition);
    case Role::kInstance:
      return paint(Paint::kBarSends);
    case Role::kName:
      return paint(Paint::kBar);
    case Role::kValue:
      return paint(Paint::kChanged);
    case Role::kGood:
      return paint(Paint::kGood);
    case Role::kBad:
      return paint(Paint::kFault);
    case Role::kDim:
      return paint(Paint::kDim);
    case Role::kPlain:
      break;
  }
  return paint(Paint::kText);
}

ImFont* code_font() { return code; }

void use_theme(Theme theme, float scale) {
  now = theme;
  ImGui::GetIO().Fonts->Clear();
  font_of({"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"}, 14 * scale);
  code = font_of({"/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf",
                  "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"},
                 13 * scale);
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  theme == Theme::kDark ? ImGui::StyleColorsDark() : ImGui::StyleColorsLight();
  style.WindowRounding = 0;
  style.ChildRounding = 4;
  style.FrameRounding = 3;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.WindowPadding = {8, 6};
  style.ItemSpacing = {6, 4};
  style.ScaleAllSizes(scale);
  const auto set = [&](ImGuiCol_ what, Paint colour) {
    style.Colors[what] = ImGui::ColorConvertU32ToFloat4(paint(colour));
  };
  set(ImGuiCol_WindowBg, Paint::kBackground);
  set(ImGuiCol_ChildBg, Paint::kPanel);
  set(ImGuiCol_Text, Paint::kText);
  set(ImGuiCol_TextDisabled, Paint::kDim);
  set(ImGuiCol_FrameBg, Paint::kLane);
  set(ImGuiCol_Button, Paint::kLane);
  set(ImGuiCol_ButtonHovered, Paint::kLaneSelected);
  set(ImGuiCol_ScrollbarBg, Paint::kPanel);
}

}  // namespace lexum
