// One layout for all programs; and what holds for any program and any bytes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "syntax/format.h"
#include "syntax/token.h"
#include "syntax_fixture.h"

namespace lexum {
namespace {

std::string formatted(std::string_view text) {
  return format(Source("test.lxm", std::string(text)));
}

TEST(Format, GivesEveryPartALineOfItsOwn) {
  EXPECT_EQ(
      formatted(
          R"(@restart(3,100)domain D[id:int]{scope{tenant}capability{messaging,send_to:B,}state{a:list<map<string,int>>?=[],b:int,}
invariant I{b>=0}goal G{predicate:b==-1 priority high strategy{A,B}terminate_after 3 else C}goal a . length==1
@priority(low)on Event::E(x:int){state.a=a.add({"k":x})if!x>1||(x<0){retire}else if x==2{}else{log"x"}}
on I.Do::Done(v){return;b=1;emit Broadcast(Event::F(a:1));emit I.Do();send("A","M")send B[id+1]M(n:-x)}
transition T(x:int){capability{Log}slice step{for i in 0..b{b+=i}}slice Check{}step{let y:int=x y=y[0].z(1,2)}}}
type R{a:int,b:string="x"}effect I.Do(x:int)effect I.Go{payload{a:int}}fn f(a:int,b:int):int{return a*(b-1)}
environment E{scope root x=1 y=2}system S{start domain D[7]{a=[],b=1}}deploy service S to E)"),
      R"(@restart(3, 100)
domain D[id: int] {
  scope { tenant }
  capability { messaging, send_to: B }
  state {
    a: list<map<string, int>>? = []
    b: int
  }
  invariant I { b >= 0 }
  goal G {
    predicate: b == -1
    priority high
    strategy { A, B }
    terminate_after 3 else C
  }
  goal a.length == 1
  @priority(low)
  on Event::E(x: int) {
    state.a = a.add({"k": x})
    if !x > 1 || (x < 0) {
      retire
    } else if x == 2 {} else {
      log "x"
    }
  }
  on I.Do::Done(v) {
    return;
    b = 1
    emit Broadcast(Event::F(a: 1))
    emit I.Do()
    send("A", "M")
    send B[id + 1] M(n: -x)
  }
  transition T(x: int) {
    capability { Log }
    slice step {
      for i in 0..b {
        b += i
      }
    }
    slice Check {}
    step {
      let y: int = x
      y = y[0].z(1, 2)
    }
  }
}
type R {
  a: int
  b: string = "x"
}
effect I.Do(x: int)
effect I.Go {
  payload {
    a: int
  }
}
fn f(a: int, b: int): int {
  return a * (b - 1)
}
environment E {
  scope root
  x = 1
  y = 2
}
system S {
  start domain D[7] {
    a = []
    b = 1
  }
}
deploy service S to E
)");
}

TEST(Format, KeepsCommentsWhereTheyStand) {
  EXPECT_EQ(formatted(R"(


// before   
domain D { // behind the brace

  /* alone */
  state { a: int, // behind a field
          // above a field
          b: int /* inside */ = /* too */ 2 } // behind the end


  // twice


  // apart
  on A { x = 1 // in the middle
           + 2
    // last in the block
  }
  // last in the domain
}
/* at
     the end */)"),
            R"(// before
domain D { // behind the brace

  /* alone */
  state {
    a: int // behind a field
    // above a field
    b: int /* inside */ = /* too */ 2
  } // behind the end

  // twice

  // apart
  on A {
    x = 1 // in the middle
        + 2
    // last in the block
  }
  // last in the domain
}
/* at
     the end */
)");
}

TEST(Format, KeepsOneEmptyLineAndNoneAtTheEdgesOfABlock) {
  EXPECT_EQ(formatted("domain D {\n\n\n  on A {\n\n    x = 1\n\n\n\n    y = 2\n\n  }\n\n\n}\n\n"),
            "domain D {\n  on A {\n    x = 1\n\n    y = 2\n  }\n}\n");
}

TEST(Format, DoesNotDependOnTheOldLines) {
  const std::string text =
      "domain D { on A { if x == f( 1 , 2 ) { y = [ 1 , 2 ] } else { z = - 1 } } }";
  std::string upright = text;
  for (char& c : upright) c = c == ' ' ? '\n' : c;
  EXPECT_EQ(formatted(upright), formatted(text));
  EXPECT_EQ(formatted(text),
            "domain D {\n  on A {\n    if x == f(1, 2) {\n      y = [1, 2]\n    } else {\n"
            "      z = -1\n    }\n  }\n}\n");
}

TEST(Format, KeepsASemicolonThatSaysSomething) {
  EXPECT_EQ(
      formatted("domain D { on A { return ; ; x = 1 ; y = z; matches(1); return; if a {}; } }"),
      "domain D {\n  on A {\n    return;\n    x = 1\n    y = z;\n    matches(1)\n    return\n"
      "    if a {}\n  }\n}\n");
}

TEST(Format, LeavesLongLinesWhole) {
  const std::string sum = "1" + repeat(" + 1", 1000);
  EXPECT_EQ(formatted("domain D { on A { x = " + sum + " } }"),
            "domain D {\n  on A {\n    x = " + sum + "\n  }\n}\n");
}

TEST(Format, CopesWithOtherLineEnds) {
  EXPECT_EQ(formatted("domain D { // one\r\n\r\n  state {\r\n a: int\r\n } }\r\n"),
            "domain D { // one\n\n  state {\n    a: int\n  }\n}\n");
}

// ------------------------------------------------------------------------------------- any program

// Says a program by choices: each asks for the next number, and when there are none left the
// shortest way is taken. So a list of numbers is a program, and a shorter list most often a shorter
// one.
class Speaker {
 public:
  explicit Speaker(const std::vector<uint8_t>& choices) : choices_(choices) {}

