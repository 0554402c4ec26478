// Statements. Each becomes one term, since the gas of a slice is counted by them.
#include <optional>

#include "check/body.h"
#include "check/typing.h"

namespace lexum {

Body::Flow Body::block(const Block& block) {
  const Scope scope(*this);
  std::vector<TermId> terms;
  bool returns = false;
  for (const StmtId id : context_.tree.stmts_of(block)) {
    const Flow flow = statement(context_.tree[id]);
    if (flow.term) terms.push_back(flow.term);
    returns = returns || flow.returns;
  }
  const auto count = static_cast<uint32_t>(terms.size());
  return {.term = context_.term(Op::kBlock, 0, block.span, context_.list(terms), count),
          .returns = returns};
}

Body::Flow Body::statement(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::kError:
      return {};
    case StmtKind::kAssign:
      return {.term = assign(stmt)};
    case StmtKind::kLet:
      return {.term = let(stmt)};
    case StmtKind::kIf:
      return branches(stmt);
    case StmtKind::kFor:
      return {.term = loop(stmt)};
    case StmtKind::kSend:
      return {.term = send(stmt)};
    case StmtKind::kBroadcast:
      return {.term = broadcast(stmt)};
    case StmtKind::kEffect:
      return {.term = effect(stmt)};
    case StmtKind::kAssert:
    case StmtKind::kLog:
      return {.term = report_to_people(stmt)};
    case StmtKind::kReturn:
      return {.term = returned(stmt), .returns = true};
    case StmtKind::kRetire:
      return {.term = retire(stmt)};
    case StmtKind::kCall: {
      const TermId value = expression(stmt.value, 1).term;
      return {.term = context_.term(Op::kEvaluate, 0, stmt.span, value.value)};
    }
  }
  return {};
}

TermId Body::assign(const Stmt& stmt) {
  Place target = place(stmt.place, 1);
  if (!target.good) {
    if (stmt.value) expression(stmt.value, 1);
    return {};
  }
  const bool adds = stmt.assign != AssignOp::kSet;
  const bool plain = target.term.steps.empty();
  TypeId type = target.term.type;
  if (adds) {
    type = narrow({.term = {}, .type = type, .path = target.subscripted ? PathId() : target.path})
               .type;
    if (!check_addable(stmt, type)) return {};
    if (!target.term.local) reads_.add(target.term.slot);
  }
  const TermId value = expect(stmt.value, 1, type, context_.quoted(context_.tree[stmt.place].span));
  if (!target.subscripted) facts_.drop(target.path, paths_);
  const uint32_t slot = target.term.slot;
  if (plain && !adds) {
    const Op op = target.term.local ? Op::kSetLocal : Op::kSetField;
    return context_.term(op, 0, stmt.span, slot, value.value);
  }
  if (plain && !target.term.local && is(type, TypeKind::kInt)) {
    const Op op = stmt.assign == AssignOp::kAdd ? Op::kAddField : Op::kSubtractField;
    return context_.term(op, 0, stmt.span, slot, value.value);
  }
  context_.program.places.push_back(std::move(target.term));
  const auto index = static_cast<uint32_t>(context_.program.places.size() - 1);
  return context_.term(Op::kAssign, 0, stmt.span, index, value.value,
                       static_cast<uint32_t>(stmt.assign));
}

// Whether += or -= goes with what stands at the place; else reported.
bool Body::check_addable(const Stmt& stmt, TypeId type) {
  const Span span = context_.tree[stmt.place].span;
  const bool add = stmt.assign == AssignOp::kAdd;
  if (!check_not_null(type, span)) return false;
  if (is(type, TypeKind::kInt) || (add && is(type, TypeKind::kText))) return true;
  const std::string text(context_.program.source.text(span));
  std::string help = "write it out: " + text + " = …";
  if (kind_of(type) == TypeKind::kList && add)
    help = "a list grows by .add: " + text + " = " + text + ".add(…)";
  context_.report(Code::kBadOperands, span,
                  (add ? "`+=` adds to an int or joins to a string, and this is "
                       : "`-=` takes from an int, and this is ") +
                      context_.quoted(type),
                  help);
  return false;
}

TermId Body::let(const Stmt& stmt) {
  TypeId type;
  TermId value;
  if (stmt.type) {
    type = resolve(context_, stmt.type);
    value = expect(stmt.value, 1, type, context_.quoted(stmt.name));
  } else if (stmt.value) {
    value = settled(stmt.value, 1, type);
  } else {
    return {};
  }
  const uint32_t slot = declare_local(stmt.name, type, LocalKind::kLet);
  return context_.term(Op::kSetLocal, 0, stmt.span, slot, value.value);
}

// Behind it holds what holds at the end of every branch that gets there.
Body::Flow Body::branches(const Stmt& stmt) {
  std::vector<TermId> terms;
  std::optional<Facts> after;
  const auto arrive = [&](const Facts& facts) {
    if (after) {
      after->keep_common(facts);
    } else {
      after = facts;
    }
  };
  bool exhaustive = false;
  for (const Branch& branch : context_.tree.branches_of(stmt)) {
    Facts otherwise;
    if (branch.condition) {
      terms.push_back(condition(branch.condition, "the condition of an `if`"));
      otherwise = facts_;
      otherwise.add(facts_when(branch.condition, false));
      facts_.add(facts_when(branch.condition, true));
    } else {
      exhaustive = true;
    }
    const Flow flow = block(branch.body);
    terms.push_back(flow.term);
    if (!flow.returns) arrive(facts_);
    facts_ = std::move(otherwise);
  }
  if (!exhaustive) arrive(facts_);
  const bool returns = !after;
  if (after) facts_ = std::move(*after);
  const auto count = static_cast<uint32_t>(terms.size());
  return {.term = context_.term(Op::kIf, 0, stmt.span, context_.list(terms), count),
          .returns = returns};
}

