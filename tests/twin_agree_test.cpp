// The machine and its twin make the same of every program. LEXUM_TWIN_SEEDS asks for more programs
// than usual, and LEXUM_TWIN_FIRST for others.
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "twin/shrink.h"
#include "twin_machine.h"

namespace lexum::twin {
namespace {

// A program that does not load agrees with nobody and is nobody's fault, while a failing one is
// being made smaller.
std::string disagreement(const Case& one, unsigned threads = 1) {
  const Summary machine = run_on_machine(one.program, one.options, threads);
  if (machine.outcome == "error") return "";
  return difference(run(Source("program", one.program), one.options), machine);
}

// "" or the smallest program found on which they differ, and how: the twin's lines with `-`, the
// machine's with `+`.
std::string smallest_disagreement(uint64_t seed, unsigned threads = 1) {
  const Case whole = generate(seed);
  if (disagreement(whole, threads).empty()) return "";
  const Case small =
      shrink(whole, [&](const Case& one) { return !disagreement(one, threads).empty(); });
  return to_string(small) + disagreement(small, threads);
}

uint64_t from_environment(const char* name, uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

TEST(TwinAgree, OnTheFirstPrograms) {
  const uint64_t first = from_environment("LEXUM_TWIN_FIRST", 1);
  const uint64_t count = from_environment("LEXUM_TWIN_SEEDS", 1'000);
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const std::string wrong = smallest_disagreement(seed);
    EXPECT_TRUE(wrong.empty()) << wrong;
  }
}

RC_GTEST_PROP(TwinAgree, OnAnyProgram, (uint64_t seed)) {
  const std::string wrong = smallest_disagreement(seed);
  if (!wrong.empty()) RC_FAIL(wrong);
}

TEST(TwinAgree, HoweverManyThreadsThereAre) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const std::string wrong = smallest_disagreement(seed, 3);
    EXPECT_TRUE(wrong.empty()) << wrong;
  }
}

}  // namespace
}  // namespace lexum::twin
