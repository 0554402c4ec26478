// A run that still goes on, and the trace that it leaves: it is let run for a while, told
// something, let run again, and in between everything that it did can be read.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/machine.h"
#include "machine/notes.h"
#include "tracer/scan.h"
#include "tracer/writer.h"

namespace lexum {

class LiveRun {
 public:
  // Begins to record it into that file, which has its start from then on. `header` gets the start
  // values with which the program runs; of a fork, `from` is where it begins.
  static Result<std::unique_ptr<LiveRun>> begin(Files& files, const std::string& path,
                                                std::shared_ptr<const Program> program,
                                                const TraceHeader& header,
                                                const WorldImage* from = nullptr,
                                                unsigned threads = 1);

  // Arrives before the next tick, or before that of its own if that is later.
  void send(InputImage input);
  struct Sent {
    uint64_t in_tick = 0;  // behind which it was sent
    InputImage input;
  };
  // All of it, in order.
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }

  // Until when it is let run.
  struct Until {
    uint64_t cycle = UINT64_MAX;  // to the end of its tick
    uint64_t tick = UINT64_MAX;
    // Called for each cycle, in the middle of its tick, which is then run to its end; true: enough.
    std::function<bool(const CycleRecord& ran)> here = {};
  };
  struct Ran {
    std::optional<Outcome> outcome = {};  // what ended it; else it would go on
    std::optional<uint64_t> here = {};    // the cycle that was enough
  };
  // When it is interrupted, that is the outcome. What it did is in the file then.
  Result<Ran> run(const Until& until, const Looking& looking);
  // Whether nothing is left to be done until something is sent, or for good.
  [[nodiscard]] bool at_end() const;

  [[nodiscard]] const World& world() const { return machine_->world(); }
  [[nodiscard]] const Notes& notes() const { return ear_.notes; }
  [[nodiscard]] Hash256 run_hash() { return machine_->run_hash(); }

 private:
  // Listens while it runs.
  struct Ear final : Observer {
    explicit Ear(const Program& program) : notes(program) {}
    void started(InstanceId, DomainId, const Value&) override {}
    void input(const InputRecord&) override {}
    void outcome(const OutcomeRecord& record) override { notes.outcome(record); }
    void cycle(const CycleRecord& record) override;
    void hold(const HoldRecord&) override {}
    void rollback(const RollbackRecord&) override {}
    void rest() override { notes.rest(); }

    Notes notes;
    const std::function<bool(const CycleRecord&)>* here = nullptr;
    std::optional<uint64_t> found;
  };

  // Nobody is there: what no input answers is done at once, as if it were simulated.
  struct Nobody final : Outside {
    void begin(const std::string&, std::function<Status(uint64_t)>) override {}
    void notify(std::function<void()>) override {}
    Result<std::vector<InputImage>> exchange(World& world) override;
    [[nodiscard]] bool awaits(const World&) const override { return false; }
    void wait(std::chrono::milliseconds) override {}
    void end() override {}
  };

  LiveRun(std::unique_ptr<TraceWriter> writer, const std::shared_ptr<const Program>& program)
      : writer_(std::move(writer)), ear_(*program) {}
  Status settle();

  std::unique_ptr<TraceWriter> writer_;
  Ear ear_;
  Nobody outside_;
  std::vector<Sent> sent_;
  std::unique_ptr<Machine> machine_;  // writes to the one and is heard by the other
};

}  // namespace lexum
