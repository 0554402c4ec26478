#include "machine/input_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "eval/slice.h"

namespace lexum {

namespace {

// As many names as a person reads.
constexpr size_t kListedMax = 8;
// The longest piece of the user's own text that is shown back.
constexpr size_t kShownMax = 60;

std::string in_backticks(std::string_view text) {
  if (text.size() <= kShownMax) return "`" + std::string(text) + "`";
  size_t end = kShownMax;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return "`" + std::string(text.substr(0, end)) + "…`";
}

std::string an(std::string_view noun) {
  const bool vowel = noun.find_first_of("aeiou") == 0;
  return (vowel ? "an " : "a ") + std::string(noun);
}

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates,
                         std::string_view none) {
  const std::string near = nearest(name, candidates);
  if (!near.empty()) return "; did you mean `" + near + "`?";
  if (candidates.empty()) return "; " + std::string(none);
  std::string list = "; there is ";
  const size_t shown = std::min(candidates.size(), kListedMax);
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) list += i + 1 == candidates.size() ? " and " : ", ";
    list += "`" + candidates[i] + "`";
  }
  if (shown < candidates.size()) {
    list += " and " + std::to_string(candidates.size() - shown) + " more";
  }
  return list;
}

void InputReader::fail(const Source& source, const Diagnostics& diagnostics, uint32_t skip) {
  const Diagnostic first = diagnostics.sorted().front();
  const uint32_t begin = std::max(source.place(first.span.begin).column, skip + 1) - skip;
  fail("column " + std::to_string(begin) + ": " + first.message +
       (first.help.empty() ? "" : "; " + first.help));
}

// ------------------------------------------------------------------------------------------ names

Receiver InputReader::receiver(const Source& source, const Tree& tree, ExprId place) {
  const Expr& expr = tree[place];
  if (expr.kind == ExprKind::kName) return receiver(source, tree, expr.name, ExprId());
  if (expr.kind == ExprKind::kPostfix && expr.links.count == 1) {
    const Expr& base = tree[tree.items(expr)[0]];
    const Link& link = tree.links_of(expr)[0];
    if (base.kind == ExprKind::kName && link.kind == LinkKind::kIndex) {
      return receiver(source, tree, base.name, link.index);
    }
  }
  fail(in_backticks(source.text(expr.span)) + " names no instance; write it as D or D[7]");
  return {};
}

Receiver InputReader::receiver(const Source& source, const Tree& tree, const Name& name,
                               ExprId key) {
  const std::string& word = tree.text(name);
  const DomainId id = program_.find_domain(word);
  if (!id) {
    std::vector<std::string> names;
    for (const Domain& domain : program_.domains) names.push_back(domain.name);
    fail("there is no domain `" + word + "`" + did_you_mean(word, names, "the program has none"));
    return {};
  }
  const Domain& domain = program_[id];
  if (domain.keyed && !key) {
    const bool ints = program_.types[domain.key_type].kind == TypeKind::kInt;
    fail("`" + word + "` has an instance for each key; say which, as in " + word +
         (ints ? "[7]" : "[\"a\"]"));
    return {};
  }
  if (!domain.keyed && key) {
    fail("`" + word + "` has one instance and no key; leave out " +
         in_backticks("[" + std::string(source.text(tree[key].span)) + "]"));
    return {};
  }
  return {.domain = id, .key = key ? key_literal(source, tree, key, domain) : Value()};
}

// A key that is a string may stand without its quotes, as in Order[abc]: a shell takes them away.
Value InputReader::key_literal(const Source& source, const Tree& tree, ExprId key,
                               const Domain& domain) {
  const Expr& expr = tree[key];
  const bool text = program_.types[domain.key_type].kind == TypeKind::kText;
  if (text && expr.kind == ExprKind::kName) return Value::of(tree.text(expr.name));
  return literal(source, tree, key, domain.key_type, "the key of `" + domain.name + "`");
}

uint32_t InputReader::field(DomainId id, std::string_view name) {
  const Domain& domain = program_[id];
  for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
    if (domain.fields[slot].name == name) return slot;
  }
  std::vector<std::string> names;
  for (const Field& field : domain.fields) names.push_back(field.name);
  fail("`" + domain.name + "` has no field `" + std::string(name) + "`" +
       did_you_mean(name, names, "it has no state"));
  return 0;
}

RoutineIndex InputReader::message(DomainId id, std::string_view name) {
  const Domain& domain = program_[id];
  std::vector<std::string> names;
  for (size_t i = 0; i < domain.routines.size(); ++i) {
    const Routine& routine = domain.routines[i];
    const bool named =
        routine.kind == RoutineKind::kTransition || routine.kind == RoutineKind::kMessage;
    if (!named) continue;
    const bool boot = domain.boot == RoutineIndex(i);
    if (routine.name == name && boot) {
      fail("`Boot` is the first work of every instance of `" + domain.name +
           "` and cannot be sent");
      return {};
    }
    if (routine.name == name) return RoutineIndex(i);
    if (!boot) names.push_back(routine.name);
  }
  fail("`" + domain.name + "` takes no message `" + std::string(name) + "`" +
       did_you_mean(name, names, "it takes none at all"));
  return {};
}

EventId InputReader::event(std::string_view name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < program_.events.size(); ++i) {
    if (program_.events[i].name == name) return EventId(i);
    names.push_back(program_.events[i].name);
  }
  fail("there is no event `" + std::string(name) + "`" +
       did_you_mean(name, names, "the program has none"));
  return {};
}

// ------------------------------------------------------------------------------------------ values

Value InputReader::wrong_type(const std::string& what, TypeId type, std::string_view instead) {
  fail(what + " is " + an(spell(program_, type)) + ", and " + in_backticks(instead) + " is none");
  return {};
}

void InputReader::measure(const Value& value, const std::string& what) {
  const std::string why = why_too_big(value);
  if (!why.empty()) fail(what + " is too big: " + why);
}

Value InputReader::literal(const Source& source, const Tree& tree, ExprId id, TypeId type_id,
                           const std::string& what) {
  const Expr& expr = tree[id];
  const Type& type = program_.types[type_id];
  switch (expr.kind) {
    case ExprKind::kNull:
      if (type.optional) return {};
      break;
    case ExprKind::kTrue:
    case ExprKind::kFalse:
      if (type.kind == TypeKind::kBool) return Value::of(expr.kind == ExprKind::kTrue);
      break;
    case ExprKind::kInt:
      if (type.kind == TypeKind::kInt) return Value::of(expr.integer);
      break;
    case ExprKind::kPrefix:
      if (type.kind == TypeKind::kInt && tree.operators(expr)[0] == Operator::kNegate) {
        const Expr& number = tree[tree.items(expr)[0]];
        if (number.kind == ExprKind::kInt) return Value::of(-number.integer);
      }
      break;
    case ExprKind::kString:
      if (type.kind == TypeKind::kText) return Value::of(tree.text(expr.name));
      break;
    case ExprKind::kList:
      if (type.kind == TypeKind::kList) return list_literal(source, tree, expr, type, what);
      break;
    case ExprKind::kMap:
      if (type.kind == TypeKind::kMap) return map_literal(source, tree, expr, type, what);
      break;
    case ExprKind::kCall:
      if (type.kind == TypeKind::kRecord) return record_literal(source, tree, expr, type_id, what);
      break;
    default:
      break;
  }
  return wrong_type(what, type_id, source.text(expr.span));
}

Value InputReader::list_literal(const Source& source, const Tree& tree, const Expr& expr,
                                const Type& type, const std::string& what) {
  std::vector<Value> elements;
  for (const ExprId item : tree.items(expr)) {
    const std::string place = "element " + std::to_string(elements.size()) + " of " + what;
    elements.push_back(literal(source, tree, item, type.element, place));
  }
  return Value::list(elements);
}

Value InputReader::map_literal(const Source& source, const Tree& tree, const Expr& expr,
                               const Type& type, const std::string& what) {
  Value map = Value::empty_map();
  const std::span<const ExprId> items = tree.items(expr);
  for (size_t i = 0; i + 1 < items.size() && good(); i += 2) {
    Value key = literal(source, tree, items[i], type.key, "a key of " + what);
    Value value = literal(source, tree, items[i + 1], type.element, "a value of " + what);
    if (good()) map = std::move(map).put(key, std::move(value));
  }
  return map;
}

Value InputReader::record_literal(const Source& source, const Tree& tree, const Expr& expr,
                                  TypeId type_id, const std::string& what) {
  const uint32_t shape = program_.types[type_id].shape;
  if (tree.text(expr.name) != program_.records[shape].name) {
    return wrong_type(what, type_id, source.text(expr.span));
  }
  std::vector<Given> given;
  for (const Arg& arg : tree.args_of(expr.args)) {
    given.push_back({.name = arg.name ? tree.text(arg.name) : "",
                     .read = [&, value = arg.value](TypeId type, const std::string& place) {
                       return literal(source, tree, value, type, place);
                     }});
  }
  return record(shape, given, what);
}

Value InputReader::record(uint32_t shape, const std::vector<Given>& given,
                          const std::string& what) {
  const Record& type = program_.records[shape];
  std::vector<Value> values;
  std::vector<std::string> names;
  for (const Field& field : type.fields) {
    values.push_back(field.initial);
    names.push_back(field.name);
  }
  std::vector<bool> seen(values.size());
  for (const Given& one : given) {
    const size_t i = static_cast<size_t>(std::ranges::find(names, one.name) - names.begin());
    if (one.name.empty()) {
      fail("the fields of " + what + " go by name, as in " + type.name + "(" +
           (names.empty() ? "" : names.front() + ": …") + ")");
    } else if (i == names.size()) {
      fail("`" + type.name + "` has no field `" + one.name + "`" +
           did_you_mean(one.name, names, "it has none at all"));
    } else if (seen[i]) {
      fail("`" + one.name + "` of " + what + " is given twice");
    }
    if (!good()) return {};
    seen[i] = true;
    values[i] = one.read(type.fields[i].type, "`" + one.name + "` of " + what);
  }
  return Value::record(shape, values);
}

// --------------------------------------------------------------------------------------- arguments

std::vector<Value> InputReader::arguments(const std::vector<Parameter>& params,
                                          const std::vector<Given>& given, const std::string& of) {
  std::vector<std::string> names;
  for (const Parameter& param : params) names.push_back(param.name);
  std::vector<std::optional<Value>> values(params.size());
  bool named = false;
  for (size_t at = 0; at < given.size() && good(); ++at) {
    const std::string& name = given[at].name;
    size_t i = at;
    if (!name.empty()) {
      named = true;
      i = static_cast<size_t>(std::ranges::find(names, name) - names.begin());
      if (i == names.size()) {
        fail(of + " has no parameter `" + name + "`" +
             did_you_mean(name, names, "it takes no arguments"));
        break;
      }
    } else if (named) {
      fail("after an argument with a name, all arguments of " + of + " need theirs");
      break;
    }
    if (i >= params.size()) {
      fail(of + " takes " + std::to_string(params.size()) + " arguments, and here are " +
           std::to_string(given.size()));
    } else if (values[i]) {
      fail("the argument `" + names[i] + "` of " + of + " is given twice");
    } else {
      const std::string what = "`" + names[i] + "` of " + of;
      values[i] = given[at].read(params[i].type, what);
      measure(*values[i], what);
    }
  }
  std::vector<Value> all;
  for (size_t i = 0; i < params.size() && good(); ++i) {
    if (!values[i]) {
      fail(of + " also wants `" + names[i] + "`, " + an(spell(program_, params[i].type)));
      break;
    }
    all.push_back(*std::move(values[i]));
  }
  return all;
}

}  // namespace lexum
