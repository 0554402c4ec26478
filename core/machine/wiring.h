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

// What can be sent to whom, with names: a broadcast once for each domain that hears it, and once
// with none where none does.
struct Edge {
  EmissionId emission;
  std::string from;     // a domain
  std::string in;       // its transition or handler
  std::string to;       // a domain, or an adapter; "": nobody hears it
  std::string message;  // "ReleaseStock", "Event::Closed", "CreatePostgres"
  std::string kind;     // "send", "broadcast", "effect"
  uint32_t line = 0;
};
// In the order of the source.
std::vector<Edge> edges_of(const Program& program);

// "Order.on Paid", "Order.Ship", "Order.on Event::Closed"
std::string spell(const Program& program, DomainId domain, RoutineIndex routine);
// "on Paid", "Ship", "on Event::Closed", "on Infra.Create::Done"
std::string spell(const Routine& routine);

}  // namespace lexum
