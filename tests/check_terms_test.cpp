// What the interpreter is handed: the operator that the types ask for, slots for names, and how
// deep everything lies.
#include <gtest/gtest.h>

#include "check_helpers.h"

namespace lexum::check_test {
namespace {

const char* name_of(Op op) {
  switch (op) {
    case Op::kInt:
      return "int";
    case Op::kBool:
      return "bool";
    case Op::kConstant:
      return "constant";
    case Op::kField:
      return "field";
    case Op::kLocal:
      return "local";
    case Op::kKey:
      return "key";
    case Op::kAdd:
      return "add";
    case Op::kSubtract:
      return "subtract";
    case Op::kMultiply:
      return "multiply";
    case Op::kSum:
      return "sum";
    case Op::kProduct:
      return "product";
    case Op::kNegate:
      return "negate";
    case Op::kConcat:
      return "concat";
    case Op::kAnd:
      return "and";
    case Op::kOr:
      return "or";
    case Op::kNot:
      return "not";
    case Op::kEqualInt:
      return "equal-int";
    case Op::kEqualBool:
      return "equal-bool";
    case Op::kEqualText:
      return "equal-text";
    case Op::kGreaterEqual:
      return "greater-equal";
    case Op::kLess:
      return "less";
    case Op::kLessText:
      return "less-text";
    case Op::kEqual:
      return "equal";
    case Op::kUnequal:
      return "unequal";
    case Op::kCoalesce:
      return "coalesce";
    case Op::kMember:
      return "member";
    case Op::kAtList:
      return "at-list";
    case Op::kAtMap:
      return "at-map";
    case Op::kMakeList:
      return "list";
    case Op::kMakeRecord:
      return "record";
    case Op::kMethod:
      return "method";
    case Op::kPop:
      return "pop";
    case Op::kCall:
      return "call";
    case Op::kStage:
      return "stage";
    default:
      return "other";
  }
}

bool has_list(Op op) {
  switch (op) {
    case Op::kSum:
    case Op::kProduct:
    case Op::kConcat:
    case Op::kAnd:
    case Op::kOr:
    case Op::kCoalesce:
    case Op::kMakeList:
    case Op::kMakeRecord:
    case Op::kMethod:
    case Op::kCall:
    case Op::kStage:
      return true;
    default:
      return false;
  }
}

// "add@1(field@2 int@2)"
std::string shown(const Program& program, TermId id) {
  const Term& term = program[id];
  std::string out = name_of(term.op) + ("@" + std::to_string(term.depth));
  std::vector<TermId> operands;
  if (has_list(term.op)) {
    for (uint32_t i = 0; i < term.b; ++i) operands.emplace_back(size_t{program.lists[term.a + i]});
  } else if (term.op == Op::kNegate || term.op == Op::kNot || term.op == Op::kMember) {
    operands = {TermId(size_t{term.a})};
  } else if (term.op == Op::kPop) {
    for (const PlaceStep& step : program.places[term.a].steps) {
      if (step.subscript) operands.push_back(step.subscript);
    }
  } else if (term.op >= Op::kAdd) {
    operands = {TermId(size_t{term.a}), TermId(size_t{term.b})};
  }
  for (size_t i = 0; i < operands.size(); ++i) {
    out +=
        (i == 0 ? "(" : " ") + shown(program, operands[i]) + (i + 1 == operands.size() ? ")" : "");
  }
  return out;
}

std::string lowered(std::string_view expression) {
  const auto program = checked(with_body("log " + std::string(expression)));
  if (!program) return "";
  for (const Term& term : program->terms) {
    if (term.op == Op::kLog) return shown(*program, TermId(size_t{term.a}));
  }
  return "";
}

TEST(Terms, AChainOfOneLevelIsOneEvaluation) {
  EXPECT_EQ(lowered("n + 1"), "add@1(field@2 int@2)");
  EXPECT_EQ(lowered("n + 1 - p"), "sum@1(field@2 int@2 local@2)");
  EXPECT_EQ(lowered("1 + 2 * 3"), "add@1(int@2 multiply@2(int@3 int@3))");
  EXPECT_EQ(lowered("(1 + 2) + 3"), "add@1(add@2(int@3 int@3) int@2)");
  EXPECT_EQ(lowered("((n))"), "field@1");
  EXPECT_EQ(lowered("-(n)"), "negate@1(field@2)");
  EXPECT_EQ(lowered("b && !b && n >= 1"),
            "and@1(field@2 not@2(field@3) greater-equal@2(field@3 int@3))");
  EXPECT_EQ(lowered("mn ?? q ?? 1"), "coalesce@1(field@2 local@2 int@2)");
}

TEST(Terms, AChainOfDotsAndBracketsIsOneEvaluation) {
  EXPECT_EQ(lowered("t.id"), "member@1(field@2)");
  EXPECT_EQ(lowered("[t][n + 1].id"), "member@1(at-list@1(list@2(field@3) add@2(field@3 int@3)))");
  EXPECT_EQ(lowered("s.split(s).add(s)[0].length"),
            "method@1(at-list@1(method@1(method@1(field@2 field@2) field@2) int@2))");
  EXPECT_EQ(lowered("m[s] + 1"), "add@1(at-map@2(field@3 field@3) int@2)");
  EXPECT_EQ(lowered("l.pop() + 1"), "add@1(pop@2 int@2)");
}

TEST(Terms, TypesChooseTheOperator) {
  EXPECT_EQ(lowered("n == 1"), "equal-int@1(field@2 int@2)");
  EXPECT_EQ(lowered("mn == 1"), "equal@1(field@2 int@2)");
  EXPECT_EQ(lowered("mn != null && mn == 1"),
            "and@1(unequal@2(field@3 constant@3) equal-int@2(field@3 int@3))");
  EXPECT_EQ(lowered("b == true"), "equal-bool@1(field@2 bool@2)");
  EXPECT_EQ(lowered("s == \"a\""), "equal-text@1(field@2 constant@2)");
  EXPECT_EQ(lowered("s < \"a\""), "less-text@1(field@2 constant@2)");
  EXPECT_EQ(lowered("n < 1"), "less@1(field@2 int@2)");
  EXPECT_EQ(lowered("t == Task()"), "equal@1(field@2 record@2(constant@3 constant@3 constant@3))");
  EXPECT_EQ(lowered("s + s"), "concat@1(field@2 field@2)");
  EXPECT_EQ(lowered("self.id"), "key@1");
}

TEST(Terms, ArgumentsOutOfOrderAreStagedSoThatTheyRunAsWritten) {
  EXPECT_EQ(lowered("Task(owner: s, id: n)"),
            "record@1(stage@2(field@2 field@2 local@2) local@2 constant@2)");
  EXPECT_EQ(lowered("Task(id: n, owner: s)"), "record@1(field@2 field@2 constant@2)");
}

TEST(Terms, ConstantsCarryTheirGas) {
  const auto program = checked("domain D { on M { log \"" + std::string(130, 'x') + "\" } }");
  ASSERT_TRUE(program);
  for (const Term& term : program->terms) {
    if (term.op == Op::kConstant) {
      EXPECT_EQ(term.b, 2u);
    }
  }
}

// "reads a b; writes c" of the first slice of the first routine.
std::string masks(std::string_view body) {
  const auto program =
      checked("domain D { state { a: int b: int l: list<int> m: map<string, int> } on M { " +
              std::string(body) + " } }");
  if (!program) return "";
  const Domain& domain = program->domains[0];
  const Slice& slice = domain.routines[0].slices[0];
  const auto names = [&](FieldMask mask) {
    std::string out;
    for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
      if (mask.meets(FieldMask::of(slot))) out += " " + domain.fields[slot].name;
    }
    return out;
  };
  return "reads" + names(slice.reads) + "; writes" + names(slice.writes);
}

TEST(Terms, ASliceKnowsWhichFieldsItTouches) {
  EXPECT_EQ(masks("a = 1"), "reads; writes a");
  EXPECT_EQ(masks("a = b"), "reads b; writes a");
  EXPECT_EQ(masks("a += 1"), "reads a; writes a");
  EXPECT_EQ(masks("m[str(a)] = 1"), "reads a m; writes m");
  EXPECT_EQ(masks("if b > 1 { let x = l.pop() }"), "reads b l; writes l");
  EXPECT_EQ(masks("let x = l log x.pop()"), "reads l; writes");
}

std::string statement(std::string_view body) {
  const auto program = checked("domain D { state { n: int s: string l: list<int> } on M { " +
                               std::string(body) + " } }");
  if (!program) return "";
  std::string out;
  for (const Term& term : program->terms) {
    switch (term.op) {
      case Op::kSetField:
        out += "set-field ";
        break;
      case Op::kAddField:
        out += "add-field ";
        break;
      case Op::kSubtractField:
        out += "subtract-field ";
        break;
      case Op::kSetLocal:
        out += "set-local ";
        break;
      case Op::kAssign:
        out += "assign ";
        break;
      default:
        break;
    }
  }
  return out;
}

TEST(Terms, AnAssignmentIsAsSimpleAsItsPlace) {
  EXPECT_EQ(statement("n = 1"), "set-field ");
  EXPECT_EQ(statement("n += 1"), "add-field ");
  EXPECT_EQ(statement("state.n -= 1"), "subtract-field ");
  EXPECT_EQ(statement("s += \"a\""), "assign ");
  EXPECT_EQ(statement("l[0] = 1"), "assign ");
  EXPECT_EQ(statement("let x = 1 x = 2 x += 1"), "set-local set-local assign ");
}

TEST(Terms, LocalsHaveSlotsWhileTheyLive) {
  const auto program = checked(
      "domain D { on M(p: int) { let a = p if a > 0 { let b = a let c = b } else { let d = a } for "
      "i in 0..a { } } }");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->domains[0].routines[0].locals, 4u);
}

