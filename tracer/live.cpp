#include "tracer/live.h"

#include <chrono>

#include "machine/door.h"
namespace lexum {

Result<std::unique_ptr<LiveRun>> LiveRun::begin(Files& files, const std::string& path,
                                                std::shared_ptr<const Program> program,
                                                const TraceHeader& header, const WorldImage* from,
                                                unsigned threads) {
  Result<std::unique_ptr<TraceWriter>> writer = TraceWriter::create(files, path, *program, header);
  if (!writer) return writer.error();
  std::unique_ptr<LiveRun> run(new LiveRun(std::move(*writer), program));
  MachineOptions options;
  options.start_values = header.start_values;
  options.threads = threads;
  options.cycles_max = 0;
  options.sink = run->writer_.get();
  options.listener = &run->ear_;
  options.outside = &run->outside_;
  run->machine_ = from != nullptr
                      ? std::make_unique<Machine>(std::move(program), std::move(options), *from)
                      : std::make_unique<Machine>(std::move(program), std::move(options));
  if (Status settled = run->settle(); !settled) return settled.error();
  return run;
}

void LiveRun::Ear::cycle(const CycleRecord& record) {
  notes.cycle(record);
  if (here != nullptr && !found && (*here)(record)) found = record.cycle;
}

Result<std::vector<InputImage>> LiveRun::Nobody::exchange(World& world) {
  std::vector<InputImage> answers;
  for (const IntentImage& intent : world.take_fresh_intents()) {
    const DomainId domain = world.domain_of(intent.instance);
    ReadAnswer done = read_answer(world.program(), domain, intent.effect, {.text = "null"});
    answers.push_back({.kind = InputKind::kOutcome,
                       .domain = domain,
                       .key = world.key_of(intent.instance),
                       .args = {std::move(done.value)},
                       .about = intent.cycle,
                       .index = intent.index,
                       .failed = done.failed});
  }
  return answers;
}

void LiveRun::send(InputImage input) {
  const uint64_t now = world().tick_now();
  input.tick = std::max(input.tick, machine_->next_tick());
  sent_.push_back({.in_tick = now, .input = input});
  machine_->add_input(std::move(input));
}

bool LiveRun::at_end() const { return world().halted() || world().at_rest(); }

Result<LiveRun::Ran> LiveRun::run(const Until& until, const Looking& looking) {
  using Clock = std::chrono::steady_clock;
  constexpr uint64_t kTicksPerLook = 256;
  constexpr auto kProgressEvery = std::chrono::milliseconds(100);

  ear_.found.reset();
  ear_.here = until.here ? &until.here : nullptr;
  Ran ran;
  std::optional<Error> failed;
  Clock::time_point told = Clock::now();
  for (uint64_t ticks = 1; !ran.outcome && !ear_.found; ++ticks) {
    const bool enough = world().cycle() >= until.cycle || world().tick_now() >= until.tick;
    if (enough && !at_end()) break;  // how it has ended, the next tick says without being run
    if (looking.stopped()) {
      ran.outcome = Outcome::kInterrupted;
      break;
    }
    const Result<std::optional<Outcome>> ended = machine_->tick();
    if (!ended) {
      failed = ended.error();
      break;
    }
    ran.outcome = *ended;
    if (looking.progress && ticks % kTicksPerLook == 0 && Clock::now() - told >= kProgressEvery) {
      told = Clock::now();
      looking.progress(world().cycle());
    }
  }
  ear_.here = nullptr;
  ran.here = ear_.found;
  const Status settled = settle();
  if (failed) return *failed;
  if (!settled) return settled.error();
  return ran;
}

// The footer is there for whoever reads the file now; what is recorded later has another one.
Status LiveRun::settle() {
  if (Status flushed = machine_->flush(); !flushed) return flushed;
  return writer_->close();
}

}  // namespace lexum
