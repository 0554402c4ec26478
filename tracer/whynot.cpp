#include "tracer/whynot.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/wiring.h"
#include "syntax/parser.h"
#include "tracer/ask.h"
#include "tracer/brief.h"
#include "tracer/line.h"
#include "tracer/rerun.h"

namespace lexum {

namespace {

constexpr size_t kInstancesMax = 8;  // of one domain, that are asked one by one
constexpr int kAskedOnMax = 6;       // how far those who could send are asked in turn

// ------------------------------------------------------------------------------------- conditions

// A value of a field by which a part of a condition would come to be `holds`.
struct Wish {
  uint32_t slot = 0;
  Value value;
};

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::kLess:
      return Operator::kGreater;
    case Operator::kLessEqual:
      return Operator::kGreaterEqual;
    case Operator::kGreater:
      return Operator::kLess;
    case Operator::kGreaterEqual:
      return Operator::kLessEqual;
    default:
      return op;
  }
}

Operator opposite(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return Operator::kUnequal;
    case Operator::kUnequal:
      return Operator::kEqual;
    case Operator::kLess:
      return Operator::kGreaterEqual;
    case Operator::kLessEqual:
      return Operator::kGreater;
    case Operator::kGreater:
      return Operator::kLessEqual;
    case Operator::kGreaterEqual:
      return Operator::kLess;
    default:
      return op;
  }
}

std::optional<Value> shifted(const Value& value, int64_t by) {
  int64_t sum = 0;
  if (value.kind() != Kind::kInt || __builtin_add_overflow(value.as_int(), by, &sum)) return {};
  return Value::of(sum);
}

// The nearest value that stands in that relation to the other one.
std::optional<Value> nearest_value(Operator op, const Value& other) {
  switch (op) {
    case Operator::kEqual:
    case Operator::kLessEqual:
    case Operator::kGreaterEqual:
      return other;
    case Operator::kUnequal:
      if (other.kind() == Kind::kBool) return Value::of(!other.as_bool());
      if (other.kind() == Kind::kText) return Value::of(other.text().empty() ? "?" : "");
      return shifted(other, 1);
    case Operator::kLess:
      return shifted(other, -1);
    case Operator::kGreater:
      return shifted(other, 1);
    default:
      return {};
  }
}

// One instance of a world, to be tried on.
class Subjected {
 public:
  Subjected(const World& world, InstanceId id)
      : program_(world.program()),
        fields_(world.fields_of(id).begin(), world.fields_of(id).end()),
        key_(world.key_of(id)),
        interpreter_(program_) {}

  bool holds(const Comparison& part) {
    Fault fault;
    return interpreter_.test(part.whole, subject(), fault);
  }
  ConditionPart seen(const Comparison& part) {
    ConditionPart seen{.span = part.span, .op = part.op};
    if (!part.actual) return seen;
    Fault fault;
    seen.actual = interpreter_.evaluate(part.actual, subject(), fault);
    seen.wanted = interpreter_.evaluate(part.wanted, subject(), fault);
    if (fault) seen.actual = seen.wanted = std::nullopt;
    seen.actual_span = program_.spans[part.actual.index()];
    seen.wanted_span = program_.spans[part.wanted.index()];
    const Op wanted = program_[part.wanted].op;
    seen.wanted_is_constant = wanted == Op::kInt || wanted == Op::kBool || wanted == Op::kConstant;
    return seen;
  }
  // What would make the part true, or false.
  std::optional<Wish> wish(const Comparison& part, bool truth) {
    const Term& whole = program_[part.whole];
    if (whole.op == Op::kField) return Wish{whole.a, Value::of(truth)};
    if (whole.op == Op::kNot) {
      const Term& inner = program_[TermId(size_t{whole.a})];
      if (inner.op != Op::kField) return {};
      return Wish{inner.a, Value::of(!truth)};
    }
    if (!part.actual) return {};
    const ConditionPart sides = seen(part);
    if (!sides.actual) return {};
    const Operator op = truth ? part.op : opposite(part.op);
    std::optional<Value> value;
    const Term* field = &program_[part.actual];
    if (field->op == Op::kField) {
      value = nearest_value(op, *sides.wanted);
    } else {
      field = &program_[part.wanted];
      if (field->op == Op::kField) value = nearest_value(mirrored(op), *sides.actual);
    }
    if (!value) return {};
    return Wish{field->a, *value};
  }

