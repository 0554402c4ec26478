// Keyframes in a trace: what was written comes back, and what was forged is read whole or not at
// all.
#include "tracer/records.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

ByteWriter written(const WorldImage& image) {
  ByteWriter out;
  write_keyframe(out, {.cycle = image.cycle, .whole = true}, image);
  return out;
}

std::optional<WorldImage> read(Bytes bytes, const Program& program) {
  ByteReader in(bytes);
  read_keyframe_head(in);
  return read_image(in, program, kTraceVersion);
}

WorldImage some_world(const Program& program) {
  World world(program, {});
  world.begin();
  while (world.cycle() < 60 && world.tick()) {
  }
  return world.image();
}

TEST(Keyframe, ComesBack) {
  for (const char* text : {kTwoDomains, kMixed}) {
    const auto program = program_of(text);
    const WorldImage image = some_world(*program);
    const auto back = read(written(image).bytes(), *program);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->instances, image.instances);
    EXPECT_EQ(back->tick, image.tick);
    EXPECT_EQ(back->kept_state, image.kept_state);
    // What cannot be compared is written as it was.
    EXPECT_EQ(as_text(written(*back).bytes()), as_text(written(image).bytes()));
  }
}

TEST(Keyframe, ThatIsForgedIsReadWholeOrNotAtAll) {
  const auto program = program_of(kMixed);
  const ByteWriter whole = written(some_world(*program));
  ByteReader in(whole.bytes());
  read_keyframe_head(in);
  std::vector<std::byte> raw;
  ASSERT_TRUE(unsqueeze(in, raw));
  size_t read_all = 0;
  for (size_t at = 0; at < raw.size(); ++at) {
    for (int flip = 1; flip < 256; flip *= 2) {
      std::vector<std::byte> forged = raw;
      forged[at] ^= std::byte(flip);
      ByteWriter out;
      squeeze(out, forged);
      ByteReader forgery(out.bytes());
      const auto image = read_image(forgery, *program, kTraceVersion);
      if (!image) continue;
      ++read_all;
      for (const InstanceImage& instance : image->instances) {
        const size_t fields = (*program)[instance.domain].fields.size();
        EXPECT_TRUE(instance.gone || instance.fields.size() == fields);
      }
    }
  }
  EXPECT_GT(read_all, 0u);
}

}  // namespace
}  // namespace lexum
