#include "store/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lexum {
namespace {

// `doing` is "write to", "open" …
Error error_of(int number, const char* doing, const std::string& path) {
  const auto error = [&](ErrorCode code, const char* why) {
    return Error{.code = code, .what = fmt::format("cannot {} {}: {}", doing, path, why)};
  };
  switch (number) {
    case ENOENT:
      return error(ErrorCode::kNotFound, "there is no such file or folder");
    case EISDIR:
      return error(ErrorCode::kDenied, "it is a directory; name a file in it instead");
    case ENOTDIR:
      return error(ErrorCode::kNotFound, "a part of this path is a file where a folder is wanted");
    case EACCES:
    case EPERM:
    case EROFS:
      return error(ErrorCode::kDenied, "no permission; choose another place or change its rights");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return error(ErrorCode::kFull, "no room is left; free some or choose another place");
    case EWOULDBLOCK:
      return error(ErrorCode::kInUse, "another run is writing to it; choose another name");
    case ESPIPE:
      return error(ErrorCode::kIo, "it is a pipe; save what comes through it in a file first");
    default:
      return error(ErrorCode::kIo, std::generic_category().message(number).c_str());
  }
}

class DiskFile final : public File {
 public:
  DiskFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~DiskFile() override { ::close(descriptor_); }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  Status append(Bytes bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return error_of(errno, "write to", path_);
      bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return Done{};
  }

  Result<size_t> read(uint64_t offset, std::span<std::byte> into) const override {
    size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = ::pread(descriptor_, into.data() + done, into.size() - done,
                                  static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return error_of(errno, "read", path_);
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  Result<uint64_t> size() const override {
    struct stat about {};
    if (::fstat(descriptor_, &about) != 0) return error_of(errno, "look at", path_);
    return static_cast<uint64_t>(about.st_size);
  }

  Status sync() override {
    if (::fdatasync(descriptor_) != 0) return error_of(errno, "sync", path_);
    return Done{};
  }

  Status cut(uint64_t size) override {
    const auto end = static_cast<off_t>(size);
    if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) < 0) {
      return error_of(errno, "cut", path_);
    }
    return Done{};
  }

 private:
  int descriptor_;
  std::string path_;
};

class Disk final : public Files {
 public:
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0) return error_of(errno, "create", path);
    auto file = std::make_unique<DiskFile>(descriptor, path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return error_of(errno, "write to", path);
    // What is no regular file (a pipe, a device) has nothing to be emptied of.
    if (::ftruncate(descriptor, 0) != 0 && errno != EINVAL) return error_of(errno, "empty", path);
    return std::unique_ptr<File>(std::move(file));
  }

  Result<std::unique_ptr<File>> open(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return error_of(errno, "open", path);
    auto file = std::make_unique<DiskFile>(descriptor, path);
    struct stat about {};
    if (::fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
      return error_of(EISDIR, "open", path);
    }
    return std::unique_ptr<File>(std::move(file));
  }

  Result<std::unique_ptr<File>> open_at(const std::string& path, uint64_t end) override {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return error_of(errno, "open", path);
    auto file = std::make_unique<DiskFile>(descriptor, path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return error_of(errno, "write to", path);
    if (::lseek(descriptor, static_cast<off_t>(end), SEEK_SET) < 0) {
      return error_of(errno, "open", path);
    }
    return std::unique_ptr<File>(std::move(file));
  }

  Status make_folder(const std::string& path) override {
    if (::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST) return Done{};
    return error_of(errno, "make", path);
  }

  Result<std::vector<std::string>> list(const std::string& folder) override {
    DIR* const open = ::opendir(folder.c_str());
    if (open == nullptr) return error_of(errno, "look into", folder);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(open)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    const int error = errno;
    ::closedir(open);
    if (error != 0) return error_of(error, "look into", folder);
    std::sort(names.begin(), names.end());
    return names;
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return error_of(errno, "rename", from);
    return Done{};
  }

  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return error_of(errno, "remove", path);
    return Done{};
  }

  Status sync_folder(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return error_of(errno, "open", path);
    const bool synced = ::fsync(descriptor) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!synced) return error_of(error, "sync", path);
    return Done{};
  }
};

}  // namespace

Result<std::string> read_text(Files& files, const std::string& path, uint64_t bytes_max) {
  const Result<std::unique_ptr<File>> file = files.open(path);
  if (!file) return file.error();
  const Result<uint64_t> size = (*file)->size();
  if (!size) return size.error();
  if (*size > bytes_max) {
    return Error{.code = ErrorCode::kForeign,
                 .what = path + " is longer than anything that belongs there"};
  }
  std::string text(*size, '\0');
  const Result<size_t> got = (*file)->read(0, std::as_writable_bytes(std::span(text)));
  if (!got) return got.error();
  text.resize(*got);
  return text;
}

Status write_text(Files& files, const std::string& path, std::string_view text) {
  const Result<std::unique_ptr<File>> file = files.create(path);
  if (!file) return file.error();
  return (*file)->append(std::as_bytes(std::span(text)));
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status replace_file(Files& files, const std::string& path,
                    const std::function<Status(File&)>& write) {
  const std::string beside = path + ".new";
  {
    const Result<std::unique_ptr<File>> file = files.create(beside);
    if (!file) return file.error();
    if (Status written = write(**file); !written) return written;
    if (Status synced = (*file)->sync(); !synced) return synced;
  }
  if (Status renamed = files.rename(beside, path); !renamed) return renamed;
  return files.sync_folder(folder_of(path));
}

Status replace_text(Files& files, const std::string& path, std::string_view text) {
  return replace_file(files, path, [&](File& file) { return file.append(as_bytes(text)); });
}

Files& disk() {
  static Disk the_disk;
  return the_disk;
}

}  // namespace lexum
