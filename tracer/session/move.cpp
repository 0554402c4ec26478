// Going through the run, forwards and backwards: by cycle, statement and tick, to a position, or to
// where something stops.
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "session/acts.h"
#include "session/expression.h"
#include "session/json.h"
#include "session/tell.h"
#include "tracer/statements.h"

namespace lexum {

namespace {

Error wrong(std::string what) { return {.code = ErrorCode::kMismatch, .what = std::move(what)}; }

// How many times; once if that is not said.
Result<uint64_t> count_of(const Said& said) {
  const std::string& text = said.arguments[0];
  if (text.empty()) return uint64_t{1};
  uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stopped != end || count == 0) {
    return wrong(fmt::format("`{}` is no number of times", text));
  }
  return count;
}

Result<Verdict> arrive(Session& session, Moment moment, std::string reason, Reply& reply) {
  Status there = session.go_to(moment);
  // What has no statements has none before which one could be.
  if (!there && there.error().code == ErrorCode::kNotFound) {
    there = session.go_to(Moment{.cycle = moment.cycle});
  }
  if (!there) return there.error();
  session.because(std::move(reason));
  say_here(session, reply);
  return Verdict::kAnswered;
}

Result<Verdict> stay(Session& session, std::string_view why, Reply& reply) {
  reply.say(Line().add(why, Role::kDim));
  session.because(std::string(why));
  say_here_json(session, reply);
  return Verdict::kAnswered;
}

// As many cycles on as there are.
Result<Verdict> forwards(Session& session, uint64_t count, Reply& reply) {
  const Moment at = session.at();
  const uint64_t last = session.trace().cycles();
  if (at.cycle == last && at.statement == 0) return stay(session, "end", reply);
  const uint64_t from = at.cycle - (at.statement != 0 ? 1 : 0);
  const bool ends = count >= last - from;
  return arrive(session, {.cycle = ends ? last : from + count}, ends ? "end" : "", reply);
}
Result<Verdict> backwards(Session& session, uint64_t count, Reply& reply) {
  const Moment at = session.at();
  const uint64_t first = session.trace().start();
  if (at.cycle == first) return stay(session, "start", reply);
  const bool ends = count >= at.cycle - first;
  return arrive(session, {.cycle = ends ? first : at.cycle - count}, ends ? "start" : "", reply);
}

Result<Moment> statement_after(Session& session, Moment at) {
  if (at.statement == 0) {
    if (at.cycle == session.trace().cycles()) return at;
    return Moment{.cycle = at.cycle + 1, .statement = 1};
  }
  if (at.statement < session.inside()->count) {
    return Moment{.cycle = at.cycle, .statement = at.statement + 1};
  }
  return Moment{.cycle = at.cycle};
}
Result<Moment> statement_before(Session& session, Moment at) {
  if (at.cycle == session.trace().start()) return at;
  if (at.statement == 1) return Moment{.cycle = at.cycle - 1};
  if (at.statement > 1) return Moment{.cycle = at.cycle, .statement = at.statement - 1};
  const Result<CycleStatements> found = statements_of(session.timeline(), at.cycle);
  if (!found) return found.error();
  if (found->statements.empty()) return Moment{.cycle = at.cycle - 1};
  return Moment{.cycle = at.cycle, .statement = static_cast<uint32_t>(found->statements.size())};
}

Result<Verdict> by_statement(Session& session, const Said& said, Reply& reply,
                             Result<Moment> (*next)(Session&, Moment), const char* end) {
  const Result<uint64_t> count = count_of(said);
  if (!count) return count.error();
  for (uint64_t i = 0; i < *count; ++i) {
    const Moment at = session.at();
    const Result<Moment> there = next(session, at);
    if (!there) return there.error();
    if (*there == at) return stay(session, end, reply);
    Status gone = session.go_to(*there);
    if (!gone && gone.error().code == ErrorCode::kNotFound) {
      gone = session.go_to(Moment{.cycle = there->cycle});
    }
    if (!gone) return gone.error();
    if (session.interrupted()) break;
  }
  say_here(session, reply);
  return Verdict::kAnswered;
}

Result<Verdict> to_next_stop(Session& session, Direction direction, Reply& reply) {
  const Result<Answer<Stops::Hit>> found =
      session.stops().nearest(session.timeline(), session.at(), direction, session.looking());
  if (!found) return found.error();
  if (found->interrupted) {
    reply.say("interrupted; you stand where you stood");
    return Verdict::kInterrupted;
  }
  const bool on = direction == Direction::kForward;
  if (!found->found) {
    const uint64_t end = on ? session.trace().cycles() : session.trace().start();
    return arrive(session, {.cycle = end}, on ? "end" : "start", reply);
  }
  std::string reason;
  for (const Stop& stop : session.stops().all()) {
    if (std::ranges::find(found->found->numbers, stop.number) == found->found->numbers.end()) {
      continue;
    }
    if (!reason.empty()) reason += ", ";
    reason += fmt::format("{} {}", spelling(stop.kind), stop.number);
    reply.say(Line().add(fmt::format("{}: {}", stop.number, to_text(stop)), Role::kDim));
  }
  return arrive(session, found->found->at, std::move(reason), reply);
}

// The last cycle of the tick that the cycle belongs to.
Result<uint64_t> end_of_tick(TraceReader& trace, uint64_t cycle) {
  std::optional<uint64_t> tick;
  for (size_t i = trace.chunk_of(cycle); i < trace.chunks().size(); ++i) {
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(i);
    if (!index) return index.error();
    const uint64_t first = trace.chunks()[i].first_cycle;
    for (const ChunkIndex::Tick& one : (*index)->ticks) {
      if (first + one.from <= cycle) tick = one.tick;
      else if (one.tick != *tick) return first + one.from - 1;
    }
  }
  return trace.cycles();
}

}  // namespace

