// Ten million cycles of the mixed program, with strings, messages and goals of a thousand
// instances: recorded once, and removed in the end.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

#include "drive.h"
#include "machine/inputs.h"
#include "tracer/writer.h"

namespace lexum {

class MixedTrace {
 public:
  MixedTrace() {
    const int made = mkstemp(path_.data());
    LEXUM_CHECK(made >= 0);
    close(made);
    const std::shared_ptr<const Program> program = bench_program("mixed");
    const TraceHeader header{.engine = "bench",
                             .run_id = "bench",
                             .program_name = "mixed.lxm",
                             .program_text = std::string(program->source.text()),
                             .start_values = {},
                             .options = {}};
    auto writer = std::move(*TraceWriter::create(disk(), path_, *program, header));
    MachineOptions options;
    options.sink = writer.get();
    Machine machine(program, options);
    machine.add_input(*read_message(*program, "Crowd Go(tokens: 1000, hops: 100000)"));
    LEXUM_CHECK(machine.run().ok() && machine.finish().ok());
  }
  ~MixedTrace() { std::filesystem::remove(path_); }
  MixedTrace(const MixedTrace&) = delete;
  MixedTrace& operator=(const MixedTrace&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "lexum-bench-XXXXXX").string();
};

// The one of this process, recorded when it is first asked for.
inline const MixedTrace& mixed_trace() {
  static const MixedTrace trace;
  return trace;
}

}  // namespace lexum
