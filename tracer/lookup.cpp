#include "tracer/lookup.h"

#include <algorithm>

namespace lexum {

namespace {

enum class Of : uint8_t { kCycles, kActs };

bool is_wanted(const ChunkIndex::Kind& kind, const Sought& sought, Of what) {
  return kind.of_act() == (what == Of::kActs) &&
         (!sought.whose || sought.whose->domain == kind.domain) && sought.is(kind);
}

// The numbers of its kinds, or actors, that are sought: true at theirs.
class Wanted {
 public:
  Wanted(const ChunkIndex& index, const Sought& sought, Of what) {
    any_ = false;
    kinds_.resize(index.kinds.size());
    for (size_t i = 0; i < index.kinds.size(); ++i) {
      kinds_[i] = is_wanted(index.kinds[i], sought, what);
      any_ = any_ || kinds_[i] != 0;
    }
    if (!any_ || !sought.whose || !sought.whose->key) return;
    const ChunkIndex::Actor wanted{.domain = sought.whose->domain, .key = *sought.whose->key};
    const auto found = std::ranges::find(index.actors, wanted);
    any_ = found != index.actors.end();
    actor_ = static_cast<uint32_t>(found - index.actors.begin());
  }
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] bool operator()(const ChunkIndex& index, size_t cycle) const {
    return (!actor_ || index.who[cycle] == *actor_) && kinds_[index.what[cycle]] != 0;
  }
  [[nodiscard]] bool operator()(const ChunkIndex::Act& act) const {
    return (!actor_ || act.actor == *actor_) && kinds_[act.kind] != 0;
  }

 private:
  bool any_;
  std::vector<char> kinds_;
  std::optional<uint32_t> actor_;
};

// Whether a chunk may have some of it, as far as is known without its index.
class MayHave {
 public:
  MayHave(const TraceReader& trace, const Sought& sought, Of what) : table_(trace.kinds()) {
    for (const ChunkIndex::Kind& kind : table_.kinds) {
      wanted_.push_back(is_wanted(kind, sought, what));
    }
  }
  [[nodiscard]] bool operator()(size_t chunk) const {
    if (chunk >= table_.of_chunk.size() || !table_.of_chunk[chunk]) return true;
    return std::ranges::any_of(*table_.of_chunk[chunk],
                               [&](uint32_t kind) { return wanted_[kind] != 0; });
  }

 private:
  const KindTable& table_;
  std::vector<char> wanted_;
};

// Goes back through the chunks from the one with that cycle to what comes after the other one;
// `look` gives whether that is enough; `may` whether a chunk needs a look. True if it was
// interrupted.
template <class May, class Look>
Result<bool> back_through(TraceReader& trace, uint64_t at, uint64_t after, const Looking& looking,
                          May&& may, Look&& look) {
  const size_t behind = at <= trace.start()   ? 1
                        : at < trace.cycles() ? trace.chunk_of(at + 1) + 1
                                              : trace.chunks().size();
  for (size_t chunk = behind; chunk-- > 0;) {
    const ChunkEntry& entry = trace.chunks()[chunk];
    if (after > 0 && entry.first_cycle + entry.cycle_count <= after) return false;
    if (!may(chunk)) continue;
    if (looking.stopped()) return true;
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(chunk);
    if (!index) return index.error();
    if (look(**index, entry)) return false;
    if (looking.progress) looking.progress(entry.first_cycle);
  }
  return false;
}

bool has_flip(const ChunkIndex::Kind& kind, GoalIndex goal, std::optional<GoalStatus> to) {
  return std::ranges::any_of(kind.flips, [&](uint32_t flip) {
    return flip / 4 == goal.value && (!to || flip % 4 == static_cast<uint32_t>(*to));
  });
}

}  // namespace

