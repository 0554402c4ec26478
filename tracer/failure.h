// How a run fails, such that one can say of another run that it fails in the same way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/world.h"
#include "tracer/position.h"

namespace lexum {

// How a run failed. Another one fails in the same way if all of this is the same.
struct Failure {
  enum class How : uint8_t {
    kHalted,       // an assert did not hold, and ended it
    kFaulted,      // a fault after which the instance took no more work
    kFault,        // a fault that was forgiven
    kUnsatisfied,  // at rest, and this goal does not hold
  };
  How how = How::kFault;
  DomainId domain;
  Code code = Code::kCount_;  // of a fault, and where it is
  Span span = {};
  Value key = {};  // kUnsatisfied: whose goal
  GoalIndex goal = {};
  friend bool operator==(const Failure&, const Failure&) = default;
};
// "F001 divided by zero at 12:5 in Divider, FAULTED"
std::string describe(const Failure& failure, const Program& program);

// Listens to a world for how it fails, and to what is sent in it. Both outlive it.
class FailureWitness final : public Observer {
 public:
  FailureWitness(const World& world, const std::optional<Failure>& wanted)
      : world_(world), wanted_(wanted) {}

  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord&) override {}
  void outcome(const OutcomeRecord&) override {}
  void hold(const HoldRecord&) override {}
  void rest() override {}
  void rollback(const RollbackRecord& record) override {
    if (last_) failed_as(Failure::How::kHalted, *last_, record.cycle);
  }
  void cycle(const CycleRecord& record) override {
    for (size_t i = 0; i < record.outbox->emitted.size(); ++i) {
      const Emission& site = world_.program().emissions[record.outbox->emitted[i].site.index()];
      if (site.kind == EmissionKind::kEffect) continue;
      sent_.push_back({record.domain, *record.key, record.first_send + i});
    }
    if (!record.outbox->fault) return;
    const Fault& fault = record.outbox->fault;
    last_ = Failure{.domain = record.domain, .code = fault.code, .span = fault.span};
    failed_as(record.faulted ? Failure::How::kFaulted : Failure::How::kFault, *last_, record.cycle);
  }

  // The gravest one so far; or the one that is wanted, and then only the first time.
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  [[nodiscard]] uint64_t cycle() const { return cycle_; }
  [[nodiscard]] const std::vector<AtSend>& sent() const { return sent_; }

 private:
  void failed_as(Failure::How how, Failure failure, uint64_t cycle) {
    failure.how = how;
    if (wanted_ ? failure != *wanted_ || failure_ : failure_ && failure_->how <= how) return;
    failure_ = failure;
    cycle_ = cycle;
  }

  const World& world_;
  const std::optional<Failure>& wanted_;
  std::optional<Failure> last_;
  std::optional<Failure> failure_;
  uint64_t cycle_ = 0;
  std::vector<AtSend> sent_;
};

// The first goal that does not hold; the one that is wanted, if one is.
std::optional<Failure> unsatisfied(const World& world, const std::optional<Failure>& wanted);

}  // namespace lexum
