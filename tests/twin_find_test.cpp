// Text is found wherever it is, whether chunks are passed over or not.
#include <random>

#include "tracer/find.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

std::vector<std::string> found(TraceReader& trace, const std::string& pattern, uint64_t from,
                               uint64_t to) {
  std::vector<std::string> hits;
  const auto hear = [&](const Hit& hit) {
    hits.push_back(std::to_string(hit.cycle) + " " + hit.whose + " " + hit.text);
    return true;
  };
  EXPECT_TRUE(find(trace, *Pattern::read(pattern), from, to, hear).ok());
  return hits;
}

// In the chunks that may have it, and in all of them: no text must stand for a pattern in brackets.
size_t compare(TraceReader& trace, const std::string& text, uint64_t from, uint64_t to) {
  const std::vector<std::string> hits = found(trace, text, from, to);
  EXPECT_EQ(hits, found(trace, "(?:" + text + ")", from, to)) << text;
  return hits.size();
}

TEST(Find, PassesOverNothingThatMatches) {
  size_t hits = 0;
  for (uint64_t seed = 1; seed <= 100 / kShare; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Case one = generate(seed);
    Recorded run = record(one.program, recording_of(one.program, one.options));
    const auto trace = run.open();
    std::mt19937_64 random(seed);
    std::vector<std::string> texts{"nowhere to be found"};
    for (const std::string& line : found(*trace, ".", 0, trace->cycles())) {
      if (random() % 16 == 0)
        texts.push_back(line.substr(random() % line.size(), 4 + random() % 12));
    }
    for (const std::string& text : texts) {
      if (!std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; })) continue;
      if (text.find_first_of("\\.+*?()|[]{}^$") != std::string::npos) continue;
      hits += compare(*trace, text, 0, trace->cycles());
      const uint64_t from = random() % (trace->cycles() + 1);
      hits += compare(*trace, text, from, random() % (trace->cycles() + 1));
    }
  }
  EXPECT_GT(hits, 1'000 / kShare);
}

constexpr const char* kTalks = R"(
domain Talker {
  state { n: int  said: string  all: list<string> }
  goal Busy { predicate n >= 30_000 }
  transition Talk {
    n += 1
    if n % 10_000 == 1 {
      said = "first\nquestion " + str(n)
      all = all.add("a rather long answer to number " + str(n))
      log "murmur"
    } else {
      said = "hush"
    }
  }
}
)";

TEST(Find, SeesTextsBehindWhatIsShownForOthers) {
  Recorded run = record(kTalks, {.start_values = {}, .inputs = {}, .cycles_max = 40'000});
  const auto trace = run.open();
  ASSERT_GT(trace->chunks().size(), 1u);
  const auto count = [&](const std::string& text) {
    return compare(*trace, text, 0, trace->cycles()) + compare(*trace, text, trace->cycles(), 0);
  };
  EXPECT_EQ(count("question"), 6u);
  EXPECT_EQ(count("nquestion 1"), 4u) << "the n is what a line feed is shown as";
  EXPECT_EQ(count("murmur"), 6u);
  EXPECT_EQ(count("rather long answer"), 2u) << "what comes later is an edit";
  EXPECT_EQ(count("said"), 12u) << "a name is in no text";
  EXPECT_EQ(count("quiet"), 0u);
}

}  // namespace
}  // namespace lexum::twin
