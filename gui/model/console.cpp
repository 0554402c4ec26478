#include "model/console.h"

#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "session/typed.h"

namespace lexum {

namespace {

// So many positions of one answer are kept.
constexpr size_t kNamedMax = 2'000;

// "  1042 " and "1042:3": the cycle.
std::optional<uint64_t> cycle_of(std::string_view position) {
  const size_t begin = position.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  uint64_t cycle = 0;
  const auto read =
      std::from_chars(position.data() + begin, position.data() + position.size(), cycle);
  return read.ec == std::errc() ? std::optional(cycle) : std::nullopt;
}

}  // namespace

void Console::add(Line line, bool is_typed) {
  is_going_ = false;
  for (const Line::Part& part : line.parts()) {
    if (part.role != Role::kPosition || named_.size() == kNamedMax) continue;
    const std::string_view text = line.text();
    if (const auto cycle = cycle_of(text.substr(part.begin, part.end - part.begin))) {
      named_.push_back(*cycle);
    }
  }
  said_.push_back({.line = std::move(line), .is_typed = is_typed});
  if (said_.size() > kLinesMax) said_.pop_front();
}

bool Console::run(const std::string& line) {
  if (line.find_first_not_of(" \t\n") == std::string::npos) return true;
  named_.clear();
  add(Line(line), true);
  const Result<Typed> typed = read_typed(session_, line);
  Reply reply([this](const Line& said) { add(said, false); });
  if (typed && !typed->stop.help.empty()) {
    reply.say(typed->stop.help);
    return true;
  }
  const Result<Verdict> verdict =
      typed ? perform(session_, typed->said, reply) : Result<Verdict>(typed.error());
  if (!verdict) {
    add(Line(verdict.error().what), false);
    said_.back().is_error = true;
  }
  return verdict.ok();
}

void Console::went(const std::string& line) {
  if (is_going_) said_.pop_back();
  add(Line(line), true);
  is_going_ = true;
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
