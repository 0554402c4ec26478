// Effects on their way out of a run, and what comes of them on its way back.
//
// An intent goes out on the door's own thread, once what it follows from is durable: no tick waits
// for that. Whoever carries it out gets the same key each time the same thing is asked for (§8).
// What comes back is read by the type of the handler that hears it; what makes no sense there is a
// failure with the reason.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "effects/adapter.h"
#include "machine/outside.h"

namespace lexum {

class Door final : public Outside {
 public:
  // More than that are not out at once; the others wait here.
  static constexpr size_t kOutMax = 16'384;

  // `adapter` outlives it, and may tell afterwards: then nobody hears.
  Door(Adapter& adapter, std::shared_ptr<const Program> program);
  ~Door() override;
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  void begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) override;
  void notify(std::function<void()> came) override;
  Result<std::vector<InputImage>> exchange(World& world) override;
  [[nodiscard]] bool awaits(const World& world) const override { return world.has_intents(); }
  void wait(std::chrono::milliseconds most) override;
  void end() override;

 private:
  // An intent, and the name of who emitted it.
  struct Letter {
    IntentImage intent;
    DomainId domain;
    Value key;
    std::string emitter;
  };
  struct Shared;

  void work();
  void send(const Letter& letter);
  [[nodiscard]] std::string args_of(const IntentImage& intent) const;

  Adapter& adapter_;
  const std::shared_ptr<const Program> program_;
  std::string run_id_;
  std::function<Status(uint64_t tick)> durable_;
  const std::shared_ptr<Shared> shared_;  // with those who are still to tell
  std::thread thread_;
};

// The same in every replay of the run: "5d1f…/Order[7]/12".
std::string idempotency_key(const std::string& run_id, const std::string& emitter, uint64_t number);

// What came of an effect, by the type that its handler takes: what is read differs from what was
// told where the type is another one.
struct ReadAnswer {
  bool failed = false;
  Value value;
};
ReadAnswer read_answer(const Program& program, DomainId domain, EffectId effect,
                       const ErrandAnswer& answer);

}  // namespace lexum
