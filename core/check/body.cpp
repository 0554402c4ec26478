// What a body begins with: its names, and the ways into it.
#include "check/body.h"

#include "check/comparisons.h"
#include "check/typing.h"

namespace lexum {

Body::Body(Context& context, Purpose purpose, DomainId domain)
    : context_(context), purpose_(purpose), domain_(domain) {}

Body::~Body() { forget_locals(0, 0); }

// ---------------------------------------------------------------------------------------- locals

void Body::declare_parameters(std::span<const Param> params, std::span<const Parameter> types) {
  for (size_t i = 0; i < params.size(); ++i) {
    declare_local(params[i].name, types[i].type, LocalKind::kParameter);
  }
}

uint32_t Body::declare_local(Name name, TypeId type, LocalKind kind) {
  const uint32_t slot = take_slots(1);
  const bool field = kind == LocalKind::kLet && find_field(name) != MemberTable::kNone;
  if (context_.text(name) == "state") {
    context_.report(Code::kReservedName, name.span,
                    "no local is called `state`, which is how fields are reached",
                    "give it another name");
  } else if (find_local(name) && kind == LocalKind::kParameter) {
    context_.report_twice(name, "parameter");
  } else if (find_local(name) || field) {
    context_.report(Code::kHidesName, name.span,
                    context_.quoted(name) + " is a " + (field ? "field" : "local") + " already",
                    field ? "give the local another name, or assign the field without `let`"
                          : "give one of them another name");
  }
  if (!find_local(name)) context_.locals.set(name, LocalIndex(locals_.size()));
  locals_.push_back({name, type, slot, kind});
  if (slot >= local_types_.size()) local_types_.resize(slot + 1);
  local_types_[slot] = type;
  return slot;
}

uint32_t Body::take_slots(uint32_t count) {
  const uint32_t first = slots_;
  slots_ += count;
  slots_max_ = std::max(slots_max_, slots_);
  return first;
}

void Body::forget_locals(size_t locals, uint32_t slots) {
  while (locals_.size() > locals) {
    const Local& last = locals_.back();
    if (!facts_.empty()) facts_.drop(paths_.local(last.slot), paths_);
    if (context_.locals.get(last.name) == LocalIndex(locals_.size() - 1))
      context_.locals.set(last.name, {});
    locals_.pop_back();
  }
  slots_ = slots;
}

const Body::Local* Body::find_local(Name name) const {
  const LocalIndex index = context_.locals.get(name);
  return index ? &locals_[index.index()] : nullptr;
}

uint32_t Body::find_field(Name name) const {
  return domain_ ? context_.fields.get(domain_.index(), name) : MemberTable::kNone;
}

TypedTerm Body::error(Span span) {
  return {.term = context_.term(Op::kBool, 1, span), .type = Types::of(TypeKind::kError)};
}

// `of_state`: it was written state.x.
TypedTerm Body::unknown_name(Name name, bool of_state) {
  if (!name) return error(name.span);
  const std::string quoted = context_.quoted(name);
  const DomainId owner = context_.field_owners.get(name);

  if (purpose_ == Purpose::kConstant) {
    context_.report(Code::kNotConstant, name.span,
                    "a start value is a constant, and " + quoted + " is a name",
                    "write the value itself; a string stands in quotes");
  } else if (purpose_ == Purpose::kFunction) {
    context_.report(Code::kUnknownName, name.span, "there is no local " + quoted,
                    context_.did_you_mean(
                        name, "a fn sees its arguments and nothing else: hand it in", locals_));
  } else if (of_state) {
    context_.report(
        Code::kUnknownField, name.span, "there is no field " + quoted,
        context_.did_you_mean(name, "declare it in state { … }", context_.program[domain_].fields));
  } else if (context_.domains.get(name)) {
    context_.report(
        Code::kNoValue, name.span, quoted + " is a domain and has no value",
        "ask it: send " + std::string(context_.text(name)) + " …, and let it send its answer");
  } else if (owner && owner != domain_) {
    const std::string& other = context_.program[owner].name;
    context_.report(Code::kForeignState, name.span,
                    quoted + " is state of `" + other + "`, which nobody else can see",
                    "let `" + other + "` tell it: send " + context_.program[domain_].name + " …");
  } else {
    context_.report(Code::kUnknownName, name.span, "there is no local and no field " + quoted,
                    context_.did_you_mean(name, "declare it in state { … }, or with `let`", locals_,
                                          context_.program[domain_].fields));
  }
  return error(name.span);
}

TypedTerm Body::narrow(TypedTerm value) {
  if (!value.path || facts_.empty() || !facts_.has(value.path)) return value;
  value.type = context_.types.required(value.type);
  value.narrowed = true;
  return value;
}

// --------------------------------------------------------------------------------------- the ways
// in

TermId Body::condition(ExprId id, std::string_view what) {
  return expect(id, 1, Types::of(TypeKind::kBool), what);
}

TermId Body::constant(ExprId id, TypeId wanted, std::string_view what) {
  return expect(id, 1, wanted, what);
}

void Body::slice(const Block& decl, Slice& slice) {
  reads_ = {};
  writes_ = {};
  facts_ = {};
  slice.body = block(decl).term;
  slice.span = decl.span;
  slice.reads = reads_;
  slice.writes = writes_;
  slice.guards = guards_of(context_.program, slice.body);
}

void Body::function(const FunctionDecl& decl, Function& function) {
  result_ = function.result;
  declare_parameters(decl.params, function.params);
  const Flow flow = block(decl.body);
  function.body = flow.term;
  function.locals = slots_max_;
  if (flow.returns || broken(result_)) return;
  context_.report(Code::kMissingReturn, decl.name.span,
                  "a path through " + context_.quoted(decl.name) + " ends without a value",
                  "end it with `return` and a value of type " + context_.quoted(result_));
}

}  // namespace lexum
