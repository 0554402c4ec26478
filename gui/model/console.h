// The prompt of the window: whatever is typed, and whatever is clicked as what could have been
// typed, with what the session said to it.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "session/session.h"

namespace lexum {

class Console {
 public:
  // Older ones are forgotten.
  static constexpr size_t kLinesMax = 2'000;

  // The session outlives it.
  explicit Console(Session& session) : session_(session) {}

  // Does it; false if it could not be done, which is then the last line. `line` may be anything.
  bool run(const std::string& line);

  // A line that was done already: where somebody has gone by hand. A row of those is one line.
  void went(const std::string& line);

  // The cycles that the last answer named, in that order: they can be shown where they lie.
  [[nodiscard]] const std::vector<uint64_t>& named() const { return named_; }

  // What Tab makes of a line that ends there: as much as all that could stand there have in common.
  // If that is nothing more, what could stand there is said.
  std::string completed(const std::string& line);
  // So many lines back among those that were typed, 1 being the last; empty before the first.
  [[nodiscard]] std::string typed(size_t back) const;

  struct Said {
    Line line;
    bool is_typed = false;
    bool is_error = false;
  };
  [[nodiscard]] const std::deque<Said>& said() const { return said_; }

 private:
  void add(Line line, bool is_typed);

  Session& session_;
  std::deque<Said> said_;
  std::vector<uint64_t> named_;
  bool is_going_ = false;  // the last line is one of those that are one
};

}  // namespace lexum