// -------------------------------------------------------------------------------------- loops

TermId Body::loop(const Stmt& stmt) {
  const Scope scope(*this);
  if (!stmt.value) return {};
  const bool range = static_cast<bool>(stmt.until);
  const TypeId int_type = Types::of(TypeKind::kInt);
  TypeId over = int_type;
  std::vector<TermId> terms;
  if (range) {
    terms = {expect(stmt.value, 1, int_type, "the begin of a range"),
             expect(stmt.until, 1, int_type, "the end of a range")};
  } else {
    terms = {settled(stmt.value, 1, over)};
    if (!check_iterable(over, context_.tree[stmt.value].span)) over = Types::of(TypeKind::kError);
  }
  if (range && stmt.second) {
    context_.report(Code::kNotIterable, stmt.second.span, "a range gives one variable",
                    "for i in a..b { … }");
  }
  const Type type = context_.types[over];
  const bool map = type.kind == TypeKind::kMap;
  // What the loop counts or keys by, and what it finds there.
  const TypeId outer = range || type.kind == TypeKind::kList ? int_type : map ? type.key : over;
  const TypeId inner = range || type.kind == TypeKind::kError ? over : type.element;
  const TypeId first = stmt.second || map || range ? outer : inner;
  const uint32_t slot = declare_local(stmt.name, first, LocalKind::kLoop);
  const uint32_t second = stmt.second ? declare_local(stmt.second, inner, LocalKind::kLoop) : 0;
  drop_assigned(stmt.body);
  const Facts before = facts_;
  terms.push_back(block(stmt.body).term);
  facts_ = before;
  const uint32_t list = context_.list(terms);
  if (range) return context_.term(Op::kForRange, 0, stmt.span, list, 0, slot);
  if (map)
    return context_.term(Op::kForMap, 0, stmt.span, list, stmt.second ? second + 1 : 0, slot);
  return context_.term(Op::kForList, 0, stmt.span, list, stmt.second ? slot + 1 : 0,
                       stmt.second ? second : slot);
}

bool Body::check_iterable(TypeId type, Span span) {
  const TypeKind kind = kind_of(type);
  if (kind == TypeKind::kError) return false;
  if (kind == TypeKind::kList || kind == TypeKind::kMap) return check_not_null(type, span);
  std::string help;
  if (kind == TypeKind::kInt)
    help = "for i in 0.." + std::string(context_.program.source.text(span)) + " { … }";
  if (kind == TypeKind::kText) help = ".split(\"\") makes a list of its characters";
  context_.report(Code::kNotIterable, span,
                  "a loop goes over a list, a map or a range, and this is " + context_.quoted(type),
                  help);
  return false;
}

// A later turn begins where an earlier one may have assigned, so nothing is known about that.
void Body::drop_assigned(const Block& block) {
  if (facts_.empty()) return;
  for (const StmtId id : context_.tree.stmts_of(block)) {
    const Stmt& stmt = context_.tree[id];
    if (stmt.kind == StmtKind::kAssign && stmt.place) {
      if (const PathId path = place_of(stmt.place).path) facts_.drop(path, paths_);
    }
    if (stmt.kind == StmtKind::kFor) drop_assigned(stmt.body);
    for (const Branch& branch : context_.tree.branches_of(stmt)) drop_assigned(branch.body);
  }
}

// ------------------------------------------------------------------------------ the other ones

TermId Body::returned(const Stmt& stmt) {
  TermId value;
  if (purpose_ == Purpose::kFunction && stmt.value) {
    value = expect(stmt.value, 1, result_, "the result");
  } else if (purpose_ == Purpose::kFunction) {
    context_.report(Code::kBadReturn, stmt.span, "`return` gives no value here",
                    "the function promises " + context_.quoted(result_));
  } else if (stmt.value) {
    context_.report(Code::kBadReturn, context_.tree[stmt.value].span, "only a `fn` returns a value",
                    "write `return` alone, which ends the transition; answers are sent");
  }
  return context_.term(Op::kReturn, 0, stmt.span, value.value);
}

TermId Body::retire(const Stmt& stmt) {
  if (purpose_ == Purpose::kFunction) {
    refuse_in_function(stmt.span, "`retire`");
  } else if (!context_.program[domain_].keyed) {
    context_.report(
        Code::kRetireSingle, stmt.span,
        "`" + context_.program[domain_].name + "` has one instance, for good",
        "only a domain with a key retires: domain " + context_.program[domain_].name + "[id: int]");
  }
  return context_.term(Op::kRetire, 0, stmt.span);
}

// `assert` and `log`.
TermId Body::report_to_people(const Stmt& stmt) {
  const bool is_assert = stmt.kind == StmtKind::kAssert;
  if (purpose_ == Purpose::kFunction)
    refuse_in_function(stmt.span, is_assert ? "`assert`" : "`log`");
  if (!stmt.value) return {};
  if (!is_assert) {
    const TypedTerm value = expression(stmt.value, 1);
    return context_.term(Op::kLog, 0, stmt.span, value.term.value, value.type.value);
  }
  const TermId condition = this->condition(stmt.value, "what is asserted");
  TermId message;
  if (stmt.until)
    message = expect(stmt.until, 1, Types::of(TypeKind::kText), "the message of an `assert`");
  return context_.term(Op::kAssert, 0, stmt.span, condition.value, message.value);
}

void Body::refuse_in_function(Span span, const std::string& what) {
  context_.report(Code::kNotAllowedHere, span, what + " has no place in a `fn`",
                  "a fn is pure: return what the caller needs, and do it there");
}

}  // namespace lexum
