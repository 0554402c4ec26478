#include "tracer/again.h"

#include "runtime/translation.h"
#include "tracer/line.h"
#include "tracer/recorded.h"

namespace lexum {

namespace {

struct Beginning {
  TraceHeader header;
  std::optional<WorldImage> image;  // of a fork
};

Result<Beginning> start_with(TraceReader& trace, const Program& program, const Translation& to) {
  Beginning start{.header = trace.header(), .image = {}};
  start.header.run_id = new_run_id();
  start.header.program_name = program.source.name();
  start.header.program_text = program.source.text();
  for (StartValue& value : start.header.start_values) {
    Result<StartValue> carried = to.start_value(value);
    if (!carried) return carried.error();
    value = std::move(*carried);
  }
  if (!start.header.parent) return start;
  Result<WorldImage> image = trace.world_at(0);
  if (!image) return image.error();
  Result<Translation::World> carried = to.world(std::move(*image), start.header.start_values);
  if (!carried) return carried.error();
  for (const auto* none : {&carried->stranded, &carried->lost}) {
    if (none->empty()) continue;
    return Error{.code = ErrorCode::kMismatch, .what = "there is no place for " + none->front()};
  }
  World world(program, start.header.start_values);
  world.restore(carried->image);
  world.look_at_goals();
  start.image = world.image();
  return start;
}

// Both from their starts, event by event, as people read them: the numbers of the two programs are
// not the same.
Result<bool> same_events(TraceReader& one, TraceReader& other) {
  RecordedEvents ones(one, 0);
  RecordedEvents others(other, 0);
  const LineWriter one_lines(one.program(), Detail::kComparable);
  const LineWriter other_lines(other.program(), Detail::kComparable);
  for (;;) {
    const EventView* a = ones.peek();
    const EventView* b = others.peek();
    if (ones.error()) return *ones.error();
    if (others.error()) return *others.error();
    if (a == nullptr || b == nullptr) return a == b;
    if (one_lines.line(*a) != other_lines.line(*b)) return false;
    ones.take();
    others.take();
  }
}

}  // namespace

Result<std::unique_ptr<LiveRun>> run_again(TraceReader& trace, const LiveRun& run,
                                           std::shared_ptr<const Program> program, bool certain,
                                           Files& files, const std::string& path,
                                           const Looking& looking) {
  const Translation to(trace.program(), *program);
  Result<Beginning> begins = start_with(trace, *program, to);
  if (!begins) return begins.error();
  Result<std::unique_ptr<LiveRun>> again = LiveRun::begin(
      files, path, std::move(program), begins->header, begins->image ? &*begins->image : nullptr);
  if (!again) return again.error();
  // Each input when it was sent, so that whatever was at rest before that is so again.
  // (What goes round in a loop is found to do so each time, and goes on.)
  const auto let_run = [&](uint64_t tick) -> Status {
    while ((*again)->world().tick_now() < tick && !(*again)->at_end()) {
      const Result<LiveRun::Ran> ran = (*again)->run({.tick = tick}, looking);
      if (!ran) return ran.error();
      if (ran->outcome == Outcome::kInterrupted) return interrupted();
    }
    return Done{};
  };
  for (const LiveRun::Sent& sent : run.sent()) {
    if (Status there = let_run(sent.in_tick); !there) return there.error();
    Result<InputImage> input = to.input(sent.input);
    if (!input) return input.error();
    (*again)->send(std::move(*input));
  }
  if (Status there = let_run(run.world().tick_now()); !there) return there.error();
  if ((*again)->world().cycle() != run.world().cycle()) return std::unique_ptr<LiveRun>();
  if (certain) return again;
  const Result<std::unique_ptr<TraceReader>> other = TraceReader::open(files, path);
  if (!other) return other.error();
  const Result<bool> same = same_events(trace, **other);
  if (!same) return same.error();
  if (!*same) return std::unique_ptr<LiveRun>();
  return again;
}

}  // namespace lexum
