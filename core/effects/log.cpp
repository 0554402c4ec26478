#include "effects/log.h"

#include <cerrno>
#include <chrono>
#include <system_error>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "effects/json_text.h"

namespace lexum {
namespace {

std::string now() {
  const auto time = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)), ms.count() % 1000);
}

}  // namespace

Result<std::unique_ptr<LogAdapter>> LogAdapter::open(const LogBinding& binding, DiskThread& disk,
                                                     const Secrets& secrets) {
  const bool to_stderr = binding.to.empty();
  const int file =
      to_stderr ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
                : ::open(binding.to.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const std::string name = to_stderr ? "stderr" : binding.to;
  if (file < 0) {
    return Error{.code = ErrorCode::kDenied,
                 .what = fmt::format("cannot write to the log {}: {}", name,
                                     std::generic_category().message(errno))};
  }
  return std::unique_ptr<LogAdapter>(new LogAdapter(file, name, disk, secrets));
}

LogAdapter::~LogAdapter() { ::close(file_); }

void LogAdapter::carry_out(Errand errand, Tell tell) {
  disk_.post([this, errand = std::move(errand), tell = std::move(tell)] { tell(write(errand)); });
}

ErrandAnswer LogAdapter::write(const Errand& errand) const {
  const std::string line =
      secrets_.mask(fmt::format(R"({{"at":"{}","adapter":{},"operation":{},"key":{},"args":{}}})",
                                now(), json_string(errand.adapter), json_string(errand.operation),
                                json_string(errand.key),
                                one_json_value(errand.args).value_or("null"))) +
      "\n";
  // In one piece, so that lines of several runs do not mix.
  for (size_t at = 0; at < line.size();) {
    const ssize_t written = ::write(file_, line.data() + at, line.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return {.failed = true,
              .text = fmt::format("cannot write to the log {}: {}", name_,
                                  std::generic_category().message(errno))};
    }
    at += static_cast<size_t>(written);
  }
  return {.failed = false, .text = "null"};
}

}  // namespace lexum
