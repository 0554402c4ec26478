// Text to tokens. Whatever the bytes are, the tokens end with kEnd; what could not be read is
// reported and left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/diagnostic.h"
#include "syntax/token.h"

namespace lexum {

// Interns texts: equal texts have one id. The texts lie in a vector of somebody else, by id.
class Names {
 public:
  explicit Names(std::vector<std::string>& texts) : texts_(texts) {}

  NameId intern(std::string_view text);
  // What the text means when it stands as a name: a reserved word's kind, or kName and perhaps a
  // word.
  [[nodiscard]] TokenKind kind(NameId id) const { return meanings_[id.index()].kind; }
  [[nodiscard]] Keyword word(NameId id) const { return meanings_[id.index()].word; }

 private:
  struct Meaning {
    TokenKind kind = TokenKind::kName;
    Keyword word = Keyword::kNone;
    uint32_t hash = 0;
  };
  static Meaning meaning(std::string_view text);
  void grow();

  std::vector<std::string>& texts_;
  std::vector<Meaning> meanings_;  // by id
  std::vector<uint32_t>
      slots_;  // ids by hash, linear probing; a power of two of them, at most half full
};

struct Lexed {
  std::vector<Token> tokens;   // the last ones are kEnd: one, and some more for whoever looks ahead
  std::vector<Span> comments;  // in order, without their line ends
};
// How far past the first kEnd a reader may look.
inline constexpr int kLookaheadMax = 3;

Lexed lex(const Source& source, Names& names, Diagnostics& diagnostics);

}  // namespace lexum
