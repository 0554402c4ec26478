#include "model/survey.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "model/history.h"
#include "tracer/course.h"

namespace lexum {

namespace {

// What was read is not read again, but for the senders of what comes next.
constexpr size_t kBytesKept = size_t{4} << 20;

}  // namespace

// Whoever reads. What it shares with the others is under the lock; the rest is its own.
class Survey::Walk {
 public:
  struct Found {
    std::vector<ChunkSurvey> chunks = {};
    std::vector<DeadLetters> dead = {};
    uint64_t dead_in_all = 0;
    uint64_t edition = 0;  // of the wish that the values are for
    std::vector<std::pair<uint64_t, double>> values = {};
    std::vector<PlotStep> course = {};
    bool all_values = false;
  };

  Walk(Files& files, std::string path) : files_(files), path_(std::move(path)) {}
  ~Walk() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    woken_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  void start() {
    thread_ = std::thread([this] {
      for (;;) {
        const bool any = step();
        std::unique_lock lock(mutex_);
        if (!any) woken_.wait(lock, [&] { return stopped_ || grown_ || wanted_ != edition_; });
        if (stopped_) return;
      }
    });
  }
  void wake(const std::optional<FieldTarget>* field, bool grown) {
    {
      const std::scoped_lock lock(mutex_);
      if (field != nullptr) {
        wish_ = *field;
        ++wanted_;
      }
      grown_ = grown_ || grown;
      done_ = false;
    }
    woken_.notify_all();
  }
  Found take() {
    const std::scoped_lock lock(mutex_);
    Found found = std::exchange(found_, {});
    found_.edition = found.edition;
    found_.all_values = found.all_values;
    return found;
  }
  bool has_news() const {
    const std::scoped_lock lock(mutex_);
    return !found_.chunks.empty() || !found_.values.empty() || !found_.course.empty();
  }
  bool is_done() const {
    const std::scoped_lock lock(mutex_);
    return done_;
  }
  uint64_t wanted() const {
    const std::scoped_lock lock(mutex_);
    return wanted_;
  }

  bool step() {
    hear_wish();
    const size_t chunks = trace_ == nullptr ? 0 : trace_->chunks().size();
    if (field_ && next_values_ < chunks) {
      read_values(next_values_++, chunks);
    } else if (next_ < chunks) {
      survey(next_++);
    } else {
      const std::scoped_lock lock(mutex_);
      done_ = !grown_ && wanted_ == edition_;
      return !done_;
    }
    return true;
  }

 private:
  void hear_wish() {
    if (trace_ == nullptr) {
      if (auto opened = TraceReader::open(files_, path_, kBytesKept)) trace_ = std::move(*opened);
    }
    const std::scoped_lock lock(mutex_);
    // A file that cannot be read on is read as far as it was.
    if (std::exchange(grown_, false) && trace_ != nullptr) (void)trace_->refresh();
    if (edition_ == wanted_) return;
    edition_ = wanted_;
    field_ = wish_;
    next_values_ = 0;
    any_value_ = false;
    found_.edition = edition_;
    found_.values.clear();
    found_.course.clear();
    found_.all_values = false;
  }

  [[nodiscard]] DomainId domain_at(uint64_t cycle) {
    if (cycle <= trace_->start()) return {};
    const size_t chunk = trace_->chunk_of(cycle);
    if (index_ == nullptr || indexed_ != chunk) {
      const auto index = trace_->index(chunk);
      if (!index) return {};
      index_ = *index;
      indexed_ = chunk;
    }
    return index_->actors[index_->who[cycle - trace_->chunks()[chunk].first_cycle]].domain;
  }

  void survey(size_t number) {
    ChunkSurvey one;
    std::vector<DeadLetters> dead;
    const auto chunk = trace_->chunk(number);
    if (chunk) {
      EventReader events = (*chunk)->events(trace_->program());
      EventView event;
      uint64_t at = trace_->chunks()[number].first_cycle - 1;
      const auto died = [&](uint32_t count) {
        if (count == 0) return;
        if (dead.empty() || dead.back().cycle != at) dead.push_back({.cycle = at, .count = 0});
        dead.back().count += count;
      };
      while (events.next(event)) {
        if (const auto* ran = std::get_if<CycleView>(&event)) {
          at = ran->cycle;
          died(ran->dead);
          note_flow(one, *ran);
        } else if (const auto* input = std::get_if<InputView>(&event)) {
          died(input->dead ? 1 : 0);
        } else if (const auto* outcome = std::get_if<OutcomeView>(&event)) {
          died(outcome->dead ? 1 : 0);
        }
      }
      one.is_readable = events.good();
    }
    const std::scoped_lock lock(mutex_);
    found_.chunks.push_back(std::move(one));
    for (const DeadLetters& letters : dead) {
      found_.dead_in_all += letters.count;
      if (found_.dead.size() < kDeadMax) found_.dead.push_back(letters);
    }
  }

