// Values against slow, obvious twins: whatever is done to a list, map or text, in whatever order
// and however much the versions share, is what std::vector, std::map and std::string would have
// made of it.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "value/node.h"
#include "value/sequence.h"
#include "value/value.h"
#include "value_random.h"

namespace lexum {
namespace {

// Every promise that a tree makes about its nodes.
template <class T>
void expect_balanced(const Node& node, bool root) {
  const bool leaf = node.level == 0;
  const size_t least = root ? (leaf ? 1 : 2) : leaf ? Limits<T>::kMin : Limits<NodeLink>::kMin;
  ASSERT_GE(node.count, least);
  ASSERT_LE(node.count, leaf ? Limits<T>::kMax : Limits<NodeLink>::kMax);
  ASSERT_LE(node.count, node.capacity);
  const Measure fresh = leaf ? measure_of(items<T>(node)) : measure_of(items<NodeLink>(node));
  ASSERT_EQ(node.measure.size, fresh.size);
  ASSERT_EQ(node.measure.parts, fresh.parts);
  ASSERT_EQ(node.measure.weight, fresh.weight);
  ASSERT_EQ(node.measure.hash, fresh.hash);
  if (leaf) {
    if constexpr (std::is_same_v<T, char>) {
      ASSERT_NE(static_cast<uint8_t>(items<char>(node)[0]) & 0xc0, 0x80);
    }
    return;
  }
  for (const NodeLink& link : items<NodeLink>(node)) {
    ASSERT_EQ(link.child->level + 1, node.level);
    ASSERT_EQ(link.size, link.child->measure.size);
    const Node* first = &*link.child;
    while (first->level > 0) first = &*items<NodeLink>(*first)[0].child;
    if constexpr (std::is_same_v<T, Entry>) {
      ASSERT_EQ(link.low, items<Entry>(*first)[0].key);
    }
    expect_balanced<T>(*link.child, false);
  }
}
template <class T>
void expect_balanced(const Value& value) {
  if (value.node() != nullptr) expect_balanced<T>(*value.node(), true);
}

using Ints = std::vector<int64_t>;

Value list_of(const Ints& ints) {
  std::vector<Value> values;
  for (const int64_t i : ints) values.push_back(Value::of(i));
  return Value::list(values);
}
Ints ints_of(const Value& list) {
  Ints ints;
  list.each([&](const Value& v) { ints.push_back(v.as_int()); });
  return ints;
}

Ints counted(int64_t count) {
  Ints ints;
  for (int64_t i = 0; i < count; ++i) ints.push_back(i * 7);
  return ints;
}

// One random edit of a random earlier version, both ways.
struct ListVersion {
  Value value;
  Ints twin;
};
ListVersion edited(const std::vector<ListVersion>& all) {
  ListVersion now = all[upto(all.size() - 1)];
  Ints& twin = now.twin;
  const Value fresh = Value::of(static_cast<int64_t>(*rc::gen::arbitrary<int>()));
  switch (*rc::gen::inRange(0, 6)) {
    case 0: {
      const size_t at = upto(twin.size());
      twin.insert(twin.begin() + at, fresh.as_int());
      now.value = std::move(now.value).inserted(at, fresh);
      break;
    }
    case 1: {
      if (twin.empty()) break;
      const size_t at = upto(twin.size() - 1);
      twin.erase(twin.begin() + at);
      now.value = std::move(now.value).erased(at);
      break;
    }
    case 2: {
      if (twin.empty()) break;
      const size_t at = upto(twin.size() - 1);
      twin[at] = fresh.as_int();
      now.value = std::move(now.value).with(at, fresh);
      break;
    }
    case 3: {
      const size_t end = upto(twin.size());
      const size_t begin = upto(end);
      twin = Ints(twin.begin() + begin, twin.begin() + end);
      now.value = std::move(now.value).slice(begin, end);
      break;
    }
    case 4: {
      const ListVersion& other = all[upto(all.size() - 1)];
      if (twin.size() + other.twin.size() > 20000) break;
      twin.insert(twin.end(), other.twin.begin(), other.twin.end());
      now.value = Value::concat(now.value, other.value);
      break;
    }
    default: {
      const size_t count = upto(400);
      for (size_t i = 0; i < count; ++i) {
        twin.push_back(static_cast<int64_t>(i));
        now.value = std::move(now.value).appended(Value::of(static_cast<int64_t>(i)));
      }
    }
  }
  return now;
}

RC_GTEST_PROP(ValueList, IsAVectorWhateverIsDoneToIt, ()) {
  std::vector<ListVersion> all{{Value::empty_list(), {}}, {list_of(counted(2000)), counted(2000)}};
  for (int i = 0; i < 60; ++i) all.push_back(edited(all));
  for (const ListVersion& version : all) {
    RC_ASSERT(ints_of(version.value) == version.twin);
    RC_ASSERT(version.value == list_of(version.twin));
    RC_ASSERT(version.value.digest() == list_of(version.twin).digest());
    RC_ASSERT(version.value.weight() == version.twin.size() * 8);
    expect_balanced<Value>(version.value);
  }
}

TEST(ValueList, EditedAtEveryPlaceOfEverySmallSizeIsAVector) {
  for (int64_t size = 0; size < 90; ++size) {
    const Ints twin = counted(size);
    const Value list = list_of(twin);
    for (int64_t at = 0; at <= size; ++at) {
      Ints more = twin;
      more.insert(more.begin() + at, -1);
      ASSERT_EQ(list.inserted(at, Value::of(int64_t{-1})), list_of(more));
      ASSERT_EQ(Value::concat(list.slice(0, at), list.slice(at, size)), list);
      if (at == size) continue;
      Ints less = twin;
      less.erase(less.begin() + at);
      ASSERT_EQ(list.erased(at), list_of(less));
      ASSERT_EQ(list.at(at).as_int(), twin[at]);
    }
    ASSERT_EQ(ints_of(list), twin);
  }
}

TEST(ValueList, StaysFlatWhenAQueueIsTurnedAMillionTimes) {
  Value queue = list_of(counted(1000));
  for (int64_t i = 0; i < 1000000; ++i) {
    queue = std::move(queue).erased(0).appended(Value::of(i));
  }
  EXPECT_EQ(queue.size(), 1000u);
  EXPECT_EQ(queue.at(0).as_int(), 999000);
  EXPECT_EQ(queue.at(999).as_int(), 999999);
  EXPECT_LE(queue.node()->level, 3);
  expect_balanced<Value>(queue);
}

TEST(ValueText, StaysFlatWhenALogGrowsAMillionLines) {
  Value log = Value::of("");
  for (int i = 0; i < 1000000; ++i) log = Value::concat(std::move(log), Value::of("line ü\n"));
  EXPECT_EQ(log.text_bytes(), 8000000u);
  EXPECT_EQ(log.text_length(), 7000000u);
  EXPECT_LE(log.node()->level, 6);
  expect_balanced<char>(log);
}

// ---- maps

using IntMap = std::map<int64_t, int64_t>;

Value map_of(const IntMap& twin) {
  std::vector<Entry> entries;
  for (const auto& [key, value] : twin) entries.push_back({Value::of(key), Value::of(value)});
  return Value::map(entries);
}

RC_GTEST_PROP(ValueMap, IsAMapWhateverIsDoneToIt, ()) {
  std::vector<std::pair<Value, IntMap>> all{{Value::empty_map(), {}}};
  for (int i = 0; i < 30; ++i) {
    auto [value, twin] = all[upto(all.size() - 1)];
    const auto edits = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(-300, 300), rc::gen::arbitrary<bool>()));
    for (const auto& [key, add] : edits) {
      if (add) {
        twin[key] = i;
        value = std::move(value).put(Value::of(int64_t{key}), Value::of(int64_t{i}));
      } else {
        twin.erase(key);
        value = std::move(value).without(Value::of(int64_t{key}));
      }
    }
    all.emplace_back(value, twin);
  }
  for (const auto& [value, twin] : all) {
    RC_ASSERT(value == map_of(twin));
    RC_ASSERT(value.digest() == map_of(twin).digest());
    RC_ASSERT(value.weight() == twin.size() * 16);
    size_t at = 0;
    for (const auto& [key, mapped] : twin) {
      RC_ASSERT(value.entry(at++) == std::pair(Value::of(key), Value::of(mapped)));
    }
    for (int64_t key = -300; key < 300; ++key) {
      Value found;
      RC_ASSERT(value.find(Value::of(key), found) == twin.contains(key));
      RC_ASSERT(value.has(Value::of(key)) == twin.contains(key));
      if (twin.contains(key)) RC_ASSERT(found.as_int() == twin.at(key));
    }
    expect_balanced<Entry>(value);
  }
}

