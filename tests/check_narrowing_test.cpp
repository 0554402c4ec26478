// A question about null is an answer for what stands behind it, until an assignment.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

struct Row {
  std::string body;
  std::string said;  // "" where it is narrow enough
};

void expect_all(const std::vector<Row>& rows) {
  for (const Row& row : rows) EXPECT_EQ(said_in_body(row.body), row.said) << row.body;
}

TEST(Narrowing, InsideAnIf) {
  expect_all({{"if mn != null { n = mn }", ""},
              {"if null != mn { n = mn }", ""},
              {"if state.mn != null { n = mn }", ""},
              {"if q != null { n = q }", ""},
              {"if mn == null { n = mn }", "E302 `mn`"},
              {"if mn != null { } n = mn", "E302 `mn`"},
              {"if mn == null { n = 0 } else { n = mn }", ""},
              {"if mn == null { n = 0 } else if b { n = mn } else { n = mn + 1 }", ""},
              {"if !(mn == null) { n = mn }", ""},
              {"if mn != q { n = mn }", "E302 `mn`"}});
}

TEST(Narrowing, ToTheRightOfAndAndOr) {
  expect_all({{"b = mn != null && mn > 3", ""},
              {"b = mn == null || mn > 3", ""},
              {"b = mn > 3 && mn != null", "E302 `mn`"},
              {"b = mn != null || mn > 3", "E302 `mn`"},
              {"b = !(mn == null) && mn > 3", ""},
              {"b = (mn != null && mn > 3) || mn < 3", "E302 `mn`"},
              {"if mn != null && ms != null { n = mn s = ms }", ""},
              {"if mn == null || ms == null { } else { n = mn s = ms }", ""},
              {"if mn != null || ms != null { n = mn }", "E302 `mn`"},
              {"if !(mn == null || q == null) { n = mn + q }", ""}});
}

TEST(Narrowing, BehindAnIfThatReturns) {
  expect_all({{"if mn == null { return } n = mn", ""},
              {"if mn == null || q == null { return } n = mn + q", ""},
              {"if mn == null { log 1 } n = mn", "E302 `mn`"},
              {"if mn == null { if b { return } else { return } } n = mn", ""},
              {"if mn == null { if b { return } } n = mn", "E302 `mn`"}});
}

TEST(Narrowing, UntilItIsAssigned) {
  expect_all({{"if mn != null { mn = q n = mn }", "E302 `mn`"},
              {"if mn != null { if b { mn = null } n = mn }", "E302 `mn`"},
              {"if mn != null { if b { mn = null return } n = mn }", ""},
              {"if mn != null { mn += 1 }", ""},
              {"if mn != null { for i in 0..2 { n = mn mn = null } }", "E302 `mn`"},
              {"if mn != null { for i in 0..2 { n = mn } n = mn }", ""}});
}

TEST(Narrowing, OfMembersOfRecords) {
  expect_all({{"if t.owner != null { s = t.owner }", ""},
              {"if mt != null { n = mt.id mt.id = 3 }", ""},
              {"if mt != null && mt.next != null { n = mt.next.id }", ""},
              {"if t.owner != null { t.id = 3 s = t.owner }", ""},
              {"if t.owner != null { t.owner = null s = t.owner }", "E302 `t.owner`"},
              {"if t.owner != null { t = Task() s = t.owner }", "E302 `t.owner`"}});
}

TEST(Narrowing, OfLocalsAndNotOfElements) {
  expect_all({{"let x = l.first if x != null { n = x }", ""},
              {"if l.first != null { n = l.first }", "E302 `l.first`"},
              {"if m.get(s) != null { n = m.get(s) }", "E302 `m.get(s)`"},
              {"if mn != null { n = mn ?? 3 b = mn != null }", ""}});
}

TEST(Narrowing, InConditionsOfDomains) {
  EXPECT_EQ(
      said("domain D { state { a: int? } invariant i { a == null || a > 0 } on M { a = 1 } }"), "");
  EXPECT_EQ(said("domain D { state { a: int? } invariant i { a > 0 } on M { a = 1 } }"),
            "E302 `a`");
}

TEST(Narrowing, DoesNotOutliveASlice) {
  EXPECT_EQ(said("domain D { state { a: int? n: int } on Go { send D T } "
                 "transition T { slice x { if a == null { return } n = a } slice y { n = a } } }"),
            "E302 `a`");
}

}  // namespace
}  // namespace lexum::check_test