  void note_flow(ChunkSurvey& one, const CycleView& ran) {
    if (!ran.cause) return;
    const DomainId from = ran.cause->cycle == 0 ? DomainId() : domain_at(ran.cause->cycle);
    const auto same = std::ranges::find_if(
        one.flows, [&](const Flow& flow) { return flow.from == from && flow.to == ran.domain; });
    if (same != one.flows.end()) ++same->messages;
    else one.flows.push_back({.from = from, .to = ran.domain, .messages = 1});
  }

  // How it went, before its values are read.
  void read_course() {
    const auto course = course_of(*trace_, *field_);
    if (!course) return;
    const std::scoped_lock lock(mutex_);
    for (const auto& [cycle, extent] : *course) {
      found_.course.push_back({.cycle = cycle,
                               .low = static_cast<double>(extent.low),
                               .high = static_cast<double>(extent.high),
                               .last = static_cast<double>(extent.last)});
    }
  }

  void read_values(size_t number, size_t chunks) {
    if (number == 0) read_course();
    std::vector<std::pair<uint64_t, double>> values;
    if (may_write(number)) {
      if (const auto chunk = trace_->chunk(number)) {
        EventReader events = (*chunk)->events(trace_->program());
        EventView event;
        uint64_t at = trace_->chunks()[number].first_cycle - 1;
        while (events.next(event)) {
          if (const auto value = set_by_act(trace_->program(), event, *field_)) {
            if (const auto after = number_of({.value = *value})) {
              values.emplace_back(std::max(at, trace_->start() + 1), *after);
            }
            any_value_ = true;
            continue;
          }
          const auto* ran = std::get_if<CycleView>(&event);
          if (ran != nullptr) at = ran->cycle;
          if (ran == nullptr || !field_->whose.has(ran->domain, ran->key)) continue;
          const auto change = std::ranges::find(ran->changes, field_->slot, &ChangeView::slot);
          if (change == ran->changes.end()) continue;
          // What it was before the first write stands in that write.
          const auto before = number_of(change->before);
          if (before && !any_value_) values.emplace_back(trace_->start() + 1, *before);
          if (const auto after = number_of(change->after)) values.emplace_back(ran->cycle, *after);
          any_value_ = true;
        }
      }
    }
    const std::scoped_lock lock(mutex_);
    found_.values.insert(found_.values.end(), values.begin(), values.end());
    found_.all_values = number + 1 == chunks;
  }
  [[nodiscard]] bool may_write(size_t number) {
    const auto index = trace_->index(number);
    if (!index) return true;
    const auto wrote = [&](const ChunkIndex::Kind& kind) {
      return kind.domain == field_->whose.domain && kind.wrote(field_->slot);
    };
    const auto is_who = [&](const ChunkIndex::Actor& actor) {
      return field_->whose.has(actor.domain, actor.key);
    };
    return std::ranges::any_of((*index)->kinds, wrote) &&
           std::ranges::any_of((*index)->actors, is_who);
  }

  Files& files_;
  const std::string path_;
  std::unique_ptr<TraceReader> trace_;
  size_t next_ = 0;
  std::optional<FieldTarget> field_;
  size_t next_values_ = 0;
  bool any_value_ = false;
  size_t indexed_ = 0;  // whose index that is
  std::shared_ptr<const ChunkIndex> index_;

  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::optional<FieldTarget> wish_;
  uint64_t wanted_ = 0;  // how often something else was wished for
  uint64_t edition_ = 0;
  bool grown_ = false;
  bool stopped_ = false;
  bool done_ = false;
  Found found_;
  std::thread thread_;
};

Survey::Survey(Files& files, std::string trace)
    : walk_(std::make_unique<Walk>(files, std::move(trace))) {}
Survey::~Survey() = default;

void Survey::start() { walk_->start(); }
bool Survey::step() { return walk_->step(); }
void Survey::go_on() { walk_->wake(nullptr, true); }
bool Survey::has_news() const { return walk_->has_news(); }
bool Survey::is_done() const { return walk_->is_done(); }

void Survey::follow(std::optional<FieldTarget> field) {
  values_ = Pyramid();
  course_ = Pyramid();
  has_all_values_ = false;
  walk_->wake(&field, false);
}

bool Survey::take() {
  Walk::Found found = walk_->take();
  const bool any = !found.chunks.empty() || !found.values.empty() || !found.course.empty() ||
                   found.all_values != has_all_values_;
  std::ranges::move(found.chunks, std::back_inserter(chunks_));
  dead_in_all_ += found.dead_in_all;
  for (const DeadLetters& letters : found.dead) {
    if (dead_.size() < kDeadMax) dead_.push_back(letters);
  }
  if (found.edition != walk_->wanted()) return any;
  for (const PlotStep& step : found.course) course_.add(step);
  for (const auto& [cycle, value] : found.values) values_.add(cycle, value);
  has_all_values_ = found.all_values;
  if (has_all_values_) course_ = Pyramid();
  return any;
}

}  // namespace lexum
