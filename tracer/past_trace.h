// A data folder as a trace: what its journal says is run again, from as far back as it goes, and
// recorded. So whatever can be asked of a trace can be asked of a run that nobody has recorded.
#pragma once

#include <string>

#include "base/result.h"
#include "store/files.h"
#include "tracer/scan.h"

namespace lexum {

// Into the file `trace`. What could still be going on is run to where the folder has come to, and
// as far as it goes by itself, within bounds. Nothing in the folder is touched. Fails
// (kInterrupted) when interrupted.
Status record_past(Files& files, const std::string& folder, const std::string& trace,
                   const Looking& looking = {});

}  // namespace lexum
