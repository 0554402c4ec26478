#include "effects/quiet_thread.h"

#include <csignal>
#include <system_error>

namespace lexum {

std::optional<std::thread> quiet_thread(std::function<void()> run) {
  // A thread has the mask of the one that makes it. What a thread does wrong itself stays loud.
  sigset_t quiet;
  sigset_t before;
  sigfillset(&quiet);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&quiet, own);
  pthread_sigmask(SIG_SETMASK, &quiet, &before);
  std::optional<std::thread> thread;
  try {
    thread.emplace(std::move(run));
  } catch (const std::system_error&) {
    thread.reset();
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace lexum
