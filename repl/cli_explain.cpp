// `lxm explain`: the story behind a code, or all codes with their titles.
#include <fmt/core.h>

#include "repl/command_line.h"
#include "repl/terminal.h"
#include "syntax/diagnostic.h"

namespace lexum {

namespace {

std::string all_titles() {
  std::string text;
  for (const CodeInfo& code : all_codes()) text += fmt::format("{}  {}\n", code.id, code.title);
  return text + "\n`lxm explain CODE` tells the story of one of them.\n";
}

std::string indented(std::string_view text) {
  std::string all = "  ";
  for (const char c : text) {
    all += c;
    if (c == '\n') all += "  ";
  }
  return all;
}

std::string story(const CodeInfo& code, bool colour) {
  std::string text = fmt::format("{}{}: {}{}\n\n{}\n", colour ? "\x1b[1m" : "", code.id, code.title,
                                 colour ? "\x1b[0m" : "", code.story);
  if (!code.example.empty()) text += "\nFor example:\n\n" + indented(code.example) + "\n";
  return text;
}

int unknown_code(const std::string& id) {
  std::vector<std::string> ids;
  for (const CodeInfo& code : all_codes()) ids.emplace_back(code.id);
  std::string upper = id;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const std::string near = nearest(upper, ids);
  complain("lxm explain: there is no code `" + id + "`" +
           (near.empty() ? "; `lxm explain` lists them all" : "; did you mean `" + near + "`?"));
  return kExitUsage;
}

}  // namespace

int explain_command(Words words) {
  std::string id;
  CommandLine options("explain");
  options.optional_word("CODE", id, "E201, W504, F003 …; without it, all of them are listed");
  if (const auto status = options.parse(words)) return *status;
  const CodeInfo* code = find_code(id);
  if (code == nullptr && !id.empty()) return unknown_code(id);
  Output out;
  out.write(code == nullptr ? all_titles() : story(*code, colour_on_stdout()));
  return out.finish(kExitDone);
}

}  // namespace lexum
