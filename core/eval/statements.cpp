// Statements. One loop walks a body, whatever is nested in it: a block that waits for an inner one
// stands on `open_`.
#include "eval/walk.h"

namespace lexum {

template <bool kProbed>
bool Interpreter::Walk::run(Rest rest) {
  const size_t floor = open_.size();
  for (;;) {
    while (rest.empty()) {
      if (open_.size() == floor) return false;
      rest = end_block();
    }
    const Term& t = term(*rest.next++);
    if constexpr (kProbed) show(t);
    charge(t, 1);
    switch (t.op) {
      case Op::kSetField: {
        const Term& v = term(t.b);
        set_field(t, is_int(v) ? Value::of(int_of(v)) : value_of(v));
        break;
      }
      case Op::kAddField: {
        const int64_t by = int_of(t.b);
        set_int(t, add(t, field(t.a).as_int(), by));
        break;
      }
      case Op::kSubtractField: {
        const int64_t by = int_of(t.b);
        set_int(t, subtract(t, field(t.a).as_int(), by));
        break;
      }
      case Op::kSetLocal: {
        Value v = value_of(t.b);
        locals_[t.a] = std::move(v);
        break;
      }
      case Op::kAssign:
        assign(t);
        break;
      case Op::kIf: {
        const uint32_t taken = branch_of(t);
        if (taken == kNoBranch) break;
        if (!rest.empty()) open_.emplace_back().after = rest;
        rest = block(taken);
        break;
      }
      case Op::kForRange:
      case Op::kForList:
      case Op::kForMap:
        rest = enter_loop(t, rest);
        break;
      case Op::kEmit:
        emit(t);
        break;
      case Op::kAssert:
        if (!bool_of(t.a)) assert_failed(t);
        break;
      case Op::kLog:
        log(t);
        break;
      case Op::kRetire:
        out_->retire = true;
        break;
      case Op::kEvaluate:
        value_of(t.a);
        break;
      case Op::kReturn:
        if (TermId(t.a)) result_ = value_of(t.a);
        open_.resize(floor);
        return true;
      default:
        LEXUM_CHECK(t.op >= Op::kSetField);
        return false;
    }
  }
}

template bool Interpreter::Walk::run<false>(Rest rest);
template bool Interpreter::Walk::run<true>(Rest rest);

// What comes after the end of an inner block: another turn of its loop, or what is around it.
Interpreter::Walk::Rest Interpreter::Walk::end_block() {
  Open& open = open_.back();
  if (open.loop && open.turn < open.turns) return take_turn(open);
  const Rest after = open.after;
  open_.pop_back();
  return after;
}

// The block of the first condition that holds, or of the else.
uint32_t Interpreter::Walk::branch_of(const Term& t) {
  const uint32_t* part = list(t);
  const uint32_t* const end = part + t.b;
  for (; part + 1 < end; part += 2) {
    if (bool_of(part[0])) return part[1];
  }
  return part < end ? *part : kNoBranch;
}

Interpreter::Walk::Rest Interpreter::Walk::enter_loop(const Term& t, Rest after) {
  const uint32_t* parts = list(t);
  Open open;
  open.after = after;
  open.loop = &t;
  if (t.op == Op::kForRange) {
    open.turn = int_of(parts[0]);
    open.turns = int_of(parts[1]);
  } else {
    open.over = value_of(parts[0]);
    open.turns = static_cast<int64_t>(open.over.size());
  }
  open_.push_back(std::move(open));
  return {};  // so that the loop takes its first turn
}

Interpreter::Walk::Rest Interpreter::Walk::take_turn(Open& open) {
  const Term& t = *open.loop;
  const int64_t turn = open.turn++;
  const auto index = static_cast<size_t>(turn);
  switch (t.op) {
    case Op::kForRange:
      locals_[t.c] = Value::of(turn);
      break;
    case Op::kForList:
      locals_[t.c] = open.over.at(index);
      if (t.b > 0) locals_[t.b - 1] = Value::of(turn);
      break;
    default: {
      auto [key, value] = open.over.entry(index);
      locals_[t.c] = std::move(key);
      if (t.b > 0) locals_[t.b - 1] = std::move(value);
      break;
    }
  }
  const Rest body = block(list(t)[t.op == Op::kForRange ? 2 : 1]);
  if (body.empty()) charge(t, 1);
  return body;
}

void Interpreter::Walk::emit(const Term& t) {
  const uint32_t* next = lists_ + t.b;
  const uint32_t* const end = next + t.c;
  Emitted& made = out_->emitted.emplace_back();
  made.site = EmissionId(t.a);
  if (program_.emissions[t.a].keyed) {
    made.key = value_of(*next++);
    heavy_ |= made.key.node() != nullptr;
  }
  made.first_arg = static_cast<uint32_t>(out_->args.size());
  for (; next != end; ++next) {
    const Value& arg = out_->args.emplace_back(value_of(*next));
    heavy_ |= arg.node() != nullptr;
    ++made.arg_count;  // only now: if it had faulted, it would not be there
  }
}

void Interpreter::Walk::log(const Term& t) {
  Value room;
  const Value& v = see(t.a, room);
  // As if by str(): else a slice could fill the memory with copies of one long text.
  std::string text = text_of(t, v);
  charge_size(t, std::max<uint64_t>(extent(v), text.size()));
  out_->logs.push_back(std::move(text));
}

void Interpreter::Walk::assert_failed(const Term& t) {
  if (TermId(t.b)) fail(t, Code::kAssertFailed, value_of(t.b).text());
  fail(t, Code::kAssertFailed, std::string(program_.text(TermId(t.a))) + " is false");
}

}  // namespace lexum
