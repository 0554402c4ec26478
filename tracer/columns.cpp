#include "tracer/columns.h"

#include <array>
#include <string_view>
#include <vector>

#include <xxhash.h>

#include "tracer/event_walk.h"

namespace lexum {
namespace {

// What stands for a text; from there on, its number more than that.
constexpr uint64_t kNewText = 0;   // it comes next in kTexts
constexpr uint64_t kSameText = 1;  // the one that was likely

constexpr size_t index(Column column) { return static_cast<size_t>(column); }

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

// Streams into columns.
class SplitCodec {
 public:
  void begin(Bytes canonical, Bytes side) {
    in_ = {ByteReader(canonical), ByteReader(side)};
    for (ByteWriter& column : columns_) column.clear();
    texts_.clear();
  }
  [[nodiscard]] bool good() const { return in_[0].good() && in_[1].good(); }
  void spoil() { in_[0].spoil(); }
  [[nodiscard]] bool more() const { return !in_[1].at_end(); }
  [[nodiscard]] bool at_end() const { return in_[0].at_end() && in_[1].at_end(); }

  uint8_t byte(Stream stream, Column column) {
    const uint8_t v = in(stream).byte();
    out(column).byte(v);
    return v;
  }
  uint64_t number(Stream stream, Column column) {
    const uint64_t v = in(stream).varint();
    out(column).varint(v);
    return v;
  }
  void near(Stream stream, Column column, uint64_t& last) {
    const uint64_t v = in(stream).varint();
    out(column).signed_varint(static_cast<int64_t>(v - last));
    last = v;
  }
  void near_int(Stream stream, Column column, int64_t& last) {
    const int64_t v = in(stream).signed_varint();
    const uint64_t distance = static_cast<uint64_t>(v) - static_cast<uint64_t>(last);
    out(column).signed_varint(static_cast<int64_t>(distance));
    last = v;
  }
  void like(Stream stream, Column column, uint8_t& last) {
    const uint8_t v = in(stream).byte();
    out(column).byte(v ^ last);
    last = v;
  }
  void text(Stream stream, Column column, uint32_t& last) {
    const std::string_view v = in(stream).text();
    const auto [number, is_new] = texts_.find_or_add(v);
    if (is_new) out(Column::kTexts).text(v);
    out(column).varint(is_new ? kNewText : number == last ? kSameText : kSameText + number);
    last = number;
  }
  void blob(Stream stream, Column column) { out(column).text(in(stream).text()); }
  void raw(Stream stream, Column column, size_t size) { out(column).raw(in(stream).raw(size)); }

  void write(ByteWriter& all, std::vector<size_t>& ends) const {
    for (const ByteWriter& column : columns_) all.varint(column.size());
    for (const ByteWriter& column : columns_) {
      all.raw(column.bytes());
      ends.push_back(all.size());
    }
  }

 private:
  ByteReader& in(Stream stream) { return in_[static_cast<size_t>(stream)]; }
  ByteWriter& out(Column column) { return columns_[index(column)]; }

  std::array<ByteReader, 2> in_{ByteReader({}), ByteReader({})};
  std::array<ByteWriter, kColumnCount> columns_;
  TextTable texts_;
};

// Columns into streams.
class JoinCodec {
 public:
  void begin(Bytes columns, size_t canonical_bytes, size_t side_bytes, Streams& out) {
    ByteReader all(columns);
    std::array<uint64_t, kColumnCount> sizes{};
    for (uint64_t& size : sizes) size = all.varint();
    for (size_t i = 0; i < kColumnCount; ++i) columns_[i] = ByteReader(all.raw(sizes[i]));
    good_ = all.good() && all.at_end();
    out_ = {&out.canonical, &out.side};
    sizes_ = {canonical_bytes, side_bytes};
    for (ByteWriter* stream : out_) stream->clear();
    texts_.clear();
  }
  [[nodiscard]] bool good() const { return good_; }
  void spoil() { good_ = false; }
  [[nodiscard]] bool more() const { return !columns_[index(Column::kSideHeads)].at_end(); }
  // Everything was used, and the streams are as long as they were promised to be.
  [[nodiscard]] bool at_end() const {
    for (const ByteReader& column : columns_) {
      if (!column.at_end()) return false;
    }
    return out_[0]->size() == sizes_[0] && out_[1]->size() == sizes_[1];
  }

