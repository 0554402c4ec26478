// The engine behind World: one cell with its instances, mailboxes, goals and ticks. The members are
// grouped by the file that has them; world.h says what they amount to, and the paragraph signs
// point into the language reference.
//
// A tick goes through its runners (instances with the work they chose) in commit order, in groups.
// For each group:
//   prepare   in parallel: run the slice, test invariants; where several threads work, also apply
//             the changes and settle the goals, as if it will commit
//   finish    one after the other: is there room? Then (apply and settle,) number it, tell the
//             observer and route what it sends. Else what prepare did is taken back.
// Only prepare runs on several threads, and each call touches one instance alone.
//
// What a cycle goes through once is marked always_inline: the room is compiled as one piece, and
// calls would be a tenth of what a cycle costs.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "runtime/instance.h"
#include "runtime/key_index.h"
#include "runtime/plan.h"
#include "runtime/world.h"

namespace lexum {

// What an instance does in a tick. `choice` numbers its choices: 0 the head of the mailbox (or what
// is no choice: a begun transition, Boot), 1 + g goal g.
struct Work {
  WorkKind kind = WorkKind::kMessage;
  RoutineIndex routine;
  uint32_t slice = 0;
  GoalIndex goal;
  uint8_t priority = kPriorityNormal;
  uint32_t choice = UINT32_MAX;  // none: nothing to do

  explicit operator bool() const { return choice != UINT32_MAX; }
};

// What prepare has done and commit may have to take back.
struct Runner {
  InstanceId id;
  Instance* instance = nullptr;
  Work work;
  bool low = false;  // background work is a choice
  bool mail =
      false;  // there was some when the tick began; what this tick brings is no choice in it
  Outbox* out = nullptr;
  Sum128 state_change;      // what applying the changes does to the cell's state_
  bool own = false;         // `out` was a goal's trial and is the runner's now
  bool settled = false;     // changes applied and goals settled
  bool background = false;  // a background choice was passed over
  std::vector<GoalFlip> flips;
  // kept where it is settled ahead, and may yet be put off
  std::vector<GoalState> goals_before;
  uint32_t head_passed_before = 0;
  std::vector<RoutineIndex> fault_blocked_before;
};

// What a cycle did to its own instance, as far as goals care.
struct Aftermath {
  FieldMask changed;
  bool everything = false;   // look at every goal: the instance has just started
  bool goes_back = false;    // `changed` became again what it was before a fault
  bool answered = false;     // it has processed a message
  GoalIndex worked;          // the goal that this cycle worked at
  bool run_begins = false;   // … with the first slice of a run
  bool run_goes_on = false;  // … and there are slices to come
  bool asked = false;        // … and the run ended without having changed anything
};

// An instance by name, whether it is there or not.
using Whom = std::pair<DomainId, Value>;
struct WhomLess {
  bool operator()(const Whom& a, const Whom& b) const {
    if (a.first != b.first) return a.first < b.first;
    return !a.second.is_null() && Value::compare(a.second, b.second) < 0;
  }
};

inline constexpr uint64_t kRollbackCyclesMax = 10'000;

class Cell {
 public:
  Cell(const Program& program, std::vector<StartValue> start_values);
  ~Cell();

  // ---- world.cpp
  Instance& operator[](InstanceId id) { return *instances_[id.index()]; }
  const Instance& operator[](InstanceId id) const { return *instances_[id.index()]; }
  [[nodiscard]] const Domain& domain_of(const Instance& instance) const { return *instance.type; }
  [[nodiscard]] const DomainPlan& plan_of(const Instance& instance) const { return *instance.plan; }
  [[nodiscard]] Subject subject_of(Instance& instance) const {
    return {{instance.fields.get(), instance.field_count()},
            instance.key.is_null() ? nullptr : &instance.key};
  }
  // Instance order.
  [[nodiscard]] bool before(const Instance& a, const Instance& b) const {
    if (a.domain != b.domain) return a.type->rank < b.type->rank;
    return !a.key.is_null() && Value::compare(a.key, b.key) < 0;
  }
  [[nodiscard]] bool before(InstanceId a, InstanceId b) const {
    return before((*this)[a], (*this)[b]);
  }
  void start_system();
  InstanceId start(DomainId domain, const Value& key, std::span<const StartSetting> settings);
  InstanceId add_instance(std::unique_ptr<Instance> instance);
  // Whoever has that key now; none if nobody has.
  [[nodiscard]] InstanceId living(DomainId domain, const Value& key) const {
    const InstanceId id = index_[domain.index()].find(key);
    return id && !(*this)[id].gone ? id : InstanceId();
  }
  // The living instances of a domain, in order.
  const std::vector<InstanceId>& roll_of(DomainId domain);
  // The marks of its fields, as they stand in state_.
  static Sum128 mark_of(const Instance& instance, uint32_t slot, const Value& value) {
    return value.mark_at(instance.who.a + slot);
  }
  [[nodiscard]] Sum128 fields_mark(const Instance& instance) const;
  // Call before anything about an instance changes. Whoever wants to hear of an instance's first
  // touch (the end of the tick, the next keyframe, the rest to go back to) begins to want it
  // between ticks, so the first in a tick is the only one that can be the first for anybody.
  void touch(Instance& instance, InstanceId id) {
    if (instance.touched_serial != serial_) touch_first(instance, id);
  }
  void touch(InstanceId id) { touch((*this)[id], id); }

