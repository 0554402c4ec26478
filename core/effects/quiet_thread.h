// Threads that leave signals to those who wait for them.
#pragma once

#include <functional>
#include <optional>
#include <thread>

namespace lexum {

// Signals that are sent to the process go to another thread, and a pipe that nobody reads is an
// error to this one and no signal. None if the system has no more threads.
std::optional<std::thread> quiet_thread(std::function<void()> run);

}  // namespace lexum
