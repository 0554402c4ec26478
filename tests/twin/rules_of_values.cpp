// Chapter one: values, expressions and statements (§3), gas and nesting (§12).
#include "twin/rules.h"

namespace lexum::twin {
namespace {

// A domain whose Boot does `body` on the fields of `state`.
Rule boot(const std::string& name, const std::string& state, const std::string& body,
          const std::vector<std::string>& expected) {
  return {
      name, "domain D { state { " + state + " } transition Boot { " + body + " } }", {}, expected};
}

// The same in which the start of the instance is one fault.
Rule boot_fails(const std::string& name, const std::string& code, const std::string& state,
                const std::string& body) {
  return boot(name, state, body, {"step 1 1 D Boot " + code, "fault 1 D " + code, "cycles 1"});
}

std::vector<Rule> operators() {
  return {
      boot("ZeroValues", "a: int b: bool c: string d: list<int> e: map<string, int> f: int?", "",
           {"step 1 1 D Boot", "  D.a = 0", "  D.b = false", "  D.c = \"\"", "  D.d = []",
            "  D.e = {}", "  D.f = null", "outcome converged"}),
      boot("DivisionTruncatesAndTheRemainderHasTheDividendsSign", "a: int b: int c: int",
           "a = -7 / 2  b = -7 % 2  c = 7 % -2", {"  D.a = -3", "  D.b = -1", "  D.c = 1"}),
      boot("TheSmallestIntegerHasNoOpposite", "a: int b: int",
           "a = -9223372036854775807 - 1  b = a % -1",
           {"  D.a = -9223372036854775808", "  D.b = 0", "no fault"}),
      boot_fails("AdditionOverflows", "F001", "a: int", "a = 9223372036854775807  a += 1"),
      boot_fails("DivisionOverflows", "F001", "a: int", "a = -9223372036854775807 - 1  a = a / -1"),
      boot_fails("NegationOverflows", "F001", "a: int", "a = -9223372036854775807 - 1  a = -a"),
      boot_fails("AbsOverflows", "F001", "a: int", "a = -9223372036854775807 - 1  a = abs(a)"),
      boot_fails("DivisionByZero", "F002", "a: int", "a = 1 / a"),
      boot_fails("RemainderByZero", "F002", "a: int", "a = 1 % a"),
      boot("LogicStopsAsSoonAsItKnows", "a: bool b: bool c: int n: int?",
           "a = true || 1 / 0 == 1  b = false && 1 / 0 == 1  n = 4  c = n ?? 1 / 0",
           {"  D.a = true", "  D.b = false", "  D.c = 4", "no fault"}),
      boot("TheFirstThatIsNotNull", "a: int? b: int? c: int", "b = 2  c = a ?? b ?? 3",
           {"  D.c = 2"}),
      boot("MinMaxAbs", "a: int b: int c: int", "a = min(2, -3)  b = max(2, -3)  c = abs(-3)",
           {"  D.a = -3", "  D.b = 2", "  D.c = 3"}),
      boot("FromLeftToRight", "q: list<int> r: list<int> a: int",
           "q = [1, 2, 3]  r = [q.pop(), q.pop()]  a = 10 - 2 - 3",
           {"  D.q = [3]", "  D.r = [1, 2]", "  D.a = 5"}),
  };
}

std::vector<Rule> strings() {
  return {
      boot("LengthCountsCodePoints", "a: int b: string", "b = \"\\u{e9}t\\u{e9}\"  a = b.length",
           {"  D.a = 3", "  D.b = \"été\""}),
      boot("CaseIsAscii", "a: string b: string", "a = \"aé\".upper()  b = \"AÉ\".lower()",
           {"  D.a = \"Aé\"", "  D.b = \"aÉ\""}),
      boot("TrimTakesFourCharacters", "a: string", "a = \" \\t\\na b \\n\".trim()",
           {"  D.a = \"a b\""}),
      boot("Split", "a: list<string> b: list<string> c: list<string>",
           "a = \"x,,y,\".split(\",\")  b = \"aéb\".split(\"\")  c = \"\".split(\",\")",
           {"  D.a = [\"x\", \"\", \"y\", \"\"]", "  D.b = [\"a\", \"é\", \"b\"]",
            "  D.c = [\"\"]"}),
      boot("Replace", "a: string b: string",
           "a = \"aaa\".replace(\"aa\", \"b\")  b = \"abc\".replace(\"\", \"x\")",
           {"  D.a = \"ba\"", "  D.b = \"abc\""}),
      boot("Searching", "a: bool b: bool c: bool d: bool e: bool",
           "a = \"hello\".contains(\"ell\")  b = \"hello\".starts_with(\"he\")  "
           "c = \"hello\".ends_with(\"he\")  d = \"hello\" matches \"l+o$\"  "
           "e = \"hello\" matches \"^ell\"",
           {"  D.a = true", "  D.b = true", "  D.c = false", "  D.d = true", "  D.e = false"}),
      boot("StringsAreOrderedByCodePoint", "a: bool b: bool",
           "a = \"Z\" < \"a\"  b = \"z\" < \"é\"", {"  D.a = true", "  D.b = true"}),
      boot("IntOfString", "a: int? b: int? c: int? d: int?",
           "a = int(\"-12\")  b = int(\"+1\")  c = int(\"9223372036854775808\")  d = int(\"\")",
           {"  D.a = -12", "  D.b = null", "  D.c = null", "  D.d = null"}),
      boot("StrIsSourceButStringsStandBare", "a: string b: string c: string d: string",
           "a = str(-3)  b = str(\"x\")  c = str({2: true, 1: false})  d = str(null)",
           {"  D.a = \"-3\"", "  D.b = \"x\"", "  D.c = \"{1: false, 2: true}\"",
            "  D.d = \"null\""}),
  };
}

std::vector<Rule> containers() {
  return {
      boot("MethodsLeaveTheirReceiver", "a: list<int> b: list<int> c: list<int> d: list<int>",
           "a = [3, 1, 3]  b = a.add(2)  c = a.remove(3)  d = a.sorted()",
           {"  D.a = [3, 1, 3]", "  D.b = [3, 1, 3, 2]", "  D.c = [1, 3]", "  D.d = [1, 3, 3]"}),
      boot("FirstAndLastMayBeNull", "a: list<int> b: int? c: int? d: int?",
           "b = a.first  a = [1, 2]  c = a.first  d = a.last",
           {"  D.b = null", "  D.c = 1", "  D.d = 2"}),
      boot("SliceOfAList", "a: list<int> b: list<int>",
           "a = [1, 2, 3].slice(1, 3)  b = [1, 2, 3].slice(3, 3)",
           {"  D.a = [2, 3]", "  D.b = []"}),
      boot_fails("SliceOutside", "F003", "a: list<int>", "a = [1, 2, 3].slice(2, 4)"),
      boot_fails("NoSuchIndex", "F003", "a: list<int> b: int", "b = a[0]"),
      boot_fails("NoNegativeIndex", "F003", "a: list<int> b: int", "a = [1]  b = a[-1]"),
      boot_fails("NoSuchKey", "F003", "m: map<string, int> b: int", "b = m[\"x\"]"),
      boot_fails("NoSuchKeyToAddTo", "F003", "m: map<string, int>", "m[\"x\"] += 1"),
      boot_fails("PopOfNothing", "F003", "q: list<int> b: int", "b = q.pop()"),
      boot("Maps", "m: map<int, string> k: list<int> v: list<string> g: string? h: bool",
           "m[10] = \"c\"  m[9] = \"b\"  m[-1] = \"a\"  k = m.keys  v = m.values  "
           "m = m.remove(9)  g = m.get(9)  h = m.has(10)",
           {"  D.m = {-1: \"a\", 10: \"c\"}", "  D.k = [-1, 9, 10]",
            "  D.v = [\"a\", \"b\", \"c\"]", "  D.g = null", "  D.h = true"}),
      boot("Loops", "a: string m: map<string, int> q: list<string>",
           "m = {\"y\": 2, \"x\": 1}  q = [\"p\", \"q\"]  "
           "for k in m { a += k }  for k, v in m { a += str(v) }  for x in q { a += x }  "
           "for i, x in q { a += str(i) }  for i in 3..5 { a += str(i) }  for i in 5..3 { a = \"\" "
           "}",
           {"  D.a = \"xy12pq0134\""}),
      {"Records",
       R"(type P { x: int = 4  tag: string }
          domain D { state { p: P  q: P  n: int  s: string  same: bool }
            transition Boot { q = P(x: 1, tag: "a")  q.x += 2  n = p.x + q.x  s = str(q)
                              same = q == P(x: 3, tag: "a") } })",
       {},
       {"  D.p = P(x: 4, tag: \"\")", "  D.n = 7", "  D.s = \"P(x: 3, tag: \\\"a\\\")\"",
        "  D.same = true"}},
      boot("PlacesReachInside", "m: map<string, list<int>>", "m[\"a\"] = [1, 2]  m[\"a\"][1] = 5",
           {"  D.m = {\"a\": [1, 5]}"}),
      boot("PopReachesInside", "m: map<string, list<int>> n: int",
           "m[\"a\"] = [1, 2]  n = m[\"a\"].pop()", {"  D.m = {\"a\": [2]}", "  D.n = 1"}),
  };
}

std::vector<Rule> names() {
  return {
      {"AParameterMayHideAField",
       "domain D { state { x: int y: int } on Go(x: int) { y = x  state.x = x + 1 } }",
       {.inputs = {{.text = "D Go(5)"}}},
       {"  D.x = 6", "  D.y = 5"}},
      {"FunctionsCallThemselves",
       R"(fn fib(n: int): int { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }
          domain D { state { n: int } transition Boot { n = fib(10) } })",
       {},
       {"  D.n = 55"}},
      {"SelfIsTheKey",
       "domain D[id: string] { state { s: string } on Go { s = self.id + \"!\" } }",
       {.inputs = {{.text = "D[\"k\"] Go"}}},
       {"  D[\"k\"].s = \"k!\""}},
      {"ReturnEndsLaterSlicesToo",
       R"(domain D { state { n: int }
            transition T(k: int) { step { n += k  if n == 1 { return } n += 10 } step { n += k } } })",
       {.inputs = {{.text = "D T(1)"}, {.text = "D T(k: 2)"}}},
       {"step 1 1 D T", "step 2 2 D T", "step 3 3 D T#2", "  D.n = 15"}},
      {"MethodsOnTheWay",
       R"(domain D { state { a: string } transition Boot {
            let parts = "b,a".split(",")
            for p in parts.sorted() { let twice = p + p  a += twice } } })",
       {},
       {"  D.a = \"aabb\""}},
  };
}

