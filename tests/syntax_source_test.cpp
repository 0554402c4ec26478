// Where things stand in a text, and how what is wrong with it is told.
#include <gtest/gtest.h>

#include "syntax/source.h"
#include "syntax/utf8.h"
#include "syntax_fixture.h"

namespace lexum {
namespace {

std::string at(const Source& source, uint32_t offset) {
  const Place place = source.place(offset);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(Source, CountsLinesFromOneAndColumnsInCodePoints) {
  const Source source("s", "ab\né€x\n");
  EXPECT_EQ(at(source, 0), "1:1");
  EXPECT_EQ(at(source, 2), "1:3");
  EXPECT_EQ(at(source, 3), "2:1");
  EXPECT_EQ(at(source, 5), "2:2");
  EXPECT_EQ(at(source, 8), "2:3");
  EXPECT_EQ(at(source, 10), "3:1");
  EXPECT_EQ(at(source, 4000), "3:1");
  EXPECT_EQ(source.line_count(), 3u);
}

TEST(Source, CountsEachBrokenByteAsOneColumn) {
  EXPECT_EQ(at(Source("s", "\xff\xc3 x"), 3), "1:4");
}

TEST(Source, GivesLinesWithoutTheirEnds) {
  const Source source("s", "one\r\ntwo\n\nfour");
  EXPECT_EQ(source.line(1), "one");
  EXPECT_EQ(source.line(2), "two");
  EXPECT_EQ(source.line(3), "");
  EXPECT_EQ(source.line(4), "four");
}

TEST(Source, HasOneLineWhenEmpty) {
  const Source source;
  EXPECT_EQ(source.line_count(), 1u);
  EXPECT_EQ(source.line(1), "");
  EXPECT_EQ(at(source, 0), "1:1");
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooBig) {
  for (const char* text : {"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\x80", "\xe2\x82", "\xff"}) {
    EXPECT_EQ(find_broken_utf8(text), 0u);
  }
  EXPECT_EQ(find_broken_utf8("eight bytes and é, €, 😀"), std::string_view::npos);
  EXPECT_EQ(find_broken_utf8("sixteen bytes of ASCII, then \xff"), 29u);
}

TEST(Utf8, DecodesWhatItHasEncoded) {
  for (uint32_t point = 1; point <= 0x10FFFF; point += point < 0x11000 ? 1 : 257) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, point);
    const CodePoint decoded = decode_utf8(text, 0);
    ASSERT_TRUE(decoded.good && decoded.value == point && decoded.size == text.size()) << point;
  }
}

TEST(Utf8, MakesTextFitForATerminal) {
  EXPECT_EQ(printable("a\tb\x1b[31m\xff", 20), "a b\uFFFD[31m\uFFFD");
  EXPECT_EQ(printable("äöüß", 3), "äöü…");
  EXPECT_EQ(printable("äöü", 3), "äöü");
}

TEST(Nearest, FindsTheLeastMisspelling) {
  const std::vector<std::string> names = {"count", "counter", "status"};
  EXPECT_EQ(nearest("cuont", names), "count");
  EXPECT_EQ(nearest("countr", names), "count");
  EXPECT_EQ(nearest("statsu", names), "status");
  EXPECT_EQ(nearest("sttus", names), "status");
}

TEST(Nearest, FindsNothingFartherThanAThirdOfTheName) {
  const std::vector<std::string> names = {"count", "x"};
  EXPECT_EQ(nearest("mountain", names), "");
  EXPECT_EQ(nearest("y", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest("count", {}), "");
}

TEST(Diagnostics, SortsByPlaceAndSaysNothingTwice) {
  Diagnostics diagnostics;
  diagnostics.report({Code::kUnknownName, {9, 10}, "later", ""});
  diagnostics.report({Code::kUnknownName, {3, 4}, "first", ""});
  diagnostics.report({Code::kUnknownName, {3, 4}, "again", ""});
  diagnostics.report({Code::kUnusedTransition, {3, 4}, "warning", ""});
  std::string order;
  for (const Diagnostic& d : diagnostics.sorted()) order += d.message + " ";
  EXPECT_EQ(order, "first warning later ");
  EXPECT_EQ(diagnostics.errors(), 3u);
  EXPECT_EQ(diagnostics.warnings(), 1u);
}

TEST(Diagnostics, KeepsAHundredAndErrorsRatherThanWarnings) {
  Diagnostics diagnostics;
  for (uint32_t i = 0; i < 150; ++i) diagnostics.report({Code::kUnusedTransition, {i, i}, "w", ""});
  diagnostics.report({Code::kUnknownName, {500, 501}, "e", ""});
  EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::kKept);
  EXPECT_EQ(diagnostics.sorted().back().message, "e");
  EXPECT_EQ(diagnostics.warnings(), 150u);
  EXPECT_TRUE(diagnostics.has_errors());
}

std::string rendered(std::string text, Span span, bool colour = false) {
  return render(Source("orders.lxm", std::move(text)),
                {Code::kUnknownName, span, "unknown name `cuont`", "did you mean `count`?"},
                colour);
}

TEST(Render, ShowsTheLineTheSpanAndTheWayOut) {
  EXPECT_EQ(rendered("\n\tif cuont > 3 {\n", {5, 10}),
            "orders.lxm:2:5: error E201: unknown name `cuont`\n"
            "   2 |  if cuont > 3 {\n"
            "     |     ^^^^^\n"
            "   help: did you mean `count`?\n");
}

TEST(Render, MarksAPlaceBetweenBytesAndTheEndOfTheText) {
  EXPECT_EQ(rendered("ab", {2, 2}),
            "orders.lxm:1:3: error E201: unknown name `cuont`\n"
            "   1 | ab\n"
            "     |   ^\n"
            "   help: did you mean `count`?\n");
}

TEST(Render, CutsALongLineAroundTheSpan) {
  EXPECT_EQ(rendered(repeat("x ", 500) + "cuont" + repeat(" y", 500), {1000, 1005}),
            "orders.lxm:1:1001: error E201: unknown name `cuont`\n"
            "   1 | …" +
                repeat("x ", 24) + "cuont" + repeat(" y", 21) +
                " …\n"
                "     |  " +
                repeat("  ", 24) +
                "^^^^^\n"
                "   help: did you mean `count`?\n");
}

TEST(Render, ShowsTheFirstLineOfALongSpan) {
  EXPECT_EQ(rendered("ab\ncd", {1, 5}),
            "orders.lxm:1:2: error E201: unknown name `cuont`\n"
            "   1 | ab\n"
            "     |  ^\n"
            "   help: did you mean `count`?\n");
}

TEST(Render, LetsNoControlCharacterThrough) {
  EXPECT_EQ(rendered("\x1b[2J cuont", {5, 10}).find('\x1b'), std::string::npos);
  EXPECT_NE(rendered("cuont", {0, 5}, true).find("\x1b[1;31merror E201\x1b[0m"), std::string::npos);
}

}  // namespace
}  // namespace lexum
