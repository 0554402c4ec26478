#include "tracer/find.h"

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
  return scan(trace, from, to, looking,
              [&](const EventView& event, uint64_t at) { return finder.look(event, at); });
}

}  // namespace lexum
