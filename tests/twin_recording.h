// Programs of the twin, recorded by the machine.
#pragma once

#include <string>

#include "machine/inputs.h"
#include "tracer_fixture.h"
#include "twin/generate.h"

namespace lexum::twin {

// What is tried in so many ways is tried in a share of them under the sanitizers, where it takes
// twenty times as long.
#ifdef __SANITIZE_ADDRESS__
inline constexpr uint64_t kShare = 8;
#else
inline constexpr uint64_t kShare = 1;
#endif

// What an operator might do to such a run: each of its domains is killed and comes back, is revived
// now and then, dead letters are sent once more, fields are set. Most of it finds nothing to do.
inline std::vector<InputImage> acts_on(const Program& program) {
  std::vector<InputImage> acts;
  uint64_t tick = 2;
  const auto add = [&](InputImage act) {
    act.tick = tick += 3;
    acts.push_back(std::move(act));
  };
  for (size_t d = 0; d < program.domains.size(); ++d) {
    const Domain& domain = program.domains[d];
    Value key;
    if (domain.keyed) {
      const bool ints = program.types[domain.key_type].kind == TypeKind::kInt;
      key = ints ? Value::of(int64_t{1}) : Value::of("a");
    }
    const InputImage whom{.domain = DomainId(d), .key = key};
    InputImage crash = whom;
    crash.kind = InputKind::kCrash;
    add(crash);
    for (const Revival how :
         {Revival::kRollBack, Revival::kReturn, Revival::kDrop, Revival::kRetry}) {
      InputImage act = whom;
      act.kind = InputKind::kRevive;
      act.about = static_cast<uint64_t>(how);
      add(act);
      add({.kind = InputKind::kRedeliver, .about = acts.size() / 2});
    }
    for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
      if (program.types[domain.fields[slot].type].kind != TypeKind::kInt) continue;
      InputImage act = whom;
      act.kind = InputKind::kSet;
      act.about = slot;
      act.args = {Value::of(int64_t{slot})};
      add(act);
    }
  }
  return acts;
}

// A run of its own start and inputs and of what an operator does, and of a few hundred cycles.
inline Recording recording_of(const std::string& text, const Options& options) {
  const auto program = program_of(text);
  Recording how{.start_values = {}, .inputs = {}, .cycles_max = 300};
  for (const std::string& set : options.sets) {
    how.start_values.push_back(*read_setting(*program, set));
  }
  for (const Input& input : options.inputs) {
    how.inputs.push_back(*read_message(*program, input.text));
    how.inputs.back().tick = static_cast<uint64_t>(input.tick);
  }
  std::ranges::move(acts_on(*program), std::back_inserter(how.inputs));
  return how;
}

// For a run in a data folder, where who was killed comes back when it does.
inline Recording without_kills(Recording how) {
  std::erase_if(how.inputs, [](const InputImage& input) {
    return input.kind == InputKind::kCrash ||
           (input.kind == InputKind::kRevive &&
            input.about == static_cast<uint64_t>(Revival::kReturn));
  });
  return how;
}

}  // namespace lexum::twin
