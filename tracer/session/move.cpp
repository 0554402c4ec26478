// Going through the run, forwards and backwards: by cycle, statement and tick, to a position, or to
// where something stops.
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "session/acts.h"
#include "session/expression.h"
#include "session/json.h"
#include "session/tell.h"
#include "tracer/life.h"
#include "tracer/statements.h"

namespace lexum {

namespace {

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
  const std::string branch = session.branch().name;
  Status there = session.go_to(moment);
  // What has no statements has none before which one could be.
  if (!there && there.error().code == ErrorCode::kNotFound) {
    there = session.go_to(Moment{.cycle = moment.cycle});
  }
  if (!there) return there.error();
  session.because(std::move(reason));
  if (session.branch().name != branch) {
    reply.say(Line("in ").add(session.branch().name, Role::kName).add(", before the fork"));
  }
  say_here(session, reply);
  return Verdict::kAnswered;
}

Result<Verdict> stay(Session& session, std::string_view why, Reply& reply) {
  reply.say(Line().add(why, Role::kDim));
  session.because(std::string(why));
  say_here_json(session, reply);
  return Verdict::kAnswered;
}

// Where a run goes on, it is let run until then: what is beyond the record then is beyond the end.
// What has ended it, if something has.
Result<std::optional<Outcome>> let_run(Session& session, const LiveRun::Until& until) {
  if (session.live() == nullptr) return std::optional<Outcome>();
  const Result<LiveRun::Ran> ran = session.let_run(until);
  if (!ran) return ran.error();
  return ran->outcome;
}

// Where a way forwards ends, and with it perhaps the run.
Result<Verdict> arrive_or_stay(Session& session, uint64_t cycle, std::string reason,
                               std::optional<Outcome> outcome, Reply& reply) {
  if (outcome) reason = spelling(*outcome);
  const bool stays = session.at() == Moment{.cycle = cycle};
  Result<Verdict> there = stays ? stay(session, reason, reply)
                                : arrive(session, {.cycle = cycle}, std::move(reason), reply);
  if (there && outcome && *outcome != Outcome::kInterrupted) {
    say_ending(session, *outcome, reply);
  }
  return there;
}

uint64_t sum(uint64_t a, uint64_t b) { return b > UINT64_MAX - a ? UINT64_MAX : a + b; }

// As many cycles on as there are.
Result<Verdict> forwards(Session& session, uint64_t count, Reply& reply) {
  const Moment at = session.at();
  const uint64_t wanted = sum(at.cycle - (at.statement != 0 ? 1 : 0), count);
  std::optional<Outcome> outcome;
  if (wanted > session.trace().cycles()) {
    const Result<std::optional<Outcome>> ended = let_run(session, {.cycle = wanted});
    if (!ended) return ended.error();
    outcome = *ended;
  }
  const uint64_t last = session.trace().cycles();
  const bool ends = wanted >= last && session.live() == nullptr;
  return arrive_or_stay(session, std::min(wanted, last), ends ? "end" : "", outcome, reply);
}
Result<Verdict> backwards(Session& session, uint64_t count, Reply& reply) {
  const Moment at = session.at();
  const uint64_t first = session.first_cycle();
  if (at.cycle == first) return stay(session, "start", reply);
  const bool ends = count >= at.cycle - first;
  return arrive(session, {.cycle = ends ? first : at.cycle - count}, ends ? "start" : "", reply);
}

Result<Moment> statement_after(Session& session, Moment at) {
  if (at.statement == 0) {
    if (at.cycle == session.trace().cycles() && session.live() != nullptr) {
      const Result<LiveRun::Ran> ran = session.let_run({.cycle = at.cycle + 1});
      if (!ran) return ran.error();
    }
    if (at.cycle == session.trace().cycles()) return at;
    return Moment{.cycle = at.cycle + 1, .statement = 1};
  }
  if (at.statement < session.inside()->count) {
    return Moment{.cycle = at.cycle, .statement = at.statement + 1};
  }
  return Moment{.cycle = at.cycle};
}
Result<Moment> statement_before(Session& session, Moment at) {
  while (at.cycle == session.trace().start()) {
    const Result<bool> gone = session.go_before_fork();
    if (!gone) return gone.error();
    if (!*gone) return at;
  }
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

// Those of the stops that are hit there.
std::string say_stops(Session& session, const Stops::Hit& hit, Reply& reply) {
  std::string reason;
  for (const Stop& stop : session.stops().all()) {
    if (std::ranges::find(hit.numbers, stop.number) == hit.numbers.end()) continue;
    if (!reason.empty()) reason += ", ";
    reason += fmt::format("{} {}", spelling(stop.kind), stop.number);
    reply.say(Line().add(fmt::format("{}: {}", stop.number, to_text(stop)), Role::kDim));
  }
  return reason;
}

Result<Verdict> stay_interrupted(Reply& reply) {
  reply.say("interrupted; you stand where you stood");
  return Verdict::kInterrupted;
}

// To where something stops, or so many cycles on, for that reason then.
Result<Verdict> on_to_stop(Session& session, uint64_t count, std::string_view enough,
                           Reply& reply) {
  const Moment at = session.at();
  const uint64_t wanted = sum(at.cycle, count);
  const Stops& stops = session.stops();
  auto found = stops.nearest(session.timeline(), at, Direction::kForward, session.looking());
  std::optional<Outcome> outcome;
  // What is recorded comes first; then a run that goes on does.
  while (found && !found->found && !found->interrupted && !outcome && session.live() != nullptr &&
         wanted > session.trace().cycles()) {
    const Result<LiveRun::Ran> ran =
        session.let_run({.cycle = wanted, .here = stops.ear(session.program())});
    if (!ran) return ran.error();
    outcome = ran->outcome;
    // Nothing before it was heard to stop. (A loop is only known at its end.)
    const uint64_t heard = ran->here.value_or(session.trace().cycles());
    if (heard == session.trace().start()) break;
    found = stops.nearest(session.timeline(), {.cycle = heard - 1}, Direction::kForward,
                          session.looking());
  }
  if (!found) return found.error();
  if (found->interrupted) return stay_interrupted(reply);
  if (found->found && found->found->at.cycle <= wanted) {
    std::string reason = say_stops(session, *found->found, reply);
    return arrive(session, found->found->at, std::move(reason), reply);
  }
  const uint64_t last = session.trace().cycles();
  std::string reason(wanted <= last ? enough : "");
  if (wanted >= last && session.live() == nullptr) reason = "end";
  return arrive_or_stay(session, std::min(wanted, last), std::move(reason), outcome, reply);
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

// The last cycle before the tick that the cycle belongs to.
Result<uint64_t> end_before_tick(TraceReader& trace, uint64_t cycle) {
  std::optional<uint64_t> tick;
  uint64_t begin = cycle;
  for (size_t i = trace.chunk_of(cycle) + 1; i-- > 0;) {
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(i);
    if (!index) return index.error();
    const uint64_t first = trace.chunks()[i].first_cycle;
    for (auto one = (*index)->ticks.rbegin(); one != (*index)->ticks.rend(); ++one) {
      if (first + one->from > cycle) continue;
      if (!tick) tick = one->tick;
      if (one->tick != *tick) return begin - 1;
      begin = first + one->from;
    }
  }
  return begin - 1;
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
  if (said.arguments[0].empty()) return do_continue(session, said, reply);
  const Result<uint64_t> count = count_of(said);
  return count ? on_to_stop(session, *count, "", reply) : Result<Verdict>(count.error());
}

Result<Verdict> do_next_tick(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> count = count_of(said);
  if (!count) return count.error();
  const uint64_t at = session.at().cycle - (session.inside() ? 1 : 0);
  uint64_t there = at;
  uint64_t left = *count;
  for (; left > 0 && there < session.trace().cycles(); --left) {
    const Result<uint64_t> end = end_of_tick(session.trace(), there + 1);
    if (!end) return end.error();
    there = *end;
    if (session.interrupted()) return arrive(session, {.cycle = there}, "interrupted", reply);
  }
  std::optional<Outcome> outcome;
  if (left > 0 && session.live() != nullptr) {
    const uint64_t now = session.live()->world().tick_now();
    const auto ended = let_run(session, {.tick = sum(now, left)});
    if (!ended) return ended.error();
    outcome = *ended;
    there = session.trace().cycles();
  }
  const bool ends = there == session.trace().cycles() && session.live() == nullptr;
  return arrive_or_stay(session, there, ends ? "end" : "", outcome, reply);
}

Result<Verdict> do_reverse_next_tick(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> count = count_of(said);
  if (!count) return count.error();
  for (uint64_t i = 0; i < *count; ++i) {
    while (session.at().cycle == session.trace().start()) {
      const Result<bool> gone = session.go_before_fork();
      if (!gone) return gone.error();
      if (!*gone) return stay(session, "start", reply);
    }
    const Result<uint64_t> end = end_before_tick(session.trace(), session.at().cycle);
    if (!end) return end.error();
    if (Status there = session.go_to(Moment{.cycle = *end}); !there) return there.error();
    if (session.interrupted()) break;
  }
  return arrive(session, session.at(), "", reply);
}

Result<Verdict> do_hop(Session& session, const Said& said, Reply& reply) {
  const Result<uint64_t> which = count_of(said);
  if (!which) return which.error();
  const uint64_t cycle = session.at().cycle;
  if (cycle == session.trace().start()) return wrong("nothing has been sent yet");
  const Result<CycleView> ran = cycle_at(session.trace(), cycle);
  if (!ran) return ran.error();
  const size_t sent = ran->emissions.size();
  const bool any = said.arguments[0].empty();
  if (!any && *which > sent) {
    return wrong(fmt::format("cycle {} has sent {} message{}", cycle, sent, sent == 1 ? "" : "s"));
  }
  for (size_t i = *which - 1; i < (any ? sent : *which); ++i) {
    const auto number = static_cast<uint32_t>(i);
    const auto found = lives_of(session.timeline(), cycle, number, session.looking());
    if (!found && found.error().code == ErrorCode::kInterrupted) return stay_interrupted(reply);
    if (!found) return found.error();
    for (const MessageLife& life : found->lives) {
      if (life.fate != MessageLife::Fate::kTaken) continue;
      return arrive(session, {.cycle = life.taken}, "", reply);
    }
  }
  return stay(session, sent == 0 ? "it has sent nothing" : "nobody took it", reply);
}

Result<Verdict> do_reverse_hop(Session& session, const Said&, Reply& reply) {
  const uint64_t cycle = session.at().cycle;
  if (cycle == session.trace().start()) return wrong("nothing has been taken yet");
  const Result<CycleView> ran = cycle_at(session.trace(), cycle);
  if (!ran) return ran.error();
  if (!ran->cause) return stay(session, "no message led to it; `why` says what did", reply);
  if (ran->cause->cycle == 0) return stay(session, "it came from outside", reply);
  return arrive(session, {.cycle = ran->cause->cycle}, "", reply);
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
    auto next = earliest(session.trace(), own, at, session.looking());
    if (next && !next->found && !next->interrupted && session.live() != nullptr) {
      const auto is_own = [&](const CycleRecord& record) {
        return own.whose->has(record.domain, *record.key);
      };
      const uint64_t most = sum(session.trace().cycles(), session.cycles_at_once());
      const auto ended = let_run(session, {.cycle = most, .here = is_own});
      if (!ended) return ended.error();
      next = earliest(session.trace(), own, at, session.looking());
    }
    if (!next) return next.error();
    if (next->interrupted) return stay_interrupted(reply);
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
  const uint64_t at = session.at().cycle;
  if (session.live() == nullptr) return on_to_stop(session, UINT64_MAX - at, "", reply);
  const uint64_t most = sum(session.trace().cycles(), session.cycles_at_once());
  return on_to_stop(session, most - at, "so far", reply);
}
Result<Verdict> do_reverse_continue(Session& session, const Said&, Reply& reply) {
  while (session.at() == Moment{.cycle = session.trace().start()}) {
    const Result<bool> gone = session.go_before_fork();
    if (!gone) return gone.error();
    if (!*gone) return stay(session, "start", reply);
  }
  const Result<Answer<Stops::Hit>> found = session.stops().nearest(
      session.timeline(), session.at(), Direction::kBackward, session.looking());
  if (!found) return found.error();
  if (found->interrupted) return stay_interrupted(reply);
  if (!found->found) return arrive(session, {.cycle = session.trace().start()}, "start", reply);
  std::string reason = say_stops(session, *found->found, reply);
  return arrive(session, found->found->at, std::move(reason), reply);
}

Result<Verdict> do_until(Session& session, const Said& said, Reply& reply) {
  const Result<std::unique_ptr<Condition>> condition =
      read_condition(session.program(), said.arguments[0]);
  if (!condition) return condition.error();
  std::optional<uint64_t> found;
  const auto hit = [&](uint64_t cycle, InstanceId, const std::string&) {
    found = cycle;
    return false;
  };
  const auto look = [&](uint64_t from) {
    return each_time(session.timeline(), **condition, from, session.trace().cycles(), hit,
                     session.looking());
  };
  const uint64_t from = session.at().cycle;
  Result<ScanEnd> end = look(from);
  std::optional<Outcome> outcome;
  if (end && !end->interrupted && !found && session.live() != nullptr) {
    const uint64_t recorded = session.trace().cycles();
    const auto holds = [&](const CycleRecord& ran) {
      if (!(*condition)->whose().has(ran.domain, *ran.key)) return false;
      return (*condition)->holds(state_after(ran));
    };
    const uint64_t most = sum(recorded, session.cycles_at_once());
    const auto ended = let_run(session, {.cycle = most, .here = holds});
    if (!ended) return ended.error();
    outcome = *ended;
    end = look(recorded);
  }
  if (!end) return end.error();
  if (end->interrupted) return stay_interrupted(reply);
  if (found == from && !session.inside()) return stay(session, "it holds already", reply);
  if (found) return arrive(session, {.cycle = *found}, "until", reply);
  return arrive_or_stay(session, session.trace().cycles(),
                        session.live() != nullptr ? "so far" : "end", outcome, reply);
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
  for (const uint32_t idle : session.stops().idle_in(session.program())) {
    reply.say(
        Line().add(fmt::format("{} is of another branch's program, and stops nothing here", idle),
                   Role::kDim));
  }
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
  for (const StopKind kind : {StopKind::kFault, StopKind::kGoal, StopKind::kSend, StopKind::kEffect,
                              StopKind::kOscillation}) {
    if (spelling(kind) == "catch " + said.arguments[0]) {
      return add_stop(session, {.kind = kind}, reply);
    }
  }
  return wrong(fmt::format("`{}` cannot be caught; fault, goal, send, effect and oscillation can",
                           said.arguments[0]));
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
