#include "tracer/past_trace.h"

#include <algorithm>

#include "machine/machine.h"
#include "machine/past.h"
#include "tracer/writer.h"

namespace lexum {

namespace {

// Beyond where the folder has come to: it may have come further since its last snapshot.
constexpr uint64_t kCyclesBeyond = 1'000'000;

}  // namespace

Status record_past(Files& files, const std::string& folder, const std::string& trace,
                   const Looking& looking) {
  Result<Past> past = read_past(files, folder);
  if (!past) return past.error();
  TraceHeader header{.engine = std::string(engine_version()),
                     .run_id = new_run_id(),
                     .program_name = folder + "/program.lxm",
                     .program_text = std::string(past->program->source.text()),
                     .start_values = past->start_values,
                     .options = {{"--data", folder}}};
  if (past->from) {
    header.parent = {.run_id = "", .file = folder, .cycle = past->from->image.cycle, .changes = {}};
  }
  auto writer = TraceWriter::create(files, trace, *past->program, header);
  if (!writer) return writer.error();
  MachineOptions how{.start_values = past->start_values,
                     .cycles_max = past->cycle + kCyclesBeyond,
                     .sink = writer->get(),
                     .interrupt = looking.interrupt};
  const bool whole = !past->from;
  Machine machine = whole ? Machine(past->program, std::move(how))
                          : Machine(past->program, std::move(how), *past->from);
  for (InputImage& input : past->inputs) machine.add_input(std::move(input));
  // An input may have ended what was a loop until then.
  const auto is_over = [&](Outcome outcome) {
    return outcome != Outcome::kOscillating || machine.world().image().inputs.empty();
  };
  for (;;) {
    const Result<Outcome> outcome = machine.run([&](const World& world) {
      if (looking.progress) looking.progress(world.cycle());
    });
    if (!outcome) return outcome.error();
    if (*outcome == Outcome::kInterrupted) return interrupted();
    if (is_over(*outcome)) return machine.finish();
  }
}

}  // namespace lexum
