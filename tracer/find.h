// Text, looked for in what a recorded run says: who got which message with what in it, what was
// logged, what fields became, what faults said. Each of these is one line, as people read it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tracer/scan.h"

namespace re2 {
class RE2;
}

namespace lexum {

// A regular expression of RE2 (its syntax is at github.com/google/re2/wiki/Syntax).
class Pattern {
 public:
  // The error (kMismatch) is in RE2's words.
  static Result<Pattern> read(std::string_view text);

  // Where it first matches: offset and length in bytes; none: length is npos.
  struct Match {
    size_t offset = 0;
    size_t length = std::string_view::npos;
    explicit operator bool() const { return length != std::string_view::npos; }
  };
  [[nodiscard]] Match in(std::string_view text) const;

  // What must stand in some text of the run, byte by byte, wherever this matches, but for what its
  // program, the engine's words for things and faults say; empty: that is not known.
  [[nodiscard]] std::string_view needle() const { return needle_; }

 private:
  std::shared_ptr<const re2::RE2> expression_;
  std::string needle_;
};

struct Hit {
  enum class What : uint8_t {
    kMessage,  // "send Order[7] Pay(cents: 30)": sent in the cycle
    kEffect,   // "effect Infra.Create(name: \"a\")"
    kInput,    // "Order[7] Pay(cents: 30)": from outside
    kOutcome,  // "Done(\"ok\")": of an effect
    kLog,      // the text
    kValue,    // "status = \"paid\"": what a field became
    kFault,    // "F001 divided by zero"
  };
  What what = What::kMessage;
  uint64_t cycle = 0;  // the moment
  std::string whose;   // "Order[7]": who did it, or got it
  std::string text;
  Pattern::Match match;
};
std::string_view spelling(Hit::What what);

// Calls `hit` with each match, from the events of the one cycle to those of the other one, in that
// order; false: that is enough.
Result<ScanEnd> find(TraceReader& trace, const Pattern& pattern, uint64_t from, uint64_t to,
                     const std::function<bool(const Hit&)>& hit, const Looking& looking = {});

}  // namespace lexum
