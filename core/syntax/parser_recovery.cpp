// What is said about a mistake, and where the parser goes on after it.
#include <array>
#include <utility>

#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

namespace lexum {

namespace {

// Longer pieces of the program are cut in messages.
constexpr size_t kQuotedMax = 40;

// Words that other languages have, and what to do here.
struct ForeignWord {
  std::string_view word;
  std::string_view help;
};
constexpr std::array kForeignWords{
    ForeignWord{"while",
                "there is no `while`: `for` goes over a list, a map or a range, and what "
                "is to go on until something holds is a `goal`"},
    ForeignWord{"loop", "there is no `loop`: `for` goes over a list, a map or a range"},
    ForeignWord{"do", "there is no `do`: `for` goes over a list, a map or a range"},
    ForeignWord{"until", "there is no `until`: what is to hold in the end is a `goal`"},
    ForeignWord{"break", "there is no `break`: put the rest of the loop's body into an `if`"},
    ForeignWord{"continue", "there is no `continue`: put the rest of the body into an `if`"},
    ForeignWord{"var", "use `let`, or declare a field in `state { … }`"},
    ForeignWord{"const", "use `let`, or declare a field in `state { … }`"},
    ForeignWord{"val", "use `let`, or declare a field in `state { … }`"},
    ForeignWord{"mut", "a `let` can be assigned as it is"},
    ForeignWord{"function", "use `fn`, outside of domains, or a `transition` inside one"},
    ForeignWord{"func", "use `fn`, outside of domains, or a `transition` inside one"},
    ForeignWord{"def", "use `fn`, outside of domains, or a `transition` inside one"},
    ForeignWord{"struct", "use `type`"},
    ForeignWord{"class", "use `type` for data, `domain` for what has state and acts"},
    ForeignWord{"record", "use `type`"},
    ForeignWord{"elif", "use `else if`"},
    ForeignWord{"elsif", "use `else if`"},
    ForeignWord{"elseif", "use `else if`"},
    ForeignWord{"then", "the body of an `if` stands in braces"},
    ForeignWord{"switch", "use `if … else if …`"},
    ForeignWord{"match", "use `if … else if …`"},
    ForeignWord{"and", "use `&&`"},
    ForeignWord{"or", "use `||`"},
    ForeignWord{"not", "use `!`"},
    ForeignWord{"is", "use `==`"},
    ForeignWord{"of", "use `in`"},
    ForeignWord{"print", "use `log`"},
    ForeignWord{"println", "use `log`"},
    ForeignWord{"throw", "use `assert`, or send a message that says what went wrong"},
    ForeignWord{"raise", "use `assert`, or send a message that says what went wrong"},
    ForeignWord{"try",
                "there is nothing to catch: a fault undoes the slice; an effect that fails "
                "is a message for `on Adapter.Operation::Failed`"},
    ForeignWord{"await", "nothing waits: the answer is a message, for which there is an `on`"},
    ForeignWord{"async", "every message is asynchronous: leave the word out"},
    ForeignWord{"import", "a program is one file"},
    ForeignWord{"include", "a program is one file"},
};

std::string help_about_assignment(TokenKind sign) {
  switch (sign) {
    case TokenKind::kEqual:
      return "`==` compares; a single `=` assigns";
    case TokenKind::kPlus:
      return "write `x += 1`";
    case TokenKind::kMinus:
      return "write `x -= 1`";
    case TokenKind::kStar:
    case TokenKind::kSlash:
    case TokenKind::kPercent:
      return "write the whole sum: `x = x * 2`";
    default:
      return "";
  }
}

std::string did_you_mean(std::string_view word, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> candidates(words.begin(), words.end());
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : "did you mean `" + near + "`?";
}

}  // namespace

// A mistake after which the parser still knows where it is.
void Parser::report(Code code, Span span, std::string message, std::string help) {
  if (panic_) return;
  diagnostics_.report({code, span, std::move(message), std::move(help)});
  if (diagnostics_.errors() < Diagnostics::kKept) return;
  // Nobody will see more of them.
  at_ = lexed_.tokens.size() - 1 - kLookaheadMax;
  panic_ = true;
}

void Parser::fail(Code code, Span span, std::string message, std::string help) {
  // Next to something unreadable nothing else can be said.
  const uint8_t near = here().marks | (at_ > 0 ? lexed_.tokens[at_ - 1].marks : 0);
  if ((near & kAfterBroken) == 0) report(code, span, std::move(message), std::move(help));
  panic_ = true;
}

void Parser::unexpected(std::string_view expected, std::string help) {
  if (panic_) return;
  if (help.empty()) help = foreign_help(here());
  if (help.empty()) help = "put " + std::string(expected) + " before " + show(here());
  fail(Code::kUnexpectedToken, here().span,
       "expected " + std::string(expected) + ", found " + show(here()), std::move(help));
}

std::string Parser::show(const Token& token) const {
  if (token.kind == TokenKind::kEnd) return "the end of the text";
  return "`" + printable(text(token), kQuotedMax) + "`";
}

std::string Parser::foreign_help(const Token& token) const {
  if (token.kind != TokenKind::kName) return "";
  for (const ForeignWord& foreign : kForeignWords) {
    if (foreign.word == text(token)) return std::string(foreign.help);
  }
  return "";
}

// Where a part of the program must begin.
void Parser::fail_program_part() {
  std::string help = foreign_help(here());
  if (help.empty() && at_member()) help = "put it inside of a `domain Name { … }`";
  if (help.empty()) {
    help = did_you_mean(text(here()),
                        {"domain", "type", "effect", "fn", "environment", "system", "deploy"});
  }
  if (help.empty() && at(TokenKind::kRightBrace)) help = "there is one `}` too many";
  if (help.empty()) help = "take it out, or put one of them before it";
  unexpected("`domain` or another declaration", std::move(help));
}

void Parser::fail_member() {
  std::string help = foreign_help(here());
  if (help.empty()) {
    help = did_you_mean(text(here()),
                        {"scope", "capability", "state", "invariant", "goal", "on", "transition"});
  }
  if (help.empty() && (at_stmt_word() || ahead(1).kind == TokenKind::kAssign)) {
    help = "statements stand in an `on` or a `transition`";
  }
  if (help.empty()) help = "take it out, or put one of them before it";
  unexpected("`state`, `goal`, `on`, `transition` or another part of a domain", std::move(help));
}

void Parser::fail_goal_item() {
  std::string help = did_you_mean(
      text(here()), {"predicate", "target", "priority", "strategy", "terminate_after"});
  if (help.empty()) help = "take it out, or put one of them before it";
  unexpected("`predicate`, `priority`, `strategy` or `terminate_after`", std::move(help));
}

void Parser::fail_stmt(const Token& first) {
  std::string help = foreign_help(first);
  if (help.empty()) {
    help = did_you_mean(text(first), {"let", "if", "for", "send", "emit", "assert", "log", "return",
                                      "retire", "else"});
  }
  if (first.word == Keyword::kStep || first.word == Keyword::kSlice) {
    help = "steps stand only in a transition, and then nothing stands beside them";
  }
  if (help.empty()) help = "a statement assigns (`x = 1`), calls, or begins with a word: `send`";
  fail(Code::kUnexpectedToken, first.span, "expected a statement, found " + show(first),
       std::move(help));
}

// Behind what can only be a place or a call.
void Parser::fail_assignment() {
  unexpected("`=`, `+=` or `-=`", help_about_assignment(here().kind));
}

// ------------------------------------------------------------------------------ where things begin

bool Parser::at_margin() const {
  const uint32_t begin = here().span.begin;
  return begin == 0 || source_.text()[begin - 1] == '\n';
}

// Two names in a row, or a name and a brace, never begin a statement, a field or a setting: so
// these are declarations even where something else was expected, because a brace is missing before
// them.
bool Parser::at_program_part() const {
  switch (here().word) {
    case Keyword::kDomain:
    case Keyword::kType:
    case Keyword::kEffect:
    case Keyword::kFn:
    case Keyword::kEnvironment:
    case Keyword::kSystem:
      return ahead(1).kind == TokenKind::kName;
    case Keyword::kDeploy:
      return ahead(1).word == Keyword::kService;
    default:
      return false;
  }
}

bool Parser::at_member() const {
  const TokenKind next = ahead(1).kind;
  switch (here().word) {
    case Keyword::kState:
    case Keyword::kCapability:
      return next == TokenKind::kLeftBrace;
    case Keyword::kScope:
      return next == TokenKind::kLeftBrace || next == TokenKind::kName;
    case Keyword::kInvariant:
    case Keyword::kGoal:
    case Keyword::kOn:
    case Keyword::kTransition:
      return next == TokenKind::kName;
    default:
      return at(TokenKind::kAt);
  }
}

// "step" "{" | "slice" "step" "{" | "slice" NAME "{"
bool Parser::at_slice() const {
  if (at(Keyword::kStep)) return ahead(1).kind == TokenKind::kLeftBrace;
  return at(Keyword::kSlice) && ahead(1).kind == TokenKind::kName &&
         ahead(2).kind == TokenKind::kLeftBrace;
}

namespace {

bool is_stmt_word(TokenKind kind) {
  switch (kind) {
    case TokenKind::kLet:
    case TokenKind::kIf:
    case TokenKind::kFor:
    case TokenKind::kSend:
    case TokenKind::kEmit:
    case TokenKind::kAssert:
    case TokenKind::kLog:
    case TokenKind::kReturn:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Parser::at_stmt_word() const { return is_stmt_word(here().kind); }

// At a `{` that cannot begin a map, since a statement follows: `if a && { x = 1 }` lacks a value
// and no colon.
bool Parser::at_block() const {
  if (!at(TokenKind::kLeftBrace)) return false;
  const TokenKind second = ahead(2).kind;
  return is_stmt_word(ahead(1).kind) || second == TokenKind::kAssign ||
         second == TokenKind::kPlusAssign || second == TokenKind::kMinusAssign;
}

bool Parser::at_end_of(Body body) const {
  if (at(TokenKind::kRightBrace) || at(TokenKind::kEnd)) return true;
  switch (body) {
    case Body::kDomain: {
      // A type, an effect or a function in a domain is misplaced; at the margin, the domain's brace
      // is missing.
      const bool movable = at(Keyword::kType) || at(Keyword::kEffect) || at(Keyword::kFn);
      return at_program_part() && (!movable || at_margin());
    }
    case Body::kFrame:
      return at_program_part();
    case Body::kList:
      return at_program_part() || at_member();
    case Body::kStmts:
      return at_program_part() || at_member() || (in_slices_ && at_slice());
  }
  return true;
}

// ---------------------------------------------------------------------------------------- going on

// At the `{` of a body, perhaps after the rest of a broken head. `after` is what it follows.
bool Parser::at_body(std::string_view after) {
  if (!at(TokenKind::kLeftBrace)) {
    const std::string help = foreign_help(here());
    unexpected("`{` after " + std::string(after),
               help.empty() ? "what follows stands in braces: `{ … }`" : help);
  }
  while (panic_ && !at(TokenKind::kLeftBrace) && !at(TokenKind::kRightBrace) &&
         !at(TokenKind::kSemicolon) && !at(TokenKind::kEnd) && !at_stmt_word() &&
         !at_line_begin()) {
    advance();
  }
  if (!at(TokenKind::kLeftBrace)) return false;
  panic_ = false;
  return true;
}

// From `{` past its `}`, or up to what cannot stand in braces.
void Parser::skip_braces() {
  int open = 0;
  do {
    if (at(TokenKind::kLeftBrace)) ++open;
    if (at(TokenKind::kRightBrace)) --open;
    advance();
  } while (open > 0 && !at(TokenKind::kEnd) && !(at_margin() && at_program_part()));
}

void Parser::skip_to_program_part() {
  while (!at(TokenKind::kEnd) && !at_program_part() && !at(TokenKind::kAt)) {
    at(TokenKind::kLeftBrace) ? skip_braces() : void(advance());
  }
}

void Parser::skip_to_member() {
  while (!at_end_of(Body::kDomain) && !at_program_part() && !at_member()) {
    at(TokenKind::kLeftBrace) ? skip_braces() : void(advance());
  }
}

// To the next statement, field, setting or item of a goal.
void Parser::skip_to_item() {
  int open = 0;  // parentheses and brackets
  while (!at(TokenKind::kEnd) && !at(TokenKind::kRightBrace) && !at_stmt_word()) {
    if (at_line_begin() && (at_program_part() || at_member())) return;
    switch (here().kind) {
      case TokenKind::kLeftBrace:
        skip_braces();
        continue;
      case TokenKind::kLeftParen:
      case TokenKind::kLeftBracket:
        ++open;
        break;
      case TokenKind::kRightParen:
      case TokenKind::kRightBracket:
        open -= open > 0 ? 1 : 0;
        break;
      case TokenKind::kSemicolon:
      case TokenKind::kName:
        if (open == 0 && (at_line_begin() || at(TokenKind::kSemicolon))) return;
        break;
      default:
        break;
    }
    advance();
  }
}

}  // namespace lexum
