// The next world from this one, tick by tick (§4 A tick, §5, §7, §12).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "twin/choices.h"
#include "twin/twin.h"

namespace lexum::twin {

class Scheduler {
 public:
  Scheduler(const Source& source, const Tree& tree, const Options& options);
  Summary run();

 private:
  // What one instance does in a tick.
  struct Turn {
    InstanceName who;
    std::vector<Work> choices;  // all it had
    size_t chosen = 0;

    [[nodiscard]] const Work& work() const { return choices[chosen]; }
  };
  struct Tick {
    int64_t number = 0;
    std::map<InstanceName, int64_t> size_at_begin = {};         // of mailboxes
    std::map<InstanceName, int64_t> added = {};                 // to mailboxes
    std::set<InstanceName> newborn = {};                        // started in it
    std::set<std::pair<InstanceName, InstanceName>> sent = {};  // from, to
  };
  struct Quiescence {
    World world;
    std::vector<std::string> dead_letters;
    int64_t cycle = 0;
  };

  // The world before the first tick, and what comes into it.
  void start_program();
  Instance& start(const InstanceName& name, const Values& settings);
  void begin_tick(int64_t number);
  void arrive();
  bool arrive(const Arrival& arrival, std::set<InstanceName>& held_up);
  [[nodiscard]] std::vector<InstanceName> receivers(const Arrival& arrival) const;

  // One tick.
  void run_tick();
  std::vector<Turn> first_round();
  std::vector<Turn> second_round(const std::vector<Turn>& first);
  bool run_round(std::vector<Turn> turns);
  void fail_put_off(std::vector<Turn> turns);
  static void sort_by_urgency(std::vector<Turn>& turns);
  bool take(const Turn& turn);
  void count_passed_over(const Turn& turn);

  // The three ends of a slice, and the fourth that is none.
  void commit(const Turn& turn, const Trial& trial);
  void fault(const Turn& turn, const std::string& code, bool counts);
  void halt(const Turn& turn);
  bool put_off(const Turn& turn, const std::map<InstanceName, int64_t>& wanted);
  void new_cycle(const Turn& turn, const std::string& code);
  bool restarts_spent(const InstanceName& name);

  // Mail.
  [[nodiscard]] std::vector<InstanceName> listeners(const std::string& label) const;
  [[nodiscard]] std::map<InstanceName, int64_t> wanted_room(const SliceEnd& end) const;
  [[nodiscard]] int64_t room(const InstanceName& name) const;
  void deliver(const InstanceName& to, const Message& message);
  void carry_out(const Turn& turn, const SliceEnd& end);
  void retire(const InstanceName& name);

  // Between ticks.
  void throttle();
  bool loops();
  [[nodiscard]] bool anybody_ready();
  void note_quiescence();
  Summary summary();

  Seat seat(const InstanceName& name) { return {tree_, name, world_.instances.at(name)}; }
  [[nodiscard]] const DomainDecl& domain(const InstanceName& name) const;

  const Source& source_;
  const Tree& tree_;
  const Options& options_;
  std::vector<std::pair<int64_t, Arrival>> dated_;  // inputs still to come, in order

  World world_;
  Tick tick_;
  bool halted_ = false;

  Quiescence quiescence_;               // the latest
  std::vector<std::string> delivered_;  // inputs since then
  World kept_;                          // to find loops
  int64_t ticks_since_input_ = 0;

  Summary summary_;
};

}  // namespace lexum::twin
