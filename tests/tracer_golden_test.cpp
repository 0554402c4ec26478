// A trace of every released version of the format opens for ever, to its last event.
#include <filesystem>

#include "tracer_fixture.h"

namespace lexum {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> golden_traces() {
  std::vector<fs::path> traces;
  for (const auto& entry : fs::directory_iterator(LEXUM_SOURCE_DIR "/tests/golden/traces")) {
    // Version 1 was never part of a release.
    if (entry.path().filename() != "v1.lxtrace") traces.push_back(entry.path());
  }
  return traces;
}

class GoldenTrace : public testing::TestWithParam<fs::path> {};

TEST_P(GoldenTrace, OpensForEver) {
  const auto trace = TraceReader::open(disk(), GetParam().string());
  ASSERT_TRUE(trace.ok()) << trace.error().what;
  EXPECT_EQ((*trace)->end(), TraceEnd::kClosed);
  ByteWriter stream;
  canonical_prologue(stream, (*trace)->program(), (*trace)->header().start_values);
  for (size_t i = 0; i < (*trace)->chunks().size(); ++i) {
    const auto chunk = (*trace)->chunk(i);
    ASSERT_TRUE(chunk.ok()) << chunk.error().what;
    stream.raw((*chunk)->streams.canonical.bytes());
  }
  EXPECT_EQ(blake2b(stream.bytes()), *(*trace)->run_hash());
  for (size_t i = 0; i < (*trace)->keyframes().size(); ++i) {
    EXPECT_TRUE((*trace)->world_at(i).ok());
  }
  EXPECT_GT(log_of(**trace).size(), (*trace)->cycles());
}

INSTANTIATE_TEST_SUITE_P(Versions, GoldenTrace, testing::ValuesIn(golden_traces()),
                         [](const auto& trace) { return trace.param.stem().string(); });

TEST(GoldenTraceOfVersion1, IsRefusedByNameWithTheWayOut) {
  const std::string path = LEXUM_SOURCE_DIR "/tests/golden/traces/v1.lxtrace";
  const auto trace = TraceReader::open(disk(), path);
  ASSERT_FALSE(trace.ok());
  EXPECT_EQ(trace.error().code, ErrorCode::kOlder);
  EXPECT_EQ(trace.error().what,
            path + ": this trace has format 1, and this lxm reads none before 2; make it anew");
}

}  // namespace
}  // namespace lexum