  std::string program() {
    while (at_ < choices_.size() || text_.empty()) domain();
    return text_;
  }

 private:
  size_t choose(size_t ways) { return at_ < choices_.size() ? choices_[at_++] % ways : 0; }

  void say(std::string_view token) {
    static constexpr std::string_view kGaps[] = {" ",
                                                 "\n",
                                                 "\n\n\n",
                                                 " // behind\n",
                                                 " /* inside */ ",
                                                 "\n  // alone\n",
                                                 "\n\n/* two\n lines */\n\n"};
    text_ += kGaps[choose(3) == 0 ? choose(std::size(kGaps)) : 0];
    text_ += token;
  }
  template <class... Tokens>
  void say_all(const Tokens&... tokens) {
    (say(tokens), ...);
  }
  void name() {
    static constexpr std::string_view kNames[] = {"x",      "state", "step",     "matches",
                                                  "retire", "goal",  "long_name"};
    say(kNames[choose(std::size(kNames))]);
  }

  void domain() {
    say_all("domain", "D", "{");
    while (choose(4) != 0) member();
    say("}");
  }
  void member() {
    switch (choose(6)) {
      case 0:
        say_all("on", "A");
        return block();
      case 1:
        return state();
      case 2:
        say("goal");
        return expr();
      case 3:
        return goal();
      case 4:
        say_all("@", "a", "(", "1", ")", "transition", "T", "{");
        return slices();
      default:
        say_all("transition", "T");
        return block();
    }
  }
  void state() {
    say_all("state", "{");
    while (choose(3) != 0) {
      name();
      say_all(":", "list", "<", "int", ">", "?");
      if (choose(2) != 0) {
        say("=");
        expr();
      }
      if (choose(2) != 0) say(",");
    }
    say("}");
  }
  void goal() {
    say_all("goal", "G", "{", "strategy", "{", "A");
    if (choose(2) != 0) say(",");
    say_all("B", "}", "target");
    expr();
    say_all("priority", "1", "}");
  }
  void slices() {
    do {
      say("step");
      block();
    } while (choose(2) != 0);
    say("}");
  }
  void block() {
    say("{");
    while (depth_ < 4 && choose(4) != 0) {
      stmt();
      if (choose(2) != 0) say(";");
    }
    say("}");
  }
  void stmt() {
    switch (choose(7)) {
      case 0:
        say("retire");
        return say(";");
      case 1:
        name();
        say("=");
        return expr();
      case 2:
        say("return");
        return say(";");
      case 3:
        return branch();
      case 4:
        say_all("send", "A", "[");
        expr();
        say("]");
        return say("M");
      case 5:
        say_all("let", "y", "=");
        return expr();
      default:
        say_all("for", "i", "in", "0", "..");
        expr();
        return nested_block();
    }
  }
  void branch() {
    say("if");
    expr();
    nested_block();
    while (choose(3) == 1) {
      say_all("else", "if");
      expr();
      nested_block();
    }
    if (choose(2) != 0) {
      say("else");
      nested_block();
    }
  }
  void nested_block() {
    ++depth_;
    block();
    --depth_;
  }
  void expr() {
    ++depth_;
    operand();
    static constexpr std::string_view kOps[] = {"+", "-", "*", "&&", "??"};
    while (depth_ < 8 && choose(3) == 1) {
      say(kOps[choose(std::size(kOps))]);
      operand();
    }
    --depth_;
  }
  void operand() {
    switch (depth_ < 8 ? choose(8) : 0) {
      case 0:
        return say("1");
      case 1:
        say("\"a // b\"");
        return;
      case 2:
        name();
        return;
      case 3:
        say(choose(2) != 0 ? "-" : "!");
        return operand();
      case 4:
        say("(");
        expr();
        return say(")");
      case 5:
        say_all("f", "(", "a", ":");
        expr();
        return say(")");
      case 6:
        say_all("{", "1", ":");
        expr();
        say_all(",", "2", ":");
        expr();
        return say("}");
      default:
        say_all("x", ".", "y", "[");
        expr();
        return say("]");
    }
  }

