// All panels in one frame, and what the keys do.
#pragma once

#include "views/panels.h"

namespace lexum {

class Picture {
 public:
  // The desk outlives it.
  explicit Picture(Desk& desk) : desk_(desk) {}

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
  Typing typing_;
  bool summing_ = true;
  bool help_ = false;
};

}  // namespace lexum
