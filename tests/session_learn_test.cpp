// The lessons: somebody types what is asked for, and what is not.
#include "session/learn.h"
#include "session/written.h"
#include "session_fixture.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Lessons : public testing::Test, protected Typist {
 protected:
  Lessons() : Typist(std::string(empty_program())) {}
};

TEST_F(Lessons, TeachesItself) {
  EXPECT_THAT(type("learn"), StartsWith("1. A domain\n"));
  EXPECT_THAT(type("learn"), HasSubstr("A block may go over several lines"));
  EXPECT_THAT(type("domain Lamp { state { on: bool } }"), HasSubstr("Well done.\nSee what"));
  EXPECT_EQ(type("goals"), "there are no goals\n") << "that was not what is asked for";
  EXPECT_THAT(type("state Lamp"), HasSubstr("2. What must be true"));
  type("goal Lamp.Lit { predicate on == true }");
  type("transition Lamp.Switch { on = true }");
  EXPECT_THAT(type("run"), HasSubstr("3. Backwards"));
  type("run");
  type("back");
  EXPECT_THAT(type("stepi"), HasSubstr("4. Messages"));
  type("send Till Sell(n: 2)");
  type("step");
  EXPECT_THAT(type("mailbox Shelf"), HasSubstr("msg:Till#1"));
  EXPECT_THAT(type("run"), HasSubstr("5. Stops"));
  type("watch n if n >= 2");
  EXPECT_THAT(type("continue"), HasSubstr("6. Why?"));
  type("run");
  EXPECT_THAT(type("why App.status"), HasSubstr("7. What if?"));
  type("run");
  type("goto 1");
  type("drop msg:Database#1");
  EXPECT_THAT(type("diff lesson7"), HasSubstr("8. Why not?"));
  type("run");
  EXPECT_THAT(type("whynot Order.Ship"), HasSubstr("status is \"new\""));
  type("transition Order.Ship { if status == \"new\" && paid { status = \"shipped\" } }");
  EXPECT_THAT(type("run"), HasSubstr("that was the last lesson"));
  EXPECT_EQ(lesson_count(), 8u);
}

TEST_F(Lessons, GoesToAnyLesson) {
  EXPECT_THAT(type("learn list"), HasSubstr("  8. Why not?\n"));
  EXPECT_THAT(type("learn 8"), StartsWith("8. Why not?\n"));
  EXPECT_EQ(session_->branch().name, "lesson8");
  EXPECT_EQ(type("learn 9"), "error: `9` is no lesson; there are 8, and `learn list` names them");
  EXPECT_EQ(type("learn x"), "error: `x` is no lesson; there are 8, and `learn list` names them");
}

}  // namespace
}  // namespace lexum
