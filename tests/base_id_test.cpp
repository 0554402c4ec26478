// Ids, results and checks: what each room takes for granted.
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/id.h"
#include "base/result.h"

namespace lexum {
namespace {

using DogId = Id<struct DogTag>;
using CatId = Id<struct CatTag>;

static_assert(!std::is_convertible_v<DogId, CatId> && !std::is_constructible_v<CatId, DogId>);
static_assert(!std::is_convertible_v<size_t, DogId>,
              "an index becomes an id only when one says so");

TEST(Id, IsNoneUntilItIsGivenAnIndex) {
  EXPECT_FALSE(DogId());
  EXPECT_TRUE(DogId(0));
  EXPECT_EQ(DogId(7).index(), 7u);
}

TEST(Id, IsOrderedByIndexWithNoneAtTheEnd) {
  EXPECT_LT(DogId(1), DogId(2));
  EXPECT_LT(DogId(2), DogId());
  EXPECT_EQ(DogId(2), DogId(2));
}

TEST(Id, CanBeAKey) {
  const std::unordered_map<DogId, std::string> names{{DogId(1), "Rex"}, {DogId(2), "Bello"}};
  EXPECT_EQ(names.at(DogId(2)), "Bello");
}

Result<std::unique_ptr<int>> half_of(int number) {
  if (number % 2 != 0) return Error{.code = ErrorCode::kDamaged, .what = "odd", .offset = 3};
  return std::make_unique<int>(number / 2);
}

TEST(Result, HoldsTheValueEvenIfItOnlyMoves) {
  Result<std::unique_ptr<int>> result = half_of(8);
  ASSERT_TRUE(result.ok());
  ASSERT_TRUE(result);
  EXPECT_EQ(**result, 4);
  const std::unique_ptr<int> owned = std::move(*result);
  EXPECT_EQ(*owned, 4);
}

TEST(Result, OrSaysWhatWentWrongAndWhere) {
  const Result<std::unique_ptr<int>> result = half_of(7);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kDamaged);
  EXPECT_EQ(result.error().what, "odd");
  EXPECT_EQ(result.error().offset, 3u);
}

TEST(Result, OfNothingIsAStatus) {
  EXPECT_TRUE(Status(Done{}).ok());
  EXPECT_FALSE(Status(Error{.code = ErrorCode::kFull, .what = "full"}).ok());
}

TEST(ResultDeathTest, StopsWhoTakesAValueThatIsNotThere) {
  Result<std::unique_ptr<int>> failed = half_of(7);
  const Result<std::unique_ptr<int>> fine = half_of(8);
  EXPECT_DEATH((void)*failed, "internal error: ok\\(\\) does not hold");
  EXPECT_DEATH((void)fine.error(), "does not hold");
}

TEST(CheckDeathTest, SaysWhatDoesNotHoldAndWhere) {
  const int slices = 2;
  LEXUM_CHECK(slices == 2);
  EXPECT_DEATH(LEXUM_CHECK(slices == 3), "slices == 3 does not hold \\(tests/base_id_test.cpp:");
}

}  // namespace
}  // namespace lexum
