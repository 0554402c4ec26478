// Texts with places in them: `{size}` is an argument of the errand, `{env:TOKEN}` a secret, `{{`
// and
// `}}` are braces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "effects/json_text.h"
#include "effects/secrets.h"

namespace lexum {

class Template {
 public:
  // What surrounds a place, and so how it is written there.
  enum class Where : uint8_t {
    kText,        // as it is
    kUrl,         // percent-encoded, except for a secret at the very beginning
    kJsonString,  // inside of quotes
    kJsonValue,   // the whole argument, as JSON
  };

  // Adds what `text` says. On failure the Error says which place is wrong, and the Template is of
  // no use. Secrets are asked for, and learnt by `secrets`, here and not again.
  Status add(std::string_view text, Where where, const Environment& environment, Secrets& secrets);
  void add_words(std::string_view words);

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  // The names of the arguments that it needs.
  [[nodiscard]] std::vector<std::string> args() const;

  // On failure: which argument is missing.
  [[nodiscard]] Result<std::string> fill(const ErrandArgs& args) const;
  // For people: with the names of secrets.
  [[nodiscard]] std::string told(const ErrandArgs& args) const;

 private:
  enum class Kind : uint8_t { kWords, kArg, kSecret };
  struct Piece {
    Kind kind;
    Where where;
    std::string text;   // the words, or the name
    std::string value;  // of a secret, as it is written there
  };
  [[nodiscard]] static std::string written(const Piece& piece, const ErrandArg& arg);

  std::vector<Piece> pieces_;
};

}  // namespace lexum
