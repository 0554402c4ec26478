#include "tracer/target.h"

#include <fmt/format.h>

#include "machine/input_reader.h"

namespace lexum {
namespace {

struct Member {
  Subjects whose;
  std::string_view name;
};

// `D.member` or `D[7].member`. A key may have dots and brackets in its quotes.
Result<Member> read_member(const Program& program, std::string_view text, const char* what) {
  size_t dot = text.find_first_of(".[");
  const bool keyed = dot != std::string_view::npos && text[dot] == '[';
  for (bool inside = false; keyed && dot < text.size(); ++dot) {
    if (text[dot] == '\\' && inside) ++dot;
    else if (dot < text.size() && text[dot] == '"') inside = !inside;
    else if (!inside && text[dot] == ']' && text.substr(dot + 1).starts_with('.')) break;
  }
  if (keyed && dot < text.size()) ++dot;
  if (dot >= text.size() || dot == 0 || dot + 1 == text.size()) {
    return Error{
        .code = ErrorCode::kMismatch,
        .what = fmt::format("`{0}` names no {1}; write it as D.{1} or D[7].{1}", text, what)};
  }
  Result<Subjects> whose = read_subjects(program, text.substr(0, dot));
  if (!whose) return whose.error();
  return Member{.whose = std::move(*whose), .name = text.substr(dot + 1)};
}

}  // namespace

Result<Subjects> read_subjects(const Program& program, std::string_view text) {
  const DomainId domain = program.find_domain(text);
  if (domain && program[domain].keyed) return Subjects{.domain = domain};
  InputReader reader(program);
  const Source source("", std::string(text));
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  if (!fragment.expr || diagnostics.has_errors()) {
    reader.fail(source, diagnostics, 0);
    return reader.error();
  }
  const Receiver receiver = reader.receiver(source, fragment.tree, fragment.expr);
  if (!reader.good()) return reader.error();
  return Subjects{.domain = receiver.domain, .key = receiver.key};
}

Result<FieldTarget> read_field_target(const Program& program, std::string_view text) {
  const Result<Member> named = read_member(program, text, "field");
  if (!named) return named.error();
  InputReader reader(program);
  const uint32_t slot = reader.field(named->whose.domain, named->name);
  if (!reader.good()) return reader.error();
  return FieldTarget{.whose = named->whose, .slot = slot};
}

std::string routine_name(const Routine& routine) {
  return (routine.kind == RoutineKind::kEvent ? "Event::" : "") + routine.name;
}

Result<RoutineTarget> read_routine_target(const Program& program, std::string_view text) {
  const Result<Member> named = read_member(program, text, "transition");
  if (!named) return named.error();
  const Domain& domain = program[named->whose.domain];
  std::vector<std::string> names;
  for (size_t i = 0; i < domain.routines.size(); ++i) {
    names.push_back(routine_name(domain.routines[i]));
    if (names.back() == named->name) {
      return RoutineTarget{.whose = named->whose, .routine = RoutineIndex(i)};
    }
  }
  return Error{
      .code = ErrorCode::kMismatch,
      .what = fmt::format("`{}` has no transition or handler `{}`{}", domain.name, named->name,
                          did_you_mean(named->name, names, "it has none at all"))};
}

Result<GoalTarget> read_goal_target(const Program& program, std::string_view text) {
  const Result<Member> named = read_member(program, text, "goal");
  if (!named) return named.error();
  const Domain& domain = program[named->whose.domain];
  std::vector<std::string> names;
  for (size_t i = 0; i < domain.goals.size(); ++i) {
    names.push_back(domain.goals[i].name);
    if (names.back() == named->name) {
      return GoalTarget{.whose = named->whose, .goal = GoalIndex(i)};
    }
  }
  return Error{.code = ErrorCode::kMismatch,
               .what = fmt::format("`{}` has no goal `{}`{}", domain.name, named->name,
                                   did_you_mean(named->name, names, "it has none at all"))};
}

}  // namespace lexum
