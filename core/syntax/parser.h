// Text to tree. Never fails and never throws: whatever the bytes are, the result is a well-formed tree, and what was
// wrong stands in `diagnostics`. After an error it goes on at the next statement, member or declaration, so that one
// mistake is reported once and several are reported in one run.
#pragma once

#include "syntax/diagnostic.h"
#include "syntax/tree.h"

namespace lexum {

// Brackets, blocks, prefixes, `else if` and type arguments nest this deep at the most.
inline constexpr int kNestingMax = 200;

Tree parse(const Source& source, Diagnostics& diagnostics);

// For what is typed after `--set D.f=`, `--send 'D[7] M(a: 1)'` and, later, at the prompt: one expression or one
// statement instead of a program. The tree has no declarations.
struct Fragment {
  Tree tree;
  ExprId expr;  // none after an error
  StmtId stmt;  // none after an error
};
Fragment parse_expression(const Source& source, Diagnostics& diagnostics);
Fragment parse_statement(const Source& source, Diagnostics& diagnostics);

}  // namespace lexum
