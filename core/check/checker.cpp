// The passes in their order.
#include "check/checker.h"

#include "check/context.h"
#include "check/declarations.h"
#include "check/definitions.h"
#include "check/warnings.h"
#include "syntax/parser.h"

namespace lexum {

std::unique_ptr<Program> check(Source source, Diagnostics& diagnostics) {
  auto program = std::make_unique<Program>();
  program->source = std::move(source);
  program->tree = parse(program->source, diagnostics);
  // What the parser could not read is passed over, so the mistakes behind it are found as well.
  Context context(*program, diagnostics);
  declare_program(context);
  define_program(context);
  if (diagnostics.has_errors()) return nullptr;
  warn(*program, diagnostics);
  return program;
}

}  // namespace lexum