  const std::vector<uint8_t>& choices_;
  size_t at_ = 0;
  int depth_ = 0;
  std::string text_;
};

RC_GTEST_PROP(AnyProgram, KeepsItsTreeAndCommentsAndIsFormattedForGood, ()) {
  const auto choices = *rc::gen::scale(8.0, rc::gen::arbitrary<std::vector<uint8_t>>());
  const std::string text = Speaker(choices).program();
  const std::string tree = tree_of(text);
  RC_PRE(errors_in(text).empty());
  const std::string once = formatted(text);
  const auto comments = [](const std::string& in) {
    size_t count = 0;
    for (const char* mark : {"// behind", "/* inside */", "// alone", "/* two\n lines */"}) {
      for (size_t at = in.find(mark); at != std::string::npos; at = in.find(mark, at + 1)) ++count;
    }
    return count;
  };
  RC_ASSERT(tree_of(once) == tree);
  RC_ASSERT(formatted(once) == once);
  RC_ASSERT(comments(once) == comments(text));
  RC_ASSERT(once.find("\n\n\n") == std::string::npos);
  RC_ASSERT(once.find(" \n") == std::string::npos);
}

TEST(AnyProgram, IsMostOftenWithoutErrors) {
  std::vector<uint8_t> choices;
  uint32_t random = 1;
  for (int i = 0; i < 2000; ++i)
    choices.push_back(static_cast<uint8_t>((random = random * 1103515245 + 12345) >> 16));
  EXPECT_EQ(errors_in(Speaker(choices).program()), "");
}

// --------------------------------------------------------------------------------------- any bytes

RC_GTEST_PROP(AnySoup, OfTokensGivesAWellFormedTree, ()) {
  const auto pieces =
      *rc::gen::scale(5.0, rc::gen::container<std::vector<size_t>>(
                               rc::gen::inRange<size_t>(4, kTokenKinds + kWords.size())));
  std::string text;
  for (const size_t piece : pieces) {
    text += piece < kTokenKinds ? kSpellings[piece] : kWords[piece - kTokenKinds];
    text += piece % 7 == 0 ? " x\n" : piece % 5 == 0 ? " \"s\" 1 " : " ";
  }
  for (const std::string& whole :
       {text, "domain D { on A { " + text, "domain D { state {" + text}) {
    const std::string tree = tree_of(whole);  // reads every node
    if (codes_in(whole).empty()) RC_ASSERT(tree_of(formatted(whole)) == tree);
  }
  expr_of(text);
  stmt_of(text);
}

RC_GTEST_PROP(AnySoup, OfBytesGivesAWellFormedTree, (const std::string& bytes)) {
  tree_of(bytes);
  tree_of("domain D { on A { x = \"" + bytes);
  tree_of("domain D { " + bytes + " }");
}

}  // namespace
}  // namespace lexum
