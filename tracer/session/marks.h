// The names that somebody has given to moments of a trace, in a file beside it: looking at a trace
// never changes it.
//
// `run.lxtrace.marks` is one JSON object, {"marks": {"before-crash": "1042:3"}}: by name, the
// position.
#pragma once

#include "store/files.h"
#include "tracer/position.h"

namespace lexum {

// None where there is no such file. One that makes no sense is an error (kDamaged) that names it.
Result<Bookmarks> read_marks(Files& files, const std::string& trace);
Status write_marks(Files& files, const std::string& trace, const Bookmarks& marks);

}  // namespace lexum
