// The one table of what can be said about a run: typed behind `lxm`, at the prompt or in the
// window, and in all three it means the same. Parsing, completion, help and the reference in the
// documents are made from it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "session/options.h"
#include "session/reply.h"

namespace lexum {

class Session;

// What is to be written in some place, so that the prompt can complete it.
enum class Takes : uint8_t {
  kThing,       // whatever can be asked about: thing.h
  kField,       // D.field
  kRoutine,     // D.Transition
  kInstance,    // D, D[7]
  kPosition,    // position.h
  kExpression,  // of Lexum, over the fields of one domain
  kCondition,   // one that is true or false
  kPattern,     // /re/
  kMessage,     // D[7] M(a: 1)
  kSetting,     // D[7].field=VALUE
  kSend,        // msg:Order[7]#12
  kTrace,       // a file, or a branch
  kBranch,
  kWordName,  // of this table
  kProgram,   // a file
  kFile,      // one to be written
  kNumber,
  kWord,  // one of those that its help names
};

struct Argument {
  enum class How : uint8_t { kOne, kMaybe, kRest /* and at least one */ };
  std::string_view name;  // as the help has it: "D.field"
  Takes takes = Takes::kThing;
  How how = How::kOne;
  std::string_view does;
};

struct WordOption {
  std::string_view spelling;  // "--to"
  std::string_view name;      // of what it takes: "FILE"; empty if it takes nothing
  Takes takes = Takes::kWord;
  std::string_view does;
};

// How an answer came out, where that is more than that there is one.
enum class Verdict : uint8_t {
  kAnswered,
  kDifferent,    // of what compares
  kInterrupted,  // and so it may not be the whole answer
};

struct Said;

struct Word {
  std::string_view name;
  std::span<const std::string_view> aliases;
  std::span<const Argument> arguments;
  std::span<const WordOption> options;  // beside --at and --json, which all have
  std::string_view does;                // one line
  std::string_view story;               // the long help
  std::string_view example;             // what may stand behind the word
  Result<Verdict> (*act)(Session& session, const Said& said, Reply& reply);
  bool compares = false;   // two runs, and its exit status says how that came out
  bool at_prompt = false;  // about where one stands, which means nothing on a command line
  bool shows = false;      // and does nothing else, at once: its help can try it
};

// In the order of the reference.
std::span<const Word> all_words();
// By name or alias; null if there is none.
const Word* word_named(std::string_view name);

// The whole table as a page of documentation, in Markdown.
std::string reference();

// A word with all that stands behind it, understood but not yet looked up.
struct Said {
  const Word* word = nullptr;
  std::string file = {};              // on the command line: the trace
  std::vector<std::string> arguments; /* those of the word; "" for one that is not there, and the
                                         rest joined by blanks */
  std::map<std::string, std::vector<std::string>, std::less<>> options = {};
  std::optional<std::string> at = {};
  bool json = false;

  [[nodiscard]] bool has(std::string_view option) const { return options.contains(option); }
  // What was given with it last; "" if it was not.
  [[nodiscard]] std::string option(std::string_view option) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view option) const;
};

// A typed line in words, as they are separated by blanks: not by those inside quotes, brackets or
// between the slashes of a pattern. All of them stay as they are typed.
std::vector<std::string> split_words(std::string_view line);

// Reads what stands behind the word. `name` is what the help calls it. On the command line the
// first word is a file.
std::optional<Options::Stop> read_said(const Word& word, const std::string& name, bool with_file,
                                       std::vector<std::string> words, Said& said);

}  // namespace lexum
