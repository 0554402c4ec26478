// The parser itself: recursive descent, with the production above each method. In the productions
// NAME, INT and STRING are tokens, quoted words stand for themselves, [ ] may be left out and { }
// may come any number of times; together they are the grammar of Lexum.
//
// How it gets over mistakes. The first one sets `panic_`; while it is set nothing is reported,
// every method returns at once, and what has been made so far is well formed. The loops over
// statements, members, fields … then skip to where the next one seems to begin and clear it. A body
// whose head is broken is read as usual.
//
// Deep programs: every level of nesting is counted by a Nest, so the stack is bounded. Long
// programs: chains of one level are loops, unfinished lists lie on stacks that are reused, and
// every token is skipped at most once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syntax/diagnostic.h"
#include "syntax/lexer.h"
#include "syntax/operators.h"
#include "syntax/parser.h"
#include "syntax/source.h"
#include "syntax/token.h"
#include "syntax/tree.h"

namespace lexum {

// A list under construction. Lists nest, so the unfinished ones of a type lie on one stack;
// move_to() takes the topmost to where it stays, in one piece.
template <class T>
class Pending {
 public:
  explicit Pending(std::vector<T>& stack) : stack_(stack), first_(stack.size()) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { stack_.resize(first_); }

  void add(const T& item) { stack_.push_back(item); }
  [[nodiscard]] size_t size() const { return stack_.size() - first_; }
  Range move_to(std::vector<T>& home) {
    const Range range{static_cast<uint32_t>(home.size()), static_cast<uint32_t>(size())};
    home.insert(home.end(), stack_.begin() + static_cast<std::ptrdiff_t>(first_), stack_.end());
    stack_.resize(first_);
    return range;
  }

 private:
  std::vector<T>& stack_;
  size_t first_;
};

class Parser {
 public:
  Parser(const Source& source, Diagnostics& diagnostics);

  void parse_program();
  ExprId parse_lone_expression();
  StmtId parse_lone_statement();

  Tree take_tree() { return std::move(tree_); }
  // With the marks for the layout. Only after parse_program().
  Lexed take_lexed() { return std::move(lexed_); }

 private:
  // One level of nesting, as long as it lives. False (and reported) where there is no room for it.
  class Nest {
   public:
    explicit Nest(Parser& parser) : parser_(parser), entered_(parser.enter()) {}
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    ~Nest() { parser_.depth_ -= entered_ ? 1 : 0; }
    explicit operator bool() const { return entered_; }

   private:
    Parser& parser_;
    bool entered_;
  };
  bool enter();

  // What a pair of braces holds decides what can be taken for its end, and where to go on after a
  // mistake in it.
  enum class Body : uint8_t {
    kDomain,  // members
    kFrame,   // parts of an environment, a system or an effect
    kList,    // fields, settings, items of a goal
    kStmts,
  };

  // Looking and moving (parser.cpp).
  [[nodiscard]] const Token& here() const { return lexed_.tokens[at_]; }
  [[nodiscard]] const Token& ahead(size_t n) const { return lexed_.tokens[at_ + n]; }
  [[nodiscard]] bool at(TokenKind kind) const { return here().kind == kind; }
  [[nodiscard]] bool at(Keyword word) const { return here().word == word; }
  const Token& advance();
  const Token& advance(Mark mark);
  bool accept(TokenKind kind);
  void mark(Mark mark) { lexed_.tokens[at_].marks |= mark; }
  [[nodiscard]] Span since(Span first) const { return {first.begin, end_}; }
  bool expect(TokenKind kind, std::string_view what);
  bool expect(Keyword word);
  Name expect_name(std::string_view what);
  int64_t expect_integer(std::string_view what);
  int64_t integer_value(const Token& token);
  [[nodiscard]] bool at_least_int() const;
  void close(TokenKind closing, const Token& opener, std::string_view alternative = "");
  void close_block(const Token& opener);

  // Mistakes and what comes after them (parser_recovery.cpp).
  void report(Code code, Span span, std::string message, std::string help = "");
  void fail(Code code, Span span, std::string message, std::string help = "");
  void unexpected(std::string_view expected, std::string help = "");
  void fail_program_part();
  void fail_member();
  void fail_goal_item();
  void fail_stmt(const Token& first);
  void fail_assignment();
  [[nodiscard]] std::string show(const Token& token) const;
  [[nodiscard]] std::string foreign_help(const Token& token) const;
  [[nodiscard]] std::string_view text(const Token& token) const { return source_.text(token.span); }
  [[nodiscard]] bool at_line_begin() const { return (here().marks & kFirstOnLine) != 0; }
  [[nodiscard]] bool at_margin() const;
  [[nodiscard]] bool at_program_part() const;
  [[nodiscard]] bool at_member() const;
  [[nodiscard]] bool at_slice() const;
  [[nodiscard]] bool at_stmt_word() const;
  [[nodiscard]] bool at_block() const;
  [[nodiscard]] bool at_end_of(Body body) const;
  [[nodiscard]] bool at_body(std::string_view after);
  void skip_braces();
  void skip_to_program_part();
  void skip_to_member();
  void skip_to_item();

