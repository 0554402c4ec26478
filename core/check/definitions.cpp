// Bodies in the order of the source: records, functions, and domain by domain what stands in them.
#include "check/definitions.h"

#include <unordered_set>

#include "check/body.h"
#include "check/goals.h"
#include "check/records.h"
#include "check/systems.h"

namespace lexum {
namespace {

void define_initials(Context& context, DomainId id) {
  const DomainDecl& decl = context.tree.domains[id.index()];
  for (size_t i = 0; i < decl.fields.size(); ++i) {
    if (!decl.fields[i].initial) continue;
    Field& field = context.program.domains[id.index()].fields[i];
    Body body(context, Purpose::kConstant);
    field.initial_term =
        body.constant(decl.fields[i].initial, field.type, context.quoted(decl.fields[i].name));
  }
}

void define_invariants(Context& context, DomainId id) {
  Domain& domain = context.program.domains[id.index()];
  std::unordered_set<uint32_t> names;
  for (const InvariantDecl& decl : context.tree.domains[id.index()].invariants) {
    if (decl.name && !names.insert(decl.name.id.value).second)
      context.report_twice(decl.name, "invariant");
    Body body(context, Purpose::kCondition, id);
    Invariant invariant;
    invariant.name = context.text(decl.name);
    invariant.condition = body.condition(decl.condition, "an invariant");
    invariant.reads = body.reads();
    invariant.span = decl.span;
    domain.invariants.push_back(std::move(invariant));
  }
}

void define_slices(Context& context, Body& body, const TransitionDecl& decl, Routine& routine) {
  std::unordered_set<uint32_t> names;
  for (const SliceDecl& slice : decl.slices) {
    Slice made;
    made.name = slice.name ? context.text(slice.name) : "step";
    if (slice.name && !names.insert(slice.name.id.value).second)
      context.report_twice(slice.name, "slice");
    body.slice(slice.body, made);
    routine.slices.push_back(std::move(made));
  }
}

void define_routine(Context& context, DomainId id, size_t index,
                    const std::optional<Authority>& of_domain) {
  const RoutineDecl& decl = context.routine_decls[id.index()][index];
  Routine& routine = context.program.domains[id.index()].routines[index];
  Authorities authorities;
  authorities.add(of_domain);
  std::optional<Authority> own;
  if (decl.transition && decl.transition->has_capability) {
    own = authority_of(context, {&decl.transition->capability, 1},
                       "transition `" + routine.name + "`");
    authorities.add(own);
  }
  Body body(context, Purpose::kRoutine, id);
  body.stand_under(authorities);
  body.declare_parameters(decl.params(), routine.params);
  if (decl.transition) {
    define_slices(context, body, *decl.transition, routine);
  } else {
    Slice slice;
    slice.name = "step";
    body.slice(decl.handler->body, slice);
    routine.slices.push_back(std::move(slice));
  }
  routine.locals = body.locals_max();
  routine.local_types = body.take_local_types();
}

void define_domain(Context& context, DomainId id) {
  const Domain& domain = context.program[id];
  define_initials(context, id);
  define_invariants(context, id);
  define_goals(context, id);
  const std::optional<Authority> authority = authority_of(
      context, context.tree.domains[id.index()].capabilities, "domain `" + domain.name + "`");
  for (size_t i = 0; i < domain.routines.size(); ++i) define_routine(context, id, i, authority);
}

}  // namespace

void define_program(Context& context) {
  define_records(context);
  for (size_t i = 0; i < context.tree.functions.size(); ++i) {
    Body body(context, Purpose::kFunction);
    body.function(context.tree.functions[i], context.program.functions[i]);
  }
  for (size_t i = 0; i < context.program.domains.size(); ++i) define_domain(context, DomainId(i));
  define_systems(context);
}

}  // namespace lexum
