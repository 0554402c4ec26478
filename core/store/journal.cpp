#include "store/journal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lexum {

namespace {

constexpr FileKind kKind{.magic = "LEXJRNAL", .version = 1, .name = "journal", .filled = true};
constexpr uint8_t kSegmentHead = 1;
constexpr uint8_t kGroupOfRecords = 2;
constexpr std::string_view kSuffix = ".journal";
// Made, but not yet in the row; and out of it, to be used again.
constexpr const char* kNext = "next.new";
constexpr const char* kSpare = "spare.old";
// Of a group; a record more may come on top.
constexpr size_t kGroupBytes = size_t{2} << 20;
constexpr size_t kHeadBytes = 64;  // of preamble and head, at the most
// A smaller segment is made when it is needed.
constexpr size_t kMadeAheadMin = size_t{1} << 20;

std::string name_of(uint64_t first) { return fmt::format("{:012}{}", first, kSuffix); }

// The number that a name has; none if it is no segment's.
std::optional<uint64_t> first_of(std::string_view name) {
  if (!name.ends_with(kSuffix)) return {};
  name.remove_suffix(kSuffix.size());
  if (name.empty() || name.size() > 18) return {};
  uint64_t number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9') return {};
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

Error damaged(const std::string& path, uint64_t offset, const char* what) {
  return {.code = ErrorCode::kDamaged,
          .what = fmt::format("{} is damaged at byte {}: {}; everything before it is whole", path,
                              offset, what),
          .offset = offset};
}

}  // namespace

std::optional<Sync> sync_named(std::string_view name) {
  if (name == "always") return Sync::kAlways;
  if (name == "group") return Sync::kGroup;
  if (name == "none") return Sync::kNone;
  return {};
}

// ---- reading

// Goes through the segments that are there.
struct Journal::Walk {
  Files& files;
  const std::string& folder;
  uint64_t from;
  const Visit& visit;

  std::map<uint64_t, std::string> segments = {};
  uint64_t next = 0;        // the number of the record that comes next; 0: none was read yet
  FramePlace end = {};      // of the last segment
  uint64_t file_bytes = 0;  // of that one
  uint64_t before = 0;      // the chain that it goes on from
  bool torn = false;

  Status find() {
    const Result<std::vector<std::string>> names = files.list(folder);
    if (!names) return names.error();
    for (const std::string& name : *names) {
      if (const auto first = first_of(name)) segments[*first] = name;
    }
    return Done{};
  }

  Status all() {
    if (Status found = find(); !found) return found;
    // Those that end before the first one that is wanted need not be read.
    auto begin = segments.upper_bound(from);
    if (begin != segments.begin()) --begin;
    uint64_t chain = 0;
    for (auto one = begin; one != segments.end(); ++one) {
      const bool is_last = std::next(one) == segments.end();
      if (Status read = segment(one->first, folder + "/" + one->second, is_last,
                                one == begin ? std::optional<uint64_t>() : chain);
          !read) {
        return read;
      }
      chain = end.chain;
    }
    return Done{};
  }

  // Whether what is wanted is there: a record that is added gets a number that is wanted, too.
  [[nodiscard]] Status reaches_from() const {
    const uint64_t first = segments.empty() ? 1 : segments.begin()->first;
    const uint64_t past_last = segments.empty() ? 1 : next;
    if (first <= from && from <= past_last) return Done{};
    const auto [gap, whole] = from < first ? std::pair(from, first) : std::pair(past_last, from);
    return Error{.code = ErrorCode::kNotFound,
                 .what = fmt::format("{} has no journal of the records {} to {}; put their files "
                                     "back",
                                     folder, gap, whole - 1)};
  }

  Status segment(uint64_t first, const std::string& path, bool is_last,
                 std::optional<uint64_t> chain) {
    if (next != 0 && next != first) {
      return Error{
          .code = ErrorCode::kNotFound,
          .what = fmt::format("{} is not the one that comes next: the records {} to {} are "
                              "not there; put their file back",
                              path, next, first - 1)};
    }
    const Result<FrameReader> reader = FrameReader::open(files, path, kKind);
    if (!reader) return reader.error();
    end = reader->first();
    file_bytes = reader->size();
    const Result<std::optional<Frame>> head = reader->read(end);
    if (!head) return head.error();
    if (!*head || (*head)->type != kSegmentHead) return damaged(path, end.offset, "it has no head");
    ByteReader in((*head)->payload);
    const bool is_it = in.varint() == first;
    before = in.fixed64();
    if (!in.good() || !is_it) return damaged(path, end.offset, "its head is that of another one");
    if (chain && before != *chain) {
      return damaged(path, end.offset, "it does not follow from the one before it");
    }
    next = first;
    for (end = (*head)->next;;) {
      const Result<std::optional<Frame>> frame = reader->read(end);
      const bool ends = !frame && frame.error().code == ErrorCode::kTorn;
      if (ends) {
        const Result<bool> is_blank = reader->zeros_from(end.offset);
        if (!is_blank) return is_blank.error();
        if (*is_blank) return Done{};  // the rest of a segment that was not needed
      }
      // Only where nothing follows can something have been cut off.
      torn = ends && is_last;
      if (torn) return Done{};
      if (!frame) return frame.error();
      if (!*frame) return Done{};
      if (Status read = group(path, end.offset, (*frame)->payload); !read) return read;
      end = (*frame)->next;
    }
  }