  // Declarations (parser_program.cpp).
  void parse_program_part();
  void parse_declaration(std::vector<Annotation> annotations);
  void note_part(size_t first, size_t keyword, bool of_domain);
  void parse_domain(std::vector<Annotation> annotations);
  void parse_type_decl();
  void parse_effect();
  void parse_function();
  void parse_environment();
  void parse_system();
  void parse_start(SystemDecl& system);
  void parse_deploy();
  std::vector<Annotation> parse_annotations();
  Annotation parse_annotation();
  std::vector<Param> parse_params();
  Param parse_param();
  void parse_fields(std::vector<FieldDecl>& fields, std::string_view after);
  void parse_payload(std::vector<Param>& fields);
  void parse_separator();
  void parse_setting(std::vector<Setting>& settings);
  ScopeDecl parse_scope();
  CapabilityBlock parse_capability();
  template <class ParseItem>
  void parse_items(Body body, std::string_view after, ParseItem parse_item);

  // What a domain is made of (parser_member.cpp).
  void parse_member(DomainDecl& domain);
  void parse_member_of(DomainDecl& domain, std::vector<Annotation> annotations);
  void parse_invariant(DomainDecl& domain);
  void parse_goal(DomainDecl& domain);
  void parse_goal_item(GoalDecl& goal);
  void parse_priority(GoalDecl& goal);
  void parse_strategy(GoalDecl& goal);
  void parse_terminate(GoalDecl& goal);
  Name name_of_tokens(size_t first, size_t last);
  void parse_handler(DomainDecl& domain, std::vector<Annotation> annotations);
  void parse_trigger(HandlerDecl& handler);
  void parse_transition(DomainDecl& domain, std::vector<Annotation> annotations);
  void parse_slices(TransitionDecl& transition, const Token& opener);

  // Statements (parser_stmt.cpp).
  Block parse_block(std::string_view after);
  Block parse_block_after(const Token& opener);
  StmtId parse_stmt();
  Stmt parse_stmt_of_any_kind();
  Stmt parse_let();
  Stmt parse_if();
  Stmt parse_for();
  Stmt parse_send();
  Stmt parse_emit();
  Stmt parse_broadcast();
  Stmt parse_intent();
  Stmt parse_assert();
  Stmt parse_log();
  Stmt parse_return();
  Stmt parse_assignment_or_call();
  bool accept_assign_op(AssignOp& op);
  ExprId check_place(ExprId place);
  Name expect_quoted(std::string_view what);
  [[nodiscard]] bool continues_place(const Token& token) const;
  [[nodiscard]] bool at_walrus() const;
  [[nodiscard]] bool is_call(ExprId id) const;

  // Expressions and types (parser_expr.cpp).
  ExprId parse_expr() { return parse_chain(0); }
  ExprId parse_condition();
  ExprId parse_chain(int level);
  ExprId parse_prefix();
  ExprId parse_postfix();
  Link parse_link();
  ExprId parse_primary();
  ExprId parse_name();
  ExprId parse_parenthesised();
  ExprId parse_list();
  ExprId parse_map();
  ExprId parse_index();
  ExprId parse_literal(ExprKind kind);
  ExprId parse_self();
  Range parse_args();
  TypeExprId parse_type();
  TypeExpr parse_type_name();
  void close_type();
  [[nodiscard]] const OperatorInfo* chain_operator() const;
  [[nodiscard]] bool begins_expr(const Token& token) const;
  ExprId add(const Expr& expr);
  ExprId error_expr() { return add({.span = {here().span.begin, here().span.begin}}); }

  const Source& source_;
  Diagnostics& diagnostics_;
  Tree tree_;
  Names names_;
  Lexed lexed_;

  size_t at_ = 0;     // the token to be read next
  uint32_t end_ = 0;  // where the one before it ends
  int depth_ = 0;     // of nesting
  bool panic_ = false;
  bool too_deep_ = false;   // reported, once for all
  bool in_slices_ = false;  // a `step` where a statement might be begins the next slice

  std::vector<ExprId> pending_exprs_;
  std::vector<Operator> pending_ops_;
  std::vector<Link> pending_links_;
  std::vector<Arg> pending_args_;
  std::vector<StmtId> pending_stmts_;
  std::vector<Branch> pending_branches_;
};

// "{" { item } "}", with each item on a line of its own.
template <class ParseItem>
void Parser::parse_items(Body body, std::string_view after, ParseItem parse_item) {
  if (!at_body(after)) return;
  const Token& opener = advance(kBlockBrace);
  while (!at_end_of(body)) {
    panic_ = false;
    const size_t before = at_;
    mark(kOwnLine);
    parse_item();
    if (!panic_) continue;
    if (at_ == before) advance();
    body == Body::kDomain ? skip_to_member() : skip_to_item();
    while (accept(TokenKind::kSemicolon)) continue;
  }
  close_block(opener);
}

}  // namespace lexum
