// What a script may rely on when lxm has ended.
#pragma once

namespace lexum {

enum ExitStatus : int {
  kExitDone = 0,         // converged, or whatever else was asked for is done
  kExitUsage = 1,        // a bad program or command line
  kExitUnsatisfied = 2,  // quiescent, and a goal is not satisfied
  kExitFaulted = 3,      // an instance is FAULTED, or an assert halted the run
  kExitOscillating = 4,
  kExitLimit = 5,  // of cycles
  kExitDisk = 6,   // full, no permission, a damaged or foreign file
  kExitInterrupted = 130,
};

// Of what compares two runs.
enum CompareStatus : int {
  kExitSame = 0,
  kExitDifferent = 1,
  kExitNotCompared = 2,
};

}  // namespace lexum
