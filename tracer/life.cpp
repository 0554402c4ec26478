#include "tracer/life.h"

#include <algorithm>
#include <utility>

namespace lexum {

namespace {

bool is_broadcast(const Program& program, const EmissionView& emitted) {
  return program.emissions[emitted.site.index()].kind == EmissionKind::kBroadcast;
}

// Who gets it: instances and what they take it with. Of a broadcast, the timeline stands where it
// was sent.
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

// Looks for the cycle that took a message.
class TakerSearch {
 public:
  TakerSearch(TraceReader& trace, uint64_t cycle, uint32_t emission, MessageLife& life,
              const Looking& looking)
      : trace_(trace), cycle_(cycle), emission_(emission), life_(life), looking_(looking) {}

  // What its receiver took first in a chunk says whether the message can have been taken before, or
  // only from there on; so the chunks that may have it are one, but where order is broken.
  Status run() {
    for (size_t chunk = trace_.chunk_of(cycle_); !over_ && chunk < trace_.chunks().size();
         ++chunk) {
      if (looking_.stopped()) return interrupted();
      const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(chunk);
      if (!index) return index.error();
      const uint64_t first_cycle = trace_.chunks()[chunk].first_cycle;
      if (looking_.progress) looking_.progress(first_cycle);
      if (note(chunk, first_cycle, **index)) break;
      // What is rolled back is taken once more.
      if ((*index)->rollbacks.empty()) continue;
      if (Status looked = look_through(); !looked) return looked;
    }
    return look_through();
  }

 private:
  // True: it was taken in one of those that are noted, or never.
  bool note(size_t chunk, uint64_t first_cycle, const ChunkIndex& index) {
    if (!index.takes) {  // it does not say
      may_have_.push_back(chunk);
      return false;
    }
    const auto first = std::ranges::find_if(*index.takes, [&](const ChunkIndex::Taken& taken) {
      return index.has_actor(taken.actor, life_.domain, life_.key);
    });
    if (first == index.takes->end()) return false;
    const int64_t ago = ChunkIndex::how_long_ago(cycle_, first_cycle);
    if (first->ago < ago) return true;
    if (first->ago > ago) may_have_.clear();
    may_have_.push_back(chunk);
    return false;
  }

  Status look_through() {
    const Sought takers{
        .whose = Subjects{.domain = life_.domain, .key = life_.key},
        .is = [](const ChunkIndex::Kind& kind) { return kind.work == WorkKind::kMessage; }};
    for (const size_t chunk : std::exchange(may_have_, {})) {
      const ChunkEntry& entry = trace_.chunks()[chunk];
      const uint64_t from = std::max(cycle_ + 1, entry.first_cycle);
      const uint64_t to = entry.first_cycle + entry.cycle_count - 1;
      if (over_ || from > to) continue;
      std::optional<Error> error;
      const auto visit = [&](uint64_t at) {
        const Result<CycleView> ran = cycle_at(trace_, at);
        if (!ran) error = ran.error();
        else over_ = took(*ran);
        return ran.ok() && !over_;
      };
      const Result<ScanEnd> end = each_of(trace_, takers, from, to, visit, looking_);
      if (error) return *error;
      if (!end) return end.error();
      if (end->interrupted) return interrupted();
    }
    return Done{};
  }

  // Whether that is the taker, or there can be none any more.
  bool took(const CycleView& ran) {
    if (!ran.cause || ran.cause->kind == OriginKind::kInput) return false;
    if (ran.cause->cycle == cycle_ && ran.cause->emission == emission_) {
      life_.fate = MessageLife::Fate::kTaken;
      life_.taken = ran.cycle;
      return true;
    }
    return ran.cause->cycle > cycle_;
  }

  TraceReader& trace_;
  const uint64_t cycle_;
  const uint32_t emission_;
  MessageLife& life_;
  const Looking& looking_;
  std::vector<size_t> may_have_ = {};  // chunks, in their order
  bool over_ = false;
};

// Whether its receiver retired without taking it. It may have a successor, who did not get it.
Result<Answer<uint64_t>> retirement(TraceReader& trace, const MessageLife& life, uint64_t cycle,
                                    const Looking& looking) {
  return latest(trace, retirements_of({.domain = life.domain, .key = life.key}), trace.cycles(),
                looking, cycle);
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
  Result<CycleView> sent = cycle_at(trace, cycle);
  if (!sent) return sent.error();
  LEXUM_CHECK(emission < sent->emissions.size());
  const EmissionView& emitted = sent->emissions[emission];
  MessageLives result{.sent = *sent, .emission = emission, .lives = {}};
  if (is_broadcast(trace.program(), emitted)) {
    if (Status there = timeline.go_to(cycle); !there) return there.error();
  }
  result.lives = receivers_of(timeline, emitted);
  bool any_open = false;
  for (MessageLife& life : result.lives) {
    if (Status found = TakerSearch(trace, cycle, emission, life, looking).run(); !found) {
      return found.error();
    }
    if (life.taken != 0) continue;
    const Result<Answer<uint64_t>> gone = retirement(trace, life, cycle, looking);
    if (!gone) return gone.error();
    if (gone->interrupted) return interrupted();
    any_open = any_open || !gone->found;
  }
  if (!any_open) return result;
  if (Status there = timeline.go_to(trace.cycles()); !there) return there.error();
  for (MessageLife& life : result.lives) {
    if (life.taken == 0 && waits(timeline, life, cycle, emission)) {
      life.fate = MessageLife::Fate::kWaiting;
    }
  }
  return result;
}

}  // namespace lexum
