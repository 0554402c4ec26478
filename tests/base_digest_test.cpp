// The digests are known ones: the same on every machine, for ever.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/digest.h"

namespace lexum {
namespace {

std::string blake2b_hex(std::string_view text) { return to_hex(blake2b(as_bytes(text))); }

// RFC 7693 gives BLAKE2b-512 of "abc"; these are its 256-bit relatives, as b2sum -l 256 prints
// them.
TEST(Blake2b, IsTheOneOfTheStandard) {
  EXPECT_EQ(blake2b_hex(""), "0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(blake2b_hex("abc"),
            "0xbddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

RC_GTEST_PROP(RunDigest, DoesNotCareHowTheStreamIsCut, (const std::vector<std::string>& pieces)) {
  RunDigest digest;
  std::string whole;
  for (const std::string& piece : pieces) {
    digest.update(as_bytes(piece));
    whole += piece;
  }
  RC_ASSERT(digest.value() == blake2b(as_bytes(whole)));
}

TEST(RunDigest, GoesOnAfterItWasAsked) {
  RunDigest digest;
  digest.update(as_bytes("a"));
  EXPECT_EQ(digest.value(), blake2b(as_bytes("a")));
  EXPECT_EQ(digest.value(), blake2b(as_bytes("a")));
  digest.update(as_bytes("bc"));
  EXPECT_EQ(digest.value(), blake2b(as_bytes("abc")));
}

TEST(RunDigest, CanBeCopiedToFollowTwoFutures) {
  RunDigest past;
  past.update(as_bytes("a"));
  RunDigest other = past;
  other.update(as_bytes("x"));
  past.update(as_bytes("bc"));
  EXPECT_EQ(past.value(), blake2b(as_bytes("abc")));
  EXPECT_EQ(other.value(), blake2b(as_bytes("ax")));
}

RC_GTEST_PROP(RunDigest, GoesOnFromWhatIsAStateAndFromNothingElse, (const std::string& text)) {
  RunDigest past;
  past.update(as_bytes(text));
  RunDigest other;
  RC_ASSERT(other.go_on_from(past.state()));
  past.update(as_bytes("more"));
  other.update(as_bytes("more"));
  RC_ASSERT(other.value() == past.value());
  // Whatever it takes, it can go on from and say what it is: libsodium believes what stands there.
  std::vector<std::byte> forged(past.state().begin(), past.state().end());
  const auto at = *rc::gen::inRange<size_t>(0, forged.size());
  forged[at] ^= *rc::gen::construct<std::byte>(rc::gen::inRange<int>(1, 256));
  RunDigest third;
  if (!third.go_on_from(forged)) return;
  third.update(as_bytes(std::string(1000, 'x')));
  RunDigest fourth;
  RC_ASSERT(fourth.go_on_from(third.state()));
  RC_ASSERT(fourth.value() == third.value());
}

TEST(RunDigest, TakesNoStateThatWouldMakeItWriteBesideIt) {
  const RunDigest fresh;
  std::vector<std::byte> forged(fresh.state().begin(), fresh.state().end());
  RunDigest digest;
  EXPECT_FALSE(digest.go_on_from(Bytes(forged).first(forged.size() - 1)));
  forged[353] = std::byte{2};  // more bytes wait than there is room for
  EXPECT_FALSE(digest.go_on_from(forged));
  EXPECT_EQ(digest.value(), fresh.value());
}

TEST(Hex, IsLowerCaseAfter0x) {
  EXPECT_EQ(to_hex({}), "0x");
  EXPECT_EQ(to_hex(as_bytes("\n\xff")), "0x0aff");
}

RC_GTEST_PROP(Sum128, IsTheSameInAnyOrder, (std::vector<uint64_t> things)) {
  const auto sum_of = [&] {
    Sum128 sum;
    for (const uint64_t thing : things) sum += mark(thing, 1);
    return sum;
  };
  const Sum128 before = sum_of();
  std::sort(things.begin(), things.end());
  RC_ASSERT(sum_of() == before);
}

RC_GTEST_PROP(Sum128, ForgetsWhatIsTakenAway, (uint64_t kept, uint64_t gone)) {
  Sum128 sum = mark(kept, 0) + mark(gone, 0);
  sum -= mark(gone, 0);
  RC_ASSERT(sum == mark(kept, 0));
}

TEST(Mark, TellsNeighboursApart) {
  std::set<std::pair<uint64_t, uint64_t>> seen;
  for (uint64_t x = 0; x < 100; ++x) {
    for (uint64_t y = 0; y < 100; ++y) {
      const Sum128 m = mark(x, y);
      seen.insert({m.a, m.b});
      const Sum128 salted = mark(m, 1);
      seen.insert({salted.a, salted.b});
    }
  }
  EXPECT_EQ(seen.size(), 20'000u);
}

}  // namespace
}  // namespace lexum