Sought writes_of(const FieldTarget& field) {
  return {.whose = field.whose,
          .is = [slot = field.slot](const ChunkIndex::Kind& kind) { return kind.wrote(slot); }};
}
Sought runs_of(const RoutineTarget& routine) {
  return {.whose = routine.whose, .is = [wanted = routine.routine](const ChunkIndex::Kind& kind) {
            return kind.routine == wanted;
          }};
}
Sought flips_of(const GoalTarget& goal, std::optional<GoalStatus> to) {
  return {.whose = goal.whose, .is = [wanted = goal.goal, to](const ChunkIndex::Kind& kind) {
            return has_flip(kind, wanted, to);
          }};
}
Sought faults_of(std::optional<Subjects> whose) {
  return {.whose = std::move(whose),
          .is = [](const ChunkIndex::Kind& kind) { return (kind.mask & kHasFault) != 0; }};
}
Sought failures_of(std::optional<Subjects> whose) {
  return {.whose = std::move(whose),
          .is = [](const ChunkIndex::Kind& kind) { return (kind.mask & kMadeFaulted) != 0; }};
}
Sought retirements_of(const Subjects& whose) {
  return {.whose = whose,
          .is = [](const ChunkIndex::Kind& kind) { return (kind.mask & kRetires) != 0; }};
}
Sought cycles_of(const Subjects& whose) {
  return {.whose = whose, .is = [](const ChunkIndex::Kind&) { return true; }};
}

Result<Answer<uint64_t>> latest(TraceReader& trace, const Sought& sought, uint64_t at,
                                const Looking& looking, uint64_t after) {
  Answer<uint64_t> answer;
  const auto look = [&](const ChunkIndex& index, const ChunkEntry& entry) {
    const Wanted wanted(index, sought, Of::kCycles);
    if (!wanted.any() || at < entry.first_cycle) return false;
    size_t cycle = std::min<uint64_t>(index.who.size(), at - entry.first_cycle + 1);
    while (cycle > 0 && !wanted(index, cycle - 1)) --cycle;
    if (cycle > 0) answer.found = entry.first_cycle + cycle - 1;
    return answer.found.has_value();
  };
  const Result<bool> interrupted =
      back_through(trace, at, after, looking, MayHave(trace, sought, Of::kCycles), look);
  if (!interrupted) return interrupted.error();
  if (answer.found && *answer.found <= after) answer.found.reset();
  answer.interrupted = *interrupted;
  return answer;
}

Result<Answer<uint64_t>> earliest(TraceReader& trace, const Sought& sought, uint64_t after,
                                  const Looking& looking) {
  Answer<uint64_t> answer;
  if (after >= trace.cycles()) return answer;
  const Result<ScanEnd> end = each_of(
      trace, sought, after + 1, trace.cycles(),
      [&](uint64_t cycle) {
        answer.found = cycle;
        return false;
      },
      looking);
  if (!end) return end.error();
  answer.interrupted = end->interrupted;
  return answer;
}

Result<ScanEnd> each_of(TraceReader& trace, const Sought& sought, uint64_t from, uint64_t to,
                        const std::function<bool(uint64_t)>& visit, const Looking& looking) {
  const bool ahead = from <= to;
  const uint64_t low = std::max(ahead ? from : to, trace.start() + 1);
  const uint64_t high = std::min(ahead ? to : from, trace.cycles());
  const ScanEnd all{.at = to};
  if (low > high) return all;
  const size_t first = trace.chunk_of(low);
  const size_t last = trace.chunk_of(high);
  const MayHave may(trace, sought, Of::kCycles);
  for (size_t i = 0; i <= last - first; ++i) {
    const size_t chunk = ahead ? first + i : last - i;
    const ChunkEntry& entry = trace.chunks()[chunk];
    if (!may(chunk)) continue;
    if (looking.stopped()) return ScanEnd{.interrupted = true, .at = entry.first_cycle};
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(chunk);
    if (!index) return index.error();
    if (looking.progress) looking.progress(entry.first_cycle);
    const Wanted wanted(**index, sought, Of::kCycles);
    if (!wanted.any()) continue;
    const uint64_t begin = low > entry.first_cycle ? low - entry.first_cycle : 0;
    const uint64_t end = std::min<uint64_t>((*index)->who.size(), high - entry.first_cycle + 1);
    for (uint64_t place = begin; place < end; ++place) {
      const uint64_t cycle = ahead ? place : begin + end - 1 - place;
      if (wanted(**index, cycle) && !visit(entry.first_cycle + cycle)) {
        return ScanEnd{.at = entry.first_cycle + cycle};
      }
    }
  }
  return all;
}

