// Where things were drawn, by path: `bar/step`, `state/sold`, `lanes/Till`. So whoever tests the
// frames finds them as a person would, and does not count pixels.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <imgui.h>

namespace lexum {

class Places {
 public:
  void begin_frame() { all_.clear(); }
  void note(std::initializer_list<std::string_view> path, ImVec2 from, ImVec2 to);
  // The middle of it; none if it was not drawn in the last frame.
  [[nodiscard]] std::optional<ImVec2> find(std::string_view path) const;

 private:
  std::map<std::string, ImVec2, std::less<>> all_;
};

// Somebody wants to know from now on; null: nobody does. It outlives that.
void note_places_in(Places* places);
// The parts of the path are put together only if somebody wants to know.
void note_place(std::initializer_list<std::string_view> path, ImVec2 from, ImVec2 to);
// Of the last widget.
void note_item(std::initializer_list<std::string_view> path);
void begin_places();

}  // namespace lexum