 private:
  Subject subject() { return {.fields = fields_, .key = key_.is_null() ? nullptr : &key_}; }

  const Program& program_;
  std::vector<Value> fields_;
  Value key_;
  Interpreter interpreter_;
};

// The fields that a piece of the program names.
std::vector<uint32_t> fields_in(const Program& program, const Domain& domain, Span span) {
  Diagnostics diagnostics;
  const Source source("", std::string(program.source.text(span)));
  const Fragment fragment = parse_expression(source, diagnostics);
  std::vector<uint32_t> slots;
  for (const Expr& expr : fragment.tree.exprs) {
    if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kState) continue;
    const std::string_view name = fragment.tree.text(expr.name);
    for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
      if (domain.fields[slot].name == name) slots.push_back(slot);
    }
  }
  return slots;
}

// -------------------------------------------------------------------------------------- explaining

class Explainer {
 public:
  Explainer(TraceReader& trace, const World& world, const Looking& looking)
      : trace_(trace),
        world_(world),
        program_(world.program()),
        looking_(looking),
        wiring_(program_) {}

  WhyNot of(InstanceId id, RoutineIndex routine) {
    WhyNot answer = begin(world_.domain_of(id), routine);
    answer.key = world_.key_of(id);
    id_ = id;
    image_ = world_.image_of(id);
    if (!explain_instance(answer) && !explain_next(answer)) explain_work(answer);
    return answer;
  }
  WhyNot of_nobody(const Subjects& whose, RoutineIndex routine) {
    WhyNot answer = begin(whose.domain, routine);
    answer.held = Held::kNobody;
    if (!whose.key) return answer;
    answer.key = *whose.key;
    answer.cycle =
        last([&](const CycleView& ran) { return ran.retires && whose.has(ran.domain, ran.key); });
    return answer;
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // Asks on: for what is blocked, whether the message that would change it has come; for a message
  // that has not come, who could have sent it.
  void ask_on(WhyNot& answer, int depth) {
    if (depth == 0 || !asked_.insert({answer.domain.index(), answer.routine.index()}).second)
      return;
    if (answer.held == Held::kNoMessage) {
      answer.missing.push_back(missing(answer.domain, answer.routine, depth));
    }
    if (answer.held == Held::kBlocked) ask_writers(answer, depth);
  }

 private:
  WhyNot begin(DomainId domain, RoutineIndex routine) const {
    WhyNot answer;
    answer.domain = domain;
    answer.routine = routine;
    answer.at = world_.cycle();
    return answer;
  }
  const Domain& domain() const { return program_[image_.domain]; }

  // What holds the whole instance. False if nothing does.
  bool explain_instance(WhyNot& answer) {
    if (world_.halted()) {
      answer.held = Held::kHalted;
      answer.cycle = world_.halted()->cycle;
    } else if (image_.faulted) {
      answer.held = Held::kFaulted;
      answer.cycle = last([&](const CycleView& ran) { return ran.made_faulted && is_its(ran); });
    } else {
      return false;
    }
    return true;
  }

  // What it does next. True if that explains it.
  bool explain_next(WhyNot& answer) {
    const std::optional<NextWork> next = world_.next_work(id_);
    if (!next) return false;
    rival_ = Rival{next->kind, next->routine, next->goal, next->priority};
    if (next->routine == answer.routine) {
      answer.goal = next->goal;
      answer.held = next->kind == WorkKind::kSlice ? Held::kUnderway : Held::kItIsNext;
      if (!image_.throttlers.empty()) {
        answer.held = Held::kThrottled;
        for (const InstanceId mailbox : image_.throttlers) {
          answer.mailboxes.push_back(world_.name_of(mailbox));
        }
      } else if (next->priority == 0) {
        answer.held = Held::kBackground;
      }
      return true;
    }
    if (next->kind != WorkKind::kSlice && next->kind != WorkKind::kBoot) return false;
    answer.held = next->kind == WorkKind::kSlice ? Held::kBegun : Held::kBooting;
    answer.rival = rival_;
    return true;
  }

  // Nothing is in its way but what it is itself: as a candidate, or for a message.
  void explain_work(WhyNot& answer) {
    std::optional<WhyNot> nearest;
    for (uint32_t g = 0; g < domain().goals.size(); ++g) {
      const Goal& goal = domain().goals[g];
      const bool candidate =
          std::ranges::find(goal.candidates, answer.routine) != goal.candidates.end();
      const bool last_work = goal.terminate_else == answer.routine;
      if (!candidate && !last_work) continue;
      WhyNot one = answer;
      one.goal = GoalIndex(g);
      if (candidate) explain_candidate(one, image_.goals[g]);
      else one.held = image_.goals[g].else_pending ? Held::kOutranked : Held::kNotAbandoned;
      if (one.held == Held::kOutranked) one.rival = rival_;
      // The enumerators from kOutranked on stand in the order of how near they are to running.
      if (!nearest || one.held < nearest->held) nearest = std::move(one);
    }
    const bool sent = can_be_sent(answer.routine);
    if (nearest && (nearest->held < Held::kSatisfied || !sent)) {
      answer = std::move(*nearest);
    } else if (sent) {
      explain_message(answer);
      if (nearest && answer.held == Held::kNoMessage) answer = std::move(*nearest);
    } else {
      answer.held = Held::kNeverAsked;
    }
    if (answer.held == Held::kBlocked) explain_guard(answer);
    if (answer.held == Held::kSatisfied) explain_predicate(answer);
  }

  void explain_candidate(WhyNot& answer, const GoalImage& state) {
    const RoutineIndex first = world_.candidate_of(id_, answer.goal);
    if (state.status == GoalStatus::kSatisfied) {
      answer.held = Held::kSatisfied;
    } else if (state.status == GoalStatus::kAbandoned) {
      answer.held = Held::kAbandoned;
    } else if (world_.is_blocked(id_, answer.routine)) {
      answer.held = Held::kBlocked;
      return;
    } else if (std::ranges::find(image_.fault_blocked, answer.routine) !=
               image_.fault_blocked.end()) {
      answer.held = Held::kFaultBlocked;
      answer.cycle = last([&](const CycleView& ran) {
        return ran.fault && ran.routine == answer.routine && is_its(ran);
      });
      return;
    } else if (state.asked) {
      answer.held = Held::kAnswer;
      answer.cycle =
          last([&](const CycleView& ran) { return ran.goal == answer.goal && is_its(ran); });
      return;
    } else if (first && first != answer.routine) {
      answer.held = Held::kBehind;
      answer.rival = Rival{WorkKind::kGoal, first, answer.goal, 0};
      return;
    } else {
      answer.held = Held::kOutranked;
      return;
    }
    answer.cycle = last([&](const CycleView& ran) {
      return is_its(ran) && std::ranges::any_of(ran.flips, [&](const GoalFlip& flip) {
               return flip.goal == answer.goal;
             });
    });
  }

  void explain_message(WhyNot& answer) {
    const auto waits = std::ranges::find(image_.mailbox, answer.routine, &MessageImage::routine);
    if (waits == image_.mailbox.end()) {
      answer.held = Held::kNoMessage;
      return;
    }
    answer.ahead = static_cast<uint64_t>(waits - image_.mailbox.begin());
    answer.held = answer.ahead > 0 ? Held::kQueued : Held::kOutranked;
    answer.rival = rival_;
  }

  // The false parts of the guard, and a field that would make them true.
  void explain_guard(WhyNot& answer) {
    Subjected subject(world_, id_);
    const Routine& routine = domain().routines[answer.routine.index()];
    std::vector<Wish> wishes;
    for (const Comparison& part : routine.slices.front().guards) {
      if (subject.holds(part)) continue;
      answer.parts.push_back(subject.seen(part));
      if (auto wish = subject.wish(part, true)) wishes.push_back(std::move(*wish));
    }
    try_wishes(answer, wishes);
  }

  // The parts of a predicate that hold, and a field that would end that.
  void explain_predicate(WhyNot& answer) {
    Subjected subject(world_, id_);
    std::vector<Wish> wishes;
    for (const Comparison& part : domain().goals[answer.goal.index()].comparisons) {
      if (!subject.holds(part)) continue;
      answer.parts.push_back(subject.seen(part));
      if (auto wish = subject.wish(part, false)) wishes.push_back(std::move(*wish));
    }
    try_wishes(answer, wishes);
  }

  void try_wishes(WhyNot& answer, const std::vector<Wish>& wishes) {
    for (const Wish& wish : wishes) {
      const std::unique_ptr<World> tried = world_.fork();
      tried->set_field(id_, wish.slot, wish.value);
      const std::optional<NextWork> next = tried->next_work(id_);
      const bool runs = next && next->routine == answer.routine;
      if (runs || (!answer.flip && answer.held == Held::kBlocked &&
                   !tried->is_blocked(id_, answer.routine))) {
        answer.flip = Flip{.slot = wish.slot, .value = wish.value, .runs = runs};
      }
      if (runs) return;
    }
  }

  // ---- who could

  [[nodiscard]] bool can_be_sent(RoutineIndex index) const {
    if (index == domain().boot) return false;
    const Routine& routine = domain().routines[index.index()];
    return routine.kind != RoutineKind::kTransition || !routine.params.empty() ||
           !wiring_.senders_of(image_.domain, index).empty() || !is_a_candidate(index);
  }
  [[nodiscard]] bool is_a_candidate(RoutineIndex index) const {
    return std::ranges::any_of(domain().goals, [&](const Goal& goal) {
      return std::ranges::find(goal.candidates, index) != goal.candidates.end() ||
             goal.terminate_else == index;
    });
  }

  Missing missing(DomainId domain, RoutineIndex handler, int depth) {
    Missing one{.handler = handler};
    for (const EmissionId emission : wiring_.senders_of(domain, handler)) {
      const Site& site = wiring_[emission];
      one.senders.push_back({.span = program_.emissions[emission.index()].span,
                             .domain = site.domain,
                             .routine = site.routine});
      std::vector<WhyNot>& held = one.senders.back().held;
      for (const InstanceId id : world_.instances_in_order()) {
        if (world_.domain_of(id) != site.domain || held.size() == kInstancesMax) continue;
        Explainer next(trace_, world_, looking_);
        next.asked_ = asked_;
        held.push_back(next.of(id, site.routine));
        next.ask_on(held.back(), depth - 1);
        if (next.error_) error_ = next.error_;
      }
    }
    return one;
  }

  // The handlers that write what a false part of the guard reads.
  void ask_writers(WhyNot& answer, int depth) {
    std::set<size_t> asked;
    for (const ConditionPart& part : answer.parts) {
      for (const uint32_t slot : fields_in(program_, program_[answer.domain], part.span)) {
        for (const RoutineIndex writer : wiring_.writers_of(answer.domain, slot)) {
          if (is_a_candidate(writer) || writer == domain().boot) continue;
          if (!asked.insert(writer.index()).second) continue;
          Missing one = missing(answer.domain, writer, depth);
          one.slot = slot;
          const auto waits = std::ranges::find(image_.mailbox, writer, &MessageImage::routine);
          if (waits != image_.mailbox.end()) {
            one.ahead = static_cast<uint64_t>(waits - image_.mailbox.begin());
            one.senders.clear();
          }
          answer.missing.push_back(std::move(one));
        }
      }
    }
  }

  // ---- since when

  bool is_its(const CycleView& ran) const {
    return ran.domain == image_.domain && ran.key == image_.key;
  }
  uint64_t last(const std::function<bool(const CycleView&)>& test) {
    const Result<Answer<CycleView>> found = last_cycle(trace_, world_.cycle(), test, looking_);
    if (!found) error_ = found.error();
    else if (found->interrupted)
      error_ = Error{.code = ErrorCode::kInterrupted, .what = "interrupted"};
    return found && found->found ? found->found->cycle : 0;
  }

  TraceReader& trace_;
  const World& world_;
  const Program& program_;
  const Looking& looking_;
  const Wiring wiring_;
  std::set<std::pair<size_t, size_t>> asked_;  // domains and routines, on the way here
  std::optional<Error> error_;

  // Of the instance that is explained.
  InstanceId id_;
  InstanceImage image_;
  std::optional<Rival> rival_;
};

// Whether the instance has had its turn in the tick that has that cycle, at or before it.
Result<bool> has_had_its_turn(TraceReader& trace, const Subjects& whose, uint64_t begin,
                              uint64_t cycle) {
  bool had = false;
  if (begin == cycle) return false;
  const Result<ScanEnd> end =
      scan(trace, begin + 1, cycle, {}, [&](const EventView& event, uint64_t) {
        const auto* ran = std::get_if<CycleView>(&event);
        had = had || (ran != nullptr && whose.has(ran->domain, ran->key));
        return !had;
      });
  if (!end) return end.error();
  return had;
}

// What became of it in the tick that came, and of all that was asked on the way.
Status compare_with_tick(TraceReader& trace, WhyNot& answer, uint64_t tick_before, uint64_t end);

Status compare_what_is_missing(TraceReader& trace, WhyNot& answer, uint64_t tick_before,
                               uint64_t end) {
  for (Missing& missing : answer.missing) {
    for (Sender& sender : missing.senders) {
      for (WhyNot& held : sender.held) {
        if (Status done = compare_with_tick(trace, held, tick_before, end); !done) return done;
      }
    }
  }
  return Done{};
}

Status compare_with_tick(TraceReader& trace, WhyNot& answer, uint64_t tick_before, uint64_t end) {
  const Result<ScanEnd> looked =
      scan(trace, answer.at, end, {}, [&](const EventView& event, uint64_t) {
        const auto* ran = std::get_if<CycleView>(&event);
        const auto* hold = std::get_if<HoldView>(&event);
        if (ran != nullptr && ran->cycle > answer.at && ran->domain == answer.domain &&
            ran->key == answer.key && ran->routine == answer.routine) {
          answer.held = Held::kItRuns;
          answer.cycle = ran->cycle;
        }
        if (hold != nullptr && hold->kind == HoldKind::kPutOff && hold->tick > tick_before &&
            hold->domain == answer.domain && hold->key == answer.key &&
            answer.held == Held::kItIsNext) {
          answer.held = Held::kPutOff;
          answer.mailboxes.push_back(
              hold->mailbox ? instance_name(trace.program(), hold->mailbox, hold->mailbox_key)
                            : "somebody who is not there yet");
        }
        return true;
      });
  if (!looked) return looked.error();
  return compare_what_is_missing(trace, answer, tick_before, end);
}

// ------------------------------------------------------------------------------------- in words

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
      add(depth + 1, fmt::format("it would {} if {} were {}",
                                 answer.flip->runs ? "run next" : "no longer be blocked",
                                 domain(answer).fields[answer.flip->slot].name,
                                 brief(program_, answer.flip->value)));
    } else if (answer.held == Held::kBlocked || answer.held == Held::kSatisfied) {
      add(depth + 1, "no single field is known that would change this");
    }
    for (const Missing& missing : answer.missing) say(answer, missing, depth + 1);
  }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  const Domain& domain(const WhyNot& answer) const { return program_[answer.domain]; }
  std::string name(const WhyNot& answer, RoutineIndex routine) const {
    return routine_name(domain(answer).routines[routine.index()]);
  }
  std::string goal(const WhyNot& answer) const {
    return answer.goal ? domain(answer).goals[answer.goal.index()].name : "";
  }
  static std::string since(const WhyNot& answer) {
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

  std::string reason(const WhyNot& answer) const {
    switch (answer.held) {
      case Held::kItRuns:
        return fmt::format("it does run, in cycle {}", answer.cycle);
      case Held::kItIsNext:
        return "nothing holds it back, but the recording ends before it runs";
      case Held::kHalted:
        return fmt::format("the assert in cycle {} did not hold, and the run has ended",
                           answer.cycle);
      case Held::kNobody:
        return answer.cycle == 0 ? "there is no such instance yet"
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
        return fmt::format("{} goes first", rival(answer));
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
        return "no message for it waits";
      case Held::kNeverAsked:
        return "no goal has it, and nothing in the program sends it";
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
      add(depth, fmt::format("{}whose message waits behind {} others", sets, *missing.ahead));
    } else if (missing.senders.empty()) {
      add(depth, sets.empty() ? "only somebody outside of the program sends it"
                              : sets + "which only somebody outside of the program sends");
    } else if (!sets.empty()) {
      add(depth, sets + "and no message for that waits");
    }
    for (const Sender& sender : missing.senders) {
      const Place place = program_.source.place(sender.span.begin);
      add(depth, fmt::format("{} would send it, in line {}",
                             spell(program_, sender.domain, sender.routine), place.line));
      for (const WhyNot& held : sender.held) say(held, depth + 1);
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
    case Held::kNeverAsked:
      return "never asked";
  }
  return "";
}

std::vector<std::string> lines_of(const Program& program, const WhyNot& answer) {
  Speaker speaker(program);
  speaker.say(answer, 0);
  return speaker.take();
}

Result<WhyNotAnswer> whynot(TraceReader& trace, const RoutineTarget& target, uint64_t cycle,
                            const Looking& looking) {
  Result<std::unique_ptr<Rerun>> rerun = Rerun::at(trace, cycle, looking);
  if (!rerun) return rerun.error();
  const Result<bool> had = has_had_its_turn(trace, target.whose, (*rerun)->world().cycle(), cycle);
  if (!had) return had.error();
  if (*had) {
    if (const Result<bool> ran = (*rerun)->tick(); !ran) return ran.error();
  }
  const World& world = (*rerun)->world();
  WhyNotAnswer answer;
  for (const InstanceId id : world.instances_in_order()) {
    if (!target.whose.has(world.domain_of(id), world.key_of(id))) continue;
    if (answer.all.size() == kInstancesMax) {
      ++answer.more;
      continue;
    }
    Explainer explainer(trace, world, looking);
    answer.all.push_back(explainer.of(id, target.routine));
    explainer.ask_on(answer.all.back(), kAskedOnMax);
    if (explainer.error()) return *explainer.error();
  }
  if (answer.all.empty()) {
    Explainer explainer(trace, world, looking);
    answer.all.push_back(explainer.of_nobody(target.whose, target.routine));
    if (explainer.error()) return *explainer.error();
    return answer;
  }
  const uint64_t tick_before = world.tick_now();
  if (const Result<bool> ran = (*rerun)->tick(); !ran) return ran.error();
  for (WhyNot& one : answer.all) {
    if (Status compared = compare_with_tick(trace, one, tick_before, world.cycle()); !compared) {
      return compared.error();
    }
  }
  return answer;
}

}  // namespace lexum
