// Where does it say that, and how do I take it elsewhere?
#include "tracer/find.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "session/acts.h"
#include "session/json.h"
#include "session/tell.h"
#include "store/files.h"
#include "syntax/utf8.h"
#include "tracer/export.h"

namespace lexum {

namespace {

constexpr size_t kTextMax = 400;  // code points of a hit, for people

// `/re/`, or the expression alone.
std::string_view without_slashes(std::string_view text) {
  if (text.size() >= 2 && text.front() == '/' && text.back() == '/') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

Line line_of(const Hit& hit) {
  Line line;
  line.add(fmt::format("{:>7}", hit.cycle), Role::kPosition).add("  ");
  line.add(fmt::format("{:8}", spelling(hit.what)), Role::kDim);
  line.add(hit.whose, Role::kInstance).add(hit.whose.empty() ? "" : "  ");
  const std::string_view text = hit.text;
  if (hit.match.offset + hit.match.length > kTextMax) return line.add(printable(text, kTextMax));
  const auto part = [&](size_t begin, size_t length) {
    return printable(text.substr(begin, length), kTextMax);
  };
  line.add(part(0, hit.match.offset));
  line.add(part(hit.match.offset, hit.match.length), Role::kGood);
  return line.add(part(hit.match.offset + hit.match.length, std::string_view::npos));
}

}  // namespace

Result<Verdict> say_find(Session& session, const Said& said, Reply& reply) {
  const Result<Pattern> pattern = Pattern::read(without_slashes(said.arguments[0]));
  if (!pattern) return pattern.error();
  TraceReader& trace = session.trace();
  const bool back = said.has("--back");
  const uint64_t from = said.at ? session.at().cycle : back ? trace.cycles() : trace.start();
  uint64_t found = 0;
  reply.list("hits");
  const auto hit = [&](const Hit& one) {
    ++found;
    reply.say(line_of(one));
    if (reply.wants_json()) {
      reply.item(dump({{"cycle", one.cycle},
                       {"what", spelling(one.what)},
                       {"instance", one.whose},
                       {"text", one.text},
                       {"offset", one.match.offset},
                       {"length", one.match.length}}));
    }
    return !session.interrupted();
  };
  const Result<ScanEnd> end =
      find(trace, *pattern, from, back ? trace.start() : trace.cycles(), hit, session.looking());
  if (!end) return end.error();
  const bool interrupted = end->interrupted || session.interrupted();
  if (found == 0 && !interrupted) reply.say("nothing says that");
  return verdict_of(session, reply, interrupted);
}

Result<Verdict> say_export(Session& session, const Said& said, Reply& reply) {
  static constexpr std::pair<std::string_view, ExportTo> kFormats[] = {
      {"perfetto", ExportTo::kPerfetto}, {"dot", ExportTo::kDot}, {"csv", ExportTo::kCsv}};
  const std::string name = said.has("--to") ? said.option("--to") : "perfetto";
  const auto* format =
      std::ranges::find(kFormats, name, &std::pair<std::string_view, ExportTo>::first);
  if (format == std::end(kFormats)) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("`{}` is no format; there is perfetto, dot and csv", name)};
  }
  TraceReader& trace = session.trace();
  uint64_t from = trace.start();
  uint64_t until = trace.cycles();
  if (said.has("--from")) {
    const Result<Moment> moment = session.moment(said.option("--from"));
    if (!moment) return moment.error();
    from = moment->cycle;
  }
  if (said.has("--until")) {
    const Result<Moment> moment = session.moment(said.option("--until"));
    if (!moment) return moment.error();
    until = moment->cycle;
  }
  if (from > until) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("cycle {} is not before cycle {}", from, until)};
  }
  const WritePiece write = [&](std::string_view piece) { reply.raw(piece); };
  const Result<ScanEnd> end =
      export_trace(trace, format->second, from, until, write, session.looking());
  if (!end) return end.error();
  return end->interrupted ? Verdict::kInterrupted : Verdict::kAnswered;
}

}  // namespace lexum
