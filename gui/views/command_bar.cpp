#include "views/command_bar.h"

#include <algorithm>

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include "session/typed.h"
#include "theme/imgui_versions.h"
#include "theme/theme.h"
#include "views/places.h"

namespace lexum {

namespace {

constexpr size_t kShown = 10;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "goto POS"
std::string usage_of(const Word& word) {
  std::string text(word.name);
  for (const Argument& argument : word.arguments) {
    if (argument.how == Argument::How::kMaybe) text += fmt::format(" [{}]", argument.name);
    else text += fmt::format(" {}", argument.name);
  }
  return text;
}

bool wants_more(const Word& word) {
  return std::ranges::any_of(word.arguments, [](const Argument& argument) {
    return argument.how != Argument::How::kMaybe;
  });
}

}  // namespace

void CommandBar::open() {
  is_open_ = is_new_ = true;
  line_.clear();
  typed_.clear();
  chosen_ = 0;
}

std::vector<CommandBar::Choice> CommandBar::choices_for(Desk& desk, const std::string& line) {
  std::vector<Choice> choices;
  const size_t blank = line.find(' ');
  if (blank == std::string::npos) {
    const auto add = [&](const auto& is) {
      for (const Word& word : all_words()) {
        if (is(word)) choices.push_back({usage_of(word), std::string(word.does)});
      }
    };
    const auto begins = [&](const Word& word) { return word.name.starts_with(line); };
    const auto inside = [&](const Word& word) { return has(word.name, line); };
    add(begins);
    add([&](const Word& word) { return !begins(word) && inside(word); });
    add([&](const Word& word) { return !inside(word) && has(word.does, line); });
    return choices;
  }
  const Completion found = complete(desk.session(), line, nullptr);
  for (const std::string& choice : found.choices) {
    choices.push_back({line.substr(0, found.begin) + choice, ""});
  }
  return choices;
}

void CommandBar::take(Desk& desk, const std::vector<Choice>& choices) {
  const bool is_word = line_.find(' ') == std::string::npos;
  if (is_word && chosen_ < choices.size()) {
    const std::string& label = choices[chosen_].label;
    const std::string name = label.substr(0, label.find(' '));
    const Word* const word = word_named(name);
    if (word != nullptr && wants_more(*word)) {
      line_ = name + " ";
      replaced_ = is_new_ = true;
      return;
    }
    line_ = name;
  }
  is_open_ = false;
  if (!line_.empty()) desk.say(line_);
}

void CommandBar::draw(Desk& desk) {
  if (!is_open_) return;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const float width = std::min(size.x * 0.9F, 46 * ImGui::GetFontSize());
  ImGui::SetNextWindowPos({(size.x - width) / 2, size.y * 0.12F});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::Begin(
      "command", nullptr,
      ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  if (std::exchange(is_new_, false)) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  // While it has the keys, the line is changed from inside.
  const auto hear = [](ImGuiInputTextCallbackData* data) {
    auto& bar = *static_cast<CommandBar*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways) {
      if (!std::exchange(bar.replaced_, false)) return 0;
      data->DeleteChars(0, data->BufTextLen);
      data->InsertChars(0, bar.line_.c_str());
      data->ClearSelection();
      return 0;
    }
    if (data->EventFlag == ImGuiInputTextFlags_CallbackHistory) {
      if (data->EventKey == ImGuiKey_DownArrow) ++bar.chosen_;
      else if (bar.chosen_ > 0) --bar.chosen_;
      return 0;
    }
    bar.tab_ = true;
    return 0;
  };
  const ImGuiInputTextFlags how =
      ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackAlways |
      ImGuiInputTextFlags_CallbackHistory | ImGuiInputTextFlags_CallbackCompletion;
  const bool entered = ImGui::InputTextWithHint("##command", "what to do", &line_, how, hear, this);
  note_item({"command/line"});
  if (line_ != typed_) chosen_ = 0;
  typed_ = line_;
  const std::vector<Choice> choices = choices_for(desk, line_);
  chosen_ = std::min(chosen_, choices.empty() ? 0 : choices.size() - 1);
  const bool is_word = line_.find(' ') == std::string::npos;
  if (!is_word) {
    if (const Word* const word = word_named(line_.substr(0, line_.find(' ')))) {
      ImGui::TextUnformatted(usage_of(*word).c_str());
      ImGui::TextDisabled("%s", std::string(word->does).c_str());
    }
  }
  const size_t first = chosen_ < kShown ? 0 : chosen_ - kShown + 1;
  bool clicked = false;
  for (size_t i = first; i < std::min(choices.size(), first + kShown); ++i) {
    if (ImGui::Selectable(choices[i].label.c_str(), i == chosen_)) {
      chosen_ = i;
      clicked = true;
    }
    note_item({"command/", choices[i].label});
    if (choices[i].does.empty()) continue;
    ImGui::SameLine(width * 0.42F);
    ImGui::TextDisabled("%s", choices[i].does.c_str());
  }
  ImGui::End();
  ImGui::PopStyleVar();
  const bool complete_it = std::exchange(tab_, false) || (clicked && !is_word);
  if (complete_it && chosen_ < choices.size()) {
    const std::string& label = choices[chosen_].label;
    line_ = is_word ? label.substr(0, label.find(' ')) + " " : label;
    replaced_ = is_new_ = true;
  } else if (entered || clicked) {
    take(desk, choices);
  } else if (is_pressed(ImGuiKey_Escape)) {
    is_open_ = false;
  }
}

}  // namespace lexum
