// The text of a snapshot as it comes out of its file: what is nobody's, then the instances, line by
// line, then its hash (SNAPSHOT.md). It is hashed on the way, and never all in memory.
#pragma once

#include <optional>
#include <string>

#include "base/digest.h"
#include "base/result.h"
#include "store/files.h"

namespace lexum {

class SnapshotText {
 public:
  // `file` outlives it.
  static Result<SnapshotText> open(const File& file);

  // All before the instances, as an object; "" where no instances begin. Errors are the disk's.
  Result<std::string> head();
  // After that, again and again: some more of the instances' lines, with kRoomBehind bytes of room.
  // "": there are no more.
  Result<std::string> lines();
  // Bytes in all.
  [[nodiscard]] uint64_t size() const { return size_; }
  // There is nothing after these.
  [[nodiscard]] bool all_read() const { return offset_ == size_; }
  // The rest is read. Whether the text ends as it should, with the hash of what stands before.
  Result<bool> is_whole();

  // Who parses it wants some room behind it, and copies it if there is none.
  static constexpr size_t kRoomBehind = 64;

 private:
  SnapshotText(const File& file, uint64_t size) : file_(file), size_(size) {}
  Status read_on();

  const File& file_;
  uint64_t size_;
  uint64_t offset_ = 0;  // of what was not read yet
  std::string left_;     // read, and not yet handed out
  std::string end_;      // the last bytes that were read
  RunDigest digest_;     // of all but kTailBytes at the end
};

}  // namespace lexum
