#include "machine/entry.h"

#include <algorithm>

#include "runtime/fits.h"
#include "value/change.h"

namespace lexum {

namespace {

// What is too big for an id is that of nothing.
uint32_t id_of(uint64_t number) {
  return number < UINT32_MAX ? static_cast<uint32_t>(number) : UINT32_MAX;
}

std::optional<Epoch> read_head(ByteReader& in) {
  Epoch epoch;
  for (Hash256* hash : {&epoch.program, &epoch.began}) {
    const Bytes its = in.raw(hash->size());
    std::ranges::copy(its, hash->begin());
  }
  epoch.engine = in.text();
  epoch.tick = in.varint();
  return in.good() ? std::optional(std::move(epoch)) : std::nullopt;
}

}  // namespace

void write_epoch(ByteWriter& out, const Epoch& epoch, const std::vector<StartValue>& start_values) {
  out.raw(epoch.program);
  out.raw(epoch.began);
  out.text(epoch.engine);
  out.varint(epoch.tick);
  out.varint(start_values.size());
  for (const StartValue& start : start_values) {
    out.varint(start.domain.value);
    encode(out, start.key);
    out.varint(start.slot);
    encode(out, start.value);
  }
}

std::optional<Epoch> read_epoch(Bytes bytes) {
  ByteReader in(bytes);
  return read_head(in);
}

std::optional<std::vector<StartValue>> read_start_values(const Program& program, Bytes epoch) {
  ByteReader in(epoch);
  if (!read_head(in)) return {};
  std::vector<StartValue> start_values;
  for (uint64_t count = in.varint(); in.good() && count > 0; --count) {
    StartValue& start = start_values.emplace_back();
    start.domain.value = id_of(in.varint());
    start.key = decode(in);
    start.slot = id_of(in.varint());
    start.value = decode(in);
  }
  const bool good =
      in.good() && in.at_end() && std::ranges::all_of(start_values, [&](const StartValue& start) {
        return fits(start, program);
      });
  return good ? std::optional(std::move(start_values)) : std::nullopt;
}

Hash256 beginning_of(const Program& program, const std::vector<StartValue>& start_values,
                     const std::vector<InputImage>& inputs) {
  ByteWriter words;
  for (const StartValue& start : start_values) {
    const Domain& domain = program[start.domain];
    words.text(domain.name);
    encode(words, start.key);
    words.text(domain.fields[start.slot].name);
    encode(words, start.value);
  }
  words.varint(inputs.size());
  for (const InputImage& input : inputs) {
    words.varint(input.tick);
    words.varint(static_cast<uint64_t>(input.kind));
    const Domain* const domain = input.domain ? &program[input.domain] : nullptr;
    words.text(domain == nullptr ? "" : domain->name);
    if (domain != nullptr) encode(words, input.key);
    if (input.kind == InputKind::kMessage) {
      words.text(domain == nullptr ? program.events[input.event.index()].name
                                   : domain->routines[input.routine.index()].name);
    } else if (input.kind == InputKind::kSet) {
      words.text(domain->fields[input.about].name);
    } else {
      words.varint(input.about);
    }
    words.varint(input.args.size());
    for (const Value& arg : input.args) encode(words, arg);
  }
  return blake2b(words.bytes());
}

void write_input(ByteWriter& out, const InputImage& input) {
  out.varint(input.number);
  out.varint(input.tick);
  out.varint(input.domain ? input.domain.value + 1 : 0);
  if (input.domain) encode(out, input.key);
  if (input.kind == InputKind::kMessage) {
    out.varint(input.domain ? input.routine.value : input.event.value);
  } else {
    out.varint(static_cast<uint64_t>(input.kind));
    out.varint(input.about);
    out.varint(input.index);
    out.byte(input.failed);
  }
  out.varint(input.args.size());
  for (const Value& arg : input.args) encode(out, arg);
}

std::optional<InputImage> read_input(const Program& program, DataRecord type, Bytes bytes) {
  ByteReader in(bytes);
  InputImage input;
  input.number = in.varint();
  input.tick = in.varint();
  const uint64_t domain = in.varint();
  if (domain > 0) {
    input.domain.value = id_of(domain - 1);
    input.key = decode(in);
  }
  const uint64_t what = in.varint();
  if (type == DataRecord::kAct) {
    if (what > static_cast<uint64_t>(kLastInputKind)) return {};
    input.kind = static_cast<InputKind>(what);
    input.about = in.varint();
    input.index = id_of(in.varint());
    input.failed = in.byte() != 0;
  } else if (domain > 0) {
    input.routine.value = id_of(what);
  } else {
    input.event.value = id_of(what);
  }
  for (uint64_t count = in.varint(); in.good() && count > 0; --count) {
    input.args.push_back(decode(in));
  }
  const bool good = in.good() && in.at_end() && domain <= program.domains.size() &&
                    input.number > 0 && fits(input, program);
  return good ? std::optional(std::move(input)) : std::nullopt;
}

}  // namespace lexum
