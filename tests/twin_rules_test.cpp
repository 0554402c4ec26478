// The rules that were worked out by hand: the twin obeys them, and the machine.
#include <gtest/gtest.h>

#include "twin/rules.h"
#include "twin_machine.h"

namespace lexum::twin {
namespace {

class Rules : public testing::TestWithParam<Rule> {};

TEST_P(Rules, BindTheTwin) {
  const Rule& rule = GetParam();
  const std::string wrong = broken(rule, run(Source(rule.name, rule.program), rule.options));
  EXPECT_TRUE(wrong.empty()) << wrong;
}

TEST_P(Rules, BindTheMachine) {
  const Rule& rule = GetParam();
  const std::string wrong = broken(rule, run_on_machine(rule.program, rule.options));
  EXPECT_TRUE(wrong.empty()) << wrong;
}

INSTANTIATE_TEST_SUITE_P(Page, Rules, testing::ValuesIn(rules()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace lexum::twin
