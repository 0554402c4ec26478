#include "tracer/past_trace.h"

#include <algorithm>

#include "machine/machine.h"
#include "machine/past.h"
#include "tracer/writer.h"

namespace lexum {

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
  const Result<std::unique_ptr<Machine>> machine =
      relive(std::move(*past), {.sink = writer->get(), .interrupt = looking.interrupt},
             [&](const World& world) {
               if (looking.progress) looking.progress(world.cycle());
             });
  return machine ? (*machine)->finish() : Status(machine.error());
}

}  // namespace lexum