Result<Answer<ActPlace>> latest_act(TraceReader& trace, const Sought& sought, uint64_t at,
                                    const Looking& looking) {
  Answer<ActPlace> answer;
  const auto look = [&](const ChunkIndex& index, const ChunkEntry& entry) {
    const Wanted wanted(index, sought, Of::kActs);
    if (!wanted.any()) return false;
    for (auto act = index.acts.rbegin(); act != index.acts.rend(); ++act) {
      const uint64_t moment = entry.first_cycle + act->before - 1;
      if (moment > at || !wanted(*act)) continue;
      answer.found = ActPlace{.at = moment, .who = index.actors[act->actor]};
      return true;
    }
    return false;
  };
  const Result<bool> interrupted =
      back_through(trace, at, 0, looking, MayHave(trace, sought, Of::kActs), look);
  if (!interrupted) return interrupted.error();
  answer.interrupted = *interrupted;
  return answer;
}

Result<Answer<ActPlace>> earliest_act(TraceReader& trace, const Sought& sought, uint64_t after,
                                      const Looking& looking) {
  Answer<ActPlace> answer;
  if (after >= trace.cycles()) return answer;
  const MayHave may(trace, sought, Of::kActs);
  const size_t chunks = trace.chunks().size();
  for (size_t chunk = trace.chunk_of(std::max(after, trace.start()) + 1); chunk < chunks; ++chunk) {
    const ChunkEntry& entry = trace.chunks()[chunk];
    if (!may(chunk)) continue;
    answer.interrupted = looking.stopped();
    if (answer.interrupted) return answer;
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(chunk);
    if (!index) return index.error();
    if (looking.progress) looking.progress(entry.first_cycle);
    const Wanted wanted(**index, sought, Of::kActs);
    if (!wanted.any()) continue;
    for (const ChunkIndex::Act& act : (*index)->acts) {
      const uint64_t moment = entry.first_cycle + act.before - 1;
      if (moment <= after || !wanted(act)) continue;
      answer.found = ActPlace{.at = moment, .who = (*index)->actors[act.actor]};
      return answer;
    }
  }
  return answer;
}

Result<Answer<uint64_t>> latest_birth(TraceReader& trace, const Subjects& whose, uint64_t at,
                                      const Looking& looking) {
  Answer<uint64_t> answer;
  const auto look = [&](const ChunkIndex& index, const ChunkEntry& entry) {
    for (auto birth = index.births.rbegin(); birth != index.births.rend(); ++birth) {
      const ChunkIndex::Actor& actor = index.actors[birth->actor];
      const uint64_t moment = entry.first_cycle + birth->before - 1;
      if (moment > at || !whose.has(actor.domain, actor.key)) continue;
      answer.found = moment;
      return true;
    }
    return false;
  };
  const Result<bool> interrupted = back_through(
      trace, at, 0, looking, [](size_t) { return true; }, look);
  if (!interrupted) return interrupted.error();
  answer.interrupted = *interrupted;
  return answer;
}

Result<Answer<RollbackView>> latest_rollback(TraceReader& trace, uint64_t at,
                                             const Looking& looking) {
  Answer<RollbackView> answer;
  if (!trace.may_roll_back()) return answer;
  const auto look_into = [&](size_t chunk) -> Status {
    const Result<std::shared_ptr<const ChunkIndex>> index = trace.index(chunk);
    if (!index) return index.error();
    for (const uint64_t place : (*index)->rollbacks) {
      const uint64_t cycle = trace.chunks()[chunk].first_cycle + place - 1;
      if (cycle > at) continue;
      const auto visit = [&](const EventView& event, uint64_t) {
        const auto* rolled = std::get_if<RollbackView>(&event);
        if (rolled != nullptr && !rolled->only_slice) answer.found = *rolled;
        return true;
      };
      const Result<ScanEnd> end = scan(trace, cycle, cycle, {}, visit);
      if (!end) return end.error();
    }
    return Done{};
  };
  // A keyframe follows on every rollback, or it was the last thing that happened.
  std::vector<size_t> chunks = {trace.chunks().size() - 1};
  for (const KeyframeEntry& keyframe : trace.keyframes()) {
    if (keyframe.chunk > 0 && keyframe.cycle <= at) chunks.push_back(keyframe.chunk - 1);
  }
  std::ranges::sort(chunks);
  for (size_t i = chunks.size(); i-- > 0 && !answer.found;) {
    answer.interrupted = looking.stopped();
    if (answer.interrupted) break;
    if (Status looked = look_into(chunks[i]); !looked) return looked.error();
  }
  return answer;
}

}  // namespace lexum
