// What a data folder (DATA.md) says has been: enough to run it again. Nothing in it is touched, and
// another process may go on with it meanwhile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "machine/programs.h"
#include "machine/snapshot.h"
#include "store/files.h"

namespace lexum {

// ---- its snapshots
// By cycle, the newest first.
Result<std::vector<uint64_t>> snapshots_in(Files& files, const std::string& folder);
struct SnapshotChain {
  std::shared_ptr<const Program> program;
  Snapshot snapshot;                // with what its bases have
  std::vector<SnapshotHead> heads;  // its own, then those of its bases
};
// The one of that cycle and its bases.
Result<SnapshotChain> read_chain(Files& files, const std::string& folder, Programs& programs,
                                 uint64_t cycle);

// ---- its program
// The one that it is of now, with its effects as the run has them. kNotFound if the folder has no
// run.
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
// As far back as the journal goes, but no further than to its last upgrade; or no further than to
// the newest snapshot of that cycle or an earlier one. kNotFound if the folder has no run.
Result<Past> read_past(Files& files, const std::string& folder, std::optional<uint64_t> cycle = {});

// Runs it again to its end, in memory: until it rests or is interrupted, but no more than a million
// cycles beyond where it has come to.
Result<std::unique_ptr<Machine>> relive(Past past, MachineOptions how,
                                        const std::function<void(const World&)>& progress = {});

// Only all ticks before that one.
Result<std::unique_ptr<Machine>> relive_before(Past past, MachineOptions how, uint64_t tick);

// Only as far as the folder itself knows: to its newest snapshot, and to what somebody outside has
// had a part in. What else has been said to it waits in the world.
Result<std::unique_ptr<Machine>> relive_known(
    Past past, MachineOptions how, const std::function<void(const World&)>& progress = {});

}  // namespace lexum
