// What a data folder (DATA.md) says has been: enough to run it again. Nothing in it is touched, and
// another process may go on with it meanwhile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/load.h"
#include "machine/machine.h"
#include "machine/snapshot.h"
#include "store/files.h"

namespace lexum {

// ---- the records of its journal
enum class DataRecord : uint8_t { kEpoch = 1, kInput = 2, kBegun = 3, kAct = 4, kReached = 5 };
inline DataRecord record_of(const InputImage& input) {
  return input.kind == InputKind::kMessage ? DataRecord::kInput : DataRecord::kAct;
}

struct Epoch {
  Hash256 program{};
  Hash256 began{};
  std::string engine;
  std::vector<StartValue> start_values = {};
};
void write_epoch(ByteWriter& out, const Epoch& epoch);
void write_input(ByteWriter& out, const InputImage& input);
// None if it makes no sense for the program; of an epoch, the start values alone may be of another.
std::optional<Epoch> read_epoch(const Program& program, Bytes bytes);
std::optional<InputImage> read_input(const Program& program, DataRecord type, Bytes bytes);

// ---- its snapshots
// By cycle, the newest first.
Result<std::vector<uint64_t>> snapshots_in(Files& files, const std::string& folder);
struct SnapshotChain {
  Snapshot snapshot;  // with what its bases have
  std::vector<SnapshotHead> heads;
};
// The one of that cycle and its bases. kMismatch if it is of another program.
Result<SnapshotChain> read_chain(Files& files, const std::string& folder, const Program& program,
                                 uint64_t cycle);

// ---- what stays the same of a run, in run.json
struct RunFacts {
  std::string run_id;                 // part of the keys of its effects
  std::vector<EffectChoice> effects;  // that are not simulated
};
Status write_facts(Files& files, const std::string& folder, const RunFacts& facts);
// kNotFound if there are none; kDamaged if they make no sense.
Result<RunFacts> read_facts(Files& files, const std::string& folder);

// ---- its program
// With its effects as the run has them. kNotFound if the folder has no run.
Result<std::shared_ptr<const Program>> program_in(Files& files, const std::string& folder);

// ---- all of it
struct Past {
  std::shared_ptr<const Program> program;
  std::vector<StartValue> start_values;
  std::optional<ResumePoint> from;  // none: from the start
  std::vector<InputImage> inputs;   // that come after it
  uint64_t cycle = 0;               // that it has come to at least
  uint64_t tick = 0;  // the same: somebody outside knows of it, or it brought an outcome
};
// As far back as the journal goes. kNotFound if the folder has no run.
Result<Past> read_past(Files& files, const std::string& folder);

// Runs it again to its end, in memory: until it rests or is interrupted, but no more than a million
// cycles beyond where it has come to.
Result<std::unique_ptr<Machine>> relive(Past past, MachineOptions how,
                                        const std::function<void(const World&)>& progress = {});

// Only as far as the folder itself knows: to its newest snapshot, and to what somebody outside has
// had a part in. What else has been said to it waits in the world.
Result<std::unique_ptr<Machine>> relive_known(
    Past past, MachineOptions how, const std::function<void(const World&)>& progress = {});

}  // namespace lexum
