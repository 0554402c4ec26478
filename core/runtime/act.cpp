// What operators do to a world: they revive who is FAULTED, send dead letters once more, set fields
// and kill. An act has its place among the inputs, and needs no room.
#include <algorithm>

#include "runtime/cell.h"

namespace lexum {

void Cell::change_field(Instance& instance, uint32_t slot, Value value) {
  state_ += mark_of(instance, slot, value) - mark_of(instance, slot, instance.fields[slot]);
  instance.fields[slot] = std::move(value);
  instance.invariants_hold = false;
}

void Cell::act(const InputImage& input, uint64_t tick) {
  Deed deed;
  if (input.kind == InputKind::kRedeliver) {
    const uint64_t letters = dead_letters_.size();
    const bool there =
        input.about > 0 && input.about <= letters && !dead_letters_[input.about - 1].redelivered;
    return tell_act(input, tick, deed, there);
  }
  deed.id = living(input.domain, input.key);
  bool done = false;
  if (deed.id && input.kind == InputKind::kSet) done = set(deed.id, input, deed);
  if (deed.id && input.kind == InputKind::kCrash) done = crash(deed.id, deed);
  if (deed.id && input.kind == InputKind::kRevive) {
    done = revive(deed.id, static_cast<Revival>(input.about), deed);
  }
  // What it would have become is told all the same: where the run goes otherwise, it may.
  if (!done && input.kind == InputKind::kSet) {
    deed.changes.push_back({static_cast<uint32_t>(input.about), input.args.front()});
  }
  tell_act(input, tick, deed, done);
}

void Cell::tell_act(const InputImage& input, uint64_t tick, const Deed& deed, bool done) {
  if (observer_ == nullptr) return;
  std::vector<Value> args;
  const auto add = [&](auto number) { args.push_back(Value::of(static_cast<int64_t>(number))); };
  add(input.about);
  add(deed.bits);
  add(deed.changes.size());
  for (const FieldImage& change : deed.changes) {
    add(change.slot);
    args.push_back(change.value);
  }
  for (const GoalFlip& flip : deed.flips) add(4 * flip.goal.value + static_cast<uint32_t>(flip.to));
  observer_->input({.tick = tick,
                    .number = input.number,
                    .kind = input.kind,
                    .domain = input.domain,
                    .key = &input.key,
                    .routine = input.routine,
                    .event = input.event,
                    .args = args,
                    .dead = !done});
}

bool Cell::set(InstanceId id, const InputImage& input, Deed& deed) {
  Instance& instance = (*this)[id];
  if (instance.killed) return false;
  touch(id);
  const auto slot = static_cast<uint32_t>(input.about);
  change_field(instance, slot, input.args.front());
  // A rollback does not take back what an operator has done since.
  const auto is_set = [&](const FieldImage& undo) { return undo.slot == slot; };
  if (instance.trouble) std::erase_if(instance.trouble->undo, is_set);
  if (instance.begun) std::erase_if(instance.begun->undo, is_set);
  deed.changes.push_back({slot, input.args.front()});
  Aftermath aftermath = meddled(instance);
  aftermath.changed = FieldMask::of(slot);
  settle_goals(instance, aftermath, deed.flips, *helpers_[0]);
  return true;
}

// Nothing about it changes until it comes back, but for its mail.
bool Cell::crash(InstanceId id, Deed& deed) {
  Instance& instance = (*this)[id];
  if (instance.killed) return false;
  touch(id);
  instance.killed = true;
  deed.bits |= kActKills;
  return true;
}

// One that is not FAULTED can still have a Boot that was given up.
bool Cell::revive(InstanceId id, Revival how, Deed& deed) {
  Instance& instance = (*this)[id];
  if (instance.killed != (how == Revival::kReturn)) return false;
  if (instance.killed) {
    touch(id);
    instance.killed = false;
    deed.bits |= kActReturns;
    return true;
  }
  const bool boots = how == Revival::kRetry && instance.boot_failed;
  if (!instance.faulted && !boots) return false;
  touch(id);
  Aftermath aftermath = meddled(instance);
  aftermath.everything = true;
  if (instance.faulted) {
    deed.bits |= kActRevives;
    instance.faulted = false;
  }
  if (boots) {
    deed.bits |= kActBoots;
    instance.boot_pending = true;
  }
  instance.boot_failed = false;
  if (how != Revival::kRetry && instance.mail_failed) {
    deed.bits |= kActDrops;
    bury(id, instance.mailbox.pop());
    instance.head_passed = 0;
    aftermath.answered = true;
  }
  instance.mail_failed = false;
  if (instance.trouble) {
    Trouble& trouble = *instance.trouble;
    trouble.faults.clear();
    if (how == Revival::kRetry) trouble.fault_blocked.clear();
    for (FieldImage& undo : std::exchange(trouble.undo, {})) {
      if (how != Revival::kRollBack || instance.fields[undo.slot] == undo.value) continue;
      change_field(instance, undo.slot, undo.value);
      aftermath.changed.add(undo.slot);
      deed.changes.push_back(std::move(undo));
    }
  }
  // What was rolled back is no change of the state: the transition that faulted stays blocked.
  aftermath.goes_back = true;
  settle_goals(instance, aftermath, deed.flips, *helpers_[0]);
  return true;
}

// It is a message from outside now, with the number of the act, and waits for room as any.
std::optional<InputImage> Cell::letter_again(const InputImage& act) {
  if (act.about == 0 || act.about > dead_letters_.size()) return {};
  DeadLetter& letter = dead_letters_[act.about - 1];
  if (std::exchange(letter.redelivered, true) || act.index != 0) return {};
  InputImage again{.number = act.number,
                   .tick = act.tick,
                   .arrived = act.arrived,
                   .event = letter.event,
                   .args = letter.message.args};
  if (letter.receiver) {
    const Instance& receiver = (*this)[letter.receiver];
    again.domain = receiver.domain;
    again.key = receiver.key;
    again.routine = letter.message.routine;
  }
  return again;
}

}  // namespace lexum
