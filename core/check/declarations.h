// The first pass: everything that has a name gets its number, and every name its type, before any
// body is looked at. So bodies may name what stands behind them.
#pragma once

#include "check/context.h"

namespace lexum {

// Fills records, functions, effects, events and domains but for what the second pass
// (definitions.h) finds in bodies. Every one of them has the same index in the program as in the
// tree.
void declare_program(Context& context);

// Of one domain (domains.cpp).
void declare_domain(Context& context, DomainId id);

// The parameters of a declaration. One without a type is reported, unless `untyped` says what it is
// then.
std::vector<Parameter> declare_parameters(Context& context, std::span<const Param> params,
                                          TypeId untyped = {});
// The fields of a state or of a record, one for each declaration; a second one of a name is
// reported.
std::vector<Field> declare_fields(Context& context, MemberTable& table, size_t owner,
                                  std::span<const FieldDecl> decls);

}  // namespace lexum
