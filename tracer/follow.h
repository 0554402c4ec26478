// What each event of a trace did to the world. Fields stand in the events; mailboxes, begun
// transitions and who is there follow from them: a message was put where its cycle sent it, in the
// order of the cycles, and taken when its first slice committed.
//
// One thing stands nowhere: whether a slice said `return` before its transition's last one. Where
// it may have, the slice is run again on the state it had. That is a pure function of it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "eval/slice.h"
#include "tracer/birth.h"
#include "tracer/roll.h"
#include "tracer/view.h"

namespace lexum {

class Follower {
 public:
  // The world at the rest that a rollback went back to, which was after that cycle.
  using RestOf = std::function<Result<WorldState>(uint64_t cycle)>;

  // All outlive it. What comes to be is added to the roll.
  Follower(const Program& program, Birth& birth, Roll& roll)
      : program_(program), birth_(birth), roll_(roll), interpreter_(program) {}

  // Brings the world from before the event to after it and appends how, unless `edits` is null.
  // False if the event cannot have followed: then the world is somewhere in between.
  [[nodiscard]] bool follow(const EventView& event, WorldState& world, std::vector<Edit>* edits,
                            const RestOf& rest_of);
  // Why a rollback could not be followed, if what it goes back to could not be read.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  bool cycle(const CycleView& view);
  bool changes(const CycleView& view, InstanceId id);
  bool begins(const CycleView& view, InstanceId id, const MessagePtr& message);
  // None if values are not of their types.
  std::optional<bool> returned(const CycleView& view, InstanceId id, const MessagePtr& message);
  void faulted(const CycleView& view, InstanceId id, const MessagePtr& message);
  bool emissions(const CycleView& view, InstanceId id);
  bool input(const InputView& view);
  bool act(const InputView& view);
  bool outcome(const OutcomeView& view);
  void hold(const HoldView& view);
  bool rollback(const RollbackView& view, const RestOf& rest_of);

  void make(Edit edit);
  InstanceId receiver_of(DomainId domain, const Value& key, uint64_t tick);
  void deliver(InstanceId id, const MessagePtr& message, uint64_t tick);
  void set_flags(const CycleView& view, InstanceId id, bool returned);
  void broadcast(EventId event, const Origin& origin, const std::vector<Value>& args,
                 uint64_t tick);
  void set_begun(InstanceId id, std::shared_ptr<const BegunState> begun);
  void become(InstanceId id, InstanceState state);
  [[nodiscard]] bool is_awaited(DomainId domain, EffectId effect) const;

  const Program& program_;
  Birth& birth_;
  Roll& roll_;
  Interpreter interpreter_;
  Outbox outbox_;  // of slices that are run again
  std::optional<Error> error_;

  // Of the call.
  WorldState* world_ = nullptr;
  std::vector<Edit>* edits_ = nullptr;
};

}  // namespace lexum
