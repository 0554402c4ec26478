// The one table of all diagnostics and faults, in the order of codes.h. Everything that is said
// about a code in general stands here and nowhere else: its number, how bad it is, its title, and
// what `lxm explain` tells.
#include <algorithm>

#include "syntax/diagnostic.h"

namespace lexum {
namespace {

constexpr Severity kError = Severity::kError;
constexpr Severity kWarning = Severity::kWarning;

constexpr CodeInfo kTable[] = {
    {Code::kInvalidUtf8, "E100", kError, "text is not UTF-8", "", ""},
    {Code::kUnexpectedCharacter, "E101", kError, "unexpected character", "", ""},
    {Code::kUnclosedString, "E102", kError, "string is not closed", "", ""},
    {Code::kBadEscape, "E103", kError, "unknown escape in a string", "", ""},
    {Code::kUnclosedComment, "E104", kError, "comment is not closed", "", ""},
    {Code::kIntegerTooBig, "E105", kError, "integer does not fit 64 bits", "", ""},
    {Code::kUnexpectedToken, "E106", kError, "something else was expected", "", ""},
    {Code::kUnclosed, "E107", kError, "bracket is not closed", "", ""},
    {Code::kNestedTooDeep, "E108", kError, "nested too deep", "", ""},
    {Code::kSingleEquals, "E109", kError, "`=` where `==` is meant", "", ""},
    {Code::kNoDomain, "E110", kError, "no domain in the file", "", ""},
    {Code::kChainedComparison, "E111", kError, "comparisons do not chain", "", ""},
    {Code::kReservedName, "E112", kError, "reserved word used as a name", "", ""},
    {Code::kUnknownName, "E201", kError, "unknown name", "", ""},
    {Code::kDuplicateName, "E202", kError, "name declared twice", "", ""},
    {Code::kUnknownDomain, "E203", kError, "unknown domain", "", ""},
    {Code::kUnknownMessage, "E204", kError, "unknown message", "", ""},
    {Code::kUnknownType, "E205", kError, "unknown type", "", ""},
    {Code::kUnknownField, "E206", kError, "unknown field", "", ""},
    {Code::kUnknownMethod, "E207", kError, "unknown method", "", ""},
    {Code::kUnknownFunction, "E208", kError, "unknown function", "", ""},
    {Code::kHidesName, "E209", kError, "local hides another name", "", ""},
    {Code::kForeignState, "E210", kError, "state of another domain", "", ""},
    {Code::kUnknownTransition, "E211", kError, "unknown transition", "", ""},
    {Code::kUnknownAnnotation, "E212", kError, "unknown annotation", "", ""},
    {Code::kUnknownWord, "E213", kError, "unknown level, scope or capability", "", ""},
    {Code::kUnknownEffect, "E214", kError, "unknown effect", "", ""},
    {Code::kUnknownArgument, "E215", kError, "unknown argument", "", ""},
    {Code::kTypeMismatch, "E301", kError, "wrong type", "", ""},
    {Code::kMayBeNull, "E302", kError, "value may be null", "", ""},
    {Code::kBadOperands, "E303", kError, "operator does not take these types", "", ""},
    {Code::kArgumentCount, "E304", kError, "wrong number of arguments", "", ""},
    {Code::kNotAssignable, "E305", kError, "cannot be assigned", "", ""},
    {Code::kNotConstant, "E306", kError, "start value is not a constant", "", ""},
    {Code::kMissingReturn, "E307", kError, "a path ends without a value", "", ""},
    {Code::kBadReturn, "E308", kError, "return with the wrong kind of value", "", ""},
    {Code::kBadPattern, "E309", kError, "bad pattern", "", ""},
    {Code::kNotIterable, "E310", kError, "cannot be looped over", "", ""},
    {Code::kMissingType, "E311", kError, "parameter without a type", "", ""},
    {Code::kNamedArguments, "E312", kError, "argument must be named", "", ""},
    {Code::kNoValue, "E313", kError, "there is no value here", "", ""},
    {Code::kKey, "E401", kError, "instance key missing or not wanted", "", ""},
    {Code::kRetireSingle, "E402", kError, "only keyed domains retire", "", ""},
    {Code::kBoot, "E403", kError, "Boot cannot be sent and takes nothing", "", ""},
    {Code::kGoalItems, "E404", kError, "goal needs exactly one predicate", "", ""},
    {Code::kListenersDiffer, "E405", kError, "listeners of an event differ", "", ""},
    {Code::kRecordCycle, "E406", kError, "record contains itself", "", ""},
    {Code::kBadAnnotation, "E407", kError, "bad annotation", "", ""},
    {Code::kBadPriority, "E408", kError, "priority out of range", "", ""},
    {Code::kBadStrategy, "E409", kError, "transition cannot serve a goal", "", ""},
    {Code::kNotAllowedHere, "E410", kError, "not allowed here", "", ""},
    {Code::kHandlerAndTransition, "E411", kError, "handler and transition of one name", "", ""},
    {Code::kBadNumber, "E412", kError, "number is of no use here", "", ""},
    {Code::kNotCapable, "A001", kError, "capability missing", "", ""},
    {Code::kNotPure, "A008", kError, "effect or send where only reading is allowed", "", ""},
    {Code::kUnreachableGoal, "W501", kWarning, "nothing can reach the goal", "", ""},
    {Code::kUnusedTransition, "W502", kWarning, "nothing runs the transition", "", ""},
    {Code::kNeverChanges, "W503", kWarning, "first slice can never change anything", "", ""},
    {Code::kUnboundedCycle, "W504", kWarning, "message cycle without a bound", "", ""},
    {Code::kContradictoryGoals, "W505", kWarning, "goals contradict each other", "", ""},
    {Code::kCandidateIsMessage, "W506", kWarning, "goal may run what messages name", "", ""},
    {Code::kGoalGetsNowhere, "W507", kWarning, "goal gets nowhere", "", ""},
    {Code::kSimulated, "W508", kWarning, "effect is simulated", "", ""},
    {Code::kOscillation, "E005", kError, "oscillation: the run loops for ever", "", ""},
    {Code::kOverflow, "F001", kError, "integer overflow", "", ""},
    {Code::kDivisionByZero, "F002", kError, "division by zero", "", ""},
    {Code::kNoSuchElement, "F003", kError, "no such index, key or element", "", ""},
    {Code::kReservedFault, "F004", kError, "reserved", "", ""},
    {Code::kValueTooBig, "F005", kError, "value is too big", "", ""},
    {Code::kOutOfGas, "F006", kError, "slice ran out of gas or depth", "", ""},
    {Code::kMailboxFull, "F007", kError, "mailbox can never take it", "", ""},
    {Code::kInvariantBroken, "F010", kError, "invariant broken", "", ""},
    {Code::kAssertFailed, "F020", kError, "assert failed", "", ""},
};

constexpr bool table_matches_enum() {
  for (size_t i = 0; i < std::size(kTable); ++i) {
    if (kTable[i].code != static_cast<Code>(i)) return false;
  }
  return std::size(kTable) == static_cast<size_t>(Code::kCount_);
}
static_assert(table_matches_enum(), "the table must list every code of codes.h in its order");

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

const CodeInfo& info(Code code) { return kTable[static_cast<size_t>(code)]; }

std::span<const CodeInfo> all_codes() { return kTable; }

const CodeInfo* find_code(std::string_view id) {
  const auto same = [id](const CodeInfo& entry) {
    return std::ranges::equal(entry.id, id, {}, upper, upper);
  };
  const auto found = std::ranges::find_if(kTable, same);
  return found == std::end(kTable) ? nullptr : &*found;
}

}  // namespace lexum
