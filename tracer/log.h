// The log of a run, a line for each thing that happened: as it happens, or out of a trace.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/record.h"
#include "tracer/line.h"
#include "tracer/reader.h"

namespace lexum {

using PrintLine = std::function<void(std::string_view line)>;  // without its line end

// Prints the heading, then what it hears. It hears of a run from its begin() on.
class LiveLog final : public Observer {
 public:
  LiveLog(const Program& program, PrintLine print);  // `program` outlives it

  void started(InstanceId id, DomainId domain, const Value& key) override;
  void input(const InputRecord& record) override;
  void outcome(const OutcomeRecord& record) override;
  void cycle(const CycleRecord& record) override;
  void hold(const HoldRecord& record) override;
  void rollback(const RollbackRecord& record) override;
  void rest() override {}

 private:
  void print(const EventView& view) { print_(lines_.line(view)); }

  const Program& program_;
  LineWriter lines_;
  PrintLine print_;
  std::vector<StartedView> instances_;  // by id
};

// Prints the heading and the events from cycle `from` to cycle `to`, both included, with what came
// between them. Where a chunk cannot be read, a line says which cycles are missing, and the log
// goes on behind it; the first such error is given in the end.
Status log_trace(TraceReader& trace, uint64_t from, uint64_t to, const PrintLine& print);

}  // namespace lexum
