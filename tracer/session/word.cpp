#include "session/word.h"

#include <algorithm>
#include <deque>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lexum {

namespace {

std::string usage(const Word& word, bool with_file) {
  std::string text = with_file ? "FILE.lxtrace" : "";
  for (const Argument& argument : word.arguments) {
    if (!text.empty()) text += " ";
    text += argument.how == Argument::How::kMaybe ? fmt::format("[{}]", argument.name)
                                                  : std::string(argument.name);
  }
  return text;
}

// In lines of a width that reads well.
std::string wrapped(std::string_view text) {
  constexpr size_t kWidth = 80;
  std::string lines;
  size_t column = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > kWidth) {
      lines += "\n";
      column = 0;
    }
    if (column > 0) lines += " ";
    lines += text.substr(0, end);
    column += end + (column > 0 ? 1 : 0);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::string Said::option(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() || found->second.empty() ? "" : found->second.back();
}

std::vector<std::string> Said::all(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::vector<std::string>() : found->second;
}

const Word* word_named(std::string_view name) {
  for (const Word& word : all_words()) {
    if (word.name == name || std::ranges::find(word.aliases, name) != word.aliases.end()) {
      return &word;
    }
  }
  return nullptr;
}

std::string reference() {
  std::string page =
      "# What can be said\n\nMade from the table in `words.cpp`. What is marked with † is said at "
      "the prompt alone; all else also\nas `lxm WORD FILE.lxtrace …`. Every word takes `--at POS`, "
      "which asks as of that position, and\n`--json`.\n";
  for (const Word& word : all_words()) {
    const std::string words = usage(word, false);
    page += fmt::format("\n## {}{}\n\n", word.name, word.at_prompt ? " †" : "");
    page += fmt::format("`{}{}{}`", word.name, words.empty() ? "" : " ", words);
    if (!word.aliases.empty()) page += fmt::format(", also `{}`", fmt::join(word.aliases, "`, `"));
    page += fmt::format("\n\n{}.\n{}\n", word.does, wrapped(word.story));
    const bool takes = !word.arguments.empty() || !word.options.empty();
    if (takes) page += "\n";
    for (const Argument& argument : word.arguments) {
      page += fmt::format("- `{}`: {}\n", argument.name, argument.does);
    }
    for (const WordOption& option : word.options) {
      const std::string_view blank = option.name.empty() ? "" : " ";
      page += fmt::format("- `{}{}{}`: {}\n", option.spelling, blank, option.name, option.does);
    }
    if (!word.example.empty()) page += fmt::format("\n    {} {}\n", word.name, word.example);
  }
  return page;
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;  // what ends the quotes or the pattern that one is in
  int depth = 0;   // of brackets
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && depth == 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      continue;
    }
    const bool begins_pattern = c == '/' && word.empty();
    word += c;
    if (quote != 0) {
      if (c == '\\' && i + 1 < line.size()) word += line[++i];
      else if (c == quote) quote = 0;
    } else if (c == '"' || begins_pattern) {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
      --depth;
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::optional<Options::Stop> read_said(const Word& word, const std::string& name, bool with_file,
                                       std::vector<std::string> words, Said& said) {
  said = Said();
  said.word = &word;
  Options options(name, usage(word, with_file),
                  fmt::format("{}\n\n{}\n", word.does, wrapped(word.story)));
  if (with_file) options.word("FILE.lxtrace", said.file, "What `lxm run --trace` has written");
  said.arguments.resize(word.arguments.size());
  std::vector<std::string> rest;
  for (size_t i = 0; i < word.arguments.size(); ++i) {
    const Argument& argument = word.arguments[i];
    const std::string takes(argument.name);
    const std::string does(argument.does);
    switch (argument.how) {
      case Argument::How::kOne:
        options.word(takes, said.arguments[i], does);
        break;
      case Argument::How::kMaybe:
        options.optional_word(takes, said.arguments[i], does);
        break;
      case Argument::How::kRest:
        options.rest(takes, rest, does);
        break;
    }
  }
  std::vector<std::vector<std::string>> given(word.options.size());
  std::deque<bool> flags(word.options.size());
  for (size_t i = 0; i < word.options.size(); ++i) {
    const WordOption& option = word.options[i];
    const std::string does(option.does);
    if (option.name.empty()) {
      options.flag(std::string(option.spelling), flags[i], does);
    } else {
      options.texts(std::string(option.spelling), std::string(option.name), given[i], does);
    }
  }
  options.text("--at", "POS", said.at, "Ask as of this position");
  options.flag("--json", said.json, "Print the answer as one JSON object");
  options.example(fmt::format("For example: {}{}{}{}", name, with_file ? " run.lxtrace" : "",
                              word.example.empty() ? "" : " ", word.example));
  if (auto stop = options.read(std::move(words))) return stop;
  if (!rest.empty()) said.arguments.back() = fmt::format("{}", fmt::join(rest, " "));
  for (size_t i = 0; i < word.options.size(); ++i) {
    if (flags[i] || !given[i].empty()) {
      said.options.emplace(word.options[i].spelling, std::move(given[i]));
    }
  }
  return std::nullopt;
}

}  // namespace lexum
