// A run that went otherwise: the recorded run up to some moment, something changed there, and
// whatever comes of it, recorded as a trace of its own that knows its parent.
//
// A fork begins between two ticks, at the first such moment at or after the cycle that is named, so
// what that cycle sent is on its way and can be dropped or held up. What was changed is in the
// keyframe with which its trace begins, so nothing else is needed to replay it. Cycles, ticks,
// sends and inputs go on with the parent's numbers, and so a position means the same in both. The
// outside inputs that reached the parent later reach the fork in the same ticks; effects are
// simulated.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tracer/live.h"
#include "tracer/position.h"
#include "tracer/target.h"

namespace lexum {

// A message that waits somewhere; of a broadcast, each listener's copy.
struct DropMessage {
  AtSend message;
};
// It comes from outside, so many ticks later than it would have been there, kDelayMax at the most.
inline constexpr uint64_t kDelayMax = 1'000'000'000'000;
struct DelayMessage {
  AtSend message;
  uint64_t ticks = 1;
};
// A copy of it stands right behind it.
struct DuplicateMessage {
  AtSend message;
};
// It changes places with the one behind it.
struct SwapMessage {
  AtSend message;
};
struct InjectMessage {
  InputImage input;
};
struct SetField {
  DomainId domain;
  Value key;
  uint32_t slot = 0;
  Value value;
};
// It is FAULTED, as after a fault too many: it takes no more work, what it was about is begun anew
// when it is revived, and its message stands at the head of its mailbox again.
struct CrashInstance {
  Subjects whom;
};
// One that is FAULTED takes work again, and its faults are forgotten: with the message at the head
// of its mailbox, or, if that is dropped, with the next.
struct ReviveInstance {
  Subjects whom;
  bool drop = false;
};
using Change = std::variant<DropMessage, DelayMessage, DuplicateMessage, SwapMessage, InjectMessage,
                            SetField, CrashInstance, ReviveInstance>;

// `msg:Order[7]#12`, for the ones above.
Result<AtSend> read_message_name(const Program& program, std::string_view text);

struct ForkOptions {
  std::vector<Change> changes = {};
  std::vector<std::string> said = {};  // the changes as somebody wrote them, for people
  // Another program, with which the run goes on from there (translation.h).
  std::shared_ptr<const Program> program = nullptr;
  // Of the inputs that reached the parent later, those that do not reach the fork.
  std::function<bool(const InputImage&)> leave_out = {};
  uint64_t cycles_max = 10'000'000;  // in all; 0: no limit
  unsigned threads = 1;
};

struct Fork {
  uint64_t cycle = 0;  // after which it begins
  Outcome outcome = Outcome::kConverged;
  uint64_t cycles = 0;                 // the number of its last one
  std::vector<std::string> lost = {};  // what the other program has no place for
};

// A fork before its first tick.
struct BegunFork {
  std::unique_ptr<LiveRun> run;
  uint64_t cycle = 0;                  // after which it begins
  std::vector<std::string> lost = {};  // what the other program has no place for
};
// Fails (kMismatch, kNotFound) where a change cannot be made, and says what is there instead.
// Requires a cycle of the trace, or that after which it begins. The run may outlive the parent.
Result<BegunFork> begin_fork(TraceReader& parent, uint64_t cycle, const ForkOptions& options,
                             Files& files, const std::string& path, const Looking& looking = {});

// And lets it run. Writes the fork into that file. Fails as that does, and (kInterrupted) when it
// is interrupted: then the trace is whole up to there.
Result<Fork> fork(TraceReader& parent, uint64_t cycle, const ForkOptions& options, Files& files,
                  const std::string& path, const Looking& looking = {});

}  // namespace lexum
