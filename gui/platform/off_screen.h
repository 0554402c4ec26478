// A surface in memory, drawn by the same back end as the window, through EGL and without a display.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"

namespace lexum {

class OffScreen {
 public:
  // Fails (kNotFound) where nothing on this machine can draw. Requires an ImGui context.
  static Result<std::unique_ptr<OffScreen>> create(int width, int height);
  ~OffScreen();
  OffScreen(const OffScreen&) = delete;
  OffScreen& operator=(const OffScreen&) = delete;

  // Before ImGui::NewFrame(), and after ImGui::Render().
  void begin_frame();
  void end_frame();
  // Of the last frame: rows from the top, four bytes each.
  [[nodiscard]] std::vector<uint8_t> pixels() const;

 private:
  struct Parts;
  explicit OffScreen(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum
