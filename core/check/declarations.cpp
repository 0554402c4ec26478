// What stands at the top level of a program: types, functions, effects, and the names of domains.
#include "check/declarations.h"

#include <algorithm>
#include <numeric>

#include "check/methods.h"
#include "check/typing.h"

namespace lexum {
namespace {

bool is_built_in(std::string_view name) {
  return name == "bool" || name == "string" || name == "list" || name == "map" ||
         find_method(ReceiverKind::kNothing, name) != nullptr;
}

// Records, functions and built-ins are called alike, so they share their names.
bool is_callable_taken(Context& context, Name name) {
  if (!name) return false;
  if (!context.records.get(name) && !context.functions.get(name) &&
      !is_built_in(context.text(name)))
    return false;
  const char* what = context.records.get(name)     ? "type"
                     : context.functions.get(name) ? "function"
                                                   : "built-in";
  context.report_twice(name, what);
  return true;
}

void declare_names(Context& context) {
  for (size_t i = 0; i < context.tree.records.size(); ++i) {
    const Name name = context.tree.records[i].name;
    if (!is_callable_taken(context, name)) context.records.set(name, RecordId(i));
    context.program.records.push_back({.name = std::string(context.text(name)), .fields = {}});
  }
  for (size_t i = 0; i < context.tree.functions.size(); ++i) {
    const Name name = context.tree.functions[i].name;
    if (!is_callable_taken(context, name)) context.functions.set(name, FunctionId(i));
  }
  for (size_t i = 0; i < context.tree.domains.size(); ++i) {
    context.declare(context.domains, context.tree.domains[i].name, DomainId(i), "domain");
  }
}

void declare_record(Context& context, size_t index) {
  Record& record = context.program.records[index];
  record.fields =
      declare_fields(context, context.record_fields, index, context.tree.records[index].fields);
  Shape shape{.name = record.name, .fields = {}};
  for (Field& field : record.fields) {
    field.constant = context.constant(Value());
    shape.fields.push_back(field.name);
  }
  context.program.shapes.push_back(std::move(shape));
}

void declare_function(Context& context, const FunctionDecl& decl) {
  Function function;
  function.name = context.text(decl.name);
  function.params = declare_parameters(context, decl.params);
  function.result = resolve(context, decl.result);
  context.program.functions.push_back(std::move(function));
}

void declare_effect(Context& context, const EffectDecl& decl) {
  const EffectId id = context.effect(decl.adapter, decl.operation);
  if (!id) return;
  if (context.program.effects[id.index()].declared) {
    context.report_twice(decl.operation, "effect");
    return;
  }
  if (!context.adapters.get(decl.adapter)) context.adapters.set(decl.adapter, id);
  std::vector<Parameter> params = declare_parameters(context, decl.params);
  for (size_t i = 0; i < params.size(); ++i) {
    const auto earlier = params.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(params.begin(), earlier,
                     [&](const Parameter& p) { return p.name == params[i].name; }) != earlier) {
      context.report_twice(decl.params[i].name, "parameter");
    }
  }
  Effect& effect = context.program.effects[id.index()];
  effect.declared = true;
  effect.params = std::move(params);
}

// Instance order is by name, so it does not depend on the order in the file.
void rank_domains(Program& program) {
  std::vector<uint32_t> order(program.domains.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(
      order, {}, [&](uint32_t i) -> const std::string& { return program.domains[i].name; });
  for (size_t rank = 0; rank < order.size(); ++rank)
    program.domains[order[rank]].rank = static_cast<uint32_t>(rank);
  for (Event& event : program.events) {
    std::ranges::stable_sort(event.listeners, {},
                             [&](const Listener& l) { return program[l.domain].rank; });
  }
}

}  // namespace

void declare_program(Context& context) {
  declare_names(context);
  for (size_t i = 0; i < context.tree.records.size(); ++i) declare_record(context, i);
  for (const FunctionDecl& decl : context.tree.functions) declare_function(context, decl);
  for (const EffectDecl& decl : context.tree.effects) declare_effect(context, decl);
  context.program.domains.resize(context.tree.domains.size());
  context.routine_decls.resize(context.tree.domains.size());
  for (size_t i = 0; i < context.tree.domains.size(); ++i) declare_domain(context, DomainId(i));
  rank_domains(context.program);
}

std::vector<Parameter> declare_parameters(Context& context, std::span<const Param> params,
                                          TypeId untyped) {
  std::vector<Parameter> made;
  for (const Param& param : params) {
    TypeId type = Types::of(TypeKind::kError);
    if (param.type) {
      type = resolve(context, param.type);
    } else if (untyped) {
      type = untyped;
    } else if (param.name) {
      context.report(
          Code::kMissingType, param.name.span,
          "the parameter " + context.quoted(param.name) + " has no type",
          "write it behind the name: " + std::string(context.text(param.name)) + ": int");
    }
    made.push_back({std::string(context.text(param.name)), type});
  }
  return made;
}

std::vector<Field> declare_fields(Context& context, MemberTable& table, size_t owner,
                                  std::span<const FieldDecl> decls) {
  std::vector<Field> fields;
  for (const FieldDecl& decl : decls) {
    Field field;
    field.name = context.text(decl.name);
    field.span = decl.name.span;
    field.type = resolve(context, decl.type);
    context.declare(table, owner, decl.name, fields.size(), "field");
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace lexum
