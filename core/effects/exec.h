// Errands that a program does: JSON on its stdin, JSON on its stdout.
#pragma once

#include "effects/adapter.h"
#include "effects/binding.h"
#include "effects/children.h"

namespace lexum {

class ExecAdapter final : public Adapter {
 public:
  // All of these outlive it; it tells in tasks of the loop.
  ExecAdapter(ExecBinding binding, EventLoop& loop, Children& children, const Secrets& secrets)
      : binding_(std::move(binding)), loop_(loop), children_(children), secrets_(secrets) {}

  void carry_out(Errand errand, Tell tell) override;

 private:
  [[nodiscard]] ChildCall call_for(const Errand& errand) const;
  [[nodiscard]] ErrandAnswer answer_of(ChildEnd end) const;
  [[nodiscard]] std::string complaint_of(const ChildEnd& end) const;

  const ExecBinding binding_;
  EventLoop& loop_;
  Children& children_;
  const Secrets& secrets_;
};

}  // namespace lexum
