#include "machine/recorder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lexum {
namespace {

constexpr size_t kQueueMax = 4;              // batches, before the running thread waits
constexpr size_t kQueueMore = 64;            // behind a large keyframe
constexpr size_t kImagesEachTick = 2;        // and as many as it had cycles
constexpr size_t kImagesAtOnce = 1'024;      // when there is nothing else to do
constexpr uint64_t kBatchMarks = 1 << 16;    // batches are told apart by so many marks
constexpr uint32_t kSlotsNoted = 48;         // and of so many fields it is noted that they changed
constexpr unsigned kTicksBetweenLooks = 64;  // at the clock
constexpr std::chrono::milliseconds kBatchAgeMax{500};

uint64_t weight_of(std::span<const Value> values) {
  uint64_t weight = 0;
  for (const Value& value : values) weight += 2 + value.weight();
  return weight;
}

uint64_t weight_of_long(std::span<const Value> values) {
  uint64_t weight = 0;
  for (const Value& value : values) {
    if (value.node() != nullptr) weight += value.weight();
  }
  return weight;
}

// About what an instance takes in a keyframe, in bytes.
uint64_t weight_of(const InstanceImage& instance) {
  uint64_t weight = 16 + weight_of(instance.fields) + 4 * instance.goals.size();
  for (const MessageImage& message : instance.mailbox) weight += 12 + weight_of(message.args);
  return weight;
}

uint64_t weight_without_instances(const WorldImage& image) {
  uint64_t weight = 64;
  for (const InputImage& input : image.inputs) weight += 12 + weight_of(input.args);
  if (image.rest) {
    for (const InstanceImage& instance : image.rest->instances) weight += weight_of(instance);
  }
  return weight;
}

}  // namespace

Recorder::Recorder(World& world, std::span<const StartValue> start_values, BatchSink* sink, Of of,
                   KeyframeRhythm rhythm)
    : world_(world),
      sink_(sink),
      beside_(sink != nullptr && sink->wants_side()),
      rhythm_(std::move(rhythm)),
      batch_(std::make_unique<Work>()) {
  ByteWriter prologue;
  canonical_prologue(prologue, world.program(), start_values);
  if (of == Of::kFork) {
    canonical_fork(prologue, world);
    canon_.stand_at(world.tick_now(), world.cycle());
    batch_->first_cycle = world.cycle() + 1;
    batch_->tick_before = world.tick_now();
  }
  digest_.update(prologue.bytes());
  if (sink_ != nullptr) world_.track_touched();
}

Recorder::Recorder(World& world, BatchSink* sink, const ResumePoint& from, KeyframeRhythm rhythm)
    : world_(world),
      sink_(sink),
      beside_(sink != nullptr && sink->wants_side()),
      rhythm_(std::move(rhythm)),
      batch_(std::make_unique<Work>()),
      digest_(from.digest) {
  canon_.stand_at(from.tick_before, world.cycle());
  batch_->first_cycle = world.cycle() + 1;
  batch_->tick_before = from.tick_before;
  if (sink_ != nullptr) world_.track_touched();
}

