#include "machine/machine.h"

#include <array>

#include <sodium.h>

#include "base/check.h"
#include "machine/pool.h"
#include "machine/tee.h"

namespace lexum {

std::string_view engine_version() { return LEXUM_VERSION; }

std::string new_run_id() {
  std::array<std::byte, 16> id{};
  LEXUM_CHECK(sodium_init() >= 0);
  randombytes_buf(id.data(), id.size());
  return to_hex(id).substr(2);
}

std::string_view spelling(Outcome outcome) {
  static constexpr std::array<std::string_view, 8> kNames{"converged",   "waiting",    "faulted",
                                                          "oscillating", "halted",     "limit",
                                                          "stopped",     "interrupted"};
  return kNames[static_cast<size_t>(outcome)];
}

struct Machine::Parts {
  // `from` is where a fork begins; null of a run.
  Parts(std::shared_ptr<const Program> its_program, MachineOptions its_options,
        const WorldImage* from)
      : program(std::move(its_program)),
        options(std::move(its_options)),
        world(*program, options.start_values),
        recorder(restored(world, from), options.start_values, options.sink,
                 from != nullptr ? Recorder::Of::kFork : Recorder::Of::kRun, options.keyframes),
        begun(from != nullptr) {
    observe();
  }
  Parts(std::shared_ptr<const Program> its_program, MachineOptions its_options,
        const ResumePoint& from)
      : program(std::move(its_program)),
        options(std::move(its_options)),
        world(*program, options.start_values),
        recorder(restored(world, &from.image), options.sink, from, options.keyframes),
        begun(true) {
    observe();
  }

  void observe() {
    if (options.listener != nullptr) tee.emplace(recorder, *options.listener);
    world.observe(tee ? static_cast<Observer*>(&*tee) : &recorder);
    if (options.threads > 1) pool = std::make_unique<ThreadPool>(options.threads);
  }

  static World& restored(World& world, const WorldImage* from) {
    if (from != nullptr) world.restore(*from);
    return world;
  }

