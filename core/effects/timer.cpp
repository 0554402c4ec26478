#include "effects/timer.h"

#include <fmt/format.h>

#include "effects/json_text.h"

namespace lexum {
namespace {

// Why it cannot be done; "" if it can.
std::string wrong_with(const std::string& operation, const std::optional<ErrandArgs>& args) {
  if (operation != "After") {
    return fmt::format("a timer has no operation `{}`; there is After(ms)", operation);
  }
  const bool is_one = args && args->size() == 1 && args->contains("ms");
  const std::optional<int64_t> ms = is_one ? args->find("ms")->second.number : std::nullopt;
  if (!ms || *ms < 0 || *ms > TimerAdapter::kMsMax) {
    return fmt::format("After has one argument, `ms`, an int from 0 to {}", TimerAdapter::kMsMax);
  }
  return {};
}

}  // namespace

void TimerAdapter::carry_out(Errand errand, Tell tell) {
  const EventLoop::Clock::time_point now = EventLoop::Clock::now();
  const std::optional<ErrandArgs> args = read_args(errand.args);
  std::string wrong = wrong_with(errand.operation, args);
  if (!wrong.empty()) {
    loop_.post([wrong = std::move(wrong), tell = std::move(tell)] {
      tell({.failed = true, .text = wrong});
    });
    return;
  }
  const auto when = now + std::chrono::milliseconds(*args->find("ms")->second.number);
  loop_.post([this, when, tell = std::move(tell)] {
    loop_.at(when, [tell] { tell({.failed = false, .text = "null"}); });
  });
}

}  // namespace lexum
