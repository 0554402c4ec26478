// What came from a file and makes no sense for a program is found before a world gets it: all of
// these broke one.
#include <gtest/gtest.h>

#include "eval/load.h"
#include "runtime/fits.h"

namespace lexum {
namespace {

std::shared_ptr<const Program> load_text(const char* text) {
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program = load(Source("test.lxm", text), diagnostics);
  EXPECT_NE(program, nullptr);
  return program;
}

// One instance of D, in the middle of its work.
class Forged : public testing::Test {
 protected:
  Forged() {
    InstanceImage& one = world_.instances.emplace_back();
    one.id = InstanceId(size_t{0});
    one.domain = program_->find_domain("D");
    one.fields = {Value::of(int64_t{0})};
    BegunImage begun;
    begun.routine = begun.message.routine = RoutineIndex(size_t{0});
    begun.next_slice = 1;
    begun.message.args = {Value::of("k")};
    one.begun.push_back(begun);
    world_.instance_count = 1;
  }
  [[nodiscard]] bool is_world() const {
    return fits(world_, *program_) && is_whole(world_, *program_);
  }

  const std::shared_ptr<const Program> program_ = load_text(R"(
domain D {
  state { n: int }
  transition Take(key: string) { step { n = 1 } slice second { n = 2 } }
  on Rest { n = 3 }
}
)");
  WorldImage world_;
};

TEST_F(Forged, WorldsAreOnesUntilSomethingIsWrong) { EXPECT_TRUE(is_world()); }

TEST_F(Forged, TwoInstancesHaveOneId) {
  world_.instances.push_back(world_.instances.front());
  world_.instance_count = 2;
  EXPECT_FALSE(is_world());
  world_.instances.back().id = InstanceId(size_t{1});
  EXPECT_TRUE(is_world());
}

TEST_F(Forged, WorkHasBegunWithoutWhatItTakes) {
  BegunImage& begun = world_.instances.front().begun.front();
  begun.work = WorkKind::kBoot;
  EXPECT_FALSE(is_world());
  begun.work = WorkKind::kMessage;
  begun.message = {};
  begun.message.routine = RoutineIndex(size_t{1});
  EXPECT_FALSE(is_world()) << "by another one's message";
}

TEST_F(Forged, ARedeliveryIsToSomebody) {
  InputImage input{.number = 1, .kind = InputKind::kRedeliver, .about = 1};
  EXPECT_TRUE(fits(input, *program_));
  input.domain = world_.instances.front().domain;
  input.key = Value::of(int64_t{7});
  EXPECT_FALSE(fits(input, *program_));
}

}  // namespace
}  // namespace lexum