  // ---- tick.cpp
  bool tick(Executor* executor, uint64_t before);
  // Nothing happens by itself, but for timers.
  [[nodiscard]] bool idle() const { return awaited_.empty() && ready_count_ == 0; }
  // Nor is anything waited for.
  [[nodiscard]] bool quiet() const {
    return idle() && waiting_.empty() && timers_.empty() && heard_intents_ == 0;
  }

  // ---- choose.cpp, goals.cpp: for those who ask between two ticks
  [[nodiscard]] Work next_work(const Instance& instance) const;
  void each_choice(const Instance& instance,
                   const std::function<void(const Work& work, bool starved)>& f) const;
  [[nodiscard]] bool is_blocked(Instance& instance, RoutineIndex transition);
  void set_field(InstanceId id, uint32_t slot, Value value);
  void look_at_goals();
  size_t drop_messages(InstanceId id, const std::function<bool(const MessageImage&)>& unwanted);

  // ---- effects.cpp
  std::vector<IntentImage> take_fresh_intents();
  [[nodiscard]] std::vector<IntentImage> intents() const;
  void note_answer(const InputImage& input) {
    if (input.kind == InputKind::kOutcome) answered_.insert({input.about, input.index});
  }

  // ---- oscillation.cpp
  [[nodiscard]] Sum128 state_hash() const {
    const Sum128 state = state_ + waiting_state_ + heard_state_;
    return awaited_.empty() && timers_.empty() ? state : state + awaited_state();
  }

  // ---- images.cpp
  [[nodiscard]] InstanceImage image_of(InstanceId id) const;
  [[nodiscard]] WorldImage image_without_instances() const;
  void restore(const WorldImage& image);
  void put_back(const InstanceImage& image);
  void bring_back(InstanceImage image);
  void track_touched();
  bool begin_image(bool whole);
  void go_on_with_image(size_t instances);
  // One that is taken bit by bit: of whom it wants, it has those that were touched in this epoch,
  // and those before `next`. (Of one that is not whole, their `tracked` is 0, which is no epoch.)
  struct Portrait {
    WorldImage image;                // what was taken so far
    std::vector<InstanceId> wanted;  // whom it is to have; all, if it is whole
    bool whole = false;
    size_t next = 0;  // in `wanted`, or of all
    size_t left = 0;
  };
  Portrait portrait_;

  const Program& program_;  // outlives the cell
  const std::vector<StartValue> start_values_;
  const Plan plan_;
  Observer* observer_ = nullptr;

  // world
  uint64_t tick_ = 0;
  uint64_t cycle_ = 0;
  uint64_t messages_ = 0;
  uint64_t inputs_numbered_ = 0;
  std::vector<std::unique_ptr<Instance>> instances_;  // by id
  std::deque<InputImage> inputs_;                     // not yet due: by tick, then number
  using Queues = std::map<Whom, std::deque<InputImage>, WhomLess>;
  Queues waiting_;  // due, and without room: by receiver (or event) in order of arrival
  std::vector<AwaitedImage> awaited_;  // by the tick in which the outcome arrived, then by cycle
  std::multimap<uint64_t, AwaitedImage> timers_;  // simulated, by when they are due
  uint64_t clock_ = 1;                            // of these, in milliseconds
  std::vector<DeadLetter> dead_letters_;
  using IntentPlace = std::pair<uint64_t, uint32_t>;  // cycle and emission
  std::map<IntentPlace, IntentImage> intents_;        // somebody outside is to carry them out
  std::vector<IntentPlace> fresh_intents_;            // nobody outside has heard of them
  size_t heard_intents_ = 0;                          // that a handler waits for
  Sum128 heard_state_;                                // of these, in the state hash
  std::set<IntentPlace> answered_;                    // by inputs that have not arrived yet

