#include "tracer/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "eval/load.h"

namespace lexum {
namespace {

constexpr size_t kChunksKeptMin = 4;

// Directories that came from a file are believed only if they could be true.
bool makes_sense(const Directory& directory, const TraceHeader& header, uint64_t file_bytes) {
  if (directory.chunks.empty() || directory.keyframes.empty()) return false;
  const uint64_t start = directory.keyframes.front().cycle;
  if (start != (header.parent ? header.parent->cycle : 0) || start == UINT64_MAX) return false;
  uint64_t next_cycle = start + 1;
  for (const ChunkEntry& chunk : directory.chunks) {
    if (chunk.first_cycle != next_cycle || chunk.place.offset >= file_bytes) return false;
    if (chunk.cycle_count > UINT64_MAX - next_cycle) return false;
    next_cycle += chunk.cycle_count;
  }
  for (const KeyframeEntry& keyframe : directory.keyframes) {
    if (keyframe.chunk >= directory.chunks.size()) return false;
    if (directory.chunks[keyframe.chunk].first_cycle != keyframe.cycle + 1) return false;
  }
  return directory.keyframes[0].chunk == 0 && directory.keyframes[0].whole;
}

bool is_in_order(const WorldImage& image) {
  const auto wrong = [](const auto& a, const auto& b) { return a.id >= b.id; };
  return std::adjacent_find(image.instances.begin(), image.instances.end(), wrong) ==
         image.instances.end();
}

}  // namespace

Result<std::unique_ptr<TraceReader>> TraceReader::open(Files& files, const std::string& path,
                                                       size_t bytes_kept) {
  Result<FrameReader> frames = FrameReader::open(files, path, kTraceKind);
  if (!frames) {
    Error error = frames.error();
    if (error.code == ErrorCode::kForeign) error.what += "; lxm run --trace FILE makes a trace";
    return error;
  }
  std::unique_ptr<TraceReader> reader(new TraceReader(std::move(*frames), bytes_kept));
  if (Status loaded = reader->load_header(); !loaded) return loaded.error();
  if (reader->take_footer()) return reader;
  if (Status walked = reader->walk_frames(); !walked) return walked.error();
  return reader;
}

Status TraceReader::load_header() {
  Result<Frame> first = frame(frames_.first(), RecordType::kHeader);
  if (!first) return first.error();
  std::optional<TraceHeader> header = read_header(first->payload, frames_.version());
  if (!header) return damaged(frames_.first(), "its header makes no sense");
  header_ = std::move(*header);
  unread_ = first->next;

  Diagnostics diagnostics;
  program_ = load(Source(header_.program_name, header_.program_text), diagnostics,
                  as_chosen(header_.effects));
  if (program_ == nullptr) {
    return Error{.code = ErrorCode::kMismatch,
                 .what = fmt::format("{}: its program ({}, recorded by lxm {}) has errors for this "
                                     "lxm; read it with the one that recorded it",
                                     path(), header_.program_name, header_.engine)};
  }
  if (!fits(header_, *program_)) return damaged(frames_.first(), "its start values make no sense");
  may_roll_back_ =
      std::ranges::any_of(program_->terms, [](const Term& term) { return term.op == Op::kAssert; });
  joiner_ = std::make_unique<ColumnJoiner>(*program_);
  return Done{};
}

// A footer saves going through the file. Without one that can be believed, that is what is done.
bool TraceReader::take_footer() {
  const Result<std::vector<std::byte>> tail = frames_.tail(kFooterTailBytes);
  if (!tail) return false;
  const std::optional<FramePlace> place = footer_place(*tail);
  if (!place || place->offset >= bytes()) return false;
  const Result<Frame> footer = frame(*place, RecordType::kFooter);
  if (!footer || footer->next.offset != bytes()) return false;
  std::optional<Directory> directory = read_footer(footer->payload, *program_);
  if (!directory || !makes_sense(*directory, header_, bytes())) return false;
  directory_ = std::move(*directory);
  unread_ = footer->next;
  end_ = TraceEnd::kClosed;
  end_says_.clear();
  return true;
}

Status TraceReader::refresh() {
  ahead_.reset();
  if (Status grown = frames_.refresh(); !grown) return grown;
  return take_footer() ? Status(Done{}) : walk_frames();
}

Status TraceReader::walk_frames() {
  end_ = TraceEnd::kTorn;
  end_says_ = "it was not closed: its recorder was stopped, or still records";
  for (;;) {
    const Result<std::optional<Frame>> next = frames_.read(unread_);
    if (!next) {
      end_with(next.error());
      break;
    }
    if (!*next) break;
    if (Status taken = take_frame(unread_, **next); !taken) {
      end_with(taken.error());
      break;
    }
    unread_ = (*next)->next;
  }
  // A keyframe whose chunk did not make it leads nowhere.
  while (!directory_.keyframes.empty() &&
         directory_.keyframes.back().chunk >= directory_.chunks.size()) {
    directory_.keyframes.pop_back();
  }
  if (makes_sense(directory_, header_, bytes())) return Done{};
  return Error{
      .code = end_ == TraceEnd::kDamaged ? ErrorCode::kDamaged : ErrorCode::kTorn,
      .what = fmt::format("{}: not one cycle of this trace is there to be read: {}; if nobody "
                          "records it now, record it anew",
                          path(), end_says_)};
}

void TraceReader::end_with(const Error& error) {
  end_ = error.code == ErrorCode::kTorn ? TraceEnd::kTorn : TraceEnd::kDamaged;
  end_says_ = error.what;
}

// A record that is not known here was written for somebody else.
Status TraceReader::take_frame(FramePlace place, const Frame& frame) {
  ByteReader in(frame.payload);
  switch (static_cast<RecordType>(frame.type)) {
    case RecordType::kChunk: {
      const ChunkHead head = read_chunk_head(in);
      if (!in.good() || head.first_cycle != cycles() + 1 ||
          head.cycle_count > UINT64_MAX - head.first_cycle) {
        return damaged(place, "a chunk does not follow from the one before it");
      }
      directory_.chunks.push_back(
          {.place = place, .first_cycle = head.first_cycle, .cycle_count = head.cycle_count});
      return Done{};
    }
    case RecordType::kKeyframe: {
      const KeyframeHead head = read_keyframe_head(in);
      const uint64_t before =
          directory_.chunks.empty() && header_.parent ? header_.parent->cycle : cycles();
      if (!in.good() || head.cycle != before) {
        return damaged(place, "a keyframe does not follow from the chunk before it");
      }
      directory_.keyframes.push_back({.place = place,
                                      .cycle = head.cycle,
                                      .whole = head.whole,
                                      .chunk = directory_.chunks.size()});
      return Done{};
    }
    case RecordType::kIndex:
      // That it is of the chunk before it, is looked at when it is read.
      if (!directory_.chunks.empty()) directory_.chunks.back().index = place;
      return Done{};
    case RecordType::kExtents: {
      // One that is of nothing that was there before it, is of no use.
      const ExtentsEntry entry = read_extents_head(in, place);
      if (in.good()) directory_.extents.push_back(entry);
      return Done{};
    }
    default:
      return Done{};
  }
}

uint64_t TraceReader::cycles() const {
  if (directory_.chunks.empty()) return start();
  const ChunkEntry& last = directory_.chunks.back();
  return last.first_cycle + last.cycle_count - 1;
}

std::vector<Error> TraceReader::check() const {
  std::vector<Error> damage;
  const auto look_at = [&](FramePlace place, RecordType type) {
    if (const Result<Frame> found = frame(place, type); !found) damage.push_back(found.error());
  };
  for (const ChunkEntry& chunk : directory_.chunks) {
    look_at(chunk.place, RecordType::kChunk);
    if (chunk.index.offset != 0) look_at(chunk.index, RecordType::kIndex);
  }
  for (const KeyframeEntry& keyframe : directory_.keyframes) {
    look_at(keyframe.place, RecordType::kKeyframe);
  }
  for (const ExtentsEntry& extents : directory_.extents) {
    look_at(extents.place, RecordType::kExtents);
  }
  std::ranges::sort(damage, {}, &Error::offset);
  return damage;
}

Result<Hash256> TraceReader::run_hash() {
  const Result<std::shared_ptr<const Chunk>> last = chunk(directory_.chunks.size() - 1);
  if (!last) return last.error();
  return (*last)->head.run_hash;
}

size_t TraceReader::chunk_of(uint64_t cycle) const {
  LEXUM_CHECK(cycle > start() && cycle <= cycles());
  const auto after = std::upper_bound(
      directory_.chunks.begin(), directory_.chunks.end(), cycle,
      [](uint64_t wanted, const ChunkEntry& chunk) { return wanted < chunk.first_cycle; });
  return static_cast<size_t>(after - directory_.chunks.begin()) - 1;
}

std::list<TraceReader::Kept>::iterator TraceReader::kept(size_t index) {
  return std::ranges::find(kept_, index, &Kept::index);
}

void TraceReader::expect(size_t first, size_t last) {
  const bool ahead = first <= last;
  const size_t count = std::min(Ahead::depth(), (ahead ? last - first : first - last) + 1);
  for (size_t i = 0; i < count; ++i) {
    const size_t index = ahead ? first + i : first - i;
    if (index >= directory_.chunks.size()) return;
    if (kept(index) != kept_.end()) continue;
    if (ahead_ == nullptr) {
      ahead_ =
          std::make_unique<Ahead>(*program_, [this](const ChunkEntry& of, ColumnJoiner& joiner) {
            return decode(of, joiner, nullptr);
          });
    }
    ahead_->expect(index, directory_.chunks[index]);
  }
}

Result<std::shared_ptr<const Chunk>> TraceReader::chunk(size_t index) {
  const auto found = kept(index);
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front().chunk;
  }
  std::optional<Ahead::Made> made;
  if (ahead_ != nullptr) made = ahead_->take(index, *joiner_);
  if (!made) made = decode(directory_.chunks[index], *joiner_, nullptr);
  const Ahead::Made& decoded = *made;
  if (!decoded) return decoded;
  kept_.push_front({.index = index, .chunk = *decoded, .instances = {}});
  kept_bytes_ += (*decoded)->bytes();
  while (kept_bytes_ > bytes_kept_ && kept_.size() > kChunksKeptMin) {
    kept_bytes_ -= kept_.back().chunk->bytes();
    kept_.pop_back();
  }
  return decoded;
}

