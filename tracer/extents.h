// Between which numbers fields were, over a stretch of cycles, so that a long run can be plotted
// without its events: minima and maxima, as audio editors draw waves. Of ints, and bools as 0
// and 1.
//
// A record of them covers as many chunks as weigh sixteen times as much, about: where few fields
// change it comes often, and where many do, seldom.
#pragma once

#include <cstdint>
#include <vector>

#include "check/program.h"
#include "runtime/key_index.h"
#include "tracer/chunk_index.h"

namespace lexum {

// Of what was written; what it was before that is not in it.
struct FieldExtent {
  uint32_t slot = 0;
  Extent extent = {};
  friend bool operator==(const FieldExtent&, const FieldExtent&) = default;
};
struct InstanceExtents {
  DomainId domain;
  Value key = {};
  std::vector<FieldExtent> fields = {};  // by slot
  friend bool operator==(const InstanceExtents&, const InstanceExtents&) = default;
};
struct Extents {
  uint64_t first_cycle = 1;
  uint64_t cycle_count = 0;
  bool is_whole = true;                         // else it lacks some that were too many
  std::vector<InstanceExtents> instances = {};  // by domain, then key
};

// Whether they are of declarations that there are, with keys that fit, and each last number is one
// of those between the lowest and the highest.
bool fits(const Extents& extents, const Program& program);

// Collects them while a trace is written.
class ExtentNotes {
 public:
  // So many fields are noted between two records.
  static constexpr size_t kFieldsMax = size_t{1} << 14;

  explicit ExtentNotes(const Program& program) : program_(program) { begin(1); }

  // The next chunk, which has so many bytes in the file.
  void add(uint64_t first_cycle, uint64_t cycle_count, const IndexNotes& notes, size_t bytes);
  [[nodiscard]] bool is_due() const;
  [[nodiscard]] bool is_empty() const { return bytes_ == 0; }
  // What was noted since the last time.
  Extents take();
  // So many bytes did what was taken take in the file.
  void took(size_t bytes);

 private:
  void begin(uint64_t first_cycle);

  const Program& program_;
  Extents extents_;
  std::vector<KeyIndex> known_;  // by domain: where an instance stands in it
  size_t fields_ = 0;
  size_t bytes_ = 0;
  size_t bytes_each_ = 6;  // that a field takes in a record, about
  size_t fields_taken_ = 0;
};

}  // namespace lexum