  std::optional<Halt> halt_;
  Sum128 waiting_state_;           // of waiting_, in the state hash
  Sum128 kept_state_;              // the state that this one is compared with,
  uint64_t kept_tick_ = 0;         // and how many ticks after the start or the last input it was
  uint64_t ticks_since_base_ = 0;  // ticks since the start or the last input
  uint64_t period_ = 0;            // of the loop, if it oscillates
  bool proving_ = false;           // runs on only to see where it comes to
  bool oscillates_ = false;
  std::vector<Treadmill> treadmills_;

  uint64_t epoch_ = 0;               // grows with every image that is begun; 0: nobody asks
  std::vector<InstanceId> tracked_;  // touched in this epoch
  Sum128 state_;  // a sum over the fields of all instances, and over what else they are

 private:
  // What one thread needs to run slices.
  struct Helper {
    explicit Helper(const Program& program) : interpreter(program) {}
    Interpreter interpreter;
    std::vector<std::unique_ptr<Outbox>> spare;
  };

  // ---- world.cpp
  void touch_first(Instance& instance, InstanceId id);
  void track(Instance& instance, InstanceId id);

  // ---- choose.cpp: which work, and how urgent (§4)
  [[nodiscard]] uint8_t head_priority(const Instance& instance) const {
    return plan_of(instance).priorities[instance.mailbox.head()->routine.index()];
  }
  [[nodiscard]] uint8_t goal_priority(const Instance& instance, size_t goal) const;
  [[nodiscard]] static bool is_choice(const GoalState& goal);
  [[nodiscard, gnu::always_inline]] inline Work choose(const Instance& instance, bool low,
                                                       std::span<const uint32_t> tried) const;
  template <typename Offer>
  void offer_choices(const Instance& instance, const Offer& offer) const;
  [[nodiscard]] Work choose_among(const Instance& instance, bool low,
                                  std::span<const uint32_t> tried) const;
  [[gnu::always_inline]] inline bool count_passed(Instance& instance, const Runner& runner) const;
  void forget_background_counts();
  void refresh_touched();  // readiness and digest
  [[gnu::always_inline]] inline void refresh(Instance& instance, InstanceId id);
  [[nodiscard, gnu::always_inline]] inline Readiness readiness_of(const Instance& instance) const;
  [[nodiscard, gnu::always_inline]] inline Sum128 digest_of(const Instance& instance) const;
  [[nodiscard, gnu::always_inline]] inline bool plain(const Instance& instance) const;
  [[nodiscard]] Sum128 unusual_digest(const Instance& instance) const;

  // ---- goals.cpp: §6
  void settle_goals(Instance& instance, const Aftermath& aftermath, std::vector<GoalFlip>& flips,
                    Helper& helper);
  void settle_goal(Instance& instance, size_t index, const Aftermath& aftermath, Helper& helper);
  bool find_candidate(Instance& instance, size_t index, Helper& helper);
  static Aftermath meddled(const Instance& instance);
  void try_out(Instance& instance, RoutineIndex transition, Outbox& trial, Helper& helper);
  Outbox* take_outbox(Helper& helper);
  void return_outbox(Helper& helper, Outbox* outbox);
  void drop_trial(GoalState& goal, Helper& helper);

  // ---- tick.cpp
  // What comes from outside. False: nobody is ready, and nothing more will come before that tick.
  bool let_in(uint64_t before);
  [[gnu::always_inline]] inline void run_rounds(Executor* executor);
  [[gnu::always_inline]] inline Runner& add_runner(InstanceId id, const Work& work, bool low);
  void sort_runners();
  size_t run_round(Executor* executor);
  size_t run_round_on(Executor& executor);
  void note_put_off(const Runner& runner);
  void collect(std::vector<InstanceId>& list, bool low);
  void try_next_choices(Executor* executor);
  void fail_put_off();
  [[gnu::always_inline]] inline void end_tick();

  // Whether the slice is the last one of what it belongs to.
  static bool ends_with(const Runner& runner) {
    const Routine& routine = runner.instance->type->routines[runner.work.routine.index()];
    return runner.out->returned || runner.out->retire ||
           &routine.slices[runner.work.slice] == &routine.slices.back();
  }

