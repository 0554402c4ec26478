#include "session/typed.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "session/expression.h"
#include "session/learn.h"
#include "session/tell.h"
#include "session/written.h"
#include "syntax/diagnostic.h"

namespace lexum {

namespace {

std::vector<std::string> names_of_words() {
  std::vector<std::string> names;
  for (const Word& word : all_words()) {
    names.emplace_back(word.name);
    names.insert(names.end(), word.aliases.begin(), word.aliases.end());
  }
  return names;
}

// Whether it begins with what may be meant by an expression about this program, and by no word.
bool is_of(const Program& program, std::string_view text) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  const auto end = std::ranges::find_if_not(text, is_part);
  const std::string_view name(text.begin(), end);
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front()))) return true;
  return std::ranges::any_of(program.domains, [&](const Domain& domain) {
    return domain.name == name ||
           std::ranges::find(domain.fields, name, &Field::name) != domain.fields.end();
  });
}

}  // namespace

Result<const Word*> read_word(std::string_view name) {
  if (const Word* word = word_named(name)) return word;
  const Word* found = nullptr;
  std::vector<std::string_view> beginning;
  for (const Word& word : all_words()) {
    if (!word.name.starts_with(name)) continue;
    beginning.push_back(word.name);
    found = &word;
  }
  if (beginning.size() == 1) return found;
  if (beginning.size() > 1) {
    return wrong(fmt::format("`{}` may be {}", name, fmt::join(beginning, " or ")));
  }
  const std::string near = nearest(std::string(name), names_of_words());
  return wrong(
      fmt::format("there is no word `{}`; {}", name,
                  near.empty() ? "`help` lists them" : fmt::format("did you mean `{}`?", near)));
}

namespace {

Typed about_text(std::string_view word, std::string_view text) {
  Typed typed;
  typed.said.word = word_named(word);
  typed.said.arguments = {std::string(text)};
  return typed;
}

}  // namespace

Result<Typed> read_typed(Session& session, std::string_view line) {
  switch (what_is_written(line)) {
    case Written::kDefinition:
      return about_text("define", line);
    case Written::kStatement:
      return about_text("do", line);
    case Written::kNeither:
      break;
  }
  std::vector<std::string> words = split_words(line);
  const Result<const Word*> word = read_word(words.front());
  if (word) {
    Typed typed;
    words.erase(words.begin());
    auto stop = read_said(**word, std::string((*word)->name), false, std::move(words), typed.said);
    if (!stop) return typed;
    if (!stop->wrong.empty()) return wrong(stop->wrong);
    typed.stop = std::move(*stop);
    return typed;
  }
  // `print` reads it and says what is wrong with it, if that is what it was to be.
  if (!is_of(session.program(), words.front()) && !read_expression(session.program(), line)) {
    return word.error();
  }
  return about_text("print", line);
}

Result<Verdict> perform(Session& session, const Said& said, Reply& reply) {
  const std::string stood_in = session.branch().name;
  const std::string reason = session.reason();
  std::map<std::string, Moment> all_stood;  // in the branches
  if (said.at) {
    for (const auto& branch : session.branches()) all_stood[branch->name] = branch->at;
    if (Status there = session.go_to(*said.at); !there) return there.error();
  }
  reply.at(session.at().cycle);
  const std::string asked_in = session.branch().name;
  Result<Verdict> verdict = said.word->act(session, said, reply);
  const bool only_asks = said.word->shows || !said.word->at_prompt;
  if (said.at && only_asks && session.branch().name == asked_in) {
    if (Status back = session.go_to(all_stood[asked_in]); !back) return back.error();
    if (Status back = session.switch_to(stood_in); !back) return back.error();
    session.because(reason);
  }
  if (verdict) look_at_learner(session, said, reply);
  return verdict;
}

std::string Completion::common() const {
  std::string common = choices.front();
  for (const std::string& one : choices) {
    common.erase(std::ranges::mismatch(common, one).in1, common.end());
  }
  return common;
}

// ---- completion

namespace {

// Everything that can be meant by a name, as the program and the run have it.
class Choices {
 public:
  Choices(Session& session, std::string beginning)
      : session_(session), program_(session.program()), beginning_(std::move(beginning)) {}

  std::vector<std::string> take() {
    std::ranges::sort(choices_);
    const auto [first, last] = std::ranges::unique(choices_);
    choices_.erase(first, last);
    return std::move(choices_);
  }

  void add(std::string name) {
    if (name.starts_with(beginning_)) choices_.push_back(std::move(name));
  }

  void of(Takes takes, NamesOfFiles files) {
    switch (takes) {
      case Takes::kThing:
        members(true, true, true);
        instances("");
        positions();
        return;
      case Takes::kField:
      case Takes::kExpression:
      case Takes::kCondition:
      case Takes::kSetting:
        return members(true, false, false);
      case Takes::kRoutine:
        return members(false, false, true);
      case Takes::kInstance:
      case Takes::kMessage:
        return instances(" ");
      case Takes::kPosition:
        return positions();
      case Takes::kSend:
        return sends();
      case Takes::kTrace:
        branches();
        return of_files(files);
      case Takes::kBranch:
        return branches();
      case Takes::kProgram:
      case Takes::kFile:
        return of_files(files);
      case Takes::kWordName:
        for (const Word& word : all_words()) add(std::string(word.name) + " ");
        return;
      case Takes::kPattern:
      case Takes::kNumber:
      case Takes::kWord:
        return;
    }
  }

 private:
  static constexpr size_t kChoicesMax = 200;

