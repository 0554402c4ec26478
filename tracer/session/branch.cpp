// What if it had gone otherwise?
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "eval/load.h"
#include "machine/inputs.h"
#include "runtime/translation.h"
#include "session/acts.h"
#include "session/forking.h"
#include "session/json.h"
#include "session/tell.h"
#include "session/thing.h"
#include "syntax/utf8.h"
#include "tracer/diff.h"
#include "tracer/shrink.h"

namespace lexum {

namespace {

// The changes as they were typed, and the cycle in which the first of the messages was sent.
class Changes {
 public:
  explicit Changes(Session& session) : session_(session), program_(session.program()) {}

  Status read(const Said& said) {
    for (const std::string& text : said.all("--drop")) {
      if (Status read = message<DropMessage>(text, "drop "); !read) return read;
    }
    for (const std::string& text : said.all("--dup")) {
      if (Status read = message<DuplicateMessage>(text, "dup "); !read) return read;
    }
    for (const std::string& text : said.all("--swap")) {
      if (Status read = message<SwapMessage>(text, "swap "); !read) return read;
    }
    for (const std::string& text : said.all("--delay")) {
      if (Status read = delay(text); !read) return read;
    }
    for (const std::string& text : said.all("--send")) {
      const Result<InputImage> input = read_message(program_, text);
      if (!input) return input.error();
      add(InjectMessage{*input}, "send " + text);
    }
    for (const std::string& text : said.all("--set")) {
      const Result<StartValue> set = read_setting(program_, text);
      if (!set) return set.error();
      add(SetField{set->domain, set->key, set->slot, set->value}, "set " + text);
    }
    for (const std::string& text : said.all("--crash")) {
      const Result<Subjects> whom = read_subjects(program_, text);
      if (!whom) return whom.error();
      add(CrashInstance{*whom}, "crash " + text);
    }
    for (const std::string& text : said.all("--revive")) {
      const bool drop = text.ends_with("=drop");
      const std::string name = drop ? text.substr(0, text.size() - 5) : text;
      const Result<Subjects> whom = read_subjects(program_, name);
      if (!whom) return whom.error();
      add(ReviveInstance{.whom = *whom, .drop = drop}, "revive " + text);
    }
    return Done{};
  }
  [[nodiscard]] const std::optional<uint64_t>& sent() const { return sent_; }
  ForkOptions take() { return std::move(options_); }

 private:
  void add(Change change, std::string said) {
    options_.changes.push_back(std::move(change));
    options_.said.push_back(std::move(said));
  }
  Result<AtSend> name(std::string_view text) {
    const Result<AtSend> named = read_message_name(program_, text);
    if (!named) return named;
    const Result<Moment> sent =
        moment_of({.place = *named}, session_.trace(), {}, session_.looking());
    if (!sent) return sent.error();
    if (!sent_) sent_ = sent->cycle;
    return named;
  }
  template <class Kind>
  Status message(const std::string& text, const char* what) {
    const Result<AtSend> named = name(text);
    if (!named) return named.error();
    add(Kind{*named}, what + text);
    return Done{};
  }
  Status delay(const std::string& text) {
    const size_t mark = text.rfind('=');
    uint64_t ticks = 0;
    const char* const end = text.data() + text.size();
    const char* const number = mark == std::string::npos ? end : text.data() + mark + 1;
    if (std::from_chars(number, end, ticks).ptr != end || ticks == 0) {
      return wrong(
          fmt::format("`{}` does not say for how many ticks; write msg:Order[7]#12=3", text));
    }
    const Result<AtSend> named = name(std::string_view(text).substr(0, mark));
    if (!named) return named.error();
    add(DelayMessage{*named, ticks}, "delay " + text);
    return Done{};
  }

