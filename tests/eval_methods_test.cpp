// What methods and built-ins give, at their edges too.
#include "eval_fixture.h"

namespace lexum {
namespace {

struct Case {
  const char* expression;
  const char* says;
};

void expect_all(std::string_view state, const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(said(c.expression, state), c.says) << c.expression;
}

TEST(TextMethods, CountCodePointsAndChangeAsciiOnly) {
  expect_all("s: string = \"Straße é\"", {{"s.length", "8"},
                                          {"s.upper()", "STRAßE é"},
                                          {"s.lower()", "straße é"},
                                          {"\"\".upper()", ""},
                                          {"\"@[`{\".upper() + \"@[`{\".lower()", "@[`{@[`{"}});
}

TEST(TextMethods, TrimFourKindsOfBlanks) {
  expect_all("s: string = \"\\t \\u{d}\\n a b \\n\"", {{"s.trim()", "a b"},
                                                       {"\" \\t\".trim()", ""},
                                                       {"\"\".trim()", ""},
                                                       {"\"\\u{b}x\\u{a0}\".trim().length", "3"}});
}

TEST(TextMethods, SplitAtEverySeparator) {
  expect_all("", {{"\"a,b,,c\".split(\",\")", "[\"a\", \"b\", \"\", \"c\"]"},
                  {"\"\".split(\",\")", "[\"\"]"},
                  {"\",\".split(\",\")", "[\"\", \"\"]"},
                  {"\"abc\".split(\"abc\")", "[\"\", \"\"]"},
                  {"\"aaa\".split(\"aa\")", "[\"\", \"a\"]"},
                  {"\"äb\".split(\"\")", "[\"ä\", \"b\"]"},
                  {"\"\".split(\"\")", "[]"},
                  {"\"abc\".split(\"abcd\")", "[\"abc\"]"}});
}

TEST(TextMethods, FindParts) {
  expect_all("s: string = \"hello\"", {{"s.contains(\"ell\")", "true"},
                                       {"s.contains(\"elo\")", "false"},
                                       {"s.contains(\"\")", "true"},
                                       {"\"\".contains(\"\")", "true"},
                                       {"\"\".contains(\"a\")", "false"},
                                       {"s.starts_with(\"he\")", "true"},
                                       {"s.starts_with(\"\")", "true"},
                                       {"s.starts_with(\"hello!\")", "false"},
                                       {"s.ends_with(\"lo\")", "true"},
                                       {"s.ends_with(\"ho\")", "false"}});
}

TEST(TextMethods, ReplaceFromLeftToRightWithoutLookingBack) {
  expect_all("", {{"\"banana\".replace(\"an\", \"\")", "ba"},
                  {"\"aaa\".replace(\"aa\", \"b\")", "ba"},
                  {"\"abc\".replace(\"\", \"-\")", "abc"},
                  {"\"abc\".replace(\"x\", \"-\")", "abc"},
                  {"\"a\".replace(\"a\", \"aa\")", "aa"},
                  {"\"\".replace(\"a\", \"b\")", ""}});
}

TEST(TextMethods, SeeLongTextsAsOne) {
  // Longer than any leaf of a text's tree, with a part across the places where leaves meet.
  std::string long_text;
  for (int i = 0; i < 3000; ++i) long_text += std::to_string(i) + ",";
  const Fields fields = {{"s", text(long_text)}};
  EXPECT_EQ(said("s.split(\",\").length", "s: string", fields), "3001");
  EXPECT_EQ(said("s.contains(\"1499,1500,1501\")", "s: string", fields), "true");
  EXPECT_EQ(said("s.replace(\",\", \"\").length", "s: string", fields), "10890");
  EXPECT_EQ(said("s.upper() == s && s.trim() == s", "s: string", fields), "true");
}

TEST(ListMethods, LookAndMakeAnew) {
  expect_all("l: list<int> = [3, 1, 2, 1] e: list<int>", {{"l.length", "4"},
                                                          {"l.first", "3"},
                                                          {"l.last", "1"},
                                                          {"e.first", "null"},
                                                          {"e.last ?? 7", "7"},
                                                          {"l.contains(2)", "true"},
                                                          {"l.contains(9)", "false"},
                                                          {"l.add(5)", "[3, 1, 2, 1, 5]"},
                                                          {"e.add(1)", "[1]"},
                                                          {"l.remove(1)", "[3, 2, 1]"},
                                                          {"l.remove(9)", "[3, 1, 2, 1]"},
                                                          {"l.sorted()", "[1, 1, 2, 3]"},
                                                          {"e.sorted()", "[]"},
                                                          {"l.add(5) == l", "false"}});
}

TEST(ListMethods, SliceWithinTheirBounds) {
  expect_all("l: list<int> = [1, 2, 3]", {{"l.slice(0, 3)", "[1, 2, 3]"},
                                          {"l.slice(1, 2)", "[2]"},
                                          {"l.slice(3, 3)", "[]"},
                                          {"l.slice(0, 4)", "F003 slice(0, 4) of a list of 3"},
                                          {"l.slice(-1, 2)", "F003 slice(-1, 2) of a list of 3"},
                                          {"l.slice(2, 1)", "F003 slice(2, 1) of a list of 3"}});
}

TEST(ListMethods, SortTextsByCodePoint) {
  expect_all("",
             {{"[\"b\", \"Z\", \"é\", \"a\", \"\"].sorted()", "[\"\", \"Z\", \"a\", \"b\", \"é\"]"},
              {"[5, -9223372036854775807, 0].sorted()", "[-9223372036854775807, 0, 5]"}});
}

TEST(MapMethods, AnswerInKeyOrder) {
  expect_all("m: map<string, int> = {\"b\": 2, \"a\": 1} e: map<int, int>",
             {{"m.length", "2"},
              {"m.has(\"a\")", "true"},
              {"m.has(\"c\")", "false"},
              {"m.get(\"b\")", "2"},
              {"m.get(\"c\")", "null"},
              {"m.remove(\"a\")", "{\"b\": 2}"},
              {"m.remove(\"c\")", "{\"a\": 1, \"b\": 2}"},
              {"m.keys", "[\"a\", \"b\"]"},
              {"m.values", "[1, 2]"},
              {"e.keys", "[]"},
              {"e.values", "[]"}});
}

TEST(BuiltIns, WriteValuesAsTheSourceDoes) {
  expect_all("n: int? yes: bool = true", {{"str(-5)", "-5"},
                                          {"str(yes)", "true"},
                                          {"str(n)", "null"},
                                          {"str(\"a\\n\")", "a\n"},
                                          {"str([\"a\\n\", \"\\\"\"])", "[\"a\\n\", \"\\\"\"]"},
                                          {"str({1: [\"x\"]})", "{1: [\"x\"]}"},
                                          {"str([1, 2]).length", "6"}});
}

TEST(BuiltIns, ReadNumbersThatAreWrittenPlainly) {
  expect_all("", {{"int(\"42\")", "42"},
                  {"int(\"-42\")", "-42"},
                  {"int(\"-0\")", "0"},
                  {"int(\"007\")", "7"},
                  {"int(\"+1\")", "null"},
                  {"int(\"\")", "null"},
                  {"int(\"-\")", "null"},
                  {"int(\" 1\")", "null"},
                  {"int(\"1_0\")", "null"},
                  {"int(\"0x1\")", "null"},
                  {"int(\"--1\")", "null"},
                  {"int(\"9223372036854775807\")", "9223372036854775807"},
                  {"int(\"-9223372036854775808\")", "-9223372036854775808"},
                  {"int(\"9223372036854775808\")", "null"}});
}

TEST(BuiltIns, ChooseAndMeasure) {
  expect_all("", {{"min(2, -3)", "-3"},
                  {"max(2, -3)", "2"},
                  {"abs(-3)", "3"},
                  {"abs(3)", "3"},
                  {"min(1, 1)", "1"}});
}

TEST(Pop, TakesTheFirstElementFromWhereverTheListIs) {
  EXPECT_EQ(ran("q: list<int> = [1, 2] n: int", "n = q.pop()"), "q=[2] | n=1");
  EXPECT_EQ(ran("q: list<int> = [1, 2]", "q.pop() q.pop()"), "q=[]");
  EXPECT_EQ(ran("n: int", "let q = [5, 6] n = q.pop() log q"), "n=5 | log [6]");
  EXPECT_EQ(ran("m: map<string, list<int>> = {\"a\": [1, 2]} n: int", "n = m[\"a\"].pop()"),
            "m={\"a\": [2]} | n=1");
  EXPECT_EQ(ran("l: list<list<int>> = [[1], [2, 3]]", "log l[1].pop() + l[0].pop()"),
            "l=[[], [3]] | log 3");
}

TEST(Pop, OfNothingFaults) {
  const char* why = "F003 pop() of an empty list; ask for its length, or use first";
  EXPECT_EQ(ran("q: list<int> n: int", "n = 1 q.pop()"), std::string("n=1 | ") + why);
  EXPECT_EQ(ran("m: map<int, list<int>>", "m[1].pop()"), "F003 no key 1 in a map of 0");
  EXPECT_EQ(ran("m: map<int, list<int>> = {1: []}", "m[1].pop()"), why);
}

}  // namespace
}  // namespace lexum
