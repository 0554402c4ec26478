// A window of the system. It is drawn when something happens to it, and else it sleeps.
//
// What happens goes through a queue: a press and its release never fall into one frame, however
// slowly it is drawn, so nothing that is typed or clicked is lost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace lexum {

class Window {
 public:
  // Fails (kNotFound) where there is no display. Requires an ImGui context.
  static Result<std::unique_ptr<Window>> open(const std::string& title, int width, int height);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // Dots an inch, by 96: what texts and distances are to be multiplied by.
  [[nodiscard]] float scale() const;
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  // What the system shows for it: rows from the top, four bytes a pixel.
  void set_icon(int width, int height, std::span<const uint8_t> pixels);
  // Between this frame and the next; fonts may be others afterwards.
  void then(std::function<void()> change);
  // Until it is closed, or `draw` gives false. `draw` is called between ImGui::NewFrame() and
  // Render(), with the key that was pressed if it is a function key or was pressed with Ctrl, "F5",
  // "Alt+F5", "Ctrl+Shift+P", or nothing; `busy` says whether there is more to be drawn soon though
  // nothing happens.
  void run(const std::function<bool(const std::string& key)>& draw,
           const std::function<bool()>& busy);

 private:
  struct Parts;
  explicit Window(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum
