#include "model/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "session/typed.h"

namespace lexum {

void Console::add(Line line, bool is_typed) {
  said_.push_back({std::move(line), is_typed});
  if (said_.size() > kLinesMax) said_.pop_front();
}

bool Console::run(const std::string& line) {
  if (line.find_first_not_of(" \t\n") == std::string::npos) return true;
  add(Line(line), true);
  const Result<Typed> typed = read_typed(session_, line);
  Reply reply([this](const Line& said) { add(said, false); });
  if (typed && !typed->stop.help.empty()) {
    reply.say(typed->stop.help);
    return true;
  }
  const Result<Verdict> verdict =
      typed ? perform(session_, typed->said, reply) : Result<Verdict>(typed.error());
  if (!verdict) add(Line().add(verdict.error().what, Role::kBad), false);
  return verdict.ok();
}

std::string Console::completed(const std::string& line) {
  const Completion found = complete(session_, line, nullptr);
  if (found.choices.empty()) return line;
  const std::string common = found.common();
  if (common.size() > line.size() - found.begin) return line.substr(0, found.begin) + common;
  if (found.choices.size() > 1) {
    add(Line().add(fmt::format("{}", fmt::join(found.choices, "  ")), Role::kDim), false);
  }
  return line;
}

std::string Console::typed(size_t back) const {
  for (auto one = said_.rbegin(); one != said_.rend() && back > 0; ++one) {
    if (one->is_typed && --back == 0) return one->line.text();
  }
  return "";
}

}  // namespace lexum
