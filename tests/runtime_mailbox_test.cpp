// Messages, mailboxes and the index of keys, by themselves.
#include <deque>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "runtime/key_index.h"
#include "runtime/message.h"

namespace lexum {
namespace {

Message* message(MessagePool& pool, int64_t content) {
  Value arg = Value::of(content);
  return pool.make(RoutineIndex(1), Origin{}, {&arg, 1});
}

TEST(Mailbox, GivesMessagesInTheOrderInWhichTheyCame) {
  MessagePool pool;
  Mailbox mailbox;
  for (int64_t i = 0; i < 3; ++i) mailbox.push(message(pool, i));
  for (int64_t i = 0; i < 3; ++i) {
    Message* first = mailbox.pop();
    EXPECT_EQ(first->args()[0].as_int(), i);
    pool.release(first);
  }
  EXPECT_TRUE(mailbox.empty());
  EXPECT_EQ(mailbox.digest(), Sum128{});
}

TEST(Mailbox, TellsOneOrderFromAnother) {
  MessagePool pool;
  Mailbox ab;
  Mailbox ba;
  ab.push(message(pool, 1));
  ab.push(message(pool, 2));
  ba.push(message(pool, 2));
  ba.push(message(pool, 1));
  EXPECT_FALSE(ab.digest() == ba.digest());
  pool.release_all(ab.take_all());
  pool.release_all(ba.take_all());
}

// However a mailbox came to hold what it holds, its digest is that of a mailbox which was just
// filled with it.
RC_GTEST_PROP(Mailbox, HasTheDigestOfItsContentWhateverItsPast,
              (const std::vector<uint8_t>& steps)) {
  MessagePool pool;
  Mailbox mailbox;
  std::deque<int64_t> twin;
  for (const uint8_t step : steps) {
    if (step % 3 == 0 && !twin.empty()) {
      pool.release(mailbox.pop());
      twin.pop_front();
    } else if (step % 3 == 1) {
      mailbox.push_front(message(pool, step));
      twin.push_front(step);
    } else {
      mailbox.push(message(pool, step));
      twin.push_back(step);
    }
  }
  Mailbox fresh;
  for (const int64_t content : twin) fresh.push(message(pool, content));
  RC_ASSERT(mailbox.size() == twin.size());
  RC_ASSERT(mailbox.digest() == fresh.digest());
  pool.release_all(mailbox.take_all());
  pool.release_all(fresh.take_all());
}

RC_GTEST_PROP(KeyIndex, KnowsTheLastIdOfEveryKey,
              (const std::vector<std::pair<int8_t, uint16_t>>& steps)) {
  KeyIndex index;
  std::map<int8_t, uint16_t> twin;
  for (const auto& [key, id] : steps) {
    index.set(Value::of(int64_t{key}), InstanceId(id));
    twin[key] = id;
  }
  for (int key = -128; key < 128; ++key) {
    const auto known = twin.find(static_cast<int8_t>(key));
    const InstanceId found = index.find(Value::of(int64_t{key}));
    RC_ASSERT(found == (known == twin.end() ? InstanceId() : InstanceId(known->second)));
  }
}

// Keys that are small numbers and those that are not live in different places, and which is which
// changes as there come to be more of them.
TEST(KeyIndex, KnowsKeysNearAndFar) {
  KeyIndex index;
  std::map<int64_t, size_t> twin;
  size_t id = 0;
  const auto set = [&](int64_t key) {
    index.set(Value::of(key), InstanceId(++id));
    twin[key] = id;
  };
  for (const int64_t key : {int64_t{-1}, int64_t{1000}, int64_t{1} << 40, INT64_MIN, INT64_MAX})
    set(key);
  for (int64_t key = 0; key < 5000; key += 3) set(key);
  set(1000);
  for (const auto& [key, known] : twin) {
    EXPECT_EQ(index.find(Value::of(key)), InstanceId(known)) << key;
    EXPECT_FALSE(index.find(Value::of(key ^ 1)) && !twin.contains(key ^ 1)) << key;
  }
  EXPECT_FALSE(index.find(Value()));
  index.set(Value(), InstanceId(7));
  index.set(Value::of(std::string_view("a text that is too long to lie in place")), InstanceId(8));
  index.set(Value::of(std::string_view("7")), InstanceId(9));
  EXPECT_EQ(index.find(Value()), InstanceId(7));
  EXPECT_EQ(index.find(Value::of(std::string_view("a text that is too long to lie in place"))),
            InstanceId(8));
  EXPECT_EQ(index.find(Value::of(std::string_view("7"))), InstanceId(9));
}

}  // namespace
}  // namespace lexum
