#include "effects/root.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "effects/json_text.h"

namespace lexum {
namespace {

int open_beneath(int folder, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  // The kernel says EAGAIN when something was renamed meanwhile.
  for (int tries = 0; tries < 100; ++tries) {
    const long opened = ::syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (opened >= 0) return static_cast<int>(opened);
    if (errno != EAGAIN && errno != EINTR) return -errno;
  }
  return -EAGAIN;
}

Error error_of(int number, const std::string& doing, const std::string& path) {
  const auto error = [&](ErrorCode code, const std::string& why) {
    return Error{.code = code, .what = fmt::format("cannot {} {}: {}", doing, path, why)};
  };
  switch (number) {
    case ENOENT:
      return error(ErrorCode::kNotFound, "there is no such file");
    case EXDEV:
      return error(ErrorCode::kDenied, "it leads out of the root");
    case ELOOP:
      return error(ErrorCode::kDenied, "it goes through a link that is not followed");
    case EISDIR:
      return error(ErrorCode::kDenied, "it is a folder");
    case ENOTDIR:
      return error(ErrorCode::kNotFound, "a part of this path is no folder");
    case EFBIG:
      return error(ErrorCode::kFull, fmt::format("it has more than {} bytes", Root::kFileBytesMax));
    case ENOSPC:
    case EDQUOT:
      return error(ErrorCode::kFull, "no room is left");
    case EACCES:
    case EPERM:
    case EROFS:
      return error(ErrorCode::kDenied, "no permission");
    default:
      return error(ErrorCode::kIo, std::generic_category().message(number));
  }
}

// What is wrong with a path before anybody looks for it; 0 if nothing is.
int fault_of(const std::string& path) {
  if (path.empty()) return ENOENT;
  if (path.find('\0') != std::string::npos) return EINVAL;
  if (path.size() >= PATH_MAX) return ENAMETOOLONG;
  if (path.front() == '/') return EXDEV;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return EXDEV;
    at = end + 1;
  }
  return 0;
}

// "c" of "a/b/c"; "" if a path ends in no name.
std::string name_in(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name == "." ? "" : name;
}

class Opened {
 public:
  explicit Opened(int number) : number_(number) {}
  ~Opened() {
    if (number_ >= 0) ::close(number_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  [[nodiscard]] int operator*() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }
  [[nodiscard]] int error() const { return -number_; }

 private:
  const int number_;  // or minus an errno
};

// 0, or an errno.
int write_all(int file, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(file, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    at += static_cast<size_t>(written);
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

Root::Guard Root::best_guard() {
  static const bool kernel_can = [] {
    const Opened here(open_beneath(AT_FDCWD, ".", O_PATH | O_CLOEXEC));
    return here.ok() || (here.error() != ENOSYS && here.error() != EPERM);
  }();
  return kernel_can ? Guard::kKernel : Guard::kStepByStep;
}

Result<Root> Root::open(const std::string& folder, Guard guard) {
  const int opened = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return error_of(errno, "open the folder", folder);
  return Root(opened, guard);
}

Root::~Root() {
  if (folder_ >= 0) ::close(folder_);
}

Root::Root(Root&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), guard_(other.guard_) {}

int Root::beneath(const std::string& path, int flags) const {
  if (guard_ == Guard::kKernel) return open_beneath(folder_, path.c_str(), flags | O_CLOEXEC);
  return step_by_step(path, flags | O_CLOEXEC);
}

int Root::step_by_step(const std::string& path, int flags) const {
  int around = ::fcntl(folder_, F_DUPFD_CLOEXEC, 0);
  if (around < 0) return -errno;
  const std::string whole = path.ends_with("/") ? path + "." : path;
  for (size_t at = 0;;) {
    const size_t end = std::min(whole.find('/', at), whole.size());
    const std::string part = end == at ? "." : whole.substr(at, end - at);
    const bool is_last = end == whole.size();
    const int how = is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
    const int next = ::openat(around, part.c_str(), how | O_NOFOLLOW);
    const int error = errno;
    struct stat about {};
    // With O_DIRECTORY a link is "no folder", and with O_PATH it is opened itself.
    const bool is_link =
        ::fstatat(around, part.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(about.st_mode);
    ::close(around);
    if (is_link && next >= 0) ::close(next);
    if (is_link) return -ELOOP;
    if (next < 0) return -error;
    if (is_last) return next;
    around = next;
    at = end + 1;
  }
}

int Root::folder_of_file(const std::string& path, bool make) const {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
  const int found = beneath(folder, O_PATH | O_DIRECTORY);
  if (found != -ENOENT || !make || slash == std::string::npos) return found;
  {
    const Opened around(folder_of_file(folder, true));
    if (!around.ok()) return *around;
    const std::string name = name_in(folder);
    if (!name.empty() && ::mkdirat(*around, name.c_str(), 0777) != 0 && errno != EEXIST) {
      return -errno;
    }
  }
  return beneath(folder, O_PATH | O_DIRECTORY);
}

Status Root::write(const std::string& path, const std::string& text,
                   const std::string& token) const {
  const auto failed = [&](int number) { return error_of(number, "write", readable(path)); };
  if (const int fault = fault_of(path); fault != 0) return failed(fault);
  if (text.size() > kFileBytesMax) return failed(EFBIG);
  const std::string name = name_in(path);
  if (name.empty()) return failed(EISDIR);
  const Opened folder(folder_of_file(path, true));
  if (!folder.ok()) return failed(folder.error());
  const std::string beside = ".lexum-" + token + ".new";
  {
    ::unlinkat(*folder, beside.c_str(), 0);
    const int file = ::openat(*folder, beside.c_str(),
                              O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0) return failed(errno);
    const Opened closes(file);
    if (const int error = write_all(file, text); error != 0) {
      ::unlinkat(*folder, beside.c_str(), 0);
      return failed(error);
    }
  }
  if (::renameat(*folder, beside.c_str(), *folder, name.c_str()) != 0) {
    const int error = errno;
    ::unlinkat(*folder, beside.c_str(), 0);
    return failed(error);
  }
  // What was opened as a place only cannot be synced.
  const Opened syncs(::openat(*folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!syncs.ok() || ::fsync(*syncs) != 0) return failed(errno);
  return Done{};
}

Result<std::string> Root::read(const std::string& path) const {
  const auto failed = [&](int number) { return error_of(number, "read", readable(path)); };
  if (const int fault = fault_of(path); fault != 0) return failed(fault);
  // Of a pipe, nobody waits for the other end.
  const Opened file(beneath(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!file.ok()) return failed(file.error());
  struct stat is {};
  if (::fstat(*file, &is) != 0) return failed(errno);
  if (S_ISDIR(is.st_mode)) return failed(EISDIR);
  if (!S_ISREG(is.st_mode)) {
    return Error{.code = ErrorCode::kDenied,
                 .what = fmt::format("cannot read {}: it is no file", readable(path))};
  }
  std::string text;
  while (true) {
    const size_t before = text.size();
    text.resize(std::min(kFileBytesMax + 1, before + std::max<size_t>(before, 64 << 10)));
    const ssize_t got = ::read(*file, text.data() + before, text.size() - before);
    const int error = errno;
    text.resize(before + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got < 0 && error == EINTR) continue;
    if (got < 0) return failed(error);
    if (text.size() > kFileBytesMax) return failed(EFBIG);
    if (got == 0) return text;
  }
}

Result<Root::About> Root::about(const std::string& path) const {
  const auto failed = [&](int number) { return error_of(number, "look at", readable(path)); };
  if (const int fault = fault_of(path); fault != 0) return failed(fault);
  const Opened place(beneath(path, O_PATH));
  if (!place.ok() && place.error() == ENOENT) return About{};
  if (!place.ok()) return failed(place.error());
  struct stat is {};
  if (::fstat(*place, &is) != 0) return failed(errno);
  if (S_ISDIR(is.st_mode)) return About{.is = Is::kFolder, .bytes = 0};
  if (!S_ISREG(is.st_mode)) return About{.is = Is::kOther, .bytes = 0};
  return About{.is = Is::kFile, .bytes = is.st_size};
}

Status Root::remove(const std::string& path) const {
  const auto failed = [&](int number) { return error_of(number, "remove", readable(path)); };
  if (const int fault = fault_of(path); fault != 0) return failed(fault);
  const std::string name = name_in(path);
  if (name.empty()) return failed(EISDIR);
  const Opened folder(folder_of_file(path, false));
  if (!folder.ok() && folder.error() == ENOENT) return Done{};
  if (!folder.ok()) return failed(folder.error());
  if (::unlinkat(*folder, name.c_str(), 0) != 0) {
    if (errno == ENOENT) return Done{};
    return failed(errno);
  }
  const Opened syncs(::openat(*folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!syncs.ok() || ::fsync(*syncs) != 0) return failed(errno);
  return Done{};
}

}  // namespace lexum
