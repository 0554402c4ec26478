// The twin obeys the rules that were worked out by hand.
#include <gtest/gtest.h>

#include "twin/rules.h"

namespace lexum::twin {
namespace {

class TwinRules : public testing::TestWithParam<Rule> {};

TEST_P(TwinRules, Holds) {
  const Rule& rule = GetParam();
  const std::string wrong = broken(rule, run(Source(rule.name, rule.program), rule.options));
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(Page, TwinRules, testing::ValuesIn(rules()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace lexum::twin
