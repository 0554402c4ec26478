#include "tracer/path.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace lexum {

namespace {

constexpr uint64_t kCyclesBetweenLooks = 256;

// Goes back from the later one, nearest first.
class Search {
 public:
  Search(TraceReader& trace, uint64_t from, const Looking& looking)
      : trace_(trace), from_(from), looking_(looking) {}

  Result<Path> to(uint64_t cycle) {
    Path path;
    reach(cycle, {});
    while (!next_.empty() && !reached_.contains(from_)) {
      const uint64_t at = next_.front();
      next_.pop_front();
      if (Status found = look_behind(at); !found) return found.error();
      if (++path.looked_at % kCyclesBetweenLooks != 0) continue;
      if (looking_.progress) looking_.progress(at);
      path.interrupted = looking_.stopped();
      if (path.interrupted) return path;
    }
    if (!reached_.contains(from_)) return path;
    return along(std::move(path), cycle);
  }

 private:
  // Where one comes to from a cycle on the way to the later one.
  struct Onward {
    uint64_t cycle = 0;
    bool through_state = false;
    WhyStep::Because because = WhyStep::Because::kStart;
  };

  void reach(uint64_t cycle, Onward onward) {
    if (cycle < from_ || cycle == 0) return;
    if (reached_.try_emplace(cycle, onward).second) next_.push_back(cycle);
  }

  Status look_behind(uint64_t cycle) {
    const Result<WhyStep> step = cause_of(trace_, cycle, looking_);
    if (!step) return step.error();
    reach(step->cause, {.cycle = cycle, .through_state = false, .because = step->because});
    const Sought own = cycles_of({.domain = step->ran.domain, .key = step->ran.key});
    const auto before = latest(trace_, own, cycle - 1, looking_, from_ - 1);
    if (!before) return before.error();
    reach(before->found.value_or(0), {.cycle = cycle, .through_state = true});
    return Done{};
  }

  Result<Path> along(Path path, uint64_t end) {
    Onward how;
    for (uint64_t cycle = from_;;) {
      Result<CycleView> ran = cycle_at(trace_, cycle);
      if (!ran) return ran.error();
      path.steps.push_back(
          {.ran = std::move(*ran), .through_state = how.through_state, .because = how.because});
      if (cycle == end) return path;
      how = reached_.at(cycle);
      cycle = how.cycle;
    }
  }

  TraceReader& trace_;
  const uint64_t from_;
  const Looking& looking_;
  std::deque<uint64_t> next_;
  std::unordered_map<uint64_t, Onward> reached_;
};

}  // namespace

Result<Path> path(TraceReader& trace, uint64_t from, uint64_t to, const Looking& looking) {
  LEXUM_CHECK(from > trace.start() && from <= to && to <= trace.cycles());
  return Search(trace, from, looking).to(to);
}

}  // namespace lexum
