#include "tracer/log.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {

LiveLog::LiveLog(const Program& program, PrintLine print)
    : program_(program), lines_(program), print_(std::move(print)) {
  print_(lines_.heading());
}

// That somebody starts is seen from what they do; a line for each would bury a run of thousands.
void LiveLog::started(InstanceId id, DomainId domain, const Value& key) {
  if (instances_.size() <= id.index()) instances_.resize(id.index() + 1);
  instances_[id.index()] = {domain, key};
}

void LiveLog::input(const InputRecord& record) { print(view_of(record)); }
void LiveLog::outcome(const OutcomeRecord& record) { print(view_of(record)); }
void LiveLog::rollback(const RollbackRecord& record) { print(view_of(record)); }

void LiveLog::cycle(const CycleRecord& record) {
  CycleView view = view_of(record);
  if (view.cause && record.origin->sender) {
    const StartedView& sender = instances_[record.origin->sender.index()];
    view.cause->sender = instance_name(program_, sender.domain, sender.key);
  }
  print(view);
}

void LiveLog::hold(const HoldRecord& record) {
  const StartedView& held = instances_[record.instance.index()];
  HoldView view{.kind = record.kind, .tick = record.tick, .domain = held.domain, .key = held.key};
  if (record.mailbox) {
    const StartedView& full = instances_[record.mailbox.index()];
    view.mailbox = full.domain;
    view.mailbox_key = full.key;
  }
  print(view);
}

namespace {

// In the place of the rest of a chunk's cycles.
std::string missing(uint64_t from, const ChunkEntry& chunk) {
  const uint64_t last = chunk.first_cycle + chunk.cycle_count - 1;
  return from < last ? fmt::format("{:>7} … to cycle {}: cannot be read", from, last)
                     : fmt::format("{:>7} … cannot be read", from);
}

}  // namespace

Status log_trace(TraceReader& trace, uint64_t from, uint64_t to, const PrintLine& print) {
  const LineWriter lines(trace.program());
  print(lines.heading());
  const uint64_t cycles = trace.cycles();
  if (from > std::max<uint64_t>(cycles, 1)) return Done{};
  from = std::max(from, trace.start() + 1);
  if (to >= cycles) to = UINT64_MAX;  // with what came after the last cycle
  if (to < from) return Done{};       // it is all before the start of a fork
  const size_t last = to < cycles ? trace.chunk_of(to) : trace.chunks().size() - 1;
  Status done = Done{};
  for (size_t index = from == trace.start() + 1 ? 0 : trace.chunk_of(from);
       index < trace.chunks().size(); ++index) {
    const ChunkEntry& entry = trace.chunks()[index];
    uint64_t at = entry.first_cycle;  // the cycle, or that which comes next
    if (at > to) break;
    trace.expect(index, last);
    const Result<std::shared_ptr<const Chunk>> chunk = trace.chunk(index);
    if (!chunk) {
      print(missing(at, entry));
      if (done) done = chunk.error();
      continue;
    }
    EventReader events = (*chunk)->events(trace.program());
    for (EventView view; events.next(view);) {
      auto* cycle = std::get_if<CycleView>(&view);
      const bool wanted = at >= from && at <= to && !std::holds_alternative<StartedView>(view);
      if (wanted && cycle != nullptr && cycle->cause) {
        cycle->cause->sender = trace.instance_of(cycle->cause->cycle);
      }
      if (wanted) print(lines.line(view));
      if (cycle != nullptr) ++at;
    }
    if (events.good() || at > to) continue;
    print(missing(at, entry));
    if (done) {
      done = Error{.code = ErrorCode::kDamaged,
                   .what = fmt::format("{} is damaged at byte {}: a chunk's events make no sense",
                                       trace.path(), entry.place.offset),
                   .offset = entry.place.offset};
    }
  }
  return done;
}

}  // namespace lexum
