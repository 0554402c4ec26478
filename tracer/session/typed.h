// A line that somebody has typed at the prompt: which word it means, and what could stand where it
// ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/session.h"
#include "session/word.h"

namespace lexum {

// The word of that name or alias, or the only one that begins so. The error (kMismatch) says which
// ones do, or what is nearest.
Result<const Word*> read_word(std::string_view name);

struct Typed {
  Said said;
  Options::Stop stop = {};  // there is nothing to do, for its help was asked for
};
// Definitions and statements are what `define` and `do` are about. Another line whose first word is
// none is an expression, if it can be read as one. Requires one that is not blank.
Result<Typed> read_typed(Session& session, std::string_view line);

// Does it, as of --at if that is said: then one is back where one stood, unless the word itself
// goes somewhere. Whoever learns is looked at.
Result<Verdict> perform(Session& session, const Said& said, Reply& reply);

struct Completion {
  size_t begin = 0;                  // of what is to be replaced: bytes into the line
  std::vector<std::string> choices;  // sorted; with what ends them, a blank or a dot

  // What all of them begin with. Requires some.
  [[nodiscard]] std::string common() const;
};
// For the end of the line: words, options, and what a word takes there. `files` gives the names in
// a folder that begin with a text.
using NamesOfFiles = std::vector<std::string> (*)(const std::string& beginning);
Completion complete(Session& session, std::string_view line, NamesOfFiles files);

}  // namespace lexum
