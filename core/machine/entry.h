// The records of the journal of a data folder (DATA.md), to bytes and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "eval/load.h"
#include "runtime/world.h"

namespace lexum {

enum class DataRecord : uint8_t { kEpoch = 1, kInput = 2, kBegun = 3, kAct = 4, kReached = 5 };
inline DataRecord record_of(const InputImage& input) {
  return input.kind == InputKind::kMessage ? DataRecord::kInput : DataRecord::kAct;
}

// From that tick on, the run is one of that program.
struct Epoch {
  Hash256 program{};  // program_hash()
  Hash256 began{};    // of what the run began with
  std::string engine;
  uint64_t tick = 0;  // 0: the run begins
};
// Of what a run begins with, by name: the same again is the same run, of another program too.
Hash256 beginning_of(const Program& program, const std::vector<StartValue>& start_values,
                     const std::vector<InputImage>& inputs);
void write_epoch(ByteWriter& out, const Epoch& epoch, const std::vector<StartValue>& start_values);
// None if it makes no sense.
std::optional<Epoch> read_epoch(Bytes bytes);
// Of an epoch of this program; none if they make no sense for it.
std::optional<std::vector<StartValue>> read_start_values(const Program& program, Bytes epoch);

void write_input(ByteWriter& out, const InputImage& input);
// None if it makes no sense for the program.
std::optional<InputImage> read_input(const Program& program, DataRecord type, Bytes bytes);

}  // namespace lexum
