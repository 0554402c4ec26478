// The prompt: what was said, and what is being typed.
#include <imgui.h>
#include <imgui_stdlib.h>

#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/panels.h"
#include "views/places.h"

namespace lexum {

namespace {

// The position that was clicked, if one was.
std::string say(const Console::Said& said) {
  if (said.is_typed) {
    ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kPosition));
    ImGui::TextUnformatted(("> " + said.line.text()).c_str());
    ImGui::PopStyleColor();
    return "";
  }
  if (said.is_error) {  // not in red: nothing in the run has failed
    ImGui::PushStyleColor(ImGuiCol_Text, paint(Paint::kWaiting));
    ImGui::TextUnformatted(said.line.text().c_str());
    ImGui::PopStyleColor();
    return "";
  }
  std::string clicked;
  // The parts in their colours, one after the other.
  const std::string& text = said.line.text();
  size_t at = 0;
  const auto piece = [&](size_t end, Role role) {
    if (end <= at) return;
    if (at > 0) ImGui::SameLine(0, 0);
    ImGui::PushStyleColor(ImGuiCol_Text, paint(role));
    ImGui::TextUnformatted(text.data() + at, text.data() + end);
    ImGui::PopStyleColor();
    if (role == Role::kPosition && ImGui::IsItemClicked()) clicked = text.substr(at, end - at);
    at = end;
  };
  for (const Line::Part& part : said.line.parts()) {
    piece(part.begin, Role::kPlain);
    piece(part.end, part.role);
  }
  piece(text.size(), Role::kPlain);
  if (text.empty()) ImGui::NewLine();
  return clicked;
}

struct Prompt {
  Desk& desk;
  Typing& typing;
};

// Tab, and up and down.
int hear_prompt(ImGuiInputTextCallbackData* data) {
  auto& [desk, typing] = *static_cast<Prompt*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways) {
    if (typing.to_end > 0) {
      --typing.to_end;
      data->ClearSelection();
      data->CursorPos = data->BufTextLen;
    }
    return 0;
  }
  std::string line(data->Buf, static_cast<size_t>(data->BufTextLen));
  if (data->EventFlag == ImGuiInputTextFlags_CallbackCompletion) {
    line = desk.console().completed(line);
  } else if (data->EventFlag == ImGuiInputTextFlags_CallbackHistory) {
    if (data->EventKey == ImGuiKey_UpArrow && !desk.console().typed(typing.back + 1).empty()) {
      ++typing.back;
    }
    if (data->EventKey == ImGuiKey_DownArrow && typing.back > 0) --typing.back;
    line = desk.console().typed(typing.back);
  }
  data->DeleteChars(0, data->BufTextLen);
  data->InsertChars(0, line.c_str());
  return 0;
}

}  // namespace

void draw_console(Desk& desk, Typing& typing, ImVec2 size) {
  begin_panel("console", size);
  const float entry = ImGui::GetFrameHeightWithSpacing();
  ImGui::BeginChild("said", {0, -entry}, false, ImGuiWindowFlags_HorizontalScrollbar);
  if (code_font() != nullptr) ImGui::PushFont(code_font());
  const auto& said = desk.console().said();
  if (said.empty()) {
    ImGui::TextDisabled(
        "What you click stands here as what could have been typed.\n"
        "`help` lists all words, Ctrl+Shift+P finds one, ? shows the keys.");
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(said.size()));
  std::string clicked;
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const std::string position = say(said[static_cast<size_t>(i)]);
      if (!position.empty()) clicked = position;
    }
  }
  if (code_font() != nullptr) ImGui::PopFont();
  if (said.size() != typing.lines_seen) ImGui::SetScrollHereY(1);
  typing.lines_seen = said.size();
  ImGui::EndChild();
  ImGui::SetNextItemWidth(-1);
  if (std::exchange(typing.wanted, false)) ImGui::SetKeyboardFocusHere();
  Prompt prompt{desk, typing};
  const ImGuiInputTextFlags how =
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackCompletion |
      ImGuiInputTextFlags_CallbackHistory | ImGuiInputTextFlags_CallbackAlways;
  if (ImGui::InputTextWithHint("##line", "why app_status, goto fault:1, help …", &typing.line, how,
                               hear_prompt, &prompt)) {
    // Who comes from vi has typed the key once more.
    desk.say(typing.line.substr(typing.line.starts_with(':') ? 1 : 0));
    typing.line.clear();
    typing.back = 0;
    ImGui::SetKeyboardFocusHere(-1);
  }
  note_item({"prompt"});
  ImGui::EndChild();
  if (const size_t begin = clicked.find_first_not_of(' '); begin != std::string::npos) {
    desk.say("goto " + clicked.substr(begin));
  }
}

}  // namespace lexum
