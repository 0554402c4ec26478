// Who wrote it, when did it hold, what ran?
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/acts.h"
#include "session/expression.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"

namespace lexum {

namespace {

// The value that its instance began with, if it is there.
std::string began_with(Session& session, const FieldTarget& field) {
  if (!field.whose.key) return "nobody has written it so far";
  const auto ids = instances_of(session, field.whose);
  if (!ids) return ids.error().what;
  const Value& value = session.timeline().state()[ids->front()].fields[field.slot];
  return "it still is " + brief(session.program(), value) + ", as it began";
}

void say_write(Session& session, const Write& write, const FieldTarget& field, Reply& reply) {
  const Program& program = session.program();
  const LineWriter lines(program);
  reply.fact("field", json_text(target_text(program, field)));
  reply.say(lines.heading());
  if (write.how == Write::How::kAct) {
    say_act(program, lines, *write.act, write.at, reply);
    reply.fact("write", dump(act_json(program, *write.act, write.at)));
    return;
  }
  reply.say(log_line(lines, write.ran));
  if (write.how == Write::How::kRollback) {
    reply.say(fmt::format("its assert did not hold, and {} went back to what it was after cycle {}",
                          target_text(program, field), write.to_cycle));
  }
  Json json = to_json(program, write.ran);
  if (write.how == Write::How::kRollback) json["rolled_back_to"] = write.to_cycle;
  reply.fact("write", dump(json));
}

Result<Verdict> say_write_of(Session& session, const Said& said, Reply& reply, bool next) {
  const Result<FieldTarget> field = read_field(session.program(), said.arguments[0]);
  if (!field) return field.error();
  const auto find = next ? next_write : last_write;
  const Result<Answer<Write>> answer =
      find(session.trace(), *field, session.at().cycle, session.looking());
  if (!answer) return answer.error();
  if (answer->found) {
    say_write(session, *answer->found, *field, reply);
  } else {
    const auto& parent = session.trace().header().parent;
    Result<Verdict> before = Verdict::kAnswered;
    const bool asked = !next && !answer->interrupted && parent && session.ask_before_fork([&] {
      say_before_fork(session, parent->changes, reply);
      before = say_write_of(session, said, reply, false);
    });
    if (asked) return before;
    reply.fact("field", json_text(target_text(session.program(), *field)));
    reply.fact("write", "null");
    if (!answer->interrupted) {
      reply.say(next ? "nobody writes it any more" : began_with(session, *field));
    }
  }
  return verdict_of(session, reply, answer->interrupted);
}

// Says each moment at which the expression comes to hold; the first one, or all.
Result<Verdict> say_when(Session& session, const Said& said, Reply& reply, bool all) {
  const Result<std::unique_ptr<Condition>> condition =
      read_condition(session.program(), said.arguments[0]);
  if (!condition) return condition.error();
  const uint64_t from = said.at ? session.at().cycle : session.trace().start();
  uint64_t found = 0;
  reply.list("hits");
  const auto hit = [&](uint64_t cycle, InstanceId, const std::string& name) {
    ++found;
    Line line;
    line.add(fmt::format("{:>7}", cycle), Role::kPosition).add("  ").add(name, Role::kInstance);
    if (cycle == from) line.add("  (holds already)", Role::kDim);
    reply.say(line);
    reply.item(dump({{"cycle", cycle}, {"instance", name}}));
    return all;
  };
  const Result<ScanEnd> end = each_time(session.timeline(), **condition, from,
                                        session.trace().cycles(), hit, session.looking());
  if (!end) return end.error();
  if (found == 0 && !end->interrupted) {
    reply.say(!said.at ? "it never holds" : fmt::format("it does not hold from {} on", from));
  }
  return verdict_of(session, reply, end->interrupted);
}

}  // namespace

Result<Verdict> say_last(Session& session, const Said& said, Reply& reply) {
  return say_write_of(session, said, reply, false);
}
Result<Verdict> say_next_write(Session& session, const Said& said, Reply& reply) {
  return say_write_of(session, said, reply, true);
}
Result<Verdict> say_first(Session& session, const Said& said, Reply& reply) {
  return say_when(session, said, reply, false);
}
Result<Verdict> say_all(Session& session, const Said& said, Reply& reply) {
  return say_when(session, said, reply, true);
}

Result<Verdict> say_hits(Session& session, const Said& said, Reply& reply) {
  const Result<RoutineTarget> routine = read_routine(session.program(), said.arguments[0]);
  if (!routine) return routine.error();
  const uint64_t from = said.at ? session.at().cycle : 0;
  const LineWriter lines(session.program());
  uint64_t found = 0;
  reply.fact("routine", json_text(target_text(session.program(), *routine)));
  reply.list("hits");
  const auto hit = [&](const CycleView& ran) {
    if (found++ == 0) reply.say(lines.heading());
    reply.say(log_line(lines, ran));
    if (reply.wants_json()) reply.item(dump(to_json(session.program(), ran)));
    return true;
  };
  const Result<ScanEnd> end =
      hits(session.trace(), *routine, from, session.trace().cycles(), hit, session.looking());
  if (!end) return end.error();
  if (found == 0 && !end->interrupted) {
    reply.say(!said.at ? "it never runs; `whynot` says what holds it back"
                       : fmt::format("it does not run from {} on", from));
  }
  return verdict_of(session, reply, end->interrupted);
}

}  // namespace lexum
