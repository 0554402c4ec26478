// Why did that happen?
#include "tracer/why.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"
#include "session/typed.h"

namespace lexum {

namespace {

// The cycle that a question is about; or what is to be said instead.
struct Found {
  uint64_t cycle = 0;
  bool interrupted = false;
  std::string instead = {};
  std::optional<InputView> act = {};  // came after the cycle, and is the root of it
};

class Finder {
 public:
  explicit Finder(Session& session) : session_(session), program_(session.program()) {}

  Result<Found> operator()(const FieldTarget& field) {
    const Result<Answer<Write>> write =
        last_write(session_.trace(), field, session_.at().cycle, session_.looking());
    if (!write) return write.error();
    if (write->found) return Found{.cycle = write->found->at, .act = write->found->act};
    return Found{.interrupted = write->interrupted,
                 .instead = target_text(program_, field) + ": nobody has written it so far"};
  }
  Result<Found> operator()(const GoalTarget& goal) {
    const Result<Answer<GoalWrite>> flip =
        last_flip(session_.trace(), goal, session_.at().cycle, session_.looking());
    if (!flip) return flip.error();
    if (flip->found) return Found{.cycle = flip->found->at, .act = flip->found->act};
    return Found{.interrupted = flip->interrupted,
                 .instead = "the goal has been as it is from the start"};
  }
  Result<Found> operator()(const RoutineTarget& routine) {
    return last_of(runs_of(routine), "it has not run so far; `whynot` says what holds it back");
  }
  Result<Found> operator()(const Subjects& whose) {
    return last_of(cycles_of(whose), subject_text(program_, whose) + " has done nothing so far");
  }
  Result<Found> operator()(EffectId effect) {
    const auto asks = [&](const CycleView& ran) {
      return std::ranges::any_of(ran.emissions, [&](const EmissionView& emitted) {
        const Emission& site = program_.emissions[emitted.site.index()];
        return site.kind == EmissionKind::kEffect && site.effect == effect;
      });
    };
    const Sought emits{.is = [](const ChunkIndex::Kind& kind) { return kind.emissions > 0; }};
    return last_of(emits, "nobody has asked for it so far", asks);
  }
  Result<Found> operator()(const Position& position) {
    const Result<Moment> moment =
        moment_of(position, session_.trace(), session_.branch().bookmarks, session_.looking());
    if (!moment) return moment.error();
    if (moment->cycle == session_.trace().start()) return Found{.instead = at_start()};
    return Found{.cycle = moment->cycle};
  }

 private:
  std::string at_start() const {
    const auto& parent = session_.trace().header().parent;
    if (!parent) return "that is the start: nothing is before it";
    return fmt::format("this fork begins there; what came before is in {}", parent->file);
  }

  Result<Found> last_of(const Sought& sought, std::string instead,
                        const std::function<bool(const CycleView&)>& test = {}) {
    const Result<Answer<CycleView>> last =
        last_cycle(session_.trace(), sought, session_.at().cycle, session_.looking(), test);
    if (!last) return last.error();
    Found found{.interrupted = last->interrupted, .instead = std::move(instead)};
    if (last->found) found.cycle = last->found->cycle;
    return found;
  }

