// What whynot.cpp has found out, in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/wiring.h"
#include "tracer/brief.h"
#include "tracer/line.h"
#include "tracer/whynot.h"

namespace lexum {

namespace {

// On one line, however it is laid out.
std::string text_of(const Program& program, Span span) {
  std::string line;
  for (const char c : program.source.text(span)) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  return line;
}

class Speaker {
 public:
  explicit Speaker(const Program& program) : program_(program) {}

  void say(const WhyNot& answer, size_t depth) {
    const std::string whose = instance_name(program_, answer.domain, answer.key);
    add(depth, fmt::format("{}.{}: {}", whose, name(answer, answer.routine), reason(answer)));
    for (const ConditionPart& part : answer.parts) {
      add(depth + 1, condition(part, answer.held == Held::kBlocked));
    }
    if (answer.flip) {
      add(depth + 1, fmt::format("it would {} if {} were {}", freed(answer),
                                 domain(answer).fields[answer.flip->slot].name,
                                 brief(program_, answer.flip->value)));
    } else if (answer.held == Held::kBlocked || answer.held == Held::kSatisfied) {
      add(depth + 1, "no single field is known that would change this");
    }
    for (const Missing& missing : answer.missing) say(answer, missing, depth + 1);
  }
  // Of instances for which the same is to be said, it is said of the first one.
  void say_all(const std::vector<WhyNot>& all, uint64_t more, size_t depth) {
    for (size_t first = 0; first < all.size();) {
      const std::vector<std::string> told = told_of(all[first]);
      size_t next = first + 1;
      while (next < all.size() && told_of(all[next]) == told) ++next;
      say(all[first], depth);
      if (next - first > 1) {
        std::vector<std::string> names;
        for (size_t i = first + 1; i < next; ++i) {
          names.push_back(instance_name(program_, all[i].domain, all[i].key));
        }
        add(depth + 1, fmt::format("and likewise {}", fmt::join(names, ", ")));
      }
      first = next;
    }
    if (more > 0) {
      add(depth, fmt::format("… and {} more of {}", more, program_[all.front().domain].name));
    }
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  // What is said of it, but for its name and since when that is so.
  std::vector<std::string> told_of(const WhyNot& answer) const {
    Speaker alone(program_);
    WhyNot nameless = answer;
    nameless.key = Value();
    nameless.cycle = nameless.act = 0;
    alone.say(nameless, 0);
    return alone.take();
  }
  static std::string_view doing(RoutineKind kind) {
    switch (kind) {
      case RoutineKind::kTransition:
      case RoutineKind::kMessage:
        return "send it";
      case RoutineKind::kEvent:
        return "broadcast it";
      case RoutineKind::kDone:
      case RoutineKind::kFailed:
        return "ask for it";
    }
    return "";
  }
  const Domain& domain(const WhyNot& answer) const { return program_[answer.domain]; }
  std::string name(const WhyNot& answer, RoutineIndex routine) const {
    return routine_name(domain(answer).routines[routine.index()]);
  }
  std::string goal(const WhyNot& answer) const {
    return answer.goal ? domain(answer).goals[answer.goal.index()].name : "";
  }
  static std::string since(const WhyNot& answer) {
    if (answer.act != 0) {
      return fmt::format(", since act {} before cycle {}", answer.act, answer.cycle + 1);
    }
    return answer.cycle == 0 ? "" : fmt::format(", since cycle {}", answer.cycle);
  }
  std::string rival(const WhyNot& answer) const {
    const Rival& rival = *answer.rival;
    const std::string name = this->name(answer, rival.routine);
    switch (rival.kind) {
      case WorkKind::kMessage:
        return fmt::format("the message {} (priority {})", name, rival.priority);
      case WorkKind::kGoal:
      case WorkKind::kElse:
        return fmt::format("{} for goal {} (priority {})", name,
                           domain(answer).goals[rival.goal.index()].name, rival.priority);
      case WorkKind::kSlice:
      case WorkKind::kBoot:
        return name;
    }
    return name;
  }

  static std::string_view freed(const WhyNot& answer) {
    if (answer.flip->runs) return "run next";
    return answer.held == Held::kBlocked ? "no longer be blocked"
                                         : "have its turn after other work";
  }
  static std::string_view rule(const WhyNot& answer) {
    if (!answer.rival->order) return "";
    switch (*answer.rival->order) {
      case Order::kPriority:
        return ": it is more urgent";
      case Order::kTurn:
        return ": it is as urgent, and comes before it";
      case Order::kPassedOver:
        return ": it has been passed over 16 times in a row";
    }
    return "";
  }

  std::string reason(const WhyNot& answer) const {
    switch (answer.held) {
      case Held::kItRuns:
        return fmt::format("it does run, in cycle {}", answer.cycle);
      case Held::kItIsNext:
        return "nothing holds it back, but the recording ends before it runs";
      case Held::kCircles:
        return "nothing holds it back, but the run goes in circles, and has ended (E005)";
      case Held::kHalted:
        return fmt::format("the assert in cycle {} did not hold, and the run has ended",
                           answer.cycle);
      case Held::kNobody:
        if (answer.cycle == 0) return "there is no such instance yet";
        return answer.key.is_null()
                   ? fmt::format("there is none any more; the last one retired in cycle {}",
                                 answer.cycle)
                   : fmt::format("it retired in cycle {}", answer.cycle);
      case Held::kFaulted:
        return "the instance is FAULTED and takes no more work" + since(answer);
      case Held::kBooting:
        return "the instance has to run its Boot first";
      case Held::kUnderway:
        return "it has begun, and a later slice of it is next";
      case Held::kBegun:
        return fmt::format("{} has begun and goes on first", rival(answer));
      case Held::kPutOff:
        return fmt::format("it was tried and put off: the mailbox of {} has no room",
                           fmt::join(answer.mailboxes, " and of "));
      case Held::kThrottled:
        return fmt::format("it is throttled until the mailbox of {} is half empty",
                           fmt::join(answer.mailboxes, " and of "));
      case Held::kBackground:
        return "it is of background priority, and waits until nobody has anything else to do";
      case Held::kOutranked:
        return fmt::format("{} goes first{}", rival(answer), rule(answer));
      case Held::kBehind:
        return fmt::format("{} comes before it in goal {} and can run",
                           name(answer, answer.rival->routine), goal(answer));
      case Held::kBlocked:
        return fmt::format("it is blocked: it would change nothing{}",
                           answer.goal ? ", so goal " + goal(answer) + " cannot use it" : "");
      case Held::kFaultBlocked:
        return "it faulted, and is blocked until the state changes" + since(answer);
      case Held::kAnswer:
        return fmt::format("goal {} has asked, and waits for an answer or a change{}", goal(answer),
                           since(answer));
      case Held::kAbandoned:
        return fmt::format("goal {} is abandoned{}", goal(answer), since(answer));
      case Held::kNotAbandoned:
        return fmt::format("it is the last work of goal {}, which is not abandoned", goal(answer));
      case Held::kSatisfied:
        return fmt::format("goal {} is satisfied{}", goal(answer), since(answer));
      case Held::kQueued:
        return fmt::format("its message waits behind {} other{}; first comes {}", answer.ahead,
                           answer.ahead == 1 ? "" : "s",
                           answer.rival ? rival(answer) : "something else");
      case Held::kNoMessage:
        return answer.cycle == 0
                   ? std::string("no message for it has come")
                   : fmt::format("no message for it waits; the last one was taken in cycle {}",
                                 answer.cycle);
      case Held::kOnce:
        return answer.cycle == 0
                   ? std::string("it is done once, and has been")
                   : fmt::format("it is done once, and has been in cycle {}", answer.cycle);
    }
    return "";
  }

  std::string condition(const ConditionPart& part, bool is_false) const {
    const std::string text = text_of(program_, part.span);
    const std::string_view truth = is_false ? "false" : "true";
    if (!part.actual) return fmt::format("{} is {}", text, truth);
    std::string values =
        fmt::format("{} is {}", text_of(program_, part.actual_span), brief(program_, *part.actual));
    if (!part.wanted_is_constant) {
      values += fmt::format(", {} is {}", text_of(program_, part.wanted_span),
                            brief(program_, *part.wanted));
    }
    return fmt::format("{} is {}: {}", text, truth, values);
  }

  void say(const WhyNot& answer, const Missing& missing, size_t depth) {
    const std::string handler = spell(domain(answer).routines[missing.handler.index()]);
    const std::string sets =
        missing.slot
            ? fmt::format("{} is set by {}, ", domain(answer).fields[*missing.slot].name, handler)
            : "";
    if (missing.ahead) {
      add(depth, *missing.ahead == 0 ? sets + "whose message waits and is next"
                                     : fmt::format("{}whose message waits behind {} other{}", sets,
                                                   *missing.ahead, *missing.ahead == 1 ? "" : "s"));
    } else if (missing.senders.empty()) {
      add(depth, sets.empty() ? "only somebody outside of the program sends it"
                              : sets + "which only somebody outside of the program sends");
    } else if (!sets.empty()) {
      add(depth, sets + "and no message for that waits");
    }
    for (const Sender& sender : missing.senders) {
      const Place place = program_.source.place(sender.span.begin);
      add(depth,
          fmt::format("{} would {}, in line {}", spell(program_, sender.domain, sender.routine),
                      doing(domain(answer).routines[missing.handler.index()].kind), place.line));
      say_all(sender.held, sender.more, depth + 1);
      if (sender.held.empty()) {
        add(depth + 1, fmt::format("there is no {} yet", program_[sender.domain].name));
      }
    }
  }

  void add(size_t depth, const std::string& text) {
    lines_.push_back(std::string(2 * depth, ' ') + text);
  }

  const Program& program_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string_view spelling(Held held) {
  switch (held) {
    case Held::kItRuns:
      return "it runs";
    case Held::kItIsNext:
      return "it is next";
    case Held::kCircles:
      return "circles";
    case Held::kHalted:
      return "halted";
    case Held::kNobody:
      return "nobody";
    case Held::kFaulted:
      return "faulted";
    case Held::kBooting:
      return "booting";
    case Held::kUnderway:
      return "underway";
    case Held::kBegun:
      return "begun";
    case Held::kPutOff:
      return "put off";
    case Held::kThrottled:
      return "throttled";
    case Held::kBackground:
      return "background";
    case Held::kOutranked:
      return "outranked";
    case Held::kBehind:
      return "behind";
    case Held::kBlocked:
      return "blocked";
    case Held::kFaultBlocked:
      return "fault";
    case Held::kAnswer:
      return "answer";
    case Held::kAbandoned:
      return "abandoned";
    case Held::kNotAbandoned:
      return "not abandoned";
    case Held::kSatisfied:
      return "satisfied";
    case Held::kQueued:
      return "queued";
    case Held::kNoMessage:
      return "no message";
    case Held::kOnce:
      return "once";
  }
  return "";
}

std::string_view spelling(Order order) {
  switch (order) {
    case Order::kPriority:
      return "priority";
    case Order::kTurn:
      return "turn";
    case Order::kPassedOver:
      return "passed over";
  }
  return "";
}

std::vector<std::string> lines_of(const Program& program, const WhyNotAnswer& answer) {
  Speaker speaker(program);
  speaker.say_all(answer.all, answer.more, 0);
  return speaker.take();
}

}  // namespace lexum
