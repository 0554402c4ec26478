#include "tracer/columns.h"

#include <array>
#include <bit>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <xxhash.h>

#include "tracer/event_walk.h"

namespace lexum {
namespace {

// What columns become in the streams, at the most as a rule.
constexpr size_t kLikelyGrowth = 8;

// What stands for a text; from there on, its number more than that.
constexpr uint64_t kNewText = 0;      // it comes next in kTexts
constexpr uint64_t kNewTextEnds = 1;  // what comes next there, and the text that was received

constexpr size_t index(Column column) { return static_cast<size_t>(column); }
// The columns of an int: how many bytes it has, the lowest one, the others.
constexpr Column lows(Column ints) { return static_cast<Column>(index(ints) + 1); }
constexpr Column rests(Column ints) { return static_cast<Column>(index(ints) + 2); }

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

// Streams into columns.
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
  ByteWriter& out(Column column) { return columns_[index(column)]; }
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

// A stream that is being put together: it asks for memory as it grows, and never grows longer than
// was promised. Whoever writes asks for room first; there is none once it is false.
class StreamPen {
 public:
  // `likely` bytes are asked for at once.
  void begin(ByteWriter& out, size_t promised, size_t likely) {
    out.clear();
    out_ = &out;
    promised_ = promised;
    const size_t first = std::min(promised, likely);
    begin_ = at_ = out.claim(first);
    end_ = begin_ + first;
  }
  // What was written is the ByteWriter's.
  void finish() { out_->claimed(at_); }

  [[nodiscard]] size_t size() const { return static_cast<size_t>(at_ - begin_); }
  [[nodiscard]] bool is_full() const { return size() == promised_; }
  [[nodiscard]] bool may_hold(size_t more) const { return more <= promised_ - size(); }
  [[nodiscard]] Bytes written(size_t begin, size_t size) const { return {begin_ + begin, size}; }

  [[nodiscard]] [[gnu::always_inline]] bool room(size_t more) {
    return static_cast<size_t>(end_ - at_) >= more || grow(more);
  }
  void byte(uint8_t v) { *at_++ = std::byte{v}; }
  void raw(Bytes bytes) {
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

 private:
  [[gnu::noinline]] bool grow(size_t more) {
    const size_t now = size();
    if (more > promised_ - now) return false;
    const size_t all = std::min(promised_, std::max(2 * now, now + more));
    out_->claimed(at_);
    at_ = out_->claim(all - now);
    begin_ = at_ - now;
    end_ = begin_ + all;
    return true;
  }

  ByteWriter* out_ = nullptr;
  size_t promised_ = 0;
  std::byte* begin_ = nullptr;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
};

// Columns into streams.
class JoinCodec {
 public:
  void begin(Bytes columns, size_t canonical_bytes, size_t side_bytes, Streams& out,
             IndexNotes* notes) {
    notes_ = notes;
    ByteReader all(columns);
    std::array<uint64_t, kColumnCount> sizes{};
    for (uint64_t& size : sizes) size = all.varint();
    for (size_t i = 0; i < kColumnCount; ++i) columns_[i] = ByteReader(all.raw(sizes[i]));
    good_ = all.good() && all.at_end();
    // A promise may be a lie: what is there is believed to become so much more.
    const size_t likely = kLikelyGrowth * columns.size();
    out_[0].begin(out.canonical, canonical_bytes, likely);
    out_[1].begin(out.side, side_bytes, likely);
    cycles_ = &out.cycles;
    cycles_->clear();
    texts_.clear();
    made_.clear();
    next_run();
  }
  [[nodiscard]] bool good() const { return good_; }
  void spoil() { good_ = false; }
  [[nodiscard]] bool more() const { return !out_[1].is_full(); }
  void finish() {
    for (StreamPen& pen : out_) pen.finish();
  }
  // Everything was used, and the streams are as long as they were promised to be.
  [[nodiscard]] bool at_end() const {
    for (const ByteReader& column : columns_) {
      if (!column.at_end()) return false;
    }
    return out_[0].is_full() && out_[1].is_full();
  }
  [[nodiscard]] size_t written() const { return out_[0].size(); }
  [[nodiscard]] size_t side_written() const { return out_[1].size(); }
  void cycle_at(size_t canonical, size_t side, uint64_t ticks) {
    cycles_->push_back({canonical, side, ticks});
  }
  [[nodiscard]] IndexNotes* notes() const { return notes_; }
  [[nodiscard]] std::string_view view(uint32_t text) const { return texts_[text - 1]; }

  uint8_t side_head(Column column, uint8_t likely) {
    const uint8_t v = byte(Stream::kSide, column, likely);
    if ((v & kLeavesOldsOut) != 0) spoil();
    return v;
  }
  // Most pieces are single bytes that are as likely as can be.
  [[gnu::always_inline]] uint8_t byte(Stream stream, Column column, uint8_t likely) {
    if (run_ == 0) return wrong_byte(stream, column);
    --run_;
    put_byte(stream, likely);
    return likely;
  }
  [[gnu::always_inline]] uint64_t number(Stream stream, Column column, uint64_t likely) {
    if (run_ == 0 || likely >= 0x80) return any_number(stream, column, likely);
    --run_;
    put_byte(stream, static_cast<uint8_t>(likely));
    return likely;
  }
  uint64_t near(Stream stream, Column column, uint64_t likely, uint64_t base) {
    const uint64_t v = is_likely() ? likely : base + distance(column);
    put_varint(stream, v);
    return v;
  }
  int64_t near_int(Stream stream, Column column, int64_t likely, int64_t base) {
    const int64_t v =
        is_likely() ? likely : static_cast<int64_t>(static_cast<uint64_t>(base) + distance(column));
    put_varint(stream, zigzag(v));
    return v;
  }
  // Gives 0 and is spoilt where there is no such text.
  uint32_t text(Stream stream, Column column, uint32_t likely, uint32_t base) {
    uint64_t number = likely;
    if (!is_likely()) {
      const uint64_t which = look(in(column).varint(), column);
      number = which > kNewTextEnds ? which - kNewTextEnds : add_text(which, base);
    }
    if (number == 0 || number > texts_.size()) {
      spoil();
      return 0;
    }
    put_text(stream, texts_[number - 1]);
    return static_cast<uint32_t>(number);
  }
  bool again(size_t begin, size_t size) {
    if (size == 0 || !is_likely()) return false;
    put_raw(Stream::kSide, out(Stream::kCanonical).written(begin, size));
    return true;
  }
  void blob(Stream stream, Column column) { put_text(stream, look(in(column).text(), column)); }
  void raw(Stream stream, Column column, size_t size) {
    put_raw(stream, look(in(column).raw(size), column));
  }