Result<std::shared_ptr<const ChunkIndex>> TraceReader::index(size_t chunk) {
  if (const auto known = index_places_.find(chunk); known != index_places_.end()) {
    kept_indexes_.splice(kept_indexes_.begin(), kept_indexes_, known->second);
    return kept_indexes_.front().second;
  }
  const ChunkEntry& entry = directory_.chunks[chunk];
  std::optional<ChunkIndex> index;
  if (entry.index.offset != 0) {
    const Result<Frame> found = frame(entry.index, RecordType::kIndex);
    if (found) index = read_index_record(found->payload, entry, *program_, version());
  }
  if (!index) {
    IndexNotes notes(*program_);
    Result<std::shared_ptr<const Chunk>> decoded = decode(entry, *joiner_, &notes);
    if (!decoded) return decoded.error();
    const auto fit = [&](const ChunkIndex::Kind& kind) { return fits(kind, *program_); };
    if (!std::ranges::all_of(notes.index().kinds, fit)) {
      return damaged(entry.place, "a chunk has what its program has not");
    }
    index = std::move(notes.index());
  }
  kept_indexes_.emplace_front(chunk, std::make_shared<const ChunkIndex>(std::move(*index)));
  index_places_[chunk] = kept_indexes_.begin();
  kept_index_bytes_ += kept_indexes_.front().second->bytes();
  while (kept_index_bytes_ > bytes_kept_ && kept_indexes_.size() > 1) {
    kept_index_bytes_ -= kept_indexes_.back().second->bytes();
    index_places_.erase(kept_indexes_.back().first);
    kept_indexes_.pop_back();
  }
  return kept_indexes_.front().second;
}

