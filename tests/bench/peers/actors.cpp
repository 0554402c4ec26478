// Ping-pong, ring and fan-in between actors of the C++ Actor Framework on one worker thread; one
// figure a run: actors WHAT MESSAGES
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <caf/all.hpp>

namespace {

using namespace caf;

// Two actors bounce a number down to zero.
behavior ponger(event_based_actor* self) {
  return {[=](int64_t left, const actor& from) { self->send(from, left); }};
}
behavior pinger(event_based_actor* self, actor peer) {
  return {[=](int64_t left) {
    if (left == 0) {
      self->send_exit(peer, exit_reason::user_shutdown);
      self->quit();
    } else {
      self->send(peer, left - 1, actor_cast<actor>(self));
    }
  }};
}

// A token goes round; at zero the one who set it off hears of it.
struct HopState {
  actor next;
};
behavior hop(stateful_actor<HopState>* self, actor boss) {
  return {[=](const actor& next) { self->state.next = next; },
          [=](int64_t left) {
            if (left == 0) {
              self->send(boss, int64_t{0});
            } else {
              self->send(self->state.next, left - 1);
            }
          }};
}

// One receiver that keeps a count and a sum.
struct SumState {
  int64_t count = 0;
  int64_t sum = 0;
};
behavior receiver(stateful_actor<SumState>* self, int64_t wanted, actor boss) {
  return {[=](int64_t v) {
    self->state.sum += v;
    if (++self->state.count == wanted) self->send(boss, self->state.count);
  }};
}
behavior sender(event_based_actor* self, actor to, int64_t messages) {
  return {[=](ok_atom) {
    for (int64_t i = 0; i < messages; ++i) anon_send(to, i);
    self->quit();
  }};
}

double ns_of(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  work();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

void stop(scoped_actor& me, const std::vector<actor>& all) {
  for (const actor& one : all) me->send_exit(one, exit_reason::user_shutdown);
}

double ping_pong(actor_system& system, scoped_actor& me, int64_t messages) {
  const actor a = system.spawn(pinger, system.spawn(ponger));
  return ns_of([&] {
    me->send(a, messages / 2);
    me->wait_for(a);
  });
}

double ring(actor_system& system, scoped_actor& me, int64_t messages) {
  const auto boss = actor_cast<actor>(me);
  std::vector<actor> all;
  for (int i = 0; i < 1000; ++i) all.push_back(system.spawn(hop, boss));
  for (size_t i = 0; i < all.size(); ++i) me->send(all[i], all[(i + 1) % all.size()]);
  const double ns = ns_of([&] {
    me->send(all[0], messages);
    me->receive([](int64_t) {});
  });
  stop(me, all);
  return ns;
}

double fan_in(actor_system& system, scoped_actor& me, int64_t messages) {
  const auto boss = actor_cast<actor>(me);
  const actor to = system.spawn(receiver, messages, boss);
  std::vector<actor> all;
  for (int i = 0; i < 100; ++i) all.push_back(system.spawn(sender, to, messages / 100));
  const double ns = ns_of([&] {
    for (const actor& one : all) me->send(one, ok_atom::value);
    me->receive([](int64_t) {});
  });
  stop(me, {to});
  return ns;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string what = argv[1];
  const int64_t messages = std::atoll(argv[2]);
  actor_system_config config;
  config.set("scheduler.max-threads", size_t{1});
  actor_system system{config};
  double ns = 0;
  {
    scoped_actor me{system};
    if (what == "ping_pong") ns = ping_pong(system, me, messages);
    if (what == "ring") ns = ring(system, me, messages);
    if (what == "fan_in") ns = fan_in(system, me, messages);
  }
  std::printf("M ns %.2f\n", ns / static_cast<double>(messages));
}
