// The rules are few: T goes where T? is wanted, null goes where any T? is, [] and {} go where their
// kind is.
#include "check/typing.h"

namespace lexum {

bool fits(const Types& types, TypeId from, TypeId to) {
  if (from == to) return true;
  const Type& f = types[from];
  const Type& t = types[to];
  if (f.kind == TypeKind::kError || t.kind == TypeKind::kError || f.kind == TypeKind::kEmpty)
    return true;
  if (f.kind == TypeKind::kNull) return t.optional;
  if (f.kind != t.kind || (f.optional && !t.optional)) return false;
  if (f.kind == TypeKind::kRecord) return f.shape == t.shape;
  if (f.kind == TypeKind::kList || f.kind == TypeKind::kMap) {
    const auto same = [&](TypeId a, TypeId b) {
      return a == b || (unsettled(types, a) && fits(types, a, b)) ||
             types[b].kind == TypeKind::kError;
    };
    return (f.kind == TypeKind::kList || same(f.key, t.key)) && same(f.element, t.element);
  }
  return true;
}

TypeId unify(Types& types, TypeId a, TypeId b) {
  if (fits(types, a, b)) return b;
  if (fits(types, b, a)) return a;
  const TypeId wide = types.optional(b);
  if (fits(types, a, wide)) return wide;
  const TypeId other = types.optional(a);
  return fits(types, b, other) ? other : TypeId();
}

bool unsettled(const Types& types, TypeId id) {
  const Type& type = types[id];
  switch (type.kind) {
    case TypeKind::kNull:
    case TypeKind::kEmpty:
      return true;
    case TypeKind::kList:
      return unsettled(types, type.element);
    case TypeKind::kMap:
      return unsettled(types, type.key) || unsettled(types, type.element);
    default:
      return false;
  }
}

namespace {

TypeId named_type(Context& context, Name name) {
  const std::string_view text = context.text(name);
  if (text == "int") return Types::of(TypeKind::kInt);
  if (text == "bool") return Types::of(TypeKind::kBool);
  if (text == "string") return Types::of(TypeKind::kText);
  if (const RecordId record = context.records.get(name)) {
    return context.types.intern({.kind = TypeKind::kRecord, .shape = record.value});
  }
  if (!name) return Types::of(TypeKind::kError);
  static constexpr std::string_view kBuiltIn[] = {"int", "bool", "string", "list", "map"};
  context.report(
      Code::kUnknownType, name.span, "there is no type " + context.quoted(name),
      context.did_you_mean(
          name, "types are int, bool, string, list<T>, map<K, V>, and what `type` declares",
          kBuiltIn, context.program.records));
  return Types::of(TypeKind::kError);
}

TypeId map_type(Context& context, const TypeExpr& expr) {
  const TypeId key = expr.key ? resolve(context, expr.key) : Types::of(TypeKind::kError);
  const TypeId element = resolve(context, expr.element);
  const Type& type = context.types[key];
  const bool good = type.kind == TypeKind::kInt || type.kind == TypeKind::kText;
  if (type.kind != TypeKind::kError && (!good || type.optional)) {
    context.report(Code::kTypeMismatch, context.tree[expr.key].span,
                   "the keys of a map are int or string, and not " + context.quoted(key),
                   "make a key of it: str(…)");
    return Types::of(TypeKind::kError);
  }
  return type.kind == TypeKind::kError ? key : context.types.map_of(key, element);
}

}  // namespace

TypeId resolve(Context& context, TypeExprId id) {
  if (!id) return Types::of(TypeKind::kError);
  const TypeExpr& expr = context.tree[id];
  TypeId type = Types::of(TypeKind::kError);
  switch (expr.kind) {
    case TypeExprKind::kError:
      break;
    case TypeExprKind::kNamed:
      type = named_type(context, expr.name);
      break;
    case TypeExprKind::kList:
      type = context.types.list_of(resolve(context, expr.element));
      break;
    case TypeExprKind::kMap:
      type = map_type(context, expr);
      break;
  }
  return expr.optional ? context.types.optional(type) : type;
}

namespace {

// How one gets a value of the wanted type.
std::string way_to(const Context& context, const Type& found, const Type& wanted) {
  switch (wanted.kind) {
    case TypeKind::kText:
      return "str(…) makes a string of any value";
    case TypeKind::kBool:
      return "compare it with something: … == …";
    case TypeKind::kInt:
      return found.kind == TypeKind::kText
                 ? "int(…) reads a number out of a string; it gives an int?"
                 : "a number is wanted here, such as 1";
    case TypeKind::kList:
      return "a list is written [a, b], and an empty one []";
    case TypeKind::kMap:
      return "a map is written {key: value}, and an empty one {}";
    case TypeKind::kRecord:
      return "a record is made by its name: " + context.program.records[wanted.shape].name + "(…)";
    default:
      return "";
  }
}

}  // namespace

void report_mismatch(Context& context, Span span, TypeId found, TypeId wanted,
                     std::string_view what) {
  const Types& types = context.types;
  const std::string wish = std::string(what) + " is " + context.quoted(wanted);
  if (types[found].kind == TypeKind::kNull) {
    context.report(Code::kTypeMismatch, span, wish + ", which is never null",
                   "declare it as " + spell(context.program, wanted) + "? if it may be missing");
  } else if (types[found].optional && fits(types, context.types.required(found), wanted)) {
    context.report(Code::kMayBeNull, span, wish + ", and " + context.quoted(span) + " may be null",
                   "give a value for that case (… ?? …), or ask first: if … != null { … }");
  } else {
    context.report(Code::kTypeMismatch, span, wish + ", and this is " + context.quoted(found),
                   way_to(context, types[found], types[wanted]));
  }
}

}  // namespace lexum