TEST(Terms, GuardsAreTheConditionOfTheOneIfAroundEverything) {
  const auto program = checked(
      "domain D { state { s: string n: int } on M { if s == \"idle\" && 10 > n && (n > 0 || n < 5) "
      "{ n += 1 } } "
      "on N { if n > 1 { n = 1 } else { n = 2 } } }");
  ASSERT_TRUE(program);
  const std::vector<Comparison>& guards = program->domains[0].routines[0].slices[0].guards;
  ASSERT_EQ(guards.size(), 3u);
  EXPECT_EQ(guards[0].field_slot, 0u);
  EXPECT_EQ(program->text(guards[0].wanted), "\"idle\"");
  EXPECT_EQ(program->text(guards[1].actual), "n") << "what varies is the actual side";
  EXPECT_EQ(guards[1].op, Operator::kLess);
  EXPECT_EQ(guards[1].field_slot, UINT32_MAX);
  EXPECT_FALSE(guards[2].actual);
  EXPECT_TRUE(program->domains[0].routines[1].slices[0].guards.empty());
}

TEST(Terms, AGoalKnowsWhatItCompares) {
  const auto program = checked(
      "domain D { state { a: int b: bool c: int } goal G { predicate a == -1 && (b || c > a) } on "
      "M { a = 1 } }");
  ASSERT_TRUE(program);
  const Goal& goal = program->domains[0].goals[0];
  ASSERT_EQ(goal.comparisons.size(), 3u);
  EXPECT_EQ(program->text(goal.comparisons[0].whole), "a == -1");
  EXPECT_EQ(goal.comparisons[0].field_slot, 0u);
  EXPECT_EQ(program->text(goal.comparisons[1].whole), "b");
  EXPECT_FALSE(goal.comparisons[1].actual);
  EXPECT_EQ(program->text(goal.comparisons[2].wanted), "a");
}

TEST(Terms, SlotsBeyondTheMaskShareItsLastBit) {
  std::string fields;
  for (int i = 0; i < 70; ++i) fields += "f" + std::to_string(i) + ": int ";
  const auto program = checked("domain D { state { " + fields + "} on M { f68 = 1 } }");
  ASSERT_TRUE(program);
  const FieldMask writes = program->domains[0].routines[0].slices[0].writes;
  EXPECT_TRUE(writes.meets(FieldMask::of(69)));
  EXPECT_FALSE(writes.meets(FieldMask::of(62)));
}

}  // namespace
}  // namespace lexum::check_test
