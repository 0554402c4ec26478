#include "effects/once.h"

#include <atomic>
#include <memory>

namespace lexum {
namespace {

struct Waiting {
  explicit Waiting(Adapter::Tell whom) : tell(std::move(whom)) {}
  Adapter::Tell tell;
  std::atomic_flag told;
};

}  // namespace

Adapter::Tell once(Adapter::Tell tell) {
  return [waiting = std::make_shared<Waiting>(std::move(tell))](ErrandAnswer answer) {
    if (waiting->told.test_and_set()) return;
    const Adapter::Tell mine = std::move(waiting->tell);
    mine(std::move(answer));
  };
}

}  // namespace lexum
