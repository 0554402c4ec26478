// The table as a page, and lines as a terminal has room for them.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/word.h"

namespace lexum {
namespace {

TEST(Words, ThePageSaysWhatTheTableSays) {
  std::ifstream file(LEXUM_SOURCE_DIR "/tracer/session/WORDS.md");
  std::ostringstream page;
  page << file.rdbuf();
  if (page.str() == reference()) return;
  const std::string wanted = testing::TempDir() + "WORDS.md";
  std::ofstream(wanted) << reference();
  ADD_FAILURE() << "the table has changed: " << wanted << " is what WORDS.md is to be";
}

TEST(Folded, LinesAreNoWiderThanTheTerminal) {
  Line line("  one two three ");
  line.add("four five", Role::kValue).add(" six seven eight nine ten");
  std::string text;
  for (const Line& one : folded(line, 24)) {
    EXPECT_LE(one.text().size(), 24u);
    for (const Line::Part& part : one.parts()) {
      text += "<" + one.text().substr(part.begin, part.end - part.begin) + ">";
    }
    text += one.text() + "\n";
  }
  EXPECT_EQ(text, "<four>  one two three four\n<five>      five six seven\n      eight nine ten\n");
  EXPECT_EQ(folded(Line("short"), 24).size(), 1u);
  EXPECT_EQ(folded(Line(std::string(100, 'x')), 40).size(), 3u) << "no blank to break at";
}

}  // namespace
}  // namespace lexum