  Status group(const std::string& path, uint64_t offset, Bytes bytes) {
    ByteReader in(bytes);
    while (in.good() && in.left() > 0) {
      const uint8_t type = in.byte();
      const uint64_t size = in.varint();
      if (!in.good() || size > in.left()) return damaged(path, offset, "a record is cut short");
      const JournalRecord record{.number = next++, .type = type, .payload = in.raw(size)};
      if (record.number < from || visit(record)) continue;
      return Error{
          .code = ErrorCode::kMismatch,
          .what = fmt::format("{}: record {} makes no sense here; put the file back as it was",
                              path, record.number),
          .offset = offset};
    }
    return Done{};
  }
};

Status Journal::read(Files& files, const std::string& folder, uint64_t from, const Visit& visit) {
  Walk walk{.files = files, .folder = folder, .from = from, .visit = visit};
  return walk.all();
}

Result<std::unique_ptr<Journal>> Journal::open(Files& files, const std::string& folder, Sync sync,
                                               uint64_t from, const Visit& visit,
                                               size_t segment_bytes) {
  Walk walk{.files = files, .folder = folder, .from = from, .visit = visit};
  if (Status read = walk.all(); !read) return read.error();
  if (Status complete = walk.reaches_from(); !complete) return complete.error();
  std::unique_ptr<Journal> journal(new Journal(files, folder, sync, segment_bytes));
  for (const char* left : {kNext, kSpare}) (void)files.remove(journal->path_of(left));
  if (walk.segments.empty()) {
    if (Status begun = journal->roll(1, 0); !begun) return begun.error();
    return journal;
  }
  journal->segments_ = walk.segments;
  journal->last_ = journal->durable_ = walk.next - 1;
  const std::string path = journal->path_of(walk.segments.rbegin()->second);
  if (walk.torn && walk.file_bytes > walk.end.offset) {
    // The next group begins another segment.
    Result<std::unique_ptr<File>> file = files.open_at(path, walk.end.offset);
    if (!file) return file.error();
    if (Status cut = (*file)->cut(walk.end.offset); !cut) return cut.error();
    if (Status synced = (*file)->sync(); !synced) return synced.error();
    journal->torn_bytes_ = walk.file_bytes - walk.end.offset;
    journal->room_ = 0;
    // Of one without records the place is taken.
    if (walk.next == walk.segments.rbegin()->first) journal->replaces_ = walk.before;
  } else {
    journal->room_ = walk.file_bytes - walk.end.offset;
  }
  Result<FrameWriter> writer = FrameWriter::go_on(files, path, walk.end);
  if (!writer) return writer.error();
  journal->writer_.emplace(std::move(*writer));
  return journal;
}

// ---- writing

void JournalRecords::clear() {
  if (bytes_.size() > kGroupBytes) bytes_ = {};
  else bytes_.clear();
  count_ = 0;
}

uint64_t Journal::add(uint8_t type, Bytes payload) {
  LEXUM_CHECK(payload.size() <= kJournalRecordMax);
  const std::scoped_lock lock(mutex_);
  if (filling_.records.count() == 0) filling_.first = last_ + 1;
  filling_.records.add(type, payload);
  return ++last_;
}

uint64_t Journal::add(JournalRecords& records) {
  const std::scoped_lock lock(mutex_);
  const uint64_t first = last_ + 1;
  last_ += records.count();
  if (filling_.records.count() == 0) {
    filling_.first = first;
    filling_.records.swap(records);
  } else {
    filling_.records.append(records);
  }
  records.clear();
  return first;
}

Status Journal::make_durable(uint64_t number) {
  std::unique_lock lock(mutex_);
  LEXUM_CHECK(number <= last_);
  while (durable_ < number) {
    if (sealed_) return *sealed_;
    if (writing_) {
      written_.wait(lock);
      continue;
    }
    std::swap(going_, filling_);
    writing_ = true;
    lock.unlock();
    const Status written = write(going_);
    const uint64_t last = going_.first + going_.records.count() - 1;
    going_.records.clear();  // and its memory serves the next one
    lock.lock();
    writing_ = false;
    if (written) durable_ = last;
    else sealed_ = written.error();
    written_.notify_all();
  }
  return Done{};
}

void Journal::begin_durable() {
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  asked_.notify_one();
}

void Journal::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asked_.wait(lock, [&] { return stop_ || (filling_.records.count() > 0 && !sealed_); });
    if (stop_) return;
    const uint64_t last = last_;
    lock.unlock();
    (void)make_durable(last);  // a failure is told to whoever waits
    lock.lock();
  }
}

