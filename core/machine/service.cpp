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

Result<uint64_t> Inbox::send(InputImage input) {
  std::unique_lock lock(mutex_);
  if (closed_) return ends();
  if (waiting_.size() >= kWaitingMax) {
    return Error{.code = ErrorCode::kFull, .what = "too many messages wait; send it again later"};
  }
  const auto letter = std::make_shared<Letter>();
  letter->input = std::move(input);
  waiting_.push_back(letter);
  arrived_.notify_one();
  answered_.wait(lock, [&] { return letter->answered; });
  return letter->number;
}

std::string Inbox::ask() {
  std::unique_lock lock(mutex_);
  if (closed_) return "";
  const auto letter = std::make_shared<Letter>();
  letter->is_question = true;
  waiting_.push_back(letter);
  arrived_.notify_one();
  answered_.wait(lock, [&] { return letter->answered; });
  return letter->answer;
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
  for (const auto& letter : letters) {
    if (letter->is_question) letter->answer = status_(run_.machine().world());
    else inputs.push_back(std::move(letter->input));
  }
  uint64_t number = run_.accepted();
  const Status accepted = inputs.empty() ? Status(Done{}) : run_.accept(std::move(inputs));
  lock.lock();
  for (const auto& letter : letters) {
    if (!letter->is_question) {
      letter->number = accepted ? Result<uint64_t>(++number) : accepted.error();
    }
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
    inbox_.arrived_.wait_for(lock, kLookEvery, [&] { return !inbox_.waiting_.empty(); });
  }
  close();
  if (!outcome) return outcome;
  if (Status kept = run_.keep(); !kept) return kept.error();
  return outcome;
}

}  // namespace lexum
