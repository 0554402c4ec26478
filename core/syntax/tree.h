// The syntax tree of one program: data in arrays, joined by typed ids. It knows none of its readers; checker and twin
// keep what they learn beside it. It mirrors the text: no names are resolved, nothing is folded, and both spellings of a
// thing (`send A M` and `send("A", "M")`) give the same nodes.
//
// After errors the tree is still well formed: a place that made no sense holds an Expr or Stmt of kind kError, and
// readers skip it without a word, since the parser has already spoken.
#pragma once

#include <cstdint>
#include <string>
#include <span>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "syntax/source.h"

namespace lexum {

using NameId = Id<struct NameTag>;  // an interned identifier, or the decoded text of a string literal
using ExprId = Id<struct ExprTag>;
using StmtId = Id<struct StmtTag>;
using TypeExprId = Id<struct TypeExprTag>;

// An identifier where it stands.
struct Name {
  NameId id{};
  Span span{};
  explicit operator bool() const { return static_cast<bool>(id); }
};

// ---------------------------------------------------------------------------------------------------------- types

enum class TypeExprKind : uint8_t { kError, kNamed /* int, bool, string, or a record's name */, kList, kMap };

struct TypeExpr {
  TypeExprKind kind = TypeExprKind::kError;
  bool optional = false;  // T?
  Span span{};
  Name name{};              // kNamed
  TypeExprId key{};         // kMap
  TypeExprId element{};     // kList, kMap (its values)
};

// ---------------------------------------------------------------------------------------------------- expressions

enum class ExprKind : uint8_t {
  kError,
  kInt,      // integer
  kString,   // name: its decoded text
  kTrue,
  kFalse,
  kNull,
  kName,     // name
  kState,    // state.name
  kSelf,     // self.name
  kList,     // items: the elements
  kMap,      // items: key, value, key, value …
  kCall,     // name(args): a function, a built-in or a record
  kChain,    // a flat run of operators of one level: items are the operands, ops[i] stands between items i and i+1
             // (left to right; `??` to the right). Comparisons and `matches` are chains of exactly two operands.
  kPrefix,   // ops[0] items[0]
  kPostfix,  // items[0] and then every one of `links`, left to right
};

enum class Operator : uint8_t {
  kElse,  // ??
  kOr, kAnd,
  kEqual, kUnequal, kLess, kLessEqual, kGreater, kGreaterEqual, kMatches,
  kAdd, kSubtract,
  kMultiply, kDivide, kRemainder,
  kNot, kNegate,
};
std::string_view spelling(Operator op);

struct Arg {
  Name name{};  // none if it stands by position
  ExprId value{};
};

enum class LinkKind : uint8_t { kMember /* .name */, kMethod /* .name(args) */, kIndex /* [index] */ };

struct Link {
  LinkKind kind;
  Span span{};     // from its dot or bracket
  Name name{};
  ExprId index{};
  Range args{};    // into Tree::args
};

struct Expr {
  ExprKind kind = ExprKind::kError;
  Span span{};           // parentheses around it included in the parent's span only
  Name name{};
  int64_t integer = 0;
  Range items{};         // into Tree::expr_lists
  Range ops{};           // into Tree::ops
  Range links{};         // into Tree::links
  Range args{};          // into Tree::args
};

// ----------------------------------------------------------------------------------------------------- statements

// { stmt … }. Bodies of branches and loops too.
struct Block {
  Range stmts{};  // into Tree::stmt_lists
  Span span{};    // braces included
};

enum class StmtKind : uint8_t {
  kError,
  kAssign,     // place op value
  kLet,        // let name [: type] = value
  kIf,         // branches, the last of which has no condition if there is an `else`
  kFor,        // for name [, second] in value [.. until] body
  kSend,       // send target [key] message args
  kBroadcast,  // emit Broadcast(Event::message args)
  kEffect,     // emit target.message args
  kAssert,     // assert value [, until]
  kLog,        // log value
  kReturn,     // return [value]
  kRetire,
  kCall,       // value is an expression that stands alone
};

enum class AssignOp : uint8_t { kSet, kAdd, kSubtract };

struct Branch {
  ExprId condition{};  // none: else
  Block body{};
};

struct Stmt {
  StmtKind kind = StmtKind::kError;
  AssignOp assign = AssignOp::kSet;
  Span span{};
  ExprId place{};      // kAssign: a kName, kState, or a kPostfix of members and indices upon one
  ExprId value{};
  ExprId until{};      // kFor: the end of a range; kAssert: the message
  Name name{};         // kLet, kFor: the variable
  Name second{};       // kFor: the second variable
  TypeExprId type{};   // kLet
  Name target{};       // kSend: the domain; kEffect: the adapter
  ExprId key{};        // kSend: the instance's key
  Name message{};      // kSend: handler or transition; kBroadcast: the event; kEffect: the operation
  Range args{};        // into Tree::args
  Range branches{};    // kIf: into Tree::branches
  Block body{};        // kFor
};

// --------------------------------------------------------------------------------------------------- declarations

struct AnnotationArg {
  bool is_int = false;
  int64_t integer = 0;
  Name name;
};
struct Annotation {
  Name name;
  Span span;
  std::vector<AnnotationArg> args;
};

struct Capability {
  Name name{};       // messaging, send_to, or an adapter
  Name operation{};  // after a dot
  Name subject{};    // after a colon
  Span span{};
};
struct CapabilityBlock {
  Span span;
  std::vector<Capability> items;
};

struct FieldDecl {
  Name name{};
  TypeExprId type{};
  ExprId initial{};  // none: the type's zero
  Span span{};       // without what separates it from the next
};

struct Param {
  Name name{};
  TypeExprId type{};  // none: left out
};

struct InvariantDecl {
  Name name;
  ExprId condition;
  Span span;
};

struct GoalDecl {
  Name name;            // for `goal expr`: its tokens joined by one blank, at the expression's span
  Span span;
  ExprId predicate;
  bool anonymous = false;
  bool has_priority = false;
  Name level;           // priority high; none if `priority_value` holds
  int64_t priority_value = 0;
  Span priority_span;
  bool has_strategy = false;
  std::vector<Name> strategy;
  bool has_terminate = false;
  bool terminate_never = false;
  int64_t terminate_after = 0;
  Span terminate_span;
  Name terminate_else;
};

enum class TriggerKind : uint8_t { kMessage, kEvent, kDone, kFailed };

struct HandlerDecl {
  std::vector<Annotation> annotations;
  TriggerKind trigger = TriggerKind::kMessage;
  Name adapter;               // kDone, kFailed
  Name name;                  // the message, the event, or the operation
  bool has_params = false;
  std::vector<Param> params;
  Block body;
  Span span;                  // of its head: `on` to the end of its parameters
};

struct SliceDecl {
  Name name;  // none: `step`
  Block body;
};

struct TransitionDecl {
  std::vector<Annotation> annotations;
  Name name;
  bool has_params = false;
  std::vector<Param> params;
  bool has_capability = false;
  CapabilityBlock capability;
  bool bare = false;              // its body is bare statements: one slice
  std::vector<SliceDecl> slices;  // at least one; an empty body is one empty bare slice
  Span span;                      // of its head
};

struct ScopeDecl {
  Name name;
};

struct DomainDecl {
  std::vector<Annotation> annotations;
  Name name;
  Span span;                         // of its head
  Name key;                          // none: one instance
  TypeExprId key_type;
  std::vector<ScopeDecl> scopes;
  std::vector<CapabilityBlock> capabilities;
  std::vector<FieldDecl> fields;     // all its state blocks together
  std::vector<InvariantDecl> invariants;
  std::vector<GoalDecl> goals;
  std::vector<HandlerDecl> handlers;
  std::vector<TransitionDecl> transitions;
};

struct RecordDecl {
  Name name;
  std::vector<FieldDecl> fields;
};

struct EffectDecl {
  Name adapter;
  Name operation;
  std::vector<Param> params;
};

struct FunctionDecl {
  Name name;
  std::vector<Param> params;
  TypeExprId result;
  Block body;
};

struct Setting {
  Name name{};
  ExprId value{};
};

struct EnvironmentDecl {
  Name name;
  std::vector<ScopeDecl> scopes;
  std::vector<CapabilityBlock> capabilities;
  std::vector<Setting> settings;
};

struct StartDecl {
  Name domain;
  ExprId key;  // none: the single instance
  std::vector<Setting> settings;
  Span span;
};

struct SystemDecl {
  Name name;
  std::vector<StartDecl> starts;
};

struct DeployDecl {
  Name service;
  Name environment;
};

// A declaration or a member of a domain as a piece of text: what somebody would take out to put
// another one there.
struct Part {
  Span span{};     // from its first annotation to its end
  Span keyword{};  // `transition`
  Span name{};     // what the keyword is about, `Infra.Create::Done`; empty of a `state`
  bool of_domain = false;
};

struct Tree {
  // ids point into these
  std::vector<std::string> names;
  std::vector<Expr> exprs;
  std::vector<Stmt> stmts;
  std::vector<TypeExpr> type_exprs;

