// A run that goes on, run once more from its start with another program and with all that was sent
// to it: where that makes no difference to what it has done, the program can take the place of the
// other one, and its past with it.
#pragma once

#include <memory>
#include <string>

#include "tracer/live.h"
#include "tracer/reader.h"

namespace lexum {

// Up to the tick in which `run` is, recorded into that file. Null if it does otherwise, which is
// looked for unless it is `certain` that it does not. `trace` is the record of `run`. Fails
// (kMismatch) where the program has no place for something, (kInterrupted) when it is interrupted.
Result<std::unique_ptr<LiveRun>> run_again(TraceReader& trace, const LiveRun& run,
                                           std::shared_ptr<const Program> program, bool certain,
                                           Files& files, const std::string& path,
                                           const Looking& looking = {});

}  // namespace lexum
