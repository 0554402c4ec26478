#include "machine/wiring.h"

#include <algorithm>

namespace lexum {

namespace {

struct Stretch {
  Span span;
  Site site;
};

std::vector<Stretch> places_of(const Program& program) {
  std::vector<Stretch> places;
  for (size_t d = 0; d < program.domains.size(); ++d) {
    const std::vector<Routine>& routines = program.domains[d].routines;
    for (size_t r = 0; r < routines.size(); ++r) {
      for (uint32_t s = 0; s < routines[r].slices.size(); ++s) {
        places.push_back({routines[r].slices[s].span, {DomainId(d), RoutineIndex(r), s}});
      }
    }
  }
  std::ranges::sort(places, {}, [](const Stretch& place) { return place.span.begin; });
  return places;
}

}  // namespace

// Slices do not overlap, so the last one that begins before an emission is the one around it.
Wiring::Wiring(const Program& program) : program_(program) {
  const std::vector<Stretch> places = places_of(program);
  for (const Emission& emission : program.emissions) {
    const auto behind = std::ranges::upper_bound(
        places, emission.span.begin, {}, [](const Stretch& place) { return place.span.begin; });
    LEXUM_CHECK(behind != places.begin());
    sites_.push_back(std::prev(behind)->site);
  }
}

std::vector<EmissionId> Wiring::senders_of(DomainId domain, RoutineIndex routine) const {
  const Routine& target = program_[domain].routines[routine.index()];
  std::vector<EmissionId> senders;
  for (size_t i = 0; i < program_.emissions.size(); ++i) {
    const Emission& emission = program_.emissions[i];
    bool sends = false;
    switch (emission.kind) {
      case EmissionKind::kSend:
        sends = emission.domain == domain && emission.routine == routine;
        break;
      case EmissionKind::kBroadcast:
        sends = target.kind == RoutineKind::kEvent && target.event == emission.event;
        break;
      case EmissionKind::kEffect:
        sends = (target.kind == RoutineKind::kDone || target.kind == RoutineKind::kFailed) &&
                target.effect == emission.effect && sites_[i].domain == domain;
        break;
    }
    if (sends) senders.emplace_back(i);
  }
  return senders;
}

std::vector<RoutineIndex> Wiring::writers_of(DomainId domain, uint32_t slot) const {
  std::vector<RoutineIndex> writers;
  const std::vector<Routine>& routines = program_[domain].routines;
  for (size_t i = 0; i < routines.size(); ++i) {
    const bool writes = std::ranges::any_of(routines[i].slices, [&](const Slice& slice) {
      return slice.writes.meets(FieldMask::of(slot));
    });
    if (writes) writers.emplace_back(i);
  }
  return writers;
}

std::string spell(const Routine& routine) {
  switch (routine.kind) {
    case RoutineKind::kTransition:
      return routine.name;
    case RoutineKind::kEvent:
      return "on Event::" + routine.name;
    default:
      return "on " + routine.name;
  }
}

std::vector<Edge> edges_of(const Program& program) {
  const Wiring wiring(program);
  std::vector<Edge> edges;
  for (size_t i = 0; i < program.emissions.size(); ++i) {
    const Emission& emission = program.emissions[i];
    const Site& site = wiring[EmissionId(i)];
    const Domain& domain = program[site.domain];
    Edge edge{.emission = EmissionId(i),
              .from = domain.name,
              .in = spell(domain.routines[site.routine.index()]),
              .to = {},
              .message = {},
              .kind = {},
              .line = program.source.place(emission.span.begin).line};
    if (emission.kind == EmissionKind::kSend) {
      edge.to = program[emission.domain].name;
      edge.message = program[emission.domain].routines[emission.routine.index()].name;
      edge.kind = "send";
      edges.push_back(edge);
    } else if (emission.kind == EmissionKind::kEffect) {
      const Effect& effect = program.effects[emission.effect.index()];
      edge.to = effect.adapter;
      edge.message = effect.operation;
      edge.kind = "effect";
      edges.push_back(edge);
    } else {
      const Event& event = program.events[emission.event.index()];
      edge.message = "Event::" + event.name;
      edge.kind = "broadcast";
      if (event.listeners.empty()) edges.push_back(edge);
      for (const Listener& listener : event.listeners) {
        edge.to = program[listener.domain].name;
        edges.push_back(edge);
      }
    }
  }
  return edges;
}

std::string spell(const Program& program, DomainId domain, RoutineIndex routine) {
  return program[domain].name + "." + spell(program[domain].routines[routine.index()]);
}

}  // namespace lexum