 private:
  ByteReader& in(Column column) { return columns_[index(column)]; }
  StreamPen& out(Stream stream) { return out_[static_cast<size_t>(stream)]; }
  // Passes on what was read, and notes if that failed.
  template <class T>
  T look(T v, Column column) {
    good_ = good_ && in(column).good();
    return v;
  }
  [[gnu::noinline]] uint8_t wrong_byte(Stream stream, Column column) {
    next_run();
    const uint8_t v = look(in(column).byte(), column);
    put_byte(stream, v);
    return v;
  }
  [[gnu::noinline]] uint64_t any_number(Stream stream, Column column, uint64_t likely) {
    const uint64_t v = is_likely() ? likely : look(in(column).varint(), column);
    put_varint(stream, v);
    return v;
  }
  // Right guesses take nothing from any column: that the streams end where they should is what
  // ends them.
  [[gnu::always_inline]] void put_byte(Stream stream, uint8_t v) {
    if (out(stream).room(1)) out(stream).byte(v);
    else spoil();
  }
  [[gnu::always_inline]] void put_varint(Stream stream, uint64_t v) {
    if (v < 0x80) put_byte(stream, static_cast<uint8_t>(v));
    else put_long_varint(stream, v);
  }
  [[gnu::noinline]] void put_long_varint(Stream stream, uint64_t v) {
    for (; v >= 0x80; v >>= 7) put_byte(stream, static_cast<uint8_t>(v | 0x80));
    put_byte(stream, static_cast<uint8_t>(v));
  }
  void put_raw(Stream stream, Bytes bytes) {
    if (!out(stream).room(bytes.size())) spoil();
    else if (!bytes.empty()) out(stream).raw(bytes);
  }
  // One text may stand for many.
  void put_text(Stream stream, std::string_view text) {
    put_varint(stream, text.size());
    put_raw(stream, as_bytes(text));
  }
  bool is_likely() {
    if (run_ > 0) {
      --run_;
      return true;
    }
    next_run();
    return false;
  }
  // After the last wrong guess all are right.
  void next_run() {
    ByteReader& runs = in(Column::kRuns);
    run_ = runs.at_end() ? UINT64_MAX : look(runs.varint(), Column::kRuns);
  }
  uint64_t distance(Column column) {
    const uint8_t size = look(in(column).byte(), column);
    if (size == 0) return 0;
    if (size > sizeof(uint64_t)) {
      spoil();
      return 0;
    }
    uint64_t v = look(in(lows(column)).byte(), lows(column));
    const Bytes rest = look(in(rests(column)).raw(size - 1), rests(column));
    for (size_t i = 0; i < rest.size(); ++i) v |= static_cast<uint64_t>(rest[i]) << (8 * (i + 1));
    return static_cast<uint64_t>(unzigzag(v));
  }
  uint64_t add_text(uint64_t which, uint32_t base) {
    std::string_view text = look(in(Column::kTexts).text(), Column::kTexts);
    if (which == kNewTextEnds) {
      if (base == 0) {
        spoil();
        return 0;
      }
      const std::string_view end = view(base);
      if (!out_[0].may_hold(end.size()) && !out_[1].may_hold(end.size())) spoil();
      text = made_.emplace_back(std::string(text).append(end));
    }
    texts_.push_back(text);
    return texts_.size();
  }

  IndexNotes* notes_ = nullptr;
  std::array<ByteReader, kColumnCount> columns_ = empty();
  static std::array<ByteReader, kColumnCount> empty() {
    return []<size_t... I>(std::index_sequence<I...>) {
      return std::array<ByteReader, kColumnCount>{((void)I, ByteReader({}))...};
    }
    (std::make_index_sequence<kColumnCount>());
  }
  std::array<StreamPen, 2> out_{};
  std::vector<Streams::Place>* cycles_ = nullptr;
  std::vector<std::string_view> texts_;
  std::deque<std::string> made_;  // of an end and what stands before it
  uint64_t run_ = 0;              // of guesses that are right
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

struct ColumnJoiner::Parts {
  explicit Parts(const Program& program) : walk(program, codec) {}
  JoinCodec codec;
  EventWalk<JoinCodec> walk;
};

ColumnJoiner::ColumnJoiner(const Program& program) : parts_(std::make_unique<Parts>(program)) {}
ColumnJoiner::~ColumnJoiner() = default;

bool ColumnJoiner::join(Bytes columns, size_t canonical_bytes, size_t side_bytes, Streams& out,
                        IndexNotes* notes) {
  parts_->codec.begin(columns, canonical_bytes, side_bytes, out, notes);
  const bool good = parts_->walk.walk() && parts_->codec.at_end();
  parts_->codec.finish();
  return good;
}

}  // namespace lexum
