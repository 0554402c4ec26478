#include "twin/outside.h"

#include "base/check.h"
#include "syntax/parser.h"

namespace lexum::twin {
namespace {

// The program and, after it, one more domain with `member` in it.
Tree parse_with(const Source& program, const std::string& member) {
  Diagnostics diagnostics;
  const Source source("outside",
                      std::string(program.text()) + "\ndomain Outside_ { " + member + " }");
  Tree tree = parse(source, diagnostics);
  LEXUM_CHECK(!diagnostics.has_errors());
  return tree;
}

}  // namespace

Arrival read_input(const Source& program, const std::string& text) {
  const bool broadcast = text.starts_with("Event::");
  const Tree tree = parse_with(program, broadcast ? "on In { emit Broadcast(" + text + ") }"
                                                  : "on In { send " + text + " }");
  const Block& body = tree.domains.back().handlers.back().body;
  const Send send = Interpreter(tree, {}, {}, {}).outside(tree[tree.stmts_of(body)[0]]);
  return {.broadcast = broadcast, .to = send.to, .message = send.message};
}

Value read_value(const Source& program, bool is_string, const std::string& text) {
  if (is_string && !text.starts_with('"') && text != "null") return string(text);
  const Tree tree = parse_with(program, "goal " + text);
  return Interpreter(tree, {}, {}, {}).constant(tree.domains.back().goals.back().predicate);
}

}  // namespace lexum::twin
