// Indexes are believed only as far as they check.
#include "tracer/ask.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

constexpr const char* kCounting =
    "domain D { state { n: int  m: int } goal G { predicate n >= 400 }"
    " transition T { n += 1  if n % 100 == 0 { m = n } } }";

std::string answers(TraceReader& trace) {
  std::string text;
  const FieldTarget m = *read_field_target(trace.program(), "D.m");
  for (const uint64_t at : {99, 100, 250, 399, 400}) {
    const auto write = last_write(trace, m, at);
    EXPECT_TRUE(write.ok()) << write.error().what;
    text += std::to_string(write.ok() && write->found ? write->found->ran.cycle : 0) + " ";
  }
  return text;
}

TEST(Index, IsMadeAnewWhereItsRecordIsDamaged) {
  Recorded run = record(kCounting);
  const auto whole = run.open();
  ASSERT_NE(whole->chunks()[0].index.offset, 0u);
  EXPECT_EQ(answers(*whole), "0 100 200 300 400 ");
  const std::string bytes = run.files["run"];
  const uint64_t begin = whole->chunks()[0].index.offset;
  const uint64_t size = 16 + static_cast<unsigned char>(bytes[begin]);  // of the frame
  ASSERT_EQ(bytes[begin + 1], 0);
  for (uint64_t at = begin; at < begin + size; ++at) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    run.files["run"] = broken;
    const auto trace = run.open();
    EXPECT_EQ(answers(*trace), "0 100 200 300 400 ") << at;
    EXPECT_EQ(trace->check().size(), 1u) << at;
  }
}

TEST(Index, IsThereWithoutAFooter) {
  Recorded run = record(kCounting);
  const auto whole = run.open();
  run.files["run"].resize(run.files["run"].size() - 5);
  const auto torn = run.open();
  EXPECT_EQ(torn->end(), TraceEnd::kTorn);
  EXPECT_EQ(torn->chunks()[0].index.offset, whole->chunks()[0].index.offset);
  EXPECT_EQ(answers(*torn), "0 100 200 300 400 ");
}

}  // namespace
}  // namespace lexum
