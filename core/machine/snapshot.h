// A snapshot: a world between two ticks, and what its run hash is made of, as JSON that people can
// read and a run can go on from. SNAPSHOT.md has the members.
//
// A snapshot holds the instances that were touched since the one that it names as its base; the
// others stand there. Its last member is the BLAKE2b of everything before it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "machine/programs.h"
#include "machine/recorder.h"

namespace lexum {

inline constexpr uint64_t kSnapshotFormat = 3;
// How it ends.
inline constexpr std::string_view kSnapshotHashMember = ",\n\"hash\":\"";
inline constexpr std::string_view kSnapshotEnd = "\"}\n";

struct Snapshot {
  Hash256 program{};  // program_hash()
  Hash256 began{};    // of what the run began with: its owner's business
  std::vector<StartValue> start_values = {};
  ResumePoint point = {};
  Hash256 run_hash{};
  std::optional<uint64_t> base =
      {};                // the cycle of the snapshot that has the others; none: it is whole
  uint64_t journal = 0;  // the first record that is not in it
  std::vector<DomainId> domains = {};  // of all instances by id, to write it
  std::map<uint32_t, uint64_t> offsets =
      {};  // by instance: the last record that was delivered to it
};

// "4092.snapshot.json"
std::string snapshot_name(uint64_t cycle);
// None if that is no such name.
std::optional<uint64_t> snapshot_cycle(std::string_view name);

// Hands on the text piece by piece, and stops where that fails. The image is `world`, but for its
// instances, which are those, by id: that of the snapshot is passed over, so that none need be
// copied.
Status write_json(const Program& program, const Snapshot& snapshot, const WorldImage& world,
                  std::span<const InstanceImage* const> instances,
                  const std::function<Status(std::string_view)>& append);
// What stands before the rest: enough to say whose it is and what else it needs. Of one whose hash
// is right. The error (kDamaged) says what is wrong; of a format that is not known, kNewer.
struct SnapshotHead {
  uint64_t cycle = 0;
  Hash256 program{};
  Hash256 began{};
  Hash256 run_hash{};
  std::optional<uint64_t> base;
  uint64_t journal = 0;
};
Result<SnapshotHead> read_snapshot_head(const File& file);
// kMismatch if it is of another program. Reading, hashing and parsing go on at the same time, on as
// many processors as there are.
Result<Snapshot> read_snapshot(const Program& program, const File& file);

// A snapshot with what its bases have, the first of them whole and each the base of the next.
// kDamaged if that is no world of the program.
Result<Snapshot> put_together(const Program& program, std::vector<Snapshot> chain);

}  // namespace lexum
