// Streams into columns.
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <vector>

#include <xxhash.h>

#include "tracer/columns.h"
#include "tracer/event_walk.h"

namespace lexum {
namespace {

// The texts of a chunk, by the order in which they first came. An open hash table of their numbers;
// the texts lie in the streams.
class TextTable {
 public:
  void clear() {
    texts_.clear();
    numbers_.assign(numbers_.size(), 0);
  }
  // The text's number, from 1, and whether it had none until now.
  std::pair<uint32_t, bool> find_or_add(std::string_view text) {
    if (2 * texts_.size() >= numbers_.size()) grow();
    uint32_t& number = place_of(text);
    if (number != 0) return {number, false};
    texts_.push_back(text);
    number = static_cast<uint32_t>(texts_.size());
    return {number, true};
  }
  // Requires that there is one of this number.
  [[nodiscard]] std::string_view operator[](uint32_t number) const { return texts_[number - 1]; }

 private:
  uint32_t& place_of(std::string_view text) {
    size_t at = XXH3_64bits(text.data(), text.size());
    for (;; ++at) {
      uint32_t& number = numbers_[at & (numbers_.size() - 1)];
      if (number == 0 || texts_[number - 1] == text) return number;
    }
  }
  void grow() {
    numbers_.assign(2 * numbers_.size(), 0);
    for (uint32_t i = 0; i < texts_.size(); ++i) place_of(texts_[i]) = i + 1;
  }

  std::vector<std::string_view> texts_;
  std::vector<uint32_t> numbers_ = std::vector<uint32_t>(1024);  // a power of two
};

class SplitCodec {
 public:
  void begin(Bytes canonical, Bytes side, IndexNotes* notes) {
    notes_ = notes;
    for (const auto& [stream, bytes] : {std::pair(0, canonical), std::pair(1, side)}) {
      at_[stream] = begin_[stream] = bytes.data();
      end_[stream] = bytes.data() + bytes.size();
    }
    for (ByteWriter& column : columns_) column.clear();
    texts_.clear();
    run_ = 0;
    left_out_ = 0;
    good_ = true;
  }
  [[nodiscard]] bool good() const { return good_; }
  void spoil() { good_ = false; }
  [[nodiscard]] bool more() const { return at_[1] != end_[1]; }
  [[nodiscard]] bool at_end() const { return at_[0] == end_[0] && at_[1] == end_[1]; }
  [[nodiscard]] size_t written() const { return static_cast<size_t>(at_[0] - begin_[0]); }
  [[nodiscard]] size_t side_written() const {
    return static_cast<size_t>(at_[1] - begin_[1]) + left_out_;
  }
  void cycle_at(size_t, size_t, uint64_t) {}
  [[nodiscard]] IndexNotes* notes() const { return notes_; }
  [[nodiscard]] std::string_view view(uint32_t text) const { return texts_[text]; }

  uint8_t side_head(Column column, uint8_t likely) {
    const uint8_t v = any_byte(Stream::kSide);
    const auto head = static_cast<uint8_t>(v & ~kLeavesOldsOut);
    leaves_out_ = v != head;
    if (!is(head == likely)) out(column).byte(head);
    return head;
  }
  [[gnu::always_inline]] uint8_t byte(Stream stream, Column column, uint8_t likely) {
    if (is_byte(stream, likely)) return likely;
    miss();
    const uint8_t v = any_byte(stream);
    out(column).byte(v);
    return v;
  }
  [[gnu::always_inline]] uint64_t number(Stream stream, Column column, uint64_t likely) {
    if (likely < 0x80 && is_byte(stream, static_cast<uint8_t>(likely))) return likely;
    return longer_number(stream, column, likely);
  }
  uint64_t near(Stream stream, Column column, uint64_t likely, uint64_t base) {
    const uint64_t v = varint(stream);
    if (!is(v == likely)) distance(column, v - base);
    return v;
  }
  int64_t near_int(Stream stream, Column column, int64_t likely, int64_t base) {
    const int64_t v = unzigzag(varint(stream));
    if (!is(v == likely)) distance(column, static_cast<uint64_t>(v) - static_cast<uint64_t>(base));
    return v;
  }
  uint32_t text(Stream stream, Column column, uint32_t likely, uint32_t base) {
    const std::string_view v = as_text(bytes(stream, varint(stream)));
    if (is(likely != 0 && texts_[likely] == v)) return likely;
    const auto [number, is_new] = texts_.find_or_add(v);
    if (!is_new) {
      out(column).varint(kNewTextEnds + number);
    } else if (base != 0 && v.ends_with(texts_[base])) {
      out(column).varint(kNewTextEnds);
      out(Column::kTexts).text(v.substr(0, v.size() - texts_[base].size()));
    } else {
      out(column).varint(kNewText);
      out(Column::kTexts).text(v);
    }
    return number;
  }
  bool again(size_t begin, size_t size) {
    if (leaves_out_) {
      if (size == 0) spoil();
      left_out_ += size;
      ++run_;
      return true;
    }
    if (size == 0) return false;
    const bool same =
        size <= left(Stream::kSide) && std::memcmp(at_[1], begin_[0] + begin, size) == 0;
    if (same) at_[1] += size;
    return is(same);
  }
  void blob(Stream stream, Column column) {
    out(column).text(as_text(bytes(stream, varint(stream))));
  }
  void raw(Stream stream, Column column, size_t size) { out(column).raw(bytes(stream, size)); }

