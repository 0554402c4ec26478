// What an instance is like when it has just come to be. A trace says that it did; the rest follows
// from the program, and is asked of the engine itself.
#pragma once

#include <memory>
#include <vector>

#include "eval/slice.h"
#include "runtime/world.h"
#include "tracer/state.h"

namespace lexum {

class Birth {
 public:
  // `program` outlives it.
  Birth(const Program& program, std::vector<StartValue> start_values);

  // Of one that is started by a message, and whose key nobody had before. Its id is yet to be set.
  InstanceState of(DomainId domain, const Value& key);

 private:
  void judge_goals(InstanceState& instance);

  const Program& program_;
  std::vector<StartValue> start_values_;
  Interpreter interpreter_;
  std::unique_ptr<World> world_;  // made when first needed
};

}  // namespace lexum
