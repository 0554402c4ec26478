// Everybody whom an adapter file binds, behind one door.
//
// It has two threads: one waits for programs, servers and timers, the other one for the disk. An
// errand that waits for its turn, or for a timer, costs a few hundred bytes and no thread. Answers
// come on those two threads, each once, and no value of a secret is in them.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string_view>

#include "effects/binding.h"
#include "effects/children.h"
#include "effects/disk_thread.h"
#include "effects/event_loop.h"

namespace lexum {

class Adapters final : public Adapter {
 public:
  // More of them than that under way, or waiting for their turn, fail.
  static constexpr int64_t kErrandsMax = 1'000'000;

  // Opens folders and logs, and begins the threads; the Error says which of them cannot be had.
  static Result<std::unique_ptr<Adapters>> open(Bindings bindings);
  // Programs under way are asked to end and killed a second later, requests are broken off, what is
  // being written is written, and nothing else is begun. On return nothing is told any more. Not to
  // be called from a Tell.
  ~Adapters() override;
  Adapters(const Adapters&) = delete;
  Adapters& operator=(const Adapters&) = delete;

  // Whether somebody is bound: to the operation, or to all of the adapter.
  [[nodiscard]] bool has(std::string_view adapter, std::string_view operation) const;
  // From any thread. What nobody is bound to fails.
  void carry_out(Errand errand, Tell tell) override;

 private:
  explicit Adapters(Secrets secrets) : secrets_(std::move(secrets)) {}
  Status bind(const std::string& name, const Binding& binding);
  [[nodiscard]] Adapter* find(std::string_view adapter, std::string_view operation) const;

  const Secrets secrets_;
  std::atomic<int64_t> under_way_ = 0;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<DiskThread> disk_;
  std::unique_ptr<Children> children_;
  std::map<std::string, std::unique_ptr<Adapter>, std::less<>> by_name_;
};

}  // namespace lexum
