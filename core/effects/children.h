// Programs that are run for a while: bytes in, bytes out, an end. None outlives its time, and none
// outlives this, unless it left the process group that it was started in.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "effects/event_loop.h"

namespace lexum {

// What a program may print; what it says on stderr is kept to the last of these.
inline constexpr size_t kPrintedBytesMax = size_t{1} << 20;
inline constexpr size_t kComplaintBytesMax = size_t{4} << 10;

struct ChildCall {
  std::string path;
  std::vector<std::string> argv;  // at least one
  std::vector<std::string> env;   // "NAME=value", and nothing else
  std::string input;              // its stdin, and then the end of it
  int64_t timeout_ms = 0;
  size_t complaint_bytes_max = kComplaintBytesMax;
};

struct ChildEnd {
  enum class How : uint8_t {
    kNotStarted,  // `code` is an errno
    kExited,      // `code` is its exit status
    kSignalled,   // `code` is the signal
    kTimedOut,
    kTooLong,  // it printed more than kPrintedBytesMax
    kUnknown,  // the process ignores SIGCHLD, so that nobody knows
  };
  How how = How::kUnknown;
  int code = 0;
  std::string printed;
  std::string complaint;  // the end of its stderr
  bool complaint_is_cut = false;
};

class Children {
 public:
  using Ended = std::function<void(ChildEnd)>;

  explicit Children(EventLoop& loop);
  // Requires that the loop has stopped. Those that run are asked to end, and killed a second later;
  // nothing is told of them.
  ~Children();
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  // In a task of the loop. Tells of the end in a later one.
  void start(ChildCall call, Ended ended);

 private:
  struct Child;
  [[nodiscard]] bool watch(Child& child);
  void unwatch(Child& child);
  void hear(Child& child, bool to_the_end);
  void hear_complaint(Child& child, bool to_the_end);
  void too_late(Child& child);
  void ended(Child& child);

  EventLoop& loop_;
  std::map<int, std::unique_ptr<Child>> children_;  // by process id
};

}  // namespace lexum
