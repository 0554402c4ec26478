// Runs a program of programs/ in this process and says what that cost.
//
// There is nobody to report to: whatever goes wrong ends the process with a line that says what.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "check/program.h"
#include "machine/machine.h"
#include "tracer/writer.h"

namespace lexum {

// What is kept of the run while it goes on.
enum class Keep : uint8_t {
  kNothing,  // not even the hash: what running alone costs
  kHash,     // as every run does: run_hash, made on the recorder's thread
  kTrace,    // that, and a trace in a file
};
std::string_view spelling(Keep keep);

struct Cost {
  uint64_t cycles = 0;
  double wall_ns = 0;
  double thread_ns = 0;  // CPU time of the thread that runs the world
  double cpu_ns = 0;     // CPU time of all threads

  Cost& operator+=(const Cost& more);
};

// programs/NAME.lxm, ready to run.
std::shared_ptr<const Program> bench_program(const std::string& name);

struct DriveOptions {
  std::vector<std::string> settings = {};  // as behind --set
  unsigned threads = 1;
};

class Drive {
 public:
  Drive(const std::string& program, Keep keep, const DriveOptions& options = {});
  ~Drive();
  Drive(const Drive&) = delete;
  Drive& operator=(const Drive&) = delete;

  // Sends `message` (as behind --send; "" for none) and runs until nobody is ready. The hash and
  // the trace are complete when the clock stops.
  Cost run(const std::string& message);

  Hash256 run_hash() { return machine_->run_hash(); }
  // Of the whole file, once it is closed; 0 without one. Nothing is run after this.
  uint64_t close_trace();
  [[nodiscard]] const World& world() const { return machine_->world(); }

 private:
  const std::shared_ptr<const Program> program_;
  const Keep keep_;
  const std::string path_;  // of the trace, which is removed in the end
  std::unique_ptr<TraceWriter> writer_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace lexum