  Session& session_;
  const Program& program_;
  ForkOptions options_;
  std::optional<uint64_t> sent_;
};

// A whole file, checked.
Result<std::shared_ptr<const Program>> read_program(Files& files, const std::string& name) {
  Result<std::string> text = read_text(files, name, Source::kBytesMax);
  if (!text) return text.error();
  Diagnostics diagnostics;
  const Source source(name, std::move(*text));
  std::shared_ptr<const Program> program = load(source, diagnostics);
  if (program != nullptr) return program;
  const Diagnostic first = diagnostics.sorted().front();
  const Place place = source.place(first.span.begin);
  return wrong(fmt::format("{}:{}:{}: {}; `lxm check {}` shows all", name, place.line, place.column,
                           first.message, name));
}

void say_sides(const std::string& one, const std::string& other, Reply& reply) {
  const auto side = [](const std::string& line) {
    return line.empty() ? std::string("(nothing more)") : line;
  };
  reply.say(Line("  one:   ").add(side(one)));
  reply.say(Line("  other: ").add(side(other)));
}

std::string_view spelling(MessageDifference::What what) {
  switch (what) {
    case MessageDifference::What::kOnlyInOne:
      return "only in one";
    case MessageDifference::What::kOnlyInOther:
      return "only in the other";
    case MessageDifference::What::kChanged:
      return "changed";
  }
  return "";
}

void say_messages(const Diff& diff, Reply& reply) {
  if (!diff.messages.empty()) reply.say("what was done, by where it came from:");
  reply.list("messages");
  for (const MessageDifference& message : diff.messages) {
    reply.say(Line("  ").add(spelling(message.what), Role::kName));
    if (!message.one_line.empty()) reply.say("    " + message.one_line);
    if (!message.other_line.empty()) reply.say("    " + message.other_line);
    if (!reply.wants_json()) continue;
    reply.item(dump({{"what", spelling(message.what)},
                     {"one", message.one == 0 ? Json() : Json(message.one)},
                     {"other", message.other == 0 ? Json() : Json(message.other)}}));
  }
  if (diff.more_messages > 0) reply.say(fmt::format("  … and {} more", diff.more_messages));
  reply.fact("more_messages", fmt::to_string(diff.more_messages));
}

void say_ends(const Diff& diff, Reply& reply) {
  if (diff.meeting) {
    reply.say(fmt::format("they meet again after cycle {} of one and {} of the other",
                          diff.meeting->one, diff.meeting->other));
  } else if (diff.cut) {
    reply.say(fmt::format("looked at {} cycles behind that; there is more", kDiffCyclesMax));
  } else {
    reply.say("they do not meet again; at their ends:");
  }
  reply.fact("meeting", diff.meeting
                            ? dump({{"one", diff.meeting->one}, {"other", diff.meeting->other}})
                            : "null");
  reply.list("fields");
  constexpr size_t kShown = 40;
  size_t shown = 0;
  for (const FieldDifference& field : diff.fields) {
    const auto value = [](const std::string& text) {
      return text.empty() ? std::string("(not there)") : printable(text, 200);
    };
    if (shown++ < kShown) {
      reply.say(Line("  ")
                    .add(field.field, Role::kName)
                    .add("  ")
                    .add(value(field.one), Role::kValue)
                    .add(" | ")
                    .add(value(field.other), Role::kValue));
    }
    if (!reply.wants_json()) continue;
    reply.item(dump({{"field", field.field},
                     {"one", field.one.empty() ? Json() : Json(field.one)},
                     {"other", field.other.empty() ? Json() : Json(field.other)}}));
  }
  if (shown > kShown) reply.say(fmt::format("  … and {} more fields", shown - kShown));
}

}  // namespace

Result<Fork> make_branch(Session& session, const NewBranch& wanted) {
  TraceReader& parent = session.trace();
  Result<BegunFork> begun = begin_fork(parent, wanted.at, wanted.options, session.files(),
                                       wanted.path, session.looking());
  if (!begun) return begun.error();
  LiveRun& run = *begun->run;
  // What was sent and has not come yet.
  if (session.live() != nullptr) {
    const Translation to(parent.program(), run.world().program());
    for (const LiveRun::Sent& sent : session.live()->sent()) {
      if (sent.input.tick <= session.live()->world().tick_now()) continue;
      Result<InputImage> input = to.input(sent.input);
      if (!input) continue;
      input->number = 0;  // the branch may have gone past it
      run.send(std::move(*input));
    }
  }
  Fork fork{.cycle = begun->cycle,
            .outcome = Outcome::kStopped,
            .cycles = begun->cycle,
            .lost = std::move(begun->lost)};
  if (wanted.lets_run) {
    const Result<LiveRun::Ran> ran =
        run.run({.cycle = wanted.options.cycles_max}, session.looking());
    if (!ran) return ran.error();
    fork.outcome = ran->outcome.value_or(Outcome::kLimit);
    fork.cycles = run.world().cycle();
  }
  Status added = session.add_branch(wanted.name, wanted.path, wanted.made, std::move(begun->run));
  if (!added) return added.error();
  return fork;
}

namespace {

// As people call it: the recorded past of a data folder was run again into a file that goes.
std::string called(const TraceReader& trace) {
  for (const TraceOption& option : trace.header().options) {
    if (option.name == "--data") return option.value;
  }
  return trace.path();
}

// `again`: a branch of that name is made anew.
Result<Verdict> fork_as_said(Session& session, const Said& said, bool again, Reply& reply) {
  const std::string given = said.option("--to");
  NewBranch wanted{
      .name = said.arguments[0].empty() ? session.new_branch_name() : said.arguments[0],
      .path = given.empty() ? session.new_fork_path() : given,
      .at = 0,
      .options = {},
      .made = said,
      .lets_run = true};
  if (wanted.path.empty()) return wrong("a fork is a trace of its own: say --to FILE.lxtrace");
  if (wanted.path == session.trace().path()) return wrong("--to names the trace that is forked");
  if (wanted.name.find_first_of("/:@# ") != std::string::npos) {
    return wrong(fmt::format("`{}` cannot be the name of a branch: it has to stand in positions",
                             wanted.name));
  }
  const auto is_it = [&](const auto& branch) { return branch->name == wanted.name; };
  if (!again && std::ranges::any_of(session.branches(), is_it)) {
    return wrong(
        fmt::format("there is a branch {0} already; `switch {0}` goes to it", wanted.name));
  }
  Changes changes(session);
  if (Status read = changes.read(said); !read) return read.error();
  const Result<Moment> asked = session.moment(said.at.value_or(position_text(session.at())));
  if (!asked) return asked.error();
  wanted.at = !said.at && changes.sent() ? *changes.sent() : asked->cycle;
  wanted.made.at = fmt::to_string(wanted.at);
  wanted.options = changes.take();
  if (const std::string program_name = said.option("--program"); !program_name.empty()) {
    Result<std::shared_ptr<const Program>> program = read_program(session.files(), program_name);
    if (!program) return program.error();
    wanted.options.program = std::move(*program);
    wanted.options.said.push_back("program " + program_name);
  }
  const std::string parent = session.branch().name;
  const std::string parent_file = called(session.trace());
  const Result<Fork> made = make_branch(session, wanted);
  if (!made) return made.error();
  Line line;
  if (given.empty()) line.add("branch ").add(wanted.name, Role::kName);
  else line.add(wanted.path, Role::kName);
  line.add(" begins after cycle ").add(fmt::to_string(made->cycle), Role::kPosition);
  if (made->cycle > wanted.at) {
    line.add(fmt::format(" (the end of the tick of {})", wanted.at), Role::kDim);
  }
  line.add(fmt::format(" and is {} after cycle {}", spelling(made->outcome), made->cycles));
  reply.say(line);
  for (const std::string& change : wanted.options.said) reply.say("  " + change);
  for (const std::string& lost : made->lost) reply.say("  not carried over: " + lost);
  reply.fact("lost", dump(Json(made->lost)));
  const std::string compare = given.empty()
                                  ? fmt::format("`diff {} {}`", parent, wanted.name)
                                  : fmt::format("`lxm diff {} {}`", parent_file, wanted.path);
  reply.say(Line().add(compare + " shows what that changed", Role::kDim));
  reply.fact("branch", json_text(wanted.name));
  reply.fact("file", json_text(wanted.path));
  reply.fact("begins_after", fmt::to_string(made->cycle));
  reply.fact("outcome", json_text(spelling(made->outcome)));
  reply.fact("cycles", fmt::to_string(made->cycles));
  return made->outcome == Outcome::kInterrupted ? Verdict::kInterrupted : Verdict::kAnswered;
}

// One change, made by a fork: of a fork in which one has not moved yet, one more of its changes.
Result<Verdict> change(Session& session, const Said& said, const char* option, std::string what,
                       Reply& reply) {
  Said wanted;
  wanted.word = said.word;
  wanted.arguments = {""};
  wanted.at = said.at.value_or(position_text(session.at()));
  const Session::Branch& here = session.branch();
  const bool is_new = here.at.cycle == here.trace->start() && !here.parent.empty() &&
                      here.made.word != nullptr && !said.at;
  const std::string name = here.name;
  if (is_new) {
    wanted = here.made;
    wanted.arguments = {name};
    if (Status back = session.switch_to(here.parent); !back) return back.error();
  }
  wanted.options[option].push_back(std::move(what));
  Result<Verdict> made = fork_as_said(session, wanted, is_new, reply);
  if (!made && is_new) (void)session.switch_to(name);
  return made;
}

}  // namespace

Result<Verdict> say_fork(Session& session, const Said& said, Reply& reply) {
  return fork_as_said(session, said, false, reply);
}
Result<Verdict> do_drop(Session& session, const Said& said, Reply& reply) {
  return change(session, said, "--drop", said.arguments[0], reply);
}
Result<Verdict> do_delay(Session& session, const Said& said, Reply& reply) {
  const std::string& ticks = said.arguments[1];
  return change(session, said, "--delay", said.arguments[0] + "=" + (ticks.empty() ? "1" : ticks),
                reply);
}
Result<Verdict> do_dup(Session& session, const Said& said, Reply& reply) {
  return change(session, said, "--dup", said.arguments[0], reply);
}
Result<Verdict> do_swap(Session& session, const Said& said, Reply& reply) {
  return change(session, said, "--swap", said.arguments[0], reply);
}
Result<Verdict> do_set(Session& session, const Said& said, Reply& reply) {
  // Blanks around the sign are what people type.
  std::string text = said.arguments[0];
  const size_t sign = text.find('=');
  if (sign == std::string::npos) return wrong("say what it is to be: set D.field = VALUE");
  const size_t end = text.find_last_not_of(' ', sign == 0 ? 0 : sign - 1);
  const size_t begin = text.find_first_not_of(' ', sign + 1);
  if (begin == std::string::npos) return wrong("say what it is to be: set D.field = VALUE");
  std::string field = text.substr(0, end + 1);
  if (field.find('.') == std::string::npos) {
    const Result<FieldTarget> meant = read_field(session.program(), field);
    if (!meant) return meant.error();
    field = target_text(session.program(), *meant);
  }
  text = field + "=" + text.substr(begin);
  return change(session, said, "--set", std::move(text), reply);
}
Result<Verdict> do_send(Session& session, const Said& said, Reply& reply) {
  const Result<bool> at_front = session.at_front();
  if (!at_front) return at_front.error();
  if (*at_front && !said.at) {
    const Result<InputImage> input = read_message(session.program(), said.arguments[0]);
    if (!input) return input.error();
    session.live()->send(*input);
    const uint64_t tick = session.live()->sent().back().input.tick;
    reply.say(fmt::format("it arrives before tick {}", tick));
    reply.fact("tick", fmt::to_string(tick));
    return Verdict::kAnswered;
  }
  return change(session, said, "--send", said.arguments[0], reply);
}
Result<Verdict> do_crash(Session& session, const Said& said, Reply& reply) {
  return change(session, said, "--crash", said.arguments[0], reply);
}
Result<Verdict> do_revive(Session& session, const Said& said, Reply& reply) {
  std::string whom = said.arguments[0];
  if (const std::string& how = said.arguments[1]; !how.empty()) {
    if (how != "drop") return wrong(fmt::format("`{}`: only `drop` can stand there", how));
    whom += "=drop";
  }
  return change(session, said, "--revive", std::move(whom), reply);
}
Result<Verdict> do_patch(Session& session, const Said& said, Reply& reply) {
  return change(session, said, "--program", said.arguments[0], reply);
}

Result<Verdict> do_switch(Session& session, const Said& said, Reply& reply) {
  if (Status there = session.switch_to(said.arguments[0]); !there) return there.error();
  say_here(session, reply);
  return Verdict::kAnswered;
}

namespace {

// A branch by its name, or a file.
Result<std::unique_ptr<TraceReader>> trace_named(Session& session, const std::string& name) {
  for (const auto& branch : session.branches()) {
    if (branch->name == name) return TraceReader::open(session.files(), branch->trace->path());
  }
  return TraceReader::open(session.files(), name);
}

}  // namespace

Result<Verdict> say_diff(Session& session, const Said& said, Reply& reply) {
  const std::string& with = said.arguments[1].empty() ? said.arguments[0] : said.arguments[1];
  const Result<std::unique_ptr<TraceReader>> one = said.arguments[1].empty()
                                                       ? trace_named(session, session.branch().name)
                                                       : trace_named(session, said.arguments[0]);
  if (!one) return one.error();
  const Result<std::unique_ptr<TraceReader>> other = trace_named(session, with);
  if (!other) return other.error();
  const Result<Diff> found = diff(**one, **other, session.looking());
  if (!found) return found.error();
  for (const std::string& before : found->before) reply.say(before);
  reply.fact("before", dump(Json(found->before)));
  reply.fact("from", fmt::to_string(found->from));
  if (!found->parting) {
    reply.say(fmt::format("the same, from cycle {} to the end of both", found->from + 1));
    reply.fact("parting", "null");
    return Verdict::kAnswered;
  }
  reply.say(
      Line("they part at cycle ").add(fmt::to_string(found->parting->cycle), Role::kPosition));
  say_sides(found->parting->one, found->parting->other, reply);
  reply.fact("parting", dump({{"cycle", found->parting->cycle},
                              {"one", found->parting->one},
                              {"other", found->parting->other}}));
  say_messages(*found, reply);
  say_ends(*found, reply);
  return Verdict::kDifferent;
}

Result<Verdict> say_shrink(Session& session, const Said& said, Reply& reply) {
  const std::string given = said.option("--to");
  const std::string to = given.empty() ? session.new_fork_path() : given;
  if (to.empty()) return wrong("the smaller run is a trace of its own: say --to FILE.lxtrace");
  if (to == session.trace().path()) return wrong("--to names the trace that is to be shrunk");
  const Result<Shrunk> found = shrink(session.trace(), session.files(), to, session.looking());
  if (!found) return found.error();
  const Program& program = session.program();
  const std::string name = given.empty() ? session.new_branch_name("shrunk") : to;
  reply.say(Line().add(describe(found->failure, program), Role::kBad));
  reply.say(fmt::format("{} of {} inputs do it, in {} cycles instead of {} (cycle {} of {})",
                        found->inputs.size(), found->inputs_before, found->cycles,
                        found->cycles_before, found->cycle, name));
  reply.fact("file", json_text(to));
  reply.fact("failure", json_text(describe(found->failure, program)));
  reply.fact("cycle", fmt::to_string(found->cycle));
  reply.list("inputs");
  for (const InputImage& input : found->inputs) {
    const std::string text = message_text(program, input);
    reply.say(Line("  ").add(fmt::format("tick {}  ", input.tick), Role::kDim).add(text));
    reply.item(dump({{"tick", input.tick}, {"message", text}}));
  }
  if (found->messages_tried && found->messages_before > 0) {
    reply.say(fmt::format("{} of the {} messages that it sends are needed:", found->messages.size(),
                          found->messages_before));
  } else if (!found->messages_tried) {
    reply.say(fmt::format("it sends {} messages, too many to try which of them are needed",
                          found->messages_before));
  }
  reply.fact("messages_tried", found->messages_tried ? "true" : "false");
  reply.list("messages");
  for (const AtSend& message : found->messages) {
    const std::string text = position_text(program, {.place = message});
    reply.say(Line("  ").add(text, Role::kPosition));
    reply.item(json_text(text));
  }
  reply.say(Line().add(fmt::format("{} runs were tried", found->runs), Role::kDim));
  reply.fact("runs", fmt::to_string(found->runs));
  if (!given.empty()) return Verdict::kAnswered;
  if (Status added = session.add_recorded(name, to); !added) return added.error();
  return Verdict::kAnswered;
}

}  // namespace lexum
