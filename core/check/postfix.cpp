// What stands behind dots and brackets. A chain of them is one evaluation, so its terms share one
// depth.
#include "check/body.h"
#include "check/typing.h"

namespace lexum {
namespace {

ReceiverKind receiver_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kText:
      return ReceiverKind::kText;
    case TypeKind::kList:
      return ReceiverKind::kList;
    case TypeKind::kMap:
      return ReceiverKind::kMap;
    default:
      return ReceiverKind::kNothing;
  }
}

bool is_pop(const Context& context, const Link& link) {
  return link.kind == LinkKind::kMethod && context.text(link.name) == "pop" && link.args.count == 0;
}

}  // namespace

TypedTerm Body::postfix(const Expr& expr, size_t depth) {
  const ExprId base = context_.tree.items(expr)[0];
  const std::span<const Link> links = context_.tree.links_of(expr);
  if (names_domain(context_.tree[base], links)) return error(expr.span);
  const ExprKind kind = context_.tree[base].kind;
  TypedTerm value{.term = {}, .type = {}};
  size_t done = 0;
  if (kind == ExprKind::kName || kind == ExprKind::kState) {
    // A pop() changes the place before it, so that place is no value.
    while (done < links.size() && links[done].kind != LinkKind::kMethod) ++done;
    if (done < links.size() && is_pop(context_, links[done])) {
      value = pop(expr, done++, depth);
    } else {
      done = 0;
    }
  }
  if (done == 0) value = expression(base, depth + 1);
  for (; done < links.size(); ++done) {
    if (broken(value.type)) return value;
    value = link(value, links[done], {expr.span.begin, links[done].span.end}, depth);
  }
  return value;
}

// Whether the base of a chain is another domain, whose state nobody can name; that is reported.
bool Body::names_domain(const Expr& base, std::span<const Link> links) {
  if (links.empty() || base.kind != ExprKind::kName || find_local(base.name) ||
      find_field(base.name) != MemberTable::kNone) {
    return false;
  }
  const DomainId domain = context_.domains.get(base.name);
  if (!domain || purpose_ == Purpose::kConstant) return false;
  const std::string& name = context_.program[domain].name;
  const Span span = join(base.span, links[0].span);
  if (domain == domain_) {
    context_.report(Code::kUnknownName, base.span, "`" + name + "` is this domain itself",
                    "its fields are named alone, or as state.x");
  } else {
    context_.report(Code::kForeignState, span,
                    "the state of `" + name + "` is its own: nobody else can see it",
                    "send " + name + " a message, and let it send its answer");
  }
  return true;
}

bool Body::check_not_null(TypeId type, Span span) {
  if (kind_of(type) == TypeKind::kNull) {
    context_.report(Code::kTypeMismatch, span, "null has no parts",
                    "put it into a field or a `let` that has a type");
    return false;
  }
  if (!context_.types[type].optional) return true;
  context_.report(Code::kMayBeNull, span,
                  context_.quoted(span) + " may be null: it is " + context_.quoted(type),
                  "ask first: if … != null { … }; or give a value for that case: … ?? …");
  return false;
}

// `span` is the chain up to and with the link.
TypedTerm Body::link(TypedTerm receiver, const Link& link, Span span, size_t depth) {
  const Span before{span.begin, link.span.begin};
  if (!check_not_null(receiver.type, before)) return error(span);
  switch (link.kind) {
    case LinkKind::kIndex:
      return element(receiver, link, span, depth);
    case LinkKind::kMember:
      if (kind_of(receiver.type) == TypeKind::kRecord) return member(receiver, link, span, depth);
      break;
    case LinkKind::kMethod:
      break;
  }
  if (!link.name) return error(span);
  const ReceiverKind kind = receiver_of(kind_of(receiver.type));
  const MethodInfo* info =
      kind == ReceiverKind::kNothing ? nullptr : find_method(kind, context_.text(link.name));
  if (info && info->called == (link.kind == LinkKind::kMethod))
    return method(receiver, *info, link, span, depth);
  if (info) {
    context_.report(Code::kUnknownMethod, link.name.span,
                    "`." + std::string(info->name) + "` is written " +
                        (info->called ? "with" : "without") + " parentheses",
                    signature(*info));
    return error(span);
  }
  const auto fitting = [kind](const auto& add) {
    for (const MethodInfo& each : all_methods()) {
      if (kind != ReceiverKind::kNothing && each.receiver == kind) add(each.name);
    }
  };
  std::string all;
  fitting([&all](std::string_view each) {
    all += (all.empty() ? "it has ." : " .") + std::string(each);
  });
  context_.report(Code::kUnknownMethod, link.name.span,
                  "a " + context_.quoted(receiver.type) + " has no " + context_.quoted(link.name),
                  context_.did_you_mean(link.name, all, fitting));
  return error(span);
}

// The index of a member, or none, and reported.
uint32_t Body::find_member(uint32_t shape, Name name) {
  const uint32_t index = context_.record_fields.get(shape, name);
  if (index != MemberTable::kNone || !name) return index;
  const Record& record = context_.program.records[shape];

  context_.report(Code::kUnknownField, name.span,
                  "`" + record.name + "` has no field " + context_.quoted(name),
                  context_.did_you_mean(name, "", record.fields));
  return index;
}

