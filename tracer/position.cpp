#include "tracer/position.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "machine/input_reader.h"
#include "syntax/diagnostic.h"

namespace lexum {
namespace {

constexpr std::string_view kMessage = "msg:";
constexpr std::string_view kFault = "fault:";
constexpr std::string_view kForms =
    "write a cycle (1042), a statement in it (1042:3), start, end, 50%, @bookmark, "
    "msg:Order[7]#12 or fault:1";

Error missing(std::string what) { return {.code = ErrorCode::kNotFound, .what = std::move(what)}; }

// Digits and nothing else.
std::optional<uint64_t> number_in(std::string_view text) {
  uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

Result<AtSend> read_send(const Program& program, std::string_view text) {
  const size_t mark = text.rfind('#');
  const std::optional<uint64_t> number =
      mark == std::string_view::npos ? std::nullopt : number_in(text.substr(mark + 1));
  if (!number || *number == 0) {
    return wrong(
        fmt::format("`{}{}` does not say which send is meant; they are numbered from 1, "
                    "as in msg:Order[7]#12",
                    kMessage, text));
  }
  const Source source("", std::string(text.substr(0, mark)));
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  InputReader reader(program);
  if (!fragment.expr || diagnostics.has_errors()) {
    reader.fail(source, diagnostics, 0);
    return reader.error();
  }
  const Receiver sender = reader.receiver(source, fragment.tree, fragment.expr);
  if (!reader.good()) return reader.error();
  return AtSend{.domain = sender.domain, .key = sender.key, .number = *number};
}

Result<Moment> read_moment(std::string_view text) {
  const size_t colon = text.find(':');
  const std::optional<uint64_t> cycle = number_in(text.substr(0, colon));
  std::optional<uint64_t> statement = 0;
  if (colon != std::string_view::npos) statement = number_in(text.substr(colon + 1));
  const bool inside = colon != std::string_view::npos;
  if (!cycle || !statement || *statement > UINT32_MAX || (inside && *statement == 0) ||
      (inside && *cycle == 0)) {
    return wrong(fmt::format("`{}` is no position{}; {}", text,
                             inside && cycle ? " (cycles and their statements count from 1)" : "",
                             kForms));
  }
  return Moment{.cycle = *cycle, .statement = static_cast<uint32_t>(*statement)};
}

}  // namespace

Result<Position> read_position(const Program& program, std::string_view text) {
  Position position;
  if (const size_t slash = text.find('/');
      slash != std::string_view::npos && is_name(text.substr(0, slash))) {
    position.branch = text.substr(0, slash);
    text.remove_prefix(slash + 1);
  }
  if (text == "start") {
    position.place = AtStart{};
  } else if (text == "end") {
    position.place = AtEnd{};
  } else if (text.starts_with('@')) {
    if (!is_name(text.substr(1))) {
      return wrong(
          fmt::format("`{}` is no bookmark; their names are of letters, digits, `_`, `-` "
                      "and `.`",
                      text));
    }
    position.place = AtBookmark{.name = std::string(text.substr(1))};
  } else if (text.ends_with('%')) {
    const std::optional<uint64_t> percent = number_in(text.substr(0, text.size() - 1));
    if (!percent || *percent > 100) {
      return wrong(fmt::format("`{}` is no part of a run; they go from 0% to 100%", text));
    }
    position.place = AtPercent{.percent = static_cast<uint32_t>(*percent)};
  } else if (text.starts_with(kMessage)) {
    Result<AtSend> send = read_send(program, text.substr(kMessage.size()));
    if (!send) return send.error();
    position.place = std::move(*send);
  } else if (text.starts_with(kFault)) {
    const std::optional<uint64_t> number = number_in(text.substr(kFault.size()));
    if (!number || *number == 0) {
      return wrong(
          fmt::format("`{}` names no fault; they are numbered from 1, as in fault:1", text));
    }
    position.place = AtFault{.number = *number};
  } else {
    const Result<Moment> moment = read_moment(text);
    if (!moment) return moment.error();
    position.place = *moment;
  }
  return position;
}

std::string position_text(Moment moment) {
  if (moment.statement == 0) return std::to_string(moment.cycle);
  return fmt::format("{}:{}", moment.cycle, moment.statement);
}

std::string position_text(const Program& program, const Position& position) {
  struct Text {
    const Program& program;
    std::string operator()(Moment moment) const { return position_text(moment); }
    std::string operator()(AtStart) const { return "start"; }
    std::string operator()(AtEnd) const { return "end"; }
    std::string operator()(AtPercent at) const { return fmt::format("{}%", at.percent); }
    std::string operator()(const AtBookmark& at) const { return "@" + at.name; }
    std::string operator()(const AtSend& at) const {
      return fmt::format("{}{}#{}", kMessage, instance_name(program, at.domain, at.key), at.number);
    }
    std::string operator()(AtFault at) const { return fmt::format("{}{}", kFault, at.number); }
  };
  const std::string branch = position.branch.empty() ? "" : position.branch + "/";
  return branch + std::visit(Text{program}, position.place);
}

// ---- where that is

namespace {

class Finder {
 public:
  Finder(TraceReader& trace, const Bookmarks& bookmarks, const Looking& looking)
      : trace_(trace), bookmarks_(bookmarks), looking_(looking) {}

