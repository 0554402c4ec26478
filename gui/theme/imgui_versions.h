// All that differs between the versions of Dear ImGui: up to 1.86 the program puts keys and buttons
// into arrays, from 1.87 on it gives events to a queue; children have flags of their own from 1.90
// on; and from 1.92 on the back end makes fonts anew by itself. 1.86 is what Debian 12 has.
#pragma once

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

namespace lexum {

// What was held down when a key or button was.
struct HeldKeys {
  bool shift = false;
  bool ctrl = false;
  bool alt = false;
};

#if IMGUI_VERSION_NUM >= 18700

inline bool is_pressed(ImGuiKey key) { return ImGui::IsKeyPressed(key); }

// ---- what has happened to a window, in the numbers of GLFW
inline void hand_key(GLFWwindow* window, int key, int scan_code, bool down, HeldKeys held) {
  const int modifiers = (held.shift ? 1 : 0) | (held.ctrl ? 2 : 0) | (held.alt ? 4 : 0);
  ImGui_ImplGlfw_KeyCallback(window, key, scan_code, down ? 1 : 0, modifiers);
}
inline void hand_button(GLFWwindow* window, int button, bool down, ImVec2 at) {
  ImGui_ImplGlfw_CursorPosCallback(window, at.x, at.y);
  ImGui_ImplGlfw_MouseButtonCallback(window, button, down ? 1 : 0, 0);
}
// The queue knows how the buttons were.
inline void hold_buttons(const bool*) {}

// ---- whoever acts as a user, without a window
inline void feed_key(ImGuiKey key, bool down) { ImGui::GetIO().AddKeyEvent(key, down); }
inline void feed_button(int button, bool down) { ImGui::GetIO().AddMouseButtonEvent(button, down); }
inline void feed_pointer(ImVec2 at) { ImGui::GetIO().AddMousePosEvent(at.x, at.y); }
inline void feed_wheel(float up) { ImGui::GetIO().AddMouseWheelEvent(0, up); }
inline void feed_shift(bool down) { ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, down); }
inline void feed_ctrl(bool down) { ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, down); }
inline void prepare_feeding() {}

#else

inline bool is_pressed(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key)); }

inline void hand_key(GLFWwindow*, int key, int, bool down, HeldKeys held) {
  ImGuiIO& io = ImGui::GetIO();
  if (key >= 0 && key < IM_ARRAYSIZE(io.KeysDown)) io.KeysDown[key] = down;
  io.KeyShift = held.shift;
  io.KeyCtrl = held.ctrl;
  io.KeyAlt = held.alt;
}
inline void hand_button(GLFWwindow*, int, bool, ImVec2 at) { ImGui::GetIO().MousePos = at; }
// The back end has asked how they are now; what counts is how they were.
inline void hold_buttons(const bool* down) {
  for (int button = 0; button < 3; ++button) ImGui::GetIO().MouseDown[button] = down[button];
}

inline void feed_key(ImGuiKey key, bool down) { ImGui::GetIO().KeysDown[key] = down; }
inline void feed_button(int button, bool down) { ImGui::GetIO().MouseDown[button] = down; }
inline void feed_pointer(ImVec2 at) { ImGui::GetIO().MousePos = at; }
inline void feed_wheel(float up) { ImGui::GetIO().MouseWheel = up; }
inline void feed_shift(bool down) { ImGui::GetIO().KeyShift = down; }
inline void feed_ctrl(bool down) { ImGui::GetIO().KeyCtrl = down; }
// Keys have no numbers of their own.
inline void prepare_feeding() {
  for (int key = 0; key < ImGuiKey_COUNT; ++key) ImGui::GetIO().KeyMap[key] = key;
}

#endif

// A part of the window with some room around what is in it.
inline void begin_panel(const char* id, ImVec2 size, ImGuiWindowFlags flags = 0) {
#if IMGUI_VERSION_NUM >= 19000
  ImGui::BeginChild(id, size, ImGuiChildFlags_AlwaysUseWindowPadding, flags);
#else
  ImGui::BeginChild(id, size, false, flags | ImGuiWindowFlags_AlwaysUseWindowPadding);
#endif
}

// Fonts are others than they were; between frames.
inline void renew_fonts() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

}  // namespace lexum
