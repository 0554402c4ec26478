// What runs: the tree again, but with every name a slot, every operator chosen by the types of its
// operands, and every message a number. The checker makes it, the interpreter walks it, and nothing
// changes it in between.
//
// A Term is 16 bytes in one array. `a`, `b`, `c` mean what the comment at its Op says: `term` is a
// TermId, `list` an index into Program::lists where a run of TermIds (or numbers) stands, `n` its
// length.
#pragma once

#include <cstdint>

#include "base/id.h"

namespace lexum {

using TermId = Id<struct TermTag>;

enum class Op : uint8_t {
  // ---- expressions. What they give is known statically: [i] int, [b] bool, [v] any value.
  kInt,       // [i] the 64-bit integer whose low half is b, whose high half is c
  kBool,      // [b] a
  kConstant,  // [v] Program::constants[a]; b: gas it costs to make (a text's bytes / 64)
  kField,     // [v] the field in slot a
  kLocal,     // [v] the local in slot a (parameters come first)
  kKey,       // [v] self's key
  // two ints: [i] a term, b term
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kSum,  // [i] three or more operands joined by + and -: a list of n terms, then n - 1 numbers: 0
         // for +, 1 for -; b n
  kProduct,  // [i] three or more joined by * / %: the same, with numbers 0 * 1 / 2 %
  kNegate,   // [i] a term
  kConcat,   // [v] texts joined: a list, b n
  // truth: [b]; and and or a list, b n (two or more); not a term
  kAnd,
  kOr,
  kNot,
  // two ints: [b] a term, b term
  kEqualInt,
  kUnequalInt,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  // two bools: [b] a term, b term
  kEqualBool,
  kUnequalBool,
  // two texts: [b] a term, b term
  kEqualText,
  kUnequalText,
  kLessText,
  kLessEqualText,
  kGreaterText,
  kGreaterEqualText,
  // any two values of one type, either of which may be null: [b] a term, b term
  kEqual,
  kUnequal,
  kMatches,   // [b] a term, b: Program::patterns
  kCoalesce,  // [v] the first that is not null, the last as it is: a list, b n
  // values with parts
  kMember,      // [v] of a record: a term, b index
  kAtList,      // [v] a term, b term (F003)
  kAtMap,       // [v] a term, b term (F003)
  kMakeList,    // [v] a list, b n
  kMakeMap,     // [v] a list of key, value, …; b n (terms); a later equal key wins
  kMakeRecord,  // [v] a list of all fields in declared order, b n, c shape
  kMethod,      // [v] a list: receiver, then arguments; b n; c Method
  kPop,         // [v] a: Program::places (F003 when empty)
  kCall,        // [v] a list, b n, c: Program::functions
  // Arguments that are written in another order than their receiver has them are staged in locals,
  // since evaluation goes left to right. That is no evaluation of its own: a kStage has the depth
  // of its terms, and only those are begun.
  kStage,  // [v] a list: n - 1 terms whose values go, in this order, into the locals from slot c
           // on, then the term that it gives; b n
  // ---- statements
  kBlock,          // a list, b n
  kSetField,       // slot a = term b
  kAddField,       // int slot a += term b
  kSubtractField,  // int slot a -= term b
  kSetLocal,       // slot a = term b; also `let`
  kAssign,    // any other place: a: Program::places, b term, c AssignOp of tree.h (+= joins texts)
  kIf,        // a list of condition, block, condition, block … [else block]; b n
  kForRange,  // a list: from, until, body; c: slot of the variable
  kForList,   // a list: list, body; b: slot of the index + 1, or 0; c: slot of the element
  kForMap,    // a list: map, body; b: slot of the value + 1, or 0; c: slot of the key
  kEmit,      // a: Program::emissions, b list of argument terms, c n
  kAssert,    // a term, b term of the message or none (none)
  kLog,       // a term, b TypeId: logs str(value)
  kReturn,    // a term or none
  kRetire,
  kEvaluate,  // a term, for what it does
};

// Methods and built-ins, in one table (methods.h) with names, types and gas.
enum class Method : uint8_t {
  kTextLength,
  kUpper,
  kLower,
  kTrim,
  kSplit,
  kTextContains,
  kStartsWith,
  kEndsWith,
  kReplace,
  kListLength,
  kFirst,
  kLast,
  kListContains,
  kListAdd,
  kListRemove,
  kListSlice,
  kSorted,
  kMapLength,
  kHas,
  kGet,
  kMapRemove,
  kKeys,
  kValues,
  kStr,
  kParseInt,
  kMin,
  kMax,
  kAbs,
};

struct Term {
  Op op;
  // For expressions: how many expressions are begun and not ended when this one is begun, itself
  // included, counted from the statement (or predicate, invariant) it stands in: the outermost
  // has 1.
  uint16_t depth = 0;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
};
static_assert(sizeof(Term) == 16);

}  // namespace lexum