Result<Verdict> do_step(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> count = count_of(said);
  return count ? forwards(session, *count, reply) : Result<Verdict>(count.error());
}
Result<Verdict> do_reverse_step(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> count = count_of(said);
  return count ? backwards(session, *count, reply) : Result<Verdict>(count.error());
}
Result<Verdict> do_stepi(Session& session, const Said& said, Reply& reply) {
  return by_statement(session, said, reply, statement_after, "end");
}
Result<Verdict> do_reverse_stepi(Session& session, const Said& said, Reply& reply) {
  return by_statement(session, said, reply, statement_before, "start");
}

Result<Verdict> do_run(Session& session, const Said& said, Reply& reply) {
  if (!said.arguments[0].empty()) return do_step(session, said, reply);
  return forwards(session, UINT64_MAX, reply);
}

Result<Verdict> do_next_tick(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> count = count_of(said);
  if (!count) return count.error();
  const uint64_t last = session.trace().cycles();
  const uint64_t at = session.at().cycle - (session.inside() ? 1 : 0);
  if (at == last) return stay(session, "end", reply);
  uint64_t there = at;
  for (uint64_t i = 0; i < *count && there < last; ++i) {
    const Result<uint64_t> end = end_of_tick(session.trace(), there + 1);
    if (!end) return end.error();
    there = *end;
    if (session.interrupted()) break;
  }
  return arrive(session, {.cycle = there}, there == last ? "end" : "", reply);
}

// To where the transition that is under way is over.
Result<Verdict> do_finish(Session& session, const Said&, Reply& reply) {
  const uint64_t cycle = session.at().cycle;
  if (cycle == session.trace().start()) return wrong("nothing is under way at the start");
  const Result<CycleView> ran = cycle_at(session.trace(), cycle);
  if (!ran) return ran.error();
  Timeline& timeline = session.timeline();
  const Sought own = cycles_of({.domain = ran->domain, .key = ran->key});
  for (uint64_t at = cycle;;) {
    if (Status there = timeline.go_to(at); !there) return there.error();
    const InstanceId id = timeline.find(ran->domain, ran->key);
    const bool under_way = id && timeline.state()[id].begun != nullptr;
    if (!under_way) {
      const bool moves = at != cycle || session.inside();
      if (!moves) return stay(session, "nothing is under way", reply);
      return arrive(session, {.cycle = at}, "finished", reply);
    }
    const auto next = earliest(session.trace(), own, at, session.looking());
    if (!next) return next.error();
    if (!next->found) {
      return arrive(session, {.cycle = session.trace().cycles()}, "end, not finished", reply);
    }
    at = *next->found;
  }
}

