// What can be assigned: a field, a `let`, and parts of them.
#include "check/body.h"

namespace lexum {

Body::Place Body::place(ExprId id, size_t depth) {
  if (!id) return {};
  const Expr& expr = context_.tree[id];
  if (expr.kind != ExprKind::kPostfix) return place(expr, {}, depth);
  const Expr& base = context_.tree[context_.tree.items(expr)[0]];
  const std::span<const Link> links = context_.tree.links_of(expr);
  if (names_domain(base, links)) return {};
  return place(base, links, depth);
}

// `depth` is that of its subscripts.
Body::Place Body::place(const Expr& base, std::span<const Link> links, size_t depth) {
  if (base.kind == ExprKind::kError) return {};
  if (base.kind != ExprKind::kName && base.kind != ExprKind::kState) {
    context_.report(Code::kNotAssignable, base.span,
                    context_.quoted(base.span) + " is a value and no place",
                    "a field or a `let` can be assigned, and elements and members of them");
    return {};
  }
  Place place;
  const Local* local = base.kind == ExprKind::kName ? find_local(base.name) : nullptr;
  const uint32_t slot = local ? local->slot : find_field(base.name);
  if (slot == MemberTable::kNone) {
    unknown_name(base.name, base.kind == ExprKind::kState);
    return {};
  }
  if (local && local->kind != LocalKind::kLet) {
    const bool hides = find_field(base.name) != MemberTable::kNone;
    context_.report(Code::kNotAssignable, base.span,
                    context_.quoted(base.name) + " is a " +
                        (local->kind == LocalKind::kParameter ? "parameter" : "loop variable") +
                        " and cannot be changed",
                    hides
                        ? "the field of that name is state." + std::string(context_.text(base.name))
                        : "copy it: let copy = " + std::string(context_.text(base.name)));
    return {};
  }
  if (!local && purpose_ == Purpose::kCondition) {
    context_.report(Code::kNotPure, base.span, "a condition reads the state and changes nothing",
                    ".first and .slice(a, b) look at a list without changing it");
    return {};
  }
  place.term.local = local != nullptr;
  place.term.slot = slot;
  place.term.type = local ? local->type : context_.program[domain_].fields[slot].type;
  place.path = local ? paths_.local(slot) : paths_.field(slot);
  if (!local) writes_.add(slot);
  if (!local && !links.empty()) reads_.add(slot);
  for (const Link& link : links) {
    if (broken(place.term.type) || !extend(place, link, {base.span.begin, link.span.begin}, depth))
      return {};
  }
  place.good = !broken(place.term.type);
  return place;
}

// One member or element further; `before` is the text of the place so far.
bool Body::extend(Place& place, const Link& link, Span before, size_t depth) {
  const TypedTerm holder = narrow(
      {.term = {}, .type = place.term.type, .path = place.subscripted ? PathId() : place.path});
  if (!check_not_null(holder.type, before)) return false;
  const Type type = context_.types[holder.type];
  PlaceStep step;
  if (link.kind == LinkKind::kIndex && type.kind == TypeKind::kList) {
    step.kind = PlaceStep::Kind::kList;
    step.subscript = expect(link.index, depth, Types::of(TypeKind::kInt), "the index of a list");
    place.term.type = type.element;
  } else if (link.kind == LinkKind::kIndex && type.kind == TypeKind::kMap) {
    step.kind = PlaceStep::Kind::kMap;
    step.subscript = expect(link.index, depth, type.key, "the key of this map");
    place.term.type = type.element;
  } else if (link.kind == LinkKind::kMember && type.kind == TypeKind::kRecord) {
    step.index = find_member(type.shape, link.name);
    if (step.index == MemberTable::kNone) return false;
    place.term.type = context_.program.records[type.shape].fields[step.index].type;
    if (!place.subscripted) place.path = paths_.member(place.path, step.index);
  } else {
    context_.report(Code::kNotAssignable, join(before, link.span),
                    context_.quoted(join(before, link.span)) + " is a value and no place",
                    "a field or a `let` can be assigned, and elements and members of them");
    return false;
  }
  place.subscripted = place.subscripted || link.kind == LinkKind::kIndex;
  place.term.steps.push_back(step);
  return true;
}

// The chain up to `links`, which is a pop().
TypedTerm Body::pop(const Expr& expr, size_t links, size_t depth) {
  const std::span<const Link> all = context_.tree.links_of(expr);
  const Span span{expr.span.begin, all[links].span.end};
  const Span before{span.begin, all[links].span.begin};
  Place popped = place(context_.tree[context_.tree.items(expr)[0]], all.first(links), depth + 1);
  if (!popped.good) return error(span);
  if (!popped.term.local) reads_.add(popped.term.slot);
  const TypedTerm holder = narrow(
      {.term = {}, .type = popped.term.type, .path = popped.subscripted ? PathId() : popped.path});
  if (!check_not_null(holder.type, before)) return error(span);
  if (kind_of(holder.type) != TypeKind::kList) {
    context_.report(Code::kUnknownMethod, all[links].name.span,
                    "pop() takes from a list, and this is " + context_.quoted(holder.type),
                    kind_of(holder.type) == TypeKind::kMap
                        ? ".remove(k) gives the map without a key"
                        : "only lists have it");
    return error(span);
  }
  const TypeId element = context_.types[holder.type].element;
  context_.program.places.push_back(std::move(popped.term));
  const auto index = static_cast<uint32_t>(context_.program.places.size() - 1);
  return {.term = context_.term(Op::kPop, depth, span, index), .type = element};
}

}  // namespace lexum
