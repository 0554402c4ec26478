// How did one thing lead to another, and since when is it so?
#include "tracer/path.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/acts.h"
#include "session/expression.h"
#include "session/json.h"
#include "session/tell.h"
#include "tracer/bisect.h"

namespace lexum {

Result<Verdict> say_path(Session& session, const Said& said, Reply& reply) {
  const Result<Moment> from = session.moment(said.arguments[0]);
  if (!from) return from.error();
  const Result<Moment> to = session.moment(said.arguments[1]);
  if (!to) return to.error();
  if (from->cycle == session.trace().start()) {
    return wrong("everything follows from the start; name a cycle, or a message");
  }
  if (from->cycle > to->cycle) {
    return wrong(fmt::format("cycle {} comes after cycle {}, and cannot have led to it",
                             from->cycle, to->cycle));
  }
  const Result<Path> found = path(session.trace(), from->cycle, to->cycle, session.looking());
  if (!found) return found.error();
  const Program& program = session.program();
  const LineWriter lines(program);
  if (!found->steps.empty()) reply.say(lines.heading());
  reply.list("steps");
  for (const PathStep& step : found->steps) {
    if (step.through_state) {
      reply.say(Line().add("        …  left the state in which", Role::kDim));
    }
    reply.say(log_line(lines, step.ran));
    if (!reply.wants_json()) continue;
    Json json = to_json(program, step.ran);
    json["through_state"] = step.through_state;
    reply.item(dump(json));
  }
  if (found->steps.empty() && !found->interrupted) {
    reply.say(fmt::format("nothing of cycle {} reached cycle {}", from->cycle, to->cycle));
  }
  reply.fact("looked_at", fmt::to_string(found->looked_at));
  return verdict_of(session, reply, found->interrupted);
}

Result<Verdict> say_bisect(Session& session, const Said& said, Reply& reply) {
  const Result<std::unique_ptr<Condition>> condition =
      read_condition(session.program(), said.arguments[0]);
  if (!condition) return condition.error();
  const uint64_t from = said.at ? session.at().cycle : session.trace().start();
  const Result<Bisected> found =
      bisect(session.timeline(), **condition, from, session.trace().cycles(), session.looking());
  if (!found) return found.error();
  reply.list("looks");
  for (const Bisected::Look& look : found->looks) {
    Line line;
    line.add(fmt::format("{:>7}", look.cycle), Role::kPosition);
    line.add(look.held ? "  holds" : "  does not hold", Role::kDim);
    reply.say(line);
    reply.item(dump({{"cycle", look.cycle}, {"holds", look.held}}));
  }
  reply.say(Line("it holds from cycle ").add(fmt::to_string(found->cycle), Role::kPosition));
  reply.say(
      Line().add("(if it stays so once it is so; `all` goes through every cycle)", Role::kDim));
  reply.fact("cycle", fmt::to_string(found->cycle));
  return Verdict::kAnswered;
}

}  // namespace lexum
