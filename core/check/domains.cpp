// The first pass over one domain: its fields, and the heads of its handlers and transitions.
#include <algorithm>

#include "check/annotations.h"
#include "check/authority.h"
#include "check/declarations.h"
#include "check/typing.h"

namespace lexum {
namespace {

class DomainDeclarer {
 public:
  DomainDeclarer(Context& context, DomainId id)
      : context_(context),
        id_(id),
        decl_(context.tree.domains[id.index()]),
        domain_(context.program.domains[id.index()]) {}

  void declare() {
    domain_.name = context_.text(decl_.name);
    domain_.span = decl_.span;
    annotate(context_, decl_.annotations, domain_);
    check_scopes(context_, decl_.scopes);
    declare_key();
    domain_.fields = declare_fields(context_, context_.fields, id_.index(), decl_.fields);
    for (const FieldDecl& field : decl_.fields) {
      if (!context_.field_owners.get(field.name)) context_.field_owners.set(field.name, id_);
    }
    for (const RoutineDecl& routine : in_order_written()) declare_routine(routine);
  }

 private:
  void declare_key() {
    if (!decl_.key) return;
    domain_.keyed = true;
    domain_.key_name = context_.text(decl_.key);
    domain_.key_type = resolve(context_, decl_.key_type);
    const Type& type = context_.types[domain_.key_type];
    const bool good = type.kind == TypeKind::kInt || type.kind == TypeKind::kText;
    if ((good && !type.optional) || type.kind == TypeKind::kError) return;
    context_.report(
        Code::kTypeMismatch, context_.tree[decl_.key_type].span,
        "the key of a domain is int or string, and not " + context_.quoted(domain_.key_type),
        "domain D[id: int] or domain D[name: string]");
    domain_.key_type = Types::of(TypeKind::kError);
  }

  std::vector<RoutineDecl>& in_order_written() {
    std::vector<RoutineDecl>& all = context_.routine_decls[id_.index()];
    for (const HandlerDecl& handler : decl_.handlers) all.push_back({.handler = &handler});
    for (const TransitionDecl& transition : decl_.transitions)
      all.push_back({.transition = &transition});
    std::ranges::stable_sort(all, {}, [](const RoutineDecl& r) { return r.span().begin; });
    return all;
  }

  void declare_routine(const RoutineDecl& decl) {
    Routine routine;
    routine.name = context_.text(decl.name());
    routine.span = decl.span();
    annotate(context_, decl.annotations(), routine);
    const TriggerKind trigger = decl.handler ? decl.handler->trigger : TriggerKind::kMessage;
    const bool outcome = trigger == TriggerKind::kDone || trigger == TriggerKind::kFailed;
    routine.params = declare_parameters(context_, decl.params(),
                                        outcome ? Types::of(TypeKind::kText) : TypeId());
    const RoutineIndex index(domain_.routines.size());
    if (outcome) {
      declare_outcome(*decl.handler, routine, index);
    } else if (trigger == TriggerKind::kEvent) {
      declare_event(*decl.handler, routine, index);
    } else {
      declare_message(decl, routine, index);
    }
    domain_.routines.push_back(std::move(routine));
  }

  // A transition, or a handler of a message: what a `send` may name.
  void declare_message(const RoutineDecl& decl, Routine& routine, RoutineIndex index) {
    const bool transition = decl.transition != nullptr;
    routine.kind = transition ? RoutineKind::kTransition : RoutineKind::kMessage;
    MemberTable& other = transition ? context_.messages : context_.transitions;
    if (other.get(id_.index(), decl.name()) != MemberTable::kNone) {
      context_.report(
          Code::kHandlerAndTransition, decl.name().span,
          context_.quoted(decl.name()) + " is a handler and a transition of this domain",
          "a send could mean either: give one of them another name");
      return;
    }
    MemberTable& own = transition ? context_.transitions : context_.messages;
    context_.declare(own, id_.index(), decl.name(), index.index(),
                     transition ? "transition" : "handler of");
    if (routine.name != "Boot") return;
    if (!domain_.boot) domain_.boot = index;
    if (routine.params.empty()) return;
    context_.report(Code::kBoot, decl.name().span,
                    "Boot starts an instance, and nobody hands it anything",
                    "leave its parameters out; start values stand in state, or in `system`");
  }

  void declare_event(const HandlerDecl& decl, Routine& routine, RoutineIndex index) {
    routine.kind = RoutineKind::kEvent;
    routine.event = context_.event(decl.name);
    if (!routine.event) return;
    if (!context_.declare(events_, id_.index(), decl.name, index.index(), "handler of")) return;
    Event& event = context_.program.events[routine.event.index()];
    if (!context_.event_settled[routine.event.index()]) {
      event.params = routine.params;
      context_.event_settled[routine.event.index()] = true;
    } else if (!same(event.params, routine.params)) {
      const Domain& first = context_.program[event.listeners.front().domain];
      context_.report(Code::kListenersDiffer, decl.span,
                      "`" + first.name + "` listens to this event with other parameters",
                      "all listeners of an event declare the same names and types");
    }
    event.listeners.push_back({id_, index});
  }

  bool same(const std::vector<Parameter>& a, const std::vector<Parameter>& b) const {
    return std::ranges::equal(a, b, [this](const Parameter& x, const Parameter& y) {
      const bool broken = context_.types[x.type].kind == TypeKind::kError ||
                          context_.types[y.type].kind == TypeKind::kError;
      return x.name == y.name && (x.type == y.type || broken);
    });
  }

  void declare_outcome(const HandlerDecl& decl, Routine& routine, RoutineIndex index) {
    const bool done = decl.trigger == TriggerKind::kDone;
    routine.kind = done ? RoutineKind::kDone : RoutineKind::kFailed;
    routine.name = std::string(context_.text(decl.adapter)) + "." + routine.name +
                   (done ? "::Done" : "::Failed");
    if (decl.params.size() > 1) {
      context_.report(Code::kArgumentCount, decl.params[1].name.span,
                      done ? "Done brings one value" : "Failed brings one reason",
                      done ? "on … ::Done(value) { … }" : "on … ::Failed(reason) { … }");
    }
    if (!context_.check_operation(decl.adapter, decl.name)) return;
    routine.effect = context_.effect(decl.adapter, decl.name);
    if (!routine.effect) return;
    auto found = std::ranges::find(domain_.outcomes, routine.effect, &OutcomeHandlers::effect);
    if (found == domain_.outcomes.end()) {
      found = domain_.outcomes.insert(found, {.effect = routine.effect, .done = {}, .failed = {}});
    }
    RoutineIndex& place = done ? found->done : found->failed;
    if (place) {
      context_.report_twice(decl.name, "handler of");
    } else {
      place = index;
    }
  }

  Context& context_;
  const DomainId id_;
  const DomainDecl& decl_;
  Domain& domain_;
  MemberTable events_;  // handlers of events
};

}  // namespace

void declare_domain(Context& context, DomainId id) { DomainDeclarer(context, id).declare(); }

}  // namespace lexum
