// A run that does nothing that was not planned: whatever it emits has to be in what `lxm plan
// --json` printed, with the same arguments, by the same instance, and no more often than there.
//
// It listens to the run, and stands between it and whoever carries effects out. What is not allowed
// is an error of the next exchange, which is before anything that the same tick emitted goes out.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "machine/outside.h"

namespace lexum {

class Allowance final : public Observer, public Outside {
 public:
  // `json` is the text of that plan, `name` what it is called in complaints. kMismatch if it is no
  // plan, or one of a run that could not be foreseen.
  static Result<Allowance> read(const std::string& name, std::string_view json);

  // "": it is the plan of a run that begins.
  [[nodiscard]] const std::string& run_id() const { return run_id_; }
  // Before the run. Both outlive it; without an `outside`, nobody carries anything out.
  void guard(const Program& program, Outside* outside);
  // What was not planned, as a line.
  [[nodiscard]] const std::optional<std::string>& refused() const { return refused_; }

  // Observer
  void started(InstanceId, DomainId, const Value&) override {}
  void input(const InputRecord&) override {}
  void outcome(const OutcomeRecord&) override {}
  void cycle(const CycleRecord& record) override;
  void hold(const HoldRecord&) override {}
  void rollback(const RollbackRecord&) override {}
  void rest() override {}

  // Outside
  void begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) override;
  void notify(std::function<void()> came) override;
  Result<std::vector<InputImage>> exchange(World& world) override;
  [[nodiscard]] bool awaits(const World& world) const override;
  void wait(std::chrono::milliseconds most) override;
  void end() override;

 private:
  Allowance() = default;
  void take(EmissionId site, std::span<const Value> args, const std::string& by, uint64_t cycle);

  std::string name_;
  std::string run_id_;
  uint64_t begins_after_ = 0;             // effects of the cycles up to it had been emitted
  std::map<std::string, uint64_t> left_;  // how often an effect may still be emitted

  const Program* program_ = nullptr;
  Outside* outside_ = nullptr;
  bool exchanged_ = false;  // once at least
  std::optional<std::string> refused_;
};

}  // namespace lexum
