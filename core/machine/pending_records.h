// In which records of a journal the inputs stand that nobody has got yet. They come and go nearly
// in order.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

namespace lexum {

class PendingRecords {
 public:
  // Requires numbers that ascend.
  void note(uint64_t input, uint64_t record) {
    if (records_.empty()) first_ = input;
    records_.resize(input - first_, 0);
    records_.push_back(record);
  }
  // The record, once; 0 if there is none.
  uint64_t take(uint64_t input) {
    if (input < first_ || input - first_ >= records_.size()) return 0;
    const uint64_t record = std::exchange(records_[input - first_], 0);
    for (; !records_.empty() && records_.front() == 0; ++first_) records_.pop_front();
    return record;
  }

 private:
  std::deque<uint64_t> records_;  // by input, from first_ on; 0: it was taken
  uint64_t first_ = 0;
};

}  // namespace lexum
