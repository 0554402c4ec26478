#include "repl/terminal.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <pthread.h>
#include <unistd.h>

#include "repl/exit_status.h"

namespace lexum {

namespace {

constexpr size_t kBufferBytes = 64 * 1024;
constexpr auto kPatience = std::chrono::milliseconds(500);

bool colour_on(int descriptor) {
  const char* forbidden = std::getenv("NO_COLOR");
  if (forbidden != nullptr && *forbidden != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return isatty(descriptor) == 1;
}

// 0, or the error of the write that failed.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

std::atomic<bool> is_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

std::atomic<bool> stopped = false;

// Who reads what is typed. The system gives a signal to any thread that does not hold it back, and
// one that waits for a key is only woken by its own.
pthread_t reader;
bool passed_on(int signal) {
  if (pthread_equal(pthread_self(), reader) != 0) return false;
  pthread_kill(reader, signal);
  return true;
}

void on_signal(int signal) {
  if (passed_on(signal)) return;
  is_interrupted = true;
  std::signal(signal, SIG_DFL);
}

void on_signal_at_prompt(int signal) {
  if (passed_on(signal)) return;
  is_interrupted = true;
  if (signal != SIGINT) stopped = true;
}

// Without SA_RESTART: one who waits for input wakes up.
void on_signals(std::initializer_list<int> signals, void (*handler)(int)) {
  reader = pthread_self();
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

constexpr std::string_view kColourEnd = "\x1b[0m";

std::string_view colour_of(Role role) {
  switch (role) {
    case Role::kPlain:
      return "";
    case Role::kPosition:
      return "\x1b[36m";
    case Role::kInstance:
      return "\x1b[1m";
    case Role::kName:
      return "\x1b[33m";
    case Role::kValue:
      return "\x1b[34m";
    case Role::kGood:
      return "\x1b[32m";
    case Role::kBad:
      return "\x1b[31m";
    case Role::kDim:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

bool colour_on_stdout() { return colour_on(STDOUT_FILENO); }
bool colour_on_stderr() { return colour_on(STDERR_FILENO); }

std::string coloured(const Line& line) {
  std::string text;
  size_t done = 0;
  for (const Line::Part& part : line.parts()) {
    text += line.text().substr(done, part.begin - done);
    text += colour_of(part.role);
    text += line.text().substr(part.begin, part.end - part.begin);
    text += kColourEnd;
    done = part.end;
  }
  return text + line.text().substr(done);
}

void complain(std::string_view what) { write_all(STDERR_FILENO, std::string(what) + "\n"); }

Output::Output(To to)
    : descriptor_(to == To::kStdout ? STDOUT_FILENO : STDERR_FILENO),
      at_once_(isatty(descriptor_) == 1) {}

void Output::write(std::string_view text) {
  if (error_ != 0) return;
  buffer_ += text;
  if (at_once_ || buffer_.size() >= kBufferBytes) flush();
}

void Output::flush() {
  if (error_ == 0) error_ = write_all(descriptor_, buffer_);
  buffer_.clear();
}

int Output::finish(int status) {
  flush();
  if (error_ == 0 || error_ == EPIPE) return status;
  complain(std::string("lxm: cannot write the output: ") + std::strerror(error_));
  return kExitDisk;
}

const std::atomic<bool>& watch_signals() {
  on_signals({SIGINT, SIGTERM}, on_signal);
  return is_interrupted;
}

std::atomic<bool>& watch_signals_at_prompt() {
  on_signals({SIGINT, SIGTERM, SIGHUP}, on_signal_at_prompt);
  return is_interrupted;
}
bool stop_asked() { return stopped; }

Progress::Progress()
    : begin_(std::chrono::steady_clock::now()), terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::hide() {
  if (shown_) write_all(STDERR_FILENO, "\r\x1b[K");
  shown_ = false;
}

void Progress::show(std::string_view line) {
  if (!terminal_ || std::chrono::steady_clock::now() - begin_ < kPatience) return;
  write_all(STDERR_FILENO, "\r\x1b[K" + std::string(line));
  shown_ = true;
}

}  // namespace lexum
