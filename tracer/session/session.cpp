#include "session/session.h"

#include <fmt/format.h>

#include "tracer/lookup.h"
#include "tracer/statements.h"

namespace lexum {

Session::Session(Files& files, std::unique_ptr<TraceReader> trace,
                 std::unique_ptr<Timeline> timeline, const Looking& looking)
    : files_(files),
      trace_(std::move(trace)),
      timeline_(std::move(timeline)),
      looking_(looking),
      at_{.cycle = trace_->cycles()} {}

Result<std::unique_ptr<Session>> Session::open(Files& files, const std::string& path,
                                               const Looking& looking) {
  Result<std::unique_ptr<TraceReader>> trace = TraceReader::open(files, path);
  if (!trace) return trace.error();
  Result<std::unique_ptr<Timeline>> timeline = Timeline::open(**trace);
  if (!timeline) return timeline.error();
  std::unique_ptr<Session> session(
      new Session(files, std::move(*trace), std::move(*timeline), looking));
  session->find_fault();
  return session;
}

void Session::find_fault() {
  // Of a trace that is damaged, there still is what can be read.
  const auto first = [&](const Sought& sought) {
    const Result<Answer<uint64_t>> found = earliest(*trace_, sought, trace_->start(), looking_);
    return found ? found->found.value_or(0) : 0;
  };
  const auto rolled = latest_rollback(*trace_, trace_->cycles(), looking_);
  if (rolled && rolled->found) fault_ = rolled->found->cycle;
  if (fault_ == 0) fault_ = first(failures_of({}));
  if (fault_ == 0) fault_ = first(faults_of({}));
  if (fault_ != 0) at_ = {.cycle = fault_};
}

Result<Moment> Session::moment(std::string_view position) {
  const Result<Position> read = read_position(program(), position);
  if (!read) return read.error();
  return moment_of(*read, *trace_, {}, looking_);
}

Status Session::go_to(std::string_view position) {
  const Result<Moment> there = moment(position);
  if (!there) return there.error();
  std::optional<Inside> inside;
  if (there->statement != 0) {
    Result<CycleStatements> found = statements_of(*timeline_, there->cycle);
    if (!found) return found.error();
    std::vector<StatementView>& statements = found->statements;
    if (there->statement > statements.size()) {
      return Error{.code = ErrorCode::kNotFound,
                   .what = fmt::format("cycle {} has {} statement{}; `list --at {}` shows them",
                                       there->cycle, statements.size(),
                                       statements.size() == 1 ? "" : "s", there->cycle)};
    }
    inside = Inside{.id = timeline_->find(found->ran.domain, found->ran.key),
                    .fields = std::move(statements[there->statement - 1].fields)};
  }
  at_ = *there;
  inside_ = std::move(inside);
  return Done{};
}

}  // namespace lexum
