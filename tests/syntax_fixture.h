// What the tests of the room syntax share: programs in, trees and diagnostics out, as text.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/tree_text.h"
#include "syntax/diagnostic.h"
#include "syntax/parser.h"

namespace lexum {

// A line for each diagnostic: "E106 2:8-2:9 message (help)".
inline std::string say(const Source& source, const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.sorted()) {
    const Place begin = source.place(d.span.begin);
    const Place end = source.place(d.span.end);
    out += std::string(info(d.code).id) + " " + std::to_string(begin.line) + ":" +
           std::to_string(begin.column) + "-" + std::to_string(end.line) + ":" +
           std::to_string(end.column) + " " + d.message + " (" + d.help + ")\n";
  }
  return out;
}

// What is wrong with a program; "" if nothing is.
inline std::string errors_in(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  return say(source, diagnostics);
}

// The codes of what is wrong with a program, in order: "E106 E107".
inline std::string codes_in(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics.sorted()) {
    out += (out.empty() ? "" : " ") + std::string(info(d.code).id);
  }
  return out;
}

// The tree of a program, and before it what is wrong with it.
inline std::string tree_of(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  Diagnostics diagnostics;
  const Tree tree = parse(source, diagnostics);
  return say(source, diagnostics) + tree_text(tree);
}

inline std::string expr_of(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  Diagnostics diagnostics;
  const Fragment fragment = parse_expression(source, diagnostics);
  return say(source, diagnostics) +
         (fragment.expr ? TreeText(fragment.tree).expr(fragment.expr) : "");
}

inline std::string stmt_of(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  Diagnostics diagnostics;
  const Fragment fragment = parse_statement(source, diagnostics);
  return say(source, diagnostics) +
         (fragment.stmt ? TreeText(fragment.tree).stmt(fragment.stmt) : "");
}

inline std::string repeat(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace lexum