  // ranges point into these
  std::vector<ExprId> expr_lists;
  std::vector<StmtId> stmt_lists;
  std::vector<Operator> ops;
  std::vector<Link> links;
  std::vector<Arg> args;
  std::vector<Branch> branches;

  // what the file declares, each in the order written
  std::vector<DomainDecl> domains;
  std::vector<RecordDecl> records;
  std::vector<EffectDecl> effects;
  std::vector<FunctionDecl> functions;
  std::vector<EnvironmentDecl> environments;
  std::vector<SystemDecl> systems;
  std::vector<DeployDecl> deploys;

  std::vector<Part> parts;  // all of them, in the order of their ends

  [[nodiscard]] const std::string& text(NameId id) const { return names[id.index()]; }
  [[nodiscard]] const std::string& text(const Name& name) const { return names[name.id.index()]; }
  const Expr& operator[](ExprId id) const { return exprs[id.index()]; }
  const Stmt& operator[](StmtId id) const { return stmts[id.index()]; }
  const TypeExpr& operator[](TypeExprId id) const { return type_exprs[id.index()]; }

  [[nodiscard]] std::span<const ExprId> items(const Expr& e) const { return cut(expr_lists, e.items); }
  [[nodiscard]] std::span<const Operator> operators(const Expr& e) const { return cut(ops, e.ops); }
  [[nodiscard]] std::span<const Link> links_of(const Expr& e) const { return cut(links, e.links); }
  [[nodiscard]] std::span<const Arg> args_of(Range range) const { return cut(args, range); }
  [[nodiscard]] std::span<const StmtId> stmts_of(const Block& b) const { return cut(stmt_lists, b.stmts); }
  [[nodiscard]] std::span<const Branch> branches_of(const Stmt& s) const { return cut(branches, s.branches); }

 private:
  template <class T>
  static std::span<const T> cut(const std::vector<T>& all, Range range) {
    return std::span(all).subspan(range.first, range.count);
  }
};

}  // namespace lexum
