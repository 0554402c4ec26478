// An image that is taken bit by bit, while the world goes on, is the world as it stood when it was
// begun: what World::image() had said then, all at once.
#include <random>

#include "machine/machine.h"
#include "twin_recording.h"

namespace lexum::twin {
namespace {

// All that a world is but its instances, by its numbers.
bool same_but_instances(const WorldImage& a, const WorldImage& b) {
  return a.tick == b.tick && a.cycle == b.cycle && a.messages == b.messages &&
         a.inputs_numbered == b.inputs_numbered && a.kept_state == b.kept_state &&
         a.kept_tick == b.kept_tick && a.ticks_since_base == b.ticks_since_base &&
         a.instance_count == b.instance_count && a.inputs.size() == b.inputs.size() &&
         a.awaited.size() == b.awaited.size() && a.dead_letters.size() == b.dead_letters.size() &&
         a.intents.size() == b.intents.size() && a.clock == b.clock &&
         a.rest.has_value() == b.rest.has_value();
}

struct Count {
  uint64_t images = 0;
  uint64_t ahead = 0;  // images that were complete while the world stood somewhere else
};

void run(uint64_t seed, Count& count) {
  const Case one = generate(seed);
  const Recording how = recording_of(one.program, one.options);
  const auto program = program_of(one.program);
  std::mt19937_64 random(seed);
  World world(*program, how.start_values);
  for (const InputImage& input : how.inputs) world.add_input(input);
  world.track_touched();
  WorldImage then;                   // when the last one was begun
  std::vector<InstanceImage> known;  // what all images so far amount to
  bool begun = false;
  const auto complete = [&] {
    WorldImage image = world.take_image();
    put_in_order(image.instances);
    ASSERT_TRUE(same_but_instances(image, then)) << to_string(one);
    known.resize(then.instances.size());
    for (InstanceImage& i : image.instances) known[i.id.index()] = std::move(i);
    ASSERT_EQ(known, then.instances) << to_string(one);
    ++count.images;
    count.ahead += world.cycle() != then.cycle ? 1 : 0;
    begun = false;
  };
  while (!world.halted() && !world.oscillates() && world.cycle() < how.cycles_max) {
    if (begun && world.image_left() == 0) complete();
    if (!begun && random() % 4 == 0) {
      begun = true;
      then = world.image();
      world.begin_image(random() % 4 == 0);
    }
    if (random() % 3 == 0) world.go_on_with_image(random() % 3);
    if (random() % 8 == 0) {
      const auto all = world.instances_in_order();
      if (!all.empty())
        (void)world.drop_messages(all[random() % all.size()],
                                  [](const auto& m) { return m.routine.index() == 0; });
    }
    if (!world.tick()) break;
  }
  while (world.image_left() > 0) world.go_on_with_image(world.image_left());
  if (begun) complete();
}

TEST(Images, TakenBitByBitAreTheWorldAsItStood) {
  Count count;
  for (uint64_t seed = 1; seed <= 400 && !testing::Test::HasFatalFailure(); ++seed) {
    run(seed, count);
  }
  EXPECT_GT(count.images, 2'000u);
  EXPECT_GT(count.ahead, 1'000u);
}

}  // namespace
}  // namespace lexum::twin
