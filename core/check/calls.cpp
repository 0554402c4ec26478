// Calls by name: built-ins, functions, and the making of records; and how arguments find their
// parameters.
#include <algorithm>
#include <unordered_map>

#include "check/body.h"
#include "check/typing.h"

namespace lexum {
namespace {

constexpr uint32_t kNowhere = UINT32_MAX;  // an argument that is for no parameter

}  // namespace

TypedTerm Body::call(const Expr& expr, size_t depth) {
  if (const MethodInfo* info = find_method(ReceiverKind::kNothing, context_.text(expr.name))) {
    return built_in(*info, expr, depth);
  }
  if (const RecordId record = context_.records.get(expr.name))
    return construct(record, expr, depth);
  const FunctionId id = context_.functions.get(expr.name);
  if (!id) return unknown_call(expr, depth);
  const Function& function = context_.program.functions[id.index()];
  const Callee callee{
      .what = "function `" + function.name + "`", .params = function.params, .span = expr.span};
  const std::vector<TermId> terms = bind(callee, expr.args, depth + 1);
  const auto count = static_cast<uint32_t>(terms.size());
  return {.term = context_.term(Op::kCall, depth, expr.span, context_.list(terms), count, id.value),
          .type = function.result};
}

TypedTerm Body::built_in(const MethodInfo& info, const Expr& expr, size_t depth) {
  const std::vector<TermId> terms = take(info, {}, {}, expr.args, expr.span, depth + 1);
  const TermId term =
      context_.term(Op::kMethod, depth, expr.span, context_.list(terms),
                    static_cast<uint32_t>(terms.size()), static_cast<uint32_t>(info.method));
  return {.term = term, .type = type_of(info.gives, {})};
}

// Fields that are left out get their start values, which load() puts among the constants.
TypedTerm Body::construct(RecordId id, const Expr& expr, size_t depth) {
  const Record& record = context_.program.records[id.index()];
  std::vector<Parameter> params;
  for (const Field& field : record.fields) params.push_back({field.name, field.type});
  const Callee callee{.what = "record `" + record.name + "`",
                      .params = params,
                      .span = expr.span,
                      .named_only = true,
                      .may_leave_out = true};
  std::vector<TermId> terms = bind(callee, expr.args, depth + 1);
  for (size_t i = 0; i < terms.size(); ++i) {
    if (!terms[i])
      terms[i] = context_.term(Op::kConstant, depth + 1, expr.span, record.fields[i].constant);
  }
  const auto count = static_cast<uint32_t>(terms.size());
  const TypeId type = context_.types.intern({.kind = TypeKind::kRecord, .shape = id.value});
  return {.term = context_.term(Op::kMakeRecord, depth, expr.span, context_.list(terms), count,
                                id.value),
          .type = type};
}

TypedTerm Body::unknown_call(const Expr& expr, size_t depth) {
  check_loose(expr.args, depth + 1);
  if (!expr.name) return error(expr.span);
  const size_t domain = domain_.index();
  if (domain_ && (context_.transitions.get(domain, expr.name) != MemberTable::kNone ||
                  context_.messages.get(domain, expr.name) != MemberTable::kNone)) {
    context_.report(
        Code::kNoValue, expr.span,
        context_.quoted(expr.name) + " runs as a cycle of its own and gives no value here",
        "send it: send " + context_.program[domain_].name + " " +
            std::string(context_.text(expr.name)) + "(…)");
    return error(expr.span);
  }
  const auto built_ins = [](const auto& add) {
    for (const MethodInfo& info : all_methods()) {
      if (info.receiver == ReceiverKind::kNothing) add(info.name);
    }
  };
  context_.report(
      Code::kUnknownFunction, expr.name.span,
      "there is no function and no record " + context_.quoted(expr.name),
      context_.did_you_mean(
          expr.name, "declare it: fn " + std::string(context_.text(expr.name)) + "(…): int { … }",
          context_.program.functions, context_.program.records, built_ins));
  return error(expr.span);
}

// Arguments of what is unknown: their own mistakes are worth a word all the same.
void Body::check_loose(Range args, size_t depth) {
  for (const Arg& arg : context_.tree.args_of(args)) expression(arg.value, depth);
}

// Which parameter each argument is for; what has none, or one that is taken, is reported.
std::vector<uint32_t> Body::match(const Callee& callee, std::span<const Arg> args) {
  std::unordered_map<std::string_view, uint32_t> by_name;
  if (std::ranges::any_of(args, [](const Arg& arg) { return static_cast<bool>(arg.name); })) {
    for (uint32_t i = 0; i < callee.params.size(); ++i)
      by_name.try_emplace(callee.params[i].name, i);
  }
  std::vector<bool> taken(callee.params.size());
  std::vector<uint32_t> goals;
  bool named = false;
  for (const Arg& arg : args) {
    uint32_t goal = kNowhere;
    const Span span = arg.name ? arg.name.span : context_.tree[arg.value].span;
    if (!arg.name && (named || callee.named_only)) {
      context_.report(Code::kNamedArguments, span,
                      callee.named_only ? callee.what + " takes its arguments by name"
                                        : "after a named argument all are named",
                      callee.params.empty()
                          ? "write name: value"
                          : "write name: value, as in " + callee.params[0].name + ": …");
    } else if (!arg.name && goals.size() >= callee.params.size()) {
      context_.report(
          Code::kArgumentCount, span,
          callee.what + " takes " + std::to_string(callee.params.size()) + ", and this is one more",
          "it takes " + parameters_text(callee.params));
    } else if (!arg.name) {
      goal = static_cast<uint32_t>(goals.size());
    } else if (const auto found = by_name.find(context_.text(arg.name)); found != by_name.end()) {
      goal = found->second;
    } else {
      context_.report(Code::kUnknownArgument, span,
                      callee.what + " has no " + context_.quoted(arg.name),
                      context_.did_you_mean(arg.name, "it takes " + parameters_text(callee.params),
                                            callee.params));
    }
    named = named || arg.name;
    if (goal != kNowhere && taken[goal]) {
      context_.report(Code::kArgumentCount, span,
                      "`" + callee.params[goal].name + "` is given twice", "leave one of them");
      goal = kNowhere;
    }
    if (goal != kNowhere) taken[goal] = true;
    goals.push_back(goal);
  }
  return goals;
}

// The arguments in the order of the parameters. They are evaluated in the order in which they are
// written: where that differs and could be seen, the first one stages them all in locals.
std::vector<TermId> Body::bind(const Callee& callee, Range range, size_t depth) {
  const std::span<const Arg> args = context_.tree.args_of(range);
  const std::vector<uint32_t> goals = match(callee, args);
  const bool runs = purpose_ == Purpose::kRoutine || purpose_ == Purpose::kFunction;
  const bool staged = runs && !std::ranges::is_sorted(goals);
  const uint32_t slots = slots_;
  const uint32_t stage = staged ? take_slots(static_cast<uint32_t>(args.size())) : 0;
  std::vector<TermId> terms(callee.params.size());
  std::vector<TermId> written;
  bool complete = true;
  for (size_t i = 0; i < args.size(); ++i) {
    if (goals[i] == kNowhere) {
      written.push_back(expression(args[i].value, depth).term);
      complete = false;
    } else {
      const Parameter& param = callee.params[goals[i]];
      written.push_back(
          expect(args[i].value, depth, param.type, "`" + param.name + "` of " + callee.what));
      terms[goals[i]] = written.back();
    }
  }
  slots_ = slots;
  if (staged && complete) stage_arguments(terms, goals, std::move(written), stage, depth);
  if (callee.may_leave_out || !complete) return terms;
  for (size_t i = 0; i < terms.size(); ++i) {
    if (terms[i]) continue;
    context_.report(Code::kArgumentCount, callee.span,
                    callee.what + " misses `" + callee.params[i].name + "`",
                    "it takes " + parameters_text(callee.params));
    break;
  }
  return terms;
}

void Body::stage_arguments(std::vector<TermId>& terms, const std::vector<uint32_t>& goals,
                           std::vector<TermId> written, uint32_t stage, size_t depth) {
  const size_t first = *std::ranges::min_element(goals);
  for (size_t i = 0; i < goals.size(); ++i) {
    const Span span = context_.program.spans[written[i].index()];
    terms[goals[i]] = context_.term(Op::kLocal, depth, span, stage + static_cast<uint32_t>(i));
  }
  const Span span = context_.program.spans[terms[first].index()];
  written.push_back(terms[first]);
  const auto count = static_cast<uint32_t>(written.size());
  terms[first] = context_.term(Op::kStage, depth, span, context_.list(written), count, stage);
}

// "(a: int, b: string)"
std::string Body::parameters_text(std::span<const Parameter> params) const {
  std::string text = "(";
  for (const Parameter& param : params) {
    if (text.size() > 1) text += ", ";
    text += param.name + ": " + spell(context_.program, param.type);
  }
  return text + ")";
}

}  // namespace lexum
