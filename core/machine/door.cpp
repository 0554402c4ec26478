#include "machine/door.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "effects/once.h"
#include "machine/inputs.h"
#include "machine/value_json.h"

namespace lexum {

// What the run, the door's thread and those who carry effects out share. Whoever tells last may do
// so when the door is gone.
struct Door::Shared {
  std::atomic<bool> has_news = false;  // inputs, or an error

  std::mutex mutex;               // guards what follows
  std::condition_variable to_do;  // for the thread
  std::condition_variable came;   // for whoever waits for inputs
  std::deque<Letter> letters;     // on their way out
  uint64_t tick = 0;              // up to which they were emitted
  size_t out = 0;                 // of those that were handed over and not told of
  bool stop = false;
  std::vector<InputImage> inputs;  // that have come back
  std::optional<Error> error;      // nothing goes out any more
  std::function<void()> tell;      // that there are news; may be empty

  // Requires the lock.
  void have_news() {
    has_news.store(true, std::memory_order_release);
    came.notify_one();
    if (tell) tell();
  }
};

Door::Door(Adapter& adapter, std::shared_ptr<const Program> program)
    : adapter_(adapter), program_(std::move(program)), shared_(std::make_shared<Shared>()) {}

Door::~Door() {
  end();
  notify({});
}

void Door::notify(std::function<void()> came) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->tell = std::move(came);
}

void Door::begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) {
  LEXUM_CHECK(!thread_.joinable());
  run_id_ = run_id;
  durable_ = std::move(durable);
  thread_ = std::thread([this] { work(); });
}

void Door::end() {
  {
    const std::scoped_lock lock(shared_->mutex);
    shared_->stop = true;
  }
  shared_->to_do.notify_one();
  if (thread_.joinable()) thread_.join();
}

// Most ticks have nothing to do with anybody outside.
Result<std::vector<InputImage>> Door::exchange(World& world) {
  std::vector<IntentImage> fresh = world.take_fresh_intents();
  if (fresh.empty() && !shared_->has_news.load(std::memory_order_acquire)) {
    return std::vector<InputImage>();
  }
  const std::scoped_lock lock(shared_->mutex);
  if (shared_->error) return *shared_->error;
  for (IntentImage& intent : fresh) {
    const InstanceId id = intent.instance;
    shared_->letters.push_back({.intent = std::move(intent),
                                .domain = world.domain_of(id),
                                .key = world.key_of(id),
                                .emitter = world.name_of(id)});
  }
  if (!fresh.empty()) {
    shared_->tick = world.tick_now();
    shared_->to_do.notify_one();
  }
  shared_->has_news.store(false, std::memory_order_relaxed);
  return std::exchange(shared_->inputs, {});
}

void Door::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(shared_->mutex);
  shared_->came.wait_for(lock, most, [&] { return shared_->has_news.load(); });
}

void Door::work() {
  Shared& shared = *shared_;
  std::unique_lock lock(shared.mutex);
  for (;;) {
    shared.to_do.wait(
        lock, [&] { return shared.stop || (!shared.letters.empty() && shared.out < kOutMax); });
    if (shared.stop) return;
    const size_t count = std::min(shared.letters.size(), kOutMax - shared.out);
    const auto behind = shared.letters.begin() + static_cast<std::ptrdiff_t>(count);
    const std::vector<Letter> batch(std::make_move_iterator(shared.letters.begin()),
                                    std::make_move_iterator(behind));
    shared.letters.erase(shared.letters.begin(), behind);
    shared.out += count;
    const uint64_t tick = shared.tick;
    lock.unlock();
    const Status durable = durable_(tick);
    for (const Letter& letter : batch) {
      if (durable) send(letter);
    }
    lock.lock();
    if (durable) continue;
    shared.error = durable.error();
    shared.have_news();
    return;
  }
}

void Door::send(const Letter& letter) {
  const IntentImage& intent = letter.intent;
  const Effect& effect = program_->effects[intent.effect.index()];
  const auto tell = [program = program_, shared = shared_, domain = letter.domain, key = letter.key,
                     effect = intent.effect, cycle = intent.cycle,
                     index = intent.index](const ErrandAnswer& answer) {
    ReadAnswer read = read_answer(*program, domain, effect, answer);
    const std::scoped_lock lock(shared->mutex);
    shared->inputs.push_back({.kind = InputKind::kOutcome,
                              .domain = domain,
                              .key = key,
                              .args = {std::move(read.value)},
                              .about = cycle,
                              .index = index,
                              .failed = read.failed});
    if (shared->out-- == kOutMax) shared->to_do.notify_one();
    shared->have_news();
  };
  adapter_.carry_out({.adapter = effect.adapter,
                      .operation = effect.operation,
                      .key = idempotency_key(run_id_, letter.emitter, intent.number),
                      .args = args_of(intent)},
                     once(tell));
}

std::string Door::args_of(const IntentImage& intent) const {
  const std::vector<std::string>& names = program_->emissions[intent.site.index()].names;
  Json args = Json::object();
  for (size_t i = 0; i < names.size(); ++i) args[names[i]] = to_json(*program_, intent.args[i]);
  return dump(args);
}

std::string idempotency_key(const std::string& run_id, const std::string& emitter,
                            uint64_t number) {
  return fmt::format("{}/{}/{}", run_id, emitter, number);
}

namespace {

// What the handler takes; none: there is no such handler, or it takes nothing.
std::optional<TypeId> taken(const Program& program, DomainId domain, EffectId effect, bool failed) {
  for (const OutcomeHandlers& handlers : program[domain].outcomes) {
    const RoutineIndex handler = failed ? handlers.failed : handlers.done;
    if (handlers.effect != effect || !handler) continue;
    const auto& params = program[domain].routines[handler.index()].params;
    if (!params.empty()) return params.front().type;
  }
  return {};
}

bool is_text(const Program& program, TypeId type) {
  return program.types[type].kind == TypeKind::kText;
}

ReadAnswer failure(const Program& program, DomainId domain, EffectId effect,
                   const std::string& why) {
  const std::optional<TypeId> type = taken(program, domain, effect, true);
  const bool text = !type || is_text(program, *type);
  return {.failed = true, .value = text ? Value::of(why) : zero(program, *type)};
}

}  // namespace

ReadAnswer read_answer(const Program& program, DomainId domain, EffectId effect,
                       const ErrandAnswer& answer) {
  if (answer.failed) return failure(program, domain, effect, answer.text);
  const auto json = nlohmann::json::parse(answer.text, nullptr, false);
  const std::optional<TypeId> type = taken(program, domain, effect, false);
  // Where a text is wanted, or nobody wants anything, it is the string, or the JSON as it stands;
  // and nothing is an empty one.
  if (!type || is_text(program, *type)) {
    const bool optional = type && program.types[*type].optional;
    if (json.is_null()) return {.value = optional ? Value() : Value::of("")};
    return {.value = Value::of(json.is_string() ? json.get<std::string>() : answer.text)};
  }
  if (json.is_null() && !program.types[*type].optional) return {.value = zero(program, *type)};
  Result<Value> value = read_json_value(program, *type, answer.text, "its outcome");
  if (value) return {.value = std::move(*value)};
  return failure(program, domain, effect, value.error().what);
}

}  // namespace lexum
