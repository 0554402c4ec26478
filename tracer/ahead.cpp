#include "tracer/ahead.h"

#include <algorithm>

namespace lexum {

namespace {

constexpr size_t kThreadsMax = 7;

size_t threads_beside() {
  const size_t processors = std::max(1U, std::thread::hardware_concurrency());
  return std::min(processors - 1, kThreadsMax);
}

}  // namespace

Ahead::Ahead(const Program& program, Make make) : program_(program), make_(std::move(make)) {}

Ahead::~Ahead() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  come_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

// One for each thread, one for whoever asks, and one that they find when they are done.
size_t Ahead::depth() {
  const size_t threads = threads_beside();
  return threads == 0 ? 0 : threads + 2;
}

void Ahead::expect(size_t chunk, const ChunkEntry& entry) {
  const std::scoped_lock lock(mutex_);
  if (std::ranges::find(jobs_, chunk, &Job::chunk) != jobs_.end()) return;
  const auto is_free = [](const Job& job) { return !job.is_begun || job.made; };
  while (jobs_.size() >= 2 * depth()) {
    const auto oldest = std::ranges::find_if(jobs_, is_free);
    if (oldest == jobs_.end()) return;
    jobs_.erase(oldest);
  }
  jobs_.push_back({.chunk = chunk, .entry = entry});
  if (idle_ == 0 && threads_.size() < threads_beside()) {
    threads_.emplace_back([this] { serve(); });
  }
  come_.notify_one();
}

std::optional<Ahead::Made> Ahead::take(size_t chunk, ColumnJoiner& joiner) {
  std::unique_lock lock(mutex_);
  const auto job = std::ranges::find(jobs_, chunk, &Job::chunk);
  if (job == jobs_.end()) return {};
  if (!job->is_begun) work_off(*job, joiner, lock);
  while (!job->made) {
    if (Job* other = next()) work_off(*other, joiner, lock);
    else done_.wait(lock);
  }
  std::optional<Made> made = std::move(job->made);
  jobs_.erase(job);
  return made;
}

Ahead::Job* Ahead::next() {
  const auto job = std::ranges::find(jobs_, false, &Job::is_begun);
  return job == jobs_.end() ? nullptr : &*job;
}

void Ahead::work_off(Job& job, ColumnJoiner& joiner, std::unique_lock<std::mutex>& lock) {
  job.is_begun = true;
  const ChunkEntry entry = job.entry;
  lock.unlock();
  Made made = make_(entry, joiner);
  lock.lock();
  job.made = std::move(made);
  done_.notify_all();
}

void Ahead::serve() {
  ColumnJoiner joiner(program_);
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    come_.wait(lock, [this] { return stop_ || next() != nullptr; });
    --idle_;
    if (stop_) return;
    work_off(*next(), joiner, lock);
  }
}

}  // namespace lexum
