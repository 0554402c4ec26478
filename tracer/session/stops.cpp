#include "session/stops.h"

#include <algorithm>
#include <optional>

#include "session/expression.h"
#include "session/thing.h"
#include "tracer/ask.h"
#include "tracer/rerun.h"

namespace lexum {

namespace {

template <class Emissions>
bool emits(const Program& program, const Emissions& emissions, bool effect) {
  return std::ranges::any_of(emissions, [&](const auto& emission) {
    const EmissionKind kind = program.emissions[emission.site.index()].kind;
    return (kind == EmissionKind::kEffect) == effect;
  });
}

// A stop with the names of one program looked up.
class Wanted {
 public:
  static Result<Wanted> read(const Program& program, const Stop& stop) {
    Wanted wanted;
    wanted.kind_ = stop.kind;
    switch (stop.kind) {
      case StopKind::kBreak: {
        const Result<RoutineTarget> routine = read_routine(program, stop.what);
        if (!routine) return routine.error();
        wanted.sought_ = runs_of(*routine);
        wanted.sought_.is = [is = wanted.sought_.is](const ChunkIndex::Kind& kind) {
          return kind.work != WorkKind::kSlice && is(kind);
        };
        break;
      }
      case StopKind::kWatch: {
        const Result<FieldTarget> field = read_field(program, stop.what);
        if (!field) return field.error();
        wanted.field_ = *field;
        wanted.sought_ = writes_of(*field);
        break;
      }
      case StopKind::kFault:
        wanted.sought_ = faults_of({});
        break;
      case StopKind::kGoal:
        wanted.sought_.is = [](const ChunkIndex::Kind& kind) { return !kind.flips.empty(); };
        break;
      case StopKind::kSend:
      case StopKind::kEffect:
        wanted.sought_.is = [](const ChunkIndex::Kind& kind) { return kind.emissions > 0; };
        break;
      case StopKind::kOscillation:
        // Not of one cycle; that is where a run ends.
        wanted.sought_.is = [](const ChunkIndex::Kind&) { return false; };
        break;
    }
    if (stop.condition.empty()) return wanted;
    Result<std::unique_ptr<Condition>> condition = read_condition(program, stop.condition);
    if (!condition) return condition.error();
    wanted.condition_ = std::move(*condition);
    return wanted;
  }

  // The nearest cycle behind that moment, or before it; where an operator's act came after it, that
  // is of its moment.
  Result<Answer<uint64_t>> nearest(Timeline& timeline, Moment from, Direction direction,
                                   const Looking& looking) {
    const bool forwards = direction == Direction::kForward;
    const uint64_t start = timeline.trace().start();
    if (!forwards && from.cycle <= start) return Answer<uint64_t>();
    for (uint64_t at = first(from, forwards);;) {
      const Result<Answer<Candidate>> found = candidate(timeline.trace(), at, forwards, looking);
      if (!found) return found.error();
      if (!found->found) return Answer<uint64_t>{.found = {}, .interrupted = found->interrupted};
      const uint64_t cycle = found->found->at;
      const Result<bool> is = holds(timeline, *found->found);
      if (!is) return is.error();
      if (*is) return Answer<uint64_t>{.found = cycle};
      if (looking.stopped()) return Answer<uint64_t>{.found = {}, .interrupted = true};
      if (looking.progress) looking.progress(cycle);
      if (!forwards && cycle == start) return Answer<uint64_t>();
      at = cycle - (forwards ? 0 : 1);
    }
  }
  // As holds(), of a cycle that runs now.
  bool hears(const Program& program, const CycleRecord& ran) {
    take_kind(ran, kind_seen_);
    if (sought_.whose && !sought_.whose->has(ran.domain, *ran.key)) return false;
    if (!sought_.is(kind_seen_)) return false;
    const bool effect = kind_ == StopKind::kEffect;
    if ((effect || kind_ == StopKind::kSend) && !emits(program, ran.outbox->emitted, effect)) {
      return false;
    }
    if (condition_ == nullptr) return true;
    if (!condition_->whose().has(ran.domain, *ran.key)) return false;
    InstanceState instance = state_after(ran);
    if (before() && !ran.outbox->fault) {
      for (const FieldChange& change : ran.before) instance.fields[change.slot] = change.value;
    }
    return condition_->holds(instance);
  }
  [[nodiscard]] Moment moment(uint64_t cycle) const {
    return {.cycle = cycle, .statement = before() ? 1u : 0u};
  }

