#include "effects/adapters.h"

#include "effects/at_once.h"
#include "effects/exec.h"
#include "effects/file.h"
#include "effects/http.h"
#include "effects/log.h"
#include "effects/once.h"
#include "effects/timer.h"

namespace lexum {
namespace {

template <class... Cases>
struct Either : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Either(Cases...) -> Either<Cases...>;

}  // namespace

Result<std::unique_ptr<Adapters>> Adapters::open(Bindings bindings) {
  std::unique_ptr<Adapters> all(new Adapters(std::move(bindings.secrets)));
  Result<std::unique_ptr<EventLoop>> loop = EventLoop::open();
  if (!loop) return loop.error();
  all->loop_ = std::move(*loop);
  Result<std::unique_ptr<DiskThread>> disk = DiskThread::open();
  if (!disk) return disk.error();
  all->disk_ = std::move(*disk);
  all->children_ = std::make_unique<Children>(*all->loop_);
  for (const auto& [name, binding] : bindings.by_name) {
    if (const Status bound = all->bind(name, binding); !bound) return bound.error();
  }
  return all;
}

Status Adapters::bind(const std::string& name, const Binding& binding) {
  const auto keep = [&](std::unique_ptr<Adapter> adapter) -> Status {
    by_name_[name] = std::move(adapter);
    return Done{};
  };
  return std::visit(
      Either{
          [&](const ExecBinding& exec) {
            return keep(std::make_unique<AtOnce>(
                std::make_unique<ExecAdapter>(exec, *loop_, *children_, secrets_), exec.at_once));
          },
          [&](const HttpBinding& http) {
            return keep(std::make_unique<AtOnce>(
                std::make_unique<HttpAdapter>(http, *loop_, secrets_), http.at_once));
          },
          [&](const TimerBinding&) { return keep(std::make_unique<TimerAdapter>(*loop_)); },
          [&](const FileBinding& file) -> Status {
            Result<Root> root = Root::open(file.root);
            if (!root) return root.error();
            return keep(std::make_unique<FileAdapter>(std::move(*root), *disk_));
          },
          [&](const LogBinding& log) -> Status {
            Result<std::unique_ptr<LogAdapter>> opened = LogAdapter::open(log, *disk_, secrets_);
            if (!opened) return opened.error();
            return keep(std::move(*opened));
          },
      },
      binding);
}

Adapters::~Adapters() {
  if (loop_) loop_->stop();
  if (disk_) disk_->stop();
}

bool Adapters::has(std::string_view adapter, std::string_view operation) const {
  return find(adapter, operation) != nullptr;
}

Adapter* Adapters::find(std::string_view adapter, std::string_view operation) const {
  std::string name(adapter);
  name += '.';
  name += operation;
  auto found = by_name_.find(name);
  if (found == by_name_.end()) found = by_name_.find(adapter);
  return found == by_name_.end() ? nullptr : found->second.get();
}

void Adapters::carry_out(Errand errand, Tell tell) {
  Tell masked = once([this, tell = std::move(tell)](ErrandAnswer answer) {
    --under_way_;
    tell(secrets_.mask(std::move(answer)));
  });
  const auto fail = [&](std::string why) {
    loop_->post([masked, why = std::move(why)] { masked({.failed = true, .text = why}); });
  };
  if (++under_way_ > kErrandsMax) {
    return fail("more than " + std::to_string(kErrandsMax) + " errands are under way");
  }
  Adapter* const adapter = find(errand.adapter, errand.operation);
  if (adapter == nullptr) {
    return fail("nobody is bound to " + errand.adapter + "." + errand.operation);
  }
  adapter->carry_out(std::move(errand), std::move(masked));
}

}  // namespace lexum
