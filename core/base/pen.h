// Writes into a ByteWriter without asking for room at every byte: the one who writes says
// beforehand how much may come. What was written is the ByteWriter's when the Pen is gone, or after
// lift().
#pragma once

#include <cstring>

#include "base/bytes.h"

namespace lexum {

inline constexpr size_t kVarintMax = 10;

class Pen {
 public:
  Pen(ByteWriter& out, size_t most) : out_(out), at_(out.claim(most)), end_(at_ + most) {}
  ~Pen() { out_.claimed(at_); }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  // Makes sure of room for `most` more bytes.
  void room(size_t most) {
    if (static_cast<size_t>(end_ - at_) >= most) return;
    out_.claimed(at_);
    at_ = out_.claim(most);
    end_ = at_ + most;
  }
  // Lets write(ByteWriter&) go on where the Pen is, and the Pen after that, with room for `most`.
  template <class Write>
  [[gnu::always_inline]] void lend(Write&& write, size_t most = 0) {
    out_.claimed(at_);
    write(out_);
    at_ = out_.claim(most);
    end_ = at_ + most;
  }

  // All of these require room.
  void byte(uint8_t v) { *at_++ = std::byte{v}; }
  void varint(uint64_t v) {
    while (v >= 0x80) {
      *at_++ = static_cast<std::byte>(v | 0x80);
      v >>= 7;
    }
    *at_++ = static_cast<std::byte>(v);
  }
  void signed_varint(int64_t v) { varint(zigzag(v)); }
  void raw(std::string_view bytes) {
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

  // This one sees to it itself, and may leave none.
  [[gnu::always_inline]] void text(std::string_view text) {
    room(kVarintMax + text.size());
    varint(text.size());
    if (!text.empty()) raw(text);
  }

 private:
  ByteWriter& out_;
  std::byte* at_;
  std::byte* end_;
};

}  // namespace lexum