  void write(Columns& to) const {
    to.bytes.clear();
    to.ends.clear();
    for (const ByteWriter& column : columns_) to.bytes.varint(column.size());
    for (const ByteWriter& column : columns_) {
      to.bytes.raw(column.bytes());
      to.ends.push_back(to.bytes.size());
    }
    to.side_bytes = static_cast<size_t>(end_[1] - begin_[1]) + left_out_;
  }

 private:
  ByteWriter& out(Column column) { return columns_[index_of(column)]; }
  const std::byte*& at(Stream stream) { return at_[static_cast<size_t>(stream)]; }
  [[nodiscard]] size_t left(Stream stream) {
    return static_cast<size_t>(end_[static_cast<size_t>(stream)] - at(stream));
  }
  Bytes bytes(Stream stream, size_t size) {
    if (size > left(stream)) {
      spoil();
      return {};
    }
    const Bytes v(at(stream), size);
    at(stream) += size;
    return v;
  }
  uint8_t any_byte(Stream stream) {
    const Bytes v = bytes(stream, 1);
    return v.empty() ? uint8_t{0} : static_cast<uint8_t>(v[0]);
  }
  uint64_t varint(Stream stream) {
    if (left(stream) > 0 && *at(stream) < std::byte{0x80})
      return static_cast<uint64_t>(*at(stream)++);
    ByteReader in({at(stream), left(stream)});
    const uint64_t v = in.varint();
    good_ = good_ && in.good();
    at(stream) += left(stream) - in.left();
    return v;
  }
  // Most pieces are single bytes that are as likely as can be.
  [[gnu::always_inline]] bool is_byte(Stream stream, uint8_t likely) {
    if (left(stream) == 0 || *at(stream) != std::byte{likely}) return false;
    ++at(stream);
    ++run_;
    return true;
  }
  [[gnu::noinline]] uint64_t longer_number(Stream stream, Column column, uint64_t likely) {
    const uint64_t v = varint(stream);
    if (!is(v == likely)) out(column).varint(v);
    return v;
  }
  // Counts the right guesses up to a wrong one.
  bool is(bool right) {
    if (right) ++run_;
    else miss();
    return right;
  }
  void miss() {
    out(Column::kRuns).varint(run_);
    run_ = 0;
  }
  void distance(Column column, uint64_t far) {
    const uint64_t v = zigzag(static_cast<int64_t>(far));
    const auto size = static_cast<uint8_t>((std::bit_width(v) + 7) / 8);
    out(column).byte(size);
    if (size == 0) return;
    const Bytes bytes = std::as_bytes(std::span(&v, 1));
    out(lows(column)).byte(static_cast<uint8_t>(v));
    out(rests(column)).raw(bytes.subspan(1, size - 1));
  }

  IndexNotes* notes_ = nullptr;
  // Where the streams begin and end, and how far they have been read.
  std::array<const std::byte*, 2> begin_{};
  std::array<const std::byte*, 2> end_{};
  std::array<const std::byte*, 2> at_{};
  std::array<ByteWriter, kColumnCount> columns_;
  TextTable texts_;
  uint64_t run_ = 0;         // of right guesses
  size_t left_out_ = 0;      // bytes of old sides
  bool leaves_out_ = false;  // so does this entry
  bool good_ = true;
};

}  // namespace

struct ColumnSplitter::Parts {
  explicit Parts(const Program& program) : walk(program, codec) {}
  SplitCodec codec;
  EventWalk<SplitCodec> walk;
};

ColumnSplitter::ColumnSplitter(const Program& program) : parts_(std::make_unique<Parts>(program)) {}
ColumnSplitter::~ColumnSplitter() = default;

bool ColumnSplitter::split(Bytes canonical, Bytes side, Columns& out, IndexNotes* notes) {
  parts_->codec.begin(canonical, side, notes);
  if (!parts_->walk.walk() || !parts_->codec.at_end()) return false;
  parts_->codec.write(out);
  return true;
}

}  // namespace lexum
