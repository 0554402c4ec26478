// Frames: a file as a row of records that each say how long they are, prove that they are whole,
// and prove that they follow the one before. FORMAT.md has the bytes. What is inside a frame is its
// owner's business.
//
// A file that ends in the middle of a frame is torn: everything before it stands, and nothing is
// wrong. Anything else that does not add up is damage, and is named by its offset.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/files.h"

namespace lexum {

inline constexpr size_t kFramePayloadMax = size_t{1} << 30;
inline constexpr size_t kPreambleBytes = 16;
inline constexpr size_t kFrameHeaderBytes = 16;

// Which files these are: what they begin with, and the versions that are understood.
struct FileKind {
  std::string_view magic;  // 8 bytes
  uint32_t version = 1;    // the newest one, which is written
  std::string_view name;   // "trace"
  uint32_t oldest = 1;
  // It was made of zeros, and frames of at most kFrameBytesFilledMax go over them, each synced
  // before the next is begun: so what a loss of power leaves of the last one has holes of whole
  // sectors.
  bool filled = false;
};
inline constexpr size_t kFrameBytesFilledMax = size_t{128} << 20;

// Where a frame stands, and what the frames before it add up to: enough to read and check it alone.
struct FramePlace {
  uint64_t offset = 0;
  uint64_t chain = 0;
};

struct Frame {
  uint8_t type = 0;
  std::vector<std::byte> payload;
  FramePlace next;
};

class FrameWriter {
 public:
  // A new file with nothing but its preamble.
  static Result<FrameWriter> create(Files& files, const std::string& path, const FileKind& kind);
  // The same into a file that is there, from its beginning on.
  static Result<FrameWriter> begin(std::unique_ptr<File> file, const FileKind& kind);
  // A file that has frames up to that place.
  static Result<FrameWriter> go_on(Files& files, const std::string& path, FramePlace place);

  // The place of the frame that was written. After a failure the writer is sealed: what stands at
  // the end of the file is unknown, so every later append fails with the same error. Requires
  // payload.size() <= kFramePayloadMax.
  Result<FramePlace> append(uint8_t type, Bytes payload);
  // Once this has returned, all frames survive a loss of power. Seals as append() does.
  Status sync();
  // Where the next frame will stand.
  [[nodiscard]] FramePlace place() const { return place_; }

 private:
  FrameWriter(std::unique_ptr<File> file, FramePlace first)
      : file_(std::move(file)), place_(first) {}

  std::unique_ptr<File> file_;
  FramePlace place_;
  std::optional<Error> sealed_;
  ByteWriter out_;  // a frame goes out in one piece
};

class FrameReader {
 public:
  // Fails with kForeign, kNewer, kOlder or kTorn (the preamble is not whole).
  static Result<FrameReader> open(Files& files, const std::string& path, const FileKind& kind);

  // kTorn if the file ends before the frame does, or holds nothing but zeros from there on;
  // kDamaged if its bytes do not add up. At the end of the file, none.
  [[nodiscard]] Result<std::optional<Frame>> read(FramePlace place) const;
  [[nodiscard]] FramePlace first() const { return first_; }
  [[nodiscard]] uint32_t version() const { return version_; }
  [[nodiscard]] uint64_t size() const { return size_; }
  // The file as it is now.
  Status refresh();
  [[nodiscard]] const std::string& path() const { return path_; }
  // Whether there is nothing else up to the end of the file.
  [[nodiscard]] Result<bool> zeros_from(uint64_t offset) const;
  // The last bytes of the file, as many as there are up to `count`.
  [[nodiscard]] Result<std::vector<std::byte>> tail(size_t count) const;

 private:
  FrameReader(std::unique_ptr<File> file, std::string path, uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}
  [[nodiscard]] Result<std::vector<std::byte>> bytes_at(uint64_t offset, size_t count) const;
  // Whether a frame that does not check was being written when the power went. `length` is that of
  // its payload, where its head says so.
  [[nodiscard]] Result<bool> has_holes(uint64_t offset, std::optional<uint64_t> length) const;
  [[nodiscard]] Error torn_at(uint64_t offset) const;
  [[nodiscard]] Result<std::optional<Frame>> damaged_at(uint64_t offset, const char* what,
                                                        std::optional<uint64_t> length = {}) const;

  std::unique_ptr<File> file_;
  std::string path_;
  uint64_t size_;  // when it was last looked at
  uint32_t version_ = 0;
  bool filled_ = false;
  FramePlace first_;
};

}  // namespace lexum
