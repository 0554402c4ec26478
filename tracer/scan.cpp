#include "tracer/scan.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace lexum {
namespace {

constexpr uint64_t kBlock = 64;  // cycles that are read at once on the way back

struct Placed {
  EventView event;
  uint64_t at;
};

class Scan {
 public:
  Scan(TraceReader& trace, uint64_t from, uint64_t to, const Looking& looking, const Visit& visit,
       const ChunkTest& may_have)
      : trace_(trace),
        from_(from),
        to_(to),
        looking_(looking),
        visit_(visit),
        may_have_(may_have) {}

  Result<ScanEnd> forwards() {
    for (size_t index = from_ == trace_.start() ? 0 : trace_.chunk_of(from_); goes_on(index);
         ++index) {
      trace_.expect(index, last_chunk());
      if (Status read = each(index, from_, to_, visit_); !read) return read.error();
    }
    return end_;
  }

  // Events can only be read forwards: back in blocks.
  Result<ScanEnd> backwards() {
    size_t index =
        from_ < trace_.cycles() ? trace_.chunk_of(from_ + 1) : trace_.chunks().size() - 1;
    std::vector<Placed> events;
    const Visit note = [&](const EventView& event, uint64_t at) {
      events.push_back({event, at});
      return true;
    };
    for (; goes_on(index); --index) {
      trace_.expect(index, last_chunk());
      const ChunkEntry& chunk = trace_.chunks()[index];
      const uint64_t before = chunk.first_cycle - 1;
      uint64_t last = std::min(from_, before + chunk.cycle_count);
      for (;;) {
        // What comes before the first cycle goes with the first block.
        const uint64_t inside = last > before ? last - before - 1 : 0;
        const bool front = inside < kBlock;
        const uint64_t block = before + 1 + inside / kBlock * kBlock;
        events.clear();
        const uint64_t first = std::max(to_, front ? before : block);
        if (Status read = each(index, first, last, note); !read) return read.error();
        for (; !events.empty() && !enough_; events.pop_back()) {
          enough_ = !visit_(events.back().event, events.back().at);
        }
        if (enough_ || front || block <= to_) break;
        last = block - 1;
      }
      // What belongs to a cycle may stand in the chunk before it ends, or in front of the next.
      if (chunk.first_cycle <= to_ || index == 0) enough_ = true;
    }
    return end_;
  }

 private:
  // That is looked at, unless somebody has had enough.
  [[nodiscard]] size_t last_chunk() const {
    return to_ <= trace_.start() ? 0 : trace_.chunk_of(to_);
  }
  // Whether there is a chunk to be looked at.
  bool goes_on(size_t index) {
    if (enough_ || index >= trace_.chunks().size()) return false;
    end_.interrupted = looking_.stopped();
    return !end_.interrupted;
  }

  // The events of a chunk that belong to cycles from `first` to `last`.
  Status each(size_t index, uint64_t first, uint64_t last, const Visit& visit) {
    const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
    if (!chunk) return chunk.error();
    if (may_have_ && !may_have_(index, **chunk)) {
      const uint64_t its_last = trace_.chunks()[index].first_cycle - 1 + (*chunk)->head.cycle_count;
      const bool ahead = from_ <= to_;
      enough_ = ahead && last < its_last;
      return looked_at(ahead ? std::min(last, its_last) : first);
    }
    EventReader events = (*chunk)->events(trace_.program());
    uint64_t at = trace_.chunks()[index].first_cycle - 1;
    if (first > at + 1) {
      events.go_to((*chunk)->place_of(first - at - 1));
      at = first - 1;
    }
    const bool ahead = from_ <= to_;
    for (EventView event; !enough_ && events.next(event);) {
      at += std::holds_alternative<CycleView>(event);
      if (at < first) continue;
      if (at > last) {
        enough_ = ahead;
        break;
      }
      const bool wanted = visit(event, at);
      if (ahead) enough_ = !wanted;
    }
    if (!events.good()) {
      const uint64_t offset = trace_.chunks()[index].place.offset;
      return Error{.code = ErrorCode::kDamaged,
                   .what = fmt::format("{} is damaged at byte {}: a chunk's events make no sense",
                                       trace_.path(), offset),
                   .offset = offset};
    }
    return looked_at(at);
  }
  Done looked_at(uint64_t at) {
    end_.at = at;
    if (looking_.progress) looking_.progress(at);
    return Done{};
  }

  TraceReader& trace_;
  const uint64_t from_;
  const uint64_t to_;
  const Looking& looking_;
  const Visit& visit_;
  const ChunkTest& may_have_;
  ScanEnd end_;
  bool enough_ = false;
};

}  // namespace

Result<ScanEnd> scan(TraceReader& trace, uint64_t from, uint64_t to, const Looking& looking,
                     const Visit& visit, const ChunkTest& may_have) {
  LEXUM_CHECK(from <= trace.cycles() && to <= trace.cycles());
  // Nothing is before its start.
  from = std::max(from, trace.start());
  to = std::max(to, trace.start());
  Scan scan(trace, from, to, looking, visit, may_have);
  return from <= to ? scan.forwards() : scan.backwards();
}

}  // namespace lexum