 private:
  // Whether one stops before the cycle.
  [[nodiscard]] bool before() const { return kind_ == StopKind::kBreak; }

  // Forwards, what lies behind it is wanted; backwards, it and what lies before.
  [[nodiscard]] uint64_t first(Moment from, bool forwards) const {
    const bool inside = from.statement != 0;
    if (forwards) return inside && !before() ? from.cycle - 1 : from.cycle;
    const bool beyond = before() && from.statement != 1;
    return beyond || from.cycle == 0 ? from.cycle : from.cycle - 1;
  }

  // A moment, and what may be what is wanted there.
  struct Candidate {
    uint64_t at = 0;
    bool ran = false;                           // its cycle
    std::optional<ChunkIndex::Actor> acted_on;  // an act
  };
  Result<Answer<Candidate>> candidate(TraceReader& trace, uint64_t at, bool forwards,
                                      const Looking& looking) const {
    const Result<Answer<uint64_t>> ran = cycle_near(trace, at, forwards, looking);
    if (!ran) return ran.error();
    Answer<ActPlace> acted;
    if (kind_ == StopKind::kWatch || kind_ == StopKind::kGoal) {
      Result<Answer<ActPlace>> found = forwards ? earliest_act(trace, sought_, at, looking)
                                                : latest_act(trace, sought_, at, looking);
      if (!found) return found.error();
      acted = std::move(*found);
    }
    Answer<Candidate> answer{.found = {}, .interrupted = ran->interrupted || acted.interrupted};
    if (answer.interrupted || (!ran->found && !acted.found)) return answer;
    Candidate& nearest = answer.found.emplace();
    const auto is_nearer = [&](uint64_t a, uint64_t b) { return forwards ? a <= b : a >= b; };
    nearest.ran = ran->found && (!acted.found || is_nearer(*ran->found, acted.found->at));
    if (acted.found && (!ran->found || is_nearer(acted.found->at, *ran->found))) {
      nearest.acted_on = acted.found->who;
    }
    nearest.at = nearest.ran ? *ran->found : acted.found->at;
    return answer;
  }

  Result<Answer<uint64_t>> cycle_near(TraceReader& trace, uint64_t at, bool forwards,
                                      const Looking& looking) const {
    if (!forwards && at <= trace.start()) return Answer<uint64_t>();
    if (kind_ == StopKind::kOscillation) return loop(trace, at, forwards, looking);
    if (!field_) {
      return forwards ? earliest(trace, sought_, at, looking) : latest(trace, sought_, at, looking);
    }
    const Result<Answer<Write>> write = forwards ? next_write(trace, *field_, at, looking)
                                                 : last_write(trace, *field_, at, looking);
    if (!write) return write.error();
    Answer<uint64_t> found{.found = {}, .interrupted = write->interrupted};
    if (!write->found) return found;
    found.found = write->found->at;
    // That is looked up apart; the cycle of its moment may have written it as well.
    if (write->found->how != Write::How::kAct) return found;
    return forwards ? earliest(trace, sought_, at, looking) : latest(trace, sought_, at, looking);
  }

  // A run that was found to be in a loop was stopped there, so that is its end.
  static Result<Answer<uint64_t>> loop(TraceReader& trace, uint64_t at, bool forwards,
                                       const Looking& looking) {
    const uint64_t end = trace.cycles();
    Answer<uint64_t> found;
    if (end == trace.start() || (forwards ? at >= end : at < end)) return found;
    const Result<std::unique_ptr<Rerun>> rerun = Rerun::at(trace, end, looking);
    if (!rerun) return rerun.error();
    if ((*rerun)->world().oscillates()) found.found = end;
    return found;
  }

