// The operators: how they are written and how tightly they bind.
#pragma once

#include <array>
#include <string_view>

#include "syntax/tree.h"

namespace lexum {

// Levels of chains, loosest first; what stands before its operand binds tighter than all of them.
inline constexpr int kComparisonLevel = 3;
inline constexpr int kPrefixLevel = 6;

struct OperatorInfo {
  Operator op;
  std::string_view spelling;
  int level;
};

// In the order of Operator.
inline constexpr std::array kOperators{
    OperatorInfo{Operator::kElse, "??", 0},
    OperatorInfo{Operator::kOr, "||", 1},
    OperatorInfo{Operator::kAnd, "&&", 2},
    OperatorInfo{Operator::kEqual, "==", kComparisonLevel},
    OperatorInfo{Operator::kUnequal, "!=", kComparisonLevel},
    OperatorInfo{Operator::kLess, "<", kComparisonLevel},
    OperatorInfo{Operator::kLessEqual, "<=", kComparisonLevel},
    OperatorInfo{Operator::kGreater, ">", kComparisonLevel},
    OperatorInfo{Operator::kGreaterEqual, ">=", kComparisonLevel},
    OperatorInfo{Operator::kMatches, "matches", kComparisonLevel},
    OperatorInfo{Operator::kAdd, "+", 4},
    OperatorInfo{Operator::kSubtract, "-", 4},
    OperatorInfo{Operator::kMultiply, "*", 5},
    OperatorInfo{Operator::kDivide, "/", 5},
    OperatorInfo{Operator::kRemainder, "%", 5},
    OperatorInfo{Operator::kNot, "!", kPrefixLevel},
    OperatorInfo{Operator::kNegate, "-", kPrefixLevel},
};
static_assert([] {
  for (size_t i = 0; i < kOperators.size(); ++i) {
    if (static_cast<size_t>(kOperators[i].op) != i) return false;
  }
  return true;
}());

}  // namespace lexum
