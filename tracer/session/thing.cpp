#include "session/thing.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "machine/input_reader.h"

namespace lexum {

namespace {

// What has a name of its own inside a domain.
enum Kinds : unsigned { kFields = 1, kGoals = 2, kRoutines = 4, kAll = 7 };

struct Member {
  std::string name;
  Thing thing;
};
std::vector<Member> members_of(const Program& program, DomainId id, unsigned kinds) {
  const Domain& domain = program[id];
  const Subjects whose{.domain = id,
                       .key = domain.keyed ? std::optional<Value>() : std::optional(Value())};
  std::vector<Member> all;
  if ((kinds & kFields) != 0) {
    for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
      all.push_back({domain.fields[slot].name, FieldTarget{.whose = whose, .slot = slot}});
    }
  }
  if ((kinds & kGoals) != 0) {
    for (size_t i = 0; i < domain.goals.size(); ++i) {
      all.push_back({domain.goals[i].name, GoalTarget{.whose = whose, .goal = GoalIndex(i)}});
    }
  }
  if ((kinds & kRoutines) != 0) {
    for (size_t i = 0; i < domain.routines.size(); ++i) {
      all.push_back({routine_name(domain.routines[i]),
                     RoutineTarget{.whose = whose, .routine = RoutineIndex(i)}});
    }
  }
  return all;
}

// A name alone, in whichever domain has it.
Result<Thing> read_alone(const Program& program, std::string_view name, unsigned kinds) {
  std::vector<std::string> owners;
  std::vector<std::string> known;
  std::optional<Thing> found;
  for (size_t i = 0; i < program.domains.size(); ++i) {
    for (Member& one : members_of(program, DomainId(i), kinds)) {
      if (one.name == name || one.name == "Event::" + std::string(name)) {
        owners.push_back(program.domains[i].name + "." + one.name);
        if (!found) found = std::move(one.thing);
      }
      known.push_back(std::move(one.name));
    }
  }
  if (owners.size() == 1) return *found;
  if (!owners.empty()) {
    return wrong(fmt::format("`{}` may be {}; say which", name, fmt::join(owners, " or ")));
  }
  for (const Domain& domain : program.domains) known.push_back(domain.name);
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return wrong(
      fmt::format("nothing in this program is called `{}`{}", name, did_you_mean(name, known, "")));
}

bool is_name(std::string_view text) {
  return text.find_first_of(".[") == std::string_view::npos && !text.empty();
}

bool looks_like_a_position(std::string_view text) {
  return text == "start" || text == "end" || text.starts_with('@') || text.starts_with("msg:") ||
         text.starts_with("fault:") || text.find('/') != std::string_view::npos ||
         (!text.empty() && text[0] >= '0' && text[0] <= '9');
}

template <class Target>
Result<Target> only(Result<Thing> thing) {
  if (!thing) return thing.error();
  return std::get<Target>(*thing);
}

}  // namespace

Result<FieldTarget> read_field(const Program& program, std::string_view text) {
  if (!is_name(text)) return read_field_target(program, text);
  return only<FieldTarget>(read_alone(program, text, kFields));
}

Result<RoutineTarget> read_routine(const Program& program, std::string_view text) {
  if (!is_name(text)) return read_routine_target(program, text);
  return only<RoutineTarget>(read_alone(program, text, kRoutines));
}

Result<Thing> read_thing(const Program& program, std::string_view text) {
  if (looks_like_a_position(text)) {
    Result<Position> position = read_position(program, text);
    if (!position) return position.error();
    return Thing(std::move(*position));
  }
  if (program.find_domain(text)) return Thing(*read_subjects(program, text));
  if (is_name(text)) return read_alone(program, text, kAll);
  for (size_t i = 0; i < program.effects.size(); ++i) {
    const Effect& effect = program.effects[i];
    if (text == effect.adapter + "." + effect.operation) return Thing(EffectId(i));
  }
  if (text.ends_with(']')) {
    Result<Subjects> whose = read_subjects(program, text);
    if (!whose) return whose.error();
    return Thing(std::move(*whose));
  }
  if (const auto field = read_field_target(program, text)) return Thing(*field);
  if (const auto goal = read_goal_target(program, text)) return Thing(*goal);
  Result<RoutineTarget> routine = read_routine_target(program, text);
  if (routine) return Thing(std::move(*routine));
  // What is left is a name that its domain has not, or a domain that is not there.
  const Result<Subjects> whose = read_subjects(program, text.substr(0, text.find_last_of('.')));
  if (!whose) return whose.error();
  std::vector<std::string> names;
  for (Member& one : members_of(program, whose->domain, kAll)) names.push_back(std::move(one.name));
  const std::string_view name = text.substr(text.find_last_of('.') + 1);
  return wrong(fmt::format("`{}` has nothing called `{}`{}", program[whose->domain].name, name,
                           did_you_mean(name, names, "; it is empty")));
}

}  // namespace lexum
