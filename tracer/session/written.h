// What is written at the prompt and is no word: definitions and statements of Lexum. Each goes into
// the text of the program that is there, and what comes out is another program.
//
// Statements are done by the domain Scratch, in a handler of their own, which is there from the
// first one on; `let` makes a field of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "check/program.h"

namespace lexum {

inline constexpr std::string_view kScratch = "Scratch";

// The program of a session that begins with nothing.
std::string_view empty_program();

// Whether it has to go on: brackets or a comment are open, or there are only annotations yet.
bool is_unfinished(std::string_view text);

enum class Written : uint8_t { kNeither, kDefinition, kStatement };
// What it is by its first words; whether it is right is another matter. `let`, `if` and other
// reserved words begin statements, and so does what assigns something.
Written what_is_written(std::string_view text);

struct Rewritten {
  std::shared_ptr<const Program> program;
  std::vector<std::string> said;  // "domain Till is new", "Till.Sell is another one"
};
// With all definitions of the text, each in the place of what has its name, or at the end. A member
// of a domain is that of the domain before its name, `transition Till.Sell { … }`, of the only one
// that has one of that name, or of the only domain there is. The error (kMismatch) says where it is
// wrong.
Result<Rewritten> define(const Program& program, std::string_view text);

struct WrittenStatement {
  std::shared_ptr<const Program> program;  // null: the one that is there will do
  std::string message;                     // of Scratch, that does it
  bool only_added = false;                 // all else in the program is as it was
};
Result<WrittenStatement> write_statement(const Program& program, std::string_view text);

}  // namespace lexum
