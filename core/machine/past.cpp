#include "machine/past.h"

#include <algorithm>

#include <fmt/format.h>

#include "machine/legs.h"

namespace lexum {

Result<std::vector<uint64_t>> snapshots_in(Files& files, const std::string& folder) {
  const Result<std::vector<std::string>> names = files.list(folder);
  if (!names) return names.error();
  std::vector<uint64_t> cycles;
  for (const std::string& name : *names) {
    if (const auto cycle = snapshot_cycle(name)) cycles.push_back(*cycle);
  }
  std::ranges::sort(cycles, std::ranges::greater());
  return cycles;
}

Result<SnapshotChain> read_chain(Files& files, const std::string& folder, Programs& programs,
                                 uint64_t cycle) {
  std::vector<Snapshot> chain;
  SnapshotChain found;
  for (std::optional<uint64_t> at = cycle; at;) {
    const Result<std::unique_ptr<File>> file = files.open(folder + "/" + snapshot_name(*at));
    if (!file) return file.error();
    auto program = found.program != nullptr ? Result<std::shared_ptr<const Program>>(found.program)
                                            : programs.newest();
    if (!program) return program.error();
    Result<Snapshot> one = read_snapshot(**program, **file);
    if (!one && one.error().code == ErrorCode::kMismatch && found.program == nullptr) {
      const Result<SnapshotHead> head = read_snapshot_head(**file);
      if (!head) return head.error();
      program = programs.get(head->program);
      if (!program) return program.error();
      one = read_snapshot(**program, **file);
    }
    if (!one) {
      return found.program == nullptr ? one.error()
                                      : Error{.code = ErrorCode::kDamaged,
                                              .what = "what it builds on: " + one.error().what};
    }
    found.program = std::move(*program);
    at = one->base;
    found.heads.push_back({.cycle = one->point.image.cycle,
                           .program = one->program,
                           .began = one->began,
                           .run_hash = one->run_hash,
                           .base = one->base,
                           .journal = one->journal});
    chain.push_back(std::move(*one));
  }
  std::ranges::reverse(chain);
  Result<Snapshot> whole = put_together(*found.program, std::move(chain));
  if (!whole) return whole.error();
  found.snapshot = std::move(*whole);
  return found;
}

namespace {

// How far the records go that are there, and which program they were last of.
struct Extent {
  uint64_t first = 0;  // 0: there is none
  std::optional<Epoch> last = {};
};
Result<Extent> extent_of(Files& files, const std::string& folder) {
  Extent extent;
  const Status read = Journal::read(files, folder, 1, [&](const JournalRecord& record) {
    if (extent.first == 0) extent.first = record.number;
    if (record.type != static_cast<uint8_t>(DataRecord::kEpoch)) return true;
    std::optional<Epoch> epoch = read_epoch(record.payload);
    if (epoch) extent.last = std::move(epoch);
    return epoch.has_value();
  });
  if (!read) return read.error();
  return extent;
}

Error nothing_there(const std::string& folder) {
  return {.code = ErrorCode::kNotFound,
          .what = folder +
                  " has neither the start of its journal nor a snapshot that the rest of it goes "
                  "on from"};
}

// Of the program that the run is of now. Of one that was never upgraded, there is no choice.
Result<Hash256> current_program(Files& files, const std::string& folder, const RunFacts& facts) {
  if (facts.programs.size() == 1) return facts.programs.front().hash;
  const Result<Extent> extent = extent_of(files, folder);
  if (!extent) return extent.error();
  if (extent->last) return extent->last->program;
  const Result<std::vector<uint64_t>> cycles = snapshots_in(files, folder);
  if (!cycles) return cycles.error();
  for (const uint64_t cycle : *cycles) {
    const auto file = files.open(folder + "/" + snapshot_name(cycle));
    if (!file) return file.error();
    if (const auto head = read_snapshot_head(**file)) return head->program;
  }
  return nothing_there(folder);
}

}  // namespace

Result<std::shared_ptr<const Program>> program_in(Files& files, const std::string& folder) {
  const Result<RunFacts> facts = read_facts(files, folder);
  if (!facts) return facts.error();
  const Result<Hash256> hash = current_program(files, folder, *facts);
  if (!hash) return hash.error();
  return Programs(files, folder, *facts, nullptr).get(*hash);
}

namespace {

// Where the reading of a folder begins, so that it reaches as far back as its last program does.
struct Beginning {
  std::optional<SnapshotChain> snapshot;  // none: at the start
  uint64_t record = 1;
};
Result<Beginning> beginning_in(Files& files, const std::string& folder, Programs& programs,
                               const Extent& extent, const std::vector<uint64_t>& cycles,
                               std::optional<uint64_t> at) {
  const bool whole = !at;
  if (whole && extent.last && extent.last->tick == 0) return Beginning{};
  std::optional<Error> last;
  std::optional<SnapshotChain> found;
  // The oldest of that program; if there is none, the newest of the one before it.
  for (const uint64_t cycle : cycles) {
    if (at && cycle > *at) continue;
    Result<SnapshotChain> chain = read_chain(files, folder, programs, cycle);
    if (!chain) last = chain.error();
    if (!chain || (extent.first != 0 && chain->snapshot.journal < extent.first)) continue;
    if (found && chain->program != found->program) break;
    found = std::move(*chain);
    if (!whole) break;
    if (extent.last && found->heads.front().program != extent.last->program) break;
  }
  if (found) {
    const uint64_t record = found->snapshot.journal;
    return Beginning{std::move(found), record};
  }
  if (extent.first == 1) return Beginning{};
  if (last) return *last;
  return nothing_there(folder);
}

}  // namespace

Result<Past> read_past(Files& files, const std::string& folder, std::optional<uint64_t> cycle) {
  const Result<RunFacts> facts = read_facts(files, folder);
  if (!facts) return facts.error();
  const Result<std::vector<uint64_t>> cycles = snapshots_in(files, folder);
  if (!cycles) return cycles.error();
  const Result<Extent> extent = extent_of(files, folder);
  if (!extent) return extent.error();
  Programs programs(files, folder, *facts, nullptr);
  Result<Beginning> begins = beginning_in(files, folder, programs, *extent, *cycles, cycle);
  if (!begins) return begins.error();

  std::optional<Leg> first;
  std::optional<ResumePoint> from;
  if (begins->snapshot) {
    Snapshot& snapshot = begins->snapshot->snapshot;
    first = Leg{begins->snapshot->program, std::move(snapshot.start_values)};
    from = std::move(snapshot.point);
  }
  LegReader reader(programs, std::move(first));
  const Status read =
      Journal::read(files, folder, begins->record,
                    [&](const JournalRecord& record) { return reader.take(record); });
  if (reader.wrong) return *reader.wrong;
  if (!read) return read.error();
  if (reader.legs.empty()) return nothing_there(folder);
  Result<std::optional<ResumePoint>> last = run_to_last(reader.legs, std::move(from), {});
  if (!last) return last.error();

  Leg& leg = reader.legs.back();
  Past past{.program = std::move(leg.program),
            .start_values = std::move(leg.start_values),
            .from = std::move(*last),
            .inputs = {},
            .cycle = cycles->empty() ? 0 : cycles->front(),
            .tick = reader.reached};
  for (auto& [record, input] : leg.inputs) {
    if (input.kind == InputKind::kOutcome) past.tick = std::max(past.tick, input.tick);
    const bool in_world = past.from && input.number <= past.from->image.inputs_numbered;
    if (!in_world) past.inputs.push_back(std::move(input));
  }
  return past;
}

namespace {
std::unique_ptr<Machine> machine_of(Past& past, MachineOptions how) {
  how.start_values = std::move(past.start_values);
  auto machine = past.from ? std::make_unique<Machine>(past.program, std::move(how), *past.from)
                           : std::make_unique<Machine>(past.program, std::move(how));
  for (InputImage& input : past.inputs) machine->add_input(std::move(input));
  return machine;
}
}  // namespace

Result<std::unique_ptr<Machine>> relive(Past past, MachineOptions how,
                                        const std::function<void(const World&)>& progress) {
  // It may have come further since its last snapshot.
  constexpr uint64_t kCyclesBeyond = 1'000'000;
  how.cycles_max = past.cycle + kCyclesBeyond;
  auto machine = machine_of(past, std::move(how));
  const Result<Outcome> outcome = machine->run(progress);
  if (!outcome) return outcome.error();
  if (*outcome != Outcome::kInterrupted) return machine;
  return Error{.code = ErrorCode::kInterrupted, .what = "interrupted"};
}

Result<std::unique_ptr<Machine>> relive_before(Past past, MachineOptions how, uint64_t tick) {
  auto machine = machine_of(past, std::move(how));
  if (Status there = machine->run_before(tick); !there) return there.error();
  return machine;
}

Result<std::unique_ptr<Machine>> relive_known(Past past, MachineOptions how,
                                              const std::function<void(const World&)>& progress) {
  constexpr uint64_t kTicksPerLook = 1024;
  const std::atomic<bool>* const interrupt = how.interrupt;
  auto machine = machine_of(past, std::move(how));
  const World& world = machine->world();
  if (Status begun = machine->flush(); !begun) return begun.error();
  for (uint64_t ticks = 1; world.cycle() < past.cycle || world.tick_now() < past.tick; ++ticks) {
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) {
      return Error{.code = ErrorCode::kInterrupted, .what = "interrupted"};
    }
    const Result<std::optional<Outcome>> ended = machine->tick();
    if (!ended) return ended.error();
    if (*ended) break;
    if (progress && ticks % kTicksPerLook == 0) progress(world);
  }
  return machine;
}

}  // namespace lexum
