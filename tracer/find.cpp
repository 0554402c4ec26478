#include "tracer/find.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "machine/report.h"
#include "tracer/brief.h"
#include "tracer/line.h"

namespace lexum {

namespace {

// What is long is looked into as far as this.
constexpr size_t kTextMax = 1 << 16;

class Finder {
 public:
  Finder(const Program& program, const Pattern& pattern,
         const std::function<bool(const Hit&)>& found)
      : program_(program), pattern_(pattern), found_(found) {}

  // False: that is enough.
  bool look(const EventView& event, uint64_t at) {
    at_ = at;
    return std::visit([this](const auto& view) { return in(view); }, event);
  }

 private:
  bool in(const CycleView& ran) {
    const Domain& domain = program_[ran.domain];
    who_ = {ran.domain, &ran.key};
    for (const EmissionView& emitted : ran.emissions) {
      if (!in(emitted)) return false;
    }
    for (const std::string& log : ran.logs) {
      if (!try_on(Hit::What::kLog, log)) return false;
    }
    for (const ChangeView& change : ran.changes) {
      if (!change.after.known) continue;
      text_ = domain.fields[change.slot].name;
      text_ += " = ";
      add(change.after.value);
      if (!try_on(Hit::What::kValue, text_)) return false;
    }
    if (!ran.fault) return true;
    text_ = fmt::format("{} {}", info(ran.fault->code).id, info(ran.fault->code).title);
    if (!ran.fault->message.empty()) text_ += ": " + ran.fault->message;
    return try_on(Hit::What::kFault, text_);
  }
  bool in(const EmissionView& emitted) {
    const Emission& site = program_.emissions[emitted.site.index()];
    Hit::What what = Hit::What::kMessage;
    switch (site.kind) {
      case EmissionKind::kSend:
        text_ = "send ";
        text_ += instance_name(program_, site.domain, emitted.key);
        text_ += " ";
        text_ += program_[site.domain].routines[site.routine.index()].name;
        break;
      case EmissionKind::kBroadcast:
        text_ = "broadcast Event::";
        text_ += program_.events[site.event.index()].name;
        break;
      case EmissionKind::kEffect:
        what = Hit::What::kEffect;
        text_ = "effect ";
        text_ += program_.effects[site.effect.index()].adapter;
        text_ += ".";
        text_ += program_.effects[site.effect.index()].operation;
        break;
    }
    add_args(emitted.args, [&](size_t i) -> const std::string& { return site.names[i]; });
    return try_on(what, text_);
  }
  bool in(const InputView& input) {
    const std::vector<Parameter>* params = nullptr;
    who_ = {};
    if (is_act(input.kind)) {
      text_ = spelling(input.kind);
      if (input.domain) {
        text_ += " " + instance_name(program_, input.domain, input.key);
        who_ = {input.domain, &input.key};
      }
      return try_on(Hit::What::kInput, text_);
    }
    if (input.domain) {
      const Routine& routine = program_[input.domain].routines[input.routine.index()];
      params = &routine.params;
      text_ = instance_name(program_, input.domain, input.key) + " " + routine.name;
      who_ = {input.domain, &input.key};
    } else {
      const Event& event = program_.events[input.event.index()];
      params = &event.params;
      text_ = "Event::" + event.name;
    }
    add_args(input.args, [&](size_t i) -> const std::string& { return (*params)[i].name; });
    return try_on(Hit::What::kInput, text_);
  }
  bool in(const OutcomeView& outcome) {
    who_ = {outcome.domain, &outcome.key};
    text_ = outcome.failed ? "Failed(" : "Done(";
    add(outcome.value);
    text_ += ")";
    return try_on(Hit::What::kOutcome, text_);
  }
  bool in(const RollbackView&) const { return true; }
  bool in(const StartedView&) const { return true; }
  bool in(const HoldView&) const { return true; }

  template <class NameOf>
  void add_args(const std::vector<Value>& args, const NameOf& name_of) {
    text_ += "(";
    for (size_t i = 0; i < args.size(); ++i) {
      if (i > 0) text_ += ", ";
      text_ += name_of(i);
      text_ += ": ";
      add(args[i]);
    }
    text_ += ")";
  }
  void add(const Value& value) { text_ += shown(value, program_.shapes, kTextMax); }

  bool try_on(Hit::What what, std::string_view text) {
    const Pattern::Match match = pattern_.in(text);
    if (!match) return true;
    const std::string whose =
        who_.second == nullptr ? "" : instance_name(program_, who_.first, *who_.second);
    return found_(
        {.what = what, .cycle = at_, .whose = whose, .text = std::string(text), .match = match});
  }

