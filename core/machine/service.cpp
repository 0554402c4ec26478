#include "machine/service.h"

#include <chrono>
#include <utility>

namespace lexum {

namespace {

// A stop that nobody is woken by is seen after so long.
constexpr std::chrono::milliseconds kLookEvery{100};
// Ticks between two looks into the inbox.
constexpr int kTicksAtOnce = 256;

Error ends() { return {.code = ErrorCode::kInterrupted, .what = Inbox::kEnds}; }

}  // namespace

Result<std::shared_ptr<Inbox::Letter>> Inbox::wait(Letter letter) {
  std::unique_lock lock(mutex_);
  if (closed_) return ends();
  if (waiting_.size() >= kWaitingMax) {
    return Error{.code = ErrorCode::kFull, .what = "too many messages wait; send it again later"};
  }
  const auto waiting = std::make_shared<Letter>(std::move(letter));
  waiting_.push_back(waiting);
  arrived_.notify_one();
  answered_.wait(lock, [&] { return waiting->answered; });
  return waiting;
}

void Inbox::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  arrived_.notify_one();
}

Result<uint64_t> Inbox::send(InputImage input) {
  const auto answered = wait({.input = std::move(input)});
  return answered ? (*answered)->number : answered.error();
}

Result<std::string> Inbox::ask(std::string question) {
  const auto answered = wait({.input = {}, .question = std::move(question)});
  if (!answered) return answered.error();
  if (!(*answered)->number) return (*answered)->number.error();
  return (*answered)->answer;
}

Service::~Service() { close(ends()); }

// Nobody waits for ever.
void Service::close(const Error& why) {
  const std::scoped_lock lock(inbox_.mutex_);
  inbox_.closed_ = true;
  for (const auto& [number, letter] : std::exchange(accepted_, {})) {
    letter->number = why;
    letter->answered = true;
  }
  for (const auto& letter : std::exchange(inbox_.waiting_, {})) {
    letter->number = ends();
    letter->answered = true;
  }
  inbox_.answered_.notify_all();
}

Status Service::take_all() {
  std::unique_lock lock(inbox_.mutex_);
  const auto letters = std::exchange(inbox_.waiting_, {});
  lock.unlock();
  if (letters.empty()) return Done{};
  std::vector<InputImage> inputs;
  bool asked = false;
  uint64_t number = run_.accepted();
  for (const auto& letter : letters) {
    asked = asked || letter->question;
    if (letter->question) continue;
    inputs.push_back(std::move(letter->input));
    accepted_.emplace_back(++number, letter);
  }
  const Status shown = asked ? run_.show() : Status(Done{});
  for (const auto& letter : letters) {
    if (letter->question && shown) letter->answer = say_(run_.machine().world(), *letter->question);
  }
  if (asked) {
    lock.lock();
    for (const auto& letter : letters) {
      if (!letter->question) continue;
      if (!shown) letter->number = shown.error();
      letter->answered = true;
    }
    inbox_.answered_.notify_all();
    lock.unlock();
  }
  return shown ? run_.begin_to_accept(std::move(inputs)) : shown;
}

// Those whose inputs are durable.
void Service::answer_accepted() {
  if (accepted_.empty() || accepted_.front().first > run_.in_world()) return;
  const std::scoped_lock lock(inbox_.mutex_);
  for (; !accepted_.empty() && accepted_.front().first <= run_.in_world(); accepted_.pop_front()) {
    accepted_.front().second->number = accepted_.front().first;
    accepted_.front().second->answered = true;
  }
  inbox_.answered_.notify_all();
}

Result<Outcome> Service::serve(const std::atomic<bool>& stop) {
  Result<Outcome> outcome = Outcome::kInterrupted;
  while (!stop.load(std::memory_order_relaxed)) {
    if (Status taken = take_all(); !taken) {
      close(taken.error());
      return taken.error();
    }
    outcome = Outcome::kInterrupted;
    bool rests = false;
    for (int i = 0; i < kTicksAtOnce && !rests && outcome; ++i) {
      const Result<std::optional<Outcome>> ended = run_.tick();
      if (!ended) outcome = ended.error();
      // A loop is rest, too: nothing but a message ends it.
      else if (*ended) outcome = **ended, rests = true;
      answer_accepted();
    }
    if (!outcome || *outcome == Outcome::kHalted) break;
    if (!rests) continue;
    std::unique_lock lock(inbox_.mutex_);
    inbox_.arrived_.wait_for(lock, kLookEvery,
                             [&] { return inbox_.woken_ || !inbox_.waiting_.empty(); });
    inbox_.woken_ = false;
  }
  if (!outcome) {
    close(outcome.error());
    return outcome;
  }
  const Status kept = run_.keep();
  answer_accepted();
  close(kept ? ends() : kept.error());
  if (!kept) return kept.error();
  return outcome;
}

}  // namespace lexum
