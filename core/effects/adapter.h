// The door to the world, from the inside: what a program wants done, who does it, and what comes
// of it. Plain data on both sides, so that whoever carries something out knows nothing of programs.
#pragma once

#include <functional>
#include <string>

namespace lexum {

// Something that a program wants done.
struct Errand {
  std::string adapter;    // "Infra"
  std::string operation;  // "CreatePostgres"
  std::string key;        // of idempotency: the same each time the same thing is asked for
  std::string args;       // a JSON object: {"size":2}
};

// What came of it.
struct ErrandAnswer {
  bool failed = false;
  std::string text;  // done: a JSON value; failed: why, in words
};

class Adapter {
 public:
  // Called once for each errand, from any thread, maybe before carry_out() has returned.
  using Tell = std::function<void(ErrandAnswer)>;

  virtual ~Adapter() = default;
  // Begins it and does not wait. Errands that are under way when the adapter goes are broken off
  // and not told of.
  virtual void carry_out(Errand errand, Tell tell) = 0;
};

}  // namespace lexum
