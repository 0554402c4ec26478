// The codes of all diagnostics and faults, in the order of the table in codes.cpp (a static_assert there compares).
// A code, once released, keeps its meaning for ever.
#pragma once

#include <cstdint>

namespace lexum {

enum class Code : uint16_t {
  // E1: text and grammar
  kInvalidUtf8,          // E100
  kUnexpectedCharacter,  // E101
  kUnclosedString,       // E102
  kBadEscape,            // E103
  kUnclosedComment,      // E104
  kIntegerTooBig,        // E105
  kUnexpectedToken,      // E106: expected something else
  kUnclosed,             // E107: a brace, bracket or parenthesis
  kNestedTooDeep,        // E108
  kSingleEquals,         // E109: `target x = 3`
  kNoDomain,             // E110
  kChainedComparison,    // E111: a < b < c
  kReservedName,         // E112: a reserved word where a name is wanted
  // E2: names
  kUnknownName,        // E201
  kDuplicateName,      // E202
  kUnknownDomain,      // E203
  kUnknownMessage,     // E204
  kUnknownType,        // E205
  kUnknownField,       // E206: of a record, of state, of a system's start
  kUnknownMethod,      // E207
  kUnknownFunction,    // E208
  kHidesName,          // E209: a local hides a local, or a let a field
  kForeignState,       // E210: another domain's field
  kUnknownTransition,  // E211: in a strategy, or after `else`
  kUnknownAnnotation,  // E212
  kUnknownWord,        // E213: a level, a scope, a capability
  kUnknownEffect,      // E214: an operation that its adapter's declarations do not have
  kUnknownArgument,    // E215
  // E3: types
  kTypeMismatch,       // E301
  kMayBeNull,          // E302: a T? used as a T
  kBadOperands,        // E303
  kArgumentCount,      // E304: missing, too many, twice
  kNotAssignable,      // E305
  kNotConstant,        // E306: a start value
  kMissingReturn,      // E307: a path of a fn without a value
  kBadReturn,          // E308: a value where none may be, or none where one must
  kBadPattern,         // E309: not a literal, or RE2 refuses it
  kNotIterable,        // E310
  kMissingType,        // E311: a parameter without a type
  kNamedArguments,     // E312: position after name, or position where only names are allowed
  kNoValue,            // E313: something without a value used as one
  // E4: declarations that contradict themselves or each other
  kKey,                // E401: a key where there is none, or none where there must be one
  kRetireSingle,       // E402
  kBoot,               // E403: Boot sent, or with parameters
  kGoalItems,          // E404: no predicate, or an item twice
  kListenersDiffer,    // E405
  kRecordCycle,        // E406
  kBadAnnotation,      // E407: its arguments
  kBadPriority,        // E408: out of 0..255
  kBadStrategy,        // E409: a transition with parameters, or Boot
  kNotAllowedHere,     // E410: assert or log in fn, a statement where it may not be
  kHandlerAndTransition,  // E411: one name in one domain
  kBadNumber,          // E412: terminate_after or mailbox of no use
  // A: authority
  kNotCapable,         // A001
  kNotPure,            // A008
  // W: legal but suspicious
  kUnreachableGoal,    // W501
  kUnusedTransition,   // W502
  kNeverChanges,       // W503: a first slice that can never change anything
  kUnboundedCycle,     // W504: a message cycle that nothing bounds
  kContradictoryGoals, // W505
  kCandidateIsMessage, // W506: a goal without strategy may run a transition that messages name
  kGoalGetsNowhere,    // W507: worked at 1,000 times in a row
  kSimulated,          // W508: an adapter that nobody bound
  // what happens while it runs
  kOscillation,        // E005
  kOverflow,           // F001
  kDivisionByZero,     // F002
  kNoSuchElement,      // F003
  kReservedFault,      // F004
  kValueTooBig,        // F005
  kOutOfGas,           // F006
  kMailboxFull,        // F007
  kInvariantBroken,    // F010
  kAssertFailed,       // F020
  kCount_,
};

}  // namespace lexum
