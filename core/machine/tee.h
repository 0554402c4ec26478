// Two observers who hear the same, and two sinks that get the same.
#pragma once

#include "machine/recorder.h"

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

// A batch goes to the one, then to the other. Both outlive it.
class TeeSink final : public BatchSink {
 public:
  TeeSink(BatchSink& one, BatchSink& other) : one_(one), other_(other) {}
  Status write(const Batch& batch) override {
    Status written = one_.write(batch);
    return written ? other_.write(batch) : written;
  }
  Status close() override {
    Status closed = one_.close();
    return closed ? other_.close() : closed;
  }
  [[nodiscard]] bool wants_side() const override {
    return one_.wants_side() || other_.wants_side();
  }

 private:
  BatchSink& one_;
  BatchSink& other_;
};

}  // namespace lexum