  Session& session_;
  const Program& program_;
};

std::string_view spelling(WhyStep::Because because) {
  switch (because) {
    case WhyStep::Because::kStart:
      return "start";
    case WhyStep::Because::kInput:
      return "input";
    case WhyStep::Because::kSent:
      return "sent";
    case WhyStep::Because::kOutcome:
      return "outcome";
    case WhyStep::Because::kGoal:
      return "goal";
    case WhyStep::Because::kBegun:
      return "begun";
    case WhyStep::Because::kBoot:
      return "boot";
    case WhyStep::Because::kAct:
      return "act";
  }
  return "";
}

void say_steps(const Program& program, const Why& why, Reply& reply) {
  const LineWriter lines(program);
  reply.say(lines.heading());
  reply.list("steps");
  for (const WhyStep& step : why.steps) {
    reply.say(log_line(lines, step.ran));
    if (step.act) say_act(program, lines, *step.act, step.act_at, reply);
    if (step.passed_on > 0) {
      reply.say(Line().add(fmt::format("      …  {} cycle{} that only passed it on", step.passed_on,
                                       step.passed_on == 1 ? "" : "s"),
                           Role::kDim));
    }
    if (!reply.wants_json()) continue;
    Json json = to_json(program, step.ran);
    json["because"] = spelling(step.because);
    json["of_cycle"] = step.cause == 0 ? Json() : Json(step.cause);
    json["of_input"] = step.input == 0 ? Json() : Json(step.input);
    json["passed_on"] = step.passed_on;
    reply.item(dump(json));
  }
}

// What an operator did follows from nothing.
Result<Verdict> say_root(Session& session, const Found& found, Reply& reply) {
  const Program& program = session.program();
  const LineWriter lines(program);
  reply.say(lines.heading());
  reply.list("steps");
  say_act(program, lines, *found.act, found.cycle, reply);
  if (reply.wants_json()) {
    Json json = act_json(program, *found.act, found.cycle);
    json["because"] = spelling(WhyStep::Because::kAct);
    json["of_cycle"] = Json();
    json["of_input"] = found.act->number;
    json["passed_on"] = 0;
    reply.item(dump(json));
  }
  reply.fact("cut", "false");
  return verdict_of(session, reply, false);
}

// Nobody reads more at once; the next question goes on from there.
constexpr size_t kStepsMax = 100;

}  // namespace

Result<Verdict> say_why(Session& session, const Said& said, Reply& reply) {
  Result<Thing> thing = Thing(Position{.place = session.at()});
  if (!said.arguments[0].empty()) thing = read_thing(session.program(), said.arguments[0]);
  if (!thing) return thing.error();
  if (const auto* there = std::get_if<Position>(&*thing); there && !there->branch.empty()) {
    Said elsewhere = said;
    elsewhere.at = std::exchange(elsewhere.arguments[0], "");
    return perform(session, elsewhere, reply);
  }
  const Result<Found> found = std::visit(Finder(session), *thing);
  if (!found) return found.error();
  if (found->act) return say_root(session, *found, reply);
  if (found->cycle == 0 && !found->interrupted && !std::holds_alternative<Position>(*thing)) {
    Result<Verdict> answered = Verdict::kAnswered;
    const auto& parent = session.trace().header().parent;
    reply.say(Line().add(found->instead, Role::kDim));
    const bool asked = parent && session.ask_before_fork([&] {
      say_before_fork(session, parent->changes, reply);
      answered = say_why(session, said, reply);
    });
    if (asked) return answered;
    reply.list("steps");
    return verdict_of(session, reply, false);
  }
  if (found->cycle == 0) {
    if (!found->interrupted) reply.say(found->instead);
    reply.list("steps");
    return verdict_of(session, reply, found->interrupted);
  }
  const Result<Why> answer = why(session.trace(), found->cycle, session.looking(), kStepsMax);
  if (!answer) return answer.error();
  say_steps(session.program(), *answer, reply);
  if (answer->cut) {
    const uint64_t next = answer->steps.back().cause;
    reply.say(Line("…  and so on: `why ").add(fmt::to_string(next), Role::kPosition).add("`"));
  }
  reply.fact("cut", answer->cut ? "true" : "false");
  const uint64_t cause = answer->steps.back().cause;
  if (!answer->cut && cause != 0 && cause <= session.trace().start()) {
    session.ask_before_fork([&] {
      reply.say(Line(fmt::format("{:>7}", cause))
                    .add(fmt::format("  is before the fork: `why {}/{}` goes on",
                                     session.branch().name, cause),
                         Role::kDim));
    });
  }
  return verdict_of(session, reply, answer->interrupted);
}

}  // namespace lexum
