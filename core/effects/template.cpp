#include "effects/template.h"

#include <algorithm>

#include <fmt/format.h>

#include "value/value.h"

namespace lexum {
namespace {

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, fits);
}

std::string quoted_inside(std::string_view text) {
  const std::string quoted = json_string(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Template::add_words(std::string_view words) {
  if (words.empty()) return;
  const bool goes_on = !pieces_.empty() && pieces_.back().kind == Kind::kWords;
  if (!goes_on) pieces_.push_back({Kind::kWords, Where::kText, "", ""});
  pieces_.back().text += words;
}

Status Template::add(std::string_view text, Where where, const Environment& environment,
                     Secrets& secrets) {
  const auto words = [&](std::string_view plain) {
    if (where == Where::kJsonString) add_words(quoted_inside(plain));
    else add_words(plain);
  };
  while (!text.empty()) {
    const size_t brace = text.find_first_of("{}");
    words(text.substr(0, brace));
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace);
    if (text.starts_with("{{") || text.starts_with("}}")) {
      words(text.substr(0, 1));
      text.remove_prefix(2);
      continue;
    }
    const size_t end = text.find('}');
    if (text[0] == '}' || end == std::string_view::npos) {
      return wrong(fmt::format("`{}` stands alone; a brace that is meant is written `{}{}`",
                               text[0], text[0], text[0]));
    }
    const std::string_view name = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (is_name(name)) {
      pieces_.push_back({Kind::kArg, where, std::string(name), ""});
      continue;
    }
    if (!name.starts_with("env:") || !is_name(name.substr(4))) {
      return wrong(
          fmt::format("`{{{}}}` is no place: there is `{{argument}}` and "
                      "`{{env:VARIABLE}}`, and a brace is written `{{{{`",
                      shortened(readable(name), 40)));
    }
    const std::string variable(name.substr(4));
    const std::optional<std::string> value = environment(variable);
    if (!value) {
      return wrong(fmt::format("the environment has no `{}`; set it before the run", variable));
    }
    secrets.learn(variable, *value);
    const bool encoded = where == Where::kUrl && !pieces_.empty();
    const bool quoted = where == Where::kJsonString;
    pieces_.push_back({Kind::kSecret, where, variable,
                       encoded  ? percent_encoded(*value)
                       : quoted ? quoted_inside(*value)
                                : *value});
  }
  return Done{};
}

std::vector<std::string> Template::args() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Kind::kArg) names.push_back(piece.text);
  }
  return names;
}

std::string Template::written(const Piece& piece, const ErrandArg& arg) {
  switch (piece.where) {
    case Where::kText:
      return arg.text;
    case Where::kUrl:
      return percent_encoded(arg.text);
    case Where::kJsonString:
      return quoted_inside(arg.text);
    case Where::kJsonValue:
      return arg.json;
  }
  return {};
}

Result<std::string> Template::fill(const ErrandArgs& args) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Kind::kWords) text += piece.text;
    if (piece.kind == Kind::kSecret) text += piece.value;
    if (piece.kind != Kind::kArg) continue;
    const auto arg = args.find(piece.text);
    if (arg == args.end()) return wrong(fmt::format("there is no argument `{}`", piece.text));
    text += written(piece, arg->second);
  }
  return text;
}

std::string Template::told(const ErrandArgs& args) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    const auto arg = args.find(piece.text);
    if (piece.kind == Kind::kWords) text += piece.text;
    else if (piece.kind == Kind::kSecret) text += "{env:" + piece.text + "}";
    else if (arg != args.end()) text += written(piece, arg->second);
    else text += "{" + piece.text + "}";
  }
  return text;
}

}  // namespace lexum
