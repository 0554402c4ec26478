// What only the events of a run say, and of all of it: which domain told which how much, where
// messages went to the dead letters, which chunks cannot be read, and what values a field has had.
//
// The file is read from front to back, once, beside everything else: on a thread of its own that
// has its own reader, or by whoever steps it. What was found is taken over between two frames.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/pyramid.h"
#include "store/files.h"
#include "tracer/reader.h"
#include "tracer/target.h"

namespace lexum {

// Messages from a domain to a domain.
struct Flow {
  DomainId from;  // none: from outside
  DomainId to;
  uint32_t messages = 0;  // that were taken
};
struct ChunkSurvey {
  bool is_readable = false;
  std::vector<Flow> flows = {};
};
struct DeadLetters {
  uint64_t cycle = 0;  // that brought them there
  uint32_t count = 0;
};

class Survey {
 public:
  // So many places with dead letters are kept; the others are counted.
  static constexpr size_t kDeadMax = 1'000;

  // Nothing is read yet. `files` outlives it.
  Survey(Files& files, std::string trace);
  // Ends the thread.
  ~Survey();
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  // Begins a thread that reads all there is.
  void start();
  // Reads a chunk; false: there is nothing to do. Requires that there is no thread.
  bool step();
  // The trace has more than it had.
  void go_on();
  // Of which field the values are wanted; none: of none. Those of another one are forgotten.
  void follow(std::optional<FieldTarget> field);

  // What was found since, by whoever reads. True: there is something new.
  bool take();
  // There is.
  [[nodiscard]] bool has_news() const;
  // Nothing that was asked for is still to come, or it was found that nothing can.
  [[nodiscard]] bool is_done() const;

  // Of what was taken over; the chunks that were read so far, in order.
  [[nodiscard]] const std::vector<ChunkSurvey>& chunks() const { return chunks_; }
  [[nodiscard]] const std::vector<DeadLetters>& dead() const { return dead_; }
  [[nodiscard]] uint64_t dead_in_all() const { return dead_in_all_; }
  // Of the field that is followed. Until all of its values are there: how it went in whole
  // stretches (extents.h), where the trace says that.
  [[nodiscard]] const Pyramid& values() const { return course_.is_empty() ? values_ : course_; }
  // All of its values are there.
  [[nodiscard]] bool has_all_values() const { return has_all_values_; }

 private:
  class Walk;

  std::unique_ptr<Walk> walk_;
  std::vector<ChunkSurvey> chunks_;
  std::vector<DeadLetters> dead_;
  uint64_t dead_in_all_ = 0;
  Pyramid values_;
  Pyramid course_;
  bool has_all_values_ = false;
};

}  // namespace lexum
