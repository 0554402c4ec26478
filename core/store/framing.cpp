#include "store/framing.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <xxhash.h>

namespace lexum {
namespace {

constexpr size_t kMagicBytes = 8;
constexpr size_t kLookBytes = 64 * 1024;  // at a tail, at a time

uint64_t hash_of(Bytes bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

ByteWriter preamble_of(std::string_view magic, uint32_t version) {
  LEXUM_CHECK(magic.size() == kMagicBytes);
  ByteWriter out;
  out.raw(as_bytes(magic));
  out.fixed32(version);
  out.fixed32(static_cast<uint32_t>(hash_of(out.bytes(), 0)));
  return out;
}

// The frame's length, type and, over both, 24 bits of proof.
uint64_t head_of(uint64_t length, uint8_t type, uint64_t chain) {
  const uint64_t head = length | uint64_t{type} << 32;
  const uint64_t proof = hash_of(std::as_bytes(std::span(&head, 1)), chain) & 0xffffff;
  return head | proof << 40;
}

uint64_t chain_of(uint64_t head, Bytes payload, uint64_t chain) {
  return hash_of(payload, chain ^ head);
}

// The first frame says what the others mean.
const char* what_is_left(uint64_t offset) {
  return offset == kPreambleBytes ? "nothing can be read without it; make the file anew"
                                  : "everything before it is whole";
}

// Each byte is the one before it, and the first one is zero.
bool all_zeros(Bytes bytes) {
  return bytes.empty() || (bytes.front() == std::byte{0} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

Result<FrameWriter> FrameWriter::create(Files& files, const std::string& path,
                                        const FileKind& kind) {
  Result<std::unique_ptr<File>> file = files.create(path);
  if (!file) return file.error();
  return begin(std::move(*file), kind);
}

Result<FrameWriter> FrameWriter::begin(std::unique_ptr<File> file, const FileKind& kind) {
  const ByteWriter preamble = preamble_of(kind.magic, kind.version);
  if (Status written = file->append(preamble.bytes()); !written) return written.error();
  return FrameWriter(std::move(file), {kPreambleBytes, hash_of(preamble.bytes(), 0)});
}

Result<FrameWriter> FrameWriter::go_on(Files& files, const std::string& path, FramePlace place) {
  Result<std::unique_ptr<File>> file = files.open_at(path, place.offset);
  if (!file) return file.error();
  return FrameWriter(std::move(*file), place);
}

Status FrameWriter::sync() {
  if (sealed_) return *sealed_;
  if (Status synced = file_->sync(); !synced) {
    sealed_ = synced.error();
    return *sealed_;
  }
  return Done{};
}

Result<FramePlace> FrameWriter::append(uint8_t type, Bytes payload) {
  LEXUM_CHECK(payload.size() <= kFramePayloadMax);
  if (sealed_) return *sealed_;
  const uint64_t head = head_of(payload.size(), type, place_.chain);
  const uint64_t chain = chain_of(head, payload, place_.chain);
  out_.clear();
  out_.fixed64(head);
  out_.fixed64(chain);
  out_.raw(payload);
  if (Status written = file_->append(out_.bytes()); !written) {
    sealed_ = written.error();
    return *sealed_;
  }
  const FramePlace written_at = place_;
  place_ = {place_.offset + out_.size(), chain};
  return written_at;
}

Result<FrameReader> FrameReader::open(Files& files, const std::string& path, const FileKind& kind) {
  Result<std::unique_ptr<File>> file = files.open(path);
  if (!file) return file.error();
  const Result<uint64_t> size = (*file)->size();
  if (!size) return size.error();
  FrameReader reader(std::move(*file), path, *size);

  const Result<std::vector<std::byte>> found = reader.bytes_at(0, kPreambleBytes);
  if (!found) return found.error();
  const Bytes bytes = *found;
  const auto error = [&](ErrorCode code, std::string why) {
    return Error{.code = code, .what = fmt::format("{}: {}", path, why)};
  };
  const ByteWriter preamble = preamble_of(kind.magic, kind.version);
  const size_t comparable = std::min(bytes.size(), kMagicBytes);
  if (!std::equal(bytes.begin(), bytes.begin() + comparable, preamble.bytes().begin())) {
    return error(ErrorCode::kForeign,
                 fmt::format("this is no Lexum {}; it begins with other bytes", kind.name));
  }
  if (bytes.size() < kPreambleBytes) {
    return error(ErrorCode::kTorn,
                 fmt::format("this {} ends before it begins; record it anew", kind.name));
  }
  const uint32_t version = ByteReader(bytes.subspan(kMagicBytes)).fixed32();
  const ByteWriter claimed = preamble_of(kind.magic, version);
  if (!std::equal(bytes.begin(), bytes.end(), claimed.bytes().begin())) {
    return error(ErrorCode::kDamaged, "its first 16 bytes do not add up; make the file anew");
  }
  if (version > kind.version) {
    return error(ErrorCode::kNewer,
                 fmt::format("this {} has format {}, and this lxm reads up to {}; use a newer lxm",
                             kind.name, version, kind.version));
  }
  if (version < kind.oldest) {
    return error(
        ErrorCode::kOlder,
        fmt::format("this {} has format {}, and this lxm reads none before {}; make it anew",
                    kind.name, version, kind.oldest));
  }
  reader.version_ = version;
  reader.filled_ = kind.filled;
  reader.first_ = {kPreambleBytes, hash_of(bytes, 0)};
  return reader;
}

Result<std::optional<Frame>> FrameReader::read(FramePlace place) const {
  if (place.offset == size_) return std::optional<Frame>();
  const Result<std::vector<std::byte>> header = bytes_at(place.offset, kFrameHeaderBytes);
  if (!header) return header.error();
  if (header->size() < kFrameHeaderBytes) return torn_at(place.offset);

  ByteReader in(*header);
  const uint64_t head = in.fixed64();
  const uint64_t chain = in.fixed64();
  const uint64_t length = head & UINT32_MAX;
  const auto type = static_cast<uint8_t>(head >> 32);
  if (head != head_of(length, type, place.chain) || length > kFramePayloadMax) {
    return damaged_at(place.offset, "a frame does not follow from the one before it");
  }
  if (length > size_ - place.offset - kFrameHeaderBytes) return torn_at(place.offset);

  Result<std::vector<std::byte>> payload = bytes_at(place.offset + kFrameHeaderBytes, length);
  if (!payload) return payload.error();
  if (payload->size() < length || chain_of(head, *payload, place.chain) != chain) {
    return damaged_at(place.offset, "a frame's bytes do not add up", length);
  }
  return std::optional(Frame{.type = type,
                             .payload = std::move(*payload),
                             .next = {place.offset + kFrameHeaderBytes + length, chain}});
}

Status FrameReader::refresh() {
  const Result<uint64_t> size = file_->size();
  if (!size) return size.error();
  size_ = *size;
  return Done{};
}

Result<std::vector<std::byte>> FrameReader::tail(size_t count) const {
  const uint64_t there = std::min<uint64_t>(count, size_);
  return bytes_at(size_ - there, there);
}

Result<std::vector<std::byte>> FrameReader::bytes_at(uint64_t offset, size_t count) const {
  std::vector<std::byte> bytes(count);
  const Result<size_t> got = file_->read(offset, bytes);
  if (!got) return got.error();
  bytes.resize(*got);
  return bytes;
}

Result<bool> FrameReader::zeros_from(uint64_t offset) const {
  while (offset < size_) {
    const Result<std::vector<std::byte>> bytes = bytes_at(offset, kLookBytes);
    if (!bytes) return bytes.error();
    if (!all_zeros(*bytes)) return false;
    offset += kLookBytes;
  }
  return true;
}

Error FrameReader::torn_at(uint64_t offset) const {
  return Error{.code = ErrorCode::kTorn,
               .what = fmt::format("{} ends in the middle of a frame that begins at byte {}; {}",
                                   path_, offset, what_is_left(offset)),
               .offset = offset};
}

Result<bool> FrameReader::has_holes(uint64_t offset, std::optional<uint64_t> length) const {
  constexpr uint64_t kSector = 512;
  constexpr uint64_t kCutBytes = 8;  // a frame that ends with so many zeros has lost its end
  const Result<std::vector<std::byte>> read = bytes_at(
      offset, std::min<uint64_t>(size_ - offset, kFrameHeaderBytes + kFrameBytesFilledMax));
  if (!read) return read.error();
  const auto is_set = [](std::byte b) { return b != std::byte{0}; };
  const auto last = std::find_if(read->rbegin(), read->rend(), is_set);
  const auto there = static_cast<uint64_t>(read->rend() - last);  // up to the last one that is set
  const uint64_t extent = length ? kFrameHeaderBytes + *length : there;
  const Result<bool> ends = zeros_from(offset + std::max(extent, there));
  if (!ends) return ends.error();
  // Behind it there is something else: it was whole once.
  if (!*ends || there > extent) return false;
  // Cut inside its head, or behind it.
  if (!length && there < kFrameHeaderBytes) return true;
  if (there + kCutBytes <= extent) return true;
  for (uint64_t begin = 0; begin < extent;) {
    const uint64_t end = std::min(extent, (offset + begin) / kSector * kSector + kSector - offset);
    const uint64_t seen = std::min<uint64_t>(end, read->size());
    if (begin >= seen || all_zeros(Bytes(*read).subspan(begin, seen - begin))) return true;
    begin = end;
  }
  return false;
}

// A file system that lost its power may have made the file longer without having written to it.
Result<std::optional<Frame>> FrameReader::damaged_at(uint64_t offset, const char* what,
                                                     std::optional<uint64_t> length) const {
  const Result<bool> zeros = zeros_from(offset);
  if (!zeros) return zeros.error();
  if (*zeros) return torn_at(offset);
  if (filled_) {
    const Result<bool> holes = has_holes(offset, length);
    if (!holes) return holes.error();
    if (*holes) return torn_at(offset);
  }
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged at byte {}: {}; {}", path_, offset, what,
                                   what_is_left(offset)),
               .offset = offset};
}

}  // namespace lexum
