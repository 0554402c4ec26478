#include "machine/past.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/value_json.h"
#include "runtime/fits.h"
#include "store/journal.h"
#include "value/change.h"

namespace lexum {

namespace {

constexpr uint64_t kSnapshotBytesMax = uint64_t{8} << 30;

// What is too big for an id is that of nothing.
uint32_t id_of(uint64_t number) {
  return number < UINT32_MAX ? static_cast<uint32_t>(number) : UINT32_MAX;
}

}  // namespace

void write_epoch(ByteWriter& out, const Epoch& epoch) {
  out.raw(epoch.program);
  out.raw(epoch.began);
  out.text(epoch.engine);
  out.varint(epoch.start_values.size());
  for (const StartValue& start : epoch.start_values) {
    out.varint(start.domain.value);
    encode(out, start.key);
    out.varint(start.slot);
    encode(out, start.value);
  }
}

std::optional<Epoch> read_epoch(const Program& program, Bytes bytes) {
  ByteReader in(bytes);
  Epoch epoch;
  for (Hash256* hash : {&epoch.program, &epoch.began}) {
    const Bytes its = in.raw(hash->size());
    std::ranges::copy(its, hash->begin());
  }
  epoch.engine = in.text();
  if (!in.good()) return {};
  if (epoch.program != program_hash(program)) return epoch;
  for (uint64_t count = in.varint(); in.good() && count > 0; --count) {
    StartValue& start = epoch.start_values.emplace_back();
    start.domain.value = id_of(in.varint());
    start.key = decode(in);
    start.slot = id_of(in.varint());
    start.value = decode(in);
  }
  const bool good = in.good() && in.at_end() &&
                    std::ranges::all_of(epoch.start_values, [&](const StartValue& start) {
                      return fits(start, program);
                    });
  return good ? std::optional(std::move(epoch)) : std::nullopt;
}

void write_input(ByteWriter& out, const InputImage& input) {
  out.varint(input.number);
  out.varint(input.tick);
  out.varint(input.domain ? input.domain.value + 1 : 0);
  if (input.domain) encode(out, input.key);
  if (input.kind == InputKind::kMessage) {
    out.varint(input.domain ? input.routine.value : input.event.value);
  } else {
    out.varint(static_cast<uint64_t>(input.kind));
    out.varint(input.about);
    out.varint(input.index);
    out.byte(input.failed);
  }
  out.varint(input.args.size());
  for (const Value& arg : input.args) encode(out, arg);
}

std::optional<InputImage> read_input(const Program& program, DataRecord type, Bytes bytes) {
  ByteReader in(bytes);
  InputImage input;
  input.number = in.varint();
  input.tick = in.varint();
  const uint64_t domain = in.varint();
  if (domain > 0) {
    input.domain.value = id_of(domain - 1);
    input.key = decode(in);
  }
  const uint64_t what = in.varint();
  if (type == DataRecord::kAct) {
    if (what > static_cast<uint64_t>(InputKind::kSet)) return {};
    input.kind = static_cast<InputKind>(what);
    input.about = in.varint();
    input.index = id_of(in.varint());
    input.failed = in.byte() != 0;
  } else if (domain > 0) {
    input.routine.value = id_of(what);
  } else {
    input.event.value = id_of(what);
  }
  for (uint64_t count = in.varint(); in.good() && count > 0; --count) {
    input.args.push_back(decode(in));
  }
  const bool good = in.good() && in.at_end() && domain <= program.domains.size() &&
                    input.number > 0 && fits(input, program);
  return good ? std::optional(std::move(input)) : std::nullopt;
}

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

Result<SnapshotChain> read_chain(Files& files, const std::string& folder, const Program& program,
                                 uint64_t cycle) {
  std::vector<Snapshot> chain;
  SnapshotChain found;
  for (std::optional<uint64_t> at = cycle; at;) {
    const Result<std::string> json =
        read_text(files, folder + "/" + snapshot_name(*at), kSnapshotBytesMax);
    if (!json) return json.error();
    Result<Snapshot> one = read_snapshot(program, *json);
    if (!one) return one.error();
    at = one->base;
    found.heads.push_back({.cycle = one->point.image.cycle,
                           .program = one->program,
                           .began = one->began,
                           .base = one->base,
                           .journal = one->journal});
    chain.push_back(std::move(*one));
  }
  std::ranges::reverse(chain);
  Result<Snapshot> whole = put_together(program, std::move(chain));
  if (!whole) return whole.error();
  found.snapshot = std::move(*whole);
  return found;
}

namespace {
constexpr size_t kFactsBytesMax = size_t{1} << 20;

std::string facts_in(const std::string& folder) { return folder + "/run.json"; }
}  // namespace

Status write_facts(Files& files, const std::string& folder, const RunFacts& facts) {
  Json json{{"run_id", facts.run_id}, {"effects", Json::array()}};
  for (const EffectChoice& one : facts.effects) {
    json["effects"].push_back({{"adapter", one.adapter},
                               {"operation", one.operation},
                               {"mode", static_cast<int>(one.mode)}});
  }
  return replace_text(files, facts_in(folder), json.dump() + "\n");
}

Result<RunFacts> read_facts(Files& files, const std::string& folder) {
  const Result<std::string> text = read_text(files, facts_in(folder), kFactsBytesMax);
  if (!text) return text.error();
  const Error senseless{.code = ErrorCode::kDamaged,
                        .what = facts_in(folder) + " does not say what this lxm understands"};
  try {
    const Json json = Json::parse(*text);
    RunFacts facts{.run_id = json.at("run_id").get<std::string>(), .effects = {}};
    for (const Json& one : json.at("effects")) {
      const auto mode = one.at("mode").get<uint64_t>();
      if (mode > static_cast<uint64_t>(EffectMode::kBound)) return senseless;
      facts.effects.push_back({.adapter = one.at("adapter").get<std::string>(),
                               .operation = one.at("operation").get<std::string>(),
                               .mode = static_cast<EffectMode>(mode)});
    }
    return facts;
  } catch (const Json::exception&) {
    return senseless;
  }
}

Result<std::shared_ptr<const Program>> program_in(Files& files, const std::string& folder) {
  const std::string path = folder + "/program.lxm";
  Result<std::string> text = read_text(files, path, Source::kBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return Error{
        .code = ErrorCode::kNotFound,
        .what = folder + " has no run; `lxm run PROGRAM.lxm --data " + folder + "` begins one"};
  }
  if (!text) return text.error();
  Result<RunFacts> facts = read_facts(files, folder);
  if (!facts) return facts.error();
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program =
      load(Source(path, std::move(*text)), diagnostics, as_chosen(std::move(facts->effects)));
  if (program != nullptr) return program;
  return Error{.code = ErrorCode::kDamaged,
               .what = path + " is no program that this lxm understands"};
}

Result<Past> read_past(Files& files, const std::string& folder) {
  Result<std::shared_ptr<const Program>> program = program_in(files, folder);
  if (!program) return program.error();
  Past past{.program = std::move(*program), .start_values = {}, .from = {}, .inputs = {}};
  const Result<std::vector<uint64_t>> cycles = snapshots_in(files, folder);
  if (!cycles) return cycles.error();
  if (!cycles->empty()) past.cycle = cycles->front();
  std::optional<Epoch> epoch;
  uint64_t first = 0;  // of the records that are there
  std::vector<std::pair<uint64_t, InputImage>> inputs;
  const auto visit = [&](const JournalRecord& record) {
    if (first == 0) first = record.number;
    if (record.type == static_cast<uint8_t>(DataRecord::kEpoch)) {
      epoch = read_epoch(*past.program, record.payload);
      return epoch.has_value();
    }
    const auto type = static_cast<DataRecord>(record.type);
    if (type == DataRecord::kReached) {
      past.tick = std::max(past.tick, ByteReader(record.payload).varint());
    }
    if (type != DataRecord::kInput && type != DataRecord::kAct) return true;
    auto input = read_input(*past.program, type, record.payload);
    if (!input) return false;
    if (input->kind == InputKind::kOutcome) past.tick = std::max(past.tick, input->tick);
    inputs.emplace_back(record.number, std::move(*input));
    return true;
  };
  if (Status read = Journal::read(files, folder, 1, visit); !read) return read.error();
  uint64_t from = 1;
  if (epoch) {
    past.start_values = std::move(epoch->start_values);
  } else {
    // From the oldest snapshot that the journal goes back to.
    std::optional<Error> last;
    for (auto cycle = cycles->rbegin(); cycle != cycles->rend() && !past.from; ++cycle) {
      Result<SnapshotChain> chain = read_chain(files, folder, *past.program, *cycle);
      if (!chain) last = chain.error();
      if (!chain || (first != 0 && chain->snapshot.journal < first)) continue;
      from = chain->snapshot.journal;
      past.start_values = chain->snapshot.start_values;
      past.from = std::move(chain->snapshot.point);
    }
    if (!past.from && last) return *last;
    if (!past.from) {
      return Error{.code = ErrorCode::kNotFound,
                   .what = folder +
                           " has neither the start of its journal nor a snapshot that the "
                           "rest of it goes on from"};
    }
  }
  for (auto& [number, input] : inputs) {
    const bool in_world = past.from && input.number <= past.from->image.inputs_numbered;
    if (number >= from && !in_world) past.inputs.push_back(std::move(input));
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
