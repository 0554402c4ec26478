#include "machine/upgrade.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/canon.h"
#include "runtime/translation.h"

namespace lexum {

namespace {

bool same_text(const Program& from, const Routine& before, const Program& to,
               const Routine& after) {
  const auto text_of = [](const Program& program, const Slice& slice) {
    return program.source.text().substr(slice.span.begin, slice.span.end - slice.span.begin);
  };
  return std::ranges::equal(before.slices, after.slices, [&](const Slice& a, const Slice& b) {
    return a.name == b.name && text_of(from, a) == text_of(to, b);
  });
}

// What is in the middle of its slices goes on only where it reads as it did.
std::vector<std::string> changed_in_the_middle(const World& world, const Program& to) {
  std::vector<std::string> changed;
  const Program& from = world.program();
  for (const InstanceId id : world.instances_in_order()) {
    const InstanceImage image = world.image_of(id);
    if (image.begun.empty()) continue;
    const Routine& its = from[image.domain].routines[image.begun.front().routine.index()];
    const DomainId there = to.find_domain(from[image.domain].name);
    if (!there) continue;
    const auto& routines = to[there].routines;
    const auto same = std::ranges::find_if(routines, [&](const Routine& other) {
      return other.name == its.name && other.kind == its.kind;
    });
    if (same != routines.end() && !same_text(from, its, to, *same))
      changed.push_back(fmt::format("the rest of {}.{}", world.name_of(id), its.name));
  }
  return changed;
}

Error stranded(const std::vector<std::string>& what) {
  return {.code = ErrorCode::kMismatch,
          .what = fmt::format("the new program has no place for what is still to be done: {}; let "
                              "the run come to its end first, or keep a place for that",
                              fmt::join(what, ", "))};
}

}  // namespace

Result<Upgrade> upgrade(Machine& run, const std::vector<StartValue>& start_values,
                        const Program& to, uint64_t tick) {
  if (Status there = run.run_before(tick); !there) return there.error();
  const Program& from = run.world().program();
  if (const auto changed = changed_in_the_middle(run.world(), to); !changed.empty()) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("{} is in the middle of its slices, and the new program has "
                                     "another text for that; let the run finish it first",
                                     fmt::join(changed, ", "))};
  }
  const Translation translation(from, to);
  Upgrade made{.point = run.point(), .start_values = {}, .lost = {}};
  for (const StartValue& start : start_values) {
    if (auto carried = translation.start_value(start)) made.start_values.push_back(*carried);
  }
  Result<Translation::World> carried =
      translation.world(std::move(made.point.image), made.start_values);
  if (!carried) return carried.error();
  if (!carried->stranded.empty()) return stranded(carried->stranded);
  made.lost = std::move(carried->lost);

  World world(to, made.start_values);
  carried->image.tick = std::max(carried->image.tick, tick - 1);
  world.restore(carried->image);
  world.look_at_goals();
  ByteWriter epoch;
  canonical_epoch(epoch, world, tick);
  made.point.digest.update(epoch.bytes());
  made.point.image = world.image();
  return made;
}

}  // namespace lexum
