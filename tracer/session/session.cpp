#include "session/session.h"

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
  if (Status found = session->find_fault(); !found) return found.error();
  return session;
}

Status Session::find_fault() {
  uint64_t first = 0;
  const Result<ScanEnd> looked =
      scan(*trace_, 0, trace_->cycles(), looking_, [&](const EventView& event, uint64_t at) {
        const auto* ran = std::get_if<CycleView>(&event);
        if (std::holds_alternative<RollbackView>(event)) fault_ = at;
        if (ran == nullptr || !ran->fault) return fault_ == 0;
        if (first == 0) first = at;
        if (ran->made_faulted) fault_ = at;
        return fault_ == 0;
      });
  // Of a trace that is damaged, there still is what can be read.
  if (!looked) return Done{};
  if (fault_ == 0) fault_ = first;
  if (fault_ != 0) at_ = {.cycle = fault_};
  return Done{};
}

Result<Moment> Session::moment(std::string_view position) {
  const Result<Position> read = read_position(program(), position);
  if (!read) return read.error();
  return moment_of(*read, *trace_, {}, looking_);
}

Status Session::go_to(std::string_view position) {
  const Result<Moment> there = moment(position);
  if (!there) return there.error();
  at_ = *there;
  return Done{};
}

}  // namespace lexum
