// Whatever a program does, its recorded run is at every cycle what the live one was, from whichever
// side one comes. LEXUM_TWIN_SEEDS asks for more programs than usual, and LEXUM_TWIN_FIRST for
// others.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "timeline_witness.h"
#include "twin/rules.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

uint64_t from_environment(const char* name, uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

TEST(TimelineAgrees, WithTheLiveRunsOfRandomPrograms) {
  const uint64_t first = from_environment("LEXUM_TWIN_FIRST", 1);
  const uint64_t count = from_environment("LEXUM_TWIN_SEEDS", 400);
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const Case one = generate(seed);
    Witnessed run(one.program, recording_of(one.program, one.options), seed);
    const std::string wrong = wandered(run, seed);
    EXPECT_EQ(wrong, "") << to_string(one);
  }
}

TEST(TimelineAgrees, WithTheLiveRunOfEveryRule) {
  uint64_t seed = 1;
  for (const Rule& rule : rules()) {
    Witnessed run(rule.program, recording_of(rule.program, rule.options), ++seed);
    EXPECT_EQ(wandered(run, seed), "") << rule.name;
  }
}

// What a sample says behind `// run:`, as options: words, some of them in single quotes.
Options options_in(const std::string& sample) {
  static const std::string kRun = "// run: ";
  Options options;
  for (size_t at = sample.find(kRun); at != std::string::npos; at = sample.find(kRun, at)) {
    at += kRun.size();
    std::string option;
    while (sample[at] != '\n') {
      const bool quoted = sample[at] == '\'';
      const size_t begin = at + (quoted ? 1 : 0);
      at = sample.find_first_of(quoted ? "'" : " \n", begin);
      const std::string word = sample.substr(begin, at - begin);
      if (option == "--set") options.sets.push_back(word);
      if (option == "--send") options.inputs.push_back({.text = word});
      option = word;
      at += quoted ? 1 : 0;
      while (sample[at] == ' ') ++at;
    }
  }
  return options;
}

TEST(TimelineAgrees, WithTheLiveRunsOfAllSamples) {
  uint64_t seed = 1;
  size_t sent = 0;
  const std::filesystem::path folder = std::filesystem::path(LEXUM_SOURCE_DIR) / "samples";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".lxm") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    Recording how = recording_of(text.str(), options_in(text.str()));
    sent += how.inputs.size();
    how.cycles_max = 2'000;
    Witnessed run(text.str(), how, ++seed);
    EXPECT_EQ(wandered(run, seed), "") << entry.path().filename();
  }
  EXPECT_GT(seed, 14u);
  EXPECT_GT(sent, 8u);
}

}  // namespace
}  // namespace lexum::twin