TypedTerm Body::member(TypedTerm receiver, const Link& link, Span span, size_t depth) {
  const uint32_t shape = context_.types[receiver.type].shape;
  const uint32_t index = find_member(shape, link.name);
  if (index == MemberTable::kNone) return error(span);
  const TermId term = context_.term(Op::kMember, depth, span, receiver.term.value, index);
  const TypeId type = context_.program.records[shape].fields[index].type;
  return narrow({.term = term, .type = type, .path = paths_.member(receiver.path, index)});
}

TypedTerm Body::element(TypedTerm receiver, const Link& link, Span span, size_t depth) {
  const Type type = context_.types[receiver.type];
  const bool list = type.kind == TypeKind::kList;
  if (!list && type.kind != TypeKind::kMap) {
    context_.report(
        Code::kBadOperands, link.span,
        "`[ ]` takes an element of a list or a map, and this is " + context_.quoted(receiver.type),
        type.kind == TypeKind::kText ? ".split(\"\") makes a list of its characters" : "");
    return error(span);
  }
  if (!check_settled(receiver.type, {span.begin, link.span.begin})) return error(span);
  const TermId index =
      list ? expect(link.index, depth + 1, Types::of(TypeKind::kInt), "the index of a list")
           : expect(link.index, depth + 1, type.key, "the key of this map");
  const Op op = list ? Op::kAtList : Op::kAtMap;
  return {.term = context_.term(op, depth, span, receiver.term.value, index.value),
          .type = type.element};
}

// ---------------------------------------------------------------------------------------- methods

TypeId Body::type_of(MethodRole role, TypeId receiver) {
  const Type type = receiver ? context_.types[receiver] : Type();
  switch (role) {
    case MethodRole::kNone:
    case MethodRole::kAny:
      break;
    case MethodRole::kBool:
      return Types::of(TypeKind::kBool);
    case MethodRole::kInt:
      return Types::of(TypeKind::kInt);
    case MethodRole::kIntOrNull:
      return context_.types.optional(Types::of(TypeKind::kInt));
    case MethodRole::kText:
      return Types::of(TypeKind::kText);
    case MethodRole::kTexts:
      return context_.types.list_of(Types::of(TypeKind::kText));
    case MethodRole::kReceiver:
      return receiver;
    case MethodRole::kElement:
      return type.element;
    case MethodRole::kElementOrNull:
    case MethodRole::kValueOrNull:
      return context_.types.optional(type.element);
    case MethodRole::kKey:
      return type.key;
    case MethodRole::kKeys:
      return context_.types.list_of(type.key);
    case MethodRole::kValues:
      return context_.types.list_of(type.element);
  }
  return Types::of(TypeKind::kError);
}

// The arguments of a method or a built-in, by position; they are added to `terms`.
std::vector<TermId> Body::take(const MethodInfo& info, std::vector<TermId> terms, TypeId receiver,
                               Range args, Span span, size_t depth) {
  const std::span<const Arg> given = context_.tree.args_of(args);
  if (given.size() != info.arity()) {
    context_.report(Code::kArgumentCount, span,
                    "`" + std::string(info.name) + "` takes " + std::to_string(info.arity()) +
                        ", and gets " + std::to_string(given.size()),
                    signature(info));
    check_loose(args, depth);
    return terms;
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (given[i].name) {
      context_.report(Code::kUnknownArgument, given[i].name.span,
                      "the arguments of `" + std::string(info.name) + "` have no names",
                      signature(info));
    }
    if (info.takes[i] == MethodRole::kAny) {
      terms.push_back(expression(given[i].value, depth).term);
    } else {
      const TypeId wanted = type_of(info.takes[i], receiver);
      terms.push_back(expect(given[i].value, depth, wanted,
                             "this argument of `" + std::string(info.name) + "`"));
    }
  }
  return terms;
}

TypedTerm Body::method(TypedTerm receiver, const MethodInfo& info, const Link& link, Span span,
                       size_t depth) {
  const Span before{span.begin, link.span.begin};
  if (info.op == Op::kPop) {
    context_.report(
        Code::kNotAssignable, before,
        "pop() changes its list, and " + context_.quoted(before) + " is a mere value",
        "pop() takes from a list in state or in a `let`; .first and .slice(a, b) change nothing");
    return error(span);
  }
  const bool counts = info.method == Method::kListLength || info.method == Method::kMapLength;
  if (!counts && !check_settled(receiver.type, before)) return error(span);
  if (info.method == Method::kSorted) {
    const TypeId element = context_.types[receiver.type].element;
    if (!is(element, TypeKind::kInt) && !is(element, TypeKind::kText) && !broken(element)) {
      context_.report(Code::kTypeMismatch, link.name.span,
                      "`.sorted()` is for lists of int or string, and this is " +
                          context_.quoted(receiver.type),
                      "sort the keys of a map, or a list of what to sort by");
      return error(span);
    }
  }
  const std::vector<TermId> terms =
      take(info, {receiver.term}, receiver.type, link.args, span, depth + 1);
  const TermId term =
      context_.term(Op::kMethod, depth, span, context_.list(terms),
                    static_cast<uint32_t>(terms.size()), static_cast<uint32_t>(info.method));
  return {.term = term, .type = type_of(info.gives, receiver.type)};
}

}  // namespace lexum