Result<Verdict> do_goto(Session& session, const Said& said, Reply& reply) {
  if (Status there = session.go_to(said.arguments[0]); !there) return there.error();
  say_here(session, reply);
  return Verdict::kAnswered;
}

Result<Verdict> do_continue(Session& session, const Said&, Reply& reply) {
  return to_next_stop(session, Direction::kForward, reply);
}
Result<Verdict> do_reverse_continue(Session& session, const Said&, Reply& reply) {
  return to_next_stop(session, Direction::kBackward, reply);
}

Result<Verdict> do_until(Session& session, const Said& said, Reply& reply) {
  const Result<std::unique_ptr<Condition>> condition =
      read_condition(session.program(), said.arguments[0]);
  if (!condition) return condition.error();
  const uint64_t from = session.at().cycle;
  std::optional<uint64_t> found;
  const auto hit = [&](uint64_t cycle, InstanceId, const std::string&) {
    found = cycle;
    return false;
  };
  const Result<ScanEnd> end = each_time(session.timeline(), **condition, from,
                                        session.trace().cycles(), hit, session.looking());
  if (!end) return end.error();
  if (end->interrupted) {
    reply.say("interrupted; you stand where you stood");
    return Verdict::kInterrupted;
  }
  if (found == from && !session.inside()) return stay(session, "it holds already", reply);
  const uint64_t there = found.value_or(session.trace().cycles());
  return arrive(session, {.cycle = there}, found ? "until" : "end", reply);
}

// ---- where to stop

namespace {

// "D.f if e": what, and the condition.
Stop stop_of(StopKind kind, const std::string& text) {
  Stop stop{.kind = kind, .what = text};
  const std::vector<std::string> words = split_words(text);
  if (words.size() > 2 && words[1] == "if") {
    stop.what = words[0];
    stop.condition = fmt::format("{}", fmt::join(words.begin() + 2, words.end(), " "));
  }
  return stop;
}

Result<Verdict> add_stop(Session& session, Stop stop, Reply& reply) {
  const Result<uint32_t> number = session.stops().add(session.program(), stop);
  if (!number) return number.error();
  reply.say(fmt::format("{}: {}", *number, to_text(stop)));
  reply.fact("number", fmt::to_string(*number));
  reply.fact("stop", json_text(to_text(stop)));
  return Verdict::kAnswered;
}

}  // namespace

Result<Verdict> do_break(Session& session, const Said& said, Reply& reply) {
  return add_stop(session, stop_of(StopKind::kBreak, said.arguments[0]), reply);
}
Result<Verdict> do_watch(Session& session, const Said& said, Reply& reply) {
  return add_stop(session, stop_of(StopKind::kWatch, said.arguments[0]), reply);
}
Result<Verdict> do_catch(Session& session, const Said& said, Reply& reply) {
  for (const StopKind kind :
       {StopKind::kFault, StopKind::kGoal, StopKind::kSend, StopKind::kEffect}) {
    if (spelling(kind) == "catch " + said.arguments[0]) {
      return add_stop(session, {.kind = kind}, reply);
    }
  }
  return wrong(
      fmt::format("`{}` cannot be caught; fault, goal, send and effect can", said.arguments[0]));
}

Result<Verdict> do_delete(Session& session, const Said& said, Reply& reply) {
  if (said.arguments[0].empty()) {
    session.stops().remove_all();
    reply.say("nothing stops any more");
    return Verdict::kAnswered;
  }
  const Result<uint64_t> number = count_of(said);
  if (!number) return number.error();
  if (*number > UINT32_MAX || !session.stops().remove(static_cast<uint32_t>(*number))) {
    return wrong(fmt::format("there is no stop {}; `info stops` lists them", *number));
  }
  reply.say(fmt::format("{} is gone", *number));
  return Verdict::kAnswered;
}

}  // namespace lexum
