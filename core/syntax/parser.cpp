#include "syntax/parser.h"

#include <limits>
#include <utility>

#include "base/check.h"
#include "syntax/parser_impl.h"

namespace lexum {

Tree parse(const Source& source, Diagnostics& diagnostics) {
  Parser parser(source, diagnostics);
  parser.parse_program();
  return parser.take_tree();
}

Fragment parse_expression(const Source& source, Diagnostics& diagnostics) {
  const size_t errors = diagnostics.errors();
  Parser parser(source, diagnostics);
  const ExprId expr = parser.parse_lone_expression();
  return {parser.take_tree(), diagnostics.errors() == errors ? expr : ExprId(), {}};
}

Fragment parse_statement(const Source& source, Diagnostics& diagnostics) {
  const size_t errors = diagnostics.errors();
  Parser parser(source, diagnostics);
  const StmtId stmt = parser.parse_lone_statement();
  return {parser.take_tree(), {}, diagnostics.errors() == errors ? stmt : StmtId()};
}

Parser::Parser(const Source& source, Diagnostics& diagnostics)
    : source_(source),
      diagnostics_(diagnostics),
      names_(tree_.names),
      lexed_(lex(source, names_, diagnostics)) {
  // About every second token makes an expression; growing step by step costs more than the parsing.
  tree_.exprs.reserve(lexed_.tokens.size() / 2);
}

ExprId Parser::parse_lone_expression() {
  const ExprId expr = parse_expr();
  if (!at(TokenKind::kEnd)) unexpected("nothing more after the value", "take it out");
  return expr;
}

StmtId Parser::parse_lone_statement() {
  const StmtId stmt = parse_stmt();
  while (accept(TokenKind::kSemicolon)) continue;
  if (!at(TokenKind::kEnd)) unexpected("nothing more after the statement", "take it out");
  return stmt;
}

bool Parser::enter() {
  if (depth_ < kNestingMax) {
    ++depth_;
    return true;
  }
  if (!too_deep_) {
    fail(Code::kNestedTooDeep, here().span,
         "this is nested more than " + std::to_string(kNestingMax) + " levels deep",
         "give a part of it a name: with `let`, as a `fn`, or as a transition of its own");
  }
  too_deep_ = true;
  panic_ = true;
  return false;
}

const Token& Parser::advance() {
  const Token& token = here();
  if (token.kind != TokenKind::kEnd) {
    end_ = token.span.end;
    ++at_;
  }
  return token;
}

const Token& Parser::advance(Mark as) {
  mark(as);
  return advance();
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

bool Parser::expect(TokenKind kind, std::string_view what) {
  if (panic_) return false;
  if (accept(kind)) return true;
  unexpected(what);
  return false;
}

bool Parser::expect(Keyword word) {
  if (panic_) return false;
  if (at(word)) {
    advance();
    return true;
  }
  unexpected("`" + std::string(spelling(word)) + "`");
  return false;
}

Name Parser::expect_name(std::string_view what) {
  if (panic_) return {};
  if (at(TokenKind::kName)) {
    const Token& token = advance();
    return {token.name, token.span};
  }
  const bool next_line = at_line_begin() && at_stmt_word();
  if (is_reserved(here().kind) && !next_line) {
    fail(Code::kReservedName, here().span,
         "expected " + std::string(what) + ", found the reserved word " + show(here()),
         "choose another name, such as `" + std::string(text(here())) + "_`");
    advance();
  } else {
    unexpected(what);
  }
  return {};
}

int64_t Parser::expect_integer(std::string_view what) {
  if (panic_) return 0;
  if (at(TokenKind::kInteger)) return integer_value(advance());
  unexpected(what);
  return 0;
}

namespace {

// Of a literal: its value, or the largest there is. What is no digit ends it; the lexer has spoken
// about that.
uint64_t magnitude(std::string_view text) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  uint64_t value = 0;
  for (const char c : text) {
    if (c == '_') continue;
    if (c < '0' || c > '9') break;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > (kMax - digit) / 10) return kMax;
    value = value * 10 + digit;
  }
  return value;
}

constexpr uint64_t kIntMax = std::numeric_limits<int64_t>::max();

}  // namespace

int64_t Parser::integer_value(const Token& token) {
  const uint64_t value = magnitude(text(token));
  if (value <= kIntMax) return static_cast<int64_t>(value);
  report(Code::kIntegerTooBig, token.span, "the number " + show(token) + " is too big for an int",
         "an int goes from -9223372036854775808 to 9223372036854775807");
  return static_cast<int64_t>(kIntMax);
}

bool Parser::at_least_int() const {
  return at(TokenKind::kInteger) && magnitude(text(here())) == kIntMax + 1;
}

// `alternative` is what else might have come, such as "`,`".
void Parser::close(TokenKind closing, const Token& opener, std::string_view alternative) {
  if (accept(closing) || panic_) return;
  const std::string sign = "`" + std::string(spelling(closing)) + "`";
  const std::string open = "`" + std::string(text(opener)) + "`";
  if (at(TokenKind::kEnd)) {
    return fail(Code::kUnclosed, opener.span, "this " + open + " is never closed",
                "the text ends without its " + sign + ": add it");
  }
  if (!alternative.empty() && !at_line_begin()) {
    return unexpected(std::string(alternative) + " or " + sign);
  }
  const Place place = source_.place(opener.span.begin);
  fail(Code::kUnclosed, here().span,
       "expected " + sign + " to close the " + open + " opened at " + std::to_string(place.line) +
           ":" + std::to_string(place.column) + ", found " + show(here()),
       "add the missing " + sign + " before it");
}

// Of a body: what was wrong inside is over where its brace is.
void Parser::close_block(const Token& opener) {
  if (at(TokenKind::kRightBrace)) panic_ = false;
  mark(kBlockBrace);
  close(TokenKind::kRightBrace, opener);
}

}  // namespace lexum