Recorder::~Recorder() {
  if (!thread_.joinable()) return;
  complete_keyframe();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Status Recorder::between_ticks() {
  if (sink_ == nullptr || failed_.load(std::memory_order_relaxed)) return told();
  if (imaged_ != nullptr) {
    go_on_with_keyframe(kImagesEachTick + (world_.cycle() - imaged_cycle_));
  }
  if (keyframe_is_due()) take_keyframe();
  if (ticks_until_look_-- == 0) {
    ticks_until_look_ = kTicksBetweenLooks;
    close_if_old();
  }
  return told();
}

void Recorder::idle() {
  if (imaged_ != nullptr) go_on_with_keyframe(kImagesAtOnce);
}

bool Recorder::keyframe_is_due() const {
  if (!has_start_ || keyframe_forced_) return true;
  if (imaged_ != nullptr) return false;
  if (rhythm_.cycles != 0) return world_.cycle() - keyframe_cycle_ >= rhythm_.cycles;
  return bytes_since_keyframe_ > std::max<uint64_t>(kKeyframeApartBytes, whole_bytes_ / 2);
}

void Recorder::take_keyframe() {
  complete_keyframe();
  // The first batch has nothing yet but who is there at the start, and that is in the keyframe.
  if (has_start_) close_batch(false);
  LEXUM_CHECK(batch_->canonical.empty());
  batch_->has_keyframe = true;
  batch_->keyframe_is_whole = world_.begin_image(!has_start_ || touched_bytes_ >= whole_bytes_);
  batch_->keyframe_mark = rhythm_.mark ? rhythm_.mark() : 0;
  {
    const std::lock_guard lock(mutex_);
    imaged_ = batch_.get();
  }
  weighed_ = 0;
  weight_ = weight_without_instances(world_.image_begun());
  keyframe_cycle_ = world_.cycle();
  bytes_since_keyframe_ = 0;
  has_start_ = true;
  keyframe_forced_ = false;
  go_on_with_keyframe(kImagesEachTick);
}

void Recorder::go_on_with_keyframe(size_t instances) {
  imaged_cycle_ = world_.cycle();
  world_.go_on_with_image(instances);
  const std::vector<InstanceImage>& taken = world_.image_begun().instances;
  for (; weighed_ < taken.size(); ++weighed_) weight_ += weight_of(taken[weighed_]);
  if (world_.image_left() > 0) return;

  auto image = std::make_shared<WorldImage>(world_.take_image());
  const bool fits = takes(weight_, kKeyframeWeightMax, "the state of the world");
  const std::lock_guard lock(mutex_);
  if (imaged_->keyframe_is_whole) {
    whole_bytes_ = weight_;
    touched_bytes_ = 0;
  } else {
    touched_bytes_ += weight_;
  }
  if (fits) imaged_->image = std::move(image);
  imaged_ = nullptr;
  wake_.notify_one();
}

void Recorder::complete_keyframe() {
  while (imaged_ != nullptr) go_on_with_keyframe(world_.image_left());
}

// A batch's age counts from when it was first seen to have something in it.
void Recorder::close_if_old() {
  if (batch_->canonical.empty() && batch_->side.empty()) return;
  const Clock::time_point now = Clock::now();
  if (!first_seen_) first_seen_ = now;
  if (now - *first_seen_ >= kBatchAgeMax) close_batch(false);
}

Status Recorder::flush() {
  complete_keyframe();
  close_batch(false);
  wait_until_idle();
  return told();
}

Status Recorder::finish() {
  if (Status flushed = flush(); !flushed || sink_ == nullptr || std::exchange(closed_, true)) {
    return flushed;
  }
  return sink_->close();
}

Hash256 Recorder::run_hash() {
  complete_keyframe();
  close_batch(false);
  wait_until_idle();
  return digest_.value();
}

ResumePoint Recorder::point() {
  close_batch(false);
  wait_until_idle();
  return {.image = world_.image(), .tick_before = canon_.tick(), .digest = digest_};
}

Status Recorder::told() {
  if (!failed_.load(std::memory_order_acquire)) return Done{};
  const std::lock_guard lock(mutex_);
  return *error_;
}

// ---- what the world says

void Recorder::started(InstanceId, DomainId domain, const Value& key) {
  if (!beside_) return;
  write_side_started(batch_->side, {domain, &key});
  close_if_full();
}

void Recorder::input(const InputRecord& record) {
  canon_.input(batch_->canonical, record);
  if (beside_) write_side_input(batch_->side, record);
  if (is_act(record.kind)) forget_changes();  // it may have changed a field
  close_if_full();
}

void Recorder::outcome(const OutcomeRecord& record) {
  canon_.outcome(batch_->canonical, record);
  if (beside_) write_side_outcome(batch_->side, record);
  close_if_full();
}

void Recorder::cycle(const CycleRecord& record) {
  if (beside_) write_beside(record);
  canon_.cycle(batch_->canonical, record);
  ++batch_->cycle_count;
  if (record.outbox->fault) close_batch(false);
  else close_if_full();
}

void Recorder::write_beside(const CycleRecord& record) {
  const uint64_t weight = weight_of_long(record.outbox->args);
  if (weight > kCycleWeightMax) (void)flush();  // what came before shall be in the trace
  if (!takes(weight, kCycleWeightMax, "what one cycle sends")) return;
  write_side_cycle(batch_->side, record, note_changes(record));
  takes(batch_->side.size(), kSideBytes + kCycleWeightMax, "what one cycle changes");
}

// What a field was need not be written where the batch has already said what it last became.
Olds Recorder::note_changes(const CycleRecord& record) {
  uint64_t slots = 0;
  bool any_long = false;
  bool all_noted = true;
  for (const FieldChange& change : record.before) {
    any_long = any_long || is_long(change.value) || is_long(record.fields[change.slot]);
    all_noted = all_noted && change.slot < kSlotsNoted;
    slots |= all_noted ? kBatchMarks << change.slot : 0;
  }
  if (record.outbox->fault || slots == 0) return any_long ? Olds::kApart : Olds::kPlain;
  const size_t at = record.instance.index();
  if (at >= changed_.size()) changed_.resize(at + at / 2 + 1);
  const uint64_t noted = changed_[at] % kBatchMarks == batch_mark_ ? changed_[at] : batch_mark_;
  changed_[at] = noted | slots;
  if (any_long) return Olds::kApart;
  return all_noted && (noted & slots) == slots ? Olds::kLeftOut : Olds::kPlain;
}

void Recorder::forget_changes() {
  if (++batch_mark_ < kBatchMarks) return;
  changed_.clear();
  batch_mark_ = 1;
}

void Recorder::hold(const HoldRecord& record) {
  if (!beside_) return;
  const auto named = [&](InstanceId id) {
    return id ? Named{world_.domain_of(id), &world_.key_of(id)} : Named{};
  };
  write_side_hold(batch_->side, record, named(record.instance), named(record.mailbox));
  close_if_full();
}

void Recorder::rollback(const RollbackRecord& record) {
  canon_.rollback(batch_->canonical, record);
  if (beside_) write_side_rollback(batch_->side);
  keyframe_forced_ = true;
  close_batch(false);
}

void Recorder::rest() { close_batch(false); }

// ---- batches

void Recorder::close_batch(bool full) {
  const size_t bytes = batch_->canonical.size() + batch_->side.size();
  if (bytes == 0 && !batch_->has_keyframe) return;
  bytes_since_keyframe_ += bytes;
  first_seen_.reset();
  forget_changes();
  std::unique_ptr<Work> next = empty_batch();
  std::swap(batch_, next);
  // What is left of a large keyframe is worth a thread, too.
  const bool waits = imaged_ != nullptr && world_.image_left() > kImagesAtOnce;
  if ((full || waits) && !thread_.joinable()) thread_ = std::thread([this] { work(); });
  if (!thread_.joinable()) {
    complete_keyframe();
    work_off(*next);
    spare_.push_back(std::move(next));
    return;
  }
  std::unique_lock lock(mutex_);
  // What a keyframe has held up may be worked off later, and what comes until then, too.
  if (queue_.size() <= kQueueMax) held_up_ = 0;
  if (imaged_ != nullptr) ++held_up_;
  const size_t most = held_up_ == 0 ? kQueueMax : kQueueMax + held_up_ + kQueueMore;
  idle_.wait(lock, [&] { return imaged_ != nullptr || queue_.size() < most; });
  queue_.push_back(std::move(next));
  wake_.notify_one();
}

std::unique_ptr<Recorder::Work> Recorder::empty_batch() {
  std::unique_ptr<Work> batch;
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      batch = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (batch == nullptr) batch = std::make_unique<Work>();
  batch->canonical.clear();
  batch->side.clear();
  batch->first_cycle = canon_.cycle() + 1;
  batch->cycle_count = 0;
  batch->tick_before = canon_.tick();
  batch->has_keyframe = false;
  return batch;
}

bool Recorder::takes(uint64_t weight, uint64_t most, const char* what) {
  if (failed_.load(std::memory_order_relaxed)) return false;
  if (weight <= most) return true;
  fail({.code = ErrorCode::kFull,
        .what =
            fmt::format("at cycle {}, {} weighs {} MiB, and a trace takes {} at once; send less in "
                        "a slice, or run without --trace",
                        canon_.cycle() + 1, what, weight >> 20, most >> 20)});
  return false;
}

void Recorder::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  failed_.store(true, std::memory_order_release);
}

void Recorder::work_off(Work& batch) {
  const std::shared_ptr<WorldImage> image = std::exchange(batch.image, nullptr);
  if (batch.has_keyframe) batch.digest_before = digest_;
  digest_.update(batch.canonical.bytes());
  if (sink_ == nullptr || failed_.load(std::memory_order_relaxed)) return;
  batch.run_hash = digest_.value();
  if (image) put_in_order(image->instances);
  batch.keyframe = image;
  if (Status written = sink_->write(batch); !written) fail(written.error());
  batch.keyframe.reset();
}

void Recorder::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return stop_ || (!queue_.empty() && queue_.front().get() != imaged_); });
    if (queue_.empty()) return;
    std::unique_ptr<Work> batch = std::move(queue_.front());
    queue_.pop_front();
    busy_ = true;
    lock.unlock();
    work_off(*batch);
    lock.lock();
    spare_.push_back(std::move(batch));
    busy_ = false;
    idle_.notify_one();
  }
}

void Recorder::wait_until_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return queue_.empty() && !busy_; });
}

}  // namespace lexum
