// What is wrong with a program, as data: a code out of one table, a span, what was expected, and a way out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/source.h"

namespace lexum {

enum class Severity : uint8_t { kError, kWarning };

// Every code there is, in the order of the table in codes.cpp. E1 is about text and grammar, E2 about names, E3 about
// types, E4 about the shape of declarations, A about authority, W is a warning; E005 and F… happen while it runs.
enum class Code : uint16_t;

struct CodeInfo {
  Code code;
  std::string_view id;        // "E201"
  Severity severity;
  std::string_view title;     // a few words: "unknown name"
  std::string_view story;     // what `lxm explain` tells: why it is so, and what to do
  std::string_view example;   // a program of about five lines that shows it, and its mended twin; may be empty
};
const CodeInfo& info(Code code);
std::span<const CodeInfo> all_codes();
// Case does not matter. Null if there is none.
const CodeInfo* find_code(std::string_view id);

struct Diagnostic {
  Code code;
  Span span;
  std::string message;  // what is wrong, in one sentence without a full stop
  std::string help;     // the way out; may be empty
};

// Collects what is found in one program. It keeps at most kKept of them, in the order of their places when asked.
class Diagnostics {
 public:
  static constexpr size_t kKept = 100;

  void report(Diagnostic diagnostic);

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] size_t errors() const { return errors_; }
  [[nodiscard]] size_t warnings() const { return warnings_; }
  // Sorted by place, without repetitions of one code at one span.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> kept_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
};

// The nearest of `candidates` to a misspelt `name`, or "" if none is near (edit distance at most a third of the length).
std::string nearest(std::string_view name, std::span<const std::string> candidates);

// As a person reads it:
//   orders.lxm:12:8: error E201: unknown name `cuont`
//      12 |     if cuont > 3 {
//         |        ^^^^^
//      help: did you mean `count`?
// Long lines are cut around the span; tabs are shown as one blank. `colour` adds ANSI escapes.
std::string render(const Source& source, const Diagnostic& diagnostic, bool colour);

}  // namespace lexum

#include "syntax/codes.h"
