// Columns into streams.
#include <array>
#include <bit>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/columns.h"
#include "tracer/event_walk.h"

namespace lexum {
namespace {

// What columns become in the streams, at the most as a rule.
constexpr size_t kLikelyGrowth = 8;

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
  ByteReader& in(Column column) { return columns_[index_of(column)]; }
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