  const std::shared_ptr<const Program> program;
  const MachineOptions options;
  World world;
  Recorder recorder;
  std::optional<Tee> tee;
  std::unique_ptr<ThreadPool> pool;
  const bool begun;  // it goes on from a world, where everybody is there
  bool opened = false;
};

Machine::Machine(std::shared_ptr<const Program> program, MachineOptions options)
    : parts_(std::make_unique<Parts>(std::move(program), std::move(options), nullptr)) {}

Machine::Machine(std::shared_ptr<const Program> program, MachineOptions options,
                 const WorldImage& from)
    : parts_(std::make_unique<Parts>(std::move(program), std::move(options), &from)) {}

Machine::Machine(std::shared_ptr<const Program> program, MachineOptions options,
                 const ResumePoint& from)
    : parts_(std::make_unique<Parts>(std::move(program), std::move(options), from)) {}

Machine::~Machine() = default;

void Machine::add_input(InputImage input) { parts_->world.add_input(std::move(input)); }
uint64_t Machine::next_tick() const { return std::max(parts_->world.tick_now() + 1, last_tick()); }
uint64_t Machine::last_tick() const { return parts_->recorder.last_tick(); }
World& Machine::world() { return parts_->world; }
const World& Machine::world() const { return parts_->world; }
Hash256 Machine::run_hash() { return parts_->recorder.run_hash(); }
ResumePoint Machine::point() { return parts_->recorder.point(); }
Status Machine::finish() { return parts_->recorder.finish(); }

namespace {

// cli.md: at quiescence, faulted before waiting before converged.
Outcome at_rest(const World& world) {
  Outcome outcome = Outcome::kConverged;
  for (const InstanceId id : world.instances_in_order()) {
    if (world.status_of(id) == InstanceStatus::kFaulted) return Outcome::kFaulted;
    const Domain& domain = world.program()[world.domain_of(id)];
    for (size_t g = 0; g < domain.goals.size(); ++g) {
      if (world.goal_status(id, GoalIndex(g)) != GoalStatus::kSatisfied)
        outcome = Outcome::kWaiting;
    }
  }
  return outcome;
}

}  // namespace

namespace {
bool is_rest(Outcome ended) {
  return ended == Outcome::kConverged || ended == Outcome::kWaiting || ended == Outcome::kFaulted;
}
}  // namespace

// Who is there at the start, and the keyframe of it.
Status Machine::begin() {
  if (std::exchange(parts_->opened, true)) return Done{};
  if (!parts_->begun) parts_->world.begin();
  return parts_->recorder.between_ticks();
}

Status Machine::flush() {
  if (Status begun = begin(); !begun) return begun;
  return parts_->recorder.flush();
}

Status Machine::keep() {
  if (Status begun = begin(); !begun) return begun;
  parts_->recorder.take_keyframe();
  return parts_->recorder.flush();
}

// Intents go out, and what has come of earlier ones arrives with the next tick. Requires an
// outside.
Status Machine::exchange() {
  Result<std::vector<InputImage>> came = parts_->options.outside->exchange(parts_->world);
  if (!came) return came.error();
  if (came->empty()) return Done{};
  for (InputImage& input : *came) input.tick = next_tick();
  if (parts_->options.note_arrivals) {
    if (Status noted = parts_->options.note_arrivals(*came); !noted) return noted;
  }
  for (InputImage& input : *came) add_input(std::move(input));
  return Done{};
}

Result<std::optional<Outcome>> Machine::tick() {
  using Ended = std::optional<Outcome>;
  World& world = parts_->world;
  if (Status begun = begin(); !begun) return begun.error();
  if (world.halted()) return Ended(Outcome::kHalted);
  if (parts_->options.outside != nullptr) {
    if (Status exchanged = exchange(); !exchanged) return exchanged.error();
  }
  if (!world.tick(parts_->pool.get())) {
    parts_->recorder.idle();
    return Ended(at_rest(world));
  }
  if (Status status = parts_->recorder.between_ticks(); !status) return status.error();
  if (world.halted()) return Ended(Outcome::kHalted);
  if (world.oscillates()) return Ended(Outcome::kOscillating);
  return Ended();
}

Status Machine::run_before(uint64_t tick) {
  if (Status begun = begin(); !begun) return begun;
  const std::atomic<bool>* const interrupt = parts_->options.interrupt;
  World& world = parts_->world;
  while (!world.halted() && world.tick(parts_->pool.get(), tick)) {
    if (Status status = parts_->recorder.between_ticks(); !status) return status;
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) {
      return Error{.code = ErrorCode::kInterrupted, .what = "interrupted"};
    }
  }
  return Done{};
}

Result<Outcome> Machine::run(const std::function<void(const World&)>& progress) {
  using Clock = std::chrono::steady_clock;
  constexpr uint64_t kTicksPerLook = 1024;  // the clock is read so seldom that it costs nothing
  constexpr auto kProgressEvery = std::chrono::milliseconds(100);

  World& world = parts_->world;
  const MachineOptions& options = parts_->options;
  if (Status begun = begin(); !begun) return begun.error();
  Clock::time_point told = Clock::now();
  for (uint64_t ticks = 1;; ++ticks) {
    if (options.interrupt != nullptr && options.interrupt->load(std::memory_order_relaxed)) {
      return Outcome::kInterrupted;
    }
    if (options.cycles_max != 0 && world.cycle() >= options.cycles_max && !world.at_rest()) {
      return Outcome::kLimit;
    }
    const Result<std::optional<Outcome>> ended = tick();
    if (!ended) return ended.error();
    if (*ended && options.outside != nullptr && is_rest(**ended) &&
        options.outside->awaits(world)) {
      options.outside->wait(kProgressEvery);
      continue;
    }
    if (*ended) return **ended;
    if (progress && ticks % kTicksPerLook == 0 && Clock::now() - told >= kProgressEvery) {
      told = Clock::now();
      progress(world);
    }
  }
}

}  // namespace lexum
