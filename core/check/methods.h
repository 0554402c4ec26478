// Every method and every built-in function, in one table: what it is called upon, what it takes,
// what it gives and what it costs. The checker types calls by it, the interpreter charges by it,
// and `help` prints it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "check/term.h"

namespace lexum {

// What stands before the dot; a built-in function has nothing there.
enum class ReceiverKind : uint8_t { kNothing, kText, kList, kMap };

// The types of arguments and results, some of them seen from the receiver.
enum class MethodRole : uint8_t {
  kNone,  // no such argument
  kAny,   // any value
  kBool,
  kInt,
  kIntOrNull,  // int?
  kText,
  kTexts,     // list<string>
  kReceiver,  // the type of the receiver
  kElement,   // of a list
  kElementOrNull,
  kKey,   // of a map, as the next ones
  kKeys,  // list of keys
  kValueOrNull,
  kValues,  // list of values
};

enum class Cost : uint8_t {
  kFree,
  kWalk,  // the larger of its receiver (or argument) and its result, in bytes or elements, / 64
          // What is compared on the way may cost more, also of kFree: LANGUAGE.md, §14.
};

struct MethodInfo {
  Op op;          // kMethod, or kPop for the one that changes its receiver
  Method method;  // of a kMethod
  ReceiverKind receiver;
  std::string_view name;
  bool called;          // written with parentheses
  MethodRole takes[2];  // kNone where it takes fewer
  MethodRole gives;
  Cost cost;
  std::string_view does;  // a line for `help`

  [[nodiscard]] size_t arity() const {
    return (takes[0] != MethodRole::kNone) + (takes[1] != MethodRole::kNone);
  }
};

// The methods in the order of Method, then pop().
std::span<const MethodInfo> all_methods();
const MethodInfo& info(Method method);
// Null if there is none.
const MethodInfo* find_method(ReceiverKind receiver, std::string_view name);
// "string.replace(string, string): string", "list<T>.length: int", "abs(int): int".
std::string signature(const MethodInfo& method);

}  // namespace lexum
