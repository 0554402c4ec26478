#include "machine/door.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "effects/once.h"
#include "machine/inputs.h"
#include "machine/value_json.h"

namespace lexum {

// What has come back, until the run takes it. Whoever tells last may do so when the door is gone.
struct Door::Answers {
  std::mutex mutex;
  std::condition_variable came;
  std::vector<InputImage> inputs;
  size_t out = 0;               // of those that were handed over and not told of
  std::function<void()> tell;   // that something came; empty: nobody wants to know any more
  std::function<void()> freed;  // that there is room again
};

Door::Door(Adapter& adapter, std::shared_ptr<const Program> program)
    : adapter_(adapter), program_(std::move(program)), answers_(std::make_shared<Answers>()) {}

Door::~Door() {
  end();
  notify({});
}

void Door::notify(std::function<void()> came) {
  const std::scoped_lock lock(answers_->mutex);
  answers_->tell = std::move(came);
}

void Door::begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) {
  run_id_ = run_id;
  durable_ = std::move(durable);
  {
    const std::scoped_lock lock(answers_->mutex);
    answers_->freed = [this] { changed_.notify_one(); };
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void Door::end() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  const std::scoped_lock lock(answers_->mutex);
  answers_->freed = {};
}

Result<std::vector<InputImage>> Door::exchange(World& world) {
  std::vector<IntentImage> fresh = world.take_fresh_intents();
  {
    const std::scoped_lock lock(mutex_);
    if (error_) return *error_;
  }
  if (!fresh.empty()) {
    const std::scoped_lock lock(mutex_);
    for (IntentImage& intent : fresh) {
      const InstanceId id = intent.instance;
      letters_.push_back({.intent = std::move(intent),
                          .domain = world.domain_of(id),
                          .key = world.key_of(id),
                          .emitter = world.name_of(id)});
    }
    tick_ = world.tick_now();
    changed_.notify_one();
  }
  const std::scoped_lock lock(answers_->mutex);
  return std::exchange(answers_->inputs, {});
}

void Door::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(answers_->mutex);
  answers_->came.wait_for(lock, most, [&] { return !answers_->inputs.empty(); });
}

void Door::work() {
  const auto room = [&] {
    const std::scoped_lock lock(answers_->mutex);
    return answers_->out < kOutMax ? kOutMax - answers_->out : 0;
  };
  std::unique_lock lock(mutex_);
  for (;;) {
    // Room comes by a notice that takes no lock, so one may be missed.
    constexpr std::chrono::milliseconds kLookEvery{20};
    const auto ready = [&] { return stop_ || (!letters_.empty() && room() > 0); };
    if (letters_.empty()) changed_.wait(lock, ready);
    else
      while (!changed_.wait_for(lock, kLookEvery, ready)) {
      }
    if (stop_) return;
    std::vector<Letter> batch;
    for (size_t left = room(); left > 0 && !letters_.empty(); --left) {
      batch.push_back(std::move(letters_.front()));
      letters_.pop_front();
    }
    const uint64_t tick = tick_;
    lock.unlock();
    const Status durable = durable_(tick);
    for (const Letter& letter : batch) {
      if (durable) send(letter);
    }
    lock.lock();
    if (durable) continue;
    error_ = durable.error();
    return;
  }
}

void Door::send(const Letter& letter) {
  const IntentImage& intent = letter.intent;
  const Effect& effect = program_->effects[intent.effect.index()];
  {
    const std::scoped_lock lock(answers_->mutex);
    ++answers_->out;
  }
  const auto tell = [program = program_, answers = answers_, domain = letter.domain,
                     key = letter.key, effect = intent.effect, cycle = intent.cycle,
                     index = intent.index](const ErrandAnswer& answer) {
    ReadAnswer read = read_answer(*program, domain, effect, answer);
    const std::scoped_lock lock(answers->mutex);
    answers->inputs.push_back({.kind = InputKind::kOutcome,
                               .domain = domain,
                               .key = key,
                               .args = {std::move(read.value)},
                               .about = cycle,
                               .index = index,
                               .failed = read.failed});
    --answers->out;
    answers->came.notify_one();
    if (answers->tell) answers->tell();
    if (answers->freed) answers->freed();
  };
  adapter_.carry_out({.adapter = effect.adapter,
                      .operation = effect.operation,
                      .key = idempotency_key(run_id_, letter.emitter, intent.number),
                      .args = args_of(intent)},
                     once(tell));
}

std::string Door::args_of(const IntentImage& intent) const {
  const std::vector<std::string>& names = program_->emissions[intent.site.index()].names;
  nlohmann::ordered_json args = nlohmann::ordered_json::object();
  for (size_t i = 0; i < names.size(); ++i) args[names[i]] = to_json(*program_, intent.args[i]);
  return args.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
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
