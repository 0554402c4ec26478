#include "tracer/extents.h"

#include <algorithm>

#include "runtime/fits.h"

namespace lexum {

namespace {

// What a record takes without fields, about; and how much more its chunks weigh.
constexpr size_t kBytesAlone = 64;
constexpr size_t kTimesWeight = 16;

bool stands_before(const InstanceExtents& a, const InstanceExtents& b) {
  if (a.domain != b.domain) return a.domain < b.domain;
  return !a.key.is_null() && Value::compare(a.key, b.key) < 0;
}

Extent& extent_of(InstanceExtents& instance, uint32_t slot, const Extent& first) {
  const auto place = std::ranges::lower_bound(instance.fields, slot, {}, &FieldExtent::slot);
  if (place != instance.fields.end() && place->slot == slot) return place->extent;
  return instance.fields.insert(place, {.slot = slot, .extent = first})->extent;
}

}  // namespace

bool fits(const Extents& extents, const Program& program) {
  const auto is_one = [&](const InstanceExtents& instance) {
    if (!instance.domain || instance.domain.index() >= program.domains.size()) return false;
    const Domain& domain = program[instance.domain];
    const auto is_field = [&](const FieldExtent& field) {
      const Extent& of = field.extent;
      return field.slot < domain.fields.size() && of.low <= of.last && of.last <= of.high;
    };
    const bool is_key =
        domain.keyed ? fits(instance.key, domain.key_type, program) : instance.key.is_null();
    return is_key && std::ranges::all_of(instance.fields, is_field);
  };
  return std::ranges::all_of(extents.instances, is_one);
}

void ExtentNotes::begin(uint64_t first_cycle) {
  extents_ = {.first_cycle = first_cycle};
  known_.assign(program_.domains.size(), {});
  fields_ = 0;
  bytes_ = 0;
}

void ExtentNotes::add(uint64_t first_cycle, uint64_t cycle_count, const IndexNotes& notes,
                      size_t bytes) {
  if (is_empty()) extents_.first_cycle = first_cycle;
  extents_.cycle_count += cycle_count;
  bytes_ += bytes;
  if (!extents_.is_whole) return;
  for (const IndexNotes::Numbers& wrote : notes.numbers()) {
    const ChunkIndex::Actor& who = notes.index().actors[wrote.actor];
    InstanceId known = known_[who.domain.index()].find(who.key);
    if (!known) {
      known = InstanceId(extents_.instances.size());
      known_[who.domain.index()].set(who.key, known);
      extents_.instances.push_back({.domain = who.domain, .key = who.key});
    }
    InstanceExtents& instance = extents_.instances[known.index()];
    const size_t before = instance.fields.size();
    extent_of(instance, wrote.slot, wrote.extent).take_in(wrote.extent);
    fields_ += instance.fields.size() - before;
    extents_.is_whole = fields_ < kFieldsMax;
    if (!extents_.is_whole) return;
  }
}

bool ExtentNotes::is_due() const {
  return bytes_ >= kTimesWeight * (kBytesAlone + bytes_each_ * fields_);
}

Extents ExtentNotes::take() {
  Extents taken = std::move(extents_);
  fields_taken_ = fields_;
  begin(taken.first_cycle + taken.cycle_count);
  std::ranges::sort(taken.instances, stands_before);
  return taken;
}

// Rounded up: the next ones are like them.
void ExtentNotes::took(size_t bytes) {
  if (fields_taken_ > 0) bytes_each_ = bytes / fields_taken_ + 1;
}

}  // namespace lexum