  // `D.x`, behind a name of an instance that is typed in full too.
  void members(bool fields, bool goals, bool routines) {
    for (const Domain& domain : program_.domains) {
      if (!beginning_.starts_with(domain.name)) {
        add(domain.name + ".");
        // Alone, where it is enough.
        for (const Field& field : domain.fields) {
          if (fields && !beginning_.empty()) add(field.name + " ");
        }
        continue;
      }
      const size_t dot = beginning_.find("].") != std::string::npos ? beginning_.find("].") + 1
                                                                    : beginning_.find('.');
      const std::string subject =
          dot == std::string::npos ? domain.name : beginning_.substr(0, dot);
      if (fields) {
        for (const Field& field : domain.fields) add(subject + "." + field.name + " ");
      }
      if (goals) {
        for (const Goal& goal : domain.goals) add(subject + "." + goal.name + " ");
      }
      if (routines) {
        for (const Routine& routine : domain.routines) {
          add(subject + "." + routine_name(routine) + " ");
        }
      }
    }
  }
  // Nobody waits for a name: where it would take a while to get there, those who are known will do.
  bool go_there() {
    constexpr uint64_t kCyclesAtOnce = 20'000;
    const uint64_t cycle = session_.at().cycle - (session_.inside() ? 1 : 0);
    const TraceReader& trace = session_.trace();
    const bool is_small = trace.cycles() - trace.start() <= kCyclesAtOnce;
    return (is_small || session_.timeline().is_near(cycle)) && state_at(session_).ok();
  }
  void instances(const char* end) {
    (void)go_there();
    for (const InstanceId id : session_.timeline().instances_in_order()) {
      if (choices_.size() == kChoicesMax) return;
      add(session_.timeline().name_of(id) + end);
    }
  }
  void positions() {
    for (const char* one : {"start ", "end ", "fault:1 ", "50% "}) add(one);
    for (const auto& branch : session_.branches()) {
      if (branch.get() != &session_.branch()) add(branch->name + "/");
    }
    if (beginning_.starts_with("msg:")) sends();
    else add("msg:");
  }
  // Those that wait where one stands.
  void sends() {
    if (!go_there()) return;
    const WorldState& world = session_.timeline().state();
    for (size_t i = 0; i < world.size() && choices_.size() < kChoicesMax; ++i) {
      for (const MessagePtr& message : world[InstanceId(i)].mailbox) {
        const Origin& origin = message->origin;
        if (origin.kind == OriginKind::kInput) continue;
        add(fmt::format("msg:{}#{} ", session_.timeline().name_of(origin.sender), origin.number));
      }
    }
  }
  void branches() {
    for (const auto& branch : session_.branches()) add(branch->name + " ");
  }
  void of_files(NamesOfFiles files) {
    if (files == nullptr) return;
    for (std::string& name : files(beginning_)) add(std::move(name));
  }

  Session& session_;
  const Program& program_;
  const std::string beginning_;
  std::vector<std::string> choices_;
};

// Where the last word of the line begins; at its end, if a new one is to begin there.
size_t begin_of_last(std::string_view line, const std::vector<std::string>& words) {
  if (words.empty()) return line.size();
  const size_t size = words.back().size();
  return line.ends_with(words.back()) ? line.size() - size : line.size();
}

}  // namespace

Completion complete(Session& session, std::string_view line, NamesOfFiles files) {
  std::vector<std::string> words = split_words(line);
  Completion found{.begin = begin_of_last(line, words), .choices = {}};
  std::string beginning(line.substr(found.begin));
  if (beginning.empty()) words.emplace_back();
  Choices choices(session, beginning);
  if (words.size() == 1) {
    for (const Word& word : all_words()) choices.add(std::string(word.name) + " ");
    choices.of(Takes::kExpression, files);
    found.choices = choices.take();
    return found;
  }
  const Result<const Word*> word = read_word(words.front());
  // Everything behind a sign that cannot be part of a name is a name of its own.
  const auto about = [&](Takes takes) {
    if (takes == Takes::kExpression || takes == Takes::kCondition || takes == Takes::kSetting) {
      const size_t sign = beginning.find_last_of("(!=<>+-*/%&|,");
      if (sign != std::string::npos) {
        found.begin += sign + 1;
        Choices inner(session, beginning.substr(sign + 1));
        inner.of(Takes::kExpression, files);
        found.choices = inner.take();
        return;
      }
    }
    choices.of(takes, files);
    found.choices = choices.take();
  };
  if (!word) {
    about(Takes::kExpression);
    return found;
  }
  const std::string& before = words[words.size() - 2];
  for (const WordOption& option : (*word)->options) {
    if (before != option.spelling || option.name.empty()) continue;
    about(option.takes);
    return found;
  }
  if (before == "--at") {
    about(Takes::kPosition);
    return found;
  }
  if (beginning.starts_with("-")) {
    for (const WordOption& option : (*word)->options) {
      choices.add(std::string(option.spelling) + " ");
    }
    choices.add("--at ");
    choices.add("--json ");
    found.choices = choices.take();
    return found;
  }
  const auto arguments = (*word)->arguments;
  if (arguments.empty()) return found;
  const size_t place = std::min(words.size() - 2, arguments.size() - 1);
  const bool in_place = words.size() - 2 < arguments.size();
  if (in_place) about(arguments[place].takes);
  // A rest is one thing and a condition behind it, or an expression.
  else if (arguments[place].how == Argument::How::kRest) about(Takes::kExpression);
  return found;
}

}  // namespace lexum
