// Two observers who hear the same.
#pragma once

#include "runtime/record.h"

namespace lexum {

class Tee final : public Observer {
 public:
  // Both outlive it.
  Tee(Observer& first, Observer& second) : first_(first), second_(second) {}

  void started(InstanceId id, DomainId domain, const Value& key) override {
    first_.started(id, domain, key);
    second_.started(id, domain, key);
  }
  void input(const InputRecord& r) override { first_.input(r), second_.input(r); }
  void outcome(const OutcomeRecord& r) override { first_.outcome(r), second_.outcome(r); }
  void cycle(const CycleRecord& r) override { first_.cycle(r), second_.cycle(r); }
  void hold(const HoldRecord& r) override { first_.hold(r), second_.hold(r); }
  void rollback(const RollbackRecord& r) override { first_.rollback(r), second_.rollback(r); }
  void rest() override { first_.rest(), second_.rest(); }

 private:
  Observer& first_;
  Observer& second_;
};

}  // namespace lexum
