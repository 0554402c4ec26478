// What is written comes back, and what is malformed turns the reader bad instead of anything else.
#include <array>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"

namespace lexum {
namespace {

template <class... Octets>
std::array<std::byte, sizeof...(Octets)> octets(Octets... values) {
  return {static_cast<std::byte>(values)...};
}

std::string hex_of(const ByteWriter& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte b : out.bytes()) {
    text += kDigits[static_cast<uint8_t>(b) >> 4];
    text += kDigits[static_cast<uint8_t>(b) & 15];
  }
  return text;
}

std::string varint_hex(uint64_t v) {
  ByteWriter out;
  out.varint(v);
  return hex_of(out);
}

TEST(Varint, HasSevenBitsAByteLowOnesFirst) {
  EXPECT_EQ(varint_hex(0), "00");
  EXPECT_EQ(varint_hex(127), "7f");
  EXPECT_EQ(varint_hex(128), "8001");
  EXPECT_EQ(varint_hex(300), "ac02");
  EXPECT_EQ(varint_hex(std::numeric_limits<uint64_t>::max()), "ffffffffffffffffff01");
}

RC_GTEST_PROP(Varint, ComesBack, (uint64_t v, uint8_t shift)) {
  v >>= shift % 64;  // otherwise nearly all of them are ten bytes long
  ByteWriter out;
  out.varint(v);
  ByteReader in(out.bytes());
  RC_ASSERT(in.varint() == v);
  RC_ASSERT(in.good() && in.at_end());
}

TEST(Varint, WithoutItsLastByteIsBad) {
  const auto bytes = octets(0xff, 0xff);
  ByteReader in(bytes);
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_FALSE(in.good());
}

TEST(Varint, ThatNeverEndsIsBadAfterTenBytes) {
  const std::vector<std::byte> bytes(1000, std::byte{0x80});
  ByteReader in(bytes);
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_FALSE(in.good());
}

TEST(Varint, OfMoreThan64BitsIsBad) {
  const auto bytes = octets(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02);
  ByteReader in(bytes);
  EXPECT_EQ(in.varint(), 0u);
  EXPECT_FALSE(in.good());
}

TEST(Zigzag, KeepsSmallNumbersSmall) {
  EXPECT_EQ(zigzag(0), 0u);
  EXPECT_EQ(zigzag(-1), 1u);
  EXPECT_EQ(zigzag(1), 2u);
  EXPECT_EQ(zigzag(std::numeric_limits<int64_t>::max()), UINT64_MAX - 1);
  EXPECT_EQ(zigzag(std::numeric_limits<int64_t>::min()), UINT64_MAX);
}

RC_GTEST_PROP(Zigzag, ComesBack, (int64_t v)) {
  RC_ASSERT(unzigzag(zigzag(v)) == v);
  ByteWriter out;
  out.signed_varint(v);
  RC_ASSERT(ByteReader(out.bytes()).signed_varint() == v);
}

TEST(ByteWriter, WritesFixedIntegersLowByteFirst) {
  ByteWriter out;
  out.fixed32(0x01020304);
  out.fixed64(0x1122334455667788);
  EXPECT_EQ(hex_of(out),
            "04030201"
            "8877665544332211");
}

TEST(ByteWriter, IsEmptyAfterClear) {
  ByteWriter out;
  out.text("gone");
  out.clear();
  EXPECT_TRUE(out.empty());
  out.byte(7);
  EXPECT_EQ(hex_of(out), "07");
}

TEST(ByteWriter, SwapsContents) {
  ByteWriter one;
  ByteWriter two;
  one.text("one");
  one.swap(two);
  EXPECT_TRUE(one.empty());
  EXPECT_EQ(ByteReader(two.bytes()).text(), "one");
}

RC_GTEST_PROP(ByteReader, ReadsWhatTheWriterWrote,
              (const std::vector<std::string>& texts, uint32_t word, uint64_t wide, uint8_t one)) {
  ByteWriter out;
  out.byte(one);
  for (const std::string& text : texts) out.text(text);
  out.fixed32(word);
  out.fixed64(wide);
  ByteReader in(out.bytes());
  RC_ASSERT(in.byte() == one);
  for (const std::string& text : texts) RC_ASSERT(in.text() == text);
  RC_ASSERT(in.fixed32() == word);
  RC_ASSERT(in.fixed64() == wide);
  RC_ASSERT(in.good() && in.at_end());
}

TEST(ByteReader, DoesNotBelieveALengthBeyondItsEnd) {
  const auto bytes = octets(0xff, 0xff, 0xff, 0xff, 0x0f, 'a', 'b');  // "4 GiB of text follow"
  ByteReader in(bytes);
  EXPECT_EQ(in.text(), "");
  EXPECT_FALSE(in.good());
}

TEST(ByteReader, StaysBadAndReturnsZeros) {
  const auto bytes = octets(1, 2, 3);
  ByteReader in(bytes);
  EXPECT_EQ(in.fixed32(), 0u);
  EXPECT_FALSE(in.good());
  EXPECT_EQ(in.byte(), 0);
  EXPECT_EQ(in.fixed64(), 0u);
  EXPECT_EQ(in.left(), 0u);
}

TEST(ByteReader, IsBadOnceItsUserSaysSo) {
  const auto bytes = octets(1);
  ByteReader in(bytes);
  in.spoil();
  EXPECT_FALSE(in.good());
  EXPECT_EQ(in.byte(), 0);
}

RC_GTEST_PROP(ByteReader, SurvivesAnyBytes, (const std::string& bytes)) {
  ByteReader in(as_bytes(bytes));
  while (in.good() && !in.at_end()) {
    const size_t left = in.left();
    in.text();
    in.signed_varint();
    RC_ASSERT(in.left() < left);
  }
}

}  // namespace
}  // namespace lexum