// A slice of as many statements as `turns` and one for the loop.
Rule gas(const std::string& name, const std::string& state, const std::string& loop, bool enough) {
  return boot(name, state, loop, {enough ? "step 1 1 D Boot" : "step 1 1 D Boot F006"});
}

// The same, where each statement has to do with a string of 16 KiB, which is worth two.
Rule inside(const std::string& name, const std::string& condition, int turns, bool enough) {
  const std::string loop = "for i in 0.." + std::to_string(turns) + " { b = " + condition + " }";
  return {name,
          R"(domain D { state { s: string = "0123456789abcdef" b: bool xs: list<string>
               m: map<string, int> }
             transition Boot { step { for i in 0..10 { s += s } } step { )" +
              loop + " } } }",
          {},
          {"step 1 1 D Boot", enough ? "step 2 2 D Boot#2" : "step 2 2 D Boot#2 F006"}};
}

std::vector<Rule> budgets() {
  const std::string s64 = "t: string = \"" + std::string(64, 'x') + "\" s: string";
  const std::string s63 = "t: string = \"" + std::string(63, 'x') + "\" s: string";
  const std::string fn = "fn f(n: int): int { if n == 0 { return 0 } return 1 + f(n - 1) }\n";
  const std::string calls = "domain D { state { n: int } on Go(k: int) { n = f(k) } }";
  return {
      gas("GasForAHundredThousandStatements", "n: int", "for i in 0..99999 { n = i }", true),
      gas("NotOneMore", "n: int", "for i in 0..100000 { n = i }", false),
      gas("ATurnOfAnEmptyLoopIsAStatement", "n: int", "for i in 0..99999 { }", true),
      gas("AndNotLess", "n: int", "for i in 0..100000 { }", false),
      gas("SixtyFourBytesCostOne", s64, "for i in 0..49999 { s = t + \"\" }", true),
      gas("SixtyFourBytesCostNotLess", s64, "for i in 0..50000 { s = t + \"\" }", false),
      gas("FewerCostNothing", s63, "for i in 0..99999 { s = t + \"\" }", true),
      gas("AComparisonWalksOverItsLongerSide", s64 + " b: bool", "for i in 0..50000 { b = s == t }",
          false),
      gas("LookingUpCostsNothing", s64 + " n: int", "for i in 0..99999 { n = t.length }", true),
      inside("MuchInsideIsPaidFor", "[s] == [s]", 33'333, true),
      inside("MuchInsideIsNotFree", "[s] == [s]", 33'334, false),
      inside("MuchInsideAnElementThatIsLookedFor", "xs.contains(s)", 33'334, false),
      inside("MuchInsideAKey", "m.has(s)", 33'334, false),
      inside("MuchInsideWhatIsSorted", "[s].sorted() == xs", 33'334, false),
      inside("MuchInsideButOnlyMoved", "xs.add(s).length == 1", 99'999, true),
      {"NestingUpToTwoThousand",
       fn + calls,
       {.inputs = {{.text = "D Go(998)"}}},
       {"  D.n = 998", "no fault"}},
      {"NestingNoDeeper", fn + calls, {.inputs = {{.text = "D Go(999)"}}}, {"fault 1 D F006"}},
      {"SixteenMebibytesAndNoMore",
       R"(domain D { state { s: string = "x"  xs: list<string>  n: int }
            transition Boot {
              step { for i in 0..21 { s += s } }
              step { xs = [s, s, s, s, s, s, s, s] }
              step { n = xs.length  xs = [] }
              step { xs = [s, s, s, s, s, s, s, s, "!"] } } })",
       {},
       {"step 1 1 D Boot", "step 2 2 D Boot#2", "step 3 3 D Boot#3", "step 4 4 D Boot#4 F005",
        "  D.n = 8", "  D.xs = []"}},
  };
}

}  // namespace

std::vector<Rule> rules_of_values() {
  std::vector<Rule> all;
  for (auto* part : {operators, strings, containers, names, budgets}) {
    for (Rule& rule : part()) all.push_back(std::move(rule));
  }
  return all;
}

}  // namespace lexum::twin