  // ---- prepare.cpp: the part of a cycle that looks at one instance alone
  [[gnu::always_inline]] inline void prepare(Runner& runner, Outbox& slot, Helper& helper);
  void settle_ahead(Runner& runner, Helper& helper);
  [[gnu::always_inline]] inline void run_slice(Runner& runner, Outbox& slot, Helper& helper);
  void test_invariants(Instance& instance, Outbox& out, Helper& helper);
  [[gnu::always_inline]] inline void settle(Runner& runner, Helper& helper);
  void take_back(Runner& runner, Helper& helper);
  // Gives what that does to state_.
  [[gnu::always_inline]] inline static Sum128 swap_changes(Instance& instance, Outbox& out);

  // ---- commit.cpp: the part that others see
  enum class Verdict : uint8_t { kCommit, kPutOff, kTooMany };
  [[gnu::always_inline]] inline bool finish(Runner& runner, Helper& helper);  // false: put off
  [[gnu::always_inline]] inline void commit(Runner& runner, uint32_t dead, Helper& helper);
  // Requires runner.out->fault; `counts` as one of the faults that restarts forgive.
  void fail(Runner& runner, bool counts, Helper& helper);
  bool forgive(Instance& instance, Code code);
  [[gnu::always_inline]] inline void tell(const Runner& runner, const Message* message,
                                          uint64_t first_send, uint32_t dead, bool faulted);
  void bury(InstanceId receiver, Message* message);
  void retire(InstanceId id);
  void release(Runner& runner);
  std::optional<int64_t> distance_of(Instance& instance, const Goal& goal, Helper& helper);
  void note_treadmill(const Runner& runner, Helper& helper);

  // ---- storm.cpp: room, putting off, throttling (§5)
  void note_moved(Instance& instance, int8_t moved) const {
    instance.moved_serial = serial_;
    instance.moved = moved;
  }
  // What there was when the tick began less what the tick has added: a message taken away in this
  // tick makes no room in it, and one that comes back takes none. While an instance is killed its
  // mail waits, however much that is: nobody there can make room.
  [[nodiscard]] uint64_t room(const Instance& instance) const {
    uint64_t used = instance.mailbox.size();
    if (instance.moved_serial == serial_) used += static_cast<uint64_t>(int64_t{instance.moved});
    const uint64_t limit = instance.killed ? UINT64_MAX : domain_of(instance).mailbox_max;
    return used < limit ? limit - used : 0;
  }
  [[gnu::always_inline]] inline Verdict judge(const Runner& runner, uint32_t& dead);
  [[gnu::always_inline]] inline Verdict judge_one(const Runner& runner, uint32_t& dead);
  Verdict judge_all(const Runner& runner, uint32_t& dead);
  void put_off(InstanceId sender, InstanceId mailbox);
  void tally(InstanceId receiver, DomainId domain, const Value& key);
  void throttle(InstanceId sender, InstanceId mailbox);
  void release_throttled(InstanceId mailbox);
  [[gnu::always_inline]] inline void throttle_senders();
  Trouble& trouble_of(Instance& instance);

  // ---- route.cpp: messages on their way
  [[gnu::always_inline]] inline void route(Runner& runner);
  InstanceId receiver_of(DomainId domain, const Value& key);
  // §5: in instance order, those that were started before the tick.
  template <class F>
  void each_listener(EventId event, F&& f) {
    for (const Listener& listener : program_.events[event.index()].listeners) {
      for (const InstanceId id : roll_of(listener.domain)) {
        const Instance& instance = (*this)[id];
        if (!instance.gone && instance.started_tick < now_) f(id, listener.routine);
      }
    }
  }
  [[gnu::always_inline]] inline void deliver(InstanceId receiver, Message* message);
  static Whom queue_of(const InputImage& input);
  void wait_for_room(InputImage input);
  void letter_waits(InputImage letter);
  void arrive(uint64_t tick);
  void arrive_at_once(uint64_t tick);
  bool arrive_input(InputImage& input, uint64_t tick);    // false: it waits
  bool arrive_message(InputImage& input, uint64_t tick);  // false: it waits
  bool arrive_broadcast(InputImage& input, uint64_t tick);
  [[nodiscard]] bool has_place(InstanceId receiver) const;
  static Origin origin_of(const InputImage& input);

