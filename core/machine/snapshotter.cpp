#include "machine/snapshotter.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lexum {

namespace {

constexpr size_t kNewestKept = 2;

}  // namespace

Snapshotter::Snapshotter(Where where, std::shared_ptr<const Program> program,
                         std::vector<StartValue> start_values,
                         const std::vector<SnapshotHead>& known, std::vector<DomainId> domains)
    : where_(std::move(where)),
      program_(std::move(program)),
      start_values_(std::move(start_values)),
      program_hash_(program_hash(*program_)),
      domains_(std::move(domains)) {
  for (const SnapshotHead& one : known) {
    kept_[one.cycle] = {.base = one.base, .journal = one.journal};
  }
}

Snapshotter::~Snapshotter() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

uint64_t Snapshotter::note(Note note) {
  const std::scoped_lock lock(mutex_);
  notes_[++marks_] = std::move(note);
  return marks_;
}

Status Snapshotter::write(const Batch& batch) {
  std::unique_lock lock(mutex_);
  if (error_) return *error_;
  if (!batch.keyframe) return Done{};
  auto noted = notes_.extract(batch.keyframe_mark);
  // Where the run goes on from, there is one. (No thread has begun yet.)
  if (std::exchange(is_first_, false) && kept_.contains(batch.keyframe->cycle)) return Done{};
  if (noted && !noted.mapped().is_wanted) return Done{};
  Snapshot snapshot{.program = program_hash_, .began = where_.began, .start_values = start_values_};
  snapshot.point = {
      .image = *batch.keyframe, .tick_before = batch.tick_before, .digest = batch.digest_before};
  snapshot.run_hash = batch.digest_before.value();
  snapshot.journal = noted ? noted.mapped().journal : 1;
  if (noted) snapshot.offsets = std::move(noted.mapped().offsets);
  if (where_.at_once) return take({std::move(snapshot), batch.keyframe_is_whole});
  merge(waiting_, {std::move(snapshot), batch.keyframe_is_whole});
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_all();
  return Done{};
}

void Snapshotter::merge(std::optional<Coming>& earlier, Coming later) {
  if (earlier && !later.whole) {
    std::map<uint32_t, InstanceImage> all;
    for (Snapshot* one : {&earlier->snapshot, &later.snapshot}) {
      for (InstanceImage& i : one->point.image.instances) all[i.id.value] = std::move(i);
    }
    std::vector<InstanceImage>& instances = later.snapshot.point.image.instances;
    instances.clear();
    for (auto& [id, i] : all) instances.push_back(std::move(i));
    later.whole = earlier->whole;
  }
  earlier = std::move(later);
}

Status Snapshotter::close() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || (!busy_ && !waiting_); });
  return error_ ? Status(*error_) : Status(Done{});
}

void Snapshotter::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || waiting_; });
    if (!waiting_ || error_) return;
    Coming coming = std::move(*waiting_);
    waiting_.reset();
    busy_ = true;
    lock.unlock();
    const Status written = take(std::move(coming));
    lock.lock();
    busy_ = false;
    if (!written) error_ = written.error();
    changed_.notify_all();
  }
}

Status Snapshotter::take(Coming coming) {
  merge(put_off_, std::move(coming));
  const bool is_there = kept_.contains(put_off_->snapshot.point.image.cycle);
  // Something has happened since that took no cycle. The journal has it, and so will the next one.
  if (is_there && !put_off_->whole) return Done{};
  Snapshot snapshot = std::move(put_off_->snapshot);
  const bool whole = put_off_->whole;
  put_off_.reset();
  if (!whole) snapshot.base = kept_.rbegin()->first;
  return write_out(snapshot);
}

Status Snapshotter::write_out(Snapshot& snapshot) {
  const WorldImage& image = snapshot.point.image;
  domains_.resize(image.instance_count);
  for (const InstanceImage& one : image.instances) domains_[one.id.index()] = one.domain;
  snapshot.domains = domains_;
  if (where_.sync_journal) {
    if (Status synced = where_.sync_journal(); !synced) return synced;
  }
  const std::string path = where_.folder + "/" + snapshot_name(image.cycle);
  if (Status written = replace_text(where_.files, path, to_json(*program_, snapshot)); !written) {
    return written;
  }
  kept_[image.cycle] = {.base = snapshot.base, .journal = snapshot.journal};
  return where_.keep_history ? Status(Done{}) : drop_old();
}

// The newest stay, and what they build on.
Status Snapshotter::drop_old() {
  std::set<uint64_t> needed;
  uint64_t journal = UINT64_MAX;
  size_t newest = 0;
  for (auto one = kept_.rbegin(); one != kept_.rend() && newest < kNewestKept; ++one, ++newest) {
    journal = std::min(journal, one->second.journal);
    for (std::optional<uint64_t> cycle = one->first; cycle && needed.insert(*cycle).second;) {
      const auto found = kept_.find(*cycle);
      cycle = found == kept_.end() ? std::nullopt : found->second.base;
    }
  }
  if (newest < kNewestKept) return Done{};
  const Result<std::vector<std::string>> names = where_.files.list(where_.folder);
  if (!names) return names.error();
  for (const std::string& name : *names) {
    const auto cycle = snapshot_cycle(name);
    if (!cycle || needed.contains(*cycle)) continue;
    if (Status gone = where_.files.remove(where_.folder + "/" + name); !gone) return gone;
    kept_.erase(*cycle);
  }
  return where_.forget_before ? where_.forget_before(journal) : Status(Done{});
}

}  // namespace lexum
