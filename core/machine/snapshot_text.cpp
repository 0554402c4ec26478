#include "machine/snapshot_text.h"

#include <algorithm>
#include <string_view>

#include "machine/snapshot.h"

namespace lexum {

namespace {

constexpr size_t kReadAtOnce = size_t{2} << 20;
constexpr std::string_view kInstances = "\n\"instances\":[";
constexpr size_t kHashText = 2 + 64;
constexpr size_t kTailBytes = kHashText + kSnapshotEnd.size();
constexpr size_t kEndBytes = kSnapshotHashMember.size() + kTailBytes;
// The line that has the hash begins like this, and no instance's does.
constexpr std::string_view kHashLine = kSnapshotHashMember.substr(1);
static_assert(kHashLine.front() == '\n');

}  // namespace

Result<SnapshotText> SnapshotText::open(const File& file) {
  const Result<uint64_t> size = file.size();
  if (!size) return size.error();
  return SnapshotText(file, *size);
}

Status SnapshotText::read_on() {
  const size_t before = left_.size();
  const size_t piece = std::min<uint64_t>(kReadAtOnce, size_ - offset_);
  left_.reserve(before + piece + kRoomBehind);
  left_.resize(before + piece);
  const std::span<char> into = std::span(left_).subspan(before);
  const Result<size_t> got = file_.read(offset_, std::as_writable_bytes(into));
  if (!got) return got.error();
  left_.resize(before + *got);
  if (*got < into.size()) size_ = offset_ + *got;  // it has become shorter
  const std::string_view fresh = std::string_view(left_).substr(before);
  const uint64_t hashed = size_ - std::min<uint64_t>(size_, kTailBytes);
  if (offset_ < hashed) digest_.update(as_bytes(fresh.substr(0, hashed - offset_)));
  end_ += fresh.substr(fresh.size() - std::min(fresh.size(), kEndBytes));
  end_.erase(0, end_.size() - std::min(end_.size(), kEndBytes));
  offset_ += *got;
  return Done{};
}

Result<std::string> SnapshotText::head() {
  for (size_t seen = 0;;) {
    const size_t at = left_.find(kInstances, seen);
    if (at != std::string::npos) {
      std::string object = left_.substr(0, at);
      left_.erase(0, at + kInstances.size());
      if (!object.ends_with(',')) return std::string();
      object.back() = '}';
      return object;
    }
    if (all_read()) return std::string();
    seen = left_.size() - std::min(left_.size(), kInstances.size());
    if (Status read = read_on(); !read) return read.error();
  }
}

Result<std::string> SnapshotText::lines() {
  for (size_t seen = 1;
       left_.size() < kReadAtOnce || left_.find('\n', seen) == std::string::npos;) {
    if (all_read()) break;
    seen = std::max<size_t>(1, left_.size());
    if (Status read = read_on(); !read) return read.error();
  }
  if (left_.starts_with(kHashLine.substr(1))) return std::string();
  std::string some;
  some.swap(left_);
  size_t end = some.find(kHashLine, some.size() - std::min(some.size(), kEndBytes));
  if (end == std::string::npos) end = some.rfind('\n');
  if (end != std::string::npos) {
    left_ = some.substr(end + 1);
    some.resize(end + 1);
  }
  some.reserve(some.size() + kRoomBehind);
  return some;
}

Result<bool> SnapshotText::is_whole() {
  while (!all_read()) {
    left_.clear();
    if (Status read = read_on(); !read) return read.error();
  }
  return end_ ==
         std::string(kSnapshotHashMember) + to_hex(digest_.value()) + std::string(kSnapshotEnd);
}

}  // namespace lexum
