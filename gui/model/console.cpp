#include "model/console.h"

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
      typed ? typed->said.word->act(session_, typed->said, reply) : Result<Verdict>(typed.error());
  if (!verdict) add(Line().add(verdict.error().what, Role::kBad), false);
  return verdict.ok();
}

}  // namespace lexum