Result<std::shared_ptr<const Chunk>> TraceReader::decode(const ChunkEntry& entry,
                                                         ColumnJoiner& joiner,
                                                         IndexNotes* notes) const {
  const Result<Frame> found = frame(entry.place, RecordType::kChunk);
  if (!found) return found.error();
  ByteReader in(found->payload);
  auto chunk = std::make_shared<Chunk>();
  chunk->head = read_chunk_head(in);
  const ChunkHead& head = chunk->head;
  std::vector<std::byte> columns;
  if (notes != nullptr) notes->begin(head.tick_before);
  if (head.first_cycle != entry.first_cycle || head.cycle_count != entry.cycle_count ||
      !unsqueeze(in, columns) ||
      !joiner.join(columns, head.canonical_bytes, head.side_bytes, chunk->streams, notes)) {
    return damaged(entry.place, "a chunk's events make no sense");
  }
  if (chunk->streams.cycles.size() != entry.cycle_count) {
    return damaged(entry.place, "a chunk has other cycles than it says");
  }
  return std::shared_ptr<const Chunk>(std::move(chunk));
}

Result<WorldImage> TraceReader::world_at(size_t keyframe_index) {
  size_t first = keyframe_index;
  while (!directory_.keyframes[first].whole) --first;
  Result<WorldImage> world = keyframe(directory_.keyframes[first]);
  for (size_t i = first + 1; world.ok() && i <= keyframe_index; ++i) {
    Result<WorldImage> next = keyframe(directory_.keyframes[i]);
    if (!next) return next;
    // Both are in order of id; what was touched replaces what it was.
    std::vector<InstanceImage> merged;
    std::set_union(std::make_move_iterator(next->instances.begin()),
                   std::make_move_iterator(next->instances.end()),
                   std::make_move_iterator(world->instances.begin()),
                   std::make_move_iterator(world->instances.end()), std::back_inserter(merged),
                   [](const InstanceImage& a, const InstanceImage& b) { return a.id < b.id; });
    next->instances = std::move(merged);
    world = std::move(next);
  }
  if (world.ok() && !is_whole(*world, *program_)) {
    return damaged(directory_.keyframes[keyframe_index].place, "a keyframe lacks instances");
  }
  return world;
}

