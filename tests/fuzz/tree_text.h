// A syntax tree as text, one declaration a line: what tests compare. Two trees have the same text
// exactly when they differ in nothing but places. Chains stand in parentheses, so that it shows how
// operators bind.
#pragma once

#include <string>
#include <string_view>

#include "syntax/tree.h"

namespace lexum {

class TreeText {
 public:
  explicit TreeText(const Tree& tree) : tree_(tree) {}

  std::string program();
  std::string expr(ExprId id) {
    add_expr(id);
    return std::move(out_);
  }
  std::string stmt(StmtId id) {
    add_stmt(id);
    return std::move(out_);
  }

 private:
  template <class... Parts>
  void add(const Parts&... parts) {
    (out_.append(parts), ...);
  }
  void add_name(const Name& name) { add(name ? tree_.text(name) : "?"); }
  void add_names(std::string_view before, const std::vector<Name>& names) {
    for (const Name& name : names) add(before, tree_.text(name));
  }
  void add_int(int64_t value) { add(std::to_string(value)); }
  void add_string(std::string_view text) {
    add("\"");
    for (const char c : text) add(c == '"' || c == '\\' ? "\\" : "", std::string(1, c));
    add("\"");
  }
  void add_expr(ExprId id);
  void add_items(std::string_view open, const Expr& expr, std::string_view close);
  void add_chain(const Expr& expr);
  void add_postfix(const Expr& expr);
  void add_args(Range args);
  void add_type(TypeExprId id);
  void add_stmt(StmtId id);
  void add_if(const Stmt& stmt);
  void add_for(const Stmt& stmt);
  void add_assign(const Stmt& stmt);
  void add_send(const Stmt& stmt);
  void add_block(const Block& block);
  void add_annotations(const std::vector<Annotation>& annotations);
  void add_fields(const std::vector<FieldDecl>& fields);
  void add_params(const std::vector<Param>& params);
  void add_settings(const std::vector<Setting>& settings);
  void add_capability(const CapabilityBlock& block);
  void add_domain(const DomainDecl& domain);
  void add_goal(const GoalDecl& goal);
  void add_handler(const HandlerDecl& handler);
  void add_transition(const TransitionDecl& transition);

