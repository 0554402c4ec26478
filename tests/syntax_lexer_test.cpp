// What the text is made of, and what is said about bytes that are not part of it.
#include <gtest/gtest.h>

#include "syntax/lexer.h"
#include "syntax_fixture.h"

namespace lexum {
namespace {

// The tokens, "|" between them; strings by what they mean.
std::string tokens_of(std::string_view text) {
  const Source source("test.lxm", std::string(text));
  std::vector<std::string> texts;
  Names names(texts);
  Diagnostics diagnostics;
  const Lexed lexed = lex(source, names, diagnostics);
  std::string out;
  for (const Token& token : lexed.tokens) {
    if (token.kind == TokenKind::kEnd) break;
    if (!out.empty()) out += "|";
    out += token.kind == TokenKind::kString ? "'" + texts[token.name.index()] + "'"
                                            : std::string(source.text(token.span));
  }
  return out + (diagnostics.errors() > 0 ? "\n" + say(source, diagnostics) : "");
}

TEST(Lexer, ReadsEverySign) {
  std::string all;
  std::string expected;
  for (const std::string_view sign : kSpellings) {
    if (sign.empty()) continue;
    all += std::string(sign) + " ";
    expected += (expected.empty() ? "" : "|") + std::string(sign);
  }
  EXPECT_EQ(tokens_of(all), expected);
}

TEST(Lexer, TakesTheLongerSign) {
  EXPECT_EQ(tokens_of("a==b=c::d:e..f.g??h?"), "a|==|b|=|c|::|d|:|e|..|f|.|g|??|h|?");
  EXPECT_EQ(tokens_of("0..9 x+=-1"), "0|..|9|x|+=|-|1");
}

TEST(Lexer, LeavesCommentsOut) {
  EXPECT_EQ(tokens_of("a // b\nc /* d \n // e */ f /**/ g"), "a|c|f|g");
  EXPECT_EQ(tokens_of("a /* b /* c */ d"), "a|d");
  EXPECT_EQ(tokens_of("a //"), "a");
}

TEST(Lexer, ReadsEscapes) {
  EXPECT_EQ(tokens_of(R"("a\n\t\"\\b")"), "'a\n\t\"\\b'");
  EXPECT_EQ(tokens_of(R"("\u{41}\u{e9}\u{1F600}\u{0}")"), "'Aé😀" + std::string(1, '\0') + "'");
  EXPECT_EQ(tokens_of("\"// no /* comment */\""), "'// no /* comment */'");
}

TEST(Lexer, RefusesOtherEscapesAndGoesOn) {
  EXPECT_EQ(tokens_of(R"("a\qb" x)"),
            "'ab'|x\n"
            "E103 1:3-1:5 `\\q` is no escape "
            "(there are \\n \\t \\\" \\\\ and \\u{1F600}, a code point in hexadecimal)\n");
  for (const char* bad : {R"("\u")", R"("\u{}")", R"("\u{110000}")", R"("\u{d800}")", R"("\u{12")",
                          R"("\u{1234567}")", R"("\u{xy}")", R"("\é")"}) {
    const std::string said = tokens_of(bad);
    EXPECT_EQ(said.find("E103"), said.find('\n') + 1) << said;
    EXPECT_EQ(said.find("\nE", said.find("E103")), std::string::npos) << said;
  }
}

TEST(Lexer, EndsAStringWithItsLine) {
  EXPECT_EQ(tokens_of("\"abc\nd"),
            "'abc'|d\n"
            "E102 1:1-1:5 this string is not closed on its line "
            "(end it with `\"`; a line break inside is written `\\n`)\n");
  EXPECT_EQ(tokens_of("\"abc\r\nd").substr(0, 7), "'abc'|d");
  EXPECT_EQ(codes_in("domain D { on A { x = \"abc\\"), "E102");
}

TEST(Lexer, TakesAStringInSingleQuotesForOne) {
  EXPECT_EQ(tokens_of("x = 'it' y"),
            "x|=|'it'|y\n"
            "E101 1:5-1:9 a string stands in double quotes (write `\"…\"`)\n");
}

TEST(Lexer, TakesALoneAmpersandForTwo) {
  EXPECT_EQ(codes_in("domain D { goal a & b | c }"), "E101 E101");
  EXPECT_NE(tokens_of("a & b").find("did you mean `&&`?"), std::string::npos);
  EXPECT_NE(tokens_of("a | b").find("did you mean `||`?"), std::string::npos);
}

TEST(Lexer, SaysThatThereAreNoFloats) {
  EXPECT_EQ(tokens_of("1.5 2"),
            "1.5|2\n"
            "E101 1:1-1:4 there are no floating-point numbers "
            "(use an int in a smaller unit, such as cents or milliseconds)\n");
}

TEST(Lexer, WantsUnderscoresBetweenDigits) {
  EXPECT_EQ(tokens_of("1_000_000 0_1"), "1_000_000|0_1");
  for (const char* bad : {"1_", "1__0", "1_a", "0x1F", "12abc", "1e6"}) {
    EXPECT_NE(tokens_of(bad).find("E101 1:1-"), std::string::npos) << bad;
  }
}

TEST(Lexer, ReportsBrokenUtf8OnceAndGoesOn) {
  EXPECT_EQ(tokens_of("a \xff b \xfe\xfe \"c\xff\" // \xff"),
            "a|b|'c\uFFFD'\n"
            "E100 1:3-1:4 the text is not UTF-8 from byte 2 on (save the file as UTF-8)\n");
}

TEST(Lexer, ReportsARunOfStrangeCharactersOnce) {
  EXPECT_EQ(tokens_of("a $$~ b"),
            "a|b\nE101 1:3-1:4 unexpected character `$` "
            "(take it out; only strings and comments may have it)\n");
  EXPECT_EQ(tokens_of("a \x01 b"),
            "a|b\nE101 1:3-1:4 unexpected character `\uFFFD` "
            "(this is no text; is it a program?)\n");
  EXPECT_EQ(tokens_of("# a note\nb"),
            "b\nE101 1:1-1:2 unexpected character `#` (a comment begins with `//`)\n");
}

TEST(Lexer, KeepsLettersOfOtherAlphabetsInTheName) {
  EXPECT_EQ(tokens_of("größe = 1"),
            "größe|=|1\nE101 1:1-1:6 the name `größe` has characters that a name cannot have "
            "(names are made of A-Z, a-z, 0-9 and _)\n");
}

TEST(Lexer, SkipsAByteOrderMark) {
  EXPECT_EQ(tokens_of("\xEF\xBB\xBF"
                      "a"),
            "a");
}

TEST(Lexer, ReportsACommentThatIsNeverClosedWhereItBegins) {
  EXPECT_EQ(tokens_of("a\n/* b"),
            "a\nE104 2:1-2:3 this comment is never closed (end it with `*/`)\n");
}

TEST(Lexer, ReadsANameOfAMegabyteAndCutsItInMessages) {
  const std::string name = repeat("x", 1 << 20);
  EXPECT_EQ(tokens_of(name), name);
  const std::string said = errors_in("domain D { on A { " + name + " y } }");
  EXPECT_NE(said.find("`" + repeat("x", 40) + "…`"), std::string::npos);
  EXPECT_LT(said.size(), 300u);
}

TEST(Names, HaveOneIdForEachText) {
  std::vector<std::string> texts;
  Names names(texts);
  std::vector<NameId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(names.intern("name" + std::to_string(i)));
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(names.intern("name" + std::to_string(i)), ids[static_cast<size_t>(i)]);
  }
  EXPECT_EQ(texts.size(), 5000u);
  EXPECT_EQ(names.kind(names.intern("emit")), TokenKind::kEmit);
  EXPECT_EQ(names.word(names.intern("step")), Keyword::kStep);
  EXPECT_EQ(names.word(names.intern("stepp")), Keyword::kNone);
}

}  // namespace
}  // namespace lexum
