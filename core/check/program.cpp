// What a program can tell about itself without running: zeros, the spelling of types, and the order
// of its instances.
#include "check/program.h"

#include <algorithm>

namespace lexum {

DomainId Program::find_domain(std::string_view name) const {
  const auto found = std::ranges::find(domains, name, &Domain::name);
  return found == domains.end() ? DomainId()
                                : DomainId(static_cast<size_t>(found - domains.begin()));
}

Value zero(const Program& program, TypeId id) {
  const Type& type = program.types[id];
  if (type.optional) return Value();
  switch (type.kind) {
    case TypeKind::kError:
    case TypeKind::kNull:
    case TypeKind::kEmpty:
    case TypeKind::kNone:
      return Value();
    case TypeKind::kBool:
      return Value::of(false);
    case TypeKind::kInt:
      return Value::of(int64_t{0});
    case TypeKind::kText:
      return Value::of(std::string_view());
    case TypeKind::kList:
      return Value::empty_list();
    case TypeKind::kMap:
      return Value::empty_map();
    case TypeKind::kRecord:
      break;
  }
  std::vector<Value> fields;
  for (const Field& field : program.records[type.shape].fields) fields.push_back(field.initial);
  return Value::record(type.shape, fields);
}

std::string spell(const Program& program, TypeId id) {
  const Type& type = program.types[id];
  const std::string mark = type.optional ? "?" : "";
  switch (type.kind) {
    case TypeKind::kError:
      return "unknown";
    case TypeKind::kNull:
      return "null";
    case TypeKind::kEmpty:
      return "?";
    case TypeKind::kNone:
      return "nothing";
    case TypeKind::kBool:
      return "bool" + mark;
    case TypeKind::kInt:
      return "int" + mark;
    case TypeKind::kText:
      return "string" + mark;
    case TypeKind::kList:
      return "list<" + spell(program, type.element) + ">" + mark;
    case TypeKind::kMap:
      return "map<" + spell(program, type.key) + ", " + spell(program, type.element) + ">" + mark;
    case TypeKind::kRecord:
      return program.records[type.shape].name + mark;
  }
  return "";
}

std::vector<DomainId> domains_by_rank(const Program& program) {
  std::vector<DomainId> order(program.domains.size());
  for (size_t i = 0; i < order.size(); ++i) order[program.domains[i].rank] = DomainId(i);
  return order;
}

}  // namespace lexum
