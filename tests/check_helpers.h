// What the tests of the checker share: a program in, what is said about it out, as one line of
// text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "check/checker.h"

namespace lexum::check_test {

// "E201 `cuont`; E301 `true`": the codes, each with the text that is underlined, in the order of
// the text. One that shows no way out is called helpless.
inline std::string said(std::string_view text) {
  Diagnostics diagnostics;
  const Source source("test.lxm", std::string(text));
  check(source, diagnostics);
  std::string out;
  for (const Diagnostic& each : diagnostics.sorted()) {
    if (!out.empty()) out += "; ";
    if (each.help.empty()) out += "helpless ";
    out += std::string(info(each.code).id) + " `" + std::string(source.text(each.span)) + "`";
  }
  return out;
}

// The message and the help of the first thing that is said: "message | help".
inline std::string told(std::string_view text) {
  Diagnostics diagnostics;
  check(Source("test.lxm", std::string(text)), diagnostics);
  const std::vector<Diagnostic> all = diagnostics.sorted();
  return all.empty() ? "" : all[0].message + " | " + all[0].help;
}

// Null, and what was said on stderr, if there were errors.
inline std::unique_ptr<Program> checked(std::string_view text) {
  Diagnostics diagnostics;
  const Source source("test.lxm", std::string(text));
  std::unique_ptr<Program> program = check(source, diagnostics);
  if (!program) {
    for (const Diagnostic& each : diagnostics.sorted())
      std::fputs(render(source, each, false).c_str(), stderr);
  }
  return program;
}

// Fields of every kind, a record, a function, a second domain and a key, for bodies to be put in.
inline std::string with_body(std::string_view body) {
  return R"(type Task { id: int = 1 owner: string? next: Task? }
fn twice(n: int): int { return n * 2 }
domain Other[k: string] { state { hidden: int } on Take(a: int, b: string) {} }
domain D[id: int] {
  state { n: int b: bool s: string l: list<int> m: map<string, int> t: Task mn: int? ms: string? ml: list<int>? mt: Task? }
  on Event::Up(level: int) {}
  on M(p: int, q: int?) {
)" + std::string(body) +
         "\n  }\n}\n";
}

// The type of an expression in such a body, or what is said about it.
inline std::string type_of(std::string_view expression) {
  Diagnostics diagnostics;
  const Source source("test.lxm", with_body("log " + std::string(expression)));
  const std::unique_ptr<Program> program = check(source, diagnostics);
  if (!program) return said(source.text());
  for (const Term& term : program->terms) {
    if (term.op == Op::kLog) return spell(*program, TypeId(size_t{term.b}));
  }
  return "no log";
}

// What is said about statements in such a body.
inline std::string said_in_body(std::string_view body) { return said(with_body(body)); }

}  // namespace lexum::check_test
