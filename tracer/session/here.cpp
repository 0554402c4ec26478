// Where one stands, what that is worth, and what can be said next.
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "machine/recorder.h"
#include "session/acts.h"
#include "session/expression.h"
#include "session/json.h"
#include "session/tell.h"
#include "tracer/log.h"
#include "tracer/replay.h"

namespace lexum {

namespace {

constexpr uint64_t kTailLines = 10;

struct Printed {
  std::string instance;
  std::string value;
};

void say_printed(const std::vector<Printed>& all, Reply& reply) {
  reply.list("values");
  for (const Printed& one : all) {
    Line line;
    if (!one.instance.empty() && all.size() > 1) line.add(one.instance, Role::kInstance).add("  ");
    reply.say(line.add(one.value, Role::kValue));
    reply.item(dump({{"instance", one.instance}, {"value", one.value}}));
  }
}

// The instance as one finds it: inside a cycle, with the fields that the next statement sees.
InstanceState found(Session& session, InstanceId id) {
  InstanceState instance = session.timeline().state()[id];
  if (session.inside() && session.inside()->id == id) instance.fields = session.inside()->fields;
  return instance;
}

void say_usage(const Word& word, Reply& reply) {
  std::string usage(word.name);
  for (const Argument& argument : word.arguments) {
    const bool maybe = argument.how == Argument::How::kMaybe;
    usage += fmt::format(" {}{}{}", maybe ? "[" : "", argument.name, maybe ? "]" : "");
  }
  Line line("  ");
  line.add(usage, Role::kName).to_column(30).add(word.does);
  if (!word.aliases.empty()) {
    line.add(fmt::format("  ({})", fmt::join(word.aliases, ", ")), Role::kDim);
  }
  reply.say(line);
  reply.item(dump({{"word", word.name}, {"usage", usage}, {"does", word.does}}));
}

}  // namespace

Result<Verdict> say_print(Session& session, const Said& said, Reply& reply) {
  const Result<std::unique_ptr<Expression>> expression =
      read_expression(session.program(), said.arguments[0]);
  if (!expression) return expression.error();
  const bool about_nobody = (*expression)->reads().empty();
  const Result<std::vector<InstanceId>> ids = instances_of(session, (*expression)->whose());
  if (!ids) return ids.error();
  std::vector<Printed> all;
  for (const InstanceId id : *ids) {
    if (session.interrupted()) break;
    Result<std::string> value = (*expression)->value(found(session, id));
    if (!value) return value.error();
    all.push_back({session.timeline().name_of(id), std::move(*value)});
  }
  const auto same = [&](const Printed& one) { return one.value == all.front().value; };
  if (about_nobody && !all.empty() && std::ranges::all_of(all, same)) all.resize(1);
  say_printed(all, reply);
  if (all.empty()) reply.say("nobody is there whom it could be about");
  return verdict_of(session, reply, session.interrupted());
}

Result<Verdict> say_tail(Session& session, const Said& said, Reply& reply) {
  uint64_t count = kTailLines;
  if (const std::string& text = said.arguments[0]; !text.empty()) {
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, count).ptr != end || count == 0) {
      return wrong(fmt::format("`{}` is no number of cycles", text));
    }
  }
  const uint64_t last = session.at().cycle;
  const uint64_t first = session.trace().start() + 1;
  if (last < first) {
    say_here(session, reply);
    return Verdict::kAnswered;
  }
  const uint64_t from = last - first < count ? first : last - count + 1;
  reply.list("lines");
  const Status read = log_trace(session.trace(), from, last, [&](std::string_view line) {
    reply.say(Line(std::string(line)));
    reply.item(json_text(line));
  });
  if (!read) return read.error();
  return Verdict::kAnswered;
}

Result<Verdict> say_hash(Session& session, const Said&, Reply& reply) {
  const Result<Hash256> hash = session.trace().run_hash();
  if (!hash) return hash.error();
  reply.say(Line("run_hash ").add(to_hex(*hash), Role::kValue));
  reply.fact("run_hash", json_text(to_hex(*hash)));
  return Verdict::kAnswered;
}

