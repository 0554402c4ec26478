#include "twin/interpreter.h"

#include <algorithm>

#include "base/check.h"

namespace lexum::twin {

std::string to_string(const InstanceName& name) {
  return name.key.kind == Kind::kNull ? name.domain : name.domain + "[" + literal(name.key) + "]";
}

std::string to_string(const Message& message) {
  return message.label + (message.args.empty() ? "" : literal(message.args));
}

Interpreter::Interpreter(const Tree& tree, Value self, std::optional<Values> fields, Values params)
    : tree_(tree), self_(std::move(self)), fields_(std::move(fields)), locals_(std::move(params)) {}

// --------------------------------------------------------------------------------------------------
// slices

namespace {

void limit_weights(const NamedValues& args) {
  for (const auto& [name, value] : args) {
    if (weight(value) > kWeightMax || parts(value) > kPartsMax) throw Fault{"F005"};
  }
}

// §12: F005 is measured at the end of a slice, for changed fields and sent arguments.
void limit_weights(const SliceEnd& end, const Values& before) {
  for (const auto& [name, value] : end.fields) {
    if (value != before.at(name)) limit_weights({{name, value}});
  }
  for (const Send& send : end.sends) limit_weights(send.message.args);
  for (const Intent& intent : end.intents) limit_weights(intent.args);
}

}  // namespace

SliceEnd Interpreter::run(const Block& body) {
  const Values before = *fields_;
  try {
    end_.returned = run_block(body) == Flow::kReturn;
    end_.fields = *fields_;
    limit_weights(end_, before);
    return end_;
  } catch (const Fault& fault) {
    return {.fault = fault.code, .fields = before};
  }
}

bool Interpreter::holds(ExprId condition) {
  try {
    return eval(condition).number != 0;
  } catch (const Fault&) {
    return false;
  }
}

Value Interpreter::constant(ExprId expr) { return eval(expr); }

Send Interpreter::outside(const Stmt& stmt) {
  return stmt.kind == StmtKind::kSend ? send(stmt) : broadcast(stmt);
}

// §3: zero values. §12: the zero of a record has its declared values.
Value Interpreter::zero(TypeExprId id) {
  const TypeExpr& type = tree_[id];
  if (type.optional) return {};
  if (type.kind == TypeExprKind::kList) return list({});
  if (type.kind == TypeExprKind::kMap) return {.kind = Kind::kMap};
  const std::string& name = tree_.text(type.name);
  if (name == "int") return integer(0);
  if (name == "bool") return boolean(false);
  if (name == "string") return string("");
  return record(*record_named(tree_, name), {});
}

// ----------------------------------------------------------------------------------------------
// statements

// §3: a `let` lives to the end of its block.
Interpreter::Flow Interpreter::run_block(const Block& block) {
  std::vector<std::string> lets;
  Flow flow = Flow::kOn;
  for (const StmtId id : tree_.stmts_of(block)) {
    if (tree_[id].kind == StmtKind::kLet) lets.push_back(tree_.text(tree_[id].name));
    flow = run_stmt(tree_[id]);
    if (flow == Flow::kReturn) break;
  }
  for (const std::string& name : lets) locals_.erase(name);
  return flow;
}

Interpreter::Flow Interpreter::run_stmt(const Stmt& stmt) {
  spend(1);
  switch (stmt.kind) {
    case StmtKind::kAssign:
      assign(stmt);
      break;
    case StmtKind::kLet: {
      Value value = eval(stmt.value);
      locals_[tree_.text(stmt.name)] = std::move(value);
      break;
    }
    case StmtKind::kIf:
      return run_if(stmt);
    case StmtKind::kFor:
      return run_for(stmt);
    case StmtKind::kSend:
      end_.sends.push_back(send(stmt));
      break;
    case StmtKind::kBroadcast:
      end_.sends.push_back(broadcast(stmt));
      break;
    case StmtKind::kEffect:
      end_.intents.push_back(intent(stmt));
      break;
    case StmtKind::kAssert:
      if (eval(stmt.value).number == 0) throw Fault{"F020"};
      break;
    case StmtKind::kLog:
    case StmtKind::kCall:
      eval(stmt.value);
      break;
    case StmtKind::kReturn:
      if (stmt.value) result_ = eval(stmt.value);
      return Flow::kReturn;
    case StmtKind::kRetire:
      end_.retired = true;
      break;
    case StmtKind::kError:
      LEXUM_CHECK(false);  // the tree has no errors
      break;
  }
  return Flow::kOn;
}

Interpreter::Flow Interpreter::run_if(const Stmt& stmt) {
  for (const Branch& branch : tree_.branches_of(stmt)) {
    if (!branch.condition || eval(branch.condition).number != 0) return run_block(branch.body);
  }
  return Flow::kOn;
}

Interpreter::Flow Interpreter::run_for(const Stmt& stmt) {
  const Value first = eval(stmt.value);
  if (stmt.until) {
    const Value until = eval(stmt.until);
    for (int64_t i = first.number; i < until.number; ++i) {
      if (run_turn(stmt, integer(i), {}) == Flow::kReturn) return Flow::kReturn;
    }
    return Flow::kOn;
  }
  // `for x in list` and `for k in map` differ in which side a single variable means.
  for (size_t i = 0; i < first.items.size(); ++i) {
    const bool map = first.kind == Kind::kMap;
    const Value key = map ? first.keys[i] : integer(static_cast<int64_t>(i));
    const Value& one = map ? key : first.items[i];
    if (run_turn(stmt, stmt.second ? key : one, first.items[i]) == Flow::kReturn) {
      return Flow::kReturn;
    }
  }
  return Flow::kOn;
}

Interpreter::Flow Interpreter::run_turn(const Stmt& stmt, const Value& first, const Value& second) {
  if (tree_.stmts_of(stmt.body).empty()) spend(1);  // §12: a turn of an empty body is a statement
  locals_[tree_.text(stmt.name)] = first;
  if (stmt.second) locals_[tree_.text(stmt.second)] = second;
  const Flow flow = run_block(stmt.body);
  locals_.erase(tree_.text(stmt.name));
  if (stmt.second) locals_.erase(tree_.text(stmt.second));
  return flow;
}

// §3: left to right, the place of an assignment first.
void Interpreter::assign(const Stmt& stmt) {
  const Expr& e = tree_[stmt.place];
  Place to = place(e, tree_.links_of(e).size());
  if (stmt.assign != AssignOp::kSet) {
    const Value old = reach(to, to.path.size());
    const Operator op = stmt.assign == AssignOp::kAdd ? Operator::kAdd : Operator::kSubtract;
    Value value = apply(op, old, eval(stmt.value), meter());
    reach(to, to.path.size()) = std::move(value);
    return;
  }
  Value value = eval(stmt.value);
  if (to.path.empty()) {
    *to.root = std::move(value);
    return;
  }
  Value& owner = reach(to, to.path.size() - 1);
  if (owner.kind == Kind::kMap) {
    put(owner, to.path.back(), std::move(value));
  } else {
    reach(to, to.path.size()) = std::move(value);
  }
}

// ------------------------------------------------------------------------------------ what a slice
// wants done

Send Interpreter::send(const Stmt& stmt) {
  Send send;
  send.to.domain = tree_.text(stmt.target);
  if (stmt.key) send.to.key = eval(stmt.key);
  send.message.label = tree_.text(stmt.message);
  const DomainDecl& domain = domain_named(tree_, send.to.domain);
  send.message.args = bind(procedure(tree_, domain, send.message.label)->params, stmt.args);
  return send;
}

Send Interpreter::broadcast(const Stmt& stmt) {
  Send send{.broadcast = true};
  send.message.label = "Event::" + tree_.text(stmt.message);
  send.message.args = bind(event_params(tree_, send.message.label), stmt.args);
  return send;
}

Intent Interpreter::intent(const Stmt& stmt) {
  Intent intent{tree_.text(stmt.target), tree_.text(stmt.message), {}};
  std::vector<Param> params;
  for (const EffectDecl& effect : tree_.effects) {
    if (tree_.text(effect.adapter) == intent.adapter &&
        tree_.text(effect.operation) == intent.operation) {
      params = effect.params;
    }
  }
  intent.args = bind(params, stmt.args);
  return intent;
}

// Arguments are evaluated as written and stand in the order of the parameters; what is not
// declared, as written.
NamedValues Interpreter::bind(const std::vector<Param>& params, Range args) {
  std::vector<std::string> names;
  for (const Param& param : params) names.push_back(tree_.text(param.name));
  Values by_name;
  size_t position = 0;
  for (const Arg& arg : tree_.args_of(args)) {
    const std::string name = arg.name                  ? tree_.text(arg.name)
                             : position < names.size() ? names[position]
                                                       : std::to_string(position);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    by_name[name] = eval(arg.value);
    ++position;
  }
  NamedValues bound;
  for (const std::string& name : names) {
    if (by_name.contains(name)) bound.emplace_back(name, by_name[name]);
  }
  return bound;
}

// -----------------------------------------------------------------------------------------------------
// gas

void Interpreter::spend(int64_t gas) {
  gas_ += gas;
  if (gas_ > kGasMax) throw Fault{"F006"};
}

Meter Interpreter::meter() {
  return [this](size_t walked, size_t made) {
    spend(static_cast<int64_t>(std::max(walked, made) / 64));
  };
}

}  // namespace lexum::twin
