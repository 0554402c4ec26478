// What a failed assert brings back (§7): the world as it was when it was last at rest.
//
// While a keep is open, every instance leaves its image there before it is changed for the first
// time (Cell::touch), so a keep costs what has changed since, and is given up when the rest lies
// too far back.
#include "base/check.h"
#include "runtime/cell.h"

namespace lexum {

void Cell::keep_rest() {
  ++keep_.number;
  keep_.open = true;
  keep_.rest.cycle = cycle_;
  keep_.rest.dead_letters = dead_letters_.size();
  keep_.rest.instance_count = static_cast<uint32_t>(instances_.size());
  keep_.rest.instances.clear();
  keep_.rest.inputs.clear();
}

void Cell::keep_rest(const RestImage& rest) {
  ++keep_.number;
  keep_.open = true;
  keep_.rest = rest;
  for (const InstanceImage& image : rest.instances) (*this)[image.id].kept = keep_.number;
}

// The failing cycle has its number and its record; then the logical plane goes back and the run
// halts.
void Cell::halt(Runner& runner) {
  ++cycle_;
  ++(*this)[runner.id].cycles;
  Instance& instance = (*this)[runner.id];
  Message* message = runner.work.kind == WorkKind::kMessage ? instance.mailbox.head() : nullptr;
  runner.flips.clear();
  tell(runner, message, instance.sends + 1, 0, false);

  const bool within = keep_.open && cycle_ - keep_.rest.cycle <= kRollbackCyclesMax;
  halt_.emplace();
  halt_->cycle = cycle_;
  halt_->instance = runner.id;
  halt_->fault = runner.out->fault;
  halt_->only_slice = !within;
  halt_->to_cycle = within ? keep_.rest.cycle : cycle_ - 1;
  if (within) roll_back();
  if (observer_ != nullptr) observer_->rollback({cycle_, halt_->to_cycle, halt_->only_slice});
}

void Cell::roll_back() {
  keep_.open = false;
  // nothing was awaited at the rest, and outcomes since then are dropped
  awaited_.clear();
  timers_.clear();
  forget_intents();
  halt_->undone = image_without_instances();
  for (const InstanceImage& image : keep_.rest.instances) {
    halt_->touched.push_back(image.id);
    halt_->undone.instances.push_back(image_of(image.id));
    const uint64_t sends = (*this)[image.id].sends;
    put_back(image);
    (*this)[image.id].sends = sends;  // send numbers never go back
  }
  for (size_t i = keep_.rest.instance_count; i < instances_.size(); ++i) {
    const InstanceId id(i);
    halt_->touched.push_back(id);
    halt_->undone.instances.push_back(image_of(id));
    if ((*this)[id].gone) continue;
    touch(id);
    retire(id);
  }
  dead_letters_.resize(keep_.rest.dead_letters);
  for (DeadLetter& input : keep_.rest.inputs) dead_letters_.push_back(std::move(input));
}

}  // namespace lexum
