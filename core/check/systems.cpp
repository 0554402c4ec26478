// Starts are checked against the domains that they start; the rest is only checked for names.
#include "check/systems.h"

#include <unordered_set>

#include "check/authority.h"
#include "check/body.h"

namespace lexum {
namespace {

class Systems {
 public:
  explicit Systems(Context& context)
      : context_(context),
        systems_(context.tree.names.size()),
        environments_(context.tree.names.size()) {}

  void define() {
    for (const SystemDecl& decl : context_.tree.systems) {
      context_.declare(systems_, decl.name, Id<Systems>(size_t{0}), "system");
      for (const StartDecl& start : decl.starts) define_start(start);
    }
    for (const EnvironmentDecl& decl : context_.tree.environments) check_environment(decl);
    for (const DeployDecl& decl : context_.tree.deploys) check_deploy(decl);
  }

 private:
  void define_start(const StartDecl& decl) {
    const DomainId id = context_.domains.get(decl.domain);
    if (!id) {
      if (decl.domain) context_.report_unknown_domain(decl.domain);
      return;
    }
    const Domain& domain = context_.program[id];
    Start start;
    start.domain = id;
    start.span = decl.span;
    if (decl.key && !domain.keyed) {
      context_.report(Code::kKey, context_.tree[decl.key].span,
                      "`" + domain.name + "` has one instance, and no key",
                      "write: start domain " + domain.name + " { … }");
    } else if (!decl.key && domain.keyed) {
      context_.report(Code::kKey, decl.domain.span,
                      "`" + domain.name + "` has an instance for each " + domain.key_name,
                      "say which one: start domain " + domain.name + "[…] { … }");
    } else if (decl.key) {
      start.key_term = Body(context_, Purpose::kConstant)
                           .constant(decl.key, domain.key_type, "the key of `" + domain.name + "`");
    }
    check_first(start);
    for (const Setting& setting : decl.settings) define_setting(setting, start);
    context_.program.starts.push_back(std::move(start));
  }

  // Reports an instance that is started twice, as far as literals show it.
  void check_first(const Start& start) {
    std::string key = std::to_string(start.domain.value);
    if (start.key_term) {
      const Term& term = context_.program[start.key_term];
      if (term.op != Op::kInt && term.op != Op::kConstant) return;
      key += '/' + std::string(context_.program.text(start.key_term));
    }
    if (seen_.insert(key).second) return;
    context_.report(Code::kDuplicateName, start.span, "this instance is started already",
                    "put its settings into one `start`");
  }

  void define_setting(const Setting& setting, Start& start) {
    if (!setting.name) return;
    const Domain& domain = context_.program[start.domain];
    const uint32_t slot = context_.fields.get(start.domain.index(), setting.name);
    if (slot == MemberTable::kNone) {
      context_.report_unknown_field(start.domain, setting.name);
      return;
    }
    for (const StartSetting& earlier : start.settings) {
      if (earlier.slot == slot) context_.report_twice(setting.name, "setting of");
    }
    Body body(context_, Purpose::kConstant);
    const TermId term =
        body.constant(setting.value, domain.fields[slot].type, context_.quoted(setting.name));
    start.settings.push_back({.slot = slot, .term = term, .value = {}});
  }

  void check_environment(const EnvironmentDecl& decl) {
    context_.declare(environments_, decl.name, Id<Systems>(size_t{0}), "environment");
    check_scopes(context_, decl.scopes);
    authority_of(context_, decl.capabilities, "");
    std::unordered_set<uint32_t> names;
    for (const Setting& setting : decl.settings) {
      if (setting.name && !names.insert(setting.name.id.value).second)
        context_.report_twice(setting.name, "setting of");
      Body body(context_, Purpose::kConstant);
      if (setting.value) body.constant(setting.value, Types::of(TypeKind::kError), "");
    }
  }

  void check_deploy(const DeployDecl& decl) {
    if (decl.service && !systems_.get(decl.service) && !context_.domains.get(decl.service)) {
      context_.report(
          Code::kUnknownName, decl.service.span,
          "there is no system and no domain " + context_.quoted(decl.service),
          context_.did_you_mean(decl.service, "", context_.tree.systems, context_.program.domains));
    }
    if (decl.environment && !environments_.get(decl.environment)) {
      context_.report(
          Code::kUnknownName, decl.environment.span,
          "there is no environment " + context_.quoted(decl.environment),
          context_.did_you_mean(
              decl.environment,
              "declare it: environment " + std::string(context_.text(decl.environment)) + " { … }",
              context_.tree.environments));
    }
  }

  Context& context_;
  NameTable<Id<Systems>> systems_;
  NameTable<Id<Systems>> environments_;
  std::unordered_set<std::string> seen_;  // what is started, by domain and the text of its key
};

}  // namespace

void define_systems(Context& context) { Systems(context).define(); }

}  // namespace lexum
