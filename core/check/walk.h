// Walking over lowered statements, for those who want to know what a body may do without running
// it.
#pragma once

#include "check/program.h"

namespace lexum {

// The i-th entry of a run in Program::lists, as a term.
inline TermId entry(const Program& program, uint32_t list, uint32_t i) {
  return TermId(size_t{program.lists[list + i]});
}

// Calls f(TermId) for every statement below a block in the order of the text; those that hold
// blocks come before them.
template <class F>
void each_statement(const Program& program, TermId block, F&& f) {
  const Term& term = program[block];
  for (uint32_t i = 0; i < term.b; ++i) {
    const TermId id = entry(program, term.a, i);
    const Term& statement = program[id];
    f(id);
    if (statement.op == Op::kIf) {
      for (uint32_t branch = 0; branch < statement.b; ++branch) {
        const TermId part = entry(program, statement.a, branch);
        if (program[part].op == Op::kBlock) each_statement(program, part, f);
      }
    } else if (statement.op == Op::kForRange) {
      each_statement(program, entry(program, statement.a, 2), f);
    } else if (statement.op == Op::kForList || statement.op == Op::kForMap) {
      each_statement(program, entry(program, statement.a, 1), f);
    }
  }
}

}  // namespace lexum
