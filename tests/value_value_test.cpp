// Values one by one: how they look in source, how they are ordered, and that they may go from
// thread to thread.
#include "value/value.h"

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "value/measure.h"

namespace lexum {
namespace {

Value number(int64_t n) { return Value::of(n); }

TEST(Value, IsWrittenAsInSource) {
  const std::vector<Shape> shapes{{"Task", {"id", "name"}}};
  const Value fields[] = {number(7), Value::of("x \"y\"\n\t\\\x01\x7f ü")};
  const Value task = Value::record(0, fields);
  EXPECT_EQ(literal(task, shapes), R"(Task(id: 7, name: "x \"y\"\n\t\\\u{1}\u{7f} ü"))");
  const Value list[] = {Value(), Value::of(true), Value::of(false), Value::empty_map(),
                        number(std::numeric_limits<int64_t>::min())};
  EXPECT_EQ(str(Value::list(list), {}), "[null, true, false, {}, -9223372036854775808]");
  const Value map = Value::empty_map()
                        .put(Value::of("b"), Value::of("2"))
                        .put(Value::of("a"), Value::empty_list());
  EXPECT_EQ(str(map, {}), R"({"a": [], "b": "2"})");
  EXPECT_EQ(str(Value::of("bare \"text\""), {}), "bare \"text\"");
  EXPECT_EQ(literal(task.with_field(1, Value()), {}), "record0(0: 7, 1: null)");
}

TEST(Value, HasTheKindItWasMadeWith) {
  const Value long_text = Value::of("a text of more than fourteen bytes");
  EXPECT_EQ(Value().kind(), Kind::kNull);
  EXPECT_EQ(Value::of(true).kind(), Kind::kBool);
  EXPECT_EQ(number(3).kind(), Kind::kInt);
  EXPECT_EQ(Value::of("short").kind(), Kind::kText);
  EXPECT_EQ(long_text.kind(), Kind::kText);
  EXPECT_EQ(Value::empty_list().kind(), Kind::kList);
  EXPECT_EQ(Value::empty_map().kind(), Kind::kMap);
  EXPECT_EQ(Value::record(0, {}).kind(), Kind::kRecord);
  EXPECT_EQ(long_text.slice(0, 6), Value::of("a text"));
  EXPECT_EQ(long_text.slice(0, 6).node(), nullptr);
}

TEST(Value, IsOrderedByNumberAndByCodePoint) {
  EXPECT_LT(Value::compare(number(-2), number(1)), 0);
  EXPECT_EQ(Value::compare(number(5), number(5)), 0);
  EXPECT_GT(Value::compare(Value::of("é"), Value::of("z")), 0);
  EXPECT_LT(Value::compare(Value::of("a"), Value::of("aa")), 0);
  const std::string common(2000, 'x');
  EXPECT_LT(Value::compare(Value::of(common), Value::of(common + "a")), 0);
  EXPECT_LT(Value::compare(Value::of(common + "a"), Value::of("y")), 0);
  EXPECT_EQ(Value::compare(Value::of(common), Value::of(common)), 0);
}

TEST(ValueDeathTest, AskedForWhatItIsNotStopsTheProcess) {
  EXPECT_DEATH(static_cast<void>(number(3).as_bool()), "internal error");
  EXPECT_DEATH(static_cast<void>(Value::of("x").as_int()), "internal error");
  EXPECT_DEATH(static_cast<void>(Value::empty_list().at(0)), "internal error");
  EXPECT_DEATH(static_cast<void>(Value::empty_map().put(Value(), number(1))), "internal error");
}

TEST(Value, ThatNestsAMillionDeepCanBeForgotten) {
  Value value = number(1);
  for (int i = 0; i < 1000000; ++i) value = Value::list({&value, 1});
  EXPECT_EQ(value.depth(), 1000000u);
  value = Value();
  EXPECT_TRUE(value.is_null());
}

// What shares its parts may have more of them than 64 bits can count.
TEST(Value, WeighsNoMoreThanCanBeCounted) {
  Value doubled = Value::list(std::vector<Value>(2, number(1)));
  const Value pair = doubled;
  for (int level = 2; level < 60; ++level) doubled = Value::list(std::vector<Value>(2, doubled));
  EXPECT_EQ(doubled.parts(), (uint64_t{1} << 60) - 2);
  for (int level = 60; level < 90; ++level) doubled = Value::list(std::vector<Value>(2, doubled));
  EXPECT_EQ(doubled.parts(), kCountless);
  EXPECT_EQ(doubled.weight(), kCountless);
  doubled = std::move(doubled).with(0, pair);
  EXPECT_EQ(doubled.parts(), kCountless);
  doubled = std::move(doubled).with(1, pair);
  EXPECT_EQ(doubled.parts(), 6u);
  EXPECT_EQ(doubled.weight(), 32u);
  EXPECT_EQ(doubled.depth(), 2u);
}

Value pairs_of_one() {
  return Value::list(std::vector<Value>(2, Value::list(std::vector<Value>(2, number(1)))));
}

TEST(Value, IsShownAsFarAsThereIsRoom) {
  Value doubled = Value::of("é");
  for (int level = 0; level < 150; ++level) doubled = Value::list(std::vector<Value>(2, doubled));
  EXPECT_EQ(shown(doubled, {}, 152), std::string(150, '[') + "\"…");
  EXPECT_EQ(shown(doubled, {}, 153), std::string(150, '[') + "\"é…");
  std::string text;
  EXPECT_FALSE(str(doubled, {}, 1000, text));
  EXPECT_TRUE(str(pairs_of_one(), {}, 16, text));
  EXPECT_EQ(text, "[[1, 1], [1, 1]]");
  EXPECT_FALSE(str(pairs_of_one(), {}, 15, text));
}

// Each thread edits its own copies of what all of them hold; the shared original stays.
TEST(Value, MayGoFromThreadToThread) {
  Value map = Value::empty_map();
  for (int64_t i = 0; i < 3000; ++i) {
    map = std::move(map).put(number(i), Value::of("the value of " + std::to_string(i)));
  }
  const Sum128 digest = map.digest();
  std::vector<Value> results(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < results.size(); ++t) {
    threads.emplace_back([&result = results[t], mine = map, t]() mutable {
      for (int64_t i = 0; i < 3000; i += 3) {
        mine = std::move(mine).without(number(i)).put(number(-i), Value::of(int64_t(t)));
      }
      result = std::move(mine);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(map.digest(), digest);
  for (const Value& result : results) EXPECT_EQ(result.size(), 3000u);
  Value value;
  EXPECT_TRUE(results[3].find(number(-3), value));
  EXPECT_EQ(value.as_int(), 3);
}

}  // namespace
}  // namespace lexum
