// What differs between the versions of Dear ImGui, but for the window's own callbacks: up to 1.86
// the program puts keys and buttons into arrays, from 1.87 on it gives events to a queue. The older
// one is what Debian 12 has.
#pragma once

#include <imgui.h>

namespace lexum {

#if IMGUI_VERSION_NUM >= 18700

inline bool is_pressed(ImGuiKey key) { return ImGui::IsKeyPressed(key); }
// Its own queue sees to it that a press and its release do not fall into one frame.
inline constexpr bool kImGuiQueuesInput = true;

// For whoever acts as a user.
inline void feed_key(ImGuiKey key, bool down) { ImGui::GetIO().AddKeyEvent(key, down); }
inline void feed_button(int button, bool down) { ImGui::GetIO().AddMouseButtonEvent(button, down); }
inline void feed_pointer(ImVec2 at) { ImGui::GetIO().AddMousePosEvent(at.x, at.y); }
inline void feed_wheel(float up) { ImGui::GetIO().AddMouseWheelEvent(0, up); }
inline void feed_shift(bool down) { ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, down); }
inline void feed_ctrl(bool down) { ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, down); }
inline void prepare_feeding() {}

#else

inline bool is_pressed(ImGuiKey key) { return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key)); }
inline constexpr bool kImGuiQueuesInput = false;

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

}  // namespace lexum
