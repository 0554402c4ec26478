// What leaves a slice: sends, broadcasts and effects. Names, keys and arguments are settled here,
// and so is the question of who may.
#include <unordered_set>

#include "check/body.h"

namespace lexum {

// The first of `terms` is the key of a keyed send; the others are the arguments in the receiver's
// order.
TermId Body::emit(const Stmt& stmt, Emission emission, std::vector<TermId> terms) {
  emission.span = stmt.span;
  context_.program.emissions.push_back(std::move(emission));
  const auto index = static_cast<uint32_t>(context_.program.emissions.size() - 1);
  const auto count = static_cast<uint32_t>(terms.size());
  return context_.term(Op::kEmit, 0, stmt.span, index, context_.list(terms), count);
}

// True, and reported, in a `fn`.
bool Body::refuse_emission(const Stmt& stmt) {
  if (purpose_ != Purpose::kFunction) return false;
  context_.report(Code::kNotPure, stmt.span, "a `fn` is pure: it sends and emits nothing",
                  "return what is to be sent, and send it where the fn is called");
  check_loose(stmt.args, 1);
  return true;
}

// ------------------------------------------------------------------------------------------ sends

TermId Body::send(const Stmt& stmt) {
  if (refuse_emission(stmt)) return {};
  const DomainId receiver = context_.domains.get(stmt.target);
  if (!receiver) {
    if (stmt.target) context_.report_unknown_domain(stmt.target);
    if (stmt.key) expression(stmt.key, 1);
    check_loose(stmt.args, 1);
    return {};
  }
  const Domain& domain = context_.program[receiver];
  std::vector<TermId> terms;
  if (stmt.key && domain.keyed)
    terms.push_back(expect(stmt.key, 1, domain.key_type, "the key of `" + domain.name + "`"));
  if (stmt.key && !domain.keyed) {
    context_.report(Code::kKey, context_.tree[stmt.key].span,
                    "`" + domain.name + "` has one instance, and no key",
                    "write: send " + domain.name + " …");
  } else if (!stmt.key && domain.keyed) {
    context_.report(Code::kKey, stmt.target.span,
                    "`" + domain.name + "` has an instance for each " + domain.key_name,
                    "say which one: send " + domain.name + "[…] …");
  }
  const RoutineIndex index = find_message(receiver, stmt.message);
  if (!index) {
    check_loose(stmt.args, 1);
    return {};
  }
  if (index == domain.boot) {
    context_.report(Code::kBoot, stmt.message.span,
                    "Boot runs when an instance starts, and is never sent",
                    "give what is to be done again a name of its own");
    return {};
  }
  if (authorities_) authorities_->check_send(context_, receiver, stmt.span);
  const Routine& routine = domain.routines[index.index()];
  const Callee callee{.what = "`" + domain.name + "." + routine.name + "`",
                      .params = routine.params,
                      .span = stmt.span};
  for (const TermId term : bind(callee, stmt.args, 1)) terms.push_back(term);
  Emission emission;
  emission.domain = receiver;
  emission.keyed = domain.keyed;
  emission.routine = index;
  for (const Parameter& param : routine.params) emission.names.push_back(param.name);
  return emit(stmt, std::move(emission), std::move(terms));
}

// What takes a message of that name, or none, and reported.
RoutineIndex Body::find_message(DomainId receiver, Name message) {
  if (!message) return {};
  for (const MemberTable* table : {&context_.transitions, &context_.messages}) {
    const uint32_t index = table->get(receiver.index(), message);
    if (index != MemberTable::kNone) return RoutineIndex(size_t{index});
  }
  const Domain& domain = context_.program[receiver];
  const auto messages = [&](const auto& add) {
    for (const Routine& each : domain.routines) {
      const bool sendable =
          each.kind == RoutineKind::kTransition || each.kind == RoutineKind::kMessage;
      if (sendable && each.name != "Boot") add(each.name);
    }
  };
  std::string otherwise = "declare it there: on " + std::string(context_.text(message)) + " { … }";
  if (context_.events.get(message)) {
    otherwise =
        "it is an event: emit Broadcast(Event::" + std::string(context_.text(message)) + ")";
  }
  context_.report(Code::kUnknownMessage, message.span,
                  "`" + domain.name + "` takes no message " + context_.quoted(message),
                  context_.did_you_mean(message, otherwise, messages));
  return {};
}

// ------------------------------------------------------------------------------------- broadcasts

TermId Body::broadcast(const Stmt& stmt) {
  if (refuse_emission(stmt)) return {};
  if (authorities_) authorities_->check_broadcast(context_, stmt.span);
  const EventId id = context_.event(stmt.message);
  if (!id) return {};
  Emission emission;
  emission.kind = EmissionKind::kBroadcast;
  emission.event = id;
  // With no listener, the first broadcast says what the event carries.
  if (!context_.event_settled[id.index()]) {
    std::vector<Parameter> params;
    std::vector<TermId> terms =
        free_arguments(stmt, "an event that nobody listens to", params, true);
    for (const Parameter& param : params) emission.names.push_back(param.name);
    context_.program.events[id.index()].params = std::move(params);
    context_.event_settled[id.index()] = true;
    return emit(stmt, std::move(emission), std::move(terms));
  }
  const Event& event = context_.program.events[id.index()];
  const Callee callee{
      .what = "`Event::" + event.name + "`", .params = event.params, .span = stmt.span};
  std::vector<TermId> terms = bind(callee, stmt.args, 1);
  for (const Parameter& param : event.params) emission.names.push_back(param.name);
  return emit(stmt, std::move(emission), std::move(terms));
}

// Arguments of what declares no parameters: by name, each with the type it has.
std::vector<TermId> Body::free_arguments(const Stmt& stmt, const std::string& what,
                                         std::vector<Parameter>& params, bool settle) {
  std::vector<TermId> terms;
  std::unordered_set<std::string_view> seen;
  for (const Arg& arg : context_.tree.args_of(stmt.args)) {
    const Span span = arg.name ? arg.name.span : context_.tree[arg.value].span;
    if (!arg.name) {
      context_.report(Code::kNamedArguments, span, what + " takes its arguments by name",
                      "write name: value");
    } else if (!seen.insert(context_.text(arg.name)).second) {
      context_.report(Code::kArgumentCount, span, context_.quoted(arg.name) + " is given twice",
                      "leave one of them");
    }
    TypeId type;
    if (settle) {
      terms.push_back(settled(arg.value, 1, type));
    } else {
      const TypedTerm value = expression(arg.value, 1);
      terms.push_back(value.term);
      type = value.type;
    }
    params.push_back({std::string(context_.text(arg.name)), type});
  }
  return terms;
}

// ---------------------------------------------------------------------------------------- effects

TermId Body::effect(const Stmt& stmt) {
  if (refuse_emission(stmt)) return {};
  if (!stmt.target || !stmt.message || !context_.check_operation(stmt.target, stmt.message)) {
    check_loose(stmt.args, 1);
    return {};
  }
  if (authorities_) authorities_->check_effect(context_, stmt.target, stmt.message, stmt.span);
  const EffectId id = context_.effect(stmt.target, stmt.message);
  const Effect& effect = context_.program.effects[id.index()];
  const std::string what = "`" + effect.adapter + "." + effect.operation + "`";
  Emission emission;
  emission.kind = EmissionKind::kEffect;
  emission.effect = id;
  std::vector<TermId> terms;
  std::vector<Parameter> params = effect.params;
  if (effect.declared) {
    terms = bind({.what = what, .params = params, .span = stmt.span}, stmt.args, 1);
  } else {
    terms = free_arguments(stmt, "the undeclared effect " + what, params, false);
  }
  for (const Parameter& param : params) emission.names.push_back(param.name);
  return emit(stmt, std::move(emission), std::move(terms));
}

}  // namespace lexum
