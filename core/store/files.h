// The disk, as far as a run needs one. Everything that reads or writes files takes a Files, so that
// tests can hand it one that is full, forgetful or broken. Nothing here throws: what the world got
// wrong comes back as an Error whose text names the file and the way out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace lexum {

class File {
 public:
  virtual ~File() = default;
  // All of it, at the end. After a failure, what stands at the end is unknown.
  virtual Status append(Bytes bytes) = 0;
  // The bytes at `offset`; fewer than asked for only at the end of the file.
  virtual Result<size_t> read(uint64_t offset, std::span<std::byte> into) const = 0;
  [[nodiscard]] virtual Result<uint64_t> size() const = 0;
  // Once this has returned, what was appended survives a loss of power.
  virtual Status sync() = 0;
  // What is behind so many bytes is gone; the end is there.
  virtual Status cut(uint64_t size) = 0;
};

class Files {
 public:
  virtual ~Files() = default;
  // An empty file that nobody else writes to while it is open; what stood there is gone. kInUse if
  // somebody does, and then nothing has changed.
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
  // For reading.
  virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;
  // One that is there, whose end is at `end` whatever stands behind it: append() goes over that,
  // and makes the file longer where it has to. Nobody else writes to it while it is open (kInUse).
  virtual Result<std::unique_ptr<File>> open_at(const std::string& path, uint64_t end) = 0;

  // ---- folders. `from` and `to` are in the same one; what was called `to` is gone.
  // It may be there already.
  virtual Status make_folder(const std::string& path) = 0;
  // The names in it, sorted.
  virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  // Once this has returned, what was made, renamed and removed in it stays so after a loss of
  // power.
  virtual Status sync_folder(const std::string& path) = 0;
};

// A whole file of at most so many bytes; of a longer one, kForeign. And an own one in its place.
Result<std::string> read_text(Files& files, const std::string& path, uint64_t bytes_max);
Status write_text(Files& files, const std::string& path, std::string_view text);

// The same, but such that at any moment the old text or the new one is there, whole: written beside
// it, synced, renamed. Of several at once, the last one stays. `write` appends what is to stand
// there, piece by piece.
Status replace_file(Files& files, const std::string& path,
                    const std::function<Status(File&)>& write);
Status replace_text(Files& files, const std::string& path, std::string_view text);
// "a/b" of "a/b/c"; "." of "c".
std::string folder_of(const std::string& path);

// The real one.
Files& disk();

}  // namespace lexum
