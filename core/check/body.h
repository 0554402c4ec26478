// Checks one body and lowers it in the same pass: an expression becomes a term and a type, a
// statement a term. A body is a routine's slices, a function, a condition (predicate or invariant),
// or a start value; what may stand in it depends on which. What makes no sense is reported once and
// becomes a term of the type kError, which nobody runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/authority.h"
#include "check/context.h"
#include "check/methods.h"
#include "check/narrowing.h"

namespace lexum {

enum class Purpose : uint8_t {
  kRoutine,
  kFunction,   // sees its arguments and nothing else
  kCondition,  // reads fields and changes nothing
  kConstant,   // sees no names at all
};

// An expression that has been lowered.
struct TypedTerm {
  TermId term;
  TypeId type;
  PathId path = {};       // where it stands, if it can be narrowed
  bool narrowed = false;  // its declared type is `type?`
};

class Body {
 public:
  // `domain` is none for functions and constants. The context must outlive the body.
  Body(Context& context, Purpose purpose, DomainId domain = {});
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body();

  // Before anything else.
  void declare_parameters(std::span<const Param> params, std::span<const Parameter> types);
  void stand_under(const Authorities& authorities) { authorities_ = &authorities; }

  // A condition: a bool. `what` names the place in a message: "a predicate".
  TermId condition(ExprId id, std::string_view what);
  // A start value. With an unknown `wanted` any type will do.
  TermId constant(ExprId id, TypeId wanted, std::string_view what);
  // A slice's body; fills body, reads, writes and guards.
  void slice(const Block& block, Slice& slice);
  // A function's body; every path must return.
  void function(const FunctionDecl& decl, Function& function);

  // What has been touched, and how many locals were alive at once, so far.
  [[nodiscard]] FieldMask reads() const { return reads_; }
  [[nodiscard]] uint32_t locals_max() const { return slots_max_; }
  // By slot, of what was declared there last.
  [[nodiscard]] std::vector<TypeId> take_local_types() { return std::move(local_types_); }

 private:
  enum class LocalKind : uint8_t { kParameter, kLoop, kLet };
  struct Local {
    Name name;
    TypeId type;
    uint32_t slot = 0;
    LocalKind kind = LocalKind::kLet;
  };
  // Locals that are declared while it lives go when it goes.
  class Scope {
   public:
    explicit Scope(Body& body) : body_(body), locals_(body.locals_.size()), slots_(body.slots_) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { body_.forget_locals(locals_, slots_); }

   private:
    Body& body_;
    size_t locals_;
    uint32_t slots_;
  };
  // A statement: its term, and whether every path through it returns.
  struct Flow {
    TermId term;
    bool returns = false;
  };
  struct Place {
    PlaceTerm term;
    PathId path = {};  // up to the first subscript
    bool subscripted = false;
    bool good = false;
  };
  // What is called with arguments.
  struct Callee {
    std::string what;  // "function `f`"
    std::span<const Parameter> params;
    Span span;  // of the call
    bool named_only = false;
    bool may_leave_out = false;  // arguments that are not given stay none
  };

  // Names and locals (body.cpp).
  uint32_t declare_local(Name name, TypeId type, LocalKind kind);
  uint32_t take_slots(uint32_t count);
  void forget_locals(size_t locals, uint32_t slots);
  [[nodiscard]] const Local* find_local(Name name) const;
  [[nodiscard]] uint32_t find_field(Name name) const;
  TypedTerm unknown_name(Name name, bool of_state);
  TypedTerm error(Span span);
  TypedTerm narrow(TypedTerm value);
  [[nodiscard]] TypeKind kind_of(TypeId type) const { return context_.types[type].kind; }
  [[nodiscard]] bool is(TypeId type, TypeKind kind) const {
    return kind_of(type) == kind && !context_.types[type].optional;
  }
  [[nodiscard]] bool broken(TypeId type) const { return kind_of(type) == TypeKind::kError; }

  // Expressions (expressions.cpp). `depth` is Term::depth; `wanted` is a hint for what has no type
  // of its own.
  TypedTerm expression(ExprId id, size_t depth, TypeId wanted = {});
  TermId expect(ExprId id, size_t depth, TypeId wanted, std::string_view what);
  TermId settled(ExprId id, size_t depth, TypeId& type);
  TypedTerm name(const Expr& expr, size_t depth);
  TypedTerm field(const Expr& expr, size_t depth);
  TypedTerm self(const Expr& expr, size_t depth);
  TypedTerm list_literal(const Expr& expr, size_t depth, TypeId wanted);
  TypedTerm map_literal(const Expr& expr, size_t depth, TypeId wanted);
  void meet(ExprId id, size_t depth, TypeId& common, std::vector<TermId>& terms,
            std::string_view what);

