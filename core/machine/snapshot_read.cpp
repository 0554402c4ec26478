// Snapshots out of their files: what is missing or makes no sense is said, and nothing is believed
// that could not be.
#include <algorithm>
#include <array>
#include <deque>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "machine/image_reader.h"
#include "machine/snapshot.h"
#include "machine/snapshot_text.h"
#include "runtime/fits.h"

namespace lexum {

namespace {

using Element = Members::Element;
using Object = Members::Object;

Error senseless(const std::string& what) {
  return {.code = ErrorCode::kDamaged, .what = "it is no snapshot of this format: " + what};
}

bool hex_into(std::string_view hex, std::span<std::byte> into) {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != into.size()) return false;
  std::ranges::copy(*bytes, into.begin());
  return true;
}

Result<SnapshotHead> head_of(Object all) {
  Members read;
  SnapshotHead head;
  const uint64_t format = read.number(all, "format");
  if (read.good() && format != kSnapshotFormat) {
    return Error{.code = ErrorCode::kNewer,
                 .what = fmt::format("it has format {}, and this lxm reads {}; use another lxm",
                                     format, kSnapshotFormat)};
  }
  head.cycle = read.number(all, "cycle");
  if (!hex_into(read.text(all, "program"), head.program)) read.fail("`program` is no hash");
  if (!hex_into(read.text(all, "began"), head.began)) read.fail("`began` is no hash");
  if (!hex_into(read.text(all, "run_hash"), head.run_hash)) read.fail("`run_hash` is none");
  const Element base = read.member(all, "base");
  if (read.good() && !base.is_null()) {
    head.base = snapshot_cycle(read.text(all, "base"));
    if (!head.base || *head.base >= head.cycle) read.fail("`base` is no snapshot before it");
  }
  head.journal = read.number(all, "mailbox_offset") + 1;
  if (!read.good()) return senseless(read.wrong());
  return head;
}

RestImage read_rest(ImageReader& read, Object from) {
  RestImage rest;
  rest.cycle = read.number(from, "cycle");
  rest.dead_letters = read.number(from, "dead_letters");
  rest.instance_count = read.narrow<uint32_t>(from, "instance_count");
  rest.instances = read.list(from, "instances", [&](Element i) { return read.instance(i); });
  rest.inputs = read.list(from, "inputs", [&](Element l) { return read.letter(l); });
  return rest;
}

void read_world(ImageReader& read, Object world, Snapshot& snapshot) {
  WorldImage& image = snapshot.point.image;
  image.tick = read.number(world, "tick");
  image.messages = read.number(world, "messages");
  image.inputs_numbered = read.number(world, "inputs_numbered");
  const auto kept = read.row<2>(read.member(world, "kept_state"));
  if (read.good())
    image.kept_state = {read.number(kept[0], "kept_state"), read.number(kept[1], "kept_state")};
  image.kept_tick = read.number(world, "kept_tick");
  image.ticks_since_base = read.number(world, "ticks_since_base");
  image.instance_count = read.narrow<uint32_t>(world, "instance_count");
  snapshot.point.tick_before = read.number(world, "tick_before");
  std::array<std::byte, RunDigest::kStateBytes> state{};
  const bool is_hex = hex_into(read.text(world, "digest"), state);
  if (!is_hex || !snapshot.point.digest.go_on_from(state)) read.fail("`digest` is none");
  snapshot.start_values =
      read.list(world, "start_values", [&](Element s) { return read.start(s); });
  image.inputs = read.list(world, "inputs", [&](Element i) { return read.input(i); });
  image.clock = read.number(world, "clock");
  image.awaited = read.list(world, "awaited", [&](Element a) { return read.awaited(a); });
  image.intents = read.list(world, "intents", [&](Element i) { return read.intent(i); });
  image.dead_letters = read.list(world, "dead_letters", [&](Element l) { return read.letter(l); });
  if (read.has(world, "rest"))
    image.rest = read_rest(read, read.object(read.member(world, "rest")));
}

// All but the instances.
Result<Snapshot> without_instances(const Program& program, Object all) {
  const Result<SnapshotHead> head = head_of(all);
  if (!head) return head.error();
  if (head->program != program_hash(program)) {
    return Error{.code = ErrorCode::kMismatch, .what = "it is of another program"};
  }
  ImageReader read(program);
  Snapshot snapshot;
  snapshot.program = head->program;
  snapshot.began = head->began;
  snapshot.run_hash = head->run_hash;
  snapshot.base = head->base;
  snapshot.journal = head->journal;
  snapshot.point.image.cycle = head->cycle;
  read_world(read, read.object(read.member(all, "world")), snapshot);
  if (!read.good()) return senseless(read.wrong());
  return snapshot;
}

// Some of the instances.
struct Some {
  std::vector<InstanceImage> instances;
  std::vector<uint64_t> offsets;  // of each
  bool are_last = false;          // their list ends there
  std::string wrong;
};

Some read_some(const Program& program, const std::string& lines) {
  ImageReader read(program);
  simdjson::dom::parser parser;
  Some some;
  for (size_t begin = 0; begin < lines.size() && read.good();) {
    const size_t end = std::min(lines.find('\n', begin), lines.size());
    std::string_view line(lines.data() + begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;
    if (some.are_last) read.fail("something stands behind the instances");
    if (line.ends_with(',')) line.remove_suffix(1);
    some.are_last = line.ends_with(']');
    if (some.are_last) line.remove_suffix(1);
    if (line.empty()) continue;
    Element one;
    if (parser.parse(line.data(), line.size(), false).get(one) != simdjson::SUCCESS) {
      read.fail("an instance is no JSON");
      break;
    }
    some.instances.push_back(read.instance(one));
    some.offsets.push_back(read.number_or_0(read.object(one), "mailbox_offset"));
  }
  some.wrong = read.wrong();
  return some;
}

void add(Some some, Snapshot& to) {
  std::vector<InstanceImage>& all = to.point.image.instances;
  for (size_t i = 0; i < some.instances.size(); ++i) {
    if (some.offsets[i] != 0) to.offsets[some.instances[i].id.value] = some.offsets[i];
    all.push_back(std::move(some.instances[i]));
  }
}

// Read and hashed by this thread, and made sense of by others; unless there are only a few. The
// errors are the disk's; what makes no sense is told by `wrong`.
Status add_instances(const Program& program, SnapshotText& text, Snapshot& to, std::string& wrong) {
  const size_t at_once = 2 * std::max(1U, std::thread::hardware_concurrency());
  // However many it says there are: each takes more of the file than this.
  constexpr uint64_t kLeastLine = 128;
  WorldImage& image = to.point.image;
  image.instances.reserve(std::min<uint64_t>(image.instance_count, text.size() / kLeastLine));
  std::deque<std::future<Some>> coming;
  bool are_last = false;
  const auto take = [&] {
    Some some = coming.front().get();
    coming.pop_front();
    if (wrong.empty()) wrong = are_last ? "something stands behind the instances" : some.wrong;
    are_last = some.are_last;
    if (wrong.empty()) add(std::move(some), to);
  };
  for (;;) {
    Result<std::string> lines = text.lines();
    if (!lines) return lines.error();
    if (lines->empty()) break;
    if (coming.size() == at_once) take();
    const bool are_all = coming.empty() && text.all_read();
    const auto how = are_all ? std::launch::deferred : std::launch::async | std::launch::deferred;
    coming.push_back(std::async(how, read_some, std::cref(program), std::move(*lines)));
  }
  while (!coming.empty()) take();
  if (wrong.empty() && !are_last) wrong = "the list of instances does not end";
  return Done{};
}

// What `read` makes of it. Unless the hash says in the end that it is whole, nothing of that is
// believed.
template <class T, class Read>
Result<T> read_whole(const File& file, const Read& read) {
  Result<SnapshotText> text = SnapshotText::open(file);
  if (!text) return text.error();
  const Result<std::string> head = text->head();
  if (!head) return head.error();
  simdjson::dom::parser parser;
  Object all;
  const bool is_object = parser.parse(*head).get(all) == simdjson::SUCCESS;
  Result<T> made = is_object ? read(all, *text) : Result<T>(senseless("it is no JSON object"));
  const Result<bool> whole = text->is_whole();
  if (!whole) return whole.error();
  if (*whole) return made;
  return Error{.code = ErrorCode::kDamaged,
               .what = "its bytes are not those that it has the hash of"};
}

}  // namespace

Result<SnapshotHead> read_snapshot_head(const File& file) {
  return read_whole<SnapshotHead>(file, [](Object all, SnapshotText&) { return head_of(all); });
}

Result<Snapshot> read_snapshot(const Program& program, const File& file) {
  const auto read = [&](Object all, SnapshotText& text) -> Result<Snapshot> {
    Result<Snapshot> snapshot = without_instances(program, all);
    if (!snapshot) return snapshot;
    std::string wrong;
    if (Status added = add_instances(program, text, *snapshot, wrong); !added) return added.error();
    if (!wrong.empty()) return senseless(wrong);
    return snapshot;
  };
  Result<Snapshot> snapshot = read_whole<Snapshot>(file, read);
  if (!snapshot) return snapshot;
  if (!std::ranges::all_of(snapshot->start_values,
                           [&](const StartValue& s) { return fits(s, program); }) ||
      !fits(snapshot->point.image, program)) {
    return senseless("what it holds is no world of this program");
  }
  return snapshot;
}

Result<Snapshot> put_together(const Program& program, std::vector<Snapshot> chain) {
  if (chain.size() == 1 && is_whole(chain.front().point.image, program)) {
    return std::move(chain.front());
  }
  std::map<uint32_t, InstanceImage> instances;
  for (Snapshot& snapshot : chain) {
    for (InstanceImage& one : snapshot.point.image.instances)
      instances[one.id.value] = std::move(one);
    if (&snapshot != &chain.front()) snapshot.offsets.merge(std::map(chain.front().offsets));
    chain.front().offsets = snapshot.offsets;
  }
  Snapshot whole = std::move(chain.back());
  whole.base.reset();
  whole.point.image.instances.clear();
  for (auto& [id, one] : instances) whole.point.image.instances.push_back(std::move(one));
  if (!fits(whole.point.image, program) || !is_whole(whole.point.image, program)) {
    return senseless("together with its bases it is no world of this program");
  }
  return whole;
}

}  // namespace lexum
