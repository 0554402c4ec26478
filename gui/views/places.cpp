#include "views/places.h"

namespace lexum {

namespace {

Places* wanted = nullptr;

}  // namespace

void Places::note(std::initializer_list<std::string_view> path, ImVec2 from, ImVec2 to) {
  std::string name;
  for (const std::string_view part : path) name += part;
  all_[name] = {(from.x + to.x) / 2, (from.y + to.y) / 2};
}

std::optional<ImVec2> Places::find(std::string_view path) const {
  const auto found = all_.find(path);
  return found == all_.end() ? std::optional<ImVec2>() : found->second;
}

void note_places_in(Places* places) { wanted = places; }

void note_place(std::initializer_list<std::string_view> path, ImVec2 from, ImVec2 to) {
  if (wanted != nullptr) wanted->note(path, from, to);
}

void note_item(std::initializer_list<std::string_view> path) {
  note_place(path, ImGui::GetItemRectMin(), ImGui::GetItemRectMax());
}

void begin_places() {
  if (wanted != nullptr) wanted->begin_frame();
}

}  // namespace lexum
