// Reports, look-ups and the making of terms, for all parts of the checker.
#include "check/context.h"

#include <re2/re2.h>

#include "syntax/utf8.h"

namespace lexum {
namespace {
constexpr size_t kQuotedMax = 60;  // code points of a name or an expression in a message
constexpr uint32_t kBytesPerGas = 64;
}  // namespace

uint32_t MemberTable::get(size_t owner, Name name) const {
  if (!name) return kNone;
  const auto found = members_.find(key(owner, name));
  return found == members_.end() ? kNone : found->second;
}

bool MemberTable::add(size_t owner, Name name, uint32_t member) {
  return members_.try_emplace(key(owner, name), member).second;
}

Context::Context(Program& made, Diagnostics& told)
    : program(made),
      tree(made.tree),
      types(made.types),
      diagnostics(told),
      domains(tree.names.size()),
      records(tree.names.size()),
      functions(tree.names.size()),
      events(tree.names.size()),
      adapters(tree.names.size()),
      field_owners(tree.names.size()),
      locals(tree.names.size()),
      texts_(tree.names.size()),
      patterns_(tree.names.size()) {}

// ------------------------------------------------------------------------------------- mistakes

void Context::report(Code code, Span span, std::string message, std::string help) {
  diagnostics.report(
      {.code = code, .span = span, .message = std::move(message), .help = std::move(help)});
}

std::string_view Context::text(Name name) const {
  return name ? tree.text(name) : std::string_view();
}

std::string Context::quoted(Name name) const {
  return "`" + printable(text(name), kQuotedMax) + "`";
}

std::string Context::quoted(Span span) const {
  return "`" + printable(program.source.text(span), kQuotedMax) + "`";
}

std::string Context::all_of(std::span<const std::string> known) {
  constexpr size_t kShown = 6;
  if (known.empty()) return "there are none here";
  std::string all = "there is";
  for (size_t i = 0; i < known.size() && i < kShown; ++i) {
    all += (i == 0 ? " `" : ", `") + printable(known[i], kQuotedMax) + "`";
  }
  return all + (known.size() > kShown ? ", …" : "");
}

void Context::report_unknown_domain(Name name) {
  report(Code::kUnknownDomain, name.span, "there is no domain " + quoted(name),
         did_you_mean(name, "", program.domains));
}

void Context::report_unknown_field(DomainId domain, Name name) {
  report(Code::kUnknownField, name.span,
         "`" + program[domain].name + "` has no field " + quoted(name),
         did_you_mean(name, "", program[domain].fields));
}

bool Context::declare(MemberTable& table, size_t owner, Name name, size_t entry,
                      std::string_view what) {
  if (!name) return false;
  return table.add(owner, name, static_cast<uint32_t>(entry)) || report_twice(name, what);
}

bool Context::report_twice(Name name, std::string_view what) {
  report(Code::kDuplicateName, name.span,
         "there is a " + std::string(what) + " " + quoted(name) + " already",
         "give one of them another name");
  return false;
}

// ---------------------------------------------------------------------------------------- terms

TermId Context::term(Op op, size_t depth, Span span, uint32_t a, uint32_t b, uint32_t c) {
  program.terms.push_back(
      {.op = op, .depth = static_cast<uint16_t>(depth), .a = a, .b = b, .c = c});
  program.spans.push_back(span);
  return TermId(program.terms.size() - 1);
}

TermId Context::integer(int64_t value, size_t depth, Span span) {
  const auto bits = static_cast<uint64_t>(value);
  return term(Op::kInt, depth, span, 0, static_cast<uint32_t>(bits),
              static_cast<uint32_t>(bits >> 32));
}

TermId Context::null(size_t depth, Span span) {
  if (null_ == UINT32_MAX) null_ = constant(Value());
  return term(Op::kConstant, depth, span, null_);
}

TermId Context::text_constant(Name literal, size_t depth, Span span) {
  const std::string_view bytes = text(literal);
  auto index = texts_.get(literal);
  if (!index) {
    index = Id<ConstantTag>(constant(Value::of(bytes)));
    texts_.set(literal, index);
  }
  return term(Op::kConstant, depth, span, index.value,
              static_cast<uint32_t>(bytes.size()) / kBytesPerGas);
}

uint32_t Context::list(std::span<const TermId> terms) {
  const auto first = static_cast<uint32_t>(program.lists.size());
  for (const TermId id : terms) program.lists.push_back(id.value);
  return first;
}

uint32_t Context::constant(Value value) {
  program.constants.push_back(std::move(value));
  return static_cast<uint32_t>(program.constants.size() - 1);
}

uint32_t Context::pattern(Name literal, Span span) {
  if (const auto known = patterns_.get(literal)) return known.value;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto compiled = std::make_shared<const RE2>(
      re2::StringPiece(text(literal).data(), text(literal).size()), options);
  if (!compiled->ok()) {
    report(Code::kBadPattern, span,
           "this is no pattern: " + printable(compiled->error(), kQuotedMax),
           "patterns are written as RE2 reads them; \\\\ in a string is one backslash");
  }
  const auto index = static_cast<uint32_t>(program.patterns.size());
  program.patterns.push_back(std::move(compiled));
  patterns_.set(literal, Id<PatternTag>(size_t{index}));
  return index;
}

// --------------------------------------------------------------------------- effects and events

EffectId Context::effect(Name adapter, Name operation) {
  if (!adapter || !operation) return {};
  const uint64_t key = static_cast<uint64_t>(adapter.id.value) << 32 | operation.id.value;
  const auto [place, is_new] = effects_.try_emplace(key, EffectId(program.effects.size()));
  if (is_new) {
    program.effects.push_back({.adapter = std::string(text(adapter)),
                               .operation = std::string(text(operation)),
                               .params = {}});
  }
  return place->second;
}

bool Context::check_operation(Name adapter, Name operation) {
  if (!adapters.get(adapter) || !operation) return true;
  if (program.effects[effect(adapter, operation).index()].declared) return true;
  const auto operations = [&](const auto& add) {
    for (const Effect& each : program.effects) {
      if (each.declared && each.adapter == text(adapter)) add(each.operation);
    }
  };
  report(Code::kUnknownEffect, operation.span,
         "the declarations of " + quoted(adapter) + " have no operation " + quoted(operation),
         did_you_mean(operation,
                      "declare it: effect " + std::string(text(adapter)) + "." +
                          std::string(text(operation)) + "(…)",
                      operations));
  return false;
}

EventId Context::event(Name name) {
  if (!name) return {};
  if (const EventId known = events.get(name)) return known;
  const EventId id(program.events.size());
  program.events.push_back({.name = std::string(text(name)), .params = {}, .listeners = {}});
  event_settled.push_back(false);
  events.set(name, id);
  return id;
}

}  // namespace lexum