Result<Verdict> say_replay(Session& session, const Said&, Reply& reply) {
  const Result<ReplayResult> result =
      replay(session.trace(),
             {.progress = session.looking().progress, .interrupt = session.looking().interrupt});
  if (!result) return result.error();
  if (result->stopped) {
    reply.say(fmt::format("{}; the {} cycles before that are the same", result->stopped->what,
                          result->cycles));
    const bool interrupted = result->stopped->code == ErrorCode::kInterrupted;
    return interrupted ? Verdict::kInterrupted : Verdict::kDifferent;
  }
  reply.fact("cycles", fmt::to_string(result->cycles));
  reply.fact("same", result->difference ? "false" : "true");
  if (!result->difference) {
    reply.say(fmt::format("same: {} cycles, run again and compared", result->cycles));
    return Verdict::kAnswered;
  }
  const ReplayDifference& difference = *result->difference;
  reply.say(Line("differs at cycle ").add(fmt::to_string(difference.cycle), Role::kPosition));
  reply.say("  recorded: " + difference.recorded);
  reply.say("  replayed: " + difference.replayed);
  return Verdict::kDifferent;
}

Result<Verdict> say_where(Session& session, const Said&, Reply& reply) {
  say_here(session, reply);
  return Verdict::kAnswered;
}

namespace {

// What the first field of the domain is, of the first who has it; as it begins, if nobody is there.
std::string value_of(Session& session, const Domain& domain) {
  const Program& program = session.program();
  const DomainId id = program.find_domain(domain.name);
  const Result<std::vector<InstanceId>> ids = instances_of(session, {.domain = id});
  if (!ids || ids->empty()) return brief(program, domain.fields.front().initial);
  const Value& value = session.timeline().state()[ids->front()].fields.front();
  return brief(program, value);
}

// Something of this run that could stand there; empty if there is nothing of the kind.
std::string example_of(Session& session, const Word& word) {
  if (word.arguments.empty()) return "";
  const Argument& argument = word.arguments.front();
  const Program& program = session.program();
  for (const Domain& domain : program.domains) {
    const bool scratch = domain.name == "Scratch" && program.domains.size() > 1;
    if (scratch) continue;
    switch (argument.takes) {
      case Takes::kThing:
      case Takes::kField:
      case Takes::kExpression:
        if (!domain.fields.empty()) return domain.name + "." + domain.fields.front().name;
        break;
      case Takes::kCondition:
        if (!domain.fields.empty())
          return domain.name + "." + domain.fields.front().name +
                 " == " + value_of(session, domain);
        break;
      case Takes::kRoutine:
        if (!domain.routines.empty())
          return domain.name + "." + routine_name(domain.routines.front());
        break;
      case Takes::kInstance:
        return domain.name;
      case Takes::kNumber:
        return "3";
      default:
        return "";
    }
  }
  return "";
}

// What the word says here and now.
Status show_here(Session& session, const Word& word, Reply& reply) {
  const std::string example = example_of(session, word);
  const bool needs_one =
      !word.arguments.empty() && word.arguments.front().how != Argument::How::kMaybe;
  if (needs_one && example.empty()) return Done{};
  reply.say(Line("here: ").add(fmt::format("{} {}", word.name, example), Role::kName));
  Said said;
  said.word = &word;
  said.arguments.resize(word.arguments.size());
  if (!said.arguments.empty()) said.arguments.front() = example;
  const Moment at = session.at();
  const std::string reason = session.reason();
  const Result<Verdict> verdict = word.act(session, said, reply);
  if (!verdict) reply.say(Line().add(verdict.error().what, Role::kDim));
  if (Status back = session.go_to(at); !back) return back;
  session.because(reason);
  return Done{};
}

}  // namespace

Result<Verdict> say_help(Session& session, const Said& said, Reply& reply) {
  const std::string& about = said.arguments[0];
  if (!about.empty()) {
    const Word* word = word_named(about);
    if (word == nullptr)
      return wrong(fmt::format("there is no word `{}`; `help` lists them", about));
    Said ignored;
    const auto stop = read_said(*word, std::string(word->name), false, {"--help"}, ignored);
    reply.say(stop->help);
    reply.fact("help", json_text(stop->help));
    if (word->shows && !reply.wants_json()) {
      if (Status shown = show_here(session, *word, reply); !shown) return shown.error();
    }
    return Verdict::kAnswered;
  }
  reply.list("words");
  for (const Word& word : all_words()) say_usage(word, reply);
  reply.say("");
  reply.say(
      "The first letters of a word will do, and `help WORD` says more. An empty line does the");
  reply.say("last thing again. A position is what is printed as one: 1042, 1042:3, fault:1, 50%.");
  return Verdict::kAnswered;
}

Result<Verdict> do_quit(Session& session, const Said&, Reply&) {
  session.quit();
  return Verdict::kAnswered;
}

}  // namespace lexum
