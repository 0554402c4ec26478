// Errands that a server does: a request for each, tried again where that may help.
#pragma once

#include <map>
#include <memory>

#include "effects/adapter.h"
#include "effects/binding.h"
#include "effects/event_loop.h"

namespace lexum {

class HttpAdapter final : public Adapter {
 public:
  static constexpr size_t kBodyBytesMax = size_t{1} << 20;
  static constexpr int64_t kWaitMsMax = 60'000;  // between two tries

  // The loop and the secrets outlive it; it tells in tasks of the loop.
  HttpAdapter(HttpBinding binding, EventLoop& loop, const Secrets& secrets);
  // Requires that the loop has stopped. What is under way is broken off.
  ~HttpAdapter() override;
  HttpAdapter(const HttpAdapter&) = delete;
  HttpAdapter& operator=(const HttpAdapter&) = delete;

  void carry_out(Errand errand, Tell tell) override;

 private:
  struct Request;
  void begin(const Errand& errand, Tell tell);
  // What is wrong with the arguments, or nothing.
  [[nodiscard]] Status fill(Request& request, const Errand& errand) const;
  void set_up(Request& request) const;
  void try_it(Request& request);
  void tried(Request& request, CURLcode code);
  [[nodiscard]] ErrandAnswer answer_of(const Request& request, CURLcode code, long status) const;
  [[nodiscard]] int64_t wait_ms(const Request& request, long status) const;

  const HttpBinding binding_;
  EventLoop& loop_;
  const Secrets& secrets_;
  std::map<const Request*, std::unique_ptr<Request>> under_way_;
};

}  // namespace lexum
