// What somebody who looks at a recorded run has before them: the run, where they stand in it, and
// how they name things. The words (word.h) act on it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tracer/position.h"
#include "tracer/timeline.h"

namespace lexum {

class Session {
 public:
  // Stands where there is most to see: where a run has failed, or at its end. `looking` is for all
  // that takes time; it and `files` outlive the session.
  static Result<std::unique_ptr<Session>> open(Files& files, const std::string& path,
                                               const Looking& looking);

  [[nodiscard]] Files& files() { return files_; }
  [[nodiscard]] TraceReader& trace() { return *trace_; }
  [[nodiscard]] Timeline& timeline() { return *timeline_; }
  [[nodiscard]] const Program& program() const { return trace_->program(); }
  [[nodiscard]] const Looking& looking() const { return looking_; }
  [[nodiscard]] bool interrupted() const { return looking_.stopped(); }

  [[nodiscard]] Moment at() const { return at_; }
  // Where it failed: at the cycle whose assert ended it, else the first that made an instance
  // FAULTED, else the first fault; 0 if nothing did.
  [[nodiscard]] uint64_t fault() const { return fault_; }
  Status go_to(std::string_view position);
  // Inside a cycle: who runs there, and its fields as the next statement finds them.
  struct Inside {
    InstanceId id;
    std::vector<Value> fields;
  };
  [[nodiscard]] const std::optional<Inside>& inside() const { return inside_; }
  [[nodiscard]] Result<Moment> moment(std::string_view position);

 private:
  Session(Files& files, std::unique_ptr<TraceReader> trace, std::unique_ptr<Timeline> timeline,
          const Looking& looking);
  void find_fault();

  Files& files_;
  const std::unique_ptr<TraceReader> trace_;
  const std::unique_ptr<Timeline> timeline_;
  const Looking& looking_;
  Moment at_;
  std::optional<Inside> inside_;
  uint64_t fault_ = 0;
};

}  // namespace lexum