  Result<Moment> operator()(Moment moment) const {
    if (moment.cycle < trace_.start()) {
      return missing(fmt::format("cycle {} is not in this fork: it begins after {}", moment.cycle,
                                 trace_.start()));
    }
    if (moment.cycle <= trace_.cycles()) return moment;
    return missing(
        fmt::format("there is no cycle {}: the trace ends with {}", moment.cycle, trace_.cycles()));
  }
  Result<Moment> operator()(AtStart) const { return Moment{.cycle = trace_.start()}; }
  Result<Moment> operator()(AtEnd) const { return Moment{.cycle = trace_.cycles()}; }
  Result<Moment> operator()(AtPercent at) const {
    const uint64_t start = trace_.start();
    const uint64_t cycles = trace_.cycles() - start;  // which may be as many as there are numbers
    return Moment{.cycle = start + cycles / 100 * at.percent + cycles % 100 * at.percent / 100};
  }
  Result<Moment> operator()(const AtBookmark& at) const {
    if (const auto found = bookmarks_.find(at.name); found != bookmarks_.end()) {
      return found->second;
    }
    std::vector<std::string> names;
    for (const auto& [name, moment] : bookmarks_) names.push_back(name);
    return missing(fmt::format("there is no bookmark `{}`{}", at.name,
                               did_you_mean(at.name, names, "none has been set")));
  }

  Result<Moment> operator()(AtFault at) const {
    uint64_t seen = 0;
    Moment found;
    const auto visit = [&](uint64_t cycle) {
      found.cycle = cycle;
      return ++seen < at.number;
    };
    const Result<ScanEnd> end =
        each_of(trace_, faults_of({}), trace_.start(), trace_.cycles(), visit, looking_);
    if (!end) return end.error();
    if (seen == at.number) return found;
    if (end->interrupted) return missing("the search for it was interrupted");
    return missing(
        seen == 0 ? std::string("nothing faulted in this run")
                  : fmt::format("there is no fault {}: the last one is fault:{}", at.number, seen));
  }

  Result<Moment> operator()(const AtSend& at) const {
    uint64_t sends = 0;
    const Result<size_t> keyframe = before(at, sends);
    if (!keyframe) return keyframe.error();
    const uint64_t from = trace_.keyframes()[*keyframe].cycle;
    Moment found;
    const Sought emits{.whose = Subjects{.domain = at.domain, .key = at.key},
                       .is = [](const ChunkIndex::Kind& kind) { return kind.emissions > 0; }};
    std::optional<Error> error;
    const auto count = [&](uint64_t cycle) {
      found.cycle = cycle;
      const Result<uint64_t> emitted = emissions_of(cycle);
      if (!emitted) error = emitted.error();
      else sends += *emitted;
      return !error && sends < at.number;
    };
    const Result<ScanEnd> end = each_of(trace_, emits, from + 1, trace_.cycles(), count, looking_);
    if (error) return *error;
    if (!end) return end.error();
    if (sends >= at.number) return found;
    if (end->interrupted) return missing("the search for it was interrupted");
    const std::string name = instance_name(trace_.program(), at.domain, at.key);
    return missing(sends == 0 ? fmt::format("{} sent nothing in this run", name)
                              : fmt::format("{0} did not send so often: its last is msg:{0}#{1}",
                                            name, sends));
  }

 private:
  // How many messages, broadcasts and effects that cycle sent.
  Result<uint64_t> emissions_of(uint64_t cycle) const {
    const size_t chunk = trace_.chunk_of(cycle);
    const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(chunk);
    if (!index) return index.error();
    const size_t place = cycle - trace_.chunks()[chunk].first_cycle;
    return (*index)->kinds[(*index)->what[place]].emissions;
  }
  // The last keyframe at which it had not sent that yet, and how often it had sent.
  Result<size_t> before(const AtSend& at, uint64_t& sends) const {
    size_t low = 0;
    size_t high = trace_.keyframes().size();
    while (low + 1 < high) {
      const size_t middle = low + (high - low) / 2;
      const Result<uint64_t> sent = sends_at(middle, at);
      if (!sent) return sent.error();
      (*sent < at.number ? low : high) = middle;
    }
    const Result<uint64_t> sent = sends_at(low, at);
    if (!sent) return sent.error();
    sends = *sent;
    if (sends < at.number || trace_.start() == 0) return low;
    return missing(fmt::format("msg:{}#{} was sent before this fork began",
                               instance_name(trace_.program(), at.domain, at.key), at.number));
  }
  // Numbers go on when a key comes back, so the last instance that had it knows.
  Result<uint64_t> sends_at(size_t keyframe, const AtSend& at) const {
    const Result<WorldImage> world = trace_.world_at(keyframe);
    if (!world) return world.error();
    uint64_t sends = 0;
    for (const InstanceImage& instance : world->instances) {
      if (instance.domain == at.domain && instance.key == at.key) sends = instance.sends;
    }
    return sends;
  }

  TraceReader& trace_;
  const Bookmarks& bookmarks_;
  const Looking& looking_;
};

}  // namespace

Result<Moment> moment_of(const Position& position, TraceReader& trace, const Bookmarks& bookmarks,
                         const Looking& looking) {
  return std::visit(Finder(trace, bookmarks, looking), position.place);
}

}  // namespace lexum