  // ---- effects.cpp: §8
  [[nodiscard]] RoutineIndex handler_of(const Instance& instance, EffectId effect,
                                        bool failed) const {
    const OutcomeHandlers& handlers = plan_of(instance).outcomes[effect.index()];
    return failed ? handlers.failed : handlers.done;
  }
  [[nodiscard]] bool is_heard(const IntentImage& intent) const;
  [[nodiscard]] Sum128 mark_of(const IntentImage& intent) const;
  void add_intent(IntentImage intent);
  void drop_intent(std::map<IntentPlace, IntentImage>::iterator intent);
  void forget_intents();
  void put_back_intents(const std::vector<IntentImage>& intents);
  void emit_effect(const Origin& origin, EmissionId site, std::span<Value> args);
  [[nodiscard]] bool takes(const Routine& handler, const Value& answer) const;
  bool arrive_answer(const InputImage& input, uint64_t tick);  // false: it waits
  bool answer(InstanceId id, RoutineIndex handler, const Origin& origin, std::vector<Value> args);
  void fire_timers(uint64_t tick);
  bool arrive_outcome(const AwaitedImage& awaited, uint64_t tick);  // false: it waits

  // ---- act.cpp: what operators do
  struct Deed {
    InstanceId id;
    int64_t bits = 0;
    std::vector<FieldImage> changes;  // what the fields became
    std::vector<GoalFlip> flips;
  };
  void act(const InputImage& input, uint64_t tick);
  bool revive(InstanceId id, Revival how, Deed& deed);
  bool crash(InstanceId id, Deed& deed);
  bool set(InstanceId id, const InputImage& input, Deed& deed);
  // None: there is no such dead letter, or it was sent once more before.
  std::optional<InputImage> letter_again(const InputImage& act);
  void change_field(Instance& instance, uint32_t slot, Value value);
  void tell_act(const InputImage& input, uint64_t tick, const Deed& deed, bool done);

  // ---- rollback.cpp: what an assert brings back (§7)
  void keep_rest();
  void keep_rest(const RestImage& rest);  // of a world that was put back
  void halt(Runner& runner);
  void roll_back();

  // ---- oscillation.cpp
  [[nodiscard]] Sum128 awaited_state() const;
  void keep_for_comparison();
  [[gnu::always_inline]] inline void compare_with_kept();
  [[nodiscard]] bool returns_after(uint64_t period) const;

  // fixed
  std::vector<std::unique_ptr<Helper>>
      helpers_;  // one a worker; the first serves the committing thread
  MessagePool pool_;
  std::vector<KeyIndex> index_;  // by domain: the last instance of each key
  struct Roll {
    std::vector<InstanceId> ids;
    size_t sorted = 0;   // so many at the front are in order
    bool stale = false;  // somebody has retired
  };
  std::vector<Roll> rolls_;  // by domain

  // of the tick
  uint64_t serial_ = 1;  // grows with every tick and is never put back
  uint64_t now_ = 0;     // the number of the tick that begins
  bool input_arrived_ = false;
  std::vector<InstanceId> touched_;
  std::vector<Runner>
      runners_;  // of the round; the first runner_count_ of them, the rest is memory
  size_t runner_count_ = 0;
  std::vector<std::unique_ptr<Outbox>> slots_;  // for the slices of a group
  struct PutOff {
    InstanceId id;
    Work first;
    std::vector<uint32_t> tried;
  };
  std::vector<PutOff> put_off_;
  struct Receipt {
    InstanceId mailbox;
    Message* first;  // the first message that came in this tick
  };
  std::vector<Receipt> receipts_;
  struct Tally {
    InstanceId receiver;  // none: not started yet
    DomainId domain;
    Value key;
    uint32_t count = 0;
  };
  std::vector<Tally> tallies_;
  std::vector<InstanceId>
      receivers_;  // of the judged slice's emissions; none: not started, or no send
  std::map<Whom, uint32_t, WhomLess> unborn_;  // places in tallies_

  // who is ready for the next tick
  std::vector<InstanceId> normal_;
  std::vector<InstanceId> low_;
  size_t ready_count_ = 0;                      // instances whose readiness is not kNone
  std::vector<InstanceId> counted_background_;  // have a background choice that was passed over
  std::vector<InstanceId> throttling_;          // mailboxes that hold somebody back
  std::atomic<int64_t> trials_kept_ = 0;

  // the rest that an assert goes back to
  struct Keep {
    uint64_t number = 0;
    bool open = false;
    RestImage rest;
  };
  Keep keep_;
};

}  // namespace lexum