Journal::~Journal() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  asked_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Status Journal::sync_all() {
  std::unique_lock lock(mutex_);
  if (sync_ != Sync::kNone) return Done{};
  written_.wait(lock, [&] { return !writing_; });
  if (sealed_) return *sealed_;
  writing_ = true;
  lock.unlock();
  const Status synced = writer_->sync();
  lock.lock();
  writing_ = false;
  if (!synced) sealed_ = synced.error();
  written_.notify_all();
  return synced;
}

// In frames of at most kGroupBytes, but for a record that is longer. With `always`, a frame and a
// sync for each.
Status Journal::write(const Group& group) {
  const Bytes all = group.records.bytes();
  ByteReader in(all);
  uint64_t number = group.first;
  while (in.left() > 0) {
    const Bytes rest = all.subspan(all.size() - in.left());
    size_t size = 0;
    uint64_t count = 0;
    if (rest.size() <= kGroupBytes && sync_ != Sync::kAlways) {
      size = in.raw(rest.size()).size();
      count = group.first + group.records.count() - number;
    } else {
      do {
        const size_t before = in.left();
        (void)in.byte();
        (void)in.raw(in.varint());
        size += before - in.left();
        ++count;
      } while (in.left() > 0 && size < kGroupBytes && sync_ != Sync::kAlways);
    }
    const size_t needed = size + kFrameHeaderBytes;
    if (needed > room_) {
      if (Status rolled = roll(number, needed); !rolled) return rolled;
    }
    if (const auto written = writer_->append(kGroupOfRecords, rest.first(size)); !written) {
      return written.error();
    }
    room_ -= needed;
    make_next();
    number += count;
    if (sync_ == Sync::kNone) continue;
    if (Status synced = writer_->sync(); !synced) return synced;
  }
  return Done{};
}

void Journal::make_next() {
  if (segment_bytes_ < kMadeAheadMin || room_ > segment_bytes_ / 2 || next_.valid()) return;
  next_ = std::async(std::launch::async, [this] { return zeros(path_of(kNext), segment_bytes_); });
}

Journal::Blank Journal::zeros(const std::string& path, size_t bytes) {
  // One that was needed before has its blocks already.
  const bool again = bytes == segment_bytes_ && files_.rename(path_of(kSpare), path).ok();
  Result<std::unique_ptr<File>> file = again ? files_.open_at(path, 0) : files_.create(path);
  if (!file) return file.error();
  const std::vector<std::byte> blank(size_t{256} << 10);
  for (size_t done = 0; done < bytes;) {
    const size_t some = std::min(blank.size(), bytes - done);
    if (Status written = (*file)->append(Bytes(blank).first(some)); !written) {
      return written.error();
    }
    done += some;
  }
  if (sync_ != Sync::kNone) {
    if (Status synced = (*file)->sync(); !synced) return synced.error();
  }
  file->reset();
  return files_.open_at(path, 0);
}

// It is in the row when it has its head and that is durable: until then it has another name.
Status Journal::roll(uint64_t first, size_t bytes) {
  // Whatever the mode: sync_all() has one segment to look after.
  if (writer_ && sync_ == Sync::kNone) {
    if (Status synced = writer_->sync(); !synced) return synced;
  }
  const uint64_t chain = replaces_ ? *std::exchange(replaces_, {})
                         : writer_ ? writer_->place().chain
                                   : 0;
  const size_t size = std::max(segment_bytes_, bytes + kHeadBytes);
  const std::string next = path_of(kNext);
  Blank file = next_.valid() ? next_.get() : Blank(Error());
  if (!file || size != segment_bytes_) file = zeros(next, size);
  if (!file) return file.error();
  Result<FrameWriter> writer = FrameWriter::begin(std::move(*file), kKind);
  if (!writer) return writer.error();
  ByteWriter head;
  head.varint(first);
  head.fixed64(chain);
  if (const auto written = writer->append(kSegmentHead, head.bytes()); !written) {
    return written.error();
  }
  if (Status synced = writer->sync(); !synced) return synced;
  if (Status renamed = files_.rename(next, path_of(name_of(first))); !renamed) return renamed;
  if (Status synced = files_.sync_folder(folder_); !synced) return synced;
  room_ = size - writer->place().offset;
  writer_.emplace(std::move(*writer));
  const std::scoped_lock lock(mutex_);
  segments_[first] = name_of(first);
  return Done{};
}

Status Journal::forget_before(uint64_t number) {
  std::unique_lock lock(mutex_);
  // Each ends where the next one begins; the last one is written to.
  while (segments_.size() > 1 && std::next(segments_.begin())->first <= number) {
    const std::string path = path_of(segments_.begin()->second);
    if (Status renamed = files_.rename(path, path_of(kSpare)); !renamed) return renamed;
    segments_.erase(segments_.begin());
  }
  return Done{};
}

uint64_t Journal::last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}
uint64_t Journal::first() const {
  const std::scoped_lock lock(mutex_);
  return segments_.empty() ? last_ + 1 : segments_.begin()->first;
}

}  // namespace lexum
