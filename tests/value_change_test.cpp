// Bytes of values and of changes: what is written can be read, what was changed can be undone, and
// no bytes whatever do harm.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "value/change.h"
#include "value/diff.h"
#include "value/measure.h"
#include "value_random.h"

namespace lexum {
namespace {

std::vector<std::byte> written(const Value& value) {
  ByteWriter out;
  encode(out, value);
  return {out.bytes().begin(), out.bytes().end()};
}
std::vector<std::byte> change(const Value& before, const Value& after) {
  ByteWriter out;
  encode_change(out, before, after);
  return {out.bytes().begin(), out.bytes().end()};
}
Value applied(const std::vector<std::byte>& bytes, const Value& value, Direction direction) {
  ByteReader in(bytes);
  const Value other = apply_change(in, value, direction);
  EXPECT_TRUE(in.good() && in.at_end());
  return other;
}
// Whether a change leads there and back again.
bool fits(const std::vector<std::byte>& bytes, const Value& before, const Value& after) {
  return applied(bytes, before, Direction::kForward) == after &&
         applied(bytes, after, Direction::kBackward) == before;
}

Value number(int64_t n) { return Value::of(n); }
Value numbers(int64_t count) {
  std::vector<Value> all;
  for (int64_t i = 0; i < count; ++i) all.push_back(number(i));
  return Value::list(all);
}
Value squares(int64_t count) {
  std::vector<Entry> all;
  for (int64_t i = 0; i < count; ++i) all.push_back({number(i), number(i * i)});
  return Value::map(all);
}

RC_GTEST_PROP(ValueBytes, AreReadAsTheyWereWritten, ()) {
  const Value value = random_value(4);
  const auto bytes = written(value);
  ByteReader in(bytes);
  RC_ASSERT(decode(in) == value);
  RC_ASSERT(in.good() && in.at_end());
}

TEST(ValueBytes, OfALongValueAreItsDigest) {
  ByteWriter out;
  encode_canonical(out, numbers(8));
  EXPECT_EQ(out.size(), written(numbers(8)).size());
  out.clear();
  encode_canonical(out, numbers(1000));
  EXPECT_EQ(out.size(), 20u);
}

TEST(ValueBytes, NestAsDeepAsAValueMayAndNoDeeper) {
  for (const uint32_t depth : {kDepthMax, kDepthMax + 1}) {
    Value value = number(1);
    for (uint32_t i = 0; i < depth; ++i) value = Value::list({&value, 1});
    EXPECT_EQ(value.depth(), depth);
    const auto bytes = written(value);
    ByteReader in(bytes);
    const Value read = decode(in);
    EXPECT_EQ(in.good(), depth == kDepthMax);
    EXPECT_EQ(read == value, depth == kDepthMax);
  }
}

// No tag, broken UTF-8, counts beyond all bytes, keys that do not ascend or are none, too many
// fields.
TEST(ValueBytes, ThatAreNoValueAreRefused) {
  using namespace std::literals;
  for (const std::string_view bytes :
       {"\x09"sv, "\x04\x01\xff"sv, "\x04\x02\xc0\x80"sv, "\x04\x05 "sv,
        "\x05\xff\xff\xff\xff\x0f\x03"sv, "\x06\x02\x03\x02\x00\x03\x02\x00"sv,
        "\x06\x02\x03\x04\x00\x03\x02\x00"sv, "\x06\x02\x03\x02\x01\x04\x01\x61\x01"sv,
        "\x07\xff\xff\xff\xff\xff\x01\x00"sv, "\x06\x01\x01\x01"sv}) {
    ByteReader in(as_bytes(bytes));
    EXPECT_TRUE(decode(in).is_null());
    EXPECT_FALSE(in.good());
  }
}

RC_GTEST_PROP(ValueChange, LeadsThereAndBackAgain, ()) {
  const Value before = random_value(4);
  const Value after = *rc::gen::arbitrary<bool>() ? random_edit(before) : random_value(4);
  RC_ASSERT(fits(change(before, after), before, after));
}

RC_GTEST_PROP(ValueChange, OfManyEditsInOneTreeLeadsThereAndBackAgain, ()) {
  for (const Value& before : {numbers(3000), squares(3000), long_text(6000)}) {
    Value after = before;
    for (int edits = *rc::gen::inRange(1, 12); edits > 0; --edits) after = random_edit(after);
    RC_ASSERT(fits(change(before, after), before, after));
  }
}

TEST(ValueChange, OfNothingIsOneByte) { EXPECT_EQ(change(numbers(9), numbers(9)).size(), 1u); }

struct Cost {
  size_t bytes;
  size_t nodes;
};
template <class T>
Cost cost(const Value& before, const Value& after) {
  const auto bytes = change(before, after);
  EXPECT_TRUE(fits(bytes, before, after));
  return {bytes.size(), ValueDiff<T>(before.node(), after.node()).nodes_opened()};
}

TEST(ValueChange, OfOneInAMillionIsSmall) {
  const Value list = numbers(1000000);
  const Value map = squares(1000000);
  const Value text = long_text(1000000);
  const Value line = Value::of("one more line of a log\n");
  for (const Cost& each :
       {cost<Value>(list, list.with(500000, number(-1))), cost<Value>(list, list.erased(123456)),
        cost<Value>(list, list.inserted(654321, number(7))),
        cost<Value>(list, list.erased(0).appended(number(7))),
        cost<Entry>(map, map.put(number(777777), number(1))),
        cost<Entry>(map, map.put(number(-5), number(1))), cost<Entry>(map, map.without(number(3))),
        cost<char>(text, Value::concat(text, line)), cost<char>(text, Value::concat(line, text))}) {
    EXPECT_LT(each.bytes, 100u);
    EXPECT_LT(each.nodes, 40u);
  }
}

TEST(ValueChange, OfASmallQueueIsWhatWentAndWhatCame) {
  const Value queue = numbers(20);
  EXPECT_LE(change(queue, queue.erased(0).appended(number(7))).size(), 16u);
}

TEST(ValueChange, DeepInAValueIsSmallToo) {
  std::vector<Value> fields{number(1), squares(100000), Value::of("somebody's rather long name")};
  const Value record = Value::record(2, fields);
  std::vector<Entry> entries;
  for (int64_t i = 0; i < 1000; ++i) entries.push_back({number(i), record});
  const Value before = Value::map(entries);
  const Value inner = fields[1].put(number(500), number(0));
  const Value after = before.put(number(17), record.with_field(1, inner));
  EXPECT_LT(cost<Entry>(before, after).bytes, 40u);
}

TEST(ValueChange, ThatDoesNotFitIsRefused) {
  const auto bytes = change(numbers(100), numbers(100).with(50, number(-1)));
  for (const Value& other : {numbers(99).with(50, number(0)), numbers(40), Value(), squares(100)}) {
    ByteReader in(bytes);
    EXPECT_EQ(apply_change(in, other, Direction::kForward), other);
    EXPECT_FALSE(in.good());
  }
}

TEST(ValueChange, OfATextStaysOnBordersOfCodePoints) {
  const Value before = Value::of("a rather long text with an ä in it");
  const Value after = Value::of("a rather long text with an ö in it");
  EXPECT_TRUE(fits(change(before, after), before, after));
}

// ---- harm

// Changes of every kind, as victims.
struct Victim {
  Value before;
  Value after;
};
std::vector<Victim> victims() {
  const Value list = numbers(80);
  const Value map = squares(80);
  const Value text = Value::of("Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich");
  const Value fields[] = {list, text, map, number(3)};
  const Value record = Value::record(1, fields);
  return {{number(1), Value::of("x")},
          {list, list.erased(3).inserted(70, number(5))},
          {map, map.put(number(3), text).without(number(70)).put(number(99), Value())},
          {text, Value::concat(text.slice(0, 20), Value::of("größer"))},
          {record, record.with_field(2, map.without(number(0))).with_field(1, Value::of("ü"))}};
}

void survive(const std::vector<std::byte>& bytes, const Victim& victim) {
  ByteReader forward(bytes);
  const Value after = apply_change(forward, victim.before, Direction::kForward);
  EXPECT_TRUE(forward.good() || after == victim.before);
  ByteReader backward(bytes);
  const Value before = apply_change(backward, victim.after, Direction::kBackward);
  EXPECT_TRUE(backward.good() || before == victim.after);
  ByteReader value(bytes);
  static_cast<void>(decode(value));
}

TEST(ValueChange, CutAnywhereIsRefused) {
  for (const Victim& victim : victims()) {
    auto bytes = change(victim.before, victim.after);
    while (!bytes.empty()) {
      bytes.pop_back();
      ByteReader in(bytes);
      EXPECT_EQ(apply_change(in, victim.before, Direction::kForward), victim.before);
      EXPECT_FALSE(in.good());
    }
  }
}

TEST(ValueChange, SurvivesEveryOtherByteAnywhere) {
  for (const Victim& victim : victims()) {
    const auto bytes = change(victim.before, victim.after);
    for (size_t at = 0; at < bytes.size(); ++at) {
      auto spoilt = bytes;
      for (int flip = 1; flip < 256; ++flip) {
        spoilt[at] = bytes[at] ^ static_cast<std::byte>(flip);
        survive(spoilt, victim);
      }
    }
  }
}

RC_GTEST_PROP(ValueChange, SurvivesRandomBytes, ()) {
  const auto raw = *rc::gen::container<std::vector<uint8_t>>(rc::gen::inRange<uint8_t>(0, 12));
  std::vector<std::byte> bytes;
  for (const uint8_t byte : raw) bytes.push_back(std::byte{byte});
  for (const Victim& victim : victims()) survive(bytes, victim);
}

// Lists of lists of empty texts weigh nothing, however many there are.
TEST(CanonicalBytes, StaySmallForWhatWeighsNothing) {
  Value nested = Value::of("");
  for (int level = 0; level < 20; ++level) nested = Value::list(std::vector<Value>(64, nested));
  EXPECT_EQ(nested.weight(), 0u);
  EXPECT_EQ(nested.parts(), kCountless);
  EXPECT_FALSE(is_short(nested));
  ByteWriter out;
  encode_canonical(out, nested);
  EXPECT_LT(out.size(), 30u);
  EXPECT_TRUE(is_short(Value::list(std::vector<Value>(4, Value::of("")))));
}

}  // namespace
}  // namespace lexum
