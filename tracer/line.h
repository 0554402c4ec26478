// An event as one line of text, a column for each fact: which cycle and tick, who ran what and why,
// and what came of it. A run that is being watched and a trace that is read look the same.
#pragma once

#include <string>

#include "check/program.h"
#include "tracer/view.h"

namespace lexum {

// Whether a fault says where in the program it is.
enum class FaultPlaces : uint8_t { kShown, kHidden };

class LineWriter {
 public:
  // `program` outlives it.
  explicit LineWriter(const Program& program, FaultPlaces places = FaultPlaces::kShown);

  // What the columns are called.
  [[nodiscard]] std::string heading() const;
  // Without a line end.
  [[nodiscard]] std::string line(const EventView& view) const;

 private:
  struct Columns {
    std::string cycle;
    std::string tick;
    std::string instance;
    std::string ran;
    std::string why;
    std::string what;
  };
  [[nodiscard]] Columns columns(const CycleView& view) const;
  [[nodiscard]] Columns columns(const InputView& view) const;
  [[nodiscard]] Columns columns(const OutcomeView& view) const;
  [[nodiscard]] Columns columns(const RollbackView& view) const;
  [[nodiscard]] Columns columns(const StartedView& view) const;
  [[nodiscard]] Columns columns(const HoldView& view) const;
  [[nodiscard]] std::string joined(const Columns& columns) const;

  [[nodiscard]] std::string why(const CycleView& view) const;
  [[nodiscard]] std::string emission(const EmissionView& view) const;
  [[nodiscard]] std::string fault(const FaultView& view, const Domain& domain) const;
  [[nodiscard]] std::string change(const ChangeView& view, const Domain& domain) const;
  [[nodiscard]] std::string rejected_change(const ChangeView& view, const Domain& domain) const;
  [[nodiscard]] std::string seen(const SeenValue& value) const;
  [[nodiscard]] std::string listeners(EventId event) const;

  const Program& program_;
  FaultPlaces places_;
  size_t instance_width_ = 0;
  size_t ran_width_ = 0;
};

// "DatabaseProvisioner", "Order[7]", "Order[\"a\"]"
std::string instance_name(const Program& program, DomainId domain, const Value& key);

}  // namespace lexum
