// The expressions of the interpreter.
#include <algorithm>

#include "base/check.h"
#include "twin/interpreter.h"

namespace lexum::twin {

// §12: every expression begun and not ended is a nested evaluation, leaves too; a chain of one
// level is one.
Value Interpreter::eval(ExprId id) {
  if (++nested_ > kNestedMax) throw Fault{"F006"};
  Value value = eval_here(tree_[id]);
  --nested_;
  return value;
}

Value Interpreter::eval_here(const Expr& e) {
  switch (e.kind) {
    case ExprKind::kInt:
      return integer(e.integer);
    case ExprKind::kString:
      meter()(0, tree_.text(e.name).size());
      return string(tree_.text(e.name));
    case ExprKind::kTrue:
      return boolean(true);
    case ExprKind::kFalse:
      return boolean(false);
    case ExprKind::kNull:
      return {};
    case ExprKind::kName:
      return *variable(tree_.text(e.name));
    case ExprKind::kState:
      return fields_->at(tree_.text(e.name));
    case ExprKind::kSelf:
      return self_;
    case ExprKind::kList:
      return eval_list(e);
    case ExprKind::kMap:
      return eval_map(e);
    case ExprKind::kCall:
      return eval_call(e);
    case ExprKind::kChain:
      return eval_chain(e);
    case ExprKind::kPrefix: {
      const Value operand = eval(tree_.items(e)[0]);
      return tree_.operators(e)[0] == Operator::kNot ? boolean(operand.number == 0)
                                                     : negate(operand);
    }
    case ExprKind::kPostfix:
      return eval_postfix(e);
    case ExprKind::kError:
      break;
  }
  LEXUM_CHECK(false);  // the tree has no errors
  return {};
}

// Operators of one level from left to right; those that need not look at every operand stop as soon
// as they know.
Value Interpreter::eval_chain(const Expr& e) {
  const auto operands = tree_.items(e);
  Value left = eval(operands[0]);
  for (size_t i = 1; i < operands.size(); ++i) {
    const Operator op = tree_.operators(e)[i - 1];
    if (op == Operator::kElse && left.kind != Kind::kNull) return left;
    if (op == Operator::kOr && left.number != 0) return left;
    if (op == Operator::kAnd && left.number == 0) return left;
    const Value right = eval(operands[i]);
    const bool last_says = op == Operator::kElse || op == Operator::kOr || op == Operator::kAnd;
    left = last_says ? right : apply(op, left, right, meter());
  }
  return left;
}

Value Interpreter::eval_list(const Expr& e) {
  Value value = list({});
  for (const ExprId item : tree_.items(e)) value.items.push_back(eval(item));
  meter()(0, value.items.size());
  return value;
}

Value Interpreter::eval_map(const Expr& e) {
  Value value{.kind = Kind::kMap};
  const auto items = tree_.items(e);
  for (size_t i = 0; i < items.size(); i += 2) {
    const Value key = eval(items[i]);
    meter()(walk_to_find(key), 0);
    put(value, key, eval(items[i + 1]));
  }
  meter()(0, value.items.size());
  return value;
}

Value Interpreter::eval_call(const Expr& e) {
  const std::string& name = tree_.text(e.name);
  if (const FunctionDecl* function = function_named(tree_, name)) {
    const NamedValues args = bind(function->params, e.args);
    return call(*function, Values(args.begin(), args.end()));
  }
  if (const RecordDecl* decl = record_named(tree_, name)) {
    std::vector<Param> params;
    for (const FieldDecl& field : decl->fields) params.push_back({field.name, field.type});
    return record(*decl, bind(params, e.args));
  }
  LEXUM_CHECK(is_builtin(name));
  std::vector<Value> args;
  for (const Arg& arg : tree_.args_of(e.args)) args.push_back(eval(arg.value));
  return builtin(name, args, meter());
}

// §3: a fn sees its arguments and nothing else. Gas and nesting go on counting.
Value Interpreter::call(const FunctionDecl& function, Values args) {
  std::swap(locals_, args);
  run_block(function.body);
  std::swap(locals_, args);
  return std::move(result_);
}

Value Interpreter::record(const RecordDecl& decl, const NamedValues& args) {
  const Values given(args.begin(), args.end());
  Value value{.kind = Kind::kRecord, .text = tree_.text(decl.name)};
  for (const FieldDecl& field : decl.fields) {
    const std::string& name = tree_.text(field.name);
    value.keys.push_back(string(name));
    if (given.contains(name)) {
      value.items.push_back(given.at(name));
    } else {
      value.items.push_back(field.initial ? Interpreter(tree_, {}, {}, {}).constant(field.initial)
                                          : zero(field.type));
    }
  }
  return value;
}

Value Interpreter::eval_postfix(const Expr& e) {
  const auto links = tree_.links_of(e);
  const auto is_pop = [&](const Link& link) {
    return link.kind == LinkKind::kMethod && tree_.text(link.name) == "pop";
  };
  const auto popped = std::find_if(links.begin(), links.end(), is_pop);
  Value value;
  size_t next = 0;
  if (popped != links.end()) {
    next = static_cast<size_t>(popped - links.begin());
    value = pop(place(e, next++));
  } else {
    value = eval(tree_.items(e)[0]);
  }
  for (; next < links.size(); ++next) {
    const Link& link = links[next];
    if (link.kind == LinkKind::kIndex) {
      const Value index = eval(link.index);
      meter()(walk_to_find(index), 0);
      value = Value(element(value, index));
    } else if (link.kind == LinkKind::kMember) {
      value = member(value, tree_.text(link.name), meter());
    } else {
      std::vector<Value> args;
      for (const Arg& arg : tree_.args_of(link.args)) args.push_back(eval(arg.value));
      value = method(value, tree_.text(link.name), args, meter());
    }
  }
  return value;
}

// --------------------------------------------------------------------------------------------------
// places

// §3: a parameter or loop variable may hide a field.
Value* Interpreter::variable(const std::string& name) {
  if (locals_.contains(name)) return &locals_[name];
  return &fields_->at(name);
}

Interpreter::Place Interpreter::place(const Expr& e, size_t count) {
  const Expr& root = e.kind == ExprKind::kPostfix ? tree_[tree_.items(e)[0]] : e;
  const std::string& name = tree_.text(root.name);
  Place place{root.kind == ExprKind::kState ? &fields_->at(name) : variable(name), {}};
  for (const Link& link : tree_.links_of(e).first(count)) {
    place.path.push_back(link.kind == LinkKind::kIndex ? eval(link.index)
                                                       : string(tree_.text(link.name)));
    if (link.kind == LinkKind::kIndex) meter()(walk_to_find(place.path.back()), 0);
  }
  return place;
}

Value& Interpreter::reach(const Place& place, size_t steps) {
  Value* at = place.root;
  for (size_t i = 0; i < steps; ++i) {
    const Value& step = place.path[i];
    at = const_cast<Value*>(at->kind == Kind::kRecord ? find(*at, step) : &element(*at, step));
  }
  return *at;
}

Value Interpreter::pop(const Place& place) {
  Value& queue = reach(place, place.path.size());
  if (queue.items.empty()) throw Fault{"F003"};
  Value first = queue.items.front();
  queue.items.erase(queue.items.begin());
  return first;
}

}  // namespace lexum::twin
