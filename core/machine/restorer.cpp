#include "machine/restorer.h"

#include <algorithm>
#include <utility>

#include "machine/past.h"

namespace lexum {

Restorer::Restorer(Files& files, std::string folder, Outside* others, std::function<Status()> sync)
    : files_(files), folder_(std::move(folder)), others_(others), sync_(std::move(sync)) {}

Restorer::~Restorer() { end(); }

void Restorer::bring_back(InstanceId id, uint64_t tick, uint64_t cycle) {
  ++away_;
  // What it has got so far has to be where it can be read.
  const bool durable = sync_().ok();
  const std::scoped_lock lock(mutex_);
  if (!durable) {
    ++lost_;
    has_news_ = true;
    return;
  }
  killed_.push_back({.id = id, .tick = tick, .cycle = cycle});
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  to_do_.notify_one();
}

void Restorer::begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) {
  if (others_ != nullptr) others_->begin(run_id, std::move(durable));
}

void Restorer::notify(std::function<void()> came) {
  if (others_ != nullptr) others_->notify(came);
  const std::scoped_lock lock(mutex_);
  told_ = std::move(came);
}

Result<std::vector<InputImage>> Restorer::exchange(World& world) {
  Result<std::vector<InputImage>> came = std::vector<InputImage>();
  if (others_ != nullptr) came = others_->exchange(world);
  if (!came || !has_news_.load(std::memory_order_relaxed)) return came;
  const std::scoped_lock lock(mutex_);
  has_news_ = false;
  away_ -= std::exchange(lost_, 0);
  for (InstanceImage& image : std::exchange(back_, {})) {
    --away_;
    // An assert may have undone its birth, and somebody may have let it return.
    if (!world.is_killed(image.id)) continue;
    came->push_back({.kind = InputKind::kRevive,
                     .domain = image.domain,
                     .key = image.key,
                     .about = static_cast<uint64_t>(Revival::kReturn)});
    world.bring_back(std::move(image));
  }
  return came;
}

bool Restorer::awaits(const World& world) const {
  return away_ > 0 || (others_ != nullptr && others_->awaits(world));
}

void Restorer::wait(std::chrono::milliseconds most) {
  if (away_ == 0 && others_ != nullptr) return others_->wait(most);
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, most, [&] { return has_news_.load(); });
}

void Restorer::end() {
  {
    const std::scoped_lock lock(mutex_);
    if (stop_.exchange(true)) return;
  }
  to_do_.notify_one();
  if (thread_.joinable()) thread_.join();
  if (others_ != nullptr) others_->end();
}

void Restorer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    to_do_.wait(lock, [&] { return stop_ || !killed_.empty(); });
    if (stop_) return;
    const Killed one = killed_.front();
    killed_.erase(killed_.begin());
    lock.unlock();
    Result<InstanceImage> image = image_of(one);
    lock.lock();
    if (image) back_.push_back(std::move(*image));
    else ++lost_;
    has_news_ = true;
    came_.notify_one();
    if (told_) told_();
  }
}

Result<InstanceImage> Restorer::image_of(const Killed& one) {
  // The folder goes on meanwhile: what was to be read first may be gone when it is. A snapshot from
  // after the crash has of the instance what was left in memory, which is better than nothing.
  constexpr int kTries = 5;
  Result<Past> past = Error();
  for (int tries = 0; tries < kTries && !past; ++tries) {
    past = read_past(files_, folder_, tries + 1 < kTries ? one.cycle : UINT64_MAX);
  }
  if (!past) return past.error();
  const auto machine = relive_before(std::move(*past), {.interrupt = &stop_}, one.tick + 1);
  if (!machine) return machine.error();
  const World& world = (*machine)->world();
  const std::vector<InstanceId> there = world.instances_in_order();
  const bool is_there = std::ranges::find(there, one.id) != there.end();
  if (is_there && world.is_killed(one.id)) return world.image_of(one.id);
  return Error{.code = ErrorCode::kDamaged, .what = "it is not there"};
}

}  // namespace lexum
