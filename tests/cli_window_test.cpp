// `lxm trace`: the picture of a run, as far as it can be looked at without eyes: beside one that
// was looked at, and as a window of a display that nobody sees.
#include <array>
#include <cmath>

#include "cli/lxm.h"
#if __has_include(<stb/stb_image.h>)
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#define LEXUM_CAN_COMPARE
#endif

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

#ifdef LEXUM_CAN_COMPARE

// How much of a picture differs visibly from another one, from 0 to 1; 1 if its size does.
double difference(const std::string& one, const std::string& other) {
  std::array<int, 3> a{};
  std::array<int, 3> b{};
  stbi_uc* const pixels = stbi_load(one.c_str(), &a[0], &a[1], &a[2], 3);
  stbi_uc* const wanted = stbi_load(other.c_str(), &b[0], &b[1], &b[2], 3);
  double differs = 1;
  if (pixels != nullptr && wanted != nullptr && a[0] == b[0] && a[1] == b[1]) {
    constexpr int kVisible = 24;  // of 255
    int count = 0;
    for (int i = 0; i < 3 * a[0] * a[1]; i += 3) {
      int most = 0;
      for (int k = 0; k < 3; ++k) most = std::max(most, std::abs(pixels[i + k] - wanted[i + k]));
      count += most > kVisible ? 1 : 0;
    }
    differs = static_cast<double>(count) / (a[0] * a[1]);
  }
  stbi_image_free(pixels);
  stbi_image_free(wanted);
  return differs;
}

// Texts differ by version of ImGui and by font, so there have to be those of Debian 12: the kept
// pictures were made with DejaVu.
TEST_F(WindowOfARun, LooksAsItDidWhenSomebodyLooked) {
  if (std::filesystem::exists("/usr/share/fonts/truetype/jetbrains-mono")) {
    GTEST_SKIP() << "another font is there";
  }
  const std::pair<const char*, const char*> pictures[] = {
      {"first", "--at 6 --size 800x500"},
      {"learn", "--at 11 --size 800x500 --layout learn --say 'why Room.degrees'"},
      {"light", "--at 18 --size 900x500 --layout crash --light --scale 1.25"},
      {"small", "--size 320x240"}};
  for (const auto& [name, options] : pictures) {
    const std::string file = name + std::string(".png");
    const Answer answer =
        trace(LEXUM_SOURCE_DIR "/assets/first.lxtrace --screenshot " + file + " " + options);
    if (answer.err.find("without Dear ImGui") != std::string::npos) GTEST_SKIP() << answer.err;
    ASSERT_EQ(answer.status, 0) << answer.err;
    const std::string kept = LEXUM_SOURCE_DIR "/tests/pictures/" + file;
    const double differs = difference(path(file).string(), kept);
    EXPECT_LE(differs, 0.01) << kept << " does not look so any more; look at the new one: "
                             << testing::TempDir() + file;
    if (differs > 0.01) {
      std::filesystem::copy_file(path(file), testing::TempDir() + file,
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }
}

#endif

// Keys that a display sends, and what is left behind: a bookmark, and where somebody was.
TEST_F(WindowOfARun, IsAWindowThatHearsKeys) {
  if (shell("command -v Xvfb xdotool").status != 0) GTEST_SKIP() << "there is no display to try";
  ASSERT_EQ(lxm("run c.lxm --trace c.lxtrace --quiet").status, 0);
  write("keys.sh", R"(
exec 3>display
Xvfb -displayfd 3 -screen 0 1024x768x24 >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
until [ -s display ]; do sleep 0.05; kill -0 $server || exit 9; done
export DISPLAY=:$(cat display) XDG_STATE_HOME=$PWD/state LSAN_OPTIONS=detect_leaks=0
"$1" trace c.lxtrace --size 1000x700 &
window=$!
until id=$(xdotool search --onlyvisible --name '^Lexum: ' 2>/dev/null) && [ -n "$id" ]; do
  sleep 0.1
  kill -0 $window || exit 8
done
id=$(head -n 1 <<<"$id")
xdotool windowfocus --sync "$id" || true
key() { xdotool key --delay 20 "$@"; sleep 0.2; }
until [ -s c.lxtrace.marks ]; do
  kill -0 $window || exit 8
  key Home Right Right m
done
key 3 x colon
xdotool type --delay 20 quit
key Return
wait $window
)");
  const Answer answer = shell("timeout 60 bash keys.sh '" LXM_BINARY "'");
  if (answer.err.find("without Dear ImGui") != std::string::npos) GTEST_SKIP() << answer.err;
  if (answer.err.find("no window can be opened") != std::string::npos) {
    GTEST_SKIP() << "this display has no OpenGL: " << answer.err;
  }
  ASSERT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(read("c.lxtrace.marks"), HasSubstr("\"1\":\"2\""));
  EXPECT_THAT(read("state/lexum/window.json"), HasSubstr("\"layout\": \"crash\""));
  EXPECT_THAT(read("state/lexum/window.json"), HasSubstr("\"at\": \"2\""));
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
