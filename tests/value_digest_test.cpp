// The digest: the vectors of its page, and a slow twin that follows the page word by word.
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "value/value.h"
#include "value_random.h"

namespace lexum {
namespace {

std::string in_hex(Sum128 digest) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx %016llx", static_cast<unsigned long long>(digest.a),
                static_cast<unsigned long long>(digest.b));
  return text;
}

Value number(int64_t n) { return Value::of(n); }

// What DIGEST.md calls by this name.
std::map<std::string, Value> named_values() {
  const Value one_two[] = {number(1), number(2)};
  const Entry a_one[] = {{Value::of("a"), number(1)}};
  const Value fields[] = {number(1), Value::of("x")};
  return {{"null", Value()},
          {"false", Value::of(false)},
          {"true", Value::of(true)},
          {"0", number(0)},
          {"1", number(1)},
          {"-1", number(-1)},
          {"\"\"", Value::of("")},
          {"\"a\"", Value::of("a")},
          {"\"fourteen bytes\"", Value::of("fourteen bytes")},
          {"\"fifteen bytes!!\"", Value::of("fifteen bytes!!")},
          {"[]", Value::empty_list()},
          {"{}", Value::empty_map()},
          {"[1, 2]", Value::list(one_two)},
          {"{\"a\": 1}", Value::map(a_one)},
          {"T(a: 1, b: \"x\")", Value::record(3, fields)}};
}

TEST(ValueDigest, IsThatOfThePage) {
  std::map<std::string, std::string> page;
  std::ifstream in(LEXUM_SOURCE_DIR "/core/value/DIGEST.md");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| `")) continue;
    const size_t end = line.find('`', 3);
    page[line.substr(3, end - 3)] = line.substr(line.rfind('`') - 33, 33);
  }
  std::map<std::string, std::string> ours;
  for (const auto& [name, value] : named_values()) ours[name] = in_hex(value.digest());
  EXPECT_EQ(ours, page);
}

// ---- the slow twin

constexpr uint64_t kP = (uint64_t{1} << 61) - 1;
constexpr uint64_t kB[] = {0x0f1bbcdcbfa53e0b, 0x13198a2e03707345};

uint64_t times(uint64_t x, uint64_t y) {  // modulo kP, by doubling
  uint64_t product = 0;
  for (; y != 0; y >>= 1, x = x * 2 % kP) {
    if (y & 1) product = (product + x) % kP;
  }
  return product;
}

struct Slow {
  uint64_t h[2] = {0, 0};
  uint64_t count = 0;

  void add(Sum128 element) {
    h[0] = (times(h[0], kB[0]) + element.a % kP) % kP;
    h[1] = (times(h[1], kB[1]) + element.b % kP) % kP;
    ++count;
  }
  [[nodiscard]] Sum128 end(uint64_t kind, uint64_t shape) const {
    return mark(Sum128{h[0], h[1]}, kind + 8 * count + (shape << 32));
  }
};

Sum128 slow_digest(const Value& value);

Sum128 slow_text_digest(const std::string& text) {
  if (text.size() > 14) {
    Slow slow;
    for (const char c : text) slow.add({static_cast<uint8_t>(c), static_cast<uint8_t>(c)});
    return slow.end(3, 0);
  }
  uint64_t x = 0;
  uint64_t y = 3 + 256 * text.size();
  for (size_t i = 0; i < text.size(); ++i) {
    const uint64_t byte = static_cast<uint8_t>(text[i]);
    if (i < 6) y += byte << (16 + 8 * i);
    else x += byte << (8 * (i - 6));
  }
  return mark(x, y);
}

