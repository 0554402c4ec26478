// Who can send what to whom, as the text of a program has it: each `send` and `emit` with the
// transition or handler that it stands in.
#pragma once

#include <string>
#include <vector>

#include "check/program.h"

namespace lexum {

// Where an emission stands.
struct Site {
  DomainId domain;
  RoutineIndex routine;
  uint32_t slice = 0;
};

class Wiring {
 public:
  // `program` outlives it.
  explicit Wiring(const Program& program);

  [[nodiscard]] const Site& operator[](EmissionId emission) const {
    return sites_[emission.index()];
  }
  // The emissions that begin the routine, in the order of the source.
  [[nodiscard]] std::vector<EmissionId> senders_of(DomainId domain, RoutineIndex routine) const;
  // The routines of the domain that write the field, by the order of the source.
  [[nodiscard]] std::vector<RoutineIndex> writers_of(DomainId domain, uint32_t slot) const;

 private:
  const Program& program_;
  std::vector<Site> sites_;  // by emission
};

// "Order.on Paid", "Order.Ship", "Order.on Event::Closed"
std::string spell(const Program& program, DomainId domain, RoutineIndex routine);
// "on Paid", "Ship", "on Event::Closed", "on Infra.Create::Done"
std::string spell(const Routine& routine);

}  // namespace lexum
