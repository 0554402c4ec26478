#include "machine/snapshotter.h"

#include <algorithm>
#include <set>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace lexum {

namespace {

constexpr size_t kNewestKept = 2;
constexpr int kNiceness = 10;

// This thread gets what the others leave. If the system does not do that, it goes on as any other.
void give_way() { (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness); }

}  // namespace

Snapshotter::Snapshotter(Where where, std::shared_ptr<const Program> program,
                         std::vector<StartValue> start_values,
                         const std::vector<SnapshotHead>& known, std::vector<DomainId> domains,
                         std::map<uint32_t, uint64_t> offsets)
    : where_(std::move(where)),
      program_(std::move(program)),
      start_values_(std::move(start_values)),
      program_hash_(program_hash(*program_)),
      domains_(std::move(domains)),
      offsets_(std::move(offsets)) {
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
  const std::scoped_lock lock(noting_);
  notes_[++marks_] = std::move(note);
  return marks_;
}

Snapshotter::Note Snapshotter::take_note(uint64_t mark) {
  const std::scoped_lock lock(noting_);
  auto noted = notes_.extract(mark);
  return noted ? std::move(noted.mapped()) : Note{.journal = 1};
}

Status Snapshotter::write(const Batch& batch) {
  if (!batch.keyframe) return told();
  Coming coming{.snapshot = {.program = program_hash_,
                             .began = where_.began,
                             .start_values = start_values_,
                             .run_hash = batch.digest_before.value()},
                .image = batch.keyframe,
                .is_whole = batch.keyframe_is_whole};
  coming.snapshot.point.tick_before = batch.tick_before;
  coming.snapshot.point.digest = batch.digest_before;
  std::vector<Coming> outdone;  // let go of when nobody waits for the lock
  Note note = take_note(batch.keyframe_mark);
  const std::unique_lock lock(mutex_);
  if (error_) return *error_;
  // Where the run goes on from, there is one. (No thread has begun yet.)
  if (std::exchange(is_first_, false) && kept_.contains(batch.keyframe->cycle)) return Done{};
  coming.is_wanted = note.is_wanted;
  coming.snapshot.journal = note.journal;
  coming.snapshot.offsets = std::move(note.offsets);
  if (coming.is_whole && coming.is_wanted) {
    for (Coming& earlier : waiting_) coming.snapshot.offsets.merge(earlier.snapshot.offsets);
    outdone.swap(waiting_);
  }
  waiting_.push_back(std::move(coming));
  if (where_.at_once) return take(std::exchange(waiting_, {}));
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_all();
  return Done{};
}

Status Snapshotter::told() {
  const std::scoped_lock lock(mutex_);
  return error_ ? Status(*error_) : Status(Done{});
}

Status Snapshotter::close() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || (!busy_ && waiting_.empty()); });
  return error_ ? Status(*error_) : Status(Done{});
}

void Snapshotter::work() {
  give_way();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
    if (waiting_.empty() || error_) return;
    std::vector<Coming> all = std::exchange(waiting_, {});
    busy_ = true;
    lock.unlock();
    const Status written = take(std::move(all));
    lock.lock();
    busy_ = false;
    if (!written) error_ = written.error();
    changed_.notify_all();
  }
}

Status Snapshotter::take(std::vector<Coming> all) {
  for (Coming& one : all) {
    for (const auto& [id, record] : one.snapshot.offsets) offsets_[id] = record;
    put_off_.push_back(std::move(one));
  }
  const auto last = std::find_if(put_off_.rbegin(), put_off_.rend(),
                                 [](const Coming& one) { return one.is_wanted; });
  const std::span<Coming> wanted(put_off_.begin(), last.base());
  if (wanted.empty()) return Done{};
  const bool is_whole = std::ranges::any_of(wanted, &Coming::is_whole);
  // Something has happened since that took no cycle. The journal has it, and so will the next one.
  if (kept_.contains(wanted.back().image->cycle) && !is_whole) return Done{};
  Snapshot& snapshot = wanted.back().snapshot;
  if (!is_whole) snapshot.base = kept_.rbegin()->first;
  Status written = write_out(snapshot, *wanted.back().image, newest_of(wanted));
  put_off_.erase(put_off_.begin(), last.base());
  return written;
}

// Of the last one, all instances: those that only earlier ones have have not changed since.
std::vector<const InstanceImage*> Snapshotter::newest_of(std::span<const Coming> all) {
  std::vector<const InstanceImage*> newest;
  for (const Coming& one : all) {
    std::vector<const InstanceImage*> its;
    for (const InstanceImage& i : one.image->instances) its.push_back(&i);
    if (one.is_whole) newest.clear();
    std::vector<const InstanceImage*> both;
    std::ranges::set_union(its, newest, std::back_inserter(both), {}, &InstanceImage::id,
                           &InstanceImage::id);
    newest = std::move(both);
  }
  return newest;
}

Status Snapshotter::write_out(Snapshot& snapshot, const WorldImage& world,
                              std::span<const InstanceImage* const> instances) {
  snapshot.offsets.clear();
  domains_.resize(world.instance_count);
  for (const InstanceImage* one : instances) {
    domains_[one->id.index()] = one->domain;
    const auto known = offsets_.find(one->id.value);
    if (known != offsets_.end()) snapshot.offsets.insert(snapshot.offsets.end(), *known);
  }
  snapshot.domains = domains_;
  if (where_.sync_journal) {
    if (Status synced = where_.sync_journal(); !synced) return synced;
  }
  const std::string path = where_.folder + "/" + snapshot_name(world.cycle);
  const auto write = [&](File& file) {
    return write_json(*program_, snapshot, world, instances,
                      [&](std::string_view text) { return file.append(as_bytes(text)); });
  };
  if (Status written = replace_file(where_.files, path, write); !written) return written;
  kept_[world.cycle] = {.base = snapshot.base, .journal = snapshot.journal};
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
