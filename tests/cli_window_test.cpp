// `lxm trace`: the picture of a run, as far as it can be looked at without eyes.
#include "cli/lxm.h"

namespace lexum {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class WindowOfARun : public Lxm {
 protected:
  WindowOfARun() {
    write("c.lxm",
          "domain D { state { x: int } goal G { predicate x == 5 } transition T { x += 1 } }\n");
  }
  // What draws without a card keeps what it has made for good.
  Answer trace(const std::string& words) {
    return shell("LSAN_OPTIONS=detect_leaks=0 lxm trace " + words);
  }
};

TEST_F(WindowOfARun, IsDrawnWithoutADisplay) {
  const Answer answer = trace("c.lxm --screenshot a.png --at 3 --size 640x400");
  if (answer.err.find("without Dear ImGui") != std::string::npos) GTEST_SKIP() << answer.err;
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(read("a.png"), StartsWith("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(trace("c.lxm --screenshot b.png --at 3 --size 640x400").status, 0);
  EXPECT_EQ(read("a.png"), read("b.png")) << "the same run, the same picture";
  EXPECT_EQ(trace("c.lxm --screenshot c.png --at 4 --size 640x400").status, 0);
  EXPECT_NE(read("a.png"), read("c.png"));
  for (const char* layout : {"step", "learn", "crash", "large"}) {
    const std::string words = std::string("c.lxm --screenshot d.png --layout ") + layout;
    EXPECT_EQ(trace(words).status, 0) << layout;
  }
  EXPECT_THAT(trace("c.lxm --screenshot d.png --layout huge").err, HasSubstr("no layout huge"));
  for (const char* size : {"50x50", "200x150", "4000x100"}) {
    EXPECT_EQ(trace(std::string("c.lxm --screenshot d.png --size ") + size).status, 0) << size;
  }
}

TEST_F(WindowOfARun, HasSomethingToShowWithoutAFile) {
  const Answer answer = trace("--screenshot first.png --size 640x400");
  if (answer.err.find("without Dear ImGui") != std::string::npos) GTEST_SKIP() << answer.err;
  // A build stands in the checkout, or does not.
  if (answer.status == 0) EXPECT_THAT(read("first.png"), StartsWith("\x89PNG"));
  else EXPECT_THAT(answer.err, HasSubstr("first.lxtrace"));
}

TEST_F(WindowOfARun, SaysWhatItCannotDo) {
  EXPECT_THAT(trace("c.lxm --screenshot a.png --size big").err, HasSubstr("is no size"));
  EXPECT_THAT(trace("c.lxm --screenshot a.png --at 99").err, HasSubstr("there is no cycle 99"));
  EXPECT_EQ(trace("nowhere.lxtrace --screenshot a.png").status, 1);
  write("foreign", "GIF89a nothing of ours");
  EXPECT_THAT(trace("foreign --screenshot a.png").err, HasSubstr("no Lexum trace"));
  const Answer blind =
      shell("DISPLAY= WAYLAND_DISPLAY= LSAN_OPTIONS=detect_leaks=0 lxm trace c.lxm");
  if (blind.err.find("without Dear ImGui") != std::string::npos) GTEST_SKIP() << blind.err;
  EXPECT_EQ(blind.status, 1);
  EXPECT_THAT(blind.err, HasSubstr("--screenshot run.png"));
  EXPECT_THAT(blind.err, HasSubstr("lxm repl"));
}

}  // namespace
}  // namespace lexum
