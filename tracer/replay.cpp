#include "tracer/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/canon.h"
#include "runtime/translation.h"
#include "runtime/world.h"
#include "tracer/recorded.h"
#include "tracer/scan.h"

namespace lexum {
namespace {

constexpr uint64_t kCyclesBetweenProgress = 1 << 16;

// Listens to the run and holds it against the record.
class Comparer final : public Observer {
 public:
  Comparer(TraceReader& trace, const Program& run, RecordedEvents& recorded, uint64_t tick,
           uint64_t cycle)
      : trace_(trace),
        same_program_(&run == &trace.program()),
        recorded_(recorded),
        recorded_lines_(trace.program(), detail()),
        lines_(run, detail()),
        cycle_(cycle) {
    canon_.stand_at(tick, cycle);
  }

  void started(InstanceId, DomainId, const Value&) override {}
  void hold(const HoldRecord&) override {}
  void rest() override {}
  void input(const InputRecord& record) override {
    if (begin()) canon_.input(bytes_, record), compare(record);
  }
  void outcome(const OutcomeRecord& record) override {
    if (begin()) canon_.outcome(bytes_, record), compare(record);
  }
  void rollback(const RollbackRecord& record) override {
    if (begin()) canon_.rollback(bytes_, record), compare(record);
  }
  void cycle(const CycleRecord& record) override {
    if (!begin()) return;
    canon_.cycle(bytes_, record);
    if (compare(record)) cycle_ = record.cycle;
  }

  // The record goes on, and the run does not.
  void run_ended() {
    const EventView* next = recorded_.peek();
    if (next != nullptr) difference_ = {cycle_ + 1, recorded_lines_.line(*next), ""};
  }
  [[nodiscard]] uint64_t cycle() const { return cycle_; }  // the last one that was the same
  [[nodiscard]] const std::optional<ReplayDifference>& difference() const { return difference_; }
  // Nothing is left to compare with.
  [[nodiscard]] bool done() { return difference_ || recorded_.peek() == nullptr; }

 private:
  [[nodiscard]] Detail detail() const { return same_program_ ? Detail::kAll : Detail::kComparable; }
  bool begin() {
    bytes_.clear();
    return !difference_ && !recorded_.error();
  }

  // True if it is what the record says.
  template <class Record>
  bool compare(const Record& record) {
    const EventView* expected = recorded_.peek();
    if (expected == nullptr) {
      // A record that was cut off may end in the middle of a tick.
      if (!recorded_.error() && trace_.end() == TraceEnd::kClosed) {
        difference_ = {cycle_ + 1, "", lines_.line(view_of(record))};
      }
      return false;
    }
    const bool same = same_program_
                          ? std::ranges::equal(bytes_.bytes(), recorded_.bytes())
                          : recorded_lines_.line(*expected) == lines_.line(view_of(record));
    if (same) recorded_.take();
    else difference_ = {cycle_ + 1, recorded_lines_.line(*expected), lines_.line(view_of(record))};
    return same;
  }

