#include "machine/legs.h"

#include <utility>

namespace lexum {

LegReader::LegReader(Programs& programs, std::optional<Leg> goes_on) : programs_(programs) {
  if (goes_on) legs.push_back(std::move(*goes_on));
}

bool LegReader::take(const JournalRecord& record) {
  const auto type = static_cast<DataRecord>(record.type);
  switch (type) {
    case DataRecord::kEpoch:
      return take_epoch(record.payload);
    case DataRecord::kInput:
    case DataRecord::kAct: {
      if (legs.empty()) return true;
      auto input = read_input(*legs.back().program, type, record.payload);
      if (!input || (last_input_ != 0 && input->number != last_input_ + 1)) return false;
      last_input_ = input->number;
      legs.back().inputs.push_back({record.number, std::move(*input)});
      return true;
    }
    case DataRecord::kBegun:
      has_begun = has_begun || !legs.empty();
      return true;
    case DataRecord::kReached: {
      const uint64_t tick = ByteReader(record.payload).varint();
      if (tick > reached) reached = tick, reached_record = record.number;
      return true;
    }
  }
  return true;  // of what comes later
}

bool LegReader::take_epoch(Bytes bytes) {
  std::optional<Epoch> epoch = read_epoch(bytes);
  if (!epoch) return false;
  if (legs.empty() && epoch->tick != 0) return true;
  auto program = programs_.get(epoch->program);
  if (!program) {
    wrong = program.error();
    return false;
  }
  auto start_values = read_start_values(**program, bytes);
  if (!start_values) return false;
  began = epoch->began;
  legs.push_back({std::move(*program), std::move(*start_values), epoch->tick});
  return true;
}

void add_inputs(Machine& machine, const Leg& leg) {
  const uint64_t in_world = machine.world().inputs_numbered();
  for (const auto& [record, input] : leg.inputs) {
    if (input.number > in_world) machine.add_input(input);
  }
}

Result<std::optional<ResumePoint>> run_to_last(std::vector<Leg>& legs,
                                               std::optional<ResumePoint> from,
                                               const MachineOptions& how,
                                               const std::function<void(Machine&)>& each) {
  for (size_t i = 0; i + 1 < legs.size(); ++i) {
    const Leg& leg = legs[i];
    MachineOptions its = how;
    its.start_values = leg.start_values;
    Machine machine =
        from ? Machine(leg.program, std::move(its), *from) : Machine(leg.program, std::move(its));
    add_inputs(machine, leg);
    if (each) each(machine);
    auto next = upgrade(machine, leg.start_values, *legs[i + 1].program, legs[i + 1].tick);
    if (!next) return next.error();
    from = std::move(next->point);
  }
  if (legs.size() > 1) legs.erase(legs.begin(), legs.end() - 1);
  return from;
}

}  // namespace lexum