  uint8_t byte(Stream stream, Column column) {
    const uint8_t v = look(in(column).byte(), column);
    out(stream).byte(v);
    return v;
  }
  uint64_t number(Stream stream, Column column) {
    const uint64_t v = look(in(column).varint(), column);
    out(stream).varint(v);
    return v;
  }
  void near(Stream stream, Column column, uint64_t& last) {
    last += static_cast<uint64_t>(look(in(column).signed_varint(), column));
    out(stream).varint(last);
  }
  void near_int(Stream stream, Column column, int64_t& last) {
    const auto distance = static_cast<uint64_t>(look(in(column).signed_varint(), column));
    last = static_cast<int64_t>(static_cast<uint64_t>(last) + distance);
    out(stream).signed_varint(last);
  }
  void like(Stream stream, Column column, uint8_t& last) {
    last ^= look(in(column).byte(), column);
    out(stream).byte(last);
  }
  void text(Stream stream, Column column, uint32_t& last) {
    const uint64_t which = look(in(column).varint(), column);
    if (which == kNewText) {
      texts_.push_back(look(in(Column::kTexts).text(), Column::kTexts));
      last = static_cast<uint32_t>(texts_.size());
    } else if (which != kSameText) {
      last = static_cast<uint32_t>(which - kSameText);
    }
    if (last == 0 || last > texts_.size()) return spoil();
    bounded(stream, texts_[last - 1]);
  }
  void blob(Stream stream, Column column) { bounded(stream, look(in(column).text(), column)); }
  void raw(Stream stream, Column column, size_t size) {
    out(stream).raw(look(in(column).raw(size), column));
  }

 private:
  ByteReader& in(Column column) { return columns_[index(column)]; }
  ByteWriter& out(Stream stream) { return *out_[static_cast<size_t>(stream)]; }
  // Passes on what was read, and notes if that failed.
  template <class T>
  T look(T v, Column column) {
    good_ = good_ && in(column).good();
    return v;
  }
  // One text may stand for many: the only way in which a few bytes become many.
  void bounded(Stream stream, std::string_view text) {
    const size_t room = sizes_[static_cast<size_t>(stream)];
    if (text.size() > room || out(stream).size() > room - text.size()) return spoil();
    out(stream).text(text);
  }

  std::array<ByteReader, kColumnCount> columns_ = empty();
  static std::array<ByteReader, kColumnCount> empty() {
    return []<size_t... I>(std::index_sequence<I...>) {
      return std::array<ByteReader, kColumnCount>{((void)I, ByteReader({}))...};
    }
    (std::make_index_sequence<kColumnCount>());
  }
  std::array<ByteWriter*, 2> out_{};
  std::array<size_t, 2> sizes_{};
  std::vector<std::string_view> texts_;
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

bool ColumnSplitter::split(Bytes canonical, Bytes side, ByteWriter& out,
                           std::vector<size_t>& ends) {
  parts_->codec.begin(canonical, side);
  if (!parts_->walk.walk() || !parts_->codec.at_end()) return false;
  parts_->codec.write(out, ends);
  return true;
}

struct ColumnJoiner::Parts {
  explicit Parts(const Program& program) : walk(program, codec) {}
  JoinCodec codec;
  EventWalk<JoinCodec> walk;
};

ColumnJoiner::ColumnJoiner(const Program& program) : parts_(std::make_unique<Parts>(program)) {}
ColumnJoiner::~ColumnJoiner() = default;

bool ColumnJoiner::join(Bytes columns, size_t canonical_bytes, size_t side_bytes, Streams& out) {
  parts_->codec.begin(columns, canonical_bytes, side_bytes, out);
  return parts_->walk.walk() && parts_->codec.at_end();
}

}  // namespace lexum
