#include "twin/program.h"

#include "base/check.h"

namespace lexum::twin {
namespace {

const Annotation* annotation(const Tree& tree, const std::vector<Annotation>& all,
                             const std::string& name) {
  for (const Annotation& a : all) {
    if (tree.text(a.name) == name) return &a;
  }
  return nullptr;
}

std::optional<int> priority_of(const Tree& tree, const std::vector<Annotation>& all) {
  const Annotation* a = annotation(tree, all, "priority");
  if (a == nullptr) return std::nullopt;
  const AnnotationArg& arg = a->args.at(0);
  return arg.is_int ? static_cast<int>(arg.integer) : level_priority(tree.text(arg.name));
}

std::string label_of(const Tree& tree, const HandlerDecl& handler) {
  const std::string& name = tree.text(handler.name);
  switch (handler.trigger) {
    case TriggerKind::kMessage:
      return name;
    case TriggerKind::kEvent:
      return "Event::" + name;
    case TriggerKind::kDone:
      return tree.text(handler.adapter) + "." + name + "::Done";
    case TriggerKind::kFailed:
      return tree.text(handler.adapter) + "." + name + "::Failed";
  }
  return name;
}

}  // namespace

int level_priority(const std::string& level) {
  if (level == "background") return 0;
  if (level == "low") return 64;
  if (level == "normal") return 128;
  if (level == "high") return 192;
  LEXUM_CHECK(level == "critical");
  return 255;
}

const DomainDecl& domain_named(const Tree& tree, const std::string& name) {
  const DomainDecl* found = nullptr;
  for (const DomainDecl& domain : tree.domains) {
    if (tree.text(domain.name) == name) found = &domain;
  }
  LEXUM_CHECK(found != nullptr);
  return *found;
}

const RecordDecl* record_named(const Tree& tree, const std::string& name) {
  for (const RecordDecl& record : tree.records) {
    if (tree.text(record.name) == name) return &record;
  }
  return nullptr;
}

const FunctionDecl* function_named(const Tree& tree, const std::string& name) {
  for (const FunctionDecl& function : tree.functions) {
    if (tree.text(function.name) == name) return &function;
  }
  return nullptr;
}

std::optional<Procedure> procedure(const Tree& tree, const DomainDecl& domain,
                                   const std::string& label) {
  for (const HandlerDecl& h : domain.handlers) {
    if (label_of(tree, h) != label) continue;
    return Procedure{label, priority_of(tree, h.annotations), h.params, {h.body}};
  }
  for (const TransitionDecl& t : domain.transitions) {
    if (tree.text(t.name) != label) continue;
    Procedure p{label, priority_of(tree, t.annotations), t.params, {}};
    for (const SliceDecl& slice : t.slices) p.slices.push_back(slice.body);
    return p;
  }
  return std::nullopt;
}

std::vector<Param> event_params(const Tree& tree, const std::string& label) {
  for (const DomainDecl& domain : tree.domains) {
    if (const auto p = procedure(tree, domain, label)) return p->params;
  }
  return {};
}

int64_t mailbox_limit(const Tree& tree, const DomainDecl& domain) {
  const Annotation* a = annotation(tree, domain.annotations, "mailbox");
  return a == nullptr ? 4096 : a->args.at(0).integer;
}

Restarts restarts(const Tree& tree, const DomainDecl& domain) {
  Restarts r;
  const Annotation* a = annotation(tree, domain.annotations, "restart");
  if (a == nullptr) return r;
  if (!a->args.at(0).is_int) return {.faults = 0};  // never
  r.faults = a->args[0].integer;
  if (a->args.size() > 1) r.within_cycles = a->args[1].integer;
  return r;
}

std::optional<int> goal_priority(const Tree& tree, const GoalDecl& goal) {
  if (!goal.has_priority) return std::nullopt;
  return goal.level ? level_priority(tree.text(goal.level)) : static_cast<int>(goal.priority_value);
}

std::vector<std::string> candidates(const Tree& tree, const DomainDecl& domain,
                                    const GoalDecl& goal) {
  std::vector<std::string> names;
  if (goal.has_strategy) {
    for (const Name& name : goal.strategy) names.push_back(tree.text(name));
    return names;
  }
  for (const TransitionDecl& t : domain.transitions) {
    if (t.params.empty() && tree.text(t.name) != "Boot") names.push_back(tree.text(t.name));
  }
  return names;
}

}  // namespace lexum::twin
