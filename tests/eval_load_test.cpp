// Start values: constants that are computed before anything runs.
#include "eval_fixture.h"

namespace lexum {
namespace {

std::string start_values(std::string source) {
  const EvalFixture fixture(std::move(source));
  std::vector<std::string> parts;
  for (const Field& field : fixture.domain().fields) {
    parts.push_back(field.name + "=" + literal(field.initial, fixture.program().shapes));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

TEST(StartValues, AreZerosOrWhatIsDeclared) {
  EXPECT_EQ(
      start_values("domain D { state { a: int b: int = 60 * 60 s: string t: string = \"x\" + \"y\" "
                   "l: list<int> = [1, 2].add(3) m: map<string, int> o: int? ok: bool } }"),
      "a=0 b=3600 s=\"\" t=\"xy\" l=[1, 2, 3] m={} o=null ok=false");
}

TEST(StartValues, OfRecordsNeedEachOther) {
  EXPECT_EQ(start_values("domain D { state { o: Outer p: Outer = Outer(n: 1) } } "
                         "type Outer { inner: Inner n: int = 7 list: list<Inner> = [Inner()] } "
                         "type Inner { x: int = 2 + 3 }"),
            "o=Outer(inner: Inner(x: 5), n: 7, list: [Inner(x: 5)]) "
            "p=Outer(inner: Inner(x: 5), n: 1, list: [Inner(x: 5)])");
}

TEST(StartValues, OfASystemHaveKeysAndSettings) {
  const EvalFixture fixture(
      "domain D[id: int] { state { n: int } } domain E { state { s: string } } "
      "system S { start domain D[1 + 1] { n = 2 * 3 } start domain E { s = \"a\" + \"b\" } }");
  const std::vector<Start>& starts = fixture.program().starts;
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_EQ(starts[0].key, number(2));
  EXPECT_EQ(starts[0].settings[0].value, number(6));
  EXPECT_TRUE(starts[1].key.is_null());
  EXPECT_EQ(starts[1].settings[0].value, text("ab"));
}

TEST(StartValues, ThatFaultAreErrorsWhereTheyStand) {
  const Source source("test.lxm",
                      "domain D { state { n: int = 7 / (3 - 3) l: int = [1][2] } on M { n = 1 } }");
  Diagnostics diagnostics;
  EXPECT_EQ(load(source, diagnostics), nullptr);
  std::vector<std::string> found;
  for (const Diagnostic& d : diagnostics.sorted()) {
    if (info(d.code).severity == Severity::kWarning) continue;
    found.push_back(fmt::format("{} {}: {}", info(d.code).id, source.text(d.span), d.message));
  }
  EXPECT_THAT(found, testing::ElementsAre("E306 7 / (3 - 3): this start value cannot be had: 7 / 0",
                                          "E306 [1][2]: this start value cannot be had: "
                                          "index 2 of a list of 1"));
}

TEST(StartValues, StartNoInstanceTwiceWhateverItsKeyIsCalled) {
  const Source source("test.lxm",
                      "domain D[id: int] { state { n: int } } "
                      "system S { start domain D[2] { } start domain D[1 + 1] { } }");
  Diagnostics diagnostics;
  EXPECT_EQ(load(source, diagnostics), nullptr);
  ASSERT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.sorted().back().message, "`D[2]` is started already");
}

TEST(StartValues, OfABrokenProgramAreNone) {
  Diagnostics diagnostics;
  EXPECT_EQ(load(Source("test.lxm", "domain D { state { n: int = m } }"), diagnostics), nullptr);
  EXPECT_TRUE(diagnostics.has_errors());
}

}  // namespace
}  // namespace lexum
