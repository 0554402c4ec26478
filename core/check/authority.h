// Who may do what. A domain without a capability block may send and emit whatever it likes; one
// with a block only what the block grants, and a transition's own block takes away from that again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "check/context.h"

namespace lexum {

// What the capability blocks of one owner grant.
class Authority {
 public:
  // `owner` is how a message calls it: "domain `D`".
  explicit Authority(std::string owner) : owner_(std::move(owner)) {}

  // Words that grant nothing are reported, each at its place.
  void grant(Context& context, const CapabilityBlock& block);

  [[nodiscard]] bool may_message() const { return messaging_; }
  [[nodiscard]] bool may_send_to(DomainId domain) const {
    return receivers_.contains(domain.value);
  }
  [[nodiscard]] bool may_emit(Name adapter, Name operation) const;
  [[nodiscard]] const std::string& owner() const { return owner_; }

 private:
  void grant(Context& context, const Capability& item);

  std::string owner_;
  bool messaging_ = false;
  std::unordered_set<uint32_t> receivers_;
  std::unordered_set<uint64_t> effects_;  // adapter and operation, or no operation for all of them
};

// The blocks that something stands under: none, its domain's, its transition's, or both.
class Authorities {
 public:
  void add(const std::optional<Authority>& authority) {
    if (authority) all_.push_back(&*authority);
  }
  // Report A001 at `span` for the first block that does not grant it.
  void check_send(Context& context, DomainId receiver, Span span) const;
  void check_broadcast(Context& context, Span span) const;
  void check_effect(Context& context, Name adapter, Name operation, Span span) const;

 private:
  std::vector<const Authority*> all_;
};

// Of the blocks of a domain; none if it has none.
std::optional<Authority> authority_of(Context& context, std::span<const CapabilityBlock> blocks,
                                      std::string owner);
// Reports scopes that do not exist, and a second one.
void check_scopes(Context& context, std::span<const ScopeDecl> scopes);

}  // namespace lexum