  const Program& program_;
  const Pattern& pattern_;
  const std::function<bool(const Hit&)>& found_;
  uint64_t at_ = 0;
  std::pair<DomainId, const Value*> who_;
  std::string text_;  // that is being looked at; its memory is kept
};

// A pattern that is a plain text: what people see may be put together from several texts of a run,
// from numbers and from names, but letters in a row are of one of them. The first one may come of
// what is shown instead of a character ("\n").
std::string needle_of(std::string_view pattern) {
  if (pattern.find_first_of("\\.+*?()|[]{}^$") != std::string_view::npos) return {};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::string_view longest;
  for (size_t begin = 0; begin < pattern.size();) {
    size_t end = begin;
    while (end < pattern.size() && is_letter(pattern[end])) ++end;
    if (end - begin > longest.size()) longest = pattern.substr(begin, end - begin);
    begin = end + 1;
  }
  constexpr size_t kWorthIt = 3;
  return longest.size() > kWorthIt ? std::string(longest.substr(1)) : std::string();
}

// Passes over chunks in which no text has the needle, if nothing but texts can have it. (What
// faults say is not looked through.)
class Sieve {
 public:
  // What stands before texts, and values that are none.
  static constexpr std::string_view kWords =
      "send broadcast Event effect Done Failed true false null revive redeliver set crash";

  Sieve(TraceReader& trace, std::string_view needle)
      : trace_(trace), needle_(needle), search_(needle.begin(), needle.end()) {}

  [[nodiscard]] bool is_of_use() const {
    return !needle_.empty() && kWords.find(needle_) == std::string_view::npos &&
           trace_.program().source.text().find(needle_) == std::string_view::npos;
  }
  bool may_have(size_t number, const Chunk& chunk) {
    if (number == known_) return known_may_;
    known_ = number;
    return known_may_ =
               has_faults(number) || has(chunk.streams.canonical) || has(chunk.streams.side);
  }

 private:
  [[nodiscard]] bool has_faults(size_t number) const {
    const auto index = trace_.index(number);
    const auto is_one = [](const ChunkIndex::Kind& kind) { return (kind.mask & kHasFault) != 0; };
    return !index || std::ranges::any_of((*index)->kinds, is_one);
  }
  [[nodiscard]] bool has(const ByteWriter& bytes) const {
    const std::string_view text = as_text(bytes.bytes());
    return std::search(text.begin(), text.end(), search_) != text.end();
  }

  TraceReader& trace_;
  const std::string_view needle_;
  const std::boyer_moore_horspool_searcher<std::string_view::const_iterator> search_;
  // The last chunk that was asked about.
  size_t known_ = SIZE_MAX;
  bool known_may_ = false;
};

}  // namespace

Result<Pattern> Pattern::read(std::string_view text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto expression =
      std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!expression->ok()) {
    return Error{
        .code = ErrorCode::kMismatch,
        .what = fmt::format("/{}/ is no regular expression: {}", text, expression->error())};
  }
  Pattern pattern;
  pattern.expression_ = std::move(expression);
  pattern.needle_ = needle_of(text);
  return pattern;
}

Pattern::Match Pattern::in(std::string_view text) const {
  re2::StringPiece found;
  const re2::StringPiece whole(text.data(), text.size());
  if (!expression_->Match(whole, 0, text.size(), re2::RE2::UNANCHORED, &found, 1)) return {};
  return {.offset = static_cast<size_t>(found.data() - text.data()), .length = found.size()};
}

std::string_view spelling(Hit::What what) {
  switch (what) {
    case Hit::What::kMessage:
      return "message";
    case Hit::What::kEffect:
      return "effect";
    case Hit::What::kInput:
      return "input";
    case Hit::What::kOutcome:
      return "outcome";
    case Hit::What::kLog:
      return "log";
    case Hit::What::kValue:
      return "value";
    case Hit::What::kFault:
      return "fault";
  }
  return "";
}

Result<ScanEnd> find(TraceReader& trace, const Pattern& pattern, uint64_t from, uint64_t to,
                     const std::function<bool(const Hit&)>& hit, const Looking& looking) {
  Finder finder(trace.program(), pattern, hit);
  Sieve sieve(trace, pattern.needle());
  ChunkTest may_have;
  if (sieve.is_of_use()) {
    may_have = [&](size_t index, const Chunk& chunk) { return sieve.may_have(index, chunk); };
  }
  const Visit visit = [&](const EventView& event, uint64_t at) { return finder.look(event, at); };
  return scan(trace, from, to, looking, visit, may_have);
}

}  // namespace lexum