  // Operators (operators.cpp).
  TypedTerm chain(const Expr& expr, size_t depth, TypeId wanted);
  TypedTerm prefix(const Expr& expr, size_t depth);
  TypedTerm logic(const Expr& expr, size_t depth);
  TypedTerm arithmetic(const Expr& expr, size_t depth);
  TypedTerm concat(const Expr& expr, size_t depth, TypedTerm first);
  TermId operand(TypedTerm& value, ExprId id, TypeId wanted, Operator op);
  TypedTerm comparison(const Expr& expr, size_t depth);
  TypedTerm equality(const Expr& expr, size_t depth, TypedTerm left, TypedTerm right);
  TypedTerm matches(const Expr& expr, size_t depth);
  TypedTerm coalesce(const Expr& expr, size_t depth, TypeId wanted);
  Facts facts_when(ExprId condition, bool truth);
  void add_fact(Facts& facts, ExprId compared);
  TypedTerm place_of(ExprId id);

  // What stands behind dots and brackets (postfix.cpp).
  TypedTerm postfix(const Expr& expr, size_t depth);
  TypedTerm link(TypedTerm receiver, const Link& link, Span span, size_t depth);
  uint32_t find_member(uint32_t shape, Name name);
  TypedTerm member(TypedTerm receiver, const Link& link, Span span, size_t depth);
  TypedTerm element(TypedTerm receiver, const Link& link, Span span, size_t depth);
  TypedTerm method(TypedTerm receiver, const MethodInfo& info, const Link& link, Span span,
                   size_t depth);
  TypeId type_of(MethodRole role, TypeId receiver);
  std::vector<TermId> take(const MethodInfo& info, std::vector<TermId> terms, TypeId receiver,
                           Range args, Span span, size_t depth);
  bool check_not_null(TypeId type, Span span);
  bool check_settled(TypeId type, Span span);
  bool names_domain(const Expr& base, std::span<const Link> links);

  // Places (places.cpp).
  Place place(ExprId id, size_t depth);
  Place place(const Expr& base, std::span<const Link> links, size_t depth);
  bool extend(Place& place, const Link& link, Span before, size_t depth);
  TypedTerm pop(const Expr& expr, size_t links, size_t depth);

  // Calls (calls.cpp).
  TypedTerm call(const Expr& expr, size_t depth);
  TypedTerm built_in(const MethodInfo& info, const Expr& expr, size_t depth);
  TypedTerm construct(RecordId record, const Expr& expr, size_t depth);
  TypedTerm unknown_call(const Expr& expr, size_t depth);
  std::vector<TermId> bind(const Callee& callee, Range args, size_t depth);
  std::vector<uint32_t> match(const Callee& callee, std::span<const Arg> args);
  void stage_arguments(std::vector<TermId>& terms, const std::vector<uint32_t>& goals,
                       std::vector<TermId> written, uint32_t stage, size_t depth);
  [[nodiscard]] std::string parameters_text(std::span<const Parameter> params) const;
  void check_loose(Range args, size_t depth);

  // Statements (statements.cpp).
  Flow block(const Block& block);
  Flow statement(const Stmt& stmt);
  TermId assign(const Stmt& stmt);
  bool check_addable(const Stmt& stmt, TypeId type);
  TermId let(const Stmt& stmt);
  Flow branches(const Stmt& stmt);
  TermId loop(const Stmt& stmt);
  bool check_iterable(TypeId type, Span span);
  void drop_assigned(const Block& block);
  TermId returned(const Stmt& stmt);
  TermId retire(const Stmt& stmt);
  TermId report_to_people(const Stmt& stmt);
  void refuse_in_function(Span span, const std::string& what);

  // Sends, broadcasts and effects (emissions.cpp).
  TermId send(const Stmt& stmt);
  TermId broadcast(const Stmt& stmt);
  TermId effect(const Stmt& stmt);
  TermId emit(const Stmt& stmt, Emission emission, std::vector<TermId> terms);
  bool refuse_emission(const Stmt& stmt);

  RoutineIndex find_message(DomainId receiver, Name message);
  std::vector<TermId> free_arguments(const Stmt& stmt, const std::string& what,
                                     std::vector<Parameter>& params, bool settle);

  Context& context_;
  const Purpose purpose_;
  const DomainId domain_;
  const Authorities* authorities_ = nullptr;
  TypeId result_;  // of a function

  std::vector<Local> locals_;  // alive, innermost last
  uint32_t slots_ = 0;         // alive
  uint32_t slots_max_ = 0;
  std::vector<TypeId> local_types_;
  Paths paths_;
  Facts facts_;
  FieldMask reads_;
  FieldMask writes_;
};

}  // namespace lexum
