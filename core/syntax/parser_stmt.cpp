// Statements.
#include <algorithm>

#include "syntax/parser_impl.h"

namespace lexum {

// block := "{" { stmt [ ";" ] } "}"
Block Parser::parse_block(std::string_view after) {
  if (!at_body(after)) return {{}, {here().span.begin, here().span.begin}};
  const Nest nest(*this);
  if (!nest) return {{}, here().span};
  return parse_block_after(advance(kBlockBrace));
}

Block Parser::parse_block_after(const Token& opener) {
  Pending<StmtId> stmts(pending_stmts_);
  for (;;) {
    while (at(TokenKind::kSemicolon)) advance(kSeparator);
    if (at_end_of(Body::kStmts)) break;
    panic_ = false;
    const size_t before = at_;
    stmts.add(parse_stmt());
    if (!panic_) continue;
    if (at_ == before) advance();
    skip_to_item();
  }
  close_block(opener);
  return {stmts.move_to(tree_.stmt_lists), since(opener.span)};
}

StmtId Parser::parse_stmt() {
  const Span first = here().span;
  mark(kOwnLine);
  Stmt stmt = parse_stmt_of_any_kind();
  if (panic_) stmt = {};
  stmt.span = {first.begin, std::max(first.begin, end_)};
  tree_.stmts.push_back(stmt);
  return StmtId(tree_.stmts.size() - 1);
}

// stmt := let | if | for | send | emit | assert | log | return | "retire" | assignment | call
Stmt Parser::parse_stmt_of_any_kind() {
  switch (here().kind) {
    case TokenKind::kLet:
      return parse_let();
    case TokenKind::kIf:
      return parse_if();
    case TokenKind::kFor:
      return parse_for();
    case TokenKind::kSend:
      return parse_send();
    case TokenKind::kEmit:
      return parse_emit();
    case TokenKind::kAssert:
      return parse_assert();
    case TokenKind::kLog:
      return parse_log();
    case TokenKind::kReturn:
      return parse_return();
    case TokenKind::kName:
    case TokenKind::kSelf:
      break;
    default:
      fail_stmt(here());
      return {};
  }
  if (at(Keyword::kRetire) && !continues_place(ahead(1))) {
    advance();
    return {.kind = StmtKind::kRetire};
  }
  return parse_assignment_or_call();
}

// let := "let" NAME [ ":" type ] "=" expr
Stmt Parser::parse_let() {
  advance();
  Stmt stmt{.kind = StmtKind::kLet};
  stmt.name = expect_name("a name for the variable");
  if (panic_) return stmt;
  AssignOp op = AssignOp::kSet;
  if (!at_walrus() && accept(TokenKind::kColon)) stmt.type = parse_type();
  if (!panic_ && !accept_assign_op(op)) unexpected("`=` and a value");
  stmt.value = parse_expr();
  return stmt;
}

// if := "if" expr block { "else" "if" expr block } [ "else" block ]
Stmt Parser::parse_if() {
  Stmt stmt{.kind = StmtKind::kIf};
  Pending<Branch> branches(pending_branches_);
  const int depth = depth_;
  advance();
  for (;;) {
    const ExprId condition = parse_condition();
    branches.add({condition, parse_block("the condition")});
    if (panic_ || !accept(TokenKind::kElse)) break;
    if (!at(TokenKind::kIf)) {
      branches.add({ExprId(), parse_block("`else`")});
      break;
    }
    if (!enter()) break;
    advance();
  }
  depth_ = depth;
  stmt.branches = branches.move_to(tree_.branches);
  return stmt;
}

// for := "for" NAME [ "," NAME ] "in" expr [ ".." expr ] block
Stmt Parser::parse_for() {
  advance();
  Stmt stmt{.kind = StmtKind::kFor};
  stmt.name = expect_name("a name for the loop's variable");
  if (accept(TokenKind::kComma)) stmt.second = expect_name("a name for the second variable");
  expect(TokenKind::kIn, "`in`");
  stmt.value = parse_expr();
  if (!panic_ && accept(TokenKind::kDotDot)) stmt.until = parse_expr();
  stmt.body = parse_block("what the loop goes over");
  // The body has been read for its own mistakes; without a variable it is no loop.
  return stmt.name ? stmt : Stmt{};
}

// send := "send" ( NAME [ index ] NAME [ args ] | "(" STRING "," STRING ")" )
Stmt Parser::parse_send() {
  advance();
  Stmt stmt{.kind = StmtKind::kSend};
  if (at(TokenKind::kLeftParen)) {
    const Token& opener = advance(kJoinLeft);
    stmt.target = expect_quoted("the name of a domain, as a string");
    expect(TokenKind::kComma, "`,` and the name of a message");
    stmt.message = expect_quoted("the name of a message, as a string");
    close(TokenKind::kRightParen, opener);
    return stmt;
  }
  stmt.target = expect_name("the domain to send to");
  if (!panic_ && at(TokenKind::kLeftBracket)) stmt.key = parse_index();
  if (!panic_ && at(TokenKind::kDot)) {
    unexpected("the message", "write `send Domain Message(…)`, with a blank");
  }
  stmt.message = expect_name("the message");
  if (!panic_ && at(TokenKind::kLeftParen)) stmt.args = parse_args();
  return stmt;
}

Name Parser::expect_quoted(std::string_view what) {
  if (at(TokenKind::kString)) {
    const Token& token = advance();
    return {token.name, token.span};
  }
  unexpected(what);
  return {};
}

// emit := "emit" ( broadcast | intent )
Stmt Parser::parse_emit() {
  advance();
  if (at(Keyword::kBroadcast) && ahead(1).kind == TokenKind::kLeftParen) return parse_broadcast();
  return parse_intent();
}

// broadcast := "Broadcast" "(" "Event" "::" NAME [ args ] ")"
Stmt Parser::parse_broadcast() {
  Stmt stmt{.kind = StmtKind::kBroadcast};
  advance();
  const Token& opener = advance(kJoinLeft);
  if (!at(Keyword::kEvent)) unexpected("`Event::` and the name of an event");
  advance();
  expect(TokenKind::kColonColon, "`::` and the name of an event");
  stmt.message = expect_name("the name of an event");
  if (!panic_ && at(TokenKind::kLeftParen)) stmt.args = parse_args();
  close(TokenKind::kRightParen, opener);
  return stmt;
}

// intent := NAME "." NAME args
Stmt Parser::parse_intent() {
  Stmt stmt{.kind = StmtKind::kEffect};
  if (at(Keyword::kEvent) && ahead(1).kind == TokenKind::kColonColon) {
    unexpected("`Broadcast(…)` or an effect", "write `emit Broadcast(Event::…)`");
  }
  stmt.target = expect_name("`Broadcast` or the name of an adapter");
  expect(TokenKind::kDot, "`.` and the name of an operation");
  stmt.message = expect_name("the name of an operation");
  if (panic_) return stmt;
  if (at(TokenKind::kLeftParen)) {
    stmt.args = parse_args();
  } else {
    unexpected("`(` and the arguments of the effect", "without any, write `()`");
  }
  return stmt;
}

// assert := "assert" expr [ "," expr ]
Stmt Parser::parse_assert() {
  advance();
  Stmt stmt{.kind = StmtKind::kAssert};
  stmt.value = parse_condition();
  if (!panic_ && accept(TokenKind::kComma)) stmt.until = parse_expr();
  return stmt;
}

// log := "log" expr
Stmt Parser::parse_log() {
  advance();
  Stmt stmt{.kind = StmtKind::kLog};
  stmt.value = parse_expr();
  return stmt;
}

// return := "return" [ expr ]
Stmt Parser::parse_return() {
  advance();
  Stmt stmt{.kind = StmtKind::kReturn};
  if (begins_expr(here()) && !at_end_of(Body::kStmts)) stmt.value = parse_expr();
  return stmt;
}

// --------------------------------------------------------------------------- assignments and calls

// What shows that a name before it is a place or a call, whatever the name.
bool Parser::continues_place(const Token& token) const {
  switch (token.kind) {
    case TokenKind::kAssign:
    case TokenKind::kPlusAssign:
    case TokenKind::kMinusAssign:
    case TokenKind::kDot:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftParen:
      return true;
    default:
      return false;
  }
}

// assignment := place ( "=" | "+=" | "-=" ) expr
// place      := [ "state" "." ] NAME { "." NAME | index }
// call       := postfix                                   (one that ends in args)
Stmt Parser::parse_assignment_or_call() {
  const Token& first = here();
  const size_t second = at_ + 1;
  const ExprId place = parse_postfix();
  Stmt stmt;
  if (panic_) return stmt;
  if (accept_assign_op(stmt.assign)) {
    stmt.kind = StmtKind::kAssign;
    stmt.place = check_place(place);
    stmt.value = parse_expr();
    return stmt;
  }
  const bool braces = at(TokenKind::kLeftBrace);  // `while (x) {` is no call
  if (is_call(place) && !braces) {
    stmt.kind = StmtKind::kCall;
    stmt.value = place;
    return stmt;
  }
  const bool sign = here().kind > TokenKind::kRightBrace && here().kind < TokenKind::kTrue;
  braces || (at_ == second && !sign) ? fail_stmt(first) : fail_assignment();
  return stmt;
}

// `:=`
bool Parser::at_walrus() const {
  return at(TokenKind::kColon) && ahead(1).kind == TokenKind::kAssign &&
         here().span.end == ahead(1).span.begin;
}

bool Parser::accept_assign_op(AssignOp& op) {
  if (at_walrus()) {
    report(Code::kUnexpectedToken, join(here().span, ahead(1).span), "expected `=`, found `:=`",
           "write `=`");
    advance();
  }
  switch (here().kind) {
    case TokenKind::kAssign:
      op = AssignOp::kSet;
      break;
    case TokenKind::kPlusAssign:
      op = AssignOp::kAdd;
      break;
    case TokenKind::kMinusAssign:
      op = AssignOp::kSubtract;
      break;
    default:
      return false;
  }
  advance();
  return true;
}

ExprId Parser::check_place(ExprId place) {
  const Expr& expr = tree_[place];
  const bool postfix = expr.kind == ExprKind::kPostfix;
  const ExprKind root = postfix ? tree_[tree_.items(expr)[0]].kind : expr.kind;
  const bool steps = std::ranges::none_of(
      tree_.links_of(expr), [](const Link& link) { return link.kind == LinkKind::kMethod; });
  if (steps && (root == ExprKind::kName || root == ExprKind::kState)) return place;
  report(Code::kNotAssignable, expr.span, "this cannot be assigned",
         "a field, a `let`, or an element of one can");
  return error_expr();
}

bool Parser::is_call(ExprId id) const {
  const Expr& expr = tree_[id];
  if (expr.kind == ExprKind::kCall) return true;
  return expr.kind == ExprKind::kPostfix && tree_.links_of(expr).size() > 0 &&
         tree_.links_of(expr).back().kind == LinkKind::kMethod;
}

}  // namespace lexum