  Result<bool> holds(Timeline& timeline, const Candidate& candidate) {
    if (candidate.acted_on) {
      if (condition_ == nullptr) return true;
      const Result<bool> held = holds_of(timeline, candidate.at, *candidate.acted_on);
      if (!held || *held) return held;
    }
    if (!candidate.ran) return false;
    const uint64_t cycle = candidate.at;
    const bool sends = kind_ == StopKind::kSend || kind_ == StopKind::kEffect;
    if (!sends && condition_ == nullptr) return true;
    TraceReader& trace = timeline.trace();
    if (sends) {
      const Result<CycleView> ran = cycle_at(trace, cycle);
      if (!ran) return ran.error();
      if (!emits(trace.program(), ran->emissions, kind_ == StopKind::kEffect)) return false;
    }
    if (condition_ == nullptr) return true;
    // Who it was, the index knows.
    const size_t chunk = trace.chunk_of(cycle);
    const auto index = trace.index(chunk);
    if (!index) return index.error();
    const size_t place = cycle - trace.chunks()[chunk].first_cycle;
    const ChunkIndex::Actor who = (*index)->actors[(*index)->who[place]];
    return holds_of(timeline, cycle - (before() ? 1 : 0), who);
  }

  Result<bool> holds_of(Timeline& timeline, uint64_t cycle, const ChunkIndex::Actor& who) {
    if (!condition_->whose().has(who.domain, who.key)) return false;
    if (Status there = timeline.go_to(cycle); !there) return there.error();
    const InstanceId id = timeline.find(who.domain, who.key);
    return id && condition_->holds(timeline.state()[id]);
  }

  StopKind kind_ = StopKind::kBreak;
  Sought sought_;
  std::optional<FieldTarget> field_;  // kWatch
  std::unique_ptr<Condition> condition_;
  ChunkIndex::Kind kind_seen_;  // keeps its memory
};

}  // namespace

std::string_view spelling(StopKind kind) {
  switch (kind) {
    case StopKind::kBreak:
      return "break";
    case StopKind::kWatch:
      return "watch";
    case StopKind::kFault:
      return "catch fault";
    case StopKind::kGoal:
      return "catch goal";
    case StopKind::kSend:
      return "catch send";
    case StopKind::kEffect:
      return "catch effect";
    case StopKind::kOscillation:
      return "catch oscillation";
  }
  return "";
}

std::string to_text(const Stop& stop) {
  std::string text(spelling(stop.kind));
  if (!stop.what.empty()) text += " " + stop.what;
  if (!stop.condition.empty()) text += " if " + stop.condition;
  return text;
}

Result<uint32_t> Stops::add(const Program& program, Stop stop) {
  const Result<Wanted> wanted = Wanted::read(program, stop);
  if (!wanted) return wanted.error();
  stop.number = ++last_number_;
  stops_.push_back(std::move(stop));
  return last_number_;
}

std::vector<uint32_t> Stops::idle_in(const Program& program) const {
  std::vector<uint32_t> idle;
  for (const Stop& stop : stops_) {
    if (!Wanted::read(program, stop)) idle.push_back(stop.number);
  }
  return idle;
}

std::function<bool(const CycleRecord&)> Stops::ear(const Program& program) const {
  auto all = std::make_shared<std::vector<Wanted>>();
  for (const Stop& stop : stops_) {
    if (Result<Wanted> wanted = Wanted::read(program, stop)) all->push_back(std::move(*wanted));
  }
  if (all->empty()) return {};
  return [all, &program](const CycleRecord& ran) {
    return std::ranges::any_of(*all, [&](Wanted& one) { return one.hears(program, ran); });
  };
}

bool Stops::remove(uint32_t number) {
  return std::erase_if(stops_, [&](const Stop& stop) { return stop.number == number; }) > 0;
}

Result<Answer<Stops::Hit>> Stops::nearest(Timeline& timeline, Moment from, Direction direction,
                                          const Looking& looking) const {
  // Inside a cycle comes before its end.
  const auto order = [](Moment moment) {
    return std::pair(moment.cycle, moment.statement == 0 ? UINT32_MAX : moment.statement);
  };
  Answer<Hit> nearest;
  for (const Stop& stop : stops_) {
    Result<Wanted> wanted = Wanted::read(timeline.trace().program(), stop);
    if (!wanted) continue;
    const Result<Answer<uint64_t>> found = wanted->nearest(timeline, from, direction, looking);
    if (!found) return found.error();
    nearest.interrupted = nearest.interrupted || found->interrupted;
    if (!found->found) continue;
    const Moment at = wanted->moment(*found->found);
    if (nearest.found && at == nearest.found->at) {
      nearest.found->numbers.push_back(stop.number);
    } else if (!nearest.found ||
               (order(at) < order(nearest.found->at)) == (direction == Direction::kForward)) {
      nearest.found = Hit{.at = at, .numbers = {stop.number}};
    }
  }
  return nearest;
}

}  // namespace lexum
