// The words of capability and scope blocks, and the one question: is this granted?
#include "check/authority.h"

#include <algorithm>
#include <array>

namespace lexum {
namespace {

uint64_t effect_key(Name adapter, Name operation) {
  return static_cast<uint64_t>(adapter.id.value) << 32 | operation.id.value;
}

void report_missing(Context& context, const Authority& authority, Span span,
                    const std::string& word) {
  context.report(Code::kNotCapable, span,
                 "the capability block of " + authority.owner() + " lacks `" + word + "`",
                 "add it: capability { …, " + word + " }");
}

constexpr std::string_view kCapabilityWords =
    "a capability is messaging, send_to:DOMAIN, an adapter, or ADAPTER.OPERATION";

}  // namespace

void Authority::grant(Context& context, const CapabilityBlock& block) {
  for (const Capability& item : block.items) grant(context, item);
}

void Authority::grant(Context& context, const Capability& item) {
  if (!item.name) return;
  const std::string_view word = context.text(item.name);
  if (word == "send_to" && item.subject && !item.operation) {
    if (const DomainId domain = context.domains.get(item.subject)) {
      receivers_.insert(domain.value);
    } else {
      context.report_unknown_domain(item.subject);
    }
    return;
  }
  const bool plain = !item.operation && !item.subject;
  if (word == "messaging" && plain) {
    messaging_ = true;
    return;
  }
  static const std::array<std::string, 2> kWords = {"messaging", "send_to"};
  // An adapter that is only bound when the program runs is legal; a slip of the pen is not.
  const bool slip = plain && !context.adapters.get(item.name) && !nearest(word, kWords).empty();
  if (word == "send_to" || word == "messaging" || item.subject || slip) {
    context.report(Code::kUnknownWord, item.span, context.quoted(item.span) + " grants nothing",
                   std::string(kCapabilityWords));
    return;
  }
  if (item.operation && !context.check_operation(item.name, item.operation)) return;
  effects_.insert(effect_key(item.name, item.operation));
}

bool Authority::may_emit(Name adapter, Name operation) const {
  return effects_.contains(effect_key(adapter, Name())) ||
         effects_.contains(effect_key(adapter, operation));
}

void Authorities::check_send(Context& context, DomainId receiver, Span span) const {
  for (const Authority* authority : all_) {
    if (!authority->may_message()) return report_missing(context, *authority, span, "messaging");
    if (!authority->may_send_to(receiver)) {
      return report_missing(context, *authority, span, "send_to:" + context.program[receiver].name);
    }
  }
}

void Authorities::check_broadcast(Context& context, Span span) const {
  for (const Authority* authority : all_) {
    if (!authority->may_message()) return report_missing(context, *authority, span, "messaging");
  }
}

void Authorities::check_effect(Context& context, Name adapter, Name operation, Span span) const {
  for (const Authority* authority : all_) {
    if (authority->may_emit(adapter, operation)) continue;
    const std::string word =
        std::string(context.text(adapter)) + "." + std::string(context.text(operation));
    return report_missing(context, *authority, span, word);
  }
}

std::optional<Authority> authority_of(Context& context, std::span<const CapabilityBlock> blocks,
                                      std::string owner) {
  if (blocks.empty()) return std::nullopt;
  std::optional<Authority> authority(std::move(owner));
  for (const CapabilityBlock& block : blocks) authority->grant(context, block);
  return authority;
}

void check_scopes(Context& context, std::span<const ScopeDecl> scopes) {
  static const std::array<std::string, 7> kScopes = {
      "root", "tenant", "environment", "workspace", "target", "namespace", "domain"};
  bool seen = false;
  for (const ScopeDecl& scope : scopes) {
    if (!scope.name) continue;
    if (seen) {
      context.report(Code::kDuplicateName, scope.name.span, "the scope is named already",
                     "keep one of them");
    }
    seen = true;
    if (std::ranges::count(kScopes, context.text(scope.name)) > 0) continue;
    context.report(
        Code::kUnknownWord, scope.name.span, "there is no scope " + context.quoted(scope.name),
        context.did_you_mean(
            scope.name,
            "scopes are root, tenant, environment, workspace, target, namespace, domain", kScopes));
  }
}

}  // namespace lexum