Result<WorldImage> TraceReader::keyframe(const KeyframeEntry& entry) const {
  const Result<Frame> found = frame(entry.place, RecordType::kKeyframe);
  if (!found) return found.error();
  ByteReader in(found->payload);
  const KeyframeHead head = read_keyframe_head(in);
  std::optional<WorldImage> image = read_image(in, *program_, frames_.version());
  if (!image || !is_in_order(*image) || head.cycle != entry.cycle || image->cycle != entry.cycle) {
    return damaged(entry.place, "a keyframe makes no sense");
  }
  return std::move(*image);
}

std::string TraceReader::instance_of(uint64_t cycle) {
  if (cycle <= start() || cycle > cycles()) return {};
  const size_t index = chunk_of(cycle);
  const Result<std::shared_ptr<const Chunk>> found = chunk(index);
  if (!found) return {};
  Kept& kept = kept_.front();
  if (kept.instances.empty()) {
    EventReader events = (*found)->events(*program_);
    for (EventView view; events.next(view);) {
      const auto* ran = std::get_if<CycleView>(&view);
      if (ran != nullptr) {
        kept.instances.push_back(instance_name(*program_, ran->domain, ran->key));
      }
    }
  }
  const size_t at = cycle - directory_.chunks[index].first_cycle;
  return at < kept.instances.size() ? kept.instances[at] : std::string();
}

Result<Extents> TraceReader::extents_of(size_t stretch) const {
  const ExtentsEntry& entry = directory_.extents[stretch];
  const Result<Frame> found = frame(entry.place, RecordType::kExtents);
  if (!found) return found.error();
  std::optional<Extents> extents = read_extents(found->payload, *program_);
  if (!extents || extents->first_cycle != entry.first_cycle ||
      extents->cycle_count != entry.cycle_count) {
    return damaged(entry.place, "what says between which numbers fields were makes no sense");
  }
  return std::move(*extents);
}

Result<Frame> TraceReader::frame(FramePlace place, RecordType type) const {
  Result<std::optional<Frame>> found = frames_.read(place);
  if (!found) return found.error();
  if (!*found) {
    return Error{.code = ErrorCode::kTorn,
                 .what = fmt::format("{} ends at byte {}, before a record that it needs; record it "
                                     "anew",
                                     path(), place.offset),
                 .offset = place.offset};
  }
  if ((*found)->type != static_cast<uint8_t>(type))
    return damaged(place, "another record is there");
  return std::move(**found);
}

Error TraceReader::damaged(FramePlace place, const char* what) const {
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged at byte {}: {}", path(), place.offset, what),
               .offset = place.offset};
}

Result<CycleView> cycle_at(TraceReader& trace, uint64_t cycle) {
  const size_t index = trace.chunk_of(cycle);
  const Result<std::shared_ptr<const Chunk>> chunk = trace.chunk(index);
  if (!chunk) return chunk.error();
  EventReader events = (*chunk)->events(trace.program());
  events.go_to((*chunk)->place_of(cycle - trace.chunks()[index].first_cycle));
  EventView event;
  if (events.next(event) && std::holds_alternative<CycleView>(event)) {
    return std::move(std::get<CycleView>(event));
  }
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged: cycle {} is not where it is said to be",
                                   trace.path(), cycle)};
}

}  // namespace lexum
