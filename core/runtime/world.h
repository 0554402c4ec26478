// Given this world and this input, what is the next world? One world is one cell: instances, their
// mailboxes and goals, and the tick that moves them. No clock, no file, no thread of its own: what
// it does follows from the program, the start values and the inputs, and is the same everywhere.
// language.md calls the rules by number; the comments here do too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/image.h"
#include "runtime/record.h"

namespace lexum {

// `--set`: holds for every instance that it names, whenever that is started.
struct StartValue {
  DomainId domain;
  Value key;  // null: the single instance
  uint32_t slot = 0;
  Value value;
};

// Runs f(i, worker) for every i in [0, n), each exactly once, on as many threads as it likes;
// returns when all are done. `worker` is below `workers()`, and no two calls run at once with the
// same one.
class Executor {
 public:
  virtual ~Executor() = default;
  [[nodiscard]] virtual size_t workers() const = 0;
  virtual void each(size_t n, const std::function<void(size_t i, size_t worker)>& f) = 0;
};

// One that was killed is as one that is FAULTED, until it comes back.
enum class InstanceStatus : uint8_t { kReady, kAsleep, kFaulted };

// What stopped a world for good, short of quiescence.
struct Halt {
  uint64_t cycle = 0;  // the failing one
  InstanceId instance;
  Fault fault;
  uint64_t to_cycle = 0;    // the quiescence it was rolled back to
  bool only_slice = false;  // none within reach: only the failing slice was undone
  WorldImage undone;        // the touched instances as they were when it failed
  std::vector<InstanceId> touched;
};

// A loop without end (E005), with what one turn of it looks like.
struct Oscillation {
  struct Swing {
    InstanceId instance;
    uint32_t slot;
    std::vector<Value> values;  // that it goes through, the first few
  };
  uint64_t period = 0;                // ticks
  uint64_t cycles = 0;                // in one period
  std::vector<InstanceId> instances;  // who takes part, in instance order
  std::vector<std::string> drivers;   // "goal A.Warm", "message B.Cool", most frequent first
  std::vector<Swing> swings;
};

// What an instance does in its next turn.
struct NextWork {
  WorkKind kind = WorkKind::kMessage;
  RoutineIndex routine;
  uint32_t slice = 0;
  GoalIndex goal;        // kGoal, kElse
  uint8_t priority = 0;  // 0: only when there is nothing else to do anywhere
  bool starved = false;  // passed over so often that it goes before all that is not
};

// A goal that is worked at and does not come nearer (W507).
struct Treadmill {
  InstanceId instance;
  GoalIndex goal;
  uint64_t cycle = 0;
  std::optional<int64_t> distance_then;  // of its first comparison of two ints
  std::optional<int64_t> distance_now;
};

class World {
 public:
  // A world at its start: single instances and those of `system` are there. `program` outlives it.
  // The observer may be null; it hears from `begin()` on.
  World(const Program& program, std::vector<StartValue> start_values);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void observe(Observer* observer);
  // Tells the observer of the instances of the start. Once, before the first tick of a new world.
  void begin();
  // A world of its own that goes on from here, unobserved.
  [[nodiscard]] std::unique_ptr<World> fork() const;

  // Inputs keep the order in which they are added, which is that of their numbers; one that has
  // none gets the next, from 1. (In a replay they arrive as they are recorded, and there one may
  // have waited for room while a later one did not.) `input.tick` holds one back.
  void add_input(InputImage input);

  // Runs the next tick. False: nobody is ready, nothing is awaited and no input is due later, and
  // no tick happened. Requires !halted(). With an executor of more than one worker the slices of a
  // tick share the work; the result is the same. No tick with the number `before` or a later one is
  // run: it is false as well where that would be next.
  bool tick(Executor* executor = nullptr, uint64_t before = UINT64_MAX);

  // Nobody is ready, nothing is awaited and no input is due: tick() would be false. (It is false,
  // too, where all that is awaited are outcomes that are to come from outside.)
  [[nodiscard]] bool at_rest() const;
  [[nodiscard]] const std::optional<Halt>& halted() const;
  // Set by the tick after which the world was found to be one it has been before (§5).
  [[nodiscard]] bool oscillates() const;
  // Runs one period of the loop on a fork and says what happens in it. Requires oscillates().
  [[nodiscard]] Oscillation describe_oscillation() const;

