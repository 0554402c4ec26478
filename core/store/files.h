// The disk, as far as a run needs one. Everything that reads or writes files takes a Files, so that
// tests can hand it one that is full, forgetful or broken. Nothing here throws: what the world got
// wrong comes back as an Error whose text names the file and the way out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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
};

class Files {
 public:
  virtual ~Files() = default;
  // An empty file that nobody else writes to while it is open; what stood there is gone. kInUse if
  // somebody does, and then nothing has changed.
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;
  // For reading.
  virtual Result<std::unique_ptr<File>> open(const std::string& path) = 0;
};

// A whole file of at most so many bytes; of a longer one, kForeign. And an own one in its place.
Result<std::string> read_text(Files& files, const std::string& path, uint64_t bytes_max);
Status write_text(Files& files, const std::string& path, std::string_view text);

// The real one.
Files& disk();

}  // namespace lexum