  TraceReader& trace_;
  const bool same_program_;
  RecordedEvents& recorded_;
  LineWriter recorded_lines_;
  LineWriter lines_;
  CanonWriter canon_;
  ByteWriter bytes_;
  uint64_t cycle_;
  std::optional<ReplayDifference> difference_;
};

// A world that stands where the keyframe does.
Result<std::unique_ptr<World>> world_from(const TraceHeader& header, const WorldImage& image,
                                          const Program& program, const Translation& translation) {
  std::vector<StartValue> starts;
  for (const StartValue& start : header.start_values) {
    Result<StartValue> translated = translation.start_value(start);
    if (!translated) return translated.error();
    starts.push_back(std::move(*translated));
  }
  auto world = std::make_unique<World>(program, std::move(starts));
  if (image.cycle != 0 || header.parent) {
    world->restore(image);
    return world;
  }
  // The start is made anew, so that another program begins as it says itself. Numbers are given in
  // order, and inputs stand in the image in order of their ticks.
  std::vector<InputImage> inputs = image.inputs;
  std::ranges::sort(inputs, {}, &InputImage::number);
  for (InputImage& input : inputs) {
    Result<InputImage> translated = translation.input(std::move(input));
    if (!translated) return translated.error();
    world->add_input(std::move(*translated));
  }
  return world;
}

// Gives the world what comes in its next tick.
Status add_late_inputs(World& world, RecordedEvents& recorded, const Translation& translation,
                       Latecomers& late) {
  for (size_t ahead = 0;; ++ahead) {
    const EventView* next = recorded.peek(ahead);
    if (next == nullptr || std::holds_alternative<CycleView>(*next)) return Done{};
    std::optional<InputImage> input = late.take(*next);
    if (!input) continue;
    Result<InputImage> translated = translation.input(std::move(*input));
    if (!translated) return translated.error();
    world.add_input(std::move(*translated));
  }
}

// The keyframe of the start cannot be read. One behind it may be.
Error no_start(TraceReader& trace, Error error, const ReplayOptions& options) {
  const auto keyframes = trace.keyframes();
  for (size_t i = 1; i < keyframes.size() && options.program == nullptr; ++i) {
    if (!trace.world_at(i)) continue;
    error.what += fmt::format("; --from {} begins behind it", keyframes[i].cycle + 1);
    break;
  }
  return error;
}

// Runs a program from its start with all inputs of the trace.
Result<ReplayEnding> ending_of(TraceReader& trace, const Program& program,
                               const Translation& translation) {
  const Result<WorldImage> image = trace.world_at(0);
  if (!image) return image.error();
  Result<std::unique_ptr<World>> made = world_from(trace.header(), *image, program, translation);
  if (!made) return made.error();
  World& world = **made;
  Latecomers late(trace.program(), image->inputs_numbered, Latecomers::Letters::kAreBrought);
  const Visit add = [&](const EventView& event, uint64_t) {
    std::optional<InputImage> input = late.take(event);
    if (!input) return true;
    const Result<InputImage> translated = translation.input(std::move(*input));
    if (translated) world.add_input(*translated);
    return true;
  };
  if (const Result<ScanEnd> read = scan(trace, 0, trace.cycles(), {}, add); !read) {
    return read.error();
  }
  const std::optional<Failure> any;
  FailureWitness witness(world, any);
  world.observe(&witness);
  const uint64_t most = 2 * trace.cycles() + 1000;
  ReplayEnding ending;
  while (world.cycle() < most && !world.halted() && !world.oscillates() && world.tick()) {
  }
  ending.goes_on = !world.halted() && !world.at_rest();
  ending.failure = witness.failure();
  ending.cycle = witness.failure() ? witness.cycle() : world.cycle();
  if (!ending.failure && !ending.goes_on) ending.failure = unsatisfied(world, any);
  return ending;
}

}  // namespace

Result<ReplayResult> replay(TraceReader& trace, const ReplayOptions& options) {
  if (options.program != nullptr && trace.header().parent) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = trace.path() +
                         " is a fork, and has no start that another program could "
                         "have; compare forks by `lxm diff`"};
  }
  const Program& program = options.program != nullptr ? *options.program : trace.program();
  const Translation translation(trace.program(), program);
  size_t keyframe = 0;
  if (options.program == nullptr) {
    const auto keyframes = trace.keyframes();
    while (keyframe + 1 < keyframes.size() && keyframes[keyframe + 1].cycle < options.from) {
      ++keyframe;
    }
  }
  Result<WorldImage> image = trace.world_at(keyframe);
  while (!image && keyframe > 0) image = trace.world_at(--keyframe);
  if (!image) return no_start(trace, image.error(), options);
  const KeyframeEntry start = trace.keyframes()[keyframe];
  Result<std::unique_ptr<World>> made = world_from(trace.header(), *image, program, translation);
  if (!made) return made.error();
  World& world = **made;
  Latecomers late(trace.program(), image->inputs_numbered);
  RecordedEvents recorded(trace, start.chunk);
  const Result<std::shared_ptr<const Chunk>> first = trace.chunk(start.chunk);
  const uint64_t tick = first ? (*first)->head.tick_before : world.tick_now();
  Comparer comparison(trace, program, recorded, tick, start.cycle);
  world.observe(&comparison);
  uint64_t next_progress = start.cycle + kCyclesBetweenProgress;
  while (!comparison.done()) {
    if (Status added = add_late_inputs(world, recorded, translation, late); !added) {
      return added.error();
    }
    if (world.halted() || !world.tick()) {
      comparison.run_ended();
      break;
    }
    if (options.interrupt != nullptr && options.interrupt->load(std::memory_order_relaxed)) {
      return ReplayResult{.from = start.cycle + 1,
                          .cycles = comparison.cycle() - start.cycle,
                          .difference = {},
                          .stopped = interrupted()};
    }
    if (options.progress && comparison.cycle() >= next_progress) {
      options.progress(comparison.cycle());
      next_progress = comparison.cycle() + kCyclesBetweenProgress;
    }
  }
  ReplayResult result{.from = start.cycle + 1,
                      .cycles = comparison.cycle() - start.cycle,
                      .difference = comparison.difference(),
                      .stopped = recorded.error()};
  if (&program == &trace.program() || !result.difference) return result;
  const Result<ReplayEnding> then =
      ending_of(trace, trace.program(), Translation(trace.program(), trace.program()));
  if (!then) return then.error();
  const Result<ReplayEnding> now = ending_of(trace, program, translation);
  if (!now) return now.error();
  result.then = *then;
  result.now = *now;
  return result;
}

}  // namespace lexum
