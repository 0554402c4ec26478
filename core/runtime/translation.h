// What one program calls something, found again in another one: by its name, and only where it is
// of the same type. So a run can be taken up by a program that was changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/world.h"

namespace lexum {

class Translation {
 public:
  // Both outlive it.
  Translation(const Program& from, const Program& to) : from_(from), to_(to) {}

  // Fails (kMismatch) where the other program has no place for it.
  [[nodiscard]] Result<InputImage> input(InputImage input) const;
  [[nodiscard]] Result<StartValue> start_value(StartValue start) const;

  // What there is no place for is told by name, each once.
  struct World {
    WorldImage image;
    std::vector<std::string> lost;      // what somebody was: "field Order.note", "goal Order.Paid"
    std::vector<std::string> stranded;  // what was to be done: "message Order.Cancel"
  };
  // Everybody and everything that waits, in the words of the other program. Fields that are new
  // begin as it says, and so do single instances whose domain is new. A dead letter without a place
  // is one that was sent once more: the others keep their numbers. Fails (kMismatch) where somebody
  // is there whose domain is not. Whoever restores it lets the goals be looked at again.
  [[nodiscard]] Result<World> world(WorldImage image,
                                    const std::vector<StartValue>& start_values) const;

 private:
  class Carrier;

  [[nodiscard]] bool same_type(TypeId a, TypeId b) const;
  [[nodiscard]] bool same_type(TypeId a, TypeId b, std::vector<uint32_t>& shapes) const;
  [[nodiscard]] bool same_params(const std::vector<Parameter>& a,
                                 const std::vector<Parameter>& b) const;
  // None if it has none.
  [[nodiscard]] DomainId domain(DomainId id) const;
  [[nodiscard]] EventId event(EventId id) const;
  [[nodiscard]] RoutineIndex routine(DomainId domain, RoutineIndex index, DomainId there) const;

  const Program& from_;
  const Program& to_;
};

}  // namespace lexum
