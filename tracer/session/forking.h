// How a branch comes to be, whichever word makes it.
#pragma once

#include "session/session.h"
#include "tracer/fork.h"

namespace lexum {

struct NewBranch {
  std::string name;
  std::string path;  // of its trace
  uint64_t at = 0;   // after which cycle of the branch that one is in
  ForkOptions options = {};
  Said made = {};         // by which a change more would be made; no word: by none
  bool lets_run = false;  // to its end, so that it can be compared
};
// One is at its start then. One that was not let run is "stopped".
Result<Fork> make_branch(Session& session, const NewBranch& wanted);

}  // namespace lexum
