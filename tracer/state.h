// What a run is like at one moment, and the small changes that lead from one moment to the next. A
// change has both of its sides, so a run can be gone through forwards and backwards at the same
// cost.
//
// Instances are shared between states and copied when they are written to, so a copy of a state
// costs a pointer an instance.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "runtime/image.h"
#include "runtime/record.h"

namespace lexum {

using MessagePtr = std::shared_ptr<const MessageImage>;

// A transition or handler that has run some of its slices and has others to come.
struct BegunState {
  RoutineIndex routine;
  uint32_t next_slice = 0;
  WorkKind work = WorkKind::kMessage;  // what it was begun as
  GoalIndex goal;                      // kGoal, kElse
  MessagePtr message = {};             // kMessage: whose parameters it has

  friend bool operator==(const BegunState& a, const BegunState& b);
};

// What of an InstanceImage follows from the events of a trace.
struct InstanceState {
  InstanceId id = {};
  DomainId domain = {};
  Value key = {};
  bool gone = false;  // retired; only `sends` still matters
  bool faulted = false;
  bool killed = false;
  bool boot_pending = false;
  uint64_t sends = 0;  // the number of its last send
  // The ticks in which it came to be, and in which the message of a begun transition came back to
  // its mailbox. They matter while these last: 0 is before that, and they are not compared.
  uint64_t started_tick = 0;
  uint64_t returned_tick = 0;
  std::vector<Value> fields = {};
  std::list<MessagePtr> mailbox = {};
  std::shared_ptr<const BegunState> begun = {};  // or none
  std::vector<GoalStatus> goals = {};
  std::vector<InstanceId> throttlers = {};  // whose mailboxes hold it back, ascending

  friend bool operator==(const InstanceState& a, const InstanceState& b);
};
using InstancePtr = std::shared_ptr<InstanceState>;

InstanceState state_of(const InstanceImage& image);
// What conditions see of one that has just run: nothing but who it is and its fields.
InstanceState state_after(const CycleRecord& record);
// What is left of one that has retired.
InstanceState retired(const InstanceState& instance);

// Those of an effect in a domain; null if it has none.
const OutcomeHandlers* handlers_of(const Program& program, DomainId domain, EffectId effect);

// An effect whose outcome a handler waits for. (Whether the outcome waits for room is not
// followed.)
using AwaitedPtr = std::shared_ptr<const AwaitedImage>;

// ---- changes. `id` is whose.

struct FieldEdit {
  InstanceId id;
  uint32_t slot;
  Value before;
  Value after;
};
struct GoalEdit {
  InstanceId id;
  GoalIndex goal;
  GoalStatus before;
  GoalStatus after;
};
struct MailEdit {
  enum class What : uint8_t { kDelivered, kTaken, kReturned /* to the head */ };
  InstanceId id;
  What what;
  MessagePtr message;
};
struct BegunEdit {
  InstanceId id;
  std::shared_ptr<const BegunState> before;
  std::shared_ptr<const BegunState> after;
};
struct SendsEdit {
  InstanceId id;
  uint32_t count;
};
struct FlagsEdit {
  InstanceId id;
  bool faulted_before, faulted_after;
  bool boot_before, boot_after;
  uint64_t returned_before, returned_after;
};
struct KilledEdit {
  InstanceId id;
  bool on;
};
struct ThrottleEdit {
  InstanceId id;
  InstanceId mailbox;
  bool on;
};
// The whole of one: it came to be (no `before`), retired or was rolled back.
struct WholeEdit {
  InstanceId id;
  InstancePtr before;
  InstancePtr after;
};
struct AwaitedEdit {
  bool added;
  uint32_t place;
  AwaitedPtr effect;
};
struct TickEdit {
  uint64_t before;
  uint64_t after;
};
using Edit = std::variant<FieldEdit, GoalEdit, MailEdit, BegunEdit, SendsEdit, FlagsEdit,
                          KilledEdit, ThrottleEdit, WholeEdit, AwaitedEdit, TickEdit>;

class WorldState {
 public:
  WorldState() = default;
  // Of a whole image of a world of that program.
  WorldState(const WorldImage& image, const Program& program);

  // The last one that happened.
  [[nodiscard]] uint64_t tick() const { return tick_; }
  // Of all that came to be so far, retired ones too; ids are below this.
  [[nodiscard]] size_t size() const { return instances_.size(); }
  [[nodiscard]] const InstanceState& operator[](InstanceId id) const {
    return *instances_[id.index()];
  }
  [[nodiscard]] std::span<const AwaitedPtr> awaited() const { return awaited_; }
  // Whether both have the same object there: then it is equal, and known without a look at it.
  [[nodiscard]] bool shares(InstanceId id, const WorldState& other) const {
    return instances_[id.index()] == other.instances_[id.index()];
  }

  // The edit must begin where this state is; afterwards it is where the edit ends.
  void forward(const Edit& edit);
  // The other way round.
  void backward(const Edit& edit);

 private:
  template <bool kForward>
  struct Applier;
  InstanceState& to_change(InstanceId id);

  uint64_t tick_ = 0;
  std::vector<InstancePtr> instances_;  // by id
  std::vector<AwaitedPtr> awaited_;
};

}  // namespace lexum
