#include "tracer/life.h"

#include <algorithm>

namespace lexum {

namespace {

// Who gets it: instances and what they take it with.
std::vector<MessageLife> receivers_of(Timeline& timeline, const EmissionView& emitted) {
  const Program& program = timeline.trace().program();
  const Emission& site = program.emissions[emitted.site.index()];
  std::vector<MessageLife> receivers;
  if (site.kind == EmissionKind::kSend) {
    receivers.push_back({.domain = site.domain, .key = emitted.key, .routine = site.routine});
  }
  if (site.kind != EmissionKind::kBroadcast) return receivers;
  const uint64_t tick = timeline.state().tick();
  for (const Listener& listener : program.events[site.event.index()].listeners) {
    for (const InstanceId id : timeline.instances_in_order()) {
      const InstanceState& instance = timeline.state()[id];
      // Whoever comes to be in the tick itself does not hear it.
      if (instance.domain != listener.domain || instance.started_tick == tick) continue;
      receivers.push_back(
          {.domain = listener.domain, .key = instance.key, .routine = listener.routine});
    }
  }
  return receivers;
}

// The cycle that took it, if one did.
Status find_taker(TraceReader& trace, uint64_t cycle, uint32_t emission, MessageLife& life,
                  const Looking& looking) {
  std::optional<Error> error;
  const auto visit = [&](uint64_t at) {
    const Result<CycleView> ran = cycle_at(trace, at);
    if (!ran) {
      error = ran.error();
      return false;
    }
    if (!ran->cause || ran->cause->kind == OriginKind::kInput) return true;
    if (ran->cause->cycle == cycle && ran->cause->emission == emission) {
      life.fate = MessageLife::Fate::kTaken;
      life.taken = at;
      return false;
    }
    return ran->cause->cycle <= cycle;
  };
  const Sought takers{
      .whose = Subjects{.domain = life.domain, .key = life.key},
      .is = [](const ChunkIndex::Kind& kind) { return kind.work == WorkKind::kMessage; }};
  const Result<ScanEnd> end = each_of(trace, takers, cycle + 1, trace.cycles(), visit, looking);
  if (error) return *error;
  if (!end) return end.error();
  if (end->interrupted) return interrupted();
  return Done{};
}

bool waits(const Timeline& timeline, const MessageLife& life, uint64_t cycle, uint32_t emission) {
  const InstanceId id = timeline.find(life.domain, life.key);
  if (!id) return false;
  return std::ranges::any_of(timeline.state()[id].mailbox, [&](const MessagePtr& message) {
    const Origin& origin = message->origin;
    return origin.kind != OriginKind::kInput && origin.kind != OriginKind::kOutcome &&
           origin.cause == cycle && origin.index == emission;
  });
}

}  // namespace

Result<MessageLives> lives_of(Timeline& timeline, uint64_t cycle, uint32_t emission,
                              const Looking& looking) {
  TraceReader& trace = timeline.trace();
  if (Status there = timeline.go_to(cycle); !there) return there.error();
  Result<CycleView> sent = timeline.event();
  if (!sent) return sent.error();
  LEXUM_CHECK(emission < sent->emissions.size());
  MessageLives result{.sent = std::move(*sent), .emission = emission, .lives = {}};
  result.lives = receivers_of(timeline, result.sent.emissions[emission]);
  for (MessageLife& life : result.lives) {
    if (Status found = find_taker(trace, cycle, emission, life, looking); !found) {
      return found.error();
    }
  }
  const auto open = [](const MessageLife& life) { return life.taken == 0; };
  if (std::ranges::none_of(result.lives, open)) return result;
  if (Status there = timeline.go_to(trace.cycles()); !there) return there.error();
  for (MessageLife& life : result.lives) {
    if (open(life) && waits(timeline, life, cycle, emission)) {
      life.fate = MessageLife::Fate::kWaiting;
    }
  }
  return result;
}

}  // namespace lexum
