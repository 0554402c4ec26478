// Any bytes are read without harm; and if they are a program, formatting it keeps its tree and is
// done after once.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "syntax/format.h"
#include "syntax/parser.h"
#include "tree_text.h"

using namespace lexum;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Source source("fuzz.lxm", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics diagnostics;
  const std::string tree = tree_text(parse(source, diagnostics));
  for (const Diagnostic& diagnostic : diagnostics.sorted()) render(source, diagnostic, true);
  if (diagnostics.has_errors()) return 0;

  const Source formatted("formatted.lxm", format(source));
  LEXUM_CHECK(tree_text(parse(formatted, diagnostics)) == tree);
  LEXUM_CHECK(!diagnostics.has_errors());
  LEXUM_CHECK(format(formatted) == formatted.text());
  return 0;
}
