// What stands in a trace, event by event, as plain data to look at. The same views are made of a
// run that is being watched, so that both are shown alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "machine/side.h"
#include "runtime/image.h"
#include "runtime/record.h"
#include "value/value.h"

namespace lexum {

// A value, or what is known of one that stands only by its digest or by an edit of it.
struct SeenValue {
  Value value = {};  // where it is known
  bool known = true;
  Kind kind = Kind::kNull;  // of one that is not: what it is, if that is known (else null),
  uint64_t size = 0;        // and its bytes, elements or entries
};

struct ChangeView {
  uint32_t slot = 0;
  SeenValue before = {};
  SeenValue after = {};
  std::vector<std::byte> edit =
      {};  // of long values: turns one side into the other (value/change.h)
};

struct EmissionView {
  EmissionId site;
  Value key = {};
  std::vector<Value> args = {};
};

struct FaultView {
  Code code = Code::kCount_;
  Span span;
  std::string message = {};
  std::vector<ChangeView> rejected = {};  // what the slice would have changed
};

struct CauseView {
  OriginKind kind = OriginKind::kInput;
  uint64_t cycle = 0;       // that emitted it; 0: from outside
  uint32_t emission = 0;    // which of that cycle's
  uint64_t input = 0;       // kInput: its number
  std::string sender = {};  // as it is called, where that was looked up
};

struct CycleView {
  uint64_t cycle = 0;
  uint64_t tick = 0;
  DomainId domain;
  Value key = {};
  WorkKind work = WorkKind::kGoal;
  RoutineIndex routine;
  uint32_t slice = 0;
  GoalIndex goal;                       // kGoal, kElse
  std::optional<CauseView> cause = {};  // kMessage
  std::vector<ChangeView> changes = {};
  std::vector<EmissionView> emissions = {};
  std::vector<GoalFlip> flips = {};
  std::optional<FaultView> fault = {};
  bool made_faulted = false;
  bool retires = false;
  std::vector<std::string> logs = {};
  uint32_t dead = 0;  // messages that went to the dead letters
  uint64_t correlation = 0;
};

struct InputView {
  uint64_t tick = 0;
  uint64_t number = 0;
  InputKind kind = InputKind::kMessage;
  bool dead = false;
  DomainId domain;  // none: a broadcast
  Value key = {};
  RoutineIndex routine;
  EventId event;
  std::vector<Value> args = {};
};

// What an operator's act did, out of its arguments (record.h).
struct ActView {
  uint64_t about = 0;
  bool revives = false;
  bool boots = false;
  bool drops = false;
  bool kills = false;
  bool returns = false;
  std::vector<FieldImage> changes = {};  // what the fields became; of a dead one would have
  std::vector<std::pair<GoalIndex, GoalStatus>> flips = {};
};
// None if they make no sense for the domain: there are no such fields or goals, or no such values.
std::optional<ActView> act_of(const InputView& view, const Program& program);

struct OutcomeView {
  uint64_t tick = 0;
  uint64_t number = 0;  // of one that came from outside
  DomainId domain;
  Value key = {};
  uint64_t cause = 0;
  uint32_t index = 0;
  bool failed = false;
  bool dead = false;
  bool unheard = false;
  Value value = {};
};

struct RollbackView {
  uint64_t cycle = 0;
  uint64_t to_cycle = 0;
  bool only_slice = false;
};

struct StartedView {
  DomainId domain;
  Value key = {};
};

struct HoldView {
  HoldKind kind = HoldKind::kPutOff;
  uint64_t tick = 0;
  DomainId domain;
  Value key = {};
  DomainId mailbox = {};  // none: not named
  Value mailbox_key = {};
};

using EventView =
    std::variant<CycleView, InputView, OutcomeView, RollbackView, StartedView, HoldView>;

CycleView view_of(const CycleRecord& record);
InputView view_of(const InputRecord& record);
OutcomeView view_of(const OutcomeRecord& record);
RollbackView view_of(const RollbackRecord& record);

// Reads a chunk's streams from front to back.
class EventReader {
 public:
  // `program` and the bytes outlive it. `cycle` and `tick` are those before the first event.
  EventReader(const Program& program, Bytes canonical, Bytes side, uint64_t cycle, uint64_t tick)
      : program_(program),
        canonical_bytes_(canonical),
        side_bytes_(side),
        canonical_(canonical),
        side_(side),
        cycle_(cycle),
        tick_(tick) {}

  // False at the end, and where the bytes make no sense: then good() is false. Uses the memory of
  // `view`.
  bool next(EventView& view);
  [[nodiscard]] bool good() const { return canonical_.good() && side_.good(); }
  // The same of a cycle that begins there; but only who ran, whether it retired, and what the
  // fields became are certain to be in the view. Afterwards it stands nowhere, until go_to().
  bool changes(EventView& view);
  // Where the next entry begins; goes on there, in the same streams.
  struct Place {
    size_t canonical = 0;  // bytes into the streams
    size_t side = 0;
    uint64_t cycle = 0;  // of the last event before
    uint64_t tick = 0;
  };
  [[nodiscard]] Place place() const {
    return {canonical_bytes_.size() - canonical_.left(), side_bytes_.size() - side_.left(), cycle_,
            tick_};
  }
  void go_to(const Place& place) {
    canonical_ = ByteReader(canonical_bytes_.subspan(place.canonical));
    side_ = ByteReader(side_bytes_.subspan(place.side));
    cycle_ = place.cycle;
    tick_ = place.tick;
  }
  // The canonical bytes of the event that next() gave; empty for what is no event of the run.
  [[nodiscard]] Bytes event_bytes() const { return event_bytes_; }

 private:
  void read_started(StartedView& view);
  void read_hold(HoldView& view, uint8_t head);
  void read_event(EventView& view, uint8_t side_head);
  void read_input(InputView& view);
  void read_outcome(OutcomeView& view);
  void read_rollback(RollbackView& view);
  void read_cycle(CycleView& view, uint8_t head, uint8_t side_head);
  // The canonical part of a cycle, then the other one.
  void read_cause(CycleView& view);
  void read_changes(CycleView& view);
  void read_emissions(CycleView& view, uint64_t count);
  void read_flips(CycleView& view);
  void read_beside(CycleView& view, uint8_t side_head);
  void read_old_side(ChangeView& change, SeenValue& side, bool apart);
  void read_fault(FaultView& fault, bool apart);

  Value read_key(ByteReader& in, DomainId domain);
  SeenValue read_seen();
  Value read_value(ByteReader& in);
  // Arguments of which there is only the digest stand whole in the side stream, later. `first` is
  // that of the event which args[0] is, and becomes the one after the last.
  void read_args(std::vector<Value>& args, uint64_t count);
  void read_long_args(std::vector<Value>& args, size_t& first);
  // So many cycles earlier, or the chunk is spoilt.
  uint64_t before(uint64_t cycle, uint64_t distance);
  // Below `limit`, or the chunk is spoilt.
  uint32_t small(uint64_t number, size_t limit = UINT32_MAX);

  const Program& program_;
  Bytes canonical_bytes_;
  Bytes side_bytes_;
  ByteReader canonical_;
  ByteReader side_;
  uint64_t cycle_;  // of the last event
  uint64_t tick_;
  Bytes event_bytes_;
  bool only_changes_ = false;
  std::vector<bool> long_args_;  // of each argument of this event, whether it still is to be read
  std::vector<Value> texts_;     // that came lately: the same ones come again, and are shared then
};

}  // namespace lexum
