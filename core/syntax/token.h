// What the text is made of. The tables here are the only lists of Lexum's signs and words; lexer,
// parser and messages derive the rest from them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "syntax/tree.h"

namespace lexum {

enum class TokenKind : uint8_t {
  kEnd,
  kName,
  kInteger,
  kString,
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kComma,
  kSemicolon,
  kColon,
  kColonColon,
  kDot,
  kDotDot,
  kAt,
  kQuestion,
  kAssign,
  kPlusAssign,
  kMinusAssign,
  kQuestionQuestion,
  kOrOr,
  kAndAnd,
  kEqual,
  kUnequal,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kBang,
  kTrue,  // from here on: reserved words
  kFalse,
  kNull,
  kSelf,
  kIf,
  kElse,
  kFor,
  kIn,
  kLet,
  kReturn,
  kSend,
  kEmit,
  kAssert,
  kLog,
  kCount_,
};
inline constexpr size_t kTokenKinds = static_cast<size_t>(TokenKind::kCount_);

// How each kind is written, in the order of the kinds; "" where the text differs from token to
// token.
inline constexpr std::array<std::string_view, kTokenKinds> kSpellings{
    "",   "",     "",    "",   "(",   ")",      "[",    "]",     "{",      "}",
    ",",  ";",    ":",   "::", ".",   "..",     "@",    "?",     "=",      "+=",
    "-=", "??",   "||",  "&&", "==",  "!=",     "<",    "<=",    ">",      ">=",
    "+",  "-",    "*",   "/",  "%",   "!",      "true", "false", "null",   "self",
    "if", "else", "for", "in", "let", "return", "send", "emit",  "assert", "log",
};
constexpr std::string_view spelling(TokenKind kind) {
  return kSpellings[static_cast<size_t>(kind)];
}
constexpr bool is_reserved(TokenKind kind) { return kind >= TokenKind::kTrue; }

// Names that mean something in their place, and are free everywhere else.
enum class Keyword : uint8_t {
  kNone,
  kDomain,
  kType,
  kEffect,
  kFn,
  kEnvironment,
  kSystem,
  kDeploy,
  kScope,
  kCapability,
  kState,
  kInvariant,
  kGoal,
  kOn,
  kTransition,
  kStep,
  kSlice,
  kPredicate,
  kTarget,
  kPriority,
  kStrategy,
  kTerminateAfter,
  kNever,
  kEvent,
  kBroadcast,
  kDone,
  kFailed,
  kPayload,
  kStart,
  kService,
  kTo,
  kList,
  kMap,
  kMatches,
  kRetire,
  kCount_,
};
inline constexpr std::array<std::string_view, static_cast<size_t>(Keyword::kCount_)> kWords{
    "",           "domain",
    "type",       "effect",
    "fn",         "environment",
    "system",     "deploy",
    "scope",      "capability",
    "state",      "invariant",
    "goal",       "on",
    "transition", "step",
    "slice",      "predicate",
    "target",     "priority",
    "strategy",   "terminate_after",
    "never",      "Event",
    "Broadcast",  "Done",
    "Failed",     "payload",
    "start",      "service",
    "to",         "list",
    "map",        "matches",
    "retire",
};
constexpr std::string_view spelling(Keyword word) { return kWords[static_cast<size_t>(word)]; }

// What lexer and parser note about a token beside its kind. The layout of a program follows from
// these marks alone.
enum Mark : uint8_t {
  kFirstOnLine = 1,  // lexer: nothing but blanks and comments stands before it on its line
  kAfterBroken = 2,  // lexer: what stands before it was left out or is cut short
  kOwnLine = 4,      // begins a declaration, a member, a statement, a field …
  kBlockBrace = 8,   // `{` or `}` of a body whose parts stand on lines of their own
  kJoinLeft = 16,    // no blank before it
  kJoinRight = 32,   // no blank after it
  kSeparator = 64,   // says no more than the line end that comes with it
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword word = Keyword::kNone;  // kName
  uint8_t marks = 0;
  Span span;
  NameId name;  // kName: the text; kString: the text decoded
};

}  // namespace lexum