Sum128 slow_digest(const Value& value) {
  Slow slow;
  switch (value.kind()) {
    case Kind::kNull:
      return mark(0, 0);
    case Kind::kBool:
      return mark(value.as_bool(), 1);
    case Kind::kInt:
      return mark(static_cast<uint64_t>(value.as_int()), 2);
    case Kind::kText:
      return slow_text_digest(value.text());
    case Kind::kList:
      value.each([&](const Value& element) { slow.add(slow_digest(element)); });
      return slow.end(4, 0);
    case Kind::kMap:
      value.each_entry([&](const Value& key, const Value& mapped) {
        const Sum128 v = slow_digest(mapped);
        slow.add(mark(mark(slow_digest(key), v.a), v.b));
      });
      return slow.end(5, 0);
    case Kind::kRecord:
      for (const Value& field : value.fields()) slow.add(slow_digest(field));
      return slow.end(6, value.shape());
  }
  return {};
}

uint64_t slow_weight(const Value& value) {
  uint64_t weight = 0;
  switch (value.kind()) {
    case Kind::kText:
      return value.text().size();
    case Kind::kList:
      value.each([&](const Value& v) { weight += slow_weight(v); });
      return weight;
    case Kind::kMap:
      value.each_entry([&](const Value& k, const Value& v) {
        weight += (k.kind() == Kind::kInt ? 8 : k.text().size()) + slow_weight(v);
      });
      return weight;
    case Kind::kRecord:
      for (const Value& field : value.fields()) weight += slow_weight(field);
      return weight;
    default:
      return 8;
  }
}

uint32_t slow_depth(const Value& value) {
  uint32_t depth = 0;
  const auto look = [&depth](const Value& v) { depth = std::max(depth, 1 + slow_depth(v)); };
  if (value.kind() == Kind::kList) value.each(look);
  if (value.kind() == Kind::kMap) value.each_entry([&](const Value&, const Value& v) { look(v); });
  if (value.kind() == Kind::kRecord) {
    for (const Value& field : value.fields()) look(field);
  }
  return depth;
}

RC_GTEST_PROP(ValueDigest, IsThatOfTheSlowTwinHoweverTheValueCameAbout, ()) {
  Value value = random_value(4);
  for (int edits = 0; edits < 8; ++edits) {
    RC_ASSERT(value.digest() == slow_digest(value));
    RC_ASSERT(value.weight() == slow_weight(value));
    RC_ASSERT(value.depth() == slow_depth(value));
    value = random_edit(value);
  }
}

TEST(ValueDigest, OfTextsOfAllLengthsIsThatOfTheSlowTwin) {
  std::string text;
  for (size_t size = 0; size < 1200; ++size) {
    ASSERT_EQ(Value::of(text).digest(), slow_text_digest(text)) << size;
    text += static_cast<char>('a' + size * size % 23);
  }
}

// The highest bytes that a text can have, wherever its blocks begin.
TEST(ValueDigest, OfHighBytesIsThatOfTheSlowTwin) {
  for (size_t before = 0; before < 140; ++before) {
    std::string text(before, 'a');
    for (size_t i = 0; i < 200; ++i) text += "\xf4\x8f\xbf\xbf";
    const Value value = Value::of(text);
    ASSERT_EQ(value.digest(), slow_text_digest(text)) << before;
    ASSERT_EQ(value.text_length(), before + 200) << before;
  }
}

// Modulo 2^64 these would have the digest of their complement, whatever the base.
TEST(ValueDigest, TellsThueMorseFromItsComplement) {
  std::string words;
  std::string complement;
  for (uint64_t i = 0; i < 4096; ++i) {
    const bool odd = __builtin_popcountll(i) % 2 != 0;
    words += odd ? 'b' : 'a';
    complement += odd ? 'a' : 'b';
  }
  EXPECT_NE(Value::of(words).digest(), Value::of(complement).digest());
}

TEST(ValueDigest, TellsEmptyThingsAndKindsApart) {
  std::vector<Value> all{Value(),
                         Value::of(false),
                         number(0),
                         Value::of(""),
                         Value::empty_list(),
                         Value::empty_map(),
                         Value::record(0, {}),
                         Value::record(1, {})};
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < all.size(); ++j) {
      EXPECT_EQ(all[i].digest() == all[j].digest(), i == j);
      EXPECT_EQ(all[i] == all[j], i == j);
    }
  }
}

}  // namespace
}  // namespace lexum
