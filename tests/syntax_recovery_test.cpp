// One mistake is reported once, where it is, with a way out; and what follows is read as if nothing
// had happened.
#include <gtest/gtest.h>

#include "syntax_fixture.h"

namespace lexum {
namespace {

std::string in_handler(std::string_view text) {
  return errors_in("domain D { on A {\n" + std::string(text) + "\n} }");
}

// ----------------------------------------------------------------------------- several in one file

TEST(Recovery, FindsAMistakeInEveryStatementMemberAndDeclaration) {
  EXPECT_EQ(tree_of(R"(domain A {
  state { x int, y: int }
  goal G { predicat x == 1 target y == 1 }
  on M { x = }
  on N { y = 1 +; y = 2 if y == { } }
  transition T(x: int { step { y = 3 } }
  foo bar
  transition U { step { send } step { y = 4 } }
}
domian B { state { z: int } }
domain C { on M { x = 1 } }
)"),
            "E106 2:13-2:16 expected `:` and the type of the field, found `int` "
            "(put `:` and the type of the field before `int`)\n"
            "E106 3:12-3:20 expected `predicate`, `priority`, `strategy` or `terminate_after`, "
            "found `predicat` (did you mean `predicate`?)\n"
            "E106 4:14-4:15 expected a value, found `}` (put a value before `}`)\n"
            "E106 5:17-5:18 expected a value, found `;` (put a value before `;`)\n"
            "E106 5:37-5:38 expected `{` after the condition, found `}` "
            "(what follows stands in braces: `{ … }`)\n"
            "E106 6:23-6:24 expected `,` or `)`, found `{` (put `,` or `)` before `{`)\n"
            "E106 7:3-7:6 expected `state`, `goal`, `on`, `transition` or another part of a "
            "domain, found `foo` (take it out, or put one of them before it)\n"
            "E106 8:30-8:31 expected the domain to send to, found `}` "
            "(put the domain to send to before `}`)\n"
            "E106 10:1-10:7 expected `domain` or another declaration, found `domian` "
            "(did you mean `domain`?)\n"
            "domain A (goal G <error>) (on M { <error> }) (on N { <error> (= y 2) <error> }) "
            "(transition T(x: int) step { (= y 3) }) "
            "(transition U step { <error> } step { (= y 4) })\n"
            "domain C (on M { (= x 1) })\n");
}

TEST(Recovery, ReadsTheBodyOfABrokenHead) {
  EXPECT_EQ(codes_in("domain D { on 5 { x = } }"), "E106 E106");
  EXPECT_EQ(codes_in("domain D { on A { if a b { x = } } }"), "E106 E106");
  EXPECT_EQ(codes_in("domain D { on A { for x of l { x = } } }"), "E106 E106");
  EXPECT_EQ(stmt_of("if a && { x = 1 }"),
            "E106 1:9-1:10 expected a value, found `{` (put a value before `{`)\n");
  EXPECT_EQ(codes_in("domain D { on A { if a == { log } } on B { x = {log 1} } }"),
            "E106 E106 E106");
  EXPECT_EQ(tree_of("domain 5 { on A { } } domain D { }"),
            "E106 1:8-1:9 expected a name for the domain, found `5` "
            "(put a name for the domain before `5`)\ndomain D\n");
}

TEST(Recovery, KeepsTheStatementsAroundABrokenOne) {
  EXPECT_EQ(tree_of("domain D { on A {\n  x = 1\n  y = (2 +\n  z = 3\n  emit Infra\n  w = 4\n} }"),
            "E107 4:5-4:6 expected `)` to close the `(` opened at 3:7, found `=` "
            "(add the missing `)` before it)\n"
            "E106 6:3-6:4 expected `.` and the name of an operation, found `w` "
            "(put `.` and the name of an operation before `w`)\n"
            "domain D (on A { (= x 1) <error> <error> (= w 4) })\n");
}

// ------------------------------------------------------------------------------------------ braces

TEST(MissingBraces, NameWhereTheyWereOpened) {
  EXPECT_EQ(errors_in("domain D {\n  on A {\n    x = 1\n\n  on B {}\n}"),
            "E107 5:3-5:5 expected `}` to close the `{` opened at 2:8, found `on` "
            "(add the missing `}` before it)\n");
  EXPECT_EQ(errors_in("domain D {\n  on A {}\n"),
            "E107 1:10-1:11 this `{` is never closed (the text ends without its `}`: add it)\n");
  EXPECT_EQ(errors_in("domain D {\n  on A { x = f(1\n y = 2 }\n}"),
            "E107 3:2-3:3 expected `)` to close the `(` opened at 2:15, found `y` "
            "(add the missing `)` before it)\n");
}

TEST(MissingBraces, DoNotSwallowWhatFollows) {
  EXPECT_EQ(tree_of("domain A {\n  transition T {\n    step {\n      if a {\n        x = 1\n\n"
                    "  transition U { y = 2 }\n}\ndomain B { on M { z = } }"),
            "E107 7:3-7:13 expected `}` to close the `{` opened at 4:12, found `transition` "
            "(add the missing `}` before it)\n"
            "E106 9:23-9:24 expected a value, found `}` (put a value before `}`)\n"
            "domain A (transition T step { <error> }) (transition U bare { (= y 2) })\n"
            "domain B (on M { <error> })\n");
  EXPECT_EQ(
      codes_in("domain A {\n  state {\n    x: int\n  goal G { target x == 1 }\n}\ndomain B {}"),
      "E107");
  EXPECT_EQ(codes_in("domain A {\n  state { x: int }\n\ndomain B {}\ntype T { a: int }"), "E107");
  EXPECT_EQ(codes_in("domain A { on M {\n x = 1\n\nfn f(): int { return 1 }\n"), "E107");
  EXPECT_EQ(codes_in("domain A { transition T { step { x = 1 step { y = 2 } } }"), "E107");
}

TEST(MissingBraces, OfAMapAreNotTakenFromTheBlock) {
  EXPECT_EQ(tree_of("domain D { on A { x = {\"a\" 1}\n y = 2 } on B {} }"),
            "E106 1:28-1:29 expected `:` and a value, found `1` (put `:` and a value before `1`)\n"
            "domain D (on A { <error> (= y 2) }) (on B { })\n");
}

TEST(ExtraBraces, AreReportedOnce) {
  EXPECT_EQ(errors_in("domain A { on M { } } }\ndomain B {}"),
            "E106 1:23-1:24 expected `domain` or another declaration, found `}` "
            "(there is one `}` too many)\n");
}

TEST(Misplaced, DeclarationsAreReadWhereTheyStand) {
  EXPECT_EQ(tree_of("domain D {\n  fn f(): int { return 1 }\n  type T { a: int }\n  on A {}\n}"),
            "E106 2:3-2:5 `fn` stands outside of domains (move it before or behind the domain)\n"
            "E106 3:3-3:7 `type` stands outside of domains (move it before or behind the domain)\n"
            "domain D (on A { })\ntype T { (a int) }\nfn f(): int { (return 1) }\n");
  EXPECT_NE(errors_in("on A { x = 1 }\ndomain D {}").find("put it inside of a `domain Name"),
            std::string::npos);
  EXPECT_NE(errors_in("domain D { x = 1 }").find("statements stand in an `on`"), std::string::npos);
  EXPECT_NE(errors_in("domain D { on A { step { x = 1 } } }").find("only in a transition"),
            std::string::npos);
}

TEST(Slices, DoNotMixWithBareStatements) {
  EXPECT_EQ(codes_in("domain D { transition T { step { x = 1 } y = 2 step { } } on A {} }"),
            "E106");
  EXPECT_EQ(codes_in("domain D { transition T { y = 2 step { x = 1 } } on A {} }"), "E106");
}

// ------------------------------------------------------------------------------------------- slips

TEST(Slips, WithASingleEqualsSignNameTheDoubleOne) {
  for (const char* text :
       {"domain D { goal G { target x = 3 } on A { } }", "domain D { goal x = 3 on A { } }",
        "domain D { on A { if x = 3 && y = 4 { x = 1 } } }", "domain D { invariant I { x = 3 } }",
        "domain D { on A { assert x = 3, \"m\" } }",
        "domain D { on A { if a {} else if x = 3 {} } }"}) {
    EXPECT_EQ(codes_in(text), "E109") << text;
    EXPECT_NE(errors_in(text).find("write `==`"), std::string::npos) << text;
  }
}

TEST(Slips, OfAssignmentSayWhatAssigns) {
  EXPECT_EQ(in_handler("x := 3"), "E106 2:3-2:5 expected `=`, found `:=` (write `=`)\n");
  EXPECT_EQ(in_handler("let x := 3"), "E106 2:7-2:9 expected `=`, found `:=` (write `=`)\n");
  EXPECT_EQ(in_handler("x == 3"),
            "E106 2:3-2:5 expected `=`, `+=` or `-=`, found `==` "
            "(`==` compares; a single `=` assigns)\n");
  EXPECT_NE(in_handler("x++").find("write `x += 1`"), std::string::npos);
  EXPECT_NE(in_handler("x *= 2").find("x = x * 2"), std::string::npos);
}

TEST(Slips, WithWordsOfOtherLanguagesSayWhatIsMeant) {
  for (const auto& [text, help] : std::vector<std::pair<std::string, std::string>>{
           {"while x < 3 { x += 1 }", "there is no `while`"},
           {"while (x < 3) { x += 1 }", "there is no `while`"},
           {"var x = 3", "use `let`"},
           {"const x = 3", "use `let`"},
           {"if a {} elif b {}", "use `else if`"},
           {"if a and b {}", "use `&&`"},
           {"if a then x = 1", "in braces"},
           {"for x of l {}", "use `in`"},
           {"switch x {}", "use `if"},
           {"print \"x\"", "use `log`"},
           {"sned A M", "did you mean `send`?"},
           {"emitt Infra.X()", "did you mean `emit`?"}}) {
    const std::string said = in_handler(text);
    EXPECT_NE(said.find(help), std::string::npos) << text << "\n" << said;
    EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
  }
  EXPECT_NE(errors_in("function f() {}\ndomain D {}").find("use `fn`"), std::string::npos);
  EXPECT_NE(errors_in("domain D { var x = 3\n on A {} }").find("state { … }"), std::string::npos);
  EXPECT_NE(errors_in("domain D { trasition T {} }").find("`transition`?"), std::string::npos);
  EXPECT_NE(errors_in("fn f(x: int) -> int { return x }\ndomain D {}").find("fn name(x: int): int"),
            std::string::npos);
}

TEST(Slips, OfMessagesAndEffectsSayHowTheyAreWritten) {
  EXPECT_NE(in_handler("send A.M(1)").find("send Domain Message"), std::string::npos);
  EXPECT_NE(in_handler("emit Event::X").find("emit Broadcast(Event::…)"), std::string::npos);
  EXPECT_NE(in_handler("emit Broadcast(X)").find("`Event::`"), std::string::npos);
  EXPECT_NE(in_handler("emit Infra.X").find("write `()`"), std::string::npos);
  EXPECT_NE(in_handler("x = self").find("self.id"), std::string::npos);
  EXPECT_NE(errors_in("domain D { on A::B {} }").find("on Event::Name"), std::string::npos);
  EXPECT_NE(errors_in("domain D { on A.B::Dne {} }").find("`Done` or `Failed`"), std::string::npos);
  EXPECT_NE(errors_in("domain D { state { a = 3 } }").find("count: int = 0"), std::string::npos);
}

// ----------------------------------------------------------------------------------------- stories

TEST(Stories, AboutTheTextHaveExamplesThatShowItAndAreMended) {
  for (const CodeInfo& code : all_codes()) {
    const size_t cut = code.example.find("// mended:");
    if (cut == std::string_view::npos) continue;
    EXPECT_EQ(errors_in(code.example.substr(cut)), "") << code.id;
    if (!code.id.starts_with("E1")) continue;
    EXPECT_EQ(codes_in(code.example.substr(0, cut)), code.id);
  }
}

// ---------------------------------------------------------------------------------- nothing at all

TEST(NoDomain, IsAnErrorOfItsOwn) {
  const std::string said =
      "E110 1:1-1:1 the program has no domain (declare one: `domain Name { state { … } … }`)\n";
  for (const char* text : {"", " \n", "// only this", "type T { a: int }"}) {
    EXPECT_EQ(errors_in(text), said);
  }
}

// ----------------------------------------------------------------------------------------- nesting

// Programs with something nested `depth` levels deep inside of an expression, a statement or a
// type.
struct Nesting {
  const char* name;
  std::string (*program)(size_t depth);
};
std::string program_with(const std::string& stmt) { return "domain D { on A { " + stmt + " } }"; }
std::string wrap(const std::string& open, const std::string& inner, const std::string& close,
                 size_t times) {
  return repeat(open, times) + inner + repeat(close, times);
}
const Nesting kNestings[] = {
    // The handler's own block is one level.
    {"Parentheses", [](size_t n) { return program_with("x = " + wrap("(", "1", ")", n - 1)); }},
    {"Lists", [](size_t n) { return program_with("x = " + wrap("[", "1", "]", n - 1)); }},
    {"Maps", [](size_t n) { return program_with("x = " + wrap("{1: ", "1", "}", n - 1)); }},
    {"Calls", [](size_t n) { return program_with("x = " + wrap("f(", "1", ")", n - 1)); }},
    {"Methods", [](size_t n) { return program_with("x = " + wrap("a.f(", "1", ")", n - 1)); }},
    {"Indices",
     [](size_t n) { return program_with("x" + wrap("[y", "[1]", "]", n - 2) + " = 1"); }},
    {"Prefixes", [](size_t n) { return program_with("x = " + repeat("!", n - 1) + "y"); }},
    {"Minuses", [](size_t n) { return program_with("x = " + repeat("- ", n - 1) + "1"); }},
    {"Blocks", [](size_t n) { return program_with(wrap("if a { ", "x = 1", " }", n - 1)); }},
    {"Loops", [](size_t n) { return program_with(wrap("for i in l { ", "", " }", n - 1)); }},
    {"ElseIfs", [](size_t n) { return program_with("if a {}" + repeat(" else if b {}", n - 2)); }},
    {"Slices",
     [](size_t n) {
       return "domain D { transition T { step { x = " + wrap("(", "1", ")", n - 1) + " } } }";
     }},
    {"BareTransitions",
     [](size_t n) {
       return "domain D { transition T { x = " + wrap("(", "1", ")", n - 1) + " } }";
     }},
    {"Goals",
     [](size_t n) { return "domain D { goal G { target " + wrap("(", "x", ")", n) + " } }"; }},
    {"Types",
     [](size_t n) { return "domain D { state { x: " + wrap("list<", "int", ">", n) + " } }"; }},
    {"MapTypes",
     [](size_t n) { return "domain D { state { x: " + wrap("map<int, ", "int", ">", n) + " } }"; }},
};

TEST(Nesting, IsAllowedTwoHundredDeepAndNoDeeper) {
  for (const Nesting& nesting : kNestings) {
    EXPECT_EQ(codes_in(nesting.program(200)), "") << nesting.name;
    EXPECT_EQ(codes_in(nesting.program(201)), "E108") << nesting.name;
    EXPECT_EQ(codes_in(nesting.program(5000)), "E108") << nesting.name;
  }
}

TEST(Nesting, OfAllKindsAddsUp) {
  const auto mixed = [](size_t parens) {
    const std::string inner = wrap("-(", wrap("(", "1", ")", parens), ")", 25);
    return program_with(wrap("if a { ", "x = " + inner, " }", 100));
  };
  EXPECT_EQ(codes_in(mixed(49)), "");
  EXPECT_EQ(codes_in(mixed(50)), "E108");
}

TEST(Nesting, EndsWhereTheBracketEnds) {
  EXPECT_EQ(codes_in(program_with(repeat("if a { x = ((1)) } else if b { y = -1 } ", 2000))), "");
}

// ------------------------------------------------------------------------------------- big and bad

TEST(Bytes, OfAnyKindAreReadInReasonableTime) {
  const auto survives = [](const std::string& text) { return errors_in(text).size() < 100'000; };
  for (const char* piece : {"(",
                            "[",
                            "{",
                            "<",
                            "!",
                            "if ",
                            "if a {",
                            "else if a {}",
                            "on A {",
                            "domain D {",
                            "goal G { strategy { A",
                            "step {",
                            "@a ",
                            "x = {1 2\n",
                            "while(\n",
                            "#a$b",
                            "\"\\",
                            "'",
                            "/*",
                            "} ",
                            "a b ",
                            "fn f(): int {",
                            "list<",
                            "1.",
                            "\xff"}) {
    EXPECT_TRUE(survives(repeat(piece, 20'000))) << piece;
    EXPECT_TRUE(survives("domain D { on A { " + repeat(piece, 20'000))) << piece;
    EXPECT_TRUE(survives("domain D { transition T { step { x = " + repeat(piece, 20'000))) << piece;
    EXPECT_TRUE(survives("domain D { state { x: " + repeat(piece, 20'000))) << piece;
  }
}

}  // namespace
}  // namespace lexum