  // ---- looking
  [[nodiscard]] const Program& program() const;
  [[nodiscard]] uint64_t cycle() const;     // the last one's number
  [[nodiscard]] uint64_t tick_now() const;  // the number of the last tick that happened
  [[nodiscard]] uint64_t messages()
      const;  // that entered a mailbox, each listener's copy of a broadcast counted
  [[nodiscard]] uint64_t inputs_numbered() const;  // the number of the last input
  // All that have not retired, by domain name, then key.
  [[nodiscard]] std::vector<InstanceId> instances_in_order() const;
  [[nodiscard]] DomainId domain_of(InstanceId id) const;
  [[nodiscard]] const Value& key_of(InstanceId id) const;
  // "D", "D[7]", "D[\"a\"]"
  [[nodiscard]] std::string name_of(InstanceId id) const;
  [[nodiscard]] std::span<const Value> fields_of(InstanceId id) const;
  [[nodiscard]] InstanceStatus status_of(InstanceId id) const;
  [[nodiscard]] bool is_killed(InstanceId id) const;
  [[nodiscard]] size_t mailbox_size(InstanceId id) const;
  [[nodiscard]] GoalStatus goal_status(InstanceId id, GoalIndex goal) const;
  // None if there is no such instance.
  [[nodiscard]] InstanceId find(DomainId domain, const Value& key) const;
  [[nodiscard]] const std::vector<DeadLetter>& dead_letters() const;
  [[nodiscard]] const std::vector<Treadmill>& treadmills() const;
  // What it does next, as things stand; none if it sleeps.
  [[nodiscard]] std::optional<NextWork> next_work(InstanceId id) const;
  // All that it has to choose from, the head of its mailbox first, then its goals as written. A
  // begun transition and Boot are no choices: none, then.
  [[nodiscard]] std::vector<NextWork> choices_of(InstanceId id) const;
  // The transition by which it pursues the goal; none if all are blocked or nobody has looked.
  [[nodiscard]] RoutineIndex candidate_of(InstanceId id, GoalIndex goal) const;
  // Whether a transition would do nothing now (§6): it is tried, and nothing of that is kept.
  [[nodiscard]] bool is_blocked(InstanceId id, RoutineIndex transition) const;
  [[nodiscard]] InstanceImage image_of(InstanceId id) const;
  // Of everything that decides how it goes on.
  [[nodiscard]] Sum128 state_hash() const;

  // ---- effects that somebody outside carries out (EffectMode::kBound)
  // Those that were emitted since the last call, and, of a world that was put back, all that are
  // under way; but none whose outcome is among the inputs.
  [[nodiscard]] std::vector<IntentImage> take_fresh_intents();
  // All that are under way, by cycle; and whether there are any.
  [[nodiscard]] std::vector<IntentImage> intents() const;
  [[nodiscard]] bool has_intents() const;

  // ---- meddling, between two ticks: what was never part of the run
  // As a cycle of its own would have set it: goals are looked at again, and nobody is told.
  // Requires a living instance, and a value of the field's type.
  void set_field(InstanceId id, uint32_t slot, Value value);
  // Everybody's goals are looked at, as when they had just started: after a restore of what another
  // program has left.
  void look_at_goals();
  // Takes out what waits there and is unwanted. Gives how many messages that were.
  size_t drop_messages(InstanceId id, const std::function<bool(const MessageImage&)>& unwanted);

  // ---- keeping and going back
  // From now on, remember which instances are touched.
  void track_touched();
  // Begins an image of the world as it stands, which is taken bit by bit while the world goes on:
  // whoever is about to change is taken before that. With all instances, or those touched since the
  // last one was begun (all at the first, and where all but an eighth were touched); gives whether
  // these are all. However many there are, this takes no time. Requires track_touched(), and that
  // none is left to be taken.
  bool begin_image(bool whole);
  // Looks at so many instances more.
  void go_on_with_image(size_t instances);
  // How many are still to be taken.
  [[nodiscard]] size_t image_left() const;
  // What has been taken so far, in no order (put_in_order()).
  [[nodiscard]] const WorldImage& image_begun() const;
  // The same, whole. Requires that none is left to be taken.
  [[nodiscard]] WorldImage take_image();
  // An image of those touched, begun and taken at once, in order of id.
  [[nodiscard]] WorldImage take_touched();
  [[nodiscard]] WorldImage image() const;
  // Puts back what one that is_killed() was, but for its mail; it is killed still. Between two
  // ticks; requires its image out of the same run, from after its crash.
  void bring_back(InstanceImage image);
  // Puts a whole world back: `image` has all instances. Requires a world of the same program; but
  // effects may be in other hands: those that were under way and that nobody carries out any more
  // are simulated from here on, unless an input of the image has their outcome.
  void restore(const WorldImage& image);

 private:
  explicit World(std::unique_ptr<class Cell> cell);

  std::unique_ptr<class Cell> cell_;
};

}  // namespace lexum
