#include "session/learn.h"

#include <charconv>
#include <span>

#include <fmt/format.h>

#include "eval/load.h"
#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/written.h"

namespace lexum {

namespace {

struct Task {
  std::string_view ask;   // what is to be done, and how one may type it
  std::string_view hint;  // for those who ask again
  bool (*is_done)(Session& session, const Said& said);
};

struct Lesson {
  std::string_view title;
  std::string_view story;
  std::string_view program;  // empty: nothing is there yet
  std::span<const Task> tasks;
};

// ---- what the lessons look at

bool said_word(const Said& said, std::string_view word) {
  return said.word != nullptr && said.word->name == word;
}

// The field at the end of the record; none if there is none, or nobody who has it.
std::optional<Value> field_now(Session& session, std::string_view domain, std::string_view field) {
  const Program& program = session.program();
  const DomainId id = program.find_domain(domain);
  if (!id || program[id].keyed || !session.timeline().go_to(session.trace().cycles())) return {};
  const auto& fields = program[id].fields;
  const auto found = std::ranges::find(fields, field, &Field::name);
  const InstanceId whose = session.timeline().find(id, Value());
  if (found == fields.end() || !whose) return {};
  return session.timeline().state()[whose].fields[static_cast<size_t>(found - fields.begin())];
}

bool all_goals_hold(Session& session) {
  if (!session.timeline().go_to(session.trace().cycles())) return false;
  const WorldState& world = session.timeline().state();
  bool any = false;
  for (const InstanceId id : session.timeline().instances_in_order()) {
    for (const GoalStatus status : world[id].goals) {
      if (status != GoalStatus::kSatisfied) return false;
      any = true;
    }
  }
  return any;
}

bool has_run(Session& session, const Said&) { return session.trace().cycles() > 0; }

bool has_lamp(Session& session, const Said&) {
  const DomainId lamp = session.program().find_domain("Lamp");
  return lamp && !session.program()[lamp].fields.empty();
}
bool lamp_has_goal(Session& session, const Said&) {
  const DomainId lamp = session.program().find_domain("Lamp");
  return lamp && !session.program()[lamp].goals.empty();
}
bool lamp_has_transition(Session& session, const Said&) {
  const DomainId lamp = session.program().find_domain("Lamp");
  return lamp && !session.program()[lamp].routines.empty();
}
bool goals_hold(Session& session, const Said&) { return all_goals_hold(session); }
bool is_in_the_past(Session& session, const Said&) {
  return session.at().cycle < session.trace().cycles();
}
bool is_inside_a_cycle(Session& session, const Said&) { return session.inside().has_value(); }
bool stock_went(Session& session, const Said&) {
  return field_now(session, "Shelf", "stock") == Value::of(int64_t{3});
}
bool till_was_told(Session& session, const Said& said) {
  return said_word(said, "send") && session.live() != nullptr && !session.live()->sent().empty();
}
bool has_stop(Session& session, const Said&) { return !session.stops().all().empty(); }
bool was_stopped(Session& session, const Said&) {
  return session.reason().starts_with("break") || session.reason().starts_with("watch");
}
bool asked_why(Session&, const Said& said) { return said_word(said, "why"); }
bool asked_whynot(Session&, const Said& said) { return said_word(said, "whynot"); }
bool asked_mailbox(Session&, const Said& said) { return said_word(said, "mailbox"); }
bool is_in_a_fork(Session& session, const Said&) { return !session.branch().parent.empty(); }
bool compared(Session&, const Said& said) { return said_word(said, "diff"); }

// ---- the lessons

constexpr Task kFirst[] = {
    {"Make a domain with one field, on:\n  domain Lamp { state { on: bool } }",
     "Type the line as it stands. A block may go over several lines: it ends with its last brace.",
     has_lamp},
    {"See what it is like:\n  state Lamp", "`state` shows everybody, `state Lamp` only the lamp.",
     [](Session&, const Said& said) { return said_word(said, "state"); }},
};

constexpr std::string_view kLamp = "domain Lamp {\n  state { on: bool }\n}\n";
constexpr Task kGoals[] = {
    {"Say what must be true:\n  goal Lamp.Lit { predicate on == true }",
     "A goal is a condition over the fields of its own domain.", lamp_has_goal},
    {"Say how it can come to be:\n  transition Lamp.Switch { on = true }",
     "A transition may change the fields of its domain, and nobody else's.", lamp_has_transition},
    {"Let it run:\n  run", "It goes on until every goal holds, or nothing more can be done.",
     goals_hold},
};

constexpr std::string_view kCounter =
    "domain Counter {\n  state { n: int }\n  goal Five { predicate n == 5 }\n"
    "  transition Count {\n    let next = n + 1\n    n = next\n  }\n}\n";
constexpr Task kBack[] = {
    {"Run it to its end:\n  run", "Five cycles will do.", has_run},
    {"Go back by a cycle, or to any of them:\n  back\n  goto 2",
     "`back` is short for `reverse-step`. A cycle's number is a position.", is_in_the_past},
    {"Go into a cycle, to its next statement:\n  stepi",
     "`1:2` is the position before the second statement of cycle 1. `print next` shows what it "
     "found.",
     is_inside_a_cycle},
};

constexpr std::string_view kShop =
    "domain Till {\n  state { sold: int }\n  on Sell(n: int) {\n    sold += n\n"
    "    send Shelf Take(n: n)\n  }\n}\n"
    "domain Shelf {\n  state { stock: int = 5 }\n  on Take(n: int) { stock -= n }\n}\n";
constexpr Task kMessages[] = {
    {"Tell the till to sell two:\n  send Till Sell(n: 2)",
     "A message names who is to get it, and a handler of theirs.", till_was_told},
    {"Let the till take it:\n  step", "A cycle: the till sells, and tells the shelf.", has_run},
    {"See what waits for the shelf:\n  mailbox Shelf",
     "`msg:Till#1` is what the message is called, and a position.", asked_mailbox},
    {"Let it come:\n  run",
     "The till does not touch the shelf: it sends it a message, which is taken a tick later.",
     stock_went},
};

constexpr Task kStops[] = {
    {"Stop where n is written while it is 2 or more:\n  watch n if n >= 2",
     "`break Counter.Count` would stop before the transition runs.", has_stop},
    {"Run into it:\n  continue",
     "`continue`, or `c`, goes on to the next stop; `rc` goes back to one.", was_stopped},
};

constexpr std::string_view kProvision =
    "domain Database {\n  state { status: string = \"pending\" }\n"
    "  goal Ready { predicate status == \"ready\" }\n"
    "  transition Boot {\n    if status == \"pending\" {\n      status = \"ready\"\n"
    "      emit Broadcast(Event::DatabaseReady)\n    }\n  }\n}\n"
    "domain App {\n  state { db_ready: bool  status: string }\n"
    "  goal Live { predicate status == \"running\" }\n"
    "  on Event::DatabaseReady { db_ready = true }\n"
    "  transition Start {\n    if db_ready { status = \"running\" }\n  }\n}\n";
constexpr Task kWhy[] = {
    {"Run it to its end:\n  run", "Two domains: the app waits for the database.", has_run},
    {"Ask why the app runs:\n  why App.status",
     "Each line follows from the one below it, across messages, down to where it began.",
     asked_why},
};

constexpr Task kForks[] = {
    {"Run it to its end:\n  run", "The past cannot be changed, but forked.", has_run},
    {"Go to where the database told everybody, and let that message get lost:\n"
     "  goto 1\n  drop msg:Database#1",
     "`mailbox` shows which messages wait, and what they are called.", is_in_a_fork},
    {"Compare the two runs:\n  diff lesson7",
     "`info branches` lists the branches; `diff` compares the one that you are in with another.",
     compared},
};

constexpr std::string_view kBug =
    "domain Order {\n  state { status: string = \"new\"  paid: bool = true }\n"
    "  goal Shipped { predicate status == \"shipped\" }\n"
    "  transition Ship {\n    if status == \"ready\" && paid { status = \"shipped\" }\n  }\n}\n";
constexpr Task kWhyNot[] = {
    {"Run it; it does not get to its goal:\n  run", "It waits, and says for what.",
     [](Session& session, const Said& said) {
       return said_word(said, "run") || all_goals_hold(session);
     }},
    {"Ask what holds the transition back:\n  whynot Order.Ship",
     "It shows what the guard saw, and what would change it.", asked_whynot},
    {"Mend it; what you define takes the place of what was there:\n"
     "  transition Order.Ship { if status == \"new\" && paid { status = \"shipped\" } }\n  run",
     "Type the transition, then `run`. The state is kept.", goals_hold},
};

constexpr Lesson kLessons[] = {
    {"A domain",
     "A program is made of domains. A domain owns its state: nothing else in the world can touch "
     "it.",
     "", kFirst},
    {"What must be true",
     "A goal says what must be true; transitions move towards it. You do not call them: they run "
     "as long as a goal is not satisfied.",
     kLamp, kGoals},
    {"Backwards",
     "A transition runs in cycles, one at a time, and each is recorded. So you can go back to "
     "any of them, and nothing is run again for that.",
     kCounter, kBack},
    {"Messages",
     "Domains meet only through mailboxes. What is sent in one tick is taken in a later one.",
     kShop, kMessages},
    {"Stops", "Instead of stepping, say where you want to stop.", kCounter, kStops},
    {"Why?", "Every cycle knows what it followed from: a goal, or a message that somebody sent.",
     kProvision, kWhy},
    {"What if?",
     "A fork is a run that goes on otherwise from some moment on: a message dropped, a field "
     "set, the program mended.",
     kProvision, kForks},
    {"Why not?",
     "The hardest question is why something did not happen. This program has a mistake: find it.",
     kBug, kWhyNot},
};

void say_text(std::string_view text, Role role, Reply& reply) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    reply.say(Line().add(line, line.starts_with("  ") ? Role::kName : role));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void say_task(const Session::Learning& place, Reply& reply) {
  const Lesson& lesson = kLessons[place.lesson];
  say_text(lesson.tasks[place.task].ask, Role::kPlain, reply);
  reply.fact("lesson", fmt::to_string(place.lesson + 1));
  reply.fact("task", fmt::to_string(place.task + 1));
}

Status begin_lesson(Session& session, size_t number, Reply& reply) {
  const Lesson& lesson = kLessons[number];
  const std::string name = fmt::format("lesson{}", number + 1);
  Diagnostics ignored;
  const std::string_view text = lesson.program.empty() ? empty_program() : lesson.program;
  std::shared_ptr<const Program> program = load(Source(name + ".lxm", std::string(text)), ignored);
  if (Status begun = session.add_run(name, std::move(program)); !begun) return begun;
  session.stops().remove_all();
  session.learning() = Session::Learning{.lesson = number};
  reply.say(Line().add(fmt::format("{}. {}", number + 1, lesson.title), Role::kGood));
  reply.say(std::string(lesson.story));
  if (!lesson.program.empty()) {
    reply.say("");
    say_text(lesson.program, Role::kDim, reply);
  }
  reply.say("");
  say_task(*session.learning(), reply);
  return Done{};
}

void say_lessons(Session& session, Reply& reply) {
  reply.list("lessons");
  for (size_t i = 0; i < std::size(kLessons); ++i) {
    const bool here = session.learning() && session.learning()->lesson == i;
    reply.say(
        Line(fmt::format("{} {}. ", here ? "*" : " ", i + 1)).add(kLessons[i].title, Role::kName));
    reply.item(json_text(kLessons[i].title));
  }
  reply.say(Line().add("`learn 3` goes to the third, `learn` goes on", Role::kDim));
}

}  // namespace

size_t lesson_count() { return std::size(kLessons); }

Result<Verdict> do_learn(Session& session, const Said& said, Reply& reply) {
  const std::string& which = said.arguments[0];
  if (which == "list") {
    say_lessons(session, reply);
    return Verdict::kAnswered;
  }
  if (!which.empty()) {
    size_t number = 0;
    const char* const end = which.data() + which.size();
    const auto [stopped, error] = std::from_chars(which.data(), end, number);
    if (error != std::errc() || stopped != end || number == 0 || number > lesson_count()) {
      return wrong(fmt::format("`{}` is no lesson; there are {}, and `learn list` names them",
                               which, lesson_count()));
    }
    if (Status begun = begin_lesson(session, number - 1, reply); !begun) return begun.error();
    return Verdict::kAnswered;
  }
  if (!session.learning()) {
    if (Status begun = begin_lesson(session, 0, reply); !begun) return begun.error();
    reply.say("");
    reply.say(Line().add("`learn` says it again, `learn 2` goes to another lesson", Role::kDim));
    return Verdict::kAnswered;
  }
  const Session::Learning& place = *session.learning();
  say_task(place, reply);
  say_text(kLessons[place.lesson].tasks[place.task].hint, Role::kDim, reply);
  return Verdict::kAnswered;
}

void look_at_learner(Session& session, const Said& said, Reply& reply) {
  if (!session.learning() || said_word(said, "learn")) return;
  Session::Learning& place = *session.learning();
  const Lesson& lesson = kLessons[place.lesson];
  // Whoever is ahead of the lesson has done what it would have asked for.
  const size_t first = place.task;
  while (place.task < lesson.tasks.size() && lesson.tasks[place.task].is_done(session, said)) {
    ++place.task;
  }
  if (place.task == first) return;
  reply.say("");
  if (place.task < lesson.tasks.size()) {
    say_text("Well done.", Role::kGood, reply);
    say_task(place, reply);
    return;
  }
  const size_t next = place.lesson + 1;
  if (next < lesson_count()) {
    say_text("Well done: that was the lesson.", Role::kGood, reply);
    reply.say("");
    const Status begun = begin_lesson(session, next, reply);
    if (!begun) reply.say(Line().add(begun.error().what, Role::kBad));
    return;
  }
  say_text("Well done: that was the last lesson. `help` lists all that there is.", Role::kGood,
           reply);
  reply.fact("lesson", "null");
  session.learning().reset();
}

}  // namespace lexum