  const Tree& tree_;
  std::string out_;
};

inline std::string tree_text(const Tree& tree) { return TreeText(tree).program(); }

// ------------------------------------------------------------------------------------- expressions

inline void TreeText::add_expr(ExprId id) {
  const Expr& expr = tree_[id];
  switch (expr.kind) {
    case ExprKind::kError:
      return add("<error>");
    case ExprKind::kInt:
      return add_int(expr.integer);
    case ExprKind::kString:
      return add_string(tree_.text(expr.name));
    case ExprKind::kTrue:
      return add("true");
    case ExprKind::kFalse:
      return add("false");
    case ExprKind::kNull:
      return add("null");
    case ExprKind::kName:
      return add_name(expr.name);
    case ExprKind::kState:
      return add("state.", tree_.text(expr.name));
    case ExprKind::kSelf:
      return add("self.", tree_.text(expr.name));
    case ExprKind::kList:
      return add_items("[", expr, "]");
    case ExprKind::kMap:
      return add_items("{", expr, "}");
    case ExprKind::kCall:
      add_name(expr.name);
      return add_args(expr.args);
    case ExprKind::kChain:
      return add_chain(expr);
    case ExprKind::kPrefix:
      add("(", spelling(tree_.operators(expr)[0]), " ");
      add_expr(tree_.items(expr)[0]);
      return add(")");
    case ExprKind::kPostfix:
      return add_postfix(expr);
  }
}

inline void TreeText::add_items(std::string_view open, const Expr& expr, std::string_view close) {
  add(open);
  for (std::string_view between = ""; const ExprId item : tree_.items(expr)) {
    add(between);
    add_expr(item);
    between = " ";
  }
  add(close);
}

inline void TreeText::add_chain(const Expr& expr) {
  add("(");
  for (size_t i = 0; i < tree_.items(expr).size(); ++i) {
    if (i > 0) add(" ", spelling(tree_.operators(expr)[i - 1]), " ");
    add_expr(tree_.items(expr)[i]);
  }
  add(")");
}

inline void TreeText::add_postfix(const Expr& expr) {
  add("(");
  add_expr(tree_.items(expr)[0]);
  for (const Link& link : tree_.links_of(expr)) {
    if (link.kind == LinkKind::kIndex) {
      add("[");
      add_expr(link.index);
      add("]");
    } else {
      add(".", tree_.text(link.name));
      if (link.kind == LinkKind::kMethod) add_args(link.args);
    }
  }
  add(")");
}

inline void TreeText::add_args(Range args) {
  add("(");
  for (std::string_view between = ""; const Arg& arg : tree_.args_of(args)) {
    add(between);
    if (arg.name) add(tree_.text(arg.name), ": ");
    add_expr(arg.value);
    between = ", ";
  }
  add(")");
}

inline void TreeText::add_type(TypeExprId id) {
  const TypeExpr& type = tree_[id];
  switch (type.kind) {
    case TypeExprKind::kError:
      add("<error>");
      break;
    case TypeExprKind::kNamed:
      add_name(type.name);
      break;
    case TypeExprKind::kList:
      add("list<");
      add_type(type.element);
      add(">");
      break;
    case TypeExprKind::kMap:
      add("map<");
      add_type(type.key);
      add(", ");
      add_type(type.element);
      add(">");
      break;
  }
  if (type.optional) add("?");
}

// -------------------------------------------------------------------------------------- statements

inline void TreeText::add_block(const Block& block) {
  add("{");
  for (const StmtId stmt : tree_.stmts_of(block)) {
    add(" ");
    add_stmt(stmt);
  }
  add(" }");
}

inline void TreeText::add_stmt(StmtId id) {
  const Stmt& stmt = tree_[id];
  const auto with_value = [&](std::string_view word) {
    add("(", word);
    for (const ExprId value : {stmt.value, stmt.until}) {
      if (!value) continue;
      add(" ");
      add_expr(value);
    }
    add(")");
  };
  switch (stmt.kind) {
    case StmtKind::kError:
      return add("<error>");
    case StmtKind::kAssign:
    case StmtKind::kLet:
      return add_assign(stmt);
    case StmtKind::kIf:
      return add_if(stmt);
    case StmtKind::kFor:
      return add_for(stmt);
    case StmtKind::kSend:
    case StmtKind::kBroadcast:
    case StmtKind::kEffect:
      return add_send(stmt);
    case StmtKind::kAssert:
      return with_value("assert");
    case StmtKind::kLog:
      return with_value("log");
    case StmtKind::kReturn:
      return with_value("return");
    case StmtKind::kRetire:
      return add("(retire)");
    case StmtKind::kCall:
      return with_value("call");
  }
}

inline void TreeText::add_assign(const Stmt& stmt) {
  if (stmt.kind == StmtKind::kLet) {
    add("(let ", tree_.text(stmt.name), " ");
    if (stmt.type) {
      add(": ");
      add_type(stmt.type);
      add(" ");
    }
  } else {
    add(stmt.assign == AssignOp::kSet ? "(= " : stmt.assign == AssignOp::kAdd ? "(+= " : "(-= ");
    add_expr(stmt.place);
    add(" ");
  }
  add_expr(stmt.value);
  add(")");
}

inline void TreeText::add_if(const Stmt& stmt) {
  add("(if");
  for (const Branch& branch : tree_.branches_of(stmt)) {
    add(" ");
    branch.condition ? add_expr(branch.condition) : add("else");
    add(" ");
    add_block(branch.body);
  }
  add(")");
}

inline void TreeText::add_for(const Stmt& stmt) {
  add("(for ", tree_.text(stmt.name));
  if (stmt.second) add(" ", tree_.text(stmt.second));
  add(" in ");
  add_expr(stmt.value);
  if (stmt.until) {
    add(" .. ");
    add_expr(stmt.until);
  }
  add(" ");
  add_block(stmt.body);
  add(")");
}

inline void TreeText::add_send(const Stmt& stmt) {
  if (stmt.kind == StmtKind::kBroadcast) {
    add("(broadcast ");
  } else {
    add(stmt.kind == StmtKind::kSend ? "(send " : "(emit ", tree_.text(stmt.target));
    if (stmt.key) {
      add("[");
      add_expr(stmt.key);
      add("]");
    }
    add(stmt.kind == StmtKind::kSend ? " " : ".");
  }
  add(tree_.text(stmt.message));
  add_args(stmt.args);
  add(")");
}

// ------------------------------------------------------------------------------------ declarations

inline void TreeText::add_annotations(const std::vector<Annotation>& annotations) {
  for (const Annotation& annotation : annotations) {
    add("@", tree_.text(annotation.name), "(");
    for (std::string_view between = ""; const AnnotationArg& arg : annotation.args) {
      add(between);
      arg.is_int ? add_int(arg.integer) : add_name(arg.name);
      between = ", ";
    }
    add(") ");
  }
}

inline void TreeText::add_fields(const std::vector<FieldDecl>& fields) {
  add("{");
  for (const FieldDecl& field : fields) {
    add(" (", tree_.text(field.name), " ");
    add_type(field.type);
    if (field.initial) {
      add(" ");
      add_expr(field.initial);
    }
    add(")");
  }
  add(" }");
}

inline void TreeText::add_params(const std::vector<Param>& params) {
  add("(");
  for (std::string_view between = ""; const Param& param : params) {
    add(between, tree_.text(param.name));
    if (param.type) {
      add(": ");
      add_type(param.type);
    }
    between = ", ";
  }
  add(")");
}

inline void TreeText::add_settings(const std::vector<Setting>& settings) {
  for (const Setting& setting : settings) {
    add(" (", tree_.text(setting.name), " ");
    add_expr(setting.value);
    add(")");
  }
}

inline void TreeText::add_capability(const CapabilityBlock& block) {
  add(" (capability");
  for (const Capability& item : block.items) {
    add(" ", tree_.text(item.name));
    if (item.operation) add(".", tree_.text(item.operation));
    if (item.subject) add(":", tree_.text(item.subject));
  }
  add(")");
}

inline void TreeText::add_goal(const GoalDecl& goal) {
  add(goal.anonymous ? " (goal anonymous " : " (goal ");
  goal.anonymous ? add_string(tree_.text(goal.name)) : add_name(goal.name);
  add(" ");
  add_expr(goal.predicate);
  if (goal.has_priority) {
    add(" (priority ");
    goal.level ? add_name(goal.level) : add_int(goal.priority_value);
    add(")");
  }
  if (goal.has_strategy) {
    add(" (strategy");
    add_names(" ", goal.strategy);
    add(")");
  }
  if (goal.has_terminate) {
    add(" (terminate_after ");
    goal.terminate_never ? add("never") : add_int(goal.terminate_after);
    if (goal.terminate_else) add(" else ", tree_.text(goal.terminate_else));
    add(")");
  }
  add(")");
}

inline void TreeText::add_handler(const HandlerDecl& handler) {
  static constexpr std::string_view kTriggers[] = {"", "Event::", "", ""};
  add(" (");
  add_annotations(handler.annotations);
  add("on ", kTriggers[static_cast<size_t>(handler.trigger)]);
  if (handler.adapter) add(tree_.text(handler.adapter), ".");
  add_name(handler.name);
  if (handler.trigger == TriggerKind::kDone) add("::Done");
  if (handler.trigger == TriggerKind::kFailed) add("::Failed");
  if (handler.has_params) add_params(handler.params);
  add(" ");
  add_block(handler.body);
  add(")");
}

inline void TreeText::add_transition(const TransitionDecl& transition) {
  add(" (");
  add_annotations(transition.annotations);
  add("transition ", tree_.text(transition.name));
  if (transition.has_params) add_params(transition.params);
  if (transition.has_capability) add_capability(transition.capability);
  for (const SliceDecl& slice : transition.slices) {
    add(transition.bare ? " bare " : slice.name ? " slice " : " step ");
    if (slice.name) add(tree_.text(slice.name), " ");
    add_block(slice.body);
  }
  add(")");
}

inline void TreeText::add_domain(const DomainDecl& domain) {
  add_annotations(domain.annotations);
  add("domain ", tree_.text(domain.name));
  if (domain.key) {
    add("[", tree_.text(domain.key), ": ");
    add_type(domain.key_type);
    add("]");
  }
  for (const ScopeDecl& scope : domain.scopes) add(" (scope ", tree_.text(scope.name), ")");
  for (const CapabilityBlock& block : domain.capabilities) add_capability(block);
  if (!domain.fields.empty()) {
    add(" (state ");
    add_fields(domain.fields);
    add(")");
  }
  for (const InvariantDecl& invariant : domain.invariants) {
    add(" (invariant ", tree_.text(invariant.name), " ");
    add_expr(invariant.condition);
    add(")");
  }
  for (const GoalDecl& goal : domain.goals) add_goal(goal);
  for (const HandlerDecl& handler : domain.handlers) add_handler(handler);
  for (const TransitionDecl& transition : domain.transitions) add_transition(transition);
  add("\n");
}

inline std::string TreeText::program() {
  for (const DomainDecl& domain : tree_.domains) add_domain(domain);
  for (const RecordDecl& record : tree_.records) {
    add("type ", tree_.text(record.name), " ");
    add_fields(record.fields);
    add("\n");
  }
  for (const EffectDecl& effect : tree_.effects) {
    add("effect ", tree_.text(effect.adapter), ".", tree_.text(effect.operation));
    add_params(effect.params);
    add("\n");
  }
  for (const FunctionDecl& function : tree_.functions) {
    add("fn ", tree_.text(function.name));
    add_params(function.params);
    add(": ");
    add_type(function.result);
    add(" ");
    add_block(function.body);
    add("\n");
  }
  for (const EnvironmentDecl& environment : tree_.environments) {
    add("environment ", tree_.text(environment.name));
    for (const ScopeDecl& scope : environment.scopes) add(" (scope ", tree_.text(scope.name), ")");
    for (const CapabilityBlock& block : environment.capabilities) add_capability(block);
    add_settings(environment.settings);
    add("\n");
  }
  for (const SystemDecl& system : tree_.systems) {
    add("system ", tree_.text(system.name));
    for (const StartDecl& start : system.starts) {
      add(" (start ", tree_.text(start.domain));
      if (start.key) {
        add("[");
        add_expr(start.key);
        add("]");
      }
      add_settings(start.settings);
      add(")");
    }
    add("\n");
  }
  for (const DeployDecl& deploy : tree_.deploys) {
    add("deploy ", tree_.text(deploy.service), " to ", tree_.text(deploy.environment), "\n");
  }
  return std::move(out_);
}

}  // namespace lexum
