// Bytes in and out: little-endian fixed integers, LEB128 varints, zigzag for signed ones, and
// strings with their length before them. The writer never fails; the reader never reads past its
// end: it turns bad and returns zeros.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lexum {

static_assert(std::endian::native == std::endian::little, "fixed integers are copied as they are");

using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr uint64_t zigzag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
constexpr int64_t unzigzag(uint64_t v) {
  return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
}

// The varint that begins with the eight bytes of `word`, the first one lowest, and how many bytes it
// has; 0 if it is longer than these. Without a loop, whose end nobody could foresee: sevens are put
// together in pairs, fours and eights.
constexpr uint64_t short_varint(uint64_t word, size_t& size) {
  const uint64_t ends = ~word & 0x8080808080808080;  // the high bit of each byte that is a last one
  if (ends == 0) return size = 0;
  const auto bits = static_cast<unsigned>(std::countr_zero(ends)) + 1;
  size = bits / 8;
  word &= ~uint64_t{0} >> (64 - bits);
  word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
  word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
  return (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
}

class ByteWriter {
 public:
  void byte(uint8_t v) {
    reserve(1);
    data_[size_++] = std::byte{v};
  }
  // LEB128: seven bits a byte, low ones first.
  void varint(uint64_t v) {
    reserve(10);
    while (v >= 0x80) {
      data_[size_++] = static_cast<std::byte>(v | 0x80);
      v >>= 7;
    }
    data_[size_++] = static_cast<std::byte>(v);
  }
  void signed_varint(int64_t v) { varint(zigzag(v)); }
  void fixed32(uint32_t v) { raw({reinterpret_cast<const std::byte*>(&v), sizeof v}); }
  void fixed64(uint64_t v) { raw({reinterpret_cast<const std::byte*>(&v), sizeof v}); }
  void raw(Bytes bytes) {
    if (bytes.empty()) return;
    reserve(bytes.size());
    std::memcpy(data_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void text(std::string_view text) {
    varint(text.size());
    raw(as_bytes(text));
  }

  // Room for `most` bytes at the end, to be filled from outside (see pen.h). claimed() says where
  // the filling ended; nothing else is written in between.
  std::byte* claim(size_t most) {
    reserve(most);
    return data_.data() + size_;
  }
  void claimed(const std::byte* end) { size_ = static_cast<size_t>(end - data_.data()); }

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Bytes bytes() const { return {data_.data(), size_}; }
  // Keeps the memory for what is written next.
  void clear() { size_ = 0; }
  void swap(ByteWriter& other) noexcept {
    data_.swap(other.data_);
    std::swap(size_, other.size_);
  }

 private:
  void reserve(size_t more) {
    if (size_ + more > data_.size()) grow(more);
  }
  void grow(size_t more) { data_.resize((size_ + more) * 2 + 64); }

  std::vector<std::byte> data_;  // capacity, all of it initialised
  size_t size_ = 0;              // bytes written
};

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  uint8_t byte() {
    if (rest_.empty()) return fail();
    const auto v = static_cast<uint8_t>(rest_[0]);
    rest_ = rest_.subspan(1);
    return v;
  }
  uint64_t varint() {
    if (!rest_.empty() && rest_[0] < std::byte{0x80}) return byte();
    if (rest_.size() >= sizeof(uint64_t)) {
      uint64_t word = 0;
      std::memcpy(&word, rest_.data(), sizeof word);
      size_t size = 0;
      const uint64_t v = short_varint(word, size);
      rest_ = rest_.subspan(size);
      if (size != 0) return v;
    }
    return any_varint();
  }
  int64_t signed_varint() { return unzigzag(varint()); }
  uint32_t fixed32() { return fixed<uint32_t>(); }
  uint64_t fixed64() { return fixed<uint64_t>(); }
  Bytes raw(size_t size) {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const Bytes v = rest_.first(size);
    rest_ = rest_.subspan(size);
    return v;
  }
  // Points into what is being read.
  std::string_view text() { return as_text(raw(varint())); }

  // False once anything was missing or malformed; it stays so.
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] size_t left() const { return rest_.size(); }
  void spoil() { fail(); }

 private:
  template <class T>
  T fixed() {
    T v = 0;
    const Bytes b = raw(sizeof v);
    if (good_) std::memcpy(&v, b.data(), sizeof v);
    return v;
  }
  uint64_t any_varint() {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t b = byte();
      if (!good_) return 0;
      if (shift == 63 && b > 1) return fail();  // more than 64 bits
      v |= static_cast<uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return v;
    }
    return fail();
  }
  uint8_t fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  Bytes rest_;
  bool good_ = true;
};

}  // namespace lexum
