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

Service::~Service() { close(); }

// Nobody waits for ever.
void Service::close() {
  const std::scoped_lock lock(inbox_.mutex_);
  inbox_.closed_ = true;
  for (const auto& letter : std::exchange(inbox_.waiting_, {})) {
    letter->number = ends();
    letter->answered = true;
  }
  inbox_.answered_.notify_all();
}

Status Service::answer_all() {
  std::unique_lock lock(inbox_.mutex_);
  const auto letters = std::exchange(inbox_.waiting_, {});
  lock.unlock();
  if (letters.empty()) return Done{};
  std::vector<InputImage> inputs;
  bool asked = false;
  for (const auto& letter : letters) {
    if (!letter->question) inputs.push_back(std::move(letter->input));
    asked = asked || letter->question;
  }
  const Status shown = asked ? run_.show() : Status(Done{});
  for (const auto& letter : letters) {
    if (letter->question && shown) letter->answer = say_(run_.machine().world(), *letter->question);
  }
  uint64_t number = run_.accepted();
  const Status accepted = inputs.empty() || !shown ? shown : run_.accept(std::move(inputs));
  lock.lock();
  for (const auto& letter : letters) {
    if (!accepted) letter->number = accepted.error();
    else if (!letter->question) letter->number = ++number;
    letter->answered = true;
  }
  inbox_.answered_.notify_all();
  return accepted;
}

Result<Outcome> Service::serve(const std::atomic<bool>& stop) {
  Result<Outcome> outcome = Outcome::kInterrupted;
  while (!stop.load(std::memory_order_relaxed)) {
    if (Status answered = answer_all(); !answered) {
      close();
      return answered.error();
    }
    outcome = Outcome::kInterrupted;
    bool rests = false;
    for (int i = 0; i < kTicksAtOnce && !rests && outcome; ++i) {
      const Result<std::optional<Outcome>> ended = run_.machine().tick();
      if (!ended) outcome = ended.error();
      // A loop is rest, too: nothing but a message ends it.
      else if (*ended) outcome = **ended, rests = true;
    }
    if (!outcome || *outcome == Outcome::kHalted) break;
    if (!rests) continue;
    std::unique_lock lock(inbox_.mutex_);
    inbox_.arrived_.wait_for(lock, kLookEvery,
                             [&] { return inbox_.woken_ || !inbox_.waiting_.empty(); });
    inbox_.woken_ = false;
  }
  close();
  if (!outcome) return outcome;
  if (Status kept = run_.keep(); !kept) return kept.error();
  return outcome;
}

}  // namespace lexum
