// How a run is started, fed and stopped: a world, its recorder, its threads and its limits in one
// pair of hands. REPL, command line, service and tests all drive runs through this door.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/outside.h"
#include "machine/recorder.h"
#include "runtime/world.h"

namespace lexum {

// "0.1.0": of this engine, as traces name it.
std::string_view engine_version();
// For a run that begins: 32 digits that no other run has.
std::string new_run_id();

enum class Outcome : uint8_t {
  kConverged,
  kWaiting,
  kFaulted,
  kOscillating,
  kHalted,
  kLimit,
  kStopped,
  kInterrupted
};
// "converged"
std::string_view spelling(Outcome outcome);

struct MachineOptions {
  std::vector<StartValue> start_values = {};
  unsigned threads = 1;
  uint64_t cycles_max = 10'000'000;  // looked at between ticks; 0: no limit
  BatchSink* sink = nullptr;         // outlives the machine
  Observer* listener =
      nullptr;  // hears everything as well; for people, not for speed. Outlives the machine
  const std::atomic<bool>* interrupt = nullptr;  // when true, the run stops after the tick
  KeyframeRhythm keyframes = {};
  Outside* outside = nullptr;  // carries out effects that are EffectMode::kBound. Outlives the
                               // machine, and has begun
  // Gets what has come back from there before the world does, and gives it numbers.
  std::function<Status(std::vector<InputImage>&)> note_arrivals = {};
};

class Machine {
 public:
  Machine(std::shared_ptr<const Program> program, MachineOptions options);
  // A fork: goes on from that world.
  Machine(std::shared_ptr<const Program> program, MachineOptions options, const WorldImage& from);
  // The same run, from where it stood: everything comes as if it had never stopped.
  Machine(std::shared_ptr<const Program> program, MachineOptions options, const ResumePoint& from);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Before or between runs.
  void add_input(InputImage input);
  // The first tick in which an input that comes now can arrive. (Inputs that make nobody ready
  // arrive without a tick, so this may lie beyond the tick after the last one.)
  [[nodiscard]] uint64_t next_tick() const;
  // The tick of the last thing that happened, which may be an input that made nobody ready.
  [[nodiscard]] uint64_t last_tick() const;

  // Runs until something ends it; while effects are under way outside, it waits. The error is the
  // sink's: the run has stopped there, and what was written before is whole. `progress`, if given,
  // is called about ten times a second between ticks.
  Result<Outcome> run(const std::function<void(const World&)>& progress = {});
  // Runs the next tick, whatever the limits say. What ended the run, if something has: with that
  // tick, or there was none left. At rest it goes on once there is another input, or something has
  // come back from outside.
  Result<std::optional<Outcome>> tick();
  // Runs all ticks before that one, unless a failed assert or the interrupt ends it.
  Status run_before(uint64_t tick);

  [[nodiscard]] World& world();
  [[nodiscard]] const World& world() const;
  // Of everything so far.
  [[nodiscard]] Hash256 run_hash();
  // Between two ticks: another machine goes on from there as this one would.
  [[nodiscard]] ResumePoint point();
  // Everything so far is written, from the start of the run on.
  Status flush();
  // The same, with a keyframe of where it stands. Requires a sink.
  Status keep();
  // Everything is written and the sink closed.
  Status finish();

 private:
  struct Parts;
  Status begin();
  Status exchange();
  std::unique_ptr<Parts> parts_;
};

}  // namespace lexum
