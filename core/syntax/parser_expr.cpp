// Expressions and types.
#include <array>
#include <limits>

#include "syntax/parser_impl.h"

namespace lexum {

namespace {

constexpr int8_t kNoOperator = -1;

// By kind of token: which entry of kOperators stands between operands. `matches` is a name and not
// here.
constexpr std::array<int8_t, kTokenKinds> kChainOperators = [] {
  std::array<int8_t, kTokenKinds> found{};
  for (size_t kind = 0; kind < kTokenKinds; ++kind) {
    found[kind] = kNoOperator;
    for (size_t i = 0; i < kOperators.size(); ++i) {
      const OperatorInfo& entry = kOperators[i];
      if (entry.level != kPrefixLevel && entry.spelling == kSpellings[kind]) {
        found[kind] = static_cast<int8_t>(i);
      }
    }
  }
  return found;
}();

}  // namespace

ExprId Parser::add(const Expr& expr) {
  tree_.exprs.push_back(expr);
  return ExprId(tree_.exprs.size() - 1);
}

// Whether a value may begin here.
bool Parser::begins_expr(const Token& token) const {
  switch (token.kind) {
    case TokenKind::kName:
    case TokenKind::kInteger:
    case TokenKind::kString:
    case TokenKind::kTrue:
    case TokenKind::kFalse:
    case TokenKind::kNull:
    case TokenKind::kSelf:
    case TokenKind::kLeftParen:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace:
    case TokenKind::kBang:
    case TokenKind::kMinus:
      return true;
    default:
      return false;
  }
}

// `matches` is an operator where an operand follows it; `matches = 1`, `matches.x` and `matches[0]`
// are about a field of that name, in the next statement.
const OperatorInfo* Parser::chain_operator() const {
  if (at(Keyword::kMatches)) {
    const Token& next = ahead(1);
    const bool operand = begins_expr(next) && next.kind != TokenKind::kLeftBracket &&
                         next.kind != TokenKind::kLeftBrace && next.kind != TokenKind::kMinus;
    return operand ? &kOperators[static_cast<size_t>(Operator::kMatches)] : nullptr;
  }
  const int8_t index = kChainOperators[static_cast<size_t>(here().kind)];
  return index == kNoOperator ? nullptr : &kOperators[static_cast<size_t>(index)];
}

// An expression that is asked whether it holds: here a single `=` can only be a slip.
ExprId Parser::parse_condition() {
  const ExprId condition = parse_expr();
  if (panic_ || !at(TokenKind::kAssign)) return condition;
  report(Code::kSingleEquals, here().span, "a single `=` assigns, but here something is compared",
         "write `==`");
  while (!panic_ && accept(TokenKind::kAssign)) parse_expr();
  return error_expr();
}

// expr       := or { "??" or }
// or         := and { "||" and }
// and        := comparison { "&&" comparison }
// comparison := sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "matches" ) sum ]
// sum        := product { ( "+" | "-" ) product }
// product    := prefix { ( "*" | "/" | "%" ) prefix }
ExprId Parser::parse_chain(int level) {
  if (panic_) return error_expr();
  const Span first = here().span;
  ExprId left = parse_prefix();
  for (const OperatorInfo* op = chain_operator(); op != nullptr && op->level >= level && !panic_;
       op = chain_operator()) {
    const int chain_level = op->level;
    Pending<ExprId> items(pending_exprs_);
    Pending<Operator> ops(pending_ops_);
    items.add(left);
    for (; op != nullptr && op->level == chain_level && !panic_; op = chain_operator()) {
      if (chain_level == kComparisonLevel && ops.size() == 1) {
        report(Code::kChainedComparison, here().span, "comparisons cannot be chained",
               "compare twice: `a < b && b < c`");
      }
      ops.add(op->op);
      advance();
      items.add(parse_chain(chain_level + 1));
    }
    const bool chained = chain_level == kComparisonLevel && ops.size() > 1;
    left = chained ? error_expr()
                   : add({.kind = ExprKind::kChain,
                          .span = since(first),
                          .items = items.move_to(tree_.expr_lists),
                          .ops = ops.move_to(tree_.ops)});
  }
  return left;
}

// prefix := ( "!" | "-" ) prefix | postfix
ExprId Parser::parse_prefix() {
  const Span first = here().span;
  const bool minus = at(TokenKind::kMinus);
  if (!minus && !at(TokenKind::kBang)) return parse_postfix();
  const Nest nest(*this);
  if (!nest) return error_expr();
  advance(kJoinRight);
  // The least int has no positive twin that a minus could be put before.
  if (minus && at_least_int()) {
    advance();
    return add({.kind = ExprKind::kInt,
                .span = since(first),
                .integer = std::numeric_limits<int64_t>::min()});
  }
  Pending<ExprId> items(pending_exprs_);
  Pending<Operator> ops(pending_ops_);
  items.add(parse_prefix());
  ops.add(minus ? Operator::kNegate : Operator::kNot);
  return add({.kind = ExprKind::kPrefix,
              .span = since(first),
              .items = items.move_to(tree_.expr_lists),
              .ops = ops.move_to(tree_.ops)});
}

// postfix := primary { link }
ExprId Parser::parse_postfix() {
  const Span first = here().span;
  const ExprId head = parse_primary();
  if (!at(TokenKind::kDot) && !at(TokenKind::kLeftBracket)) return head;
  Pending<Link> links(pending_links_);
  while (!panic_ && (at(TokenKind::kDot) || at(TokenKind::kLeftBracket))) {
    const Link link = parse_link();
    if (link.name || link.index) links.add(link);
  }
  Pending<ExprId> items(pending_exprs_);
  items.add(head);
  return add({.kind = ExprKind::kPostfix,
              .span = since(first),
              .items = items.move_to(tree_.expr_lists),
              .links = links.move_to(tree_.links)});
}

// link := "." NAME [ args ] | index
Link Parser::parse_link() {
  const Span first = here().span;
  Link link{.kind = LinkKind::kIndex, .span = first, .name = {}, .index = {}, .args = {}};
  if (accept(TokenKind::kDot)) {
    link.kind = LinkKind::kMember;
    link.name = expect_name("the name of a field or a method");
    if (link.name && at(TokenKind::kLeftParen)) {
      link.kind = LinkKind::kMethod;
      link.args = parse_args();
    }
  } else {
    link.index = parse_index();
  }
  link.span = since(first);
  return link;
}

// index := "[" expr "]"
ExprId Parser::parse_index() {
  const Nest nest(*this);
  if (!nest) return error_expr();
  const Token& opener = advance(kJoinLeft);
  const ExprId index = parse_expr();
  close(TokenKind::kRightBracket, opener);
  return index;
}

// primary := INT | STRING | "true" | "false" | "null" | self | parenthesised | list | map | name
ExprId Parser::parse_primary() {
  const Token& token = here();
  switch (at_block() ? TokenKind::kEnd : token.kind) {
    case TokenKind::kInteger: {
      advance();
      return add({.kind = ExprKind::kInt, .span = token.span, .integer = integer_value(token)});
    }
    case TokenKind::kString: {
      advance();
      return add({.kind = ExprKind::kString, .span = token.span, .name = {token.name, token.span}});
    }
    case TokenKind::kTrue:
      return parse_literal(ExprKind::kTrue);
    case TokenKind::kFalse:
      return parse_literal(ExprKind::kFalse);
    case TokenKind::kNull:
      return parse_literal(ExprKind::kNull);
    case TokenKind::kSelf:
      return parse_self();
    case TokenKind::kLeftParen:
      return parse_parenthesised();
    case TokenKind::kLeftBracket:
      return parse_list();
    case TokenKind::kLeftBrace:
      return parse_map();
    case TokenKind::kName:
      return parse_name();
    default:
      unexpected("a value");
      return error_expr();
  }
}

ExprId Parser::parse_literal(ExprKind kind) { return add({.kind = kind, .span = advance().span}); }

// self := "self" "." NAME
ExprId Parser::parse_self() {
  const Span first = advance().span;
  if (!at(TokenKind::kDot)) {
    unexpected("`.` and the name of the key", "`self.id` is the key of `domain D[id: int]`");
    return error_expr();
  }
  advance();
  const Name name = expect_name("the name of the key");
  if (!name) return error_expr();
  return add({.kind = ExprKind::kSelf, .span = since(first), .name = name});
}

// name := NAME args | "state" "." NAME | NAME
ExprId Parser::parse_name() {
  const Token& token = advance();
  const Name name{token.name, token.span};
  if (at(TokenKind::kLeftParen)) {
    const Range args = parse_args();
    return add({.kind = ExprKind::kCall, .span = since(token.span), .name = name, .args = args});
  }
  // `state.pop()` is about a field called `state`: no field can be called.
  const bool method = ahead(2).kind == TokenKind::kLeftParen;
  if (token.word == Keyword::kState && !method && accept(TokenKind::kDot)) {
    const Name field = expect_name("the name of a field");
    if (!field) return error_expr();
    return add({.kind = ExprKind::kState, .span = since(token.span), .name = field});
  }
  return add({.kind = ExprKind::kName, .span = token.span, .name = name});
}

// parenthesised := "(" expr ")"
ExprId Parser::parse_parenthesised() {
  const Nest nest(*this);
  if (!nest) return error_expr();
  const Token& opener = advance();
  const ExprId inner = parse_expr();
  close(TokenKind::kRightParen, opener);
  return inner;
}

// list := "[" [ expr { "," expr } ] "]"
ExprId Parser::parse_list() {
  const Nest nest(*this);
  if (!nest) return error_expr();
  const Token& opener = advance();
  Pending<ExprId> items(pending_exprs_);
  if (!at(TokenKind::kRightBracket)) {
    do items.add(parse_expr());
    while (!panic_ && accept(TokenKind::kComma));
  }
  close(TokenKind::kRightBracket, opener, "`,`");
  return add({.kind = ExprKind::kList,
              .span = since(opener.span),
              .items = items.move_to(tree_.expr_lists)});
}

// map := "{" [ expr ":" expr { "," expr ":" expr } ] "}"
ExprId Parser::parse_map() {
  const Nest nest(*this);
  if (!nest) return error_expr();
  const Token& opener = advance(kJoinRight);
  Pending<ExprId> items(pending_exprs_);
  if (!at(TokenKind::kRightBrace)) {
    do {
      items.add(parse_expr());
      expect(TokenKind::kColon, "`:` and a value");
      items.add(parse_expr());
    } while (!panic_ && accept(TokenKind::kComma));
  }
  // Its brace must not be taken for the end of the block around it.
  while (panic_ && !at(TokenKind::kRightBrace) && !at_end_of(Body::kStmts) && !at_stmt_word()) {
    at(TokenKind::kLeftBrace) ? skip_braces() : void(advance());
  }
  mark(kJoinLeft);
  close(TokenKind::kRightBrace, opener, "`,`");
  return add({.kind = ExprKind::kMap,
              .span = since(opener.span),
              .items = items.move_to(tree_.expr_lists)});
}

// args := "(" [ [ NAME ":" ] expr { "," [ NAME ":" ] expr } ] ")"
Range Parser::parse_args() {
  const Nest nest(*this);
  if (!nest) return {};
  const Token& opener = advance(kJoinLeft);
  Pending<Arg> args(pending_args_);
  if (!at(TokenKind::kRightParen)) {
    do {
      Arg arg{.name = {}, .value = {}};
      if (at(TokenKind::kName) && ahead(1).kind == TokenKind::kColon) {
        arg.name = {here().name, here().span};
        advance();
        advance();
      }
      arg.value = parse_expr();
      args.add(arg);
    } while (!panic_ && accept(TokenKind::kComma));
  }
  close(TokenKind::kRightParen, opener, "`,`");
  return args.move_to(tree_.args);
}

// type := ( "list" "<" type ">" | "map" "<" type "," type ">" | NAME ) [ "?" ]
TypeExprId Parser::parse_type() {
  const Span first = here().span;
  TypeExpr type = parse_type_name();
  if (panic_) type = {};
  if (type.kind != TypeExprKind::kError && at(TokenKind::kQuestion)) {
    advance(kJoinLeft);
    type.optional = true;
  }
  type.span = {first.begin, std::max(first.begin, end_)};
  tree_.type_exprs.push_back(type);
  return TypeExprId(tree_.type_exprs.size() - 1);
}

TypeExpr Parser::parse_type_name() {
  const bool map = at(Keyword::kMap);
  const bool list = at(Keyword::kList);
  TypeExpr type{.name = expect_name("a type")};
  if (!type.name) return type;
  type.kind = TypeExprKind::kNamed;
  if (!map && !list) return type;
  type.kind = map ? TypeExprKind::kMap : TypeExprKind::kList;
  type.name = {};
  if (!at(TokenKind::kLess)) {
    unexpected("`<`", map ? "write `map<string, int>`" : "write `list<int>`");
    return type;
  }
  advance(Mark(kJoinLeft | kJoinRight));
  const Nest nest(*this);
  if (!nest) return type;
  if (map) {
    type.key = parse_type();
    expect(TokenKind::kComma, "`,` and the type of the values");
  }
  type.element = parse_type();
  close_type();
  return type;
}

// The `>` of `list<int>=[]` is the first half of a token.
void Parser::close_type() {
  if (panic_) return;
  mark(kJoinLeft);
  Token& token = lexed_.tokens[at_];
  if (token.kind == TokenKind::kGreaterEqual) {
    token.kind = TokenKind::kAssign;
    end_ = token.span.begin + 1;
  } else {
    expect(TokenKind::kGreater, "`>`");
  }
}

}  // namespace lexum