TEST(ValueMap, OrdersTextsByCodePoint) {
  Value map = Value::empty_map();
  for (const char* key :
       {"b", "a rather long key, beyond fourteen bytes", "", "é", "a", "𝄞", "z", "aa"}) {
    map = std::move(map).put(Value::of(key), Value::of(true));
  }
  std::string keys;
  map.each_entry([&](const Value& key, const Value&) { keys += key.text() + "|"; });
  EXPECT_EQ(keys, "|a|a rather long key, beyond fourteen bytes|aa|b|z|é|𝄞|");
}

// ---- texts

size_t length_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}
int sign(int x) { return (x > 0) - (x < 0); }

RC_GTEST_PROP(ValueText, IsAStringWhateverIsDoneToIt, ()) {
  std::vector<std::pair<Value, std::string>> all{{Value::of(""), ""}};
  for (int i = 0; i < 60; ++i) {
    auto [value, twin] = all[upto(all.size() - 1)];
    if (*rc::gen::arbitrary<bool>()) {
      const auto& other = all[upto(all.size() - 1)];
      if (twin.size() > 20000) continue;
      twin += other.second;
      value = Value::concat(std::move(value), other.first);
    } else if (upto(3) != 0) {
      const std::string more = random_text();
      twin = more + twin;
      value = Value::concat(Value::of(more), value);
    } else {
      const size_t a = random_border(twin);
      const size_t b = random_border(twin);
      twin = twin.substr(std::min(a, b), std::max(a, b) - std::min(a, b));
      value = std::move(value).slice(std::min(a, b), std::max(a, b));
    }
    all.emplace_back(value, twin);
  }
  for (const auto& [value, twin] : all) {
    RC_ASSERT(value.text() == twin);
    RC_ASSERT(value == Value::of(twin));
    RC_ASSERT(value.digest() == Value::of(twin).digest());
    RC_ASSERT(value.text_bytes() == twin.size());
    RC_ASSERT(value.weight() == twin.size());
    RC_ASSERT(value.text_length() == length_of(twin));
    expect_balanced<char>(value);
    const auto& [other, other_twin] = all[upto(all.size() - 1)];
    RC_ASSERT(sign(Value::compare(value, other)) == sign(twin.compare(other_twin)));
    RC_ASSERT((value == other) == (twin == other_twin));
  }
}

}  // namespace
}  // namespace lexum
