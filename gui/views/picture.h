// All panels in one frame, and what the keys do.
#pragma once

#include <span>
#include <string_view>

#include "views/panels.h"

namespace lexum {

// How the space is shared out.
struct Layout {
  std::string_view name;
  std::string_view does;
  float right = 0;    // of the width: who is looked at
  float top = 0;      // of the height: the lanes
  float program = 0;  // of what is below the lanes and not on the right
};
// "step", the one to begin with, "learn", "crash" and "large"; the keys 1 to 4.
std::span<const Layout> all_layouts();
// Null if there is none of that name.
const Layout* layout_named(std::string_view name);

class Picture {
 public:
  // The desk outlives it.
  explicit Picture(Desk& desk, const Layout& layout = all_layouts().front())
      : desk_(desk), layout_(&layout) {}

  // Between ImGui::NewFrame() and Render(). `key` is a function key that was pressed, "Alt+F5".
  // False: somebody wants to leave.
  bool draw(const std::string& key = "");
  // There will be more to see though nobody does anything.
  [[nodiscard]] bool is_busy() const {
    return summing_ || desk_.bands().is_partial() || desk_.is_playing();
  }

 private:
  void hear_keys(const std::string& key);
  void draw_help();

  Desk& desk_;
  const Layout* layout_;
  Typing typing_;
  bool summing_ = true;
  bool help_ = false;
};

}  // namespace lexum
