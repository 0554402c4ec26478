// All panels in one frame, and what the keys do.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "theme/theme.h"
#include "views/command_bar.h"
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

// What somebody likes it to look like.
struct Looks {
  const Layout* layout = &all_layouts().front();
  Theme theme = Theme::kDark;
  int text_percent = 100;
  friend bool operator==(const Looks&, const Looks&) = default;
};

class Picture {
 public:
  // The desk outlives it.
  explicit Picture(Desk& desk, const Looks& looks = {}) : desk_(desk), looks_(looks) {}

  // Between ImGui::NewFrame() and Render(). `key` is a key that was pressed and is none of ImGui's,
  // or one with Ctrl: "F5", "Alt+F5", "Ctrl+Shift+P", "Ctrl++". False: somebody wants to leave.
  bool draw(const std::string& key = "");
  // As they were changed by keys. Texts and colours are the theme's, between frames.
  [[nodiscard]] const Looks& looks() const { return looks_; }
  // There will be more to see though nobody does anything.
  [[nodiscard]] bool is_busy() const {
    return summing_ || desk_.scene().bands.is_partial() || desk_.is_playing();
  }

 private:
  void hear_keys(const std::string& key);
  void hear_arrows();
  void hear_letter(unsigned letter);
  void draw_help();

  Desk& desk_;
  Looks looks_;
  Typing typing_;
  CommandBar command_;
  bool summing_ = true;
  bool help_ = false;
};

}  // namespace lexum
