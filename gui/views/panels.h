// The panels. Each is drawn where the cursor of ImGui is, in the space that it is given.
#pragma once

#include <imgui.h>

#include "model/desk.h"

namespace lexum {

void draw_bar(Desk& desk);
inline constexpr int kHopsMax = 20;
// The next of the speeds that there are, in cycles a second; the same at the end of them.
double faster(double speed);
double slower(double speed);
void draw_timeline(Desk& desk, ImVec2 size);
void draw_inspector(Desk& desk, ImVec2 size);
void draw_listing(Desk& desk, ImVec2 size);
// What is being typed stays in the panel.
struct Typing {
  std::string line;
  size_t lines_seen = 0;
  size_t back = 0;      // in what was typed before
  bool wanted = false;  // the keys go there with the next frame
  int to_end = 0;       // for so many frames what stands there is not replaced by what is typed
};
void draw_console(Desk& desk, Typing& typing, ImVec2 size);

}  // namespace lexum
