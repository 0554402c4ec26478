// The slow, obvious twin of the machine: language in, summary out. Every question is asked of the
// tree and of whole copies of the world each time it comes up; nothing is cached, so that the code
// can be read beside the language page.
//
// It runs in one cell, without adapters (every effect is simulated), operators and disks. The
// program must have passed the checker.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "syntax/source.h"

namespace lexum::twin {

struct Input {
  int64_t tick = 1;
  std::string text = {};  // `D[7] M(a: 1)`, or `Event::X(a: 1)` for a broadcast
};

struct Options {
  std::vector<std::string> sets = {};  // `D[7].field=VALUE`
  std::vector<Input> inputs = {};
  int64_t max_cycles = 10'000;  // 0: no limit
};

struct InstanceSummary {
  std::string name;    // D or D[7]
  std::string status;  // ready, asleep, faulted
  int64_t mailbox = 0;
  std::vector<std::string> fields = {};  // `name = literal`, sorted
  std::vector<std::string> goals = {};   // `name: status`, as written

  friend bool operator==(const InstanceSummary&, const InstanceSummary&) = default;
};

struct Summary {
  std::string outcome;   // converged, waiting, faulted, oscillating, halted, limit
  int64_t cycles = 0;    // how many there were
  int64_t ticks = 0;     // the number of the last tick that happened
  int64_t messages = 0;  // put into mailboxes
  std::vector<InstanceSummary> instances;  // in instance order
  std::vector<std::string> effects;        // `CYCLE D[7] Adapter.Operation(a: 1)`
  std::vector<std::string> dead_letters;   // `D[7] M(a: 1)`
  std::vector<std::string> faults;         // `CYCLE D[7] F001`
  std::vector<std::string> steps;          // `CYCLE TICK D[7] WORK [FAULT]`, see README

  friend bool operator==(const Summary&, const Summary&) = default;
};

// One line for each thing in a summary, so that two of them can be compared line by line.
std::vector<std::string> lines(const Summary& summary);
std::ostream& operator<<(std::ostream& out, const Summary& summary);
// What differs, with a few lines around the first difference, or "" if nothing does.
std::string difference(const Summary& expected, const Summary& actual);

Summary run(const Source& source, const Options& options);

}  // namespace lexum::twin
