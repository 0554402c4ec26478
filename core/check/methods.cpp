// The table of methods and built-ins, in the order of the enumeration in term.h.
#include "check/methods.h"

#include <algorithm>
#include <iterator>

namespace lexum {
namespace {

using enum Method;
constexpr auto kFn = ReceiverKind::kNothing;
constexpr auto kTextIn = ReceiverKind::kText;
constexpr auto kListIn = ReceiverKind::kList;
constexpr auto kMapIn = ReceiverKind::kMap;
constexpr auto kNo = MethodRole::kNone;
constexpr auto kText = MethodRole::kText;
constexpr auto kInt = MethodRole::kInt;
constexpr auto kBool = MethodRole::kBool;
constexpr auto kSame = MethodRole::kReceiver;
constexpr auto kElement = MethodRole::kElement;
constexpr auto kElementOrNull = MethodRole::kElementOrNull;
constexpr auto kKey = MethodRole::kKey;
constexpr Op kMethod = Op::kMethod;
constexpr Cost kFree = Cost::kFree;
constexpr Cost kWalk = Cost::kWalk;

// clang-format off
constexpr MethodInfo kTable[] = {
    {kMethod, kTextLength, kTextIn, "length", false, {kNo, kNo}, kInt, kFree, "how many code points it has"},
    {kMethod, kUpper, kTextIn, "upper", true, {kNo, kNo}, kText, kWalk, "with ASCII letters in upper case"},
    {kMethod, kLower, kTextIn, "lower", true, {kNo, kNo}, kText, kWalk, "with ASCII letters in lower case"},
    {kMethod, kTrim, kTextIn, "trim", true, {kNo, kNo}, kText, kWalk, "without blanks, tabs and line ends around it"},
    {kMethod, kSplit, kTextIn, "split", true, {kText, kNo}, MethodRole::kTexts, kWalk, "the pieces between separators; its characters for \"\""},
    {kMethod, kTextContains, kTextIn, "contains", true, {kText, kNo}, kBool, kWalk, "whether the text occurs in it"},
    {kMethod, kStartsWith, kTextIn, "starts_with", true, {kText, kNo}, kBool, kWalk, "whether it begins with the text"},
    {kMethod, kEndsWith, kTextIn, "ends_with", true, {kText, kNo}, kBool, kWalk, "whether it ends with the text"},
    {kMethod, kReplace, kTextIn, "replace", true, {kText, kText}, kText, kWalk, "with every occurrence of the first text made the second"},
    {kMethod, kListLength, kListIn, "length", false, {kNo, kNo}, kInt, kFree, "how many elements it has"},
    {kMethod, kFirst, kListIn, "first", false, {kNo, kNo}, kElementOrNull, kFree, "its first element, or null"},
    {kMethod, kLast, kListIn, "last", false, {kNo, kNo}, kElementOrNull, kFree, "its last element, or null"},
    {kMethod, kListContains, kListIn, "contains", true, {kElement, kNo}, kBool, kWalk, "whether it has an equal element"},
    {kMethod, kListAdd, kListIn, "add", true, {kElement, kNo}, kSame, kWalk, "with the element behind its last one"},
    {kMethod, kListRemove, kListIn, "remove", true, {kElement, kNo}, kSame, kWalk, "without the first equal element, if there is one"},
    {kMethod, kListSlice, kListIn, "slice", true, {kInt, kInt}, kSame, kWalk, "its elements from one index up to, and without, another"},
    {kMethod, kSorted, kListIn, "sorted", true, {kNo, kNo}, kSame, kWalk, "in rising order; of ints or strings"},
    {kMethod, kMapLength, kMapIn, "length", false, {kNo, kNo}, kInt, kFree, "how many entries it has"},
    {kMethod, kHas, kMapIn, "has", true, {kKey, kNo}, kBool, kFree, "whether it has the key"},
    {kMethod, kGet, kMapIn, "get", true, {kKey, kNo}, MethodRole::kValueOrNull, kFree, "the value of the key, or null"},
    {kMethod, kMapRemove, kMapIn, "remove", true, {kKey, kNo}, kSame, kWalk, "without the key, if it has it"},
    {kMethod, kKeys, kMapIn, "keys", false, {kNo, kNo}, MethodRole::kKeys, kWalk, "its keys, in their order"},
    {kMethod, kValues, kMapIn, "values", false, {kNo, kNo}, MethodRole::kValues, kWalk, "its values, in the order of the keys"},
    {kMethod, kStr, kFn, "str", true, {MethodRole::kAny, kNo}, kText, kWalk, "as it would be written in source; a string as it is"},
    {kMethod, kParseInt, kFn, "int", true, {kText, kNo}, MethodRole::kIntOrNull, kWalk, "the number that the text spells, or null"},
    {kMethod, kMin, kFn, "min", true, {kInt, kInt}, kInt, kFree, "the smaller one"},
    {kMethod, kMax, kFn, "max", true, {kInt, kInt}, kInt, kFree, "the bigger one"},
    {kMethod, kAbs, kFn, "abs", true, {kInt, kNo}, kInt, kFree, "without its sign"},
    {Op::kPop, kFirst, kListIn, "pop", true, {kNo, kNo}, kElement, kFree, "takes the first element off a list in state or in a `let`"},
};
// clang-format on

constexpr bool in_order_of_methods() {
  for (size_t i = 0; i + 1 < std::size(kTable); ++i) {
    if (kTable[i].op != Op::kMethod || kTable[i].method != static_cast<Method>(i)) return false;
  }
  return std::size(kTable) == static_cast<size_t>(kAbs) + 2;
}
static_assert(in_order_of_methods(), "the table must list every method of term.h in its order");

std::string_view spelling(MethodRole role, ReceiverKind receiver) {
  switch (role) {
    case MethodRole::kNone:
      return "";
    case MethodRole::kAny:
      return "any";
    case MethodRole::kBool:
      return "bool";
    case MethodRole::kInt:
      return "int";
    case MethodRole::kIntOrNull:
      return "int?";
    case MethodRole::kText:
      return "string";
    case MethodRole::kTexts:
      return "list<string>";
    case MethodRole::kReceiver:
      return receiver == ReceiverKind::kMap ? "map<K, V>" : "list<T>";
    case MethodRole::kElement:
      return "T";
    case MethodRole::kElementOrNull:
      return "T?";
    case MethodRole::kKey:
      return "K";
    case MethodRole::kKeys:
      return "list<K>";
    case MethodRole::kValueOrNull:
      return "V?";
    case MethodRole::kValues:
      return "list<V>";
  }
  return "";
}

}  // namespace

std::span<const MethodInfo> all_methods() { return kTable; }

const MethodInfo& info(Method method) { return kTable[static_cast<size_t>(method)]; }

const MethodInfo* find_method(ReceiverKind receiver, std::string_view name) {
  const auto found = std::ranges::find_if(
      kTable, [&](const MethodInfo& m) { return m.receiver == receiver && m.name == name; });
  return found == std::end(kTable) ? nullptr : &*found;
}

std::string signature(const MethodInfo& method) {
  static constexpr std::string_view kReceivers[] = {"", "string.", "list<T>.", "map<K, V>."};
  std::string out(kReceivers[static_cast<size_t>(method.receiver)]);
  out += method.name;
  if (method.called) {
    out += '(';
    out += spelling(method.takes[0], method.receiver);
    if (method.takes[1] != MethodRole::kNone) out += ", ";
    out += spelling(method.takes[1], method.receiver);
    out += ')';
  }
  out += ": ";
  out += spelling(method.gives, method.receiver);
  return out;
}

}  // namespace lexum
