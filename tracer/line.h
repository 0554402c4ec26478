// An event as one line of text, a column for each fact: which cycle and tick, who ran what and why,
// and what came of it. A run that is being watched and a trace that is read look the same.
#pragma once

#include <optional>
#include <string>

#include "check/program.h"
#include "tracer/brief.h"
#include "tracer/view.h"

namespace lexum {

// All that there is to say, or what two programs that do the same have in common: where in its
// program a fault is, and which edits turned one long value into another, tells how it was written.
enum class Detail : uint8_t { kAll, kComparable };

class LineWriter {
 public:
  // `program` outlives it.
  explicit LineWriter(const Program& program, Detail detail = Detail::kAll);

  // What the columns are called.
  [[nodiscard]] std::string heading() const;
  // Without a line end.
  [[nodiscard]] std::string line(const EventView& view) const;
  // "send Shelf[1] Take(n: 1)"
  [[nodiscard]] std::string emission(const EmissionView& view) const;

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
  [[nodiscard]] std::string act(const InputView& view) const;
  [[nodiscard]] Columns columns(const OutcomeView& view) const;
  [[nodiscard]] Columns columns(const RollbackView& view) const;
  [[nodiscard]] Columns columns(const StartedView& view) const;
  [[nodiscard]] Columns columns(const HoldView& view) const;
  [[nodiscard]] std::string joined(const Columns& columns) const;

  [[nodiscard]] std::string why(const CycleView& view) const;
  [[nodiscard]] std::string fault(const FaultView& view, const Domain& domain) const;
  // Nothing where it is not to be told, or makes no sense.
  [[nodiscard]] std::optional<EditOutline> edit_of(const ChangeView& view,
                                                   const Field& field) const;
  [[nodiscard]] std::string change(const ChangeView& view, const Domain& domain) const;
  [[nodiscard]] std::string rejected_change(const ChangeView& view, const Domain& domain) const;
  [[nodiscard]] std::string seen(const SeenValue& value) const;
  [[nodiscard]] std::string listeners(EventId event) const;

  const Program& program_;
  Detail detail_;
  size_t instance_width_ = 0;
  size_t ran_width_ = 0;
};

// "DatabaseProvisioner", "Order[7]", "Order[\"a\"]"
std::string instance_name(const Program& program, DomainId domain, const Value& key);

}  // namespace lexum
